"""The scopes of rules: to which parts of an object a rule is applied.

The walk knows these: `metadata` and `update` for any object, the kind's own name, also with `-create` or `-update` behind it, and for pods `template`
(the metadata of the pod template), `pod`, `pod-lifetime` (the pod too), `container`, `long-running` (containers, and sidecars), `volume`,
`volume-source`, and the name of each volume source, such as `hostPath`.

A scope and a field, joined by a dot, are the scope of that field: `pod.tolerations` is each toleration of the pod. Such a scope
needs no entry here. Those in `PARTS` have a name because several fields lead to them, or the way to them is long.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from dsgen.kubernetes.schema.paths import PREFERRED, REQUIRED
from dsgen.record import Record


class Child(Record):
    """A field that has rules of its own. A list is walked item by item. `name` is the `scope` of its nodes.

    A part that is absent is not visited, unless it is `always` there: an object that Kubernetes keeps without a pointer.
    """

    field: str
    scopes: tuple[str, ...]
    name: str
    always: bool = False


# Scope → the parts below it that have a name. Of a volume, the first source is visited, in the scope of its own name.
PARTS: Final[dict[str, tuple[Child, ...]]] = {
    "pod": (
        Child("securityContext", ("security-context",), "pod"),
        Child("resources", ("resources", "pod-resources"), "pod"),
        Child("overhead", ("resources",), "overhead"),
        Child("affinity", ("affinity",), "affinity"),
    ),
    "affinity": (
        Child("nodeAffinity", ("node-affinity",), "nodeAffinity"),
        Child("podAffinity", ("pod-affinity",), "podAffinity"),
        Child("podAntiAffinity", ("pod-affinity",), "podAntiAffinity"),
    ),
    "node-affinity": (
        Child(REQUIRED, ("required-nodes",), "required"),
        Child(PREFERRED, ("preferred-nodes",), "preferred"),
    ),
    "required-nodes": (Child("nodeSelectorTerms", ("node-term",), "required"),),
    "preferred-nodes": (Child("preference", ("node-term",), "preferred"),),
    "pod-affinity": (
        Child(REQUIRED, ("pod-term",), "required"),
        Child(PREFERRED, ("preferred-pods",), "preferred"),
    ),
    "preferred-pods": (Child("podAffinityTerm", ("pod-term",), "preferred", always=True),),
    "secret": (Child("items", ("key-to-path",), "secret"),),
    "configMap": (Child("items", ("key-to-path",), "configMap"),),
    "projected.sources": (
        Child("secret", ("projected-keys",), "secret"),
        Child("configMap", ("projected-keys",), "configMap"),
        Child("downwardAPI", ("downwardAPI",), "projected"),
    ),
    "projected-keys": (Child("items", ("key-to-path",), "projected"),),
    "ephemeral.volumeClaimTemplate": (Child("spec", ("volume-claim",), "spec", always=True),),
    "volume-claim": (
        Child("dataSource", ("data-source",), "dataSource"),
        Child("dataSourceRef", ("data-source",), "dataSourceRef"),
    ),
    "PersistentVolume.spec.nodeAffinity": (Child("required", ("required-nodes",), "required"),),
    "DeviceClass": (Child("spec", ("configured-devices",), "spec"),),
    "ResourceClaim.spec": (Child("devices", ("device-claim", "configured-devices"), "devices"),),
    "ResourceClaimTemplate.spec.spec": (Child("devices", ("device-claim", "configured-devices"), "devices"),),
    "PersistentVolumeClaim": (Child("spec", ("volume-claim",), "spec", always=True),),
    "admission-policy": (Child("spec", ("policy-spec", "conditional"), "spec", always=True),),
    "policy-spec": (Child("matchConstraints", ("match-resources",), "matchConstraints"),),
    "policy-binding.spec": (Child("matchResources", ("match-resources",), "matchResources"),),
    "match-resources": tuple(
        Child(name, ("resource-rule", "named-resource-rule"), name)
        for name in ("resourceRules", "excludeResourceRules")
    ),
    "FlowSchema.spec.rules": (
        Child("resourceRules", ("flow-requests", "flow-resources"), "resourceRules"),
        Child("nonResourceRules", ("flow-requests", "flow-urls"), "nonResourceRules"),
    ),
    "RuntimeClass.scheduling": (Child("tolerations", ("pod.tolerations",), "tolerations"),),
    "container": (
        Child("resources", ("resources",), "container"),
        Child("securityContext", ("security-context",), "container"),
    ),
    "container.env.valueFrom": (
        Child("configMapKeyRef", ("key-ref",), "configMapKeyRef"),
        Child("secretKeyRef", ("key-ref",), "secretKeyRef"),
    ),
    "container.envFrom": (
        Child("configMapRef", ("env-from-ref",), "configMapRef"),
        Child("secretRef", ("env-from-ref",), "secretRef"),
    ),
    "long-running": (
        Child("livenessProbe", ("probe", "handler"), "livenessProbe"),
        Child("readinessProbe", ("probe", "handler"), "readinessProbe"),
        Child("startupProbe", ("probe", "handler"), "startupProbe"),
        Child("lifecycle", ("lifecycle",), "lifecycle"),
    ),
    "lifecycle": (
        Child("postStart", ("handler",), "postStart"),
        Child("preStop", ("handler",), "preStop"),
    ),
    "DaemonSet": (Child("spec", ("selecting", "controller", "revised"), "spec"),),
    "Deployment": (Child("spec", ("selecting", "required-selector", "controller", "replicated", "revised"), "spec"),),
    "ReplicaSet": (Child("spec", ("selecting", "required-selector", "controller", "replicated"), "spec"),),
    "StatefulSet": (Child("spec", ("selecting", "required-selector", "controller", "replicated"), "spec"),),
    "StatefulSet.spec.volumeClaimTemplates": (Child("spec", ("volume-claim",), "spec", always=True),),
    "ReplicationController": (Child("spec", ("controller", "replicated"), "spec"),),
    "Job": (Child("spec", ("job-spec",), "Job"),),
    "CronJob.spec.jobTemplate": (Child("spec", ("job-spec",), "CronJob"),),
    "Role": (Child("rules", ("policy-rule",), "Role"),),
    "ClusterRole": (Child("rules", ("policy-rule",), "ClusterRole"),),
    "RoleBinding": (
        Child("roleRef", ("role-ref",), "RoleBinding", always=True),
        Child("subjects", ("subject",), "RoleBinding"),
    ),
    "ClusterRoleBinding": (
        Child("roleRef", ("role-ref",), "ClusterRoleBinding", always=True),
        Child("subjects", ("subject",), "ClusterRoleBinding"),
    ),
    "ValidatingWebhookConfiguration": (Child("webhooks", ("webhook", "conditional"), "webhook"),),
    "MutatingWebhookConfiguration": (Child("webhooks", ("webhook", "conditional"), "webhook"),),
    "CustomResourceDefinition.spec.conversion.webhook": (Child("clientConfig", ("webhook-client",), "conversion"),),
    "webhook": (
        Child("clientConfig", ("webhook-client",), "clientConfig", always=True),
        Child("rules", ("resource-rule", "webhook.rules"), "rules"),
    ),
    "HorizontalPodAutoscaler.spec.behavior": (
        Child("scaleUp", ("scaling-rules",), "scaleUp"),
        Child("scaleDown", ("scaling-rules",), "scaleDown"),
    ),
    "NetworkPolicy.spec.ingress": (
        Child("ports", ("policy-port",), "ports"),
        Child("from", ("policy-peer",), "from"),
    ),
    "NetworkPolicy.spec.egress": (
        Child("ports", ("policy-port",), "ports"),
        Child("to", ("policy-peer",), "to"),
    ),
}


def children(scopes: Iterable[str]) -> dict[str, list[Child]]:
    """Return the parts below each scope on the way to some `scopes`: those of `PARTS`, and those that dots in a name say."""
    found = {scope: list(parts) for scope, parts in PARTS.items()}
    for name in (*PARTS, *scopes):
        above, dot, field = name.rpartition(".")
        while dot:
            child = Child(field, (name,), field)
            if child not in found.setdefault(above, []):
                found[above].append(child)
            name = above
            above, dot, field = name.rpartition(".")
    return found
