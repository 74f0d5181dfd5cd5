"""The pod's own fields: every field of PodSpec that no other key replaces."""

from __future__ import annotations

from typing import Final

from dsgen.profile.key import Schema, key, with_appending
from dsgen.profile.tables import types

# The description and an example of each field.
_FIELDS: Final[dict[str, tuple[str, str]]] = {
    "hostNetwork": ("Whether the pods use the node's network.", "hostNetwork: true"),
    "hostPID": ("Whether the pods see the node's processes.", "hostPID: true"),
    "hostIPC": ("Whether the pods share the node's IPC namespace.", "hostIPC: true"),
    "hostUsers": ("`false` runs the pods in their own user namespace.", "hostUsers: false"),
    "shareProcessNamespace": ("Whether a pod's containers see each other's processes.", "shareProcessNamespace: true"),
    "dnsPolicy": ("How the pods resolve names.", "dnsPolicy: ClusterFirstWithHostNet"),
    "dnsConfig": ("DNS servers, search domains and options.", "dnsConfig: {options: [{name: ndots, value: 2}]}"),
    "hostAliases": ("Entries for the pods' hosts file.", "hostAliases: [{ip: 10.0.0.1, hostnames: [registry.local]}]"),
    "hostname": ("The pods' host name.", "hostname: agent"),
    "hostnameOverride": (
        "The host name, without the restrictions of `hostname`.",
        "hostnameOverride: agent.example.com",
    ),
    "subdomain": ("The subdomain after the host name.", "subdomain: agents"),
    "setHostnameAsFQDN": ("Whether the host name is the fully qualified one.", "setHostnameAsFQDN: true"),
    "automountServiceAccountToken": (
        "Whether to mount the service account's token.",
        "automountServiceAccountToken: false",
    ),
    "imagePullSecrets": ("Secrets for pulling images.", "imagePullSecrets: [{name: registry}]"),
    "priorityClassName": (
        "The priority class; node agents are usually `system-node-critical`.",
        "priorityClassName: system-node-critical",
    ),
    "priority": ("The priority as a number; admission sets it from the class.", "priority: 2000001000"),
    "preemptionPolicy": ("Whether the pods may preempt others.", "preemptionPolicy: Never"),
    "schedulerName": ("The name of the scheduler.", "schedulerName: default-scheduler"),
    "schedulingGates": ("Conditions that delay scheduling.", "schedulingGates: [{name: example.com/wait}]"),
    "schedulingGroup": ("The group that the pods are scheduled with.", "schedulingGroup: {podGroupName: agents}"),
    "runtimeClassName": ("The runtime class.", "runtimeClassName: nvidia"),
    "securityContext": (
        "The pod's user, groups, sysctls, and seccomp, AppArmor and SELinux options.",
        "securityContext: {runAsUser: 65534}",
    ),
    "terminationGracePeriodSeconds": ("How many seconds a pod gets to stop.", "terminationGracePeriodSeconds: 30"),
    "activeDeadlineSeconds": ("Not for DaemonSets: the API server rejects it.", "activeDeadlineSeconds: 60"),
    "restartPolicy": ("`Always`, the only value that a DaemonSet accepts.", "restartPolicy: Always"),
    "enableServiceLinks": ("Whether services become environment variables.", "enableServiceLinks: false"),
    "resources": ("Resource requests and limits of the pod as a whole.", "resources: {limits: {memory: 256Mi}}"),
    "resourceClaims": ("Claims for devices.", "resourceClaims: [{name: gpu, resourceClaimTemplateName: gpu}]"),
    "overhead": ("Resources that the runtime itself uses.", "overhead: {memory: 64Mi}"),
    "readinessGates": ("Additional conditions for readiness.", "readinessGates: [{conditionType: example.com/ready}]"),
    "topologySpreadConstraints": (
        "How pods spread. A DaemonSet's pods are bound to their nodes, so this has no effect.",
        "topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway}]",
    ),
    "os": ("The operating system of the pods; their fields are validated for it.", "os: {name: linux}"),
    "nodeName": ("One node by name. The DaemonSet controller chooses nodes itself.", "nodeName: node-1"),
    "ephemeralContainers": ("Not for pod templates: the API server rejects it.", "ephemeralContainers: []"),
}
# PodSpec's fields that other keys of the language replace, and the key to use.
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
                ("podAffinity", "Pods to run next to."),
                ("podAntiAffinity", "Pods to avoid."),
            )
        },
    )
    return with_appending(schema)


KEYS: Final[Schema] = _pod()
