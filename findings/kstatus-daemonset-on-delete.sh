#!/usr/bin/env bash
# kstatus in fluxcd/cli-utils 1.2.2, by which Flux and Helm 4.3.1 wait: a DaemonSet with `OnDelete` is never ready by
# itself.
#
# Guess:    kstatus takes a DaemonSet whose strategy is `OnDelete` as current at once, as it does a StatefulSet: nothing
#           rolls out by itself. And Helm's two ways to wait agree on what is ready.
# Instead:  it is InProgress until somebody has deleted every pod, "Updated: 0/10". Helm's legacy waiter calls the same
#           object ready. They also differ on a rolling update: 9 of 10 pods at `maxUnavailable: 10%` is ready to the legacy
#           waiter only; kstatus waits for the last node.
# Matters:  for agents that are updated by draining nodes: `helm upgrade --wait` and a Kustomization with `wait: true` fail
#           by timeout though all is well; so does any agent with one broken node of hundreds.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
go mod init finding >/dev/null 2>&1
go get helm.sh/helm/v4@v4.3.1 github.com/fluxcd/cli-utils@v1.2.2 >/dev/null 2>&1
cat >main.go <<'GO'
package main

import (
	"context"
	"fmt"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"helm.sh/helm/v4/pkg/kube"
	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/cli-runtime/pkg/resource"
	"k8s.io/client-go/kubernetes/fake"
)

func kstatus(object any) string {
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(object)
	if err != nil {
		panic(err)
	}
	result, err := status.Compute(&unstructured.Unstructured{Object: content})
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf("%s (%s)", result.Status, result.Message)
}

func daemonSet(strategy appsv1.DaemonSetUpdateStrategy, updated, available int32) *appsv1.DaemonSet {
	return &appsv1.DaemonSet{
		TypeMeta:   metav1.TypeMeta{APIVersion: "apps/v1", Kind: "DaemonSet"},
		ObjectMeta: metav1.ObjectMeta{Name: "agent", Namespace: "agents", Generation: 2},
		Spec:       appsv1.DaemonSetSpec{UpdateStrategy: strategy},
		Status: appsv1.DaemonSetStatus{
			ObservedGeneration: 2, DesiredNumberScheduled: 10, CurrentNumberScheduled: 10,
			UpdatedNumberScheduled: updated, NumberReady: available, NumberAvailable: available,
		},
	}
}

func main() {
	tenth := intstr.FromString("10%")
	rolling := appsv1.DaemonSetUpdateStrategy{Type: appsv1.RollingUpdateDaemonSetStrategyType, RollingUpdate: &appsv1.RollingUpdateDaemonSet{MaxUnavailable: &tenth}}
	onDelete := appsv1.DaemonSetUpdateStrategy{Type: appsv1.OnDeleteDaemonSetStrategyType}
	for _, each := range []*appsv1.DaemonSet{daemonSet(onDelete, 0, 10), daemonSet(rolling, 10, 9)} {
		checker := kube.NewReadyChecker(fake.NewClientset(each))
		ready, err := checker.IsReady(context.Background(), &resource.Info{Namespace: "agents", Name: "agent", Object: each})
		if err != nil {
			panic(err)
		}
		fmt.Printf("DaemonSet %s: kstatus %s, legacy %t\n", each.Spec.UpdateStrategy.Type, kstatus(each), ready)
	}
	fmt.Printf("StatefulSet OnDelete: kstatus %s\n", kstatus(&appsv1.StatefulSet{
		TypeMeta:   metav1.TypeMeta{APIVersion: "apps/v1", Kind: "StatefulSet"},
		ObjectMeta: metav1.ObjectMeta{Name: "store", Namespace: "agents", Generation: 2},
		Spec:       appsv1.StatefulSetSpec{UpdateStrategy: appsv1.StatefulSetUpdateStrategy{Type: appsv1.OnDeleteStatefulSetStrategyType}},
		Status:     appsv1.StatefulSetStatus{ObservedGeneration: 2, Replicas: 1, ReadyReplicas: 1},
	}))
}
GO
go mod tidy >/dev/null 2>&1
go list -m helm.sh/helm/v4 github.com/fluxcd/cli-utils
said=$(go run .)
echo "$said"
expected='DaemonSet OnDelete: kstatus InProgress (Updated: 0/10), legacy true
DaemonSet RollingUpdate: kstatus InProgress (Available: 9/10), legacy true
StatefulSet OnDelete: kstatus Current (StatefulSet is using the ondelete update strategy)'
test "$said" = "$expected"
