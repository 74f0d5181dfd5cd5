"""What already runs in a cluster: the output of `kubectl get pods --all-namespaces -o json` or `-o yaml`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from dsgen.kubernetes.scheduling.kubectl_lists import (
    INVALID_CLUSTER_OBJECT,
    BadItemError,
    map_in,
    maps_in,
    name_of,
    read_list,
)
from dsgen.kubernetes.scheduling.node_selection import text
from dsgen.kubernetes.scheduling.pod_requests import Amounts, HostPort, host_ports, requests, total
from dsgen.kubernetes.schema.quantity import Quantity
from dsgen.problem import Problem
from dsgen.record import Record
from dsgen.tree import Map, origin_of


class RunningPods(Record):
    """The pods that are on a node: what they request together, and the host ports of each, which is `NAMESPACE/NAME`."""

    requests: Amounts
    ports: list[tuple[str, HostPort]]


class OwnPod(Record):
    """A pod of a planned DaemonSet, and whether it is ready."""

    pod: RunningPods
    is_ready: bool


class Running(Record):
    """The pods of a cluster: of each node by its name what is on it, and of each planned DaemonSet (namespace, name) its pod on each node."""

    others: Mapping[str, RunningPods]
    own: Mapping[tuple[str, str], Mapping[str, OwnPod]]


def running_pods(listed: bytes, file: str, planned: Collection[tuple[str, str]]) -> tuple[Running, list[Problem]]:
    """Return the listed pods that are on nodes, and what is wrong with the list. `planned` are the namespaces and names of DaemonSets.

    Pods that are done do not count.
    """
    items, problems = read_list(listed, file, "Pod")
    found: dict[str, list[RunningPods]] = {}
    own: dict[tuple[str, str], dict[str, OwnPod]] = {}
    for item in items:
        try:
            node, pod = _pod(item)
            owner = next((each for each in _owners(item) if each in planned), None)
        except (BadItemError, ValueError) as wrong:
            name = text(item.map("metadata").get("name"))
            said = str(wrong) if isinstance(wrong, BadItemError) else f"pod {name}: {wrong}"
            problems.append(INVALID_CLUSTER_OBJECT.at(origin_of(item), said, file=file))
            continue
        if node and owner is None:
            found.setdefault(node, []).append(pod)
        elif node and owner is not None and not item.map("metadata").get("deletionTimestamp"):
            before = own.setdefault(owner, {}).get(node)
            own[owner][node] = OwnPod(pod, _is_ready(item) or (before is not None and before.is_ready))
    return Running({node: together(pods) for node, pods in found.items()}, own), problems


def together(pods: Iterable[RunningPods | None]) -> RunningPods:
    """Return the pods of one node as one."""
    known = [each for each in pods if each is not None]
    return RunningPods(total(each.requests for each in known), [port for each in known for port in each.ports])


def _owners(item: Map) -> Iterator[tuple[str, str]]:
    """Yield the namespace and the name of each DaemonSet that owns a pod."""
    metadata = item.map("metadata")
    namespace = text(metadata.get("namespace")) or "default"
    for each in maps_in(metadata, "ownerReferences", "a pod"):
        if each.get("kind") == "DaemonSet":
            yield namespace, text(each.get("name"))


def _is_ready(item: Map) -> bool:
    conditions = maps_in(item.map("status"), "conditions", "a pod")
    return any(each.get("type") == "Ready" and each.get("status") == "True" for each in conditions)


def _pod(item: Map) -> tuple[str, RunningPods]:
    what = f"pod {name_of(item, 'pod')}"
    metadata, spec = map_in(item, "metadata", what), map_in(item, "spec", what)
    namespace = text(metadata.get("namespace")) or "default"
    for holder, name in ((metadata, "ownerReferences"), (status := map_in(item, "status", what), "conditions")):
        maps_in(holder, name, what)
    if status.get("phase") in ("Succeeded", "Failed"):
        return "", RunningPods({}, [])
    for kind in ("initContainers", "containers"):
        for container in maps_in(spec, kind, what):
            map_in(map_in(container, "resources", what), "requests", what)
            for port in maps_in(container, "ports", what):
                wrong = next(
                    (key for key in ("hostPort", "containerPort") if not isinstance(port.get(key, 0), int)), None
                )
                if wrong:
                    raise BadItemError(f"`{wrong}` of {what} is {port[wrong]!r}, not a number")
    amounts = total([requests(spec), {"pods": Quantity(1, text="1")}])
    name = f"{namespace}/{text(metadata.get('name'))}"
    return text(spec.get("nodeName")), RunningPods(amounts, [(name, port) for port in host_ports(spec)])
