"""Generated rollouts: a DaemonSet, its nodes, what happens to some of them, and the change."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from conformance.case import Json
from conformance.cluster.kubelets import NEVER, Kubelet

OLD: Final = "example.com/agent:1"
NEW: Final = "example.com/agent:2"
NUMBERS: Final = (1, 1, 2, 2, 3, "10%", "25%", "34%", "50%", "100%")
SITUATIONS: Final = (
    "all well",
    "down",
    "down with a toleration",
    "down before",
    "down before with a toleration",
    "cordoned",
    "tainted",
    "never ready",
    "no room for two",
    "host port",
    "all unready",
    "some unready",
    "some unready, never ready",
    "OnDelete",
)
ROOM: Final = {"cpu": "4", "memory": "16Gi", "pods": "110"}
TIGHT: Final = {**ROOM, "cpu": "1500m"}


@dataclass(frozen=True)
class Rollout:
    """A rollout. The situation is that of the nodes in `special`; `kubelet` is that of the others."""

    name: str
    situation: str
    nodes: tuple[str, ...]
    special: frozenset[str]
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

    @property
    def unready(self) -> frozenset[str]:
        """The nodes on which old pods never become ready, although they are up."""
        if self.situation == "all unready":
            return frozenset(self.nodes)
        return self.special if self.situation.startswith("some unready") else frozenset()

    def kubelet_of(self, node: str) -> Kubelet:
        """Return the kubelet of a node."""
        never = OLD if node in self.unready else NEVER
        return Kubelet(self.kubelet.start_up, self.kubelet.shut_down, never)

    def allocatable(self, node: str) -> Json:
        """Return what a node has for pods."""
        return TIGHT if self.situation == "no room for two" and node in self.special else ROOM

    def daemonset(self, image: str) -> Json:
        """Return the DaemonSet."""
        container: Json = {"name": "agent", "image": image, "resources": {"requests": {"cpu": "1"}}}
        if self.situation == "host port":
            container["ports"] = [{"containerPort": 8080, "hostPort": 8080}]
        pod: Json = {"nodeSelector": {"rollout": self.name}, "containers": [container]}
        if self.situation.endswith("with a toleration"):
            pod["tolerations"] = [{"operator": "Exists"}]
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
        name, situation = f"r{number}", SITUATIONS[number % len(SITUATIONS)]
        nodes = tuple(f"{name}-{each}" for each in range(chance.randint(5, 8)))
        special = frozenset(chance.sample(nodes, chance.randint(1, 3)))
        field = "maxSurge" if chance.random() < 0.4 else "maxUnavailable"
        if situation in ("no room for two", "host port"):
            field = "maxSurge"
        limits = {field: chance.choice(NUMBERS), **({"maxUnavailable": 0} if field == "maxSurge" else {})}
        strategy = {"type": "RollingUpdate", "rollingUpdate": limits}
        if situation == "OnDelete":
            strategy = {"type": "OnDelete"}
        kubelet = Kubelet(chance.choice((0.2, 1)), chance.choice((0.1, 1)))
        yield Rollout(name, situation, nodes, special, strategy, chance.choice((0, 0, 1, 2)), kubelet)
