"""Container ports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.schema.words import PROTOCOLS
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

LOADED_FOR: Final = ("ports",)

SOURCE = "pkg/apis/core/validation: validateContainerPorts"


PORT = Fields("container.ports", "a port", SOURCE)
PORT.has_format("invalid-port-name", "name", formats.port_name)
PORT.required("missing-container-port", "containerPort", note="0 counts as missing.")
PORT.in_range("out-of-range-container-port", "containerPort", 1, 65535)
PORT.in_range("out-of-range-host-port", "hostPort", 0, 65535, note="0 means none.")
PORT.one_of("invalid-port-protocol", "protocol", PROTOCOLS, default="TCP")


@rule("container", source=SOURCE, when="ports")
def duplicate_container_port_name(container: FieldRef) -> Iterator[FieldError]:
    """The names of ports must be unique in the container."""
    taken: set[str] = set()
    for port in container.children("ports"):
        name = port.get("name", "")
        if name in taken:
            yield port.duplicate("name", f"another port of the container has the name {name!r}")
        elif name and not formats.port_name(name):
            taken.add(name)


@rule("pod", source="pkg/apis/core/validation: AccumulateUniqueHostPorts")
def duplicate_host_port(spec: FieldRef) -> Iterator[FieldError]:
    """The combination of `hostPort`, protocol and `hostIP` must be unique among all containers, and within each init
    container, since those run one after another.
    """
    taken: dict[str, FieldRef] = {}
    for container in spec.pod.containers("containers"):
        for port, other in _conflicts(container, taken):
            yield port.duplicate("hostPort", f"is already in use by {other.field}")
    for container in spec.pod.containers("initContainers"):
        for port, other in _conflicts(container, {}):
            # The server prints the first init container, whichever it is.
            below = (*container.step, *port.step, "hostPort")
            printed = f"initContainers[0].ports[{port.step[1]}].hostPort"
            yield spec.duplicate(below, f"is already in use by {other.field}", field=printed)


@rule("pod", source="pkg/apis/core/validation: validatePodHostNetworkDeps")
def mismatched_host_port(spec: FieldRef) -> Iterator[FieldError]:
    """With `hostNetwork: true`, a `hostPort` must be the same as its `containerPort`, or unset."""
    for container in spec.pod.containers("containers") if spec.pod.host_network else ():
        for port in container.children("ports"):
            host_port, number = port.get("hostPort", 0), port.get("containerPort", 0)
            if host_port and host_port != number:
                yield port.invalid("hostPort", f"must match `containerPort` ({number}), because `hostNetwork` is true")


def _conflicts(container: FieldRef, taken: dict[str, FieldRef]) -> Iterator[tuple[FieldRef, FieldRef]]:
    for port in container.children("ports"):
        number = port.get("hostPort", 0)
        key = f"{port.get('protocol', '') or 'TCP'}/{port.get('hostIP', '')}/{number}"
        if number and key in taken:
            yield port, taken[key]
        elif number:
            taken[key] = port
