"""Container ports."""

from __future__ import annotations

from collections.abc import Iterator

from dsgen.kubernetes import formats
from dsgen.kubernetes.admission.rule import Error, Node, rule

SOURCE = "pkg/apis/core/validation: validateContainerPorts"
PROTOCOLS = ("TCP", "UDP", "SCTP")


@rule("port-name", "port", source=SOURCE)
def port_name(port: Node) -> Iterator[Error]:
    """A port's name has at most 15 characters: lower-case letters, digits and single `-` inside, with at least one letter."""
    name = port.get("name", "")
    for message in formats.port_name(name) if name else ():
        yield port.invalid("name", message)


@rule("container-port-missing", "port", source=SOURCE)
def container_port_missing(port: Node) -> Iterator[Error]:
    """Each port states its `containerPort`; 0 counts as missing."""
    if not port.get("containerPort", 0):
        yield port.required("containerPort")


@rule("container-port-range", "port", source=SOURCE)
def container_port_range(port: Node) -> Iterator[Error]:
    """`containerPort` is a number from 1 to 65535."""
    number = port.get("containerPort", 0)
    if number and not 1 <= number <= 65535:
        yield port.invalid("containerPort", f"{number} is not a port: 1 to 65535")


@rule("host-port-range", "port", source=SOURCE)
def host_port_range(port: Node) -> Iterator[Error]:
    """`hostPort` is a number from 1 to 65535, or 0 for none."""
    number = port.get("hostPort", 0)
    if not 0 <= number <= 65535:
        yield port.invalid("hostPort", f"{number} is not a port: 1 to 65535")


@rule("port-protocol", "port", source=SOURCE)
def port_protocol(port: Node) -> Iterator[Error]:
    """`protocol` is `TCP` (the default), `UDP` or `SCTP`, in upper case."""
    protocol = port.get("protocol", "TCP") or "TCP"
    if protocol not in PROTOCOLS:
        yield port.not_supported("protocol", protocol, PROTOCOLS)
