"""Clusters that run the same agents, with the differences that clusters have: made of one manifest, by chance."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

import yaml

MIRROR = "mirror.example.com/"
LABEL = "example.com/pool"


def clusters(manifests: list[dict[str, Any]], seed: int, names: tuple[str, ...]) -> dict[str, list[dict[str, Any]]]:
    """Return the manifests as each cluster has them."""
    chance = random.Random(seed)
    return {name: _changed(manifests, chance, plain=number == 0) for number, name in enumerate(names)}


def text(manifests: list[dict[str, Any]]) -> str:
    """Return manifests as a stream."""
    return yaml.safe_dump_all(manifests, sort_keys=False)


def _changed(manifests: list[dict[str, Any]], chance: random.Random, plain: bool) -> list[dict[str, Any]]:
    changed = copy.deepcopy(manifests)
    mirrored, namespace = chance.random() < 0.6, chance.random() < 0.4
    for root in changed if not plain else ():
        if namespace:
            _in_namespace(root, "cluster-agents")
        if root["kind"] != "DaemonSet":
            continue
        pod = root["spec"]["template"]["spec"]
        for container in _containers(pod):
            _change_container(container, chance, mirrored)
        if chance.random() < 0.4:
            pod.setdefault("nodeSelector", {})[LABEL] = chance.choice(["blue", "green"])
        if chance.random() < 0.4:
            pod.setdefault("tolerations", []).append({"key": "dedicated", "operator": "Exists"})
        if chance.random() < 0.3:
            root["metadata"].setdefault("labels", {})["team"] = chance.choice(["a", "b"])
    return changed


def _containers(pod: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for group in ("initContainers", "containers"):
        yield from pod.get(group) or ()


def _change_container(container: dict[str, Any], chance: random.Random, mirrored: bool) -> None:
    image = container.get("image", "")
    if chance.random() < 0.3 and ":" in image.rpartition("/")[2] and "@" not in image:
        image = image.rpartition(":")[0] + ":v9"
    if mirrored and "." in image.partition("/")[0] and "/" in image:
        image = MIRROR + image
    if chance.random() < 0.2 and ":" in image.rpartition("/")[2] and "@" not in image:
        image += "@sha256:" + f"{chance.randrange(16**8):08x}" * 8
    container["image"] = image
    if chance.random() < 0.5:
        container.setdefault("resources", {}).setdefault("requests", {})["cpu"] = chance.choice(["5m", "10m"])
    if chance.random() < 0.4:
        container.setdefault("env", container.get("env") or []).append(
            {"name": "LOG_LEVEL", "value": chance.choice(["debug", "warn"])}
        )
    if chance.random() < 0.2 and container.get("args"):
        container["args"].append("--verbose")


def _in_namespace(root: dict[str, Any], namespace: str) -> None:
    """Move an object, and the accounts that a binding refers to, to a namespace."""
    if root["metadata"].get("namespace"):
        root["metadata"]["namespace"] = namespace
    for subject in root.get("subjects") or ():
        if subject.get("namespace"):
            subject["namespace"] = namespace
