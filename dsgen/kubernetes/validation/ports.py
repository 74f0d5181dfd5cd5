"""Container ports."""

from __future__ import annotations

from collections.abc import Iterator

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SOURCE = "pkg/apis/core/validation: validateContainerPorts"
PROTOCOLS = ("TCP", "UDP", "SCTP")


@rule("invalid-port-name", "port", source=SOURCE)
def invalid_port_name(port: FieldRef) -> Iterator[FieldError]:
    """A port's name has at most 15 characters: lower-case letters, digits and single `-` inside, with at least one letter."""
    name = port.get("name", "")
    for message in formats.port_name(name) if name else ():
        yield port.invalid("name", message)


@rule("missing-container-port", "port", source=SOURCE)
def missing_container_port(port: FieldRef) -> Iterator[FieldError]:
    """Each port states its `containerPort`; 0 counts as missing."""
    if not port.get("containerPort", 0):
        yield port.required("containerPort")


@rule("out-of-range-container-port", "port", source=SOURCE)
def out_of_range_container_port(port: FieldRef) -> Iterator[FieldError]:
    """`containerPort` is a number from 1 to 65535."""
    number = port.get("containerPort", 0)
    if number and not 1 <= number <= 65535:
        yield port.invalid("containerPort", f"{number} is not a port: 1 to 65535")


@rule("out-of-range-host-port", "port", source=SOURCE)
def out_of_range_host_port(port: FieldRef) -> Iterator[FieldError]:
    """`hostPort` is a number from 1 to 65535, or 0 for none."""
    number = port.get("hostPort", 0)
    if not 0 <= number <= 65535:
        yield port.invalid("hostPort", f"{number} is not a port: 1 to 65535")


@rule("invalid-port-protocol", "port", source=SOURCE)
def invalid_port_protocol(port: FieldRef) -> Iterator[FieldError]:
    """`protocol` is `TCP` (the default), `UDP` or `SCTP`, in upper case."""
    protocol = port.get("protocol", "TCP") or "TCP"
    if protocol not in PROTOCOLS:
        yield port.not_supported("protocol", protocol, PROTOCOLS)


@rule("duplicate-container-port-name", "container", source=SOURCE, when="ports")
def duplicate_container_port_name(container: FieldRef) -> Iterator[FieldError]:
    """Each named port has a name of its own within the container."""
    taken: set[str] = set()
    for port in container.children("ports"):
        name = port.get("name", "")
        if name in taken:
            yield port.duplicate("name", f"another port of the container is called {name!r}")
        elif name and not formats.port_name(name):
            taken.add(name)


@rule("duplicate-host-port", "pod", source="pkg/apis/core/validation: AccumulateUniqueHostPorts")
def duplicate_host_port(spec: FieldRef) -> Iterator[FieldError]:
    """
    No two ports take the same `hostPort` with the same protocol and `hostIP`: among all containers, and within each
    init container, since those run one by one.
    """
    taken: dict[str, FieldRef] = {}
    for container in spec.pod.containers("containers"):
        for port, other in _conflicts(container, taken):
            yield port.duplicate("hostPort", f"is taken by {other.field}")
    for container in spec.pod.containers("initContainers"):
        for port, other in _conflicts(container, {}):
            # The server names the first init container, whichever it is.
            below = (*container.step, *port.step, "hostPort")
            printed = f"initContainers[0].ports[{port.step[1]}].hostPort"
            yield spec.duplicate(below, f"is taken by {other.field}", field=printed)


@rule("mismatched-host-port", "pod", source="pkg/apis/core/validation: validatePodHostNetworkDeps")
def mismatched_host_port(spec: FieldRef) -> Iterator[FieldError]:
    """With `hostNetwork: true`, a `hostPort` is the same as its `containerPort`, or left out."""
    for container in spec.pod.containers("containers") if spec.pod.host_network else ():
        for port in container.children("ports"):
            host_port, number = port.get("hostPort", 0), port.get("containerPort", 0)
            if host_port and host_port != number:
                yield port.invalid("hostPort", f"must be {number} as `containerPort`, since `hostNetwork` is true")


def _conflicts(container: FieldRef, taken: dict[str, FieldRef]) -> Iterator[tuple[FieldRef, FieldRef]]:
    for port in container.children("ports"):
        number = port.get("hostPort", 0)
        key = f"{port.get('protocol', '') or 'TCP'}/{port.get('hostIP', '')}/{number}"
        if number and key in taken:
            yield port, taken[key]
        elif number:
            taken[key] = port
