"""Security contexts: users and groups, privileges, and the ownership of volumes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.kinds import asked_once
from dsgen.kubernetes.validation.pod import Pod
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.tree import Null

LOADED_FOR: Final = ("securityContext",)

POD_SOURCE = "pkg/apis/core/validation: validatePodSpecSecurityContext"
CONTAINER_SOURCE = "pkg/apis/core/validation: ValidateSecurityContext"
# k8s.io/apimachinery/pkg/util/validation: IsValidUserID, IsValidGroupID
MAX_ID: Final = 2**31 - 1


CONTEXT = Fields("security-context", "a security context", POD_SOURCE)
CONTEXT.in_range("out-of-range-user-id", "runAsUser", 0, MAX_ID)


@rule("security-context", source=POD_SOURCE)
def out_of_range_group_id(context: FieldRef) -> Iterator[FieldError]:
    """`runAsGroup`, `fsGroup` and each of `supplementalGroups` must be between 0 and 2147483647."""
    yield from _in_range(context, "runAsGroup", "group")
    if context.scope == "pod":
        yield from _in_range(context, "fsGroup", "group")
        for index, group in enumerate(context.get("supplementalGroups", ())):
            if type(group) is not Null and not 0 <= group <= MAX_ID:
                yield context.invalid(("supplementalGroups", index), f"must be between 0 and {MAX_ID}, got {group}")


POD_CONTEXT = Fields(
    "pod.securityContext", "a pod's security context", "pkg/apis/core/validation: validateFSGroupChangePolicy"
)
POD_CONTEXT.one_of("invalid-fs-group-change-policy", "fsGroupChangePolicy", ("OnRootMismatch", "Always"), empty=True)
POD_CONTEXT.one_of(
    "invalid-supplemental-groups-policy",
    "supplementalGroupsPolicy",
    ("Merge", "Strict"),
    empty=True,
    source="pkg/apis/core/validation: validateSupplementalGroupsPolicy",
)
POD_CONTEXT.one_of(
    "invalid-se-linux-change-policy",
    "seLinuxChangePolicy",
    ("Recursive", "MountOption"),
    empty=True,
    note="Before 1.37, `MountOption` needs a feature gate that is off by default.",
    source="pkg/apis/core/validation: validateSELinuxChangePolicy",
)


@rule(
    "security-context",
    source="pkg/apis/core/validation: validateSELinuxChangePolicy",
    until="1.36",
    when="seLinuxChangePolicy",
)
def forbidden_se_linux_mount_option(context: FieldRef) -> Iterator[FieldError]:
    """Before 1.37, `seLinuxChangePolicy: MountOption` requires the feature gate SELinuxMount, which is off by default."""
    policy = context.get("seLinuxChangePolicy") if context.scope == "pod" else None
    before = context.pod.old.spec.map("securityContext").get("seLinuxChangePolicy") if context.pod.old else None
    if policy == "MountOption" and not isinstance(before, str):
        yield context.not_supported("seLinuxChangePolicy", policy, ("Recursive",))


CONTAINER_CONTEXT = Fields(
    "container.securityContext", "a container's security context", "pkg/apis/core/validation: ValidateProcMountType"
)
CONTAINER_CONTEXT.one_of("invalid-proc-mount", "procMount", ("Default", "Unmasked"), empty=True)


@rule("security-context", source=CONTAINER_SOURCE, when="procMount")
def forbidden_unmasked_proc_mount(context: FieldRef) -> Iterator[FieldError]:
    """`procMount: Unmasked` requires a pod with its own user namespace: `hostUsers: false`."""
    if context.scope == "container" and context.get("procMount") == "Unmasked" and context.pod.node.get("hostUsers", 1):
        yield context.invalid("procMount", "`Unmasked` requires `hostUsers: false` in the pod")


@rule("security-context", source=CONTAINER_SOURCE, when="allowPrivilegeEscalation")
def conflicting_privilege_escalation(context: FieldRef) -> Iterator[FieldError]:
    """
    `allowPrivilegeEscalation: false` is not allowed together with `privileged: true` or the capability `CAP_SYS_ADMIN`,
    spelled this way. Since 1.37, an update can have the capability if a container of the old object has it and does not
    set `allowPrivilegeEscalation: true`.
    """
    if context.scope != "container" or context.get("allowPrivilegeEscalation", 1):
        return
    if context.get("privileged"):
        yield context.invalid((), "`allowPrivilegeEscalation: false` is not allowed together with `privileged: true`")
    capabilities = context.child("capabilities")
    excused = context.pod.minor >= 37 and _has_sys_admin(context.pod.old)
    if capabilities is not None and "CAP_SYS_ADMIN" in capabilities.get("add", ()) and not excused:
        yield context.invalid((), "`allowPrivilegeEscalation: false` is not allowed together with CAP_SYS_ADMIN")


@asked_once
def _has_sys_admin(old: Pod) -> bool:
    for container in old.all_containers:
        context = container.child("securityContext")
        capabilities = context.child("capabilities") if context else None
        has = bool(capabilities and "CAP_SYS_ADMIN" in capabilities.get("add", ()))
        if has and context and not context.get("allowPrivilegeEscalation"):
            return True
    return False


def _in_range(context: FieldRef, name: str, what: str) -> Iterator[FieldError]:
    number = context.get(name, 0)
    if not 0 <= number <= MAX_ID:
        yield context.invalid(name, f"{number} is not a valid {what}: must be between 0 and {MAX_ID}")
