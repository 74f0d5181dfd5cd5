"""The operating system of a pod, and the fields that it does not support."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

LOADED_FOR: Final = ("os", "windowsOptions")

SYSTEMS: Final = ("linux", "windows")
# Fields that Windows does not support, whatever the value.
POD_FIELDS: Final = ("hostUsers", "shareProcessNamespace")
SHARED_CONTEXT_FIELDS: Final = ("appArmorProfile", "seLinuxOptions", "seccompProfile", "runAsUser", "runAsGroup")
POD_CONTEXT_FIELDS: Final = (
    *SHARED_CONTEXT_FIELDS,
    *("fsGroup", "fsGroupChangePolicy", "supplementalGroups", "supplementalGroupsPolicy", "seLinuxChangePolicy"),
)
CONTAINER_CONTEXT_FIELDS: Final = (
    *SHARED_CONTEXT_FIELDS,
    *("capabilities", "readOnlyRootFilesystem", "privileged", "allowPrivilegeEscalation", "procMount"),
)


@rule("pod", source="pkg/apis/core/validation: validateOS", when="os")
def missing_os_name(spec: FieldRef) -> Iterator[FieldError]:
    """`os.name` must be set."""
    if spec.get("os") is not None and not spec.pod.os:
        yield spec.required(("os", "name"), f"must be set: one of {', '.join(SYSTEMS)}")


@rule("pod", source="pkg/apis/core/validation: validateOS", when="os")
def invalid_os_name(spec: FieldRef) -> Iterator[FieldError]:
    """`os.name` must be `linux` or `windows`."""
    name = spec.pod.os
    if name and name not in SYSTEMS:
        yield spec.error("NotSupported", ("os", "name"), f"{name!r} is not one of {', '.join(SYSTEMS)}", field="os")


@rule("security-context", source="pkg/apis/core/validation: validateLinux", when="windowsOptions")
def forbidden_windows_options(context: FieldRef) -> Iterator[FieldError]:
    """A pod with `os.name: linux` and its containers must not have `windowsOptions`."""
    if context.pod.os == "linux" and context.get("windowsOptions") is not None:
        yield context.forbidden("windowsOptions", "is not allowed in a Linux pod")


@rule("pod", source="pkg/apis/core/validation: validateWindows", when="os")
def forbidden_linux_field(spec: FieldRef) -> Iterator[FieldError]:
    """A pod with `os.name: windows` must not have `hostUsers` or `shareProcessNamespace`, and must not set `hostPID` or
    `hostIPC` to true.
    """
    if spec.pod.os == "windows":
        stated = [name for name in POD_FIELDS if spec.get(name) is not None]
        for name in (*stated, *(name for name in ("hostPID", "hostIPC") if spec.get(name))):
            yield spec.forbidden(name, "is not allowed in a Windows pod")


@rule("security-context", source="pkg/apis/core/validation: validateWindows")
def forbidden_linux_security_field(context: FieldRef) -> Iterator[FieldError]:
    """The security contexts of a pod with `os.name: windows` must only have `windowsOptions` and `runAsNonRoot`.
    Windows does not support numeric users and groups, profiles, capabilities, privileges, sysctls or volume ownership.
    """
    if context.pod.os != "windows":
        return
    names = POD_CONTEXT_FIELDS if context.scope == "pod" else CONTAINER_CONTEXT_FIELDS
    stated = [name for name in names if context.get(name) is not None]
    for name in (*stated, *(["sysctls"] if context.get("sysctls") else [])):
        yield context.forbidden(name, "is not allowed in a Windows pod")
