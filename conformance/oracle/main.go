// Oracle gives Kubernetes' own verdict on DaemonSets, with Kubernetes' own code and without a cluster.
//
// It reads one JSON question per line and writes one JSON answer per line, in the same order:
//
//	{"yaml": "..."}                  would the API server create this DaemonSet?
//	{"yaml": "...", "old": "..."}    would it change the old one into this one?
//
// An answer names the stage that refused (yaml, strict, decode or validate; empty when accepted) and what it said.
// The text goes the way that `kubectl apply` and the API server take together: YAML to JSON, strict decoding,
// defaults, conversion, and the create or update strategy of the DaemonSet registry with default feature gates.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	kjson "k8s.io/apimachinery/pkg/runtime/serializer/json"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/apiserver/pkg/warning"
	"k8s.io/klog/v2"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/apps"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	"k8s.io/kubernetes/pkg/capabilities"
	"k8s.io/kubernetes/pkg/registry/apps/daemonset"
	"sigs.k8s.io/yaml"
)

type question struct {
	YAML string  `json:"yaml"`
	Old  *string `json:"old"`
}

type finding struct {
	Type   string `json:"type"`
	Field  string `json:"field,omitempty"`
	Detail string `json:"detail"`
}

type answer struct {
	Stage    string    `json:"stage,omitempty"`
	Errors   []finding `json:"errors,omitempty"`
	Warnings []string  `json:"warnings,omitempty"`
}

// refusal ends the judgement of a text at one stage.
type refusal struct {
	stage string
	found []finding
}

func refuse(stage string, reasons ...error) *refusal {
	r := &refusal{stage: stage}
	for _, reason := range reasons {
		r.found = append(r.found, finding{Type: stage, Detail: reason.Error()})
	}
	return r
}

type recorder struct{ texts []string }

func (r *recorder) AddWarning(_, text string) { r.texts = append(r.texts, text) }

// Node agents need privileged containers, and nearly every cluster allows them (--allow-privileged).
const allowPrivileged = true

var strictJSON = kjson.NewSerializerWithOptions(
	kjson.DefaultMetaFactory, legacyscheme.Scheme, legacyscheme.Scheme, kjson.SerializerOptions{Strict: true})

// Of all kinds that Kubernetes' code knows, older versions of DaemonSet among them, only this one is judged.
var judged = schema.GroupVersionKind{Group: "apps", Version: "v1", Kind: "DaemonSet"}

// read turns YAML text into the internal form of a DaemonSet, defaults filled in.
func read(text string) (*apps.DaemonSet, *refusal) {
	body, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		return nil, refuse("yaml", err)
	}
	if _, err := yaml.YAMLToJSONStrict([]byte(text)); err != nil {
		return nil, refuse("strict", err)
	}
	versioned, kind, err := strictJSON.Decode(body, nil, nil)
	if kind != nil && *kind != judged {
		return nil, refuse("decode", fmt.Errorf("%v is not %v", kind, judged))
	}
	if strict, ok := runtime.AsStrictDecodingError(err); ok {
		return nil, refuse("strict", strict.Errors()...)
	}
	if err != nil {
		return nil, refuse("decode", err)
	}
	legacyscheme.Scheme.Default(versioned)
	object, err := legacyscheme.Scheme.UnsafeConvertToVersion(versioned, runtime.InternalGroupVersioner)
	if err != nil {
		return nil, refuse("decode", err)
	}
	return object.(*apps.DaemonSet), nil
}

func create(ctx context.Context, set *apps.DaemonSet) error {
	rest.FillObjectMetaSystemFields(set)
	if set.Name == "" && set.GenerateName != "" {
		set.Name = daemonset.Strategy.GenerateName(set.GenerateName)
	}
	return rest.BeforeCreate(daemonset.Strategy, ctx, set)
}

func update(ctx context.Context, set, old *apps.DaemonSet) error {
	for _, s := range []*apps.DaemonSet{set, old} {
		s.UID = "00000000-0000-0000-0000-000000000000"
		s.ResourceVersion = "1"
		s.CreationTimestamp = metav1.Unix(1, 0)
		if s.Namespace == "" {
			s.Namespace = metav1.NamespaceDefault
		}
	}
	return rest.BeforeUpdate(daemonset.Strategy, ctx, set, old)
}

// causes lists what an error of the registry says, field by field.
func causes(err error) *refusal {
	var status apierrors.APIStatus
	if !errors.As(err, &status) || status.Status().Details == nil || len(status.Status().Details.Causes) == 0 {
		return refuse("validate", err)
	}
	r := &refusal{stage: "validate"}
	for _, cause := range status.Status().Details.Causes {
		r.found = append(r.found, finding{Type: string(cause.Type), Field: cause.Field, Detail: cause.Message})
	}
	return r
}

func judge(q question) (*recorder, *refusal) {
	heard := &recorder{}
	set, refused := read(q.YAML)
	if refused != nil {
		return heard, refused
	}
	namespace := set.Namespace
	if namespace == "" {
		namespace = metav1.NamespaceDefault
	}
	ctx := request.WithNamespace(context.Background(), namespace)
	ctx = request.WithRequestInfo(ctx, &request.RequestInfo{
		IsResourceRequest: true, APIGroup: "apps", APIVersion: "v1", Resource: "daemonsets", Name: set.Name, Namespace: namespace})
	ctx = warning.WithWarningRecorder(ctx, heard)
	var err error
	if q.Old == nil {
		err = create(ctx, set)
	} else {
		old, refused := read(*q.Old)
		if refused != nil {
			refused.stage = "old " + refused.stage
			return heard, refused
		}
		err = update(ctx, set, old)
	}
	if err != nil {
		return heard, causes(err)
	}
	return heard, nil
}

// answerTo judges one question; a panic in Kubernetes' code is an answer too.
func answerTo(q question) (a answer) {
	defer func() {
		if reason := recover(); reason != nil {
			a = answer{Stage: "panic", Errors: []finding{{Type: "panic", Detail: fmt.Sprint(reason)}}}
		}
	}()
	heard, refused := judge(q)
	if refused != nil {
		return answer{Stage: refused.stage, Errors: refused.found}
	}
	return answer{Warnings: heard.texts}
}

func main() {
	klog.SetOutput(io.Discard)
	utilruntime.ReallyCrash = false
	capabilities.Setup(allowPrivileged, 0)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	questions, answers := json.NewDecoder(bufio.NewReader(os.Stdin)), json.NewEncoder(out)
	for {
		var q question
		if err := questions.Decode(&q); err == io.EOF {
			return
		} else if err != nil {
			fmt.Fprintln(os.Stderr, "oracle:", err)
			os.Exit(2)
		}
		_ = answers.Encode(answerTo(q))
	}
}
