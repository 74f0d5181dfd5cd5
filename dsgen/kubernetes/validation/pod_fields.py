"""The plain fields of the pod: names, policies, gates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.schema.words import PREEMPTION_POLICIES
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.labels import label_errors
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, repeated, rule

SOURCE = "pkg/apis/core/validation: ValidatePodSpec"
WARNINGS = "pkg/api/pod: warningsForPodSpecAndMeta"


POD = Fields("pod", "a pod", SOURCE)
RESTART_POLICIES: Final = ("Always", "OnFailure", "Never")


@rule("pod-lifetime", source="pkg/apis/apps/validation: ValidateDaemonSetSpec, ValidatePodTemplateSpecForReplicaSet")
def invalid_restart_policy(pod: FieldRef) -> Iterator[FieldError]:
    """`restartPolicy` must be `Always` (the default) in the pods of a DaemonSet, which always restart, and of a Deployment, StatefulSet or
    ReplicaSet; `Always`, `OnFailure` or `Never` in others.
    """
    policy = pod.get("restartPolicy") or "Always"
    allowed = RESTART_POLICIES[:1] if pod.pod.kind.restart else RESTART_POLICIES
    if policy not in allowed:
        yield pod.not_supported("restartPolicy", policy, allowed)


@rule("pod-lifetime", source="pkg/apis/apps/validation: ValidateDaemonSetSpec", when="activeDeadlineSeconds")
def forbidden_active_deadline_seconds(pod: FieldRef) -> Iterator[FieldError]:
    """`activeDeadlineSeconds` is not allowed in a DaemonSet, Deployment, StatefulSet or ReplicaSet, whose pods run until they are stopped."""
    if pod.get("activeDeadlineSeconds") is not None and pod.pod.kind.restart:
        yield pod.forbidden("activeDeadlineSeconds", f"is not allowed in a {pod.pod.kind.name}: leave it out")


POD.in_range("out-of-range-active-deadline-seconds", "activeDeadlineSeconds", 1, 2**31 - 1, empty=True)


@rule("pod", source="pkg/apis/core/validation: ValidatePodTemplateSpec", when="ephemeralContainers")
def forbidden_ephemeral_container(pod: FieldRef) -> Iterator[FieldError]:
    """A pod template, and a new Pod, must not have ephemeral containers, which can only be added to running pods."""
    if pod.get("ephemeralContainers") and (pod.pod.kind.template or not pod.pod.old):
        where = "a pod template" if pod.pod.kind.template else "a new Pod"
        yield pod.forbidden("ephemeralContainers", f"is not allowed in {where}")


POD.one_of(
    "invalid-dns-policy",
    "dnsPolicy",
    ("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"),
    default="ClusterFirst",
    source="pkg/apis/core/validation: validateDNSPolicy",
)


@rule("pod", source=SOURCE, when="nodeSelector")
def invalid_node_selector(pod: FieldRef) -> Iterator[FieldError]:
    """`nodeSelector` must be valid labels: keys with an optional prefix, and values of at most 63 characters."""
    yield from label_errors(pod, "nodeSelector")


POD.has_format("invalid-node-name", "nodeName", formats.dns_subdomain)


@rule("pod", source=SOURCE)
def invalid_service_account_name(pod: FieldRef) -> Iterator[FieldError]:
    """`serviceAccountName` (or `serviceAccount`, its old name) must be a DNS subdomain."""
    name = "serviceAccountName" if pod.get("serviceAccountName") else "serviceAccount"
    for message in formats.dns_subdomain(pod.get(name)) if pod.get(name) else ():
        yield pod.invalid(name, message, field="serviceAccountName")


POD.has_format("invalid-hostname", ("hostname", "subdomain"), formats.dns_label)
POD.has_format("invalid-hostname-override", "hostnameOverride", formats.dns_subdomain, empty=True)


@rule("pod", source=SOURCE, when="hostnameOverride")
def too_long_hostname_override(pod: FieldRef) -> Iterator[FieldError]:
    """`hostnameOverride` must have at most 64 characters, the limit of Linux."""
    for message in formats.too_long(pod.get("hostnameOverride", ""), 64):
        yield pod.error("TooLong", "hostnameOverride", message)


@rule("pod", source=SOURCE, when="hostnameOverride")
def conflicting_hostname_override(pod: FieldRef) -> Iterator[FieldError]:
    """`hostnameOverride` is not allowed together with `setHostnameAsFQDN` and `hostNetwork`, which also set the hostname."""
    if pod.get("hostnameOverride") is None:
        return
    for name in ("setHostnameAsFQDN", "hostNetwork"):
        if pod.get(name):
            yield pod.forbidden("hostnameOverride", f"is not allowed together with `{name}: true`")


POD.has_format("invalid-priority-class-name", "priorityClassName", formats.dns_subdomain)
POD.has_format("invalid-runtime-class-name", "runtimeClassName", formats.dns_subdomain, empty=True)


@rule("pod", source="pkg/apis/core/validation: ValidatePreemptionPolicy", when="preemptionPolicy")
def invalid_preemption_policy(pod: FieldRef) -> Iterator[FieldError]:
    """`preemptionPolicy` must be `PreemptLowerPriority` or `Never`."""
    policy = pod.get("preemptionPolicy")
    if policy == "":
        yield pod.required("preemptionPolicy")
    elif policy is not None and policy not in PREEMPTION_POLICIES:
        yield pod.not_supported("preemptionPolicy", policy, PREEMPTION_POLICIES)


READINESS_GATE = Fields("pod.readinessGates", "a readiness gate", "pkg/apis/core/validation: validateReadinessGates")
READINESS_GATE.has_format("invalid-readiness-gate", "conditionType", formats.qualified_name, missing=True)


@rule("pod", source="pkg/apis/core/validation: validateSchedulingGates", when="schedulingGates")
def invalid_scheduling_gate(pod: FieldRef) -> Iterator[FieldError]:
    """The `name` of a scheduling gate must be a name with an optional prefix: `example.com/quota`."""
    for gate in pod.children("schedulingGates"):
        yield from gate.invalid_each((), formats.qualified_name(gate.get("name", "")))


@rule("pod", source="pkg/apis/core/validation: validateSchedulingGates", when="schedulingGates")
def duplicate_scheduling_gate(pod: FieldRef) -> Iterator[FieldError]:
    """Scheduling gates must be unique."""
    for gate, name in repeated(pod.children("schedulingGates"), "name"):
        yield gate.duplicate((), f"duplicate {name!r}")


@rule("pod", source="pkg/apis/core/validation: validateSchedulingGroup", when="schedulingGroup")
def invalid_pod_group_name(pod: FieldRef) -> Iterator[FieldError]:
    """The `podGroupName` of a `schedulingGroup` must be a DNS subdomain, if the server supports the field."""
    group = pod.child("schedulingGroup")
    if group is not None:
        name = group.get("podGroupName")
        for message in ["must be set"] if name is None else formats.dns_subdomain(name):
            yield group.invalid("podGroupName", message)


@rule("pod", source=WARNINGS, when="terminationGracePeriodSeconds", severity="warning")
def out_of_range_termination_grace_period(pod: FieldRef) -> Iterator[FieldError]:
    """A negative `terminationGracePeriodSeconds` is treated as 1."""
    seconds = pod.get("terminationGracePeriodSeconds", 0)
    if seconds < 0:
        yield pod.warning(
            "terminationGracePeriodSeconds", f"must be 0 or more, got {int(seconds)}, which is treated as 1"
        )


@rule("pod", source=WARNINGS, when="imagePullSecrets", severity="warning")
def duplicate_pull_secret(pod: FieldRef) -> Iterator[FieldError]:
    """The names in `imagePullSecrets` should be unique: `kubectl apply` may lose one of two equal names, and
    server-side apply rejects both (`duplicate-entry`).
    """
    for secret, name in repeated(pod.children("imagePullSecrets"), "name"):
        yield secret.warning("name", f"duplicate {name!r}")


@rule("pod", source=WARNINGS, when="imagePullSecrets", severity="warning")
def missing_pull_secret_name(pod: FieldRef) -> Iterator[FieldError]:
    """An item of `imagePullSecrets` without the name of a Secret has no effect."""
    for secret in pod.children("imagePullSecrets"):
        if not secret.get("name"):
            yield secret.warning("name", "must be the name of a Secret")
