#!/usr/bin/env bash
# CUE 0.17.1: definitions that `cue get go` takes from k8s.io/api 0.37 refuse `apiVersion`, `kind`, and every volume and probe.
#
# Guess:    definitions from the Go types accept every manifest of that release, for 0.37.2 as for 0.36.3.
# Instead:  0.37 tags the structs that it embeds with `json:""`, 0.36 with `json:",inline"`. Go's encoding/json reads both
#           alike. CUE embeds only the second; from the first it takes a field `TypeMeta` or `VolumeSource`, and
#           `apiVersion: field not allowed` is reported for every object.
# Matters:  for anyone who moves the definitions of a CUE project to Kubernetes 1.37: keep those of 0.36, or use definitions
#           from the OpenAPI document.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
GOBIN="$dir" go install cuelang.org/go/cmd/cue@v0.17.1 2>/dev/null
./cue version | head -n 1
said=$(for version in v0.36.3 v0.37.2; do
    mkdir "$version"
    cd "$version"
    go mod init example.com/agent >/dev/null 2>&1
    printf 'package agent\n\nimport _ "k8s.io/api/core/v1"\n' >agent.go
    go get "k8s.io/api@$version" >/dev/null 2>&1
    go mod tidy >/dev/null 2>&1
    ../cue mod init example.com/agent@v0
    ../cue get go k8s.io/api/core/v1
    cat >agent.cue <<'CUE'
package agent

import core "k8s.io/api/core/v1"

pod: core.#Pod & {
	apiVersion: "v1"
	kind:       "Pod"
	spec: {
		containers: [{name: "agent", image: "example.com/agent:1"}]
		volumes: [{name: "logs", hostPath: path: "/var/log"}]
	}
}
CUE
    echo "$version: $(../cue vet -c . 2>&1 | grep 'not allowed' | sort -u | paste -s -d ' ')"
    cd ..
done)
echo "$said"
expected='v0.36.3: 
v0.37.2: pod.apiVersion: field not allowed: pod.kind: field not allowed: pod.spec.volumes.0.hostPath: field not allowed:'
test "$said" = "$expected"
