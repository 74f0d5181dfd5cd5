"""What one pod needs from its node: resources, as the scheduler counts them, and ports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from dsgen.kubernetes.scheduling.node_selection import text
from dsgen.kubernetes.schema import fields, quantity
from dsgen.kubernetes.schema.fields import minor_number
from dsgen.kubernetes.schema.quantity import ZERO, Quantity
from dsgen.record import Record
from dsgen.tree import Map, Path, as_map

Amounts = dict[str, Quantity]


class HostPort(Record):
    """A host port of a container; `path` is its path in the pod's spec. An empty `ip` is every address, as `0.0.0.0` is for the scheduler
    (DefaultBindAllHostIP in k8s.io/kube-scheduler); `::` is an address like any other.
    """

    port: int
    protocol: str
    ip: str
    path: Path = ()

    def clashes(self, other: HostPort) -> bool:
        """Return whether two pods on one node cannot have both ports."""
        same = (self.port, self.protocol) == (other.port, other.protocol)
        return same and (self.ip == other.ip or not self.ip or not other.ip)

    def __str__(self) -> str:
        return f"{self.ip}{self.ip and ':'}{self.port}/{self.protocol}"


def requests(pod: Map) -> Amounts:
    """Return what the scheduler reserves for a (decoded) pod spec: each resource, defaulted from limits as on creation."""
    own = _resources(pod, "requests")
    counted = _effective(
        pod, lambda container: {**_resources(container, "limits"), **_resources(container, "requests")}
    )
    whole = {name: value for name, value in _resources(pod, "limits").items() if name not in counted}
    return total([{**counted, **whole, **own}, _quantities(pod.get("overhead"))])


def template_requests(pod: Map, with_limits: bool) -> Amounts:
    """Return what a (decoded) pod spec requests before the API server has applied the defaults of a pod to it.

    `with_limits` means that limits of containers count where there are no requests; limits of the pod never do.
    """

    def of(container: Map) -> Amounts:
        own = _resources(container, "requests")
        return {**_resources(container, "limits"), **own} if with_limits else own

    return total([{**_effective(pod, of), **_resources(pod, "requests")}, _quantities(pod.get("overhead"))])


def limits(pod: Map, minor: str = fields.DEFAULT) -> Amounts:
    """Return what a (decoded) pod spec may use at most: the resources for which there is a limit for every container.

    Since 1.37, the server gives a pod that has requests of its own limits that are not below these, if every container, init containers
    included, has limits (pkg/api/pod: DefaultPodLevelResources).
    """
    own = _resources(pod, "limits")
    running = (each for kind, _, each in _containers(pod) if kind == "containers" or _is_sidecar(each))
    stated = [set(_resources(container, "limits")) for container in running]
    counted = _effective(pod, lambda container: _resources(container, "limits"))
    limited = {name: value for name, value in counted.items() if all(name in names for names in stated)}
    if minor_number(minor) >= 37:
        every = [set(_resources(container, "limits")) for _, _, container in _containers(pod)]
        raised = {
            name: value for name, value in _resources(pod, "requests").items() if all(name in each for each in every)
        }
        limited = {name: max(value, raised.get(name, ZERO)) for name, value in limited.items()}
    overhead = _quantities(pod.get("overhead"))
    of_pod = {**limited, **own}
    return total([of_pod, {name: value for name, value in overhead.items() if name in of_pod}])


def total(amounts: Iterable[Mapping[str, Quantity]]) -> Amounts:
    """Return the sum of amounts, resource by resource."""
    result: Amounts = {}
    for each in amounts:
        for name, value in each.items():
            result[name] = result[name] + value if name in result else value
    return result


def host_ports(pod: Map) -> list[HostPort]:
    """Return the host ports of a (decoded) pod spec. With `hostNetwork`, every port is one."""
    found = []
    for kind, index, container in _containers(pod):
        if kind == "initContainers" and not _is_sidecar(container):
            continue
        ports: Any = container.get("ports") or ()
        for number, port in enumerate(ports):
            taken = port.get("hostPort") or (port.get("containerPort") if pod.get("hostNetwork") else 0)
            if taken:
                ip = text(port.get("hostIP"))
                path = (kind, index, "ports", number)
                protocol = text(port.get("protocol")) or "TCP"
                found.append(HostPort(int(taken), protocol, "" if ip == "0.0.0.0" else ip, path))
    return found


def _effective(pod: Map, of: Callable[[Map], Amounts]) -> Amounts:
    """Return the sum over what runs at one time: the containers, or an init container and the sidecars before it."""
    containers: list[Amounts] = []
    sidecars: list[Amounts] = []
    starting: list[Amounts] = []
    for kind, _, container in _containers(pod):
        own = of(container)
        if kind == "containers":
            containers.append(own)
        elif _is_sidecar(container):
            sidecars.append(own)
        else:
            starting.append(total([*sidecars, own]))
    running = total([*containers, *sidecars])
    names = dict.fromkeys(name for each in (running, *starting) for name in each)
    return {name: max(each.get(name, ZERO) for each in (running, *starting)) for name in names}


def _containers(pod: Map) -> Iterator[tuple[str, int, Map]]:
    for kind in ("initContainers", "containers"):
        containers: Any = pod.get(kind) or ()
        for index, container in enumerate(containers):
            yield kind, index, container


def _is_sidecar(container: Map) -> bool:
    return container.get("restartPolicy") == "Always"


def _resources(holder: Map, name: str) -> Amounts:
    return _quantities(holder.map("resources").get(name))


def _quantities(stated: object) -> Amounts:
    return {str(name): quantity.parse(value).rounded() for name, value in as_map(stated).items()}
