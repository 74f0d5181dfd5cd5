"""What already runs in a cluster: the output of `kubectl get pods --all-namespaces -o json` or `-o yaml`."""

from __future__ import annotations

from collections.abc import Collection

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


def running_pods(
    listed: bytes, file: str, planned: Collection[tuple[str, str]]
) -> tuple[dict[str, RunningPods], list[Problem]]:
    """Return the listed pods that are on each node, by its name, and what is wrong with the list.

    Pods that are done, or belong to a DaemonSet that is `planned` (namespace, name), do not count.
    """
    items, problems = read_list(listed, file, "Pod")
    found: dict[str, list[RunningPods]] = {}
    for item in items:
        try:
            node, pod = _pod(item, planned)
        except (BadItemError, ValueError) as wrong:
            name = text(item.map("metadata").get("name"))
            said = str(wrong) if isinstance(wrong, BadItemError) else f"pod {name}: {wrong}"
            problems.append(INVALID_CLUSTER_OBJECT.at(origin_of(item), said, file=file))
            continue
        if node:
            found.setdefault(node, []).append(pod)
    together = {
        node: RunningPods(total(each.requests for each in pods), [port for each in pods for port in each.ports])
        for node, pods in found.items()
    }
    return together, problems


def _pod(item: Map, planned: Collection[tuple[str, str]]) -> tuple[str, RunningPods]:
    what = f"pod {name_of(item, 'pod')}"
    metadata, spec = map_in(item, "metadata", what), map_in(item, "spec", what)
    namespace = text(metadata.get("namespace")) or "default"
    references = maps_in(metadata, "ownerReferences", what)
    owners = [text(each.get("name")) for each in references if each.get("kind") == "DaemonSet"]
    done = map_in(item, "status", what).get("phase") in ("Succeeded", "Failed")
    if done or any((namespace, owner) in planned for owner in owners):
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
