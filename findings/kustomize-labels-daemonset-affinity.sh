#!/usr/bin/env bash
# Kustomize 5.8.1: `labels` with `includeSelectors` reaches the affinity of a Deployment, not that of a DaemonSet.
#
# Guess:    label selectors inside a pod template follow `includeSelectors` for every kind of workload, as `spec.selector`
#           does.
# Instead:  in podAntiAffinity and topologySpreadConstraints only those of Deployments (and StatefulSets) get the new label.
#           In a DaemonSet with the same template they stay as they were; its own selector and pods are relabelled.
# Matters:  an overlay that labels each installation keeps two Deployments apart only from themselves, but two DaemonSets
#           from each other too: pods of one installation keep those of the other from the node.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
GOBIN="$dir" go install sigs.k8s.io/kustomize/kustomize/v5@v5.8.1 2>/dev/null
for kind in Deployment DaemonSet StatefulSet; do
    cat >"$kind.yaml" <<YAML
apiVersion: apps/v1
kind: $kind
metadata: {name: agent}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: agent}}}
      topologySpreadConstraints:
        - {topologyKey: zone, maxSkew: 1, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {app: agent}}}
      containers: [{name: agent, image: "example.com/agent:1"}]
YAML
done
echo 'labels: [{pairs: {site: berlin}, includeSelectors: true}]' >kustomization.yaml
./kustomize version
said=$(for kind in Deployment StatefulSet DaemonSet; do
    sed -i '/^resources/d' kustomization.yaml
    echo "resources: [$kind.yaml]" >>kustomization.yaml
    echo "$kind: $(./kustomize build . | grep -c 'site: berlin') times"
done)
./kustomize build . | sed -n '/affinity:/,/topologyKey/p'
echo "$said"
# Of the object, its selector, its pods, its affinity and its constraint.
expected='Deployment: 5 times
StatefulSet: 5 times
DaemonSet: 3 times'
test "$said" = "$expected"
