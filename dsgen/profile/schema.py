"""The schema of a layer: a profile, a parent, or the entry of an environment or a variant."""

from __future__ import annotations

from typing import Final

from dsgen.profile import companions, containers, general, metadata, nodes, pod, rbac, rollout, variants, volumes
from dsgen.profile.key import Rules, Schema

GROUPS: Final[dict[str, Schema]] = {
    "Names and labels": metadata.KEYS,
    "Nodes": nodes.KEYS,
    "Containers": containers.KEYS,
    "Volumes": volumes.KEYS,
    "Rollout": rollout.KEYS,
    "The pod": pod.KEYS,
    "Namespace, permissions and priority": rbac.KEYS,
    "Configuration and monitoring": companions.KEYS,
    "Everything else": general.KEYS,
}
GROUPS["Variants"] = variants.keys({name: rules for group in GROUPS.values() for name, rules in group.items()})
PROFILE: Final[Rules] = {
    "meta": {"description": "A profile: a DaemonSet without the nesting and the boilerplate.", "type": "profile"},
    "schema": {name: rules for group in GROUPS.values() for name, rules in group.items()},
}

# Keys that people expect at the top level, and the hint for each.
MISPLACED: Final[dict[str, str]] = {
    "nodeSelector": "write `nodes: {select: …}`",
    "tolerations": "write `nodes: {tolerate: …}`",
    "nodeAffinity": "write `nodes: {require: …}`",
    "image": "it belongs to a container: `containers: {NAME: {image: …}}`",
    "env": "it belongs to a container: `containers: {NAME: {env: …}}`",
    "args": "it belongs to a container: `containers: {NAME: {args: …}}`",
    "command": "it belongs to a container: `containers: {NAME: {command: …}}`",
    "ports": "it belongs to a container: `containers: {NAME: {ports: …}}`",
    "mounts": "it belongs to a container: `containers: {NAME: {mounts: …}}`",
    "volumeMounts": "it belongs to a container: `containers: {NAME: {mounts: …}}`",
    "preset": "write `extends: NAME`",
    "from": "write `extends: NAME`",
    "base": "write `extends: NAME`",
    "createNamespace": "write `namespace: {create: true}`",
    **dict.fromkeys(
        (
            "pdb",
            "podDisruptionBudget",
            "vpa",
            "verticalPodAutoscaler",
            "prometheusRule",
            "ingress",
            "deployment",
            "csiDriver",
            "storageClass",
            "crds",
            "objects",
            "extraObjects",
            "extraManifests",
            "additionalResources",
        ),
        "list manifests of other objects under `manifests` in dsgen.yaml, or write a template of your own, and list it under `templates`: `dsgen explain templates`",
    ),
    **dict.fromkeys(
        ("hpa", "autoscaling"), "a DaemonSet runs one pod on each node that `nodes` selects; it cannot be scaled"
    ),
    "replicas": "a DaemonSet runs one pod on each node that `nodes` selects; it has no replicas",
    "metadata": "set `name`, `namespace`, `labels` and `annotations` at the top level",
    "spec": "set the fields of the pod at the top level of the profile",
    "template": "set the fields of the pod at the top level of the profile",
    "kind": "remove `kind`: a profile is not a manifest, and always means a DaemonSet",
    "apiVersion": "remove `apiVersion`: a profile is not a manifest",
    "strategy": "write `update: …`",
    "maxUnavailable": "write `update: {maxUnavailable: …}`",
    "maxSurge": "write `update: {maxSurge: …}`",
    "matchLabels": "write `selector: {…}`",
    "clusterRules": "it belongs to the service account: `serviceAccount: {clusterRules: …}`",
    "namespaceRules": "it belongs to the service account: `serviceAccount: {namespaceRules: …}`",
    "clusterRole": "permissions belong to the service account: `serviceAccount: {create: true, clusterRules: …}`",
    "rbac": "permissions belong to the service account: `serviceAccount: {create: true, clusterRules: …}`",
    "role": "permissions belong to the service account: `serviceAccount: {create: true, namespaceRules: …}`",
    "serviceMonitor": "write `podMonitor: {port: NAME}`, which needs no service",
    "podSecurity": "it belongs to the namespace: `namespace: {podSecurity: …}`",
    "configMap": "write `configMaps: {NAME: {data: …}}`",
    **dict.fromkeys(
        ("secrets", "secret"),
        "create the secret separately and refer to it, as in `env: {TOKEN: {secretKeyRef: name/key}}`",
    ),
    **dict.fromkeys(
        ("sidecars", "sidecar"),
        "write `initContainers: {NAME: {restartPolicy: Always}}` for a container that starts before the others, or another one under `containers`",
    ),
    **dict.fromkeys(
        ("dependsOn", "after", "requires"),
        "agents start in no order; let a container under `initContainers` wait for what it needs",
    ),
    **dict.fromkeys(("appArmor", "apparmor"), "write `securityContext: {appArmorProfile: {type: TYPE}}`"),
    "seccomp": "write `securityContext: {seccompProfile: {type: TYPE}}`",
    "dns": "write `dnsPolicy: …`, or `dnsConfig: …`",
    "manifests": "list them under `manifests` in dsgen.yaml",
    "tolerate": "write `nodes: {tolerate: …}`",
    "require": "write `nodes: {require: …}`",
    "select": "write `nodes: {select: …}`",
}
