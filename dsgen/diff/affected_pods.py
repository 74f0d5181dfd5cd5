"""On which nodes the pods of a DaemonSet restart, start and stop."""

from __future__ import annotations

from collections.abc import Sequence

from dsgen.kubernetes.apply.allotted import is_live
from dsgen.kubernetes.scheduling.placement import Decision, Node, Placement
from dsgen.kubernetes.schema.decode import identify
from dsgen.record import Record
from dsgen.tree import Map


class AffectedPods(Record):
    """The nodes on which a DaemonSet's pods restart, start and stop.

    `others` more pods stop on some nodes that got a taint after the pods, if it is not known on which.
    """

    restart: list[str]
    start: list[str]
    stop: list[str]
    others: int = 0


def affected_pods(
    old: Map | None, new: Map | None, replaced: bool, nodes: Sequence[Node] | None
) -> AffectedPods | None:
    """Return what pods do. A running pod stays even if it could no longer be created, unless all pods are `replaced`."""
    if nodes is None or identify(new or old).type != "DaemonSet":
        return None
    before, after = (Placement(root) if root is not None else None for root in (old, new))
    result = AffectedPods([], [], [])
    stayed: list[tuple[Node, Decision]] = []
    placed = 0
    for node in nodes:
        was = before.decide(node) if before is not None else Decision(False, False)
        will = after.decide(node) if after is not None else Decision(False, False)
        placed += was.runs
        if was.runs and will.runs:
            result.restart.extend([node.name] * replaced)
        elif was.runs and (replaced or not will.stays):
            result.stop.append(node.name)
        elif not was.runs and was.stays:
            stayed.append((node, will))
        elif will.runs:
            result.start.append(node.name)
    # The status shows whether pods still are on nodes where none would be created.
    left = max(_running(old) - placed, 0) if old is not None and is_live(old) else 0
    stopping = [(node, will) for node, will in stayed if not will.runs and (replaced or not will.stays)]
    starting = [node.name for node, will in stayed if will.runs]
    if left == len(stayed) and left:
        result.stop.extend(node.name for node, _ in stopping)
        result.restart.extend(starting if replaced else ())
    elif left and len(stopping) == len(stayed):
        result = result._replace(others=left)
    else:
        result.start.extend(starting)
    return result


def _running(old: Map) -> int:
    """Return the number of nodes with a pod, by the status of a DaemonSet in a cluster, which may be from before a taint."""
    numbers = (old.map("status").get(name) for name in ("currentNumberScheduled", "numberMisscheduled"))
    return sum(int(each) for each in numbers if isinstance(each, int))


def pod_count(old: Map) -> int | None:
    """Return the number of pods of a live workload."""
    status = old.map("status")
    number = status.get("desiredNumberScheduled", status.get("replicas"))
    return int(number) if isinstance(number, int) else None
