#!/usr/bin/env bash
# Kustomize 5.8.1: `namePrefix` renames a RuntimeClass and a ResourceClaimTemplate, but not the pods' references to them.
#
# Guess:    references between kinds of Kubernetes follow a new name, as those to a PriorityClass, a ConfigMap or a
#           ServiceAccount do.
# Instead:  `priorityClassName` becomes `site-agents`; `runtimeClassName` and `resourceClaimTemplateName` keep the old
#           names, which no object has any longer. `kustomize build` says nothing.
# Matters:  the API server creates the DaemonSet, and then no pod: "RuntimeClass not found", or a pod that waits for its
#           claim. A `nameReference` in `configurations` closes the gap.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
GOBIN="$dir" go install sigs.k8s.io/kustomize/kustomize/v5@v5.8.1 2>/dev/null
cat >all.yaml <<'YAML'
{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: agents}, value: 1000}
---
{apiVersion: node.k8s.io/v1, kind: RuntimeClass, metadata: {name: sandbox}, handler: sandbox}
---
apiVersion: resource.k8s.io/v1
kind: ResourceClaimTemplate
metadata: {name: card}
spec: {spec: {devices: {requests: [{name: card, exactly: {deviceClassName: cards}}]}}}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      priorityClassName: agents
      runtimeClassName: sandbox
      resourceClaims: [{name: card, resourceClaimTemplateName: card}]
      containers: [{name: agent, image: "example.com/agent:1"}]
YAML
printf 'resources: [all.yaml]\nnamePrefix: site-\n' >kustomization.yaml
./kustomize version
said=$(./kustomize build . | grep -E '^  name:|priorityClassName|runtimeClassName|resourceClaimTemplateName' | sed 's/^ *//' | sort)
echo "$said"
expected='name: site-agent
name: site-agents
name: site-card
name: site-sandbox
priorityClassName: site-agents
resourceClaimTemplateName: card
runtimeClassName: sandbox'
test "$said" = "$expected"
