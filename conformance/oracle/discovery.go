package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	discovery "k8s.io/api/apidiscovery/v2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation"
)

// created are the kinds of which the API server creates objects, with every API turned on; groups are those it serves.
var created, groups = map[schema.GroupVersionKind]bool{}, map[string]bool{"": true}

// discover reads what the API server answers to `kubectl api-resources`, as Kubernetes' repository keeps it.
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
		groups[group.Name] = true
		for _, version := range group.Versions {
			for _, resource := range version.Resources {
				kind := schema.GroupVersionKind{Group: group.Name, Version: version.Version, Kind: resource.ResponseKind.Kind}
				created[kind] = created[kind] || slices.Contains(resource.Verbs, "create")
			}
		}
	}
	for _, resource := range core.APIResources {
		if !strings.Contains(resource.Name, "/") {
			created[schema.GroupVersionKind{Version: "v1", Kind: resource.Kind}] = slices.Contains(resource.Verbs, "create")
		}
	}
	return nil
}

// mayBeCustom tells whether a CustomResourceDefinition could define a kind that is not judged: of a group that is not Kubernetes'
// own, under names that one may have, and not in place of one that is there already.
func mayBeCustom(kind schema.GroupVersionKind) bool {
	for other := range customKinds {
		if other.Group == kind.Group && strings.EqualFold(other.Kind, kind.Kind) {
			return false
		}
	}
	return !groups[kind.Group] && strings.Contains(kind.Group, ".") && len(validation.IsDNS1123Subdomain(kind.Group)) == 0 &&
		len(validation.IsDNS1035Label(kind.Version)) == 0 && len(validation.IsDNS1035Label(strings.ToLower(kind.Kind))) == 0
}

// unjudged says of an object without a strategy whether the API server has its kind. Of groups with a dot that are not its
// own, nobody knows without the cluster. The header is read as kubectl does, which knows one spelling of its fields only.
func unjudged(body []byte, kind schema.GroupVersionKind) *refusal {
	if _, read, err := unstructured.UnstructuredJSONScheme.Decode(body, nil, nil); err != nil {
		return refuse("decode", err)
	} else if read.Version == "" {
		return refuse("decode", fmt.Errorf("apiVersion not set"))
	}
	if created[kind] || mayBeCustom(kind) {
		return refuse("unsupported", fmt.Errorf("%v is not judged", kind))
	}
	return refuse("decode", fmt.Errorf("no matches for kind %q in version %q", kind.Kind, kind.GroupVersion()))
}
