// Apply tells what server-side apply refuses before the object's rules are asked: what it cannot merge.
//
// It reads one JSON question per line, a manifest as text, and writes one answer per line, in the same order: the errors, none
// where the object can be applied.
package main

import (
	"errors"

	"conformance/lines"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/applyconfigurations"
	"k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/structured-merge-diff/v6/typed"
	"sigs.k8s.io/yaml"
)

// The schema of every kind, as the API server publishes it and merges by it.
var converter = applyconfigurations.NewTypeConverter(scheme.Scheme)

func refused(text string) []string {
	found := []string{}
	object := unstructured.Unstructured{}
	err := yaml.Unmarshal([]byte(text), &object.Object)
	if err == nil {
		_, err = converter.ObjectToTyped(&object)
	}
	var several typed.ValidationErrors
	if errors.As(err, &several) {
		for _, each := range several {
			found = append(found, each.Error())
		}
	} else if err != nil {
		found = append(found, err.Error())
	}
	return found
}

func main() {
	lines.Answer(refused)
}
