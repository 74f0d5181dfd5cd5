"""Ports that conflict with each other. The server only warns about them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

LOADED_FOR: Final = ("ports",)

SOURCE = "pkg/api/pod: warningsForPodSpecAndMeta"
# So many pairs of ports are looked at. The server warns of as many as there are: the square of the number of containers.
MOST: Final = 1_000


@rule("container.ports", source=SOURCE, severity="warning")
def ineffective_host_ip(port: FieldRef) -> Iterator[FieldError]:
    """A `hostIP` has no effect without a `hostPort`."""
    if port.get("hostIP", "") and not port.get("hostPort", 0):
        yield port.warning((), "`hostIP` has no effect without `hostPort`")


@rule("pod", source=SOURCE, severity="warning")
def duplicate_port(spec: FieldRef) -> Iterator[FieldError]:
    """The pair of number and protocol of a port should be unique, because the containers of a pod share one network.
    Server-side apply rejects a duplicate in one container (`duplicate-entry`).
    """
    for port, other in _pairs(spec):
        if _host(port) == _host(other):
            yield port.warning((), f"the same port as {other.field}")


@rule("pod", source=SOURCE, severity="warning")
def overlapping_port(spec: FieldRef) -> Iterator[FieldError]:
    """A port with a `hostPort` and the same port without one are the same port of the pod. Write it once."""
    for port, other in _pairs(spec):
        if _host(port) != _host(other) and not (port.get("hostPort", 0) and other.get("hostPort", 0)):
            yield port.warning((), f"overlaps with {other.field}")


@rule("pod", source=SOURCE, severity="warning")
def ambiguous_host_port(spec: FieldRef) -> Iterator[FieldError]:
    """Two equal host ports should both have a `hostIP`. Without one, a port is open on every address."""
    for port, other in _pairs(spec):
        (ip, number), (other_ip, other_number) = _host(port), _host(other)
        if number and number == other_number and bool(ip) != bool(other_ip):
            yield port.warning((), f"conflicts with {other.field}: set `hostIP` on both")


@rule("pod", source=SOURCE, severity="warning")
def duplicate_port_name(spec: FieldRef) -> Iterator[FieldError]:
    """The names of ports should be unique in the pod. Services and probes that refer to a name use the first port."""
    taken: dict[str, FieldRef] = {}
    for port in _ports(spec):
        name = port.get("name", "")
        if name in taken:
            yield port.warning((), f"{name!r} is also the name of {taken[name].field}, which is used instead")
        elif name:
            taken[name] = port


def _pairs(spec: FieldRef) -> Iterator[tuple[FieldRef, FieldRef]]:
    """Yield each pair of ports with the same number and protocol, the later one first; at most `MOST` pairs."""
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
