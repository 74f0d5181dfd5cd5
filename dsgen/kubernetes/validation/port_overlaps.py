"""Ports that stand in each other's way. The server only warns of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SOURCE = "pkg/api/pod: warningsForPodSpecAndMeta"
# So many pairs of ports are looked at. The server warns of as many as there are: the square of the number of containers.
MOST: Final = 1_000


@rule("ineffective-host-ip", "port", source=SOURCE, severity="warning")
def ineffective_host_ip(port: FieldRef) -> Iterator[FieldError]:
    """A `hostIP` does nothing without a `hostPort`."""
    if port.get("hostIP", "") and not port.get("hostPort", 0):
        yield port.warning((), "`hostIP` does nothing without `hostPort`")


@rule("duplicate-port", "pod", source=SOURCE, severity="warning")
def duplicate_port(spec: FieldRef) -> Iterator[FieldError]:
    """A port is stated once: the containers of a pod share one network, so number and protocol are taken for all. Twice in one container,
    it is refused by server-side apply (`duplicate-entry`).
    """
    for port, other in _pairs(spec):
        if _host(port) == _host(other):
            yield port.warning((), f"the same port as {other.field}")


@rule("overlapping-port", "pod", source=SOURCE, severity="warning")
def overlapping_port(spec: FieldRef) -> Iterator[FieldError]:
    """A port with a `hostPort` and the same one without are one port of the pod; state it once."""
    for port, other in _pairs(spec):
        if _host(port) != _host(other) and not (port.get("hostPort", 0) and other.get("hostPort", 0)):
            yield port.warning((), f"overlaps with {other.field}")


@rule("ambiguous-host-port", "pod", source=SOURCE, severity="warning")
def ambiguous_host_port(spec: FieldRef) -> Iterator[FieldError]:
    """Of two equal host ports with different addresses, both state a `hostIP`; one without takes every address."""
    for port, other in _pairs(spec):
        (ip, number), (other_ip, other_number) = _host(port), _host(other)
        if number and number == other_number and bool(ip) != bool(other_ip):
            yield port.warning((), f"which address is meant, here or at {other.field}, is not defined")


@rule("duplicate-port-name", "pod", source=SOURCE, severity="warning")
def duplicate_port_name(spec: FieldRef) -> Iterator[FieldError]:
    """A port's name is unique in the pod: Services and probes that ask for it get the first one."""
    taken: dict[str, FieldRef] = {}
    for port in _ports(spec):
        name = port.get("name", "")
        if name in taken:
            yield port.warning((), f"{name!r} is the name of {taken[name].field} too, and that one wins")
        elif name:
            taken[name] = port


def _pairs(spec: FieldRef) -> Iterator[tuple[FieldRef, FieldRef]]:
    """Yield each two ports with the same number and protocol, the later one first; of very many, the first pairs."""
    return islice(_every_pair(spec), MOST)


def _every_pair(spec: FieldRef) -> Iterator[tuple[FieldRef, FieldRef]]:
    earlier: dict[tuple[int, str], list[FieldRef]] = {}
    for port in _ports(spec):
        key = (port.get("containerPort", 0), port.get("protocol", "") or "TCP")
        for other in earlier.setdefault(key, []):
            yield port, other
        earlier[key].append(port)


def _ports(spec: FieldRef) -> Iterator[FieldRef]:
    for container in spec.pod.all_containers:
        yield from container.children("ports")


def _host(port: FieldRef) -> tuple[Any, Any]:
    return port.get("hostIP", ""), port.get("hostPort", 0)
