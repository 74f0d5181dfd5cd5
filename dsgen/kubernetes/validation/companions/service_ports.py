"""The ports of services."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.companions.service_addresses import is_headless
from dsgen.kubernetes.validation.ports import PROTOCOLS
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SOURCE = "pkg/apis/core/validation: validateServicePort"
UNIQUE: Final = "pkg/apis/core/validation: validateService"


@rule("missing-service-ports", "service-spec", source=UNIQUE)
def missing_service_ports(spec: FieldRef) -> Iterator[FieldError]:
    """A Service has a port at least, unless it is headless (`clusterIP: None`) or of type `ExternalName`."""
    if not spec.get("ports") and not is_headless(spec) and spec.get("type") != "ExternalName":
        yield spec.required("ports", "state at least one port")


@rule("missing-service-port-name", "service-spec", source=SOURCE, when="ports")
def missing_service_port_name(spec: FieldRef) -> Iterator[FieldError]:
    """Where a Service has several ports, each has a `name`."""
    ports = list(spec.children("ports"))
    for port in ports if len(ports) > 1 else ():
        if not port.get("name"):
            yield port.required("name", "one of several ports needs a name")


@rule("invalid-service-port-name", "service-port", source=SOURCE, when="name")
def invalid_service_port_name(port: FieldRef) -> Iterator[FieldError]:
    """The name of a Service's port is a DNS label: lower-case letters, digits and `-` inside, at most 63 characters."""
    name = port.get("name", "")
    for message in formats.dns_label(name) if name else ():
        yield port.invalid("name", message)


@rule("duplicate-service-port-name", "service-spec", source=SOURCE, when="ports")
def duplicate_service_port_name(spec: FieldRef) -> Iterator[FieldError]:
    """No two ports of a Service have the same name."""
    taken = set()
    for port in spec.children("ports"):
        name = port.get("name", "")
        if name and name in taken:
            yield port.duplicate("name", f"another port of the Service is called {str(name)!r}")
        taken.add(name)


@rule("out-of-range-service-port", "service-port", source=SOURCE)
def out_of_range_service_port(port: FieldRef) -> Iterator[FieldError]:
    """The `port` of a Service is stated, a number from 1 to 65535."""
    number = port.get("port", 0)
    if not 1 <= number <= 65535:
        yield port.invalid("port", f"{int(number)} is not a port: 1 to 65535")


@rule("invalid-service-port-protocol", "service-port", source=SOURCE)
def invalid_service_port_protocol(port: FieldRef) -> Iterator[FieldError]:
    """The `protocol` of a Service's port is `TCP` (the default), `UDP` or `SCTP`."""
    if port.get("protocol") not in PROTOCOLS:
        yield port.not_supported("protocol", port.get("protocol"), PROTOCOLS)


@rule("invalid-target-port", "service-port", source=SOURCE)
def invalid_target_port(port: FieldRef) -> Iterator[FieldError]:
    """`targetPort` is a number from 1 to 65535, or the name of a container's port; left out, it is the same as `port`."""
    target = port.get("targetPort")
    if isinstance(target, str):
        wrong = formats.port_name(target)
    else:
        wrong = [] if 1 <= target <= 65535 else [f"{int(target)} is not a port: 1 to 65535"]
    for message in wrong:
        yield port.invalid("targetPort", message)


@rule("invalid-app-protocol", "service-port", source=SOURCE, when="appProtocol")
def invalid_app_protocol(port: FieldRef) -> Iterator[FieldError]:
    """`appProtocol` is a qualified name: `http`, `kubernetes.io/h2c`."""
    name = port.get("appProtocol")
    for message in formats.qualified_name(name) if name is not None else ():
        yield port.invalid("appProtocol", message)


@rule("forbidden-node-port", "service-spec", source=UNIQUE, when="ports")
def forbidden_node_port(spec: FieldRef) -> Iterator[FieldError]:
    """A Service of type `ClusterIP`, as it is by default, has no `nodePort`."""
    for port in spec.children("ports") if spec.get("type") == "ClusterIP" else ():
        if port.get("nodePort", 0):
            yield port.forbidden("nodePort", "needs `type: NodePort` or `type: LoadBalancer`")


@rule("duplicate-node-port", "service-spec", source=UNIQUE, when="ports")
def duplicate_node_port(spec: FieldRef) -> Iterator[FieldError]:
    """No two ports of a Service have the same `nodePort` and `protocol`."""
    taken = set()
    for port in spec.children("ports"):
        number = port.get("nodePort", 0)
        if number and (number, port.get("protocol")) in taken:
            yield port.duplicate("nodePort", f"another port of the Service has {int(number)} too")
        taken.add((number, port.get("protocol")))


@rule("duplicate-service-port", "service-spec", source=UNIQUE, when="ports")
def duplicate_service_port(spec: FieldRef) -> Iterator[FieldError]:
    """No two ports of a Service have the same `port` and `protocol`."""
    taken = set()
    for port in spec.children("ports"):
        key = (port.get("port", 0), port.get("protocol"))
        if key in taken:
            yield port.duplicate((), f"another port of the Service has {int(key[0])} and {key[1]} too")
        taken.add(key)
