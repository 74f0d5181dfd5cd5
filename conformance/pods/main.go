// Pods tells what becomes of a DaemonSet's pods, by Kubernetes' own code and without a cluster.
//
// It reads one JSON question per line and writes one JSON answer per line, in the same order:
//
//	{"yaml": "...", "versions": ["latest", "v1.20"]}    which checks of each Pod Security Standard do the pods fail?
//	{"yaml": "...", "nodes": ["..."]}                   on which nodes (as YAML) does the DaemonSet controller want a pod?
//	{"yaml": "...", "old": "..."}                       would the API server keep the same of both? And the same pod template?
//
// The DaemonSet and the nodes are decoded and defaulted, and not judged.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"

	"conformance/lines"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/klog/v2"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/apps"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	"k8s.io/kubernetes/pkg/controller/daemon"
	"k8s.io/kubernetes/pkg/registry/apps/daemonset"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

type question struct {
	YAML     string   `json:"yaml"`
	Versions []string `json:"versions"`
	Nodes    []string `json:"nodes"`
	Old      string   `json:"old"`
}

// placement is what the controller decides for one node: create a pod there, leave one that is there.
type placement struct {
	Run      bool `json:"run"`
	Continue bool `json:"continue"`
}

type answer struct {
	Error string `json:"error,omitempty"`
	// The failed checks by "LEVEL VERSION".
	Failed map[string][]string `json:"failed,omitempty"`
	Nodes  []placement         `json:"nodes,omitempty"`
	// Whether all of two objects is the same, and their pod templates.
	Same         bool `json:"same"`
	SameTemplate bool `json:"sameTemplate"`
}

func decode[T any, P interface {
	*T
	runtime.Object
}](text string) (P, error) {
	object, _, err := legacyscheme.Codecs.UniversalDeserializer().Decode([]byte(text), nil, nil)
	if err != nil {
		return nil, err
	}
	legacyscheme.Scheme.Default(object)
	wanted, ok := object.(P)
	if !ok {
		return nil, fmt.Errorf("%T is not asked for", object)
	}
	return wanted, nil
}

// newEvaluator returns Kubernetes' evaluator, with each check giving its name as the reason.
func newEvaluator() (policy.Evaluator, error) {
	checks := policy.DefaultChecks()
	for _, check := range checks {
		for i := range check.Versions {
			judge, id := check.Versions[i].CheckPod, string(check.ID)
			check.Versions[i].CheckPod = func(m *metav1.ObjectMeta, s *corev1.PodSpec) policy.CheckResult {
				result := judge(m, s)
				result.ForbiddenReason = id
				return result
			}
		}
	}
	// The function takes another argument since 1.35, and its result has a type without a name.
	function := reflect.ValueOf(policy.NewEvaluator)
	arguments := []reflect.Value{reflect.ValueOf(checks)}
	for i := 1; i < function.Type().NumIn(); i++ {
		arguments = append(arguments, reflect.Zero(function.Type().In(i)))
	}
	results := function.Call(arguments)
	err, _ := results[1].Interface().(error)
	return results[0].Interface().(policy.Evaluator), err
}

// shouldRun asks the controller's own function, which takes a logger since 1.35.
func shouldRun(node *corev1.Node, ds *appsv1.DaemonSet) placement {
	var function any = daemon.NodeShouldRunDaemonPod
	switch f := function.(type) {
	case func(*corev1.Node, *appsv1.DaemonSet) (bool, bool):
		run, goOn := f(node, ds)
		return placement{run, goOn}
	case func(klog.Logger, *corev1.Node, *appsv1.DaemonSet) (bool, bool):
		run, goOn := f(klog.Background(), node, ds)
		return placement{run, goOn}
	}
	panic(fmt.Sprintf("NodeShouldRunDaemonPod is %T", function))
}

// stored returns a DaemonSet as the API server keeps it, without what the server and kubectl themselves write into it.
func stored(ds *appsv1.DaemonSet) (*apps.DaemonSet, error) {
	object, err := legacyscheme.Scheme.UnsafeConvertToVersion(ds.DeepCopy(), runtime.InternalGroupVersioner)
	if err != nil {
		return nil, err
	}
	kept := object.(*apps.DaemonSet)
	daemonset.Strategy.PrepareForCreate(context.Background(), kept)
	meta := metav1.ObjectMeta{
		Name: kept.Name, GenerateName: kept.GenerateName, Labels: kept.Labels, Annotations: kept.Annotations,
		OwnerReferences: kept.OwnerReferences, Finalizers: kept.Finalizers}
	for _, note := range []string{appsv1.DeprecatedTemplateGeneration, corev1.LastAppliedConfigAnnotation} {
		delete(meta.Annotations, note)
	}
	kept.ObjectMeta, kept.Spec.TemplateGeneration = meta, 0
	return kept, nil
}

func answerTo(q question, evaluator policy.Evaluator) (a answer) {
	defer func() {
		if reason := recover(); reason != nil {
			a = answer{Error: fmt.Sprint(reason)}
		}
	}()
	ds, err := decode[appsv1.DaemonSet](q.YAML)
	if err != nil {
		return answer{Error: err.Error()}
	}
	for _, text := range q.Nodes {
		node, err := decode[corev1.Node](text)
		if err != nil {
			return answer{Error: err.Error()}
		}
		a.Nodes = append(a.Nodes, shouldRun(node, ds))
	}
	if q.Old != "" {
		old, err := decode[appsv1.DaemonSet](q.Old)
		if err != nil {
			return answer{Error: err.Error()}
		}
		one, err := stored(old)
		if err != nil {
			return answer{Error: err.Error()}
		}
		other, err := stored(ds)
		if err != nil {
			return answer{Error: err.Error()}
		}
		a.Same = equality.Semantic.DeepEqual(one, other)
		a.SameTemplate = equality.Semantic.DeepEqual(one.Spec.Template, other.Spec.Template)
	}
	a.Failed = map[string][]string{}
	for _, name := range q.Versions {
		version, err := api.ParseVersion(name)
		if err != nil {
			return answer{Error: err.Error()}
		}
		for _, level := range []api.Level{api.LevelBaseline, api.LevelRestricted} {
			failed := []string{}
			for _, result := range evaluator.EvaluatePod(
				api.LevelVersion{Level: level, Version: version}, &ds.Spec.Template.ObjectMeta, &ds.Spec.Template.Spec) {
				if !result.Allowed {
					failed = append(failed, result.ForbiddenReason)
				}
			}
			a.Failed[strings.Join([]string{string(level), name}, " ")] = failed
		}
	}
	return a
}

func main() {
	klog.SetOutput(io.Discard)
	utilruntime.ReallyCrash = false
	evaluator, err := newEvaluator()
	if err != nil {
		fmt.Fprintln(os.Stderr, "pods:", err)
		os.Exit(2)
	}
	lines.Answer(func(q question) answer { return answerTo(q, evaluator) })
}
