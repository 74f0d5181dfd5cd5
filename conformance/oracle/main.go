// Oracle gives Kubernetes' own verdict on DaemonSets and what comes with them, with Kubernetes' own code and without a cluster.
// The arguments are the kinds to judge, separated by commas, the folder of the discovery documents that the version of Kubernetes
// publishes, and files of CustomResourceDefinitions, whose kinds it judges too.
//
// It reads one JSON question per line and writes one JSON answer per line, in the same order:
//
//	{"yaml": "..."}                  would the API server create this object?
//	{"yaml": "...", "old": "..."}    would it change the old one into this one?
//
// An answer names the stage that refused (yaml, strict, decode or validate; empty when accepted) and what it said. The stage
// is "unsupported" for an object that the API server serves, or that a CustomResourceDefinition may define, and that is not judged.
// The text goes the way that `kubectl apply` and the API server take together: YAML to JSON, strict decoding,
// defaults, conversion, and the create or update strategy of the kind's registry with default feature gates.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"conformance/lines"
	"conformance/objects"

	batchv1 "k8s.io/api/batch/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	kjson "k8s.io/apimachinery/pkg/runtime/serializer/json"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
	utilversion "k8s.io/apimachinery/pkg/util/version"
	"k8s.io/apiserver/pkg/endpoints/deprecation"
	"k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/apiserver/pkg/warning"
	baseversion "k8s.io/component-base/version"
	"k8s.io/klog/v2"
	"k8s.io/kubernetes/pkg/capabilities"
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

// subject is an object to be judged, in its internal form.
type subject struct {
	metav1.Object
	object runtime.Object
	kind   schema.GroupVersionKind
	// What the server says of every request with this version of the kind.
	deprecation string
	// counted is whether a job states its completions, before defaults are set.
	counted bool
}

func (s subject) strategy() objects.Strategy { return objects.Strategies[s.kind] }

// read turns YAML text into the internal form of an object, defaults filled in.
func read(text string) (*subject, *refusal) {
	body, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		return nil, refuse("yaml", err)
	}
	if _, err := yaml.YAMLToJSONStrict([]byte(text)); err != nil {
		return nil, refuse("strict", err)
	}
	if stated, err := kjson.DefaultMetaFactory.Interpret(body); err == nil {
		if customKinds[*stated] != nil {
			return readCustom(body, *stated)
		}
		if stated.Kind != "" && stated.Version != "" && objects.Strategies[*stated] == nil {
			return nil, unjudged(body, *stated)
		}
	}
	versioned, kind, err := objects.StrictJSON.Decode(body, nil, nil)
	if strict, ok := runtime.AsStrictDecodingError(err); ok {
		return nil, refuse("strict", strict.Errors()...)
	}
	if err != nil {
		return nil, refuse("decode", err)
	}
	job, ok := versioned.(*batchv1.Job)
	counted := ok && job.Spec.Completions != nil
	object, described, err := objects.Internal(versioned)
	if err != nil {
		return nil, refuse("decode", err)
	}
	return &subject{described, object, *kind, deprecated(versioned, *kind), counted}, nil
}

// deprecated returns the warning that a version of a kind is deprecated, or nothing.
func deprecated(versioned runtime.Object, kind schema.GroupVersionKind) string {
	current, err := utilversion.ParseGeneric(baseversion.DefaultKubeBinaryVersion)
	if err != nil || !deprecation.IsDeprecated(versioned, int(current.Major()), int(current.Minor())) {
		return ""
	}
	versioned.GetObjectKind().SetGroupVersionKind(kind)
	return deprecation.WarningMessage(versioned)
}

func create(ctx context.Context, s *subject) error {
	rest.FillObjectMetaSystemFields(s)
	if s.GetName() == "" && s.GetGenerateName() != "" {
		s.SetName(s.strategy().GenerateName(s.GetGenerateName()))
	}
	found := allocate(s.object)
	return joined(s, found, rest.BeforeCreate(s.strategy(), ctx, s.object))
}

func update(ctx context.Context, s, old *subject) error {
	for _, each := range []*subject{s, old} {
		each.SetUID("00000000-0000-0000-0000-000000000000")
		each.SetResourceVersion("1")
		each.SetCreationTimestamp(metav1.Unix(1, 0))
		if !each.strategy().NamespaceScoped() {
			each.SetNamespace(metav1.NamespaceNone)
		} else if each.GetNamespace() == "" {
			each.SetNamespace(metav1.NamespaceDefault)
		}
	}
	found := carry(s.object, old.object)
	carryJob(s, old)
	return joined(s, found, rest.BeforeUpdate(s.strategy(), ctx, s.object, old.object))
}

// joined adds what the storage found to what the strategy says. The server goes no further than the storage; here all is said at once.
func joined(s *subject, found field.ErrorList, err error) error {
	if len(found) == 0 {
		return err
	}
	refused := apierrors.NewInvalid(s.kind.GroupKind(), s.GetName(), found)
	var status apierrors.APIStatus
	if errors.As(err, &status) && status.Status().Details != nil {
		refused.ErrStatus.Details.Causes = append(refused.ErrStatus.Details.Causes, status.Status().Details.Causes...)
	}
	return refused
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
	object, refused := read(q.YAML)
	if refused != nil {
		return heard, refused
	}
	home := metav1.NamespaceNone
	if object.strategy().NamespaceScoped() {
		if home = object.GetNamespace(); home == "" {
			home = metav1.NamespaceDefault
		}
	}
	ctx := request.WithNamespace(context.Background(), home)
	ctx = request.WithRequestInfo(ctx, &request.RequestInfo{
		IsResourceRequest: true, APIGroup: object.kind.Group, APIVersion: object.kind.Version,
		Resource: strings.ToLower(object.kind.Kind) + "s", Name: object.GetName(), Namespace: home})
	ctx = warning.WithWarningRecorder(ctx, heard)
	var err error
	if q.Old == nil {
		err = create(ctx, object)
	} else {
		old, refused := read(*q.Old)
		if refused != nil {
			refused.stage = "old " + refused.stage
			return heard, refused
		}
		err = update(ctx, object, old)
	}
	if err != nil {
		return heard, causes(err)
	}
	if object.deprecation != "" {
		heard.AddWarning("", object.deprecation)
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
	if err := discover(os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "oracle:", err)
		os.Exit(2)
	}
	judged := strings.Split(os.Args[1], ",")
	maps.DeleteFunc(objects.Strategies, func(kind schema.GroupVersionKind, _ objects.Strategy) bool {
		return !created[kind] || !slices.Contains(judged, kind.Kind)
	})
	for _, file := range os.Args[3:] {
		if err := serve(file); err != nil {
			fmt.Fprintln(os.Stderr, "oracle:", file, err)
			os.Exit(2)
		}
	}
	lines.Answer(answerTo)
}
