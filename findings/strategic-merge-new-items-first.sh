#!/usr/bin/env bash
# apimachinery 0.37.2 and Kustomize 5.8.1: a strategic merge patch puts a new init container first, server-side apply last.
#
# Guess:    what a patch adds to a list that is merged by name goes behind what is there.
# Instead:  `kubectl patch` and Kustomize put new items in front. Server-side apply by another manager, with the same text
#           (structured-merge-diff 6.4.2), appends them. All keep the order of the items that were there.
# Matters:  init containers run in this order: a new one that needs the folder that the first prepares, or a sidecar, comes
#           too early with a patch. New variables that others use as `$(NAME)` work with a patch only.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
go mod init finding >/dev/null 2>&1
go get k8s.io/api@v0.37.2 k8s.io/apimachinery@v0.37.2 sigs.k8s.io/kustomize/api@v0.21.1 sigs.k8s.io/kustomize/kyaml@v0.21.1 \
    sigs.k8s.io/structured-merge-diff/v6@v6.4.2 >/dev/null 2>&1
cat >main.go <<'GO'
package main

import (
	"encoding/json"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/structured-merge-diff/v6/typed"
)

const head = `"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "agent"}`

const base = `{` + head + `, "spec": {"selector": {"matchLabels": {"app": "agent"}}, "template": {"metadata": {"labels": {"app": "agent"}}, "spec": {
	"initContainers": [{"name": "first", "image": "example.com/first:1"}, {"name": "second", "image": "example.com/second:1"}],
	"containers": [{"name": "agent", "image": "example.com/agent:1"}]}}}}`

const patch = `{` + head + `, "spec": {"template": {"spec": {"initContainers": [{"name": "new", "image": "example.com/new:1"}]}}}}`

// What server-side apply knows of the list from the OpenAPI document.
const schema = `
types:
- name: pod
  map:
    fields:
    - name: initContainers
      type: {list: {elementType: {namedType: container}, elementRelationship: associative, keys: [name]}}
- name: container
  map:
    fields:
    - {name: name, type: {scalar: string}}
    - {name: image, type: {scalar: string}}
`

func applied() (all []string) {
	parser, err := typed.NewParser(schema)
	if err != nil {
		panic(err)
	}
	live, err := parser.Type("pod").FromYAML(`{initContainers: [{name: first, image: "example.com/first:1"}, {name: second, image: "example.com/second:1"}]}`)
	if err != nil {
		panic(err)
	}
	config, err := parser.Type("pod").FromYAML(`{initContainers: [{name: new, image: "example.com/new:1"}]}`)
	if err != nil {
		panic(err)
	}
	merged, err := live.Merge(config)
	if err != nil {
		panic(err)
	}
	for _, each := range merged.AsValue().Unstructured().(map[string]any)["initContainers"].([]any) {
		all = append(all, each.(map[string]any)["name"].(string))
	}
	return all
}

func names(text []byte) (all []string) {
	var object appsv1.DaemonSet
	if err := json.Unmarshal(text, &object); err != nil {
		panic(err)
	}
	for _, each := range object.Spec.Template.Spec.InitContainers {
		all = append(all, each.Name)
	}
	return all
}

func main() {
	files := filesys.MakeFsInMemory()
	for name, text := range map[string]string{"base.json": base, "patch.json": patch, "kustomization.yaml": "resources: [base.json]\npatches: [{path: patch.json}]\n"} {
		if err := files.WriteFile(name, []byte(text)); err != nil {
			panic(err)
		}
	}
	built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(files, ".")
	if err != nil {
		panic(err)
	}
	text, err := built.Resources()[0].MarshalJSON()
	if err != nil {
		panic(err)
	}
	merged, err := strategicpatch.StrategicMergePatch([]byte(base), []byte(patch), appsv1.DaemonSet{})
	if err != nil {
		panic(err)
	}
	fmt.Println("kustomize", names(text))
	fmt.Println("strategicpatch", names(merged))
	fmt.Println("structured-merge-diff", applied())
}
GO
go mod tidy >/dev/null 2>&1
go list -m k8s.io/api k8s.io/apimachinery sigs.k8s.io/kustomize/api
said=$(go run .)
echo "$said"
expected='kustomize [new first second]
strategicpatch [new first second]
structured-merge-diff [first second new]'
test "$said" = "$expected"
