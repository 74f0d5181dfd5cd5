#!/usr/bin/env bash
# Kustomize 5.8.1: a strategic merge patch replaces the pod's list of resource claims, which kubectl merges by name.
#
# Guess:    Kustomize merges each list as the API types say, so a patch of one of `resourceClaims` (merge key `name`) keeps
#           the rest, as a patch of one of `volumes` does.
# Instead:  `volumes` are merged, `resourceClaims` replaced: the claims that the patch does not name are gone, while
#           containers still refer to them. The same patch by `kubectl patch --type strategic` (apimachinery 0.37.2) keeps
#           them.
# Matters:  for overlays over agents that use devices by DRA: the API server refuses the pods, or the other device is
#           missing.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
go mod init finding >/dev/null 2>&1
go get k8s.io/api@v0.37.2 k8s.io/apimachinery@v0.37.2 sigs.k8s.io/kustomize/api@v0.21.1 sigs.k8s.io/kustomize/kyaml@v0.21.1 >/dev/null 2>&1
cat >main.go <<'GO'
package main

import (
	"encoding/json"
	"fmt"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

const head = `"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "agent"}`

const base = `{` + head + `, "spec": {"selector": {"matchLabels": {"app": "agent"}}, "template": {"metadata": {"labels": {"app": "agent"}}, "spec": {
	"volumes": [{"name": "data", "emptyDir": {}}, {"name": "logs", "emptyDir": {}}],
	"resourceClaims": [{"name": "card", "resourceClaimTemplateName": "card"}, {"name": "link", "resourceClaimName": "link"}],
	"containers": [{"name": "agent", "image": "example.com/agent:1", "resources": {"claims": [{"name": "card"}, {"name": "link"}]}}]}}}}`

const patch = `{` + head + `, "spec": {"template": {"spec": {
	"volumes": [{"name": "logs", "emptyDir": {"medium": "Memory"}}],
	"resourceClaims": [{"name": "link", "resourceClaimName": "other"}]}}}}`

func show(by string, text []byte) {
	var object appsv1.DaemonSet
	if err := json.Unmarshal(text, &object); err != nil {
		panic(err)
	}
	var volumes, claims []string
	for _, each := range object.Spec.Template.Spec.Volumes {
		volumes = append(volumes, each.Name)
	}
	for _, each := range object.Spec.Template.Spec.ResourceClaims {
		claims = append(claims, each.Name)
	}
	fmt.Printf("%s: volumes %s; resourceClaims %s\n", by, strings.Join(volumes, " "), strings.Join(claims, " "))
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
	show("kustomize", text)
	merged, err := strategicpatch.StrategicMergePatch([]byte(base), []byte(patch), appsv1.DaemonSet{})
	if err != nil {
		panic(err)
	}
	show("strategicpatch", merged)
}
GO
go mod tidy >/dev/null 2>&1
go list -m k8s.io/api k8s.io/apimachinery sigs.k8s.io/kustomize/api
said=$(go run . | sed 's/logs data/data logs/; s/link card/card link/')
echo "$said"
expected='kustomize: volumes data logs; resourceClaims link
strategicpatch: volumes data logs; resourceClaims card link'
test "$said" = "$expected"
