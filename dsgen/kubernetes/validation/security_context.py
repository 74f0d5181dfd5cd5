"""Security contexts: users and groups, privileges, and how volumes get their owner."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.validation.pod import part
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.tree import Null

POD = "pkg/apis/core/validation: validatePodSpecSecurityContext"
CONTAINER = "pkg/apis/core/validation: ValidateSecurityContext"
# k8s.io/apimachinery/pkg/util/validation: IsValidUserID, IsValidGroupID
MAX_ID: Final = 2**31 - 1
PROC_MOUNTS: Final = ("Default", "Unmasked")
POLICIES: Final = {
    "fsGroupChangePolicy": ("OnRootMismatch", "Always"),
    "supplementalGroupsPolicy": ("Merge", "Strict"),
    "seLinuxChangePolicy": ("Recursive", "MountOption"),
}


@rule("out-of-range-user-id", "security-context", source=POD, when="runAsUser")
def out_of_range_user_id(context: FieldRef) -> Iterator[FieldError]:
    """`runAsUser` is a number from 0 to 2147483647."""
    yield from _in_range(context, "runAsUser", "user")


@rule("out-of-range-group-id", "security-context", source=POD)
def out_of_range_group_id(context: FieldRef) -> Iterator[FieldError]:
    """`runAsGroup`, `fsGroup` and each of `supplementalGroups` are numbers from 0 to 2147483647."""
    yield from _in_range(context, "runAsGroup", "group")
    if context.scope == "pod":
        yield from _in_range(context, "fsGroup", "group")
        for index, group in enumerate(context.get("supplementalGroups", ())):
            if type(group) is not Null and not 0 <= group <= MAX_ID:
                yield context.invalid(("supplementalGroups", index), f"{group} is no group: 0 to {MAX_ID}")


@rule(
    "invalid-fs-group-change-policy",
    "security-context",
    source="pkg/apis/core/validation: validateFSGroupChangePolicy",
    when="fsGroupChangePolicy",
)
def invalid_fs_group_change_policy(context: FieldRef) -> Iterator[FieldError]:
    """`fsGroupChangePolicy` is `OnRootMismatch` or `Always`."""
    yield from _policy(context, "fsGroupChangePolicy")


@rule(
    "invalid-supplemental-groups-policy",
    "security-context",
    source="pkg/apis/core/validation: validateSupplementalGroupsPolicy",
    when="supplementalGroupsPolicy",
)
def invalid_supplemental_groups_policy(context: FieldRef) -> Iterator[FieldError]:
    """`supplementalGroupsPolicy` is `Merge` or `Strict`."""
    yield from _policy(context, "supplementalGroupsPolicy")


@rule(
    "invalid-se-linux-change-policy",
    "security-context",
    source="pkg/apis/core/validation: validateSELinuxChangePolicy",
    when="seLinuxChangePolicy",
)
def invalid_se_linux_change_policy(context: FieldRef) -> Iterator[FieldError]:
    """`seLinuxChangePolicy` is `Recursive`."""
    yield from _policy(context, "seLinuxChangePolicy")


@rule(
    "forbidden-se-linux-mount-option",
    "security-context",
    source="pkg/apis/core/validation: validateSELinuxChangePolicy",
    when="seLinuxChangePolicy",
)
def forbidden_se_linux_mount_option(context: FieldRef) -> Iterator[FieldError]:
    """`seLinuxChangePolicy: MountOption` needs the feature gate SELinuxMount, which is off by default."""
    policy = context.get("seLinuxChangePolicy") if context.scope == "pod" else None
    before = part(context.pod.old.spec, "securityContext").get("seLinuxChangePolicy") if context.pod.old else None
    if policy == "MountOption" and not isinstance(before, str):
        yield context.not_supported("seLinuxChangePolicy", policy, ("Recursive",))


@rule(
    "invalid-proc-mount", "security-context", source="pkg/apis/core/validation: ValidateProcMountType", when="procMount"
)
def invalid_proc_mount(context: FieldRef) -> Iterator[FieldError]:
    """`procMount` is `Default` or `Unmasked`."""
    mount = context.get("procMount") if context.scope == "container" else None
    if mount is not None and mount not in PROC_MOUNTS:
        yield context.not_supported("procMount", mount, PROC_MOUNTS)


@rule("forbidden-unmasked-proc-mount", "security-context", source=CONTAINER, when="procMount")
def forbidden_unmasked_proc_mount(context: FieldRef) -> Iterator[FieldError]:
    """`procMount: Unmasked` needs a pod with users of its own: `hostUsers: false`."""
    if context.scope == "container" and context.get("procMount") == "Unmasked" and context.pod.node.get("hostUsers", 1):
        yield context.invalid("procMount", "`Unmasked` needs `hostUsers: false` in the pod")


@rule("conflicting-privilege-escalation", "security-context", source=CONTAINER, when="allowPrivilegeEscalation")
def conflicting_privilege_escalation(context: FieldRef) -> Iterator[FieldError]:
    """`allowPrivilegeEscalation: false` contradicts `privileged: true`, and the capability spelled `CAP_SYS_ADMIN`."""
    if context.scope != "container" or context.get("allowPrivilegeEscalation", 1):
        return
    if context.get("privileged"):
        yield context.invalid((), "`allowPrivilegeEscalation: false` cannot stand beside `privileged: true`")
    capabilities = context.child("capabilities")
    if capabilities is not None and "CAP_SYS_ADMIN" in capabilities.get("add", ()):
        yield context.invalid((), "`allowPrivilegeEscalation: false` cannot stand beside CAP_SYS_ADMIN")


def _in_range(context: FieldRef, name: str, what: str) -> Iterator[FieldError]:
    number = context.get(name, 0)
    if not 0 <= number <= MAX_ID:
        yield context.invalid(name, f"{number} is no {what}: 0 to {MAX_ID}")


def _policy(context: FieldRef, name: str) -> Iterator[FieldError]:
    policy = context.get(name) if context.scope == "pod" else None
    if policy is not None and policy not in POLICIES[name]:
        yield context.not_supported(name, policy, POLICIES[name])
