"""Kernel settings of a pod: `securityContext.sysctls`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, repeated, rule

LOADED_FOR: Final = ("sysctls",)

SOURCE = "pkg/apis/core/validation: validateSysctls"
# k8s.io/component-helpers/node/util/sysctl: the settings of the namespace of interprocess communication.
IPC: Final = frozenset(
    {
        *("kernel.sem", "kernel.shm", "kernel.shmall", "kernel.shmmax", "kernel.shmmni", "kernel.shm_rmid_forced"),
        *("kernel.msg", "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni"),
    }
)
SWAPPED: Final = str.maketrans("./", "/.")


SYSCTL = Fields("security-context.sysctls", "a sysctl", SOURCE)
SYSCTL.has_format("invalid-sysctl-name", "name", formats.sysctl_name, required=True)


@rule("security-context", source=SOURCE, when="sysctls")
def duplicate_sysctl(context: FieldRef) -> Iterator[FieldError]:
    """The names of sysctls must be unique."""
    for sysctl, name in repeated(context.children("sysctls"), "name"):
        if not formats.sysctl_name(name):
            yield sysctl.duplicate("name", f"duplicate {str(name)!r}")


@rule("security-context.sysctls", source="pkg/apis/core/validation: ValidateHostSysctl", ratcheting=True)
def forbidden_host_sysctl(sysctl: FieldRef) -> Iterator[FieldError]:
    """A pod must not set the sysctls of a namespace that it shares with its node: `net.*` with `hostNetwork: true`;
    `fs.mqueue.*`, `kernel.sem`, `kernel.shm*` and `kernel.msg*` with `hostIPC: true`.
    """
    name = normal(sysctl.get("name", ""))
    if sysctl.pod.host_network and name.startswith("net."):
        yield sysctl.invalid("name", "would change the node's network, because `hostNetwork` is true")
    elif (name.startswith("fs.mqueue.") or name in IPC) and sysctl.pod.node.get("hostIPC"):
        yield sysctl.invalid("name", "would change the node's IPC namespace, because `hostIPC` is true")


def normal(name: str) -> str:
    """Return the name of a sysctl in its form with dots: if a slash comes first, slashes and dots change places."""
    first = next((character for character in name if character in "./"), ".")
    return name if first == "." else name.translate(SWAPPED)
