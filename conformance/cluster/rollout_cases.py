"""Generated rollouts: a DaemonSet, its nodes, what happens to some of them, and the change."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from conformance.case import Json
from conformance.cluster.kubelets import NEVER, Kubelet

OLD: Final = "example.com/agent:1"
NEW: Final = "example.com/agent:2"
# What a node can be.
DOWN, DOWN_BEFORE, CORDONED, TAINTED, TAINTED_BEFORE = "down", "down before", "cordoned", "tainted", "tainted before"
TIGHT, UNREADY = "tight", "unready"
NUMBERS: Final = (1, 1, 2, 2, 3, "10%", "25%", "34%", "50%", "100%")
# The situations of a rollout, each with what its special nodes are; in MIXED each is something else.
MIXED: Final = "mixed"
SITUATIONS: Final = {
    "all well": "",
    "down": DOWN,
    "down, tolerated": DOWN,
    "down before": DOWN_BEFORE,
    "down before, tolerated": DOWN_BEFORE,
    "cordoned": CORDONED,
    "tainted": TAINTED,
    "never ready": "",
    "no room for two": TIGHT,
    "host port": "",
    "host port, all unready": UNREADY,
    "all unready": UNREADY,
    "some unready": UNREADY,
    "some unready, never ready": UNREADY,
    "OnDelete": UNREADY,
    MIXED: "",
    "mixed, tolerated": "",
    "mixed, never ready": "",
    "mixed, all unready": "",
    "new nodes": TAINTED_BEFORE,
    "new nodes, never ready": TAINTED_BEFORE,
}
EACH: Final = (DOWN, DOWN_BEFORE, CORDONED, TAINTED, TIGHT, UNREADY)
TAINT: Final = {"key": "later", "value": "yes", "effect": "NoSchedule"}
ROOM: Final = {"cpu": "4", "memory": "16Gi", "pods": "110"}
LITTLE_ROOM: Final = {**ROOM, "cpu": "1500m"}


@dataclass(frozen=True)
class Rollout:
    """A rollout. `nodes` are what each of them is, by its name."""

    name: str
    situation: str
    nodes: Mapping[str, frozenset[str]]
    strategy: Json
    min_ready: int
    kubelet: Kubelet

    @property
    def surge(self) -> bool:
        """Whether new pods start beside the old ones."""
        return "maxSurge" in self.strategy.get("rollingUpdate", {})

    @property
    def image(self) -> str:
        """The image of the new template."""
        return NEVER if self.situation.endswith("never ready") else NEW

    def that_are(self, *states: str) -> frozenset[str]:
        """Return the nodes that are one of `states`."""
        return frozenset(name for name, own in self.nodes.items() if own & {*states})

    def kubelet_of(self, node: str) -> Kubelet:
        """Return the kubelet of a node."""
        never = OLD if UNREADY in self.nodes[node] else NEVER
        return Kubelet(self.kubelet.start_up, self.kubelet.shut_down, never)

    def allocatable(self, node: str) -> Json:
        """Return what a node has for pods."""
        return LITTLE_ROOM if TIGHT in self.nodes[node] else ROOM

    def daemonset(self, image: str) -> Json:
        """Return the DaemonSet."""
        container: Json = {"name": "agent", "image": image, "resources": {"requests": {"cpu": "1"}}}
        if self.situation.startswith("host port"):
            container["ports"] = [{"containerPort": 8080, "hostPort": 8080}]
        pod: Json = {"nodeSelector": {"rollout": self.name}, "containers": [container]}
        if self.situation.endswith("tolerated"):
            pod["tolerations"] = [{"operator": "Exists"}]
        if self.situation.startswith("new nodes") and image != OLD:
            pod["tolerations"] = [{"key": TAINT["key"], "operator": "Exists"}]
        labels = {"app": self.name}
        template = {"metadata": {"labels": labels}, "spec": pod}
        spec = {"selector": {"matchLabels": labels}, "template": template, "updateStrategy": self.strategy}
        spec |= {"minReadySeconds": self.min_ready} if self.min_ready else {}
        metadata = {"name": self.name, "namespace": "default"}
        return {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": metadata, "spec": spec}


def rollouts(count: int, seed: int) -> Iterator[Rollout]:
    """Yield `count` rollouts; all situations are equally frequent."""
    chance = random.Random(seed)
    for number in range(count):
        name, situation = f"r{number}", [*SITUATIONS][number % len(SITUATIONS)]
        names = [f"{name}-{each}" for each in range(chance.randint(5, 8))]
        special = chance.sample(names, chance.randint(1, 3))
        nodes = {each: frozenset({SITUATIONS[situation]} if each in special else ()) for each in names}
        if situation.startswith(MIXED):
            nodes |= {each: frozenset(chance.choices(EACH, k=2)) for each in special}
        if situation.endswith("all unready"):
            nodes = {each: own | {UNREADY} for each, own in nodes.items()}
        field = "maxSurge" if chance.random() < 0.4 else "maxUnavailable"
        if situation.startswith(("no room for two", "host port")):
            field = "maxSurge"
        limits = {field: chance.choice(NUMBERS), **({"maxUnavailable": 0} if field == "maxSurge" else {})}
        strategy = {"type": "RollingUpdate", "rollingUpdate": limits}
        if situation == "OnDelete":
            strategy = {"type": "OnDelete"}
        kubelet = Kubelet(chance.choice((0.2, 1)), chance.choice((0.1, 1)))
        yield Rollout(name, situation, nodes, strategy, chance.choice((0, 0, 1, 2)), kubelet)
