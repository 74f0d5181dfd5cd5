"""The pod's own fields: every field of PodSpec that no other key stands for."""

from __future__ import annotations

from typing import Final

from dsgen.profile.key import Schema, key, with_appending
from dsgen.profile.tables import types

# What each field is for, and an example.
_FIELDS: Final[dict[str, tuple[str, str]]] = {
    "hostNetwork": ("Whether the pods use the node's network.", "hostNetwork: true"),
    "hostPID": ("Whether the pods see the node's processes.", "hostPID: true"),
    "hostIPC": ("Whether the pods share the node's IPC namespace.", "hostIPC: true"),
    "hostUsers": ("`false` gives the pods a user namespace of their own.", "hostUsers: false"),
    "shareProcessNamespace": ("Whether a pod's containers see each other's processes.", "shareProcessNamespace: true"),
    "dnsPolicy": ("How names are looked up.", "dnsPolicy: ClusterFirstWithHostNet"),
    "dnsConfig": ("Name servers, search domains and options.", "dnsConfig: {options: [{name: ndots, value: 2}]}"),
    "hostAliases": ("Entries for the pods' hosts file.", "hostAliases: [{ip: 10.0.0.1, hostnames: [registry.local]}]"),
    "hostname": ("The pods' host name.", "hostname: agent"),
    "hostnameOverride": ("The host name, beyond what `hostname` can state.", "hostnameOverride: agent.example.com"),
    "subdomain": ("The domain behind the host name.", "subdomain: agents"),
    "setHostnameAsFQDN": ("Whether the host name is the full one.", "setHostnameAsFQDN: true"),
    "automountServiceAccountToken": (
        "Whether the pods get a token of their service account.",
        "automountServiceAccountToken: false",
    ),
    "imagePullSecrets": ("Secrets for the registry.", "imagePullSecrets: [{name: registry}]"),
    "priorityClassName": (
        "The priority class; node agents are usually `system-node-critical`.",
        "priorityClassName: system-node-critical",
    ),
    "priority": ("The priority as a number, which admission sets from the class.", "priority: 2000001000"),
    "preemptionPolicy": ("Whether the pods may evict others.", "preemptionPolicy: Never"),
    "schedulerName": ("The scheduler.", "schedulerName: default-scheduler"),
    "schedulingGates": ("What holds scheduling back.", "schedulingGates: [{name: example.com/wait}]"),
    "schedulingGroup": ("The group the pods are scheduled with.", "schedulingGroup: {podGroupName: agents}"),
    "runtimeClassName": ("The runtime class.", "runtimeClassName: nvidia"),
    "securityContext": ("The pod's user, groups, sysctls and confinement.", "securityContext: {runAsUser: 65534}"),
    "terminationGracePeriodSeconds": ("How many seconds a pod has to stop.", "terminationGracePeriodSeconds: 30"),
    "activeDeadlineSeconds": ("Not for DaemonSets: the API server refuses it.", "activeDeadlineSeconds: 60"),
    "restartPolicy": ("`Always`, the only one a DaemonSet takes.", "restartPolicy: Always"),
    "enableServiceLinks": ("Whether services become environment variables.", "enableServiceLinks: false"),
    "resources": ("What the pod as a whole asks for and may use.", "resources: {limits: {memory: 256Mi}}"),
    "resourceClaims": ("Claims for devices.", "resourceClaims: [{name: gpu, resourceClaimTemplateName: gpu}]"),
    "overhead": ("What the runtime itself uses.", "overhead: {memory: 64Mi}"),
    "readinessGates": ("Conditions that count for readiness.", "readinessGates: [{conditionType: example.com/ready}]"),
    "topologySpreadConstraints": (
        "How pods spread; a DaemonSet's pods are bound to their nodes already.",
        "topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway}]",
    ),
    "os": ("The operating system that the pods' fields are judged for.", "os: {name: linux}"),
    "nodeName": ("One node by name; the DaemonSet controller chooses nodes itself.", "nodeName: node-1"),
    "ephemeralContainers": ("Not for templates: the API server refuses it.", "ephemeralContainers: []"),
}
# PodSpec's fields that other keys of the language stand for, and the key to use.
ELSEWHERE: Final = {
    "nodeSelector": "nodes.select",
    "tolerations": "nodes.tolerate",
}


def _pod() -> Schema:
    known = types()["PodSpec"]
    schema = {
        name: key(description, example, f"spec.template.spec.{name}", kubernetes=known[name])
        for name, (description, example) in _FIELDS.items()
    }
    schema["affinity"] = key(
        "Pod affinity and anti-affinity, in Kubernetes' form. Node affinity is `nodes.require` and `nodes.prefer`.",
        "affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname}]}}",
        "spec.template.spec.affinity",
        type="Affinity",
        schema={
            name: key(
                description,
                f"{name}: {{}}",
                f"spec.template.spec.affinity.{name}",
                kubernetes=types()["Affinity"][name],
            )
            for name, description in (
                ("podAffinity", "Pods to be near."),
                ("podAntiAffinity", "Pods to keep away from."),
            )
        },
    )
    return with_appending(schema)


KEYS: Final[Schema] = _pod()
