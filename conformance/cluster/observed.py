"""What a rollout does, from the changes of its pods in the order of the API server."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from conformance.case import Json


@dataclass(frozen=True)
class Pod:
    """A pod: its node, image, whether it is about to end, and since when it is ready (0: it is not)."""

    node: str
    image: str
    ends: bool
    ready: float

    def available(self, min_ready: int, now: float) -> bool:
        """Return whether the controller takes it for available."""
        return bool(self.ready) and (not min_ready or self.ready + min_ready < now)


@dataclass
class Observed:
    """The pods of one DaemonSet, by their UIDs. From `change` on, the most nodes at once on which one is being replaced by `image`."""

    min_ready: int
    pods: dict[str, Pod] = field(default_factory=dict)
    image: str = ""
    nodes: frozenset[str] = frozenset()
    at_once: int = 0
    replaced: set[str] = field(default_factory=set)
    last: float = 0
    _before: frozenset[str] = frozenset()

    def change(self, image: str, nodes: Collection[str]) -> None:
        """Begin to count on `nodes`."""
        self.image, self.nodes, self.last = image, frozenset(nodes), time.time()
        self._before = frozenset(pod.node for pod in self.pods.values()) & self.nodes

    def see(self, kind: str, uid: str, pod: Pod, now: float) -> None:
        """Note a change of a pod."""
        if kind == "DELETED":
            self.pods.pop(uid, None)
        elif self.pods.get(uid) == pod:
            return
        else:
            self.pods[uid] = pod
        self.last = now
        if self.image:
            going = self.begun() - self.finished(now)
            self.replaced |= going
            self.at_once = max(self.at_once, len(going))

    def begun(self) -> frozenset[str]:
        """The nodes whose old pod is about to end or has ended, or that have a new one."""
        live = [pod for pod in self.pods.values() if not pod.ends]
        new = {pod.node for pod in live if pod.image == self.image}
        return (self._before - {pod.node for pod in live if pod.image != self.image}) | (new & self._before)

    def finished(self, now: float) -> frozenset[str]:
        """The nodes whose new pod is available."""
        new = [pod for pod in self.pods.values() if pod.image == self.image and not pod.ends]
        return frozenset(pod.node for pod in new if pod.available(self.min_ready, now)) & self.nodes

    def old(self, nodes: Collection[str]) -> frozenset[str]:
        """The nodes among `nodes` that still have an old pod."""
        return frozenset(pod.node for pod in self.pods.values() if pod.image != self.image and pod.node in nodes)


class Observer:
    """All DaemonSets."""

    def __init__(self) -> None:
        self._known: dict[str, Observed] = {}
        self.lock = threading.RLock()

    def of(self, name: str, min_ready: int = 0) -> Observed:
        """Return what is observed of a DaemonSet."""
        with self.lock:
            return self._known.setdefault(name, Observed(min_ready))

    def __call__(self, kind: str, pod: Json) -> None:
        """Note a change of a pod."""
        metadata, spec = pod["metadata"], pod["spec"]
        name = metadata.get("labels", {}).get("app")
        if name:
            ends = "deletionTimestamp" in metadata
            seen = Pod(_node(spec), spec["containers"][0]["image"], ends, _ready(pod))
            with self.lock:
                self.of(name).see(kind, metadata["uid"], seen, time.time())


def _node(spec: Json) -> str:
    """Return the node that a pod is on, or meant for."""
    if "nodeName" in spec:
        return str(spec["nodeName"])
    terms = spec["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
    return str(terms[0]["matchFields"][0]["values"][0])


def _ready(pod: Json) -> float:
    conditions: list[Any] = pod.get("status", {}).get("conditions", [])
    since = [each["lastTransitionTime"] for each in conditions if each["type"] == "Ready" and each["status"] == "True"]
    return datetime.fromisoformat(since[0].replace("Z", "+00:00")).timestamp() if since else 0
