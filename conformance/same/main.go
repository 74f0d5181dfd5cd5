// Same tells whether two manifests are one object to Kubernetes, once the API server has stored them.
//
// It reads one JSON question per line, {"one": "...", "other": "..."}, and writes one answer per line, in the same order:
// {"same": true}, or with the reason why one of the two is not stored. Without "other", the answer has the object as it is stored.
//
// Stored means: decoded strictly, with defaults, in the internal form, and prepared as a new object of its kind.
package main

import (
	"context"
	"fmt"
	"io"

	"conformance/lines"
	"conformance/objects"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/klog/v2"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/apps"
	"k8s.io/kubernetes/pkg/apis/core"
	"sigs.k8s.io/yaml"
)

type question struct {
	One   string `json:"one"`
	Other string `json:"other"`
}

type answer struct {
	Same   bool           `json:"same"`
	Reason string         `json:"reason,omitempty"`
	Stored runtime.Object `json:"stored,omitempty"`
}

func stored(text string) (runtime.Object, *schema.GroupVersionKind, error) {
	body, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		return nil, nil, err
	}
	versioned, kind, err := objects.StrictJSON.Decode(body, nil, nil)
	if err != nil {
		return nil, nil, err
	}
	strategy := objects.OfKind(kind.Kind)
	if strategy == nil {
		return nil, nil, fmt.Errorf("%v is not compared", kind)
	}
	object, described, err := objects.Internal(versioned)
	if err != nil {
		return nil, nil, err
	}
	ctx := request.WithNamespace(context.Background(), described.GetNamespace())
	ctx = request.WithRequestInfo(ctx, &request.RequestInfo{APIGroup: kind.Group, APIVersion: kind.Version})
	if !strategy.NamespaceScoped() {
		described.SetNamespace("")
	}
	// Defaults share maps, such as the labels of a Job with those of its pods.
	object = object.DeepCopyObject()
	strategy.PrepareForCreate(ctx, object)
	if made, ok := object.(*core.Service); ok && made.Spec.ClusterIP != "" && len(made.Spec.ClusterIPs) == 0 {
		// The storage of services says it twice.
		made.Spec.ClusterIPs = []string{made.Spec.ClusterIP}
	}
	return object, kind, nil
}

// forget removes what the server and kubectl write into an object of one name in one namespace.
func forget(object runtime.Object) {
	m, err := meta.Accessor(object)
	if err != nil {
		return
	}
	if set, ok := object.(*apps.DaemonSet); ok {
		set.Spec.TemplateGeneration = 0
	}
	m.SetNamespace("")
	m.SetUID("")
	m.SetResourceVersion("")
	m.SetGeneration(0)
	m.SetSelfLink("")
	m.SetManagedFields(nil)
	m.SetCreationTimestamp(metav1.Time{})
	m.SetDeletionTimestamp(nil)
	m.SetDeletionGracePeriodSeconds(nil)
	notes := m.GetAnnotations()
	for _, note := range []string{appsv1.DeprecatedTemplateGeneration, corev1.LastAppliedConfigAnnotation, "deployment.kubernetes.io/revision"} {
		delete(notes, note)
	}
	m.SetAnnotations(notes)
}

func compare(q question) (a answer) {
	defer func() {
		if reason := recover(); reason != nil {
			a = answer{Reason: fmt.Sprint(reason)}
		}
	}()
	one, kind, err := stored(q.One)
	if err != nil {
		return answer{Reason: "one: " + err.Error()}
	}
	if q.Other == "" {
		written, err := legacyscheme.Scheme.ConvertToVersion(one, kind.GroupVersion())
		if err != nil {
			return answer{Reason: err.Error()}
		}
		return answer{Stored: written}
	}
	other, _, err := stored(q.Other)
	if err != nil {
		return answer{Reason: "other: " + err.Error()}
	}
	// What an update ignores, such as the status, is as it was.
	ctx := request.WithRequestInfo(context.Background(), &request.RequestInfo{APIGroup: kind.Group, APIVersion: kind.Version})
	objects.OfKind(kind.Kind).PrepareForUpdate(ctx, other, one)
	forget(one)
	forget(other)
	return answer{Same: equality.Semantic.DeepEqual(one, other)}
}

func main() {
	klog.SetOutput(io.Discard)
	lines.Answer(compare)
}
