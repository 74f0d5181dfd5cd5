#!/usr/bin/env bash
# Karpenter 1.15.0: whether it reserves resources for a DaemonSet on an instance type depends on the order of the instance types.
#
# Guess:    two terms in the required node affinity are alternatives, so a DaemonSet that accepts amd64 or arm64 is counted on every
#           instance type of the two, whatever other types there are.
# Instead:  an alternative that does not match an instance type is removed from the pod, and is missing for the types that follow.
#           With amd64, arm64, amd64, nothing is reserved on the third; sorted, or as one term with both values, all are counted.
# Matters:  a new node can be too small for the agents that Karpenter did not count, and a pod there stays pending. The provider, and not
#           the user, chooses the order. Write alternatives as one term with several values where it is possible.
set -euo pipefail
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir"; rm -rf "$dir"' EXIT
cd "$dir"
# The calculation is not exported, so the program links to it. Its go.mod asks for the newest patch release of Go only.
theirs=$(cd / && go mod download -json sigs.k8s.io/karpenter@v1.15.0 2>/dev/null | sed -n 's/^\t"Dir": "\(.*\)".*/\1/p' || true)
theirs=${theirs:-$(go env GOMODCACHE)/sigs.k8s.io/karpenter@v1.15.0}
cp -r "$theirs" karpenter
chmod -R u+w karpenter
sed -i 's/^go 1\.26\..*/go 1.26.0/' karpenter/go.mod
cat >go.mod <<'MOD'
module finding
go 1.26.0
require sigs.k8s.io/karpenter v1.15.0
replace sigs.k8s.io/karpenter => ./karpenter
MOD
touch linked.s
cat >main.go <<'GO'
package main

import (
	"context"
	"fmt"
	_ "unsafe"

	corev1 "k8s.io/api/core/v1"
	v1 "sigs.k8s.io/karpenter/pkg/apis/v1"
	"sigs.k8s.io/karpenter/pkg/cloudprovider"
	provisioning "sigs.k8s.io/karpenter/pkg/controllers/provisioning/scheduling"
	"sigs.k8s.io/karpenter/pkg/operator/options"
	"sigs.k8s.io/karpenter/pkg/scheduling"
)

//go:linkname overheads sigs.k8s.io/karpenter/pkg/controllers/provisioning/scheduling.buildDaemonOverheadGroups
func overheads(context.Context, []*provisioning.NodeClaimTemplate, []*corev1.Pod) map[*provisioning.NodeClaimTemplate][]provisioning.DaemonOverheadGroup

func term(archs ...string) corev1.NodeSelectorTerm {
	in := corev1.NodeSelectorRequirement{Key: "kubernetes.io/arch", Operator: "In", Values: archs}
	return corev1.NodeSelectorTerm{MatchExpressions: []corev1.NodeSelectorRequirement{in}}
}

func ask(archs []string, terms ...corev1.NodeSelectorTerm) {
	pool := &v1.NodePool{}
	pool.Name = "pool"
	pool.Spec.Template.Spec.NodeClassRef = &v1.NodeClassReference{Group: "example.com", Kind: "Class", Name: "class"}
	template := provisioning.NewNodeClaimTemplate(pool)
	for _, arch := range archs {
		is := scheduling.NewRequirements(scheduling.NewRequirement("kubernetes.io/arch", "In", arch))
		template.InstanceTypeOptions = append(template.InstanceTypeOptions, &cloudprovider.InstanceType{Name: arch, Requirements: is})
	}
	pod := &corev1.Pod{}
	pod.Name = "agent"
	pod.Spec.Affinity = &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{
		RequiredDuringSchedulingIgnoredDuringExecution: &corev1.NodeSelector{NodeSelectorTerms: terms}}}
	ctx := options.ToContext(context.Background(), &options.Options{})
	groups := overheads(ctx, []*provisioning.NodeClaimTemplate{template}, []*corev1.Pod{pod})[template]
	fmt.Printf("%d terms:", len(terms))
	for _, kind := range template.InstanceTypeOptions {
		for _, group := range groups {
			for _, each := range group.InstanceTypes {
				if each == kind {
					pods := group.DaemonOverhead[corev1.ResourcePods]
					fmt.Printf(" %s=%s", kind.Name, pods.String())
				}
			}
		}
	}
	fmt.Println()
}

func main() {
	ask([]string{"amd64", "arm64", "amd64"}, term("amd64"), term("arm64"))
	ask([]string{"amd64", "amd64", "arm64"}, term("amd64"), term("arm64"))
	ask([]string{"amd64", "arm64", "amd64"}, term("amd64", "arm64"))
}
GO
go mod tidy 2>/dev/null
go version
said=$(go run .)
echo "$said"
expected='2 terms: amd64=1 arm64=1 amd64=0
2 terms: amd64=1 amd64=1 arm64=1
1 terms: amd64=1 arm64=1 amd64=1'
test "$said" = "$expected"
