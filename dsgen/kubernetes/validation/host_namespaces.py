"""Namespaces that a pod shares with its node: network, process, IPC and user namespaces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

LOADED_FOR: Final = ("hostUsers", "shareProcessNamespace")

SOURCE = "pkg/apis/core/validation: validateHostUsers"
# The server prints these two with a capital letter.
PRINTED: Final = {"hostPID": "HostPID", "hostIPC": "HostIPC"}


@rule("pod", source=SOURCE, when="hostUsers")
def conflicting_host_users_and_host_network(spec: FieldRef) -> Iterator[FieldError]:
    """
    A pod with its own user namespace (`hostUsers: false`) must not use the host network. Since 1.35, an update is
    exempt if the old object does.
    """
    old = spec.pod.old
    excused = spec.pod.minor >= 35 and old is not None and not old.node.get("hostUsers", 1) and old.host_network
    if not spec.get("hostUsers", 1) and spec.pod.host_network and not excused:
        yield spec.forbidden("hostNetwork", "must not be true when `hostUsers` is false")


@rule("pod", source=SOURCE, when="hostUsers")
def conflicting_host_users_and_host_namespace(spec: FieldRef) -> Iterator[FieldError]:
    """A pod with its own user namespace (`hostUsers: false`) must not set `hostPID` or `hostIPC`."""
    for name, printed in PRINTED.items() if not spec.get("hostUsers", 1) else ():
        if spec.get(name):
            yield spec.forbidden(name, "must not be true when `hostUsers` is false", field=printed)


@rule("pod", source=SOURCE, since="1.34", when="hostUsers", ratcheting=True)
def conflicting_host_users_and_devices(spec: FieldRef) -> Iterator[FieldError]:
    """The containers of a pod with its own user namespace (`hostUsers: false`) must not have `volumeDevices`."""
    for container in spec.pod.all_containers if not spec.get("hostUsers", 1) else ():
        if container.get("volumeDevices"):
            yield container.forbidden("volumeDevices", "must be empty when `hostUsers` is false")


@rule("pod", source="pkg/apis/core/validation: validatePodSpecSecurityContext", when="shareProcessNamespace")
def conflicting_process_namespace(spec: FieldRef) -> Iterator[FieldError]:
    """
    Containers can share a process namespace with each other (`shareProcessNamespace`) or with the node (`hostPID`), but
    not both.
    """
    if spec.get("shareProcessNamespace") and spec.get("hostPID"):
        # Servers before 1.37 print the field of their internal type, not that of the manifest.
        printed = "securityContext.shareProcessNamespace" if spec.pod.minor < 37 else None
        yield spec.invalid(
            "shareProcessNamespace", "is not allowed together with `hostPID`: remove one of the two", field=printed
        )
