"""Windows containers that run on the node itself: `windowsOptions.hostProcess`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SOURCE = "pkg/apis/core/validation: validateWindowsHostProcessPod"


@rule("mismatched-host-process", "pod", source=SOURCE)
def mismatched_host_process(spec: FieldRef) -> Iterator[FieldError]:
    """`hostProcess` of a container is the same as that of the pod, when both are stated."""
    of_pod = _host_process(spec)
    for container in spec.pod.all_containers if of_pod is not None else ():
        own = _host_process(container)
        if own is not None and bool(own) != bool(of_pod):
            below = ("securityContext", "windowsOptions", "hostProcess")
            yield container.invalid(below, "must be the same as in the pod's `securityContext`")


@rule("conflicting-host-process", "pod", source=SOURCE)
def conflicting_host_process(spec: FieldRef) -> Iterator[FieldError]:
    """Either all containers of a pod are host processes or none is."""
    of_pod = _host_process(spec)
    found = {bool(_effective(container, of_pod)) for container in spec.pod.all_containers}
    if len(found) > 1:
        yield spec.invalid((), "some containers are host processes and some are not")


@rule("missing-host-network", "pod", source=SOURCE)
def missing_host_network(spec: FieldRef) -> Iterator[FieldError]:
    """A pod with host processes has `hostNetwork: true`."""
    of_pod = _host_process(spec)
    if not spec.pod.host_network and any(_effective(container, of_pod) for container in spec.pod.all_containers):
        yield spec.invalid("hostNetwork", "must be true in a pod with host processes")


def _host_process(node: FieldRef) -> Any:
    context = node.child("securityContext")
    options = context.child("windowsOptions") if context is not None else None
    return options.get("hostProcess") if options is not None else None


def _effective(container: FieldRef, of_pod: Any) -> Any:
    own = _host_process(container)
    return of_pod if own is None else own
