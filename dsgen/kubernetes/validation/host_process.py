"""Windows HostProcess containers: `windowsOptions.hostProcess`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

LOADED_FOR: Final = ("windowsOptions",)

SOURCE = "pkg/apis/core/validation: validateWindowsHostProcessPod"


@rule("pod", source=SOURCE)
def mismatched_host_process(spec: FieldRef) -> Iterator[FieldError]:
    """The `hostProcess` of a container must be the same as that of the pod, if both are set."""
    of_pod = _host_process(spec)
    for container in spec.pod.all_containers if of_pod is not None else ():
        own = _host_process(container)
        if own is not None and bool(own) != bool(of_pod):
            below = ("securityContext", "windowsOptions", "hostProcess")
            yield container.invalid(below, "must be the same as in the pod's `securityContext`")


@rule("pod", source=SOURCE)
def conflicting_host_process(spec: FieldRef) -> Iterator[FieldError]:
    """Either all containers of a pod must be HostProcess containers, or none."""
    of_pod = _host_process(spec)
    found = {bool(_effective(container, of_pod)) for container in spec.pod.all_containers}
    if len(found) > 1:
        yield spec.invalid((), "must have only HostProcess containers, or none")


@rule("pod", source=SOURCE)
def missing_host_network(spec: FieldRef) -> Iterator[FieldError]:
    """A pod with HostProcess containers must have `hostNetwork: true`."""
    of_pod = _host_process(spec)
    if not spec.pod.host_network and any(_effective(container, of_pod) for container in spec.pod.all_containers):
        yield spec.invalid("hostNetwork", "must be true in a pod with HostProcess containers")


def _host_process(node: FieldRef) -> Any:
    options = node.child("securityContext", "windowsOptions")
    return options.get("hostProcess") if options is not None else None


def _effective(container: FieldRef, of_pod: Any) -> Any:
    own = _host_process(container)
    return of_pod if own is None else own
