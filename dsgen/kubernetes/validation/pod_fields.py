"""The plain fields of the pod: names, policies, gates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.labels import label_errors
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.tree import is_integer

SOURCE = "pkg/apis/core/validation: ValidatePodSpec"
WARNINGS = "pkg/api/pod: warningsForPodSpecAndMeta"
DNS_POLICIES: Final = ("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None")
PREEMPTION_POLICIES: Final = ("PreemptLowerPriority", "Never")


@rule("invalid-restart-policy", "pod", source="pkg/apis/apps/validation: ValidateDaemonSetSpec")
def invalid_restart_policy(pod: FieldRef) -> Iterator[FieldError]:
    """The pods of a DaemonSet always restart: `restartPolicy` is `Always`, the default, in this spelling."""
    policy = pod.get("restartPolicy") or "Always"
    if policy != "Always":
        yield pod.not_supported("restartPolicy", policy, ("Always",))


@rule(
    "forbidden-active-deadline-seconds",
    "pod",
    source="pkg/apis/apps/validation: ValidateDaemonSetSpec",
    when="activeDeadlineSeconds",
)
def forbidden_active_deadline_seconds(pod: FieldRef) -> Iterator[FieldError]:
    """The pods of a DaemonSet run until they are stopped: `activeDeadlineSeconds` is not for them."""
    if pod.get("activeDeadlineSeconds") is not None:
        yield pod.forbidden("activeDeadlineSeconds", "a DaemonSet's pods have no deadline; leave it out")


@rule("out-of-range-active-deadline-seconds", "pod", source=SOURCE, when="activeDeadlineSeconds")
def out_of_range_active_deadline_seconds(pod: FieldRef) -> Iterator[FieldError]:
    """`activeDeadlineSeconds` is a number from 1 to 2147483647, where it is allowed."""
    seconds = pod.get("activeDeadlineSeconds")
    if is_integer(seconds) and not 1 <= seconds < 2**31:
        yield pod.invalid("activeDeadlineSeconds", f"{int(seconds)} is not from 1 to 2147483647")


@rule(
    "forbidden-ephemeral-container",
    "pod",
    source="pkg/apis/core/validation: ValidatePodTemplateSpec",
    when="ephemeralContainers",
)
def forbidden_ephemeral_container(pod: FieldRef) -> Iterator[FieldError]:
    """Ephemeral containers are added to running pods; a template has none."""
    if pod.get("ephemeralContainers"):
        yield pod.forbidden("ephemeralContainers", "a pod template has no ephemeral containers")


@rule("invalid-dns-policy", "pod", source="pkg/apis/core/validation: validateDNSPolicy")
def invalid_dns_policy(pod: FieldRef) -> Iterator[FieldError]:
    """`dnsPolicy` is `ClusterFirst` (the default), `ClusterFirstWithHostNet`, `Default` or `None`."""
    policy = pod.get("dnsPolicy") or "ClusterFirst"
    if policy not in DNS_POLICIES:
        yield pod.not_supported("dnsPolicy", policy, DNS_POLICIES)


@rule("invalid-node-selector", "pod", source=SOURCE, when="nodeSelector")
def invalid_node_selector(pod: FieldRef) -> Iterator[FieldError]:
    """`nodeSelector` holds labels of nodes: keys with an optional prefix, values of 63 characters at most."""
    yield from label_errors(pod, "nodeSelector")


@rule("invalid-node-name", "pod", source=SOURCE, when="nodeName")
def invalid_node_name(pod: FieldRef) -> Iterator[FieldError]:
    """`nodeName` is a DNS subdomain: lower-case letters, digits, and `-` or `.` inside."""
    yield from _subdomain(pod, "nodeName")


@rule("invalid-service-account-name", "pod", source=SOURCE)
def invalid_service_account_name(pod: FieldRef) -> Iterator[FieldError]:
    """`serviceAccountName` (or `serviceAccount`, its old name) is a DNS subdomain."""
    name = "serviceAccountName" if pod.get("serviceAccountName") else "serviceAccount"
    for message in formats.dns_subdomain(pod.get(name)) if pod.get(name) else ():
        yield pod.invalid(name, message, field="serviceAccountName")


@rule("invalid-hostname", "pod", source=SOURCE)
def invalid_hostname(pod: FieldRef) -> Iterator[FieldError]:
    """`hostname` and `subdomain` are DNS labels: lower-case letters, digits and `-` inside, at most 63."""
    for name in ("hostname", "subdomain"):
        for message in formats.dns_label(pod.get(name)) if pod.get(name) else ():
            yield pod.invalid(name, message)


@rule("invalid-hostname-override", "pod", source=SOURCE, when="hostnameOverride")
def invalid_hostname_override(pod: FieldRef) -> Iterator[FieldError]:
    """`hostnameOverride`, where it is stated, is a DNS subdomain."""
    name = pod.get("hostnameOverride")
    for message in formats.dns_subdomain(name) if name is not None else ():
        yield pod.invalid("hostnameOverride", message)


@rule("too-long-hostname-override", "pod", source=SOURCE, when="hostnameOverride")
def too_long_hostname_override(pod: FieldRef) -> Iterator[FieldError]:
    """`hostnameOverride` has at most 64 characters, as many as Linux allows."""
    for message in formats.too_long(pod.get("hostnameOverride", ""), 64):
        yield pod.error("TooLong", "hostnameOverride", message)


@rule("conflicting-hostname-override", "pod", source=SOURCE, when="hostnameOverride")
def conflicting_hostname_override(pod: FieldRef) -> Iterator[FieldError]:
    """`hostnameOverride` excludes `setHostnameAsFQDN` and `hostNetwork`, which give the pod another name."""
    if pod.get("hostnameOverride") is None:
        return
    for name in ("setHostnameAsFQDN", "hostNetwork"):
        if pod.get(name):
            yield pod.forbidden("hostnameOverride", f"cannot stand beside `{name}: true`")


@rule("invalid-priority-class-name", "pod", source=SOURCE, when="priorityClassName")
def invalid_priority_class_name(pod: FieldRef) -> Iterator[FieldError]:
    """`priorityClassName` is a DNS subdomain, such as `system-node-critical`."""
    yield from _subdomain(pod, "priorityClassName")


@rule("invalid-runtime-class-name", "pod", source=SOURCE, when="runtimeClassName")
def invalid_runtime_class_name(pod: FieldRef) -> Iterator[FieldError]:
    """`runtimeClassName`, where it is stated, is a DNS subdomain."""
    name = pod.get("runtimeClassName")
    for message in formats.dns_subdomain(name) if name is not None else ():
        yield pod.invalid("runtimeClassName", message)


@rule(
    "invalid-preemption-policy",
    "pod",
    source="pkg/apis/core/validation: ValidatePreemptionPolicy",
    when="preemptionPolicy",
)
def invalid_preemption_policy(pod: FieldRef) -> Iterator[FieldError]:
    """`preemptionPolicy` is `PreemptLowerPriority` or `Never`."""
    policy = pod.get("preemptionPolicy")
    if policy == "":
        yield pod.required("preemptionPolicy")
    elif policy is not None and policy not in PREEMPTION_POLICIES:
        yield pod.not_supported("preemptionPolicy", policy, PREEMPTION_POLICIES)


@rule("invalid-readiness-gate", "pod", source="pkg/apis/core/validation: validateReadinessGates", when="readinessGates")
def invalid_readiness_gate(pod: FieldRef) -> Iterator[FieldError]:
    """A readiness gate's `conditionType` is a name with an optional prefix: `example.com/ready`."""
    for gate in pod.children("readinessGates"):
        for message in formats.qualified_name(gate.get("conditionType", "")):
            yield gate.invalid("conditionType", message)


@rule(
    "invalid-scheduling-gate", "pod", source="pkg/apis/core/validation: validateSchedulingGates", when="schedulingGates"
)
def invalid_scheduling_gate(pod: FieldRef) -> Iterator[FieldError]:
    """A scheduling gate's `name` is a name with an optional prefix: `example.com/quota`."""
    for gate in pod.children("schedulingGates"):
        for message in formats.qualified_name(gate.get("name", "")):
            yield gate.invalid((), message)


@rule(
    "duplicate-scheduling-gate",
    "pod",
    source="pkg/apis/core/validation: validateSchedulingGates",
    when="schedulingGates",
)
def duplicate_scheduling_gate(pod: FieldRef) -> Iterator[FieldError]:
    """Each scheduling gate stands once."""
    seen: set[str] = set()
    for gate in pod.children("schedulingGates"):
        name = gate.get("name", "")
        if name in seen:
            yield gate.duplicate((), f"{name!r} stands here twice")
        seen.add(name)


@rule(
    "invalid-pod-group-name", "pod", source="pkg/apis/core/validation: validateSchedulingGroup", when="schedulingGroup"
)
def invalid_pod_group_name(pod: FieldRef) -> Iterator[FieldError]:
    """A `schedulingGroup`, where the server keeps one, names a pod group by a DNS subdomain."""
    group = pod.child("schedulingGroup")
    if group is not None:
        name = group.get("podGroupName")
        for message in ["must be stated"] if name is None else formats.dns_subdomain(name):
            yield group.invalid("podGroupName", message)


@rule(
    "out-of-range-termination-grace-period",
    "pod",
    source=WARNINGS,
    when="terminationGracePeriodSeconds",
    severity="warning",
)
def out_of_range_termination_grace_period(pod: FieldRef) -> Iterator[FieldError]:
    """A negative `terminationGracePeriodSeconds` is taken for 1."""
    seconds = pod.get("terminationGracePeriodSeconds", 0)
    if seconds < 0:
        yield pod.warning("terminationGracePeriodSeconds", f"{int(seconds)} is negative, and counts as 1")


@rule("duplicate-pull-secret", "pod", source=WARNINGS, when="imagePullSecrets", severity="warning")
def duplicate_pull_secret(pod: FieldRef) -> Iterator[FieldError]:
    """Each Secret stands once in `imagePullSecrets`; `kubectl apply` may lose one of two equal names, and server-side apply refuses both
    (`duplicate-entry`).
    """
    seen: set[str] = set()
    for secret in pod.children("imagePullSecrets"):
        name = secret.get("name", "")
        if name in seen:
            yield secret.warning("name", f"{name!r} stands here twice")
        seen.add(name)


@rule("missing-pull-secret-name", "pod", source=WARNINGS, when="imagePullSecrets", severity="warning")
def missing_pull_secret_name(pod: FieldRef) -> Iterator[FieldError]:
    """An item of `imagePullSecrets` names a Secret; without a name it does nothing."""
    for secret in pod.children("imagePullSecrets"):
        if not secret.get("name"):
            yield secret.warning("name", "the name of the Secret is empty")


def _subdomain(pod: FieldRef, name: str) -> Iterator[FieldError]:
    for message in formats.dns_subdomain(pod.get(name)) if pod.get(name) else ():
        yield pod.invalid(name, message)
