// Policies gives the verdict of the API server's own admission plugin for ValidatingAdmissionPolicies, without a cluster.
// The argument is the folder of the discovery documents that the version of Kubernetes publishes.
//
// It reads one JSON question per line and writes one JSON answer per line, in the same order:
//
//	{"setup": "...", "objects": ["...", "..."]}
//
// The setup is YAML: one policy, its bindings, parameters, and namespaces. An answer has, for each object that is created: the object as
// expressions see it, the message that refuses it (empty: admitted) with its reason, the warnings, and the annotations of the audit event.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"time"

	"conformance/lines"
	"conformance/objects"

	discovery "k8s.io/api/apidiscovery/v2"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	auditinternal "k8s.io/apiserver/pkg/apis/audit"
	"k8s.io/apiserver/pkg/audit"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizerfactory"
	"k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/apiserver/pkg/warning"
	dynamicfake "k8s.io/client-go/dynamic/fake"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/klog/v2"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"sigs.k8s.io/yaml"
)

type question struct {
	Setup   string   `json:"setup"`
	Objects []string `json:"objects"`
}

type said struct {
	Object   any               `json:"object,omitempty"`
	Invalid  string            `json:"invalid,omitempty"`
	Refused  string            `json:"refused,omitempty"`
	Reason   string            `json:"reason,omitempty"`
	Warnings []string          `json:"warnings,omitempty"`
	Audit    map[string]string `json:"audit,omitempty"`
}

type answer struct {
	Error string `json:"error,omitempty"`
	Said  []said `json:"said"`
}

type recorder struct{ texts []string }

func (r *recorder) AddWarning(_, text string) { r.texts = append(r.texts, text) }

// resource is where the API server serves a kind.
type resource struct {
	schema.GroupVersionResource
	namespaced bool
}

var served = map[schema.GroupVersionKind]resource{}

// discover reads what the API server serves by default, as Kubernetes' repository keeps it.
func discover(folder string) error {
	var all discovery.APIGroupDiscoveryList
	var core metav1.APIResourceList
	for name, into := range map[string]any{"aggregated_v2.json": &all, "api__v1.json": &core} {
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			return err
		}
		if err := json.Unmarshal(text, into); err != nil {
			return err
		}
	}
	for _, group := range all.Items {
		for _, version := range group.Versions {
			if strings.Contains(version.Version, "alpha") || strings.Contains(version.Version, "beta") {
				continue
			}
			for _, each := range version.Resources {
				place := schema.GroupVersionResource{Group: group.Name, Version: version.Version, Resource: each.Resource}
				served[place.GroupVersion().WithKind(each.ResponseKind.Kind)] = resource{place, each.Scope == discovery.ScopeNamespace}
			}
		}
	}
	for _, each := range core.APIResources {
		if !strings.Contains(each.Name, "/") {
			place := corev1.SchemeGroupVersion.WithResource(each.Name)
			served[place.GroupVersion().WithKind(each.Kind)] = resource{place, each.Namespaced}
		}
	}
	return nil
}

// interfaces are what the handlers of the API server give to admission plugins.
func interfaces() admission.ObjectInterfaces {
	mapper := runtime.NewEquivalentResourceRegistry()
	for kind, each := range served {
		mapper.RegisterKindFor(each.GroupVersionResource, "", kind)
	}
	scheme := legacyscheme.Scheme
	return &admission.RuntimeObjectInterfaces{
		ObjectCreater: scheme, ObjectTyper: scheme, ObjectDefaulter: scheme, ObjectConvertor: scheme, EquivalentResourceMapper: mapper}
}

// documents returns the objects of a YAML stream.
func documents(text string) ([]*unstructured.Unstructured, error) {
	var found []*unstructured.Unstructured
	for _, each := range strings.Split(text, "\n---\n") {
		object := &unstructured.Unstructured{}
		if err := yaml.Unmarshal([]byte(each), &object.Object); err != nil {
			return nil, err
		}
		if len(object.Object) > 0 {
			found = append(found, object)
		}
	}
	return found, nil
}

// defaulted returns an object of Kubernetes as the API server stores it, in its own version.
func defaulted(object *unstructured.Unstructured) (runtime.Object, error) {
	text, err := json.Marshal(object.Object)
	if err != nil {
		return nil, err
	}
	typed, _, err := objects.StrictJSON.Decode(text, nil, nil)
	if err != nil {
		return nil, err
	}
	legacyscheme.Scheme.Default(typed)
	typed.GetObjectKind().SetGroupVersionKind(schema.GroupVersionKind{})
	return typed, nil
}

// bare returns a plugin without a cluster. Before 1.36, the function that makes it returns no error.
func bare() (*validating.Plugin, error) {
	make := reflect.ValueOf(validating.NewPlugin)
	made := make.Call([]reflect.Value{reflect.Zero(make.Type().In(0))})
	if len(made) > 1 && !made[1].IsNil() {
		return nil, made[1].Interface().(error)
	}
	return made[0].Interface().(*validating.Plugin), nil
}

// authorize gives the plugin an authorizer that allows all, by the method that its version has.
func authorize(plugin *validating.Plugin) {
	for _, name := range []string{"SetAuthorizer", "SetUnconditionalAuthorizer"} {
		if method := reflect.ValueOf(plugin).MethodByName(name); method.IsValid() {
			method.Call([]reflect.Value{reflect.ValueOf(authorizerfactory.NewAlwaysAllowAuthorizer())})
		}
	}
}

// newPlugin returns the plugin of a cluster that has some objects.
func newPlugin(ctx context.Context, setup []*unstructured.Unstructured, namespaces map[string]bool) (*validating.Plugin, error) {
	var known []runtime.Object
	var custom []runtime.Object
	lists := map[schema.GroupVersionResource]string{}
	mapper := meta.NewDefaultRESTMapper(nil)
	for kind, each := range served {
		scope := meta.RESTScopeRoot
		if each.namespaced {
			scope = meta.RESTScopeNamespace
		}
		mapper.AddSpecific(kind, each.GroupVersionResource, each.GroupVersionResource, scope)
	}
	for _, each := range setup {
		kind := each.GroupVersionKind()
		if each.GetKind() == "CustomResourceDefinition" {
			continue // the kinds of parameters are those of the parameters
		}
		if each.GetKind() == "Namespace" {
			namespaces[each.GetName()] = false
		}
		if legacyscheme.Scheme.Recognizes(kind) {
			object, err := defaulted(each)
			if err != nil {
				return nil, err
			}
			known = append(known, object)
			continue
		}
		plural := schema.GroupVersionResource{Group: kind.Group, Version: kind.Version, Resource: strings.ToLower(kind.Kind) + "s"}
		scope := meta.RESTScopeRoot
		if each.GetNamespace() != "" {
			scope = meta.RESTScopeNamespace
		}
		mapper.AddSpecific(kind, plural, plural, scope)
		lists[plural] = kind.Kind + "List"
		custom = append(custom, each)
	}
	for name, missing := range namespaces {
		if missing {
			known = append(known, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{
				Name: name, Labels: map[string]string{corev1.LabelMetadataName: name}}})
		}
	}
	client := fake.NewSimpleClientset(known...)
	factory := informers.NewSharedInformerFactory(client, 0)
	plugin, err := bare()
	if err != nil {
		return nil, err
	}
	plugin.SetExternalKubeClientSet(client)
	plugin.SetExternalKubeInformerFactory(factory)
	plugin.SetDynamicClient(dynamicfake.NewSimpleDynamicClientWithCustomListKinds(runtime.NewScheme(), lists, custom...))
	plugin.SetRESTMapper(mapper)
	authorize(plugin)
	plugin.SetDrainedNotification(ctx.Done())
	if err := plugin.ValidateInitialization(); err != nil {
		return nil, err
	}
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	if !plugin.WaitForReady() {
		return nil, errors.New("the plugin does not get ready")
	}
	return plugin, nil
}

// stored returns an object as the API server would store it, and its attributes in the request that creates it.
func stored(text string) (runtime.Object, admission.Attributes, error) {
	body, err := yaml.YAMLToJSONStrict([]byte(text))
	if err != nil {
		return nil, nil, err
	}
	versioned, kind, err := objects.StrictJSON.Decode(body, nil, nil)
	if err != nil {
		return nil, nil, err
	}
	object, described, err := objects.Internal(versioned)
	if err != nil {
		return nil, nil, err
	}
	place := served[*kind]
	strategy := objects.Strategies[*kind]
	if strategy == nil || place.Resource == "" {
		return nil, nil, fmt.Errorf("%v is not judged", kind)
	}
	namespace := metav1.NamespaceNone
	if place.namespaced {
		if namespace = described.GetNamespace(); namespace == "" {
			namespace = metav1.NamespaceDefault
		}
	} else if kind.Kind == "Namespace" {
		namespace = described.GetName()
	}
	home := namespace
	if !place.namespaced {
		home = metav1.NamespaceNone
	}
	ctx := request.WithNamespace(context.Background(), home)
	ctx = request.WithRequestInfo(ctx, &request.RequestInfo{
		IsResourceRequest: true, APIGroup: kind.Group, APIVersion: kind.Version, Resource: place.Resource, Name: described.GetName(), Namespace: home})
	rest.FillObjectMetaSystemFields(described)
	if err := rest.BeforeCreate(strategy, ctx, object); err != nil {
		return nil, nil, err
	}
	attributes := admission.NewAttributesRecord(
		object, nil, *kind, namespace, described.GetName(), place.GroupVersionResource, "", admission.Create,
		&metav1.CreateOptions{}, false, &user.DefaultInfo{Name: "tester", Groups: []string{"system:authenticated"}})
	return object, attributes, nil
}

// seen returns an object in the form in which expressions see it.
func seen(object runtime.Object, kind schema.GroupVersionKind) (any, error) {
	versioned, err := legacyscheme.Scheme.ConvertToVersion(object, kind.GroupVersion())
	if err != nil {
		return nil, err
	}
	versioned.GetObjectKind().SetGroupVersionKind(kind)
	return runtime.DefaultUnstructuredConverter.ToUnstructured(versioned)
}

func judge(plugin *validating.Plugin, text string) said {
	object, attributes, err := stored(text)
	if err != nil {
		return said{Invalid: err.Error()}
	}
	form, err := seen(object, attributes.GetKind())
	if err != nil {
		return said{Invalid: err.Error()}
	}
	heard := &recorder{}
	ctx := warning.WithWarningRecorder(audit.WithAuditContext(context.Background()), heard)
	audited := audit.AuditContextFrom(ctx)
	if err := audited.Init(audit.RequestAuditConfig{Level: auditinternal.LevelRequestResponse}, nil); err != nil {
		return said{Invalid: err.Error()}
	}
	validator, _ := admission.WithAudit(plugin).(admission.ValidationInterface)
	result := said{Object: form}
	if err := validator.Validate(ctx, attributes, interfaces()); err != nil {
		var status apierrors.APIStatus
		result.Refused = err.Error()
		if errors.As(err, &status) {
			result.Reason = string(status.Status().Reason)
			if causes := status.Status().Details; causes != nil && len(causes.Causes) > 0 {
				result.Refused = causes.Causes[0].Message
			}
		}
	}
	result.Warnings = heard.texts
	result.Audit = audited.GetEventAnnotations()
	return result
}

func answerTo(q question) answer {
	ctx, stop := context.WithTimeout(context.Background(), time.Hour)
	defer stop()
	setup, err := documents(q.Setup)
	if err != nil {
		return answer{Error: err.Error()}
	}
	namespaces := map[string]bool{metav1.NamespaceDefault: true}
	for _, text := range q.Objects {
		var stated metav1.PartialObjectMetadata
		if err := yaml.Unmarshal([]byte(text), &stated); err == nil && stated.Namespace != "" {
			namespaces[stated.Namespace] = true
		}
	}
	plugin, err := newPlugin(ctx, setup, namespaces)
	if err != nil {
		return answer{Error: err.Error()}
	}
	result := answer{Said: []said{}}
	for _, text := range q.Objects {
		result.Said = append(result.Said, judge(plugin, text))
	}
	return result
}

func main() {
	klog.LogToStderr(false)
	klog.SetOutput(io.Discard)
	utilruntime.ReallyCrash = false
	if err := discover(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "policies:", err)
		os.Exit(2)
	}
	lines.Answer(answerTo)
}
