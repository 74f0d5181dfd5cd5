#!/usr/bin/env bash
# sigs.k8s.io/yaml 1.6.0: strict reading calls a key that overrides a merged one a duplicate; plain reading lets the last
# one win.
#
# Guess:    `{<<: *defaults, memory: 500Mi}` is the purpose of `<<`. Strict reading objects to keys that are written twice,
#           and the map's own key wins wherever it is written.
# Instead:  UnmarshalStrict fails with 'key "memory" already set in map' in either order. Without strictness `{memory:
#           500Mi, <<: *defaults}` takes the default, so the place of `<<` decides.
# Matters:  kubectl reads the manifest, kubeconform 0.8.0 with -strict refuses it as unreadable, and without -strict accepts
#           it. A server that gets YAML with fieldValidation=Strict reads as strictly.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
go mod init finding >/dev/null 2>&1
go get sigs.k8s.io/yaml@v1.6.0 >/dev/null 2>&1
GOFLAGS=-mod=mod GOBIN="$dir" go install github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0 2>/dev/null
cat >main.go <<'GO'
package main

import (
	"fmt"

	"sigs.k8s.io/yaml"
)

func main() {
	for _, text := range []string{"{<<: *defaults, memory: 500Mi}", "{memory: 500Mi, <<: *defaults}"} {
		document := []byte("limits: &defaults {memory: 1Gi}\nrequests: " + text + "\n")
		var object struct{ Requests map[string]string }
		if err := yaml.Unmarshal(document, &object); err != nil {
			panic(err)
		}
		fmt.Printf("%s: %s, strict %t\n", text, object.Requests["memory"], yaml.UnmarshalStrict(document, &object) == nil)
	}
}
GO
go mod tidy >/dev/null 2>&1
go list -m sigs.k8s.io/yaml
go version -m kubeconform | grep -P '\tmod\t' | cut -f 3,4
cat >quota.yaml <<'YAML'
apiVersion: v1
kind: ConfigMap
metadata:
  name: quota
  labels: &labels {app: agent, tier: base}
  annotations: {<<: *labels, tier: edge}
YAML
echo '{"type": "object"}' >schema.json
said=$(
    go run .
    for option in "" -strict; do
        ./kubeconform $option -schema-location schema.json -summary quota.yaml | sed "s/^/kubeconform $option: /" || true
    done
)
echo "$said"
expected='{<<: *defaults, memory: 500Mi}: 500Mi, strict false
{memory: 500Mi, <<: *defaults}: 1Gi, strict false
kubeconform : Summary: 1 resource found in 1 file - Valid: 1, Invalid: 0, Errors: 0, Skipped: 0
kubeconform -strict: quota.yaml - ConfigMap quota failed validation: error unmarshalling resource: error converting YAML to JSON: yaml: unmarshal errors:
kubeconform -strict:   line 6: key "tier" already set in map
kubeconform -strict: Summary: 1 resource found in 1 file - Valid: 0, Invalid: 0, Errors: 1, Skipped: 0'
test "$said" = "$expected"
