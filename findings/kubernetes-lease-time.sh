#!/usr/bin/env bash
# k8s.io/apimachinery 0.37.2: the times of a Lease take RFC 3339 only with exactly six digits behind the second.
#
# Guess:    `renewTime: "2026-01-31T12:00:00Z"` is read like every other time of Kubernetes; its OpenAPI document gives both the
#           format `date-time`, and MicroTime only adds precision.
# Instead:  metav1.MicroTime rejects it, and three digits too, while metav1.Time reads all of them: the two have different syntax.
# Matters:  for validators that follow the published schema, and for programs that write Leases and Events in languages whose
#           libraries print RFC 3339 without a fraction: the API server cannot decode the object.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
go mod init finding >/dev/null 2>&1
go get k8s.io/api@v0.37.2 k8s.io/apimachinery@v0.37.2 >/dev/null 2>&1
cat >main.go <<'GO'
package main

import (
	"encoding/json"
	"fmt"

	coordinationv1 "k8s.io/api/coordination/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func main() {
	for _, text := range []string{"2026-01-31T12:00:00Z", "2026-01-31T12:00:00.123Z", "2026-01-31T12:00:00.123456Z"} {
		var spec coordinationv1.LeaseSpec
		var time metav1.Time
		lease := json.Unmarshal([]byte(`{"renewTime": "`+text+`"}`), &spec) == nil
		other := json.Unmarshal([]byte(`"`+text+`"`), &time) == nil
		fmt.Printf("%s: LeaseSpec.renewTime %t, metav1.Time %t\n", text, lease, other)
	}
}
GO
go mod tidy >/dev/null 2>&1
go list -m k8s.io/api k8s.io/apimachinery
said=$(go run .)
echo "$said"
expected='2026-01-31T12:00:00Z: LeaseSpec.renewTime false, metav1.Time true
2026-01-31T12:00:00.123Z: LeaseSpec.renewTime false, metav1.Time true
2026-01-31T12:00:00.123456Z: LeaseSpec.renewTime true, metav1.Time true'
test "$said" = "$expected"
