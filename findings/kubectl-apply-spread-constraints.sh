#!/usr/bin/env bash
# k8s.io/apimachinery 0.37.2: kubectl's client-side apply confuses two spread constraints with one topology key.
#
# Guess:    the list's keys are `topologyKey` and `whenUnsatisfiable`, as the OpenAPI document says, so `kubectl apply` of a
#           manifest that changes one of two constraints changes that one, as server-side apply does.
# Instead:  the three-way merge takes `topologyKey` alone. A new `maxSkew` of the second constraint goes to the first, and a
#           manifest that drops the second one leaves none. The patch is applied without an error.
# Matters:  for workloads that spread strictly and loosely over the same zones: what runs is not what the manifest says,
#           until `kubectl apply --server-side`.
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
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
)

func manifest(strict, loose int32) []byte {
	var object appsv1.DaemonSet
	spec := &object.Spec.Template.Spec
	add := func(action corev1.UnsatisfiableConstraintAction, skew int32) {
		if skew > 0 {
			spec.TopologySpreadConstraints = append(spec.TopologySpreadConstraints, corev1.TopologySpreadConstraint{TopologyKey: "zone", WhenUnsatisfiable: action, MaxSkew: skew})
		}
	}
	add(corev1.DoNotSchedule, strict)
	add(corev1.ScheduleAnyway, loose)
	text, err := json.Marshal(object)
	if err != nil {
		panic(err)
	}
	return text
}

func show(text []byte) string {
	var object appsv1.DaemonSet
	if err := json.Unmarshal(text, &object); err != nil {
		panic(err)
	}
	var all []string
	for _, each := range object.Spec.Template.Spec.TopologySpreadConstraints {
		all = append(all, fmt.Sprintf("%s %d", each.WhenUnsatisfiable, each.MaxSkew))
	}
	return "[" + strings.Join(all, ", ") + "]"
}

func main() {
	meta, err := strategicpatch.NewPatchMetaFromStruct(appsv1.DaemonSet{})
	if err != nil {
		panic(err)
	}
	old := manifest(1, 1)
	for _, now := range [][]byte{manifest(1, 5), manifest(1, 0)} {
		patch, err := strategicpatch.CreateThreeWayMergePatch(old, now, old, meta, true)
		if err != nil {
			panic(err)
		}
		applied, err := strategicpatch.StrategicMergePatch(old, patch, appsv1.DaemonSet{})
		if err != nil {
			panic(err)
		}
		fmt.Printf("%s, then apply %s: %s\n", show(old), show(now), show(applied))
	}
}
GO
go mod tidy >/dev/null 2>&1
go list -m k8s.io/api k8s.io/apimachinery
said=$(go run .)
echo "$said"
expected='[DoNotSchedule 1, ScheduleAnyway 1], then apply [DoNotSchedule 1, ScheduleAnyway 5]: [DoNotSchedule 5, ScheduleAnyway 1]
[DoNotSchedule 1, ScheduleAnyway 1], then apply [DoNotSchedule 1]: []'
test "$said" = "$expected"
