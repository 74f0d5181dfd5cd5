// Same tells whether two manifests are one object to Kubernetes, once the API server has stored them.
//
// It reads one JSON question per line, {"one": "...", "other": "..."}, and writes one answer per line, in the same order:
// {"same": true}, or with the reason why one of the two is not stored.
//
// Stored means: decoded strictly, with defaults, in the internal form, and prepared as a new object of its kind.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	kjson "k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/klog/v2"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	"k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	_ "k8s.io/kubernetes/pkg/apis/networking/install"
	_ "k8s.io/kubernetes/pkg/apis/rbac/install"
	_ "k8s.io/kubernetes/pkg/apis/scheduling/install"
	"k8s.io/kubernetes/pkg/registry/apps/daemonset"
	"k8s.io/kubernetes/pkg/registry/core/configmap"
	"k8s.io/kubernetes/pkg/registry/core/namespace"
	"k8s.io/kubernetes/pkg/registry/core/service"
	"k8s.io/kubernetes/pkg/registry/core/serviceaccount"
	"k8s.io/kubernetes/pkg/registry/networking/networkpolicy"
	"k8s.io/kubernetes/pkg/registry/rbac/clusterrole"
	"k8s.io/kubernetes/pkg/registry/rbac/clusterrolebinding"
	"k8s.io/kubernetes/pkg/registry/rbac/role"
	"k8s.io/kubernetes/pkg/registry/rbac/rolebinding"
	"k8s.io/kubernetes/pkg/registry/scheduling/priorityclass"
	"sigs.k8s.io/yaml"
)

type question struct {
	One   string `json:"one"`
	Other string `json:"other"`
}

type answer struct {
	Same   bool   `json:"same"`
	Reason string `json:"reason,omitempty"`
}

var strategies = map[string]rest.RESTCreateStrategy{
	"DaemonSet":          daemonset.Strategy,
	"Namespace":          namespace.Strategy,
	"ServiceAccount":     serviceaccount.Strategy,
	"ConfigMap":          configmap.Strategy,
	"Service":            service.Strategy,
	"PriorityClass":      priorityclass.Strategy,
	"NetworkPolicy":      networkpolicy.Strategy,
	"ClusterRole":        clusterrole.Strategy,
	"ClusterRoleBinding": clusterrolebinding.Strategy,
	"Role":               role.Strategy,
	"RoleBinding":        rolebinding.Strategy,
}

var strictJSON = kjson.NewSerializerWithOptions(
	kjson.DefaultMetaFactory, legacyscheme.Scheme, legacyscheme.Scheme, kjson.SerializerOptions{Strict: true})

func stored(text string) (runtime.Object, error) {
	body, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		return nil, err
	}
	versioned, kind, err := strictJSON.Decode(body, nil, nil)
	if err != nil {
		return nil, err
	}
	strategy := strategies[kind.Kind]
	if strategy == nil {
		return nil, fmt.Errorf("%v is not compared", kind)
	}
	legacyscheme.Scheme.Default(versioned)
	object, err := legacyscheme.Scheme.UnsafeConvertToVersion(versioned, runtime.InternalGroupVersioner)
	if err != nil {
		return nil, err
	}
	described, err := meta.Accessor(object)
	if err != nil {
		return nil, err
	}
	ctx := request.WithNamespace(context.Background(), described.GetNamespace())
	ctx = request.WithRequestInfo(ctx, &request.RequestInfo{APIGroup: kind.Group, APIVersion: kind.Version})
	if !strategy.NamespaceScoped() {
		described.SetNamespace("")
	}
	strategy.PrepareForCreate(ctx, object)
	if made, ok := object.(*core.Service); ok && made.Spec.ClusterIP != "" && len(made.Spec.ClusterIPs) == 0 {
		// The storage of services says it twice.
		made.Spec.ClusterIPs = []string{made.Spec.ClusterIP}
	}
	return object, nil
}

func compare(q question) answer {
	one, err := stored(q.One)
	if err != nil {
		return answer{Reason: "one: " + err.Error()}
	}
	other, err := stored(q.Other)
	if err != nil {
		return answer{Reason: "other: " + err.Error()}
	}
	return answer{Same: equality.Semantic.DeepEqual(one, other)}
}

func main() {
	klog.SetOutput(io.Discard)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	questions, answers := json.NewDecoder(bufio.NewReader(os.Stdin)), json.NewEncoder(out)
	for {
		var q question
		if err := questions.Decode(&q); err == io.EOF {
			return
		} else if err != nil {
			fmt.Fprintln(os.Stderr, "same:", err)
			os.Exit(2)
		}
		_ = answers.Encode(compare(q))
	}
}
