package main

import (
	"fmt"
	"os"

	"conformance/objects"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apiextensions-apiserver/pkg/crdserverscheme"
	"k8s.io/apiextensions-apiserver/pkg/registry/customresource"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	kjson "k8s.io/apimachinery/pkg/runtime/serializer/json"
	"sigs.k8s.io/yaml"
)

// customKinds are the kinds of the CustomResourceDefinitions named on the command line, and their schemas.
var customKinds = map[schema.GroupVersionKind]*structuralschema.Structural{}

type unstructuredCreator struct{}

func (unstructuredCreator) New(schema.GroupVersionKind) (runtime.Object, error) {
	return &unstructured.Unstructured{}, nil
}

var unstructuredTyper = crdserverscheme.NewUnstructuredObjectTyper()

var strictCustomJSON = kjson.NewSerializerWithOptions(
	kjson.DefaultMetaFactory, unstructuredCreator{}, unstructuredTyper, kjson.SerializerOptions{Strict: true})

// serve makes the kinds of a CustomResourceDefinition known, as the API server does when one is created.
func serve(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var definition apiextensionsv1.CustomResourceDefinition
	if err := yaml.Unmarshal(text, &definition); err != nil {
		return err
	}
	for _, version := range definition.Spec.Versions {
		if !version.Served {
			continue
		}
		var internal apiextensions.CustomResourceValidation
		if err := apiextensionsv1.Convert_v1_CustomResourceValidation_To_apiextensions_CustomResourceValidation(version.Schema, &internal, nil); err != nil {
			return err
		}
		structural, err := structuralschema.NewStructural(internal.OpenAPIV3Schema)
		if err != nil {
			return err
		}
		if err := defaulting.PruneDefaults(structural); err != nil {
			return err
		}
		validator, _, err := validation.NewSchemaValidator(internal.OpenAPIV3Schema)
		if err != nil {
			return err
		}
		kind := schema.GroupVersionKind{Group: definition.Spec.Group, Version: version.Name, Kind: definition.Spec.Names.Kind}
		namespaced := definition.Spec.Scope == apiextensionsv1.NamespaceScoped
		customKinds[kind] = structural
		status, scale, err := subresources(version.Subresources)
		if err != nil {
			return err
		}
		objects.Strategies[kind] = customresource.NewStrategy(
			unstructuredTyper, namespaced, kind, validator, nil, structural, status, scale, version.SelectableFields)
	}
	return nil
}

// subresources returns the status and scale subresources of a version, if it has them.
func subresources(stated *apiextensionsv1.CustomResourceSubresources) (*apiextensions.CustomResourceSubresourceStatus, *apiextensions.CustomResourceSubresourceScale, error) {
	if stated == nil {
		return nil, nil, nil
	}
	var internal apiextensions.CustomResourceSubresources
	err := apiextensionsv1.Convert_v1_CustomResourceSubresources_To_apiextensions_CustomResourceSubresources(stated, &internal, nil)
	return internal.Status, internal.Scale, err
}

// readCustom turns JSON into an object of a custom kind in the steps of the API server's handler of custom resources:
// decoding, metadata by Kubernetes' own type, pruning of unknown fields and of nulls, defaults.
func readCustom(body []byte, kind schema.GroupVersionKind) (*subject, *refusal) {
	var strict []error
	decoded, _, err := strictCustomJSON.Decode(body, nil, nil)
	if found, ok := runtime.AsStrictDecodingError(err); ok && decoded != nil {
		strict = found.Errors()
	} else if err != nil {
		return nil, refuse("decode", err)
	}
	object, structural := decoded.(*unstructured.Unstructured), customKinds[kind]
	metadata, found, unknown, err := objectmeta.GetObjectMetaWithOptions(
		object.Object, objectmeta.ObjectMetaOptions{ReturnUnknownFieldPaths: true})
	if err != nil {
		return nil, refuse("decode", err)
	}
	unknown = append(unknown, pruning.PruneWithOptions(
		object.Object, structural, true, structuralschema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true})...)
	defaulting.PruneNonNullableNullsWithoutDefaults(object.Object, structural)
	misfit, paths := objectmeta.CoerceWithOptions(
		nil, object.Object, structural, false, objectmeta.CoerceOptions{ReturnUnknownFieldPaths: true})
	if misfit != nil {
		return nil, refuse("decode", misfit)
	}
	object.SetGroupVersionKind(kind)
	if found {
		if err := objectmeta.SetObjectMeta(object.Object, metadata); err != nil {
			return nil, refuse("decode", err)
		}
	}
	for _, path := range append(unknown, paths...) {
		strict = append(strict, fmt.Errorf("unknown field %q", path))
	}
	if len(strict) > 0 {
		return nil, refuse("strict", strict...)
	}
	defaulting.Default(object.Object, structural)
	return &subject{Object: object, object: object, kind: kind}, nil
}
