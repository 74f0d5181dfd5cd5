"""The ports of Services."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.schema.words import PROTOCOLS
from dsgen.kubernetes.validation.companions.service_addresses import is_headless
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, repeated, rule

SOURCE = "pkg/apis/core/validation: validateServicePort"
UNIQUE: Final = "pkg/apis/core/validation: validateService"


@rule("Service.spec", source=UNIQUE)
def missing_service_ports(spec: FieldRef) -> Iterator[FieldError]:
    """A Service must have at least one port, unless it is headless (`clusterIP: None`) or of type `ExternalName`."""
    if not spec.get("ports") and not is_headless(spec) and spec.get("type") != "ExternalName":
        yield spec.required("ports", "must have at least one port")


@rule("Service.spec", source=SOURCE, when="ports")
def missing_service_port_name(spec: FieldRef) -> Iterator[FieldError]:
    """If a Service has several ports, each must have a `name`."""
    ports = list(spec.children("ports"))
    for port in ports if len(ports) > 1 else ():
        if not port.get("name"):
            yield port.required("name", "must be set if there are several ports")


PORT = Fields("Service.spec.ports", "a port of a Service", SOURCE)
PORT.has_format("invalid-service-port-name", "name", formats.dns_label)


@rule("Service.spec", source=SOURCE, when="ports")
def duplicate_service_port_name(spec: FieldRef) -> Iterator[FieldError]:
    """The names of a Service's ports must be unique."""
    for port, name in repeated(spec.children("ports"), "name"):
        if name:
            yield port.duplicate("name", f"another port of the Service has the name {str(name)!r}")


PORT.in_range("out-of-range-service-port", "port", 1, 65535, missing=True)
PORT.one_of("invalid-service-port-protocol", "protocol", PROTOCOLS, default="TCP", missing=True)


@rule("Service.spec.ports", source=SOURCE)
def invalid_target_port(port: FieldRef) -> Iterator[FieldError]:
    """`targetPort` must be between 1 and 65535, or the name of a container port. The default is `port`."""
    target = port.get("targetPort")
    if isinstance(target, str):
        wrong = formats.port_name(target)
    else:
        wrong = [] if 1 <= target <= 65535 else [f"must be between 1 and 65535, got {int(target)}"]
    yield from port.invalid_each("targetPort", wrong)


PORT.has_format("invalid-app-protocol", "appProtocol", formats.qualified_name, empty=True)


@rule("Service.spec", source=UNIQUE, when="ports")
def forbidden_node_port(spec: FieldRef) -> Iterator[FieldError]:
    """A Service of type `ClusterIP`, the default, must not have a `nodePort`."""
    for port in spec.children("ports") if spec.get("type") == "ClusterIP" else ():
        if port.get("nodePort", 0):
            yield port.forbidden("nodePort", "requires `type: NodePort` or `type: LoadBalancer`")


@rule("Service.spec", source=UNIQUE, when="ports")
def duplicate_node_port(spec: FieldRef) -> Iterator[FieldError]:
    """The pairs of `nodePort` and `protocol` must be unique in a Service."""
    taken = set()
    for port in spec.children("ports"):
        number = port.get("nodePort", 0)
        if number and (number, port.get("protocol")) in taken:
            yield port.duplicate("nodePort", f"another port of the Service also has {int(number)}")
        taken.add((number, port.get("protocol")))


@rule("Service.spec", source=UNIQUE, when="ports")
def duplicate_service_port(spec: FieldRef) -> Iterator[FieldError]:
    """The pairs of `port` and `protocol` must be unique in a Service."""
    taken = set()
    for port in spec.children("ports"):
        key = (port.get("port", 0), port.get("protocol"))
        if key in taken:
            yield port.duplicate((), f"another port of the Service also has {int(key[0])} and {key[1]}")
        taken.add(key)
