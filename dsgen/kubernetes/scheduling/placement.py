"""On which nodes the DaemonSet controller creates a pod, and why not on the others (pkg/controller/daemon)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from dsgen.kubernetes.scheduling.instance_types import AUTOSCALERS
from dsgen.kubernetes.scheduling.node_selection import selection, text
from dsgen.kubernetes.schema.paths import POD
from dsgen.kubernetes.schema.quantity import Quantity
from dsgen.origin import Origin
from dsgen.record import Record
from dsgen.traversal import locate, value_at
from dsgen.tree import Map, Path, as_map

BLOCKING_EFFECTS: Final = ("NoSchedule", "NoExecute")
# What the controller adds to every pod (AddOrUpdateDaemonPodTolerations).
_CONDITIONS: Final = ("disk-pressure", "memory-pressure", "pid-pressure", "unschedulable")


class Taint(Record):
    """A taint of a node."""

    key: str
    value: str
    effect: str

    def __str__(self) -> str:
        return f"{self.key}{self.value and '='}{self.value}:{self.effect}"


class Toleration(Record):
    """What a pod tolerates."""

    key: str
    operator: str
    value: str
    effect: str

    def covers(self, taint: Taint) -> bool:
        """Return whether it tolerates `taint`. `Gt` and `Lt` tolerate nothing: their feature gate is off in every version so far."""
        if (self.effect and self.effect != taint.effect) or (self.key and self.key != taint.key):
            return False
        return self.operator == "Exists" or (self.operator in ("", "Equal") and self.value == taint.value)


class InstanceType(Record):
    """An instance type of a pool: the labels of the pool and its own, each of these with all values that it can have.

    `later` are the labels that a node only gets when it runs.
    """

    pool: str
    name: str
    pool_labels: Mapping[str, str] = MappingProxyType({})
    labels: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    taints: tuple[Taint, ...] = ()
    allocatable: Mapping[str, Quantity] = MappingProxyType({})
    autoscalers: tuple[str, ...] = tuple(AUTOSCALERS)
    later: frozenset[str] = frozenset()


class Node(Record):
    """A node. The controller uses its name, labels and taints; `allocatable` is empty if unknown, and the features that it `declares` are None.

    `instance_type` is set in pools that an autoscaler extends. `attachable` are the driver of each known StorageClass, and how many of its volumes
    can be attached to the node, if it sets a limit.
    """

    name: str
    labels: Mapping[str, str]
    taints: tuple[Taint, ...] = ()
    pool: str = ""
    allocatable: Mapping[str, Quantity] = MappingProxyType({})
    ready: bool = True
    declares: frozenset[str] | None = None
    instance_type: InstanceType | None = None
    attachable: Mapping[str, tuple[str, int]] = MappingProxyType({})


class Decision(Record):
    """Whether a pod is created on a node, and whether one that is there stays; the first `reason` against it.

    `path` is the place of the condition in the DaemonSet.
    """

    runs: bool
    stays: bool
    reason: str = ""
    path: Path = ()


class Placement:
    """The controller's decisions for one (decoded) DaemonSet."""

    def __init__(self, root: Map) -> None:
        pod = root.map("spec", "template", "spec")
        self.selection = selection(pod)
        self.tolerations = tuple(tolerations(pod))
        self.node_name = text(pod.get("nodeName"))
        asked = [each for term in self.selection.alternatives for each in term]
        self._labels = tuple(dict.fromkeys(each.key for each in asked if not each.is_field))
        self._by_name = bool(self.node_name) or any(each.is_field for each in asked)
        # Nodes that are alike in what matters share their decision.
        self._known: dict[tuple[object, ...], Decision] = {}

    def decide(self, node: Node) -> Decision:
        """Return the controller's decision for `node`."""
        key = (node.taints, node.name if self._by_name else "", *map(node.labels.get, self._labels))
        decision = self._known.get(key)
        if decision is None:
            decision = self._known[key] = self._decide(node)
        return decision

    def _decide(self, node: Node) -> Decision:
        if self.node_name and self.node_name != node.name:
            reason = f"the node's name is {node.name}, required: {self.node_name}"
            return Decision(False, False, reason, (*POD, "nodeName"))
        reason, path = self.selection.failure(node.labels, node.name)
        if reason:
            return Decision(False, False, reason, (*POD, *path))
        intolerable = [taint for taint in node.taints if taint.effect in BLOCKING_EFFECTS and not self.tolerates(taint)]
        if not intolerable:
            return Decision(True, True)
        evicted = any(taint.effect == "NoExecute" for taint in intolerable)
        reason = f"taint {intolerable[0]} is not tolerated"
        return Decision(False, not evicted, reason, (*POD, "tolerations"))

    def tolerates(self, taint: Taint) -> bool:
        """Return whether the pods tolerate `taint`."""
        return any(toleration.covers(taint) for toleration in self.tolerations)


def origin_at(root: Map, path: Path) -> Origin | None:
    """Return the origin of a value in a DaemonSet; if it is unset, that of the DaemonSet's name."""
    return locate(root, path if value_at(root, path) is not None else ("metadata", "name"))


def own_tolerations(pod: Map) -> Iterable[Toleration]:
    """Yield the tolerations that the (decoded) pod spec `pod` sets."""
    stated: Any = pod.get("tolerations") or ()
    for each in stated:
        yield Toleration(*(text(as_map(each).get(name)) for name in Toleration._fields))


def tolerations(pod: Map) -> Iterable[Toleration]:
    """Yield what the pods of the (decoded) pod spec `pod` tolerate: its own tolerations, and those that the controller adds."""
    yield from own_tolerations(pod)
    for name in ("not-ready", "unreachable"):
        yield Toleration(f"node.kubernetes.io/{name}", "Exists", "", "NoExecute")
    for name in (*_CONDITIONS, "network-unavailable") if pod.get("hostNetwork") else _CONDITIONS:
        yield Toleration(f"node.kubernetes.io/{name}", "Exists", "", "NoSchedule")
