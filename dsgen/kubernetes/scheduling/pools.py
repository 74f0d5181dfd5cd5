"""Pools: the nodes of a cluster that does not exist yet, or should not be queried.

pools:
  gpu:
    count: 20
    labels: {example.com/gpu: a100}
    taints: ["dedicated=gpu:NoSchedule"]
    allocatable: {cpu: 31, memory: 120Gi, pods: 110}
    down: 1
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final

from dsgen.kubernetes.scheduling.placement import Node, Taint
from dsgen.kubernetes.schema import formats, quantity
from dsgen.kubernetes.schema.quantity import Quantity
from dsgen.kubernetes.schema.words import HOSTNAME, TAINT_EFFECTS
from dsgen.problem import Problem, code, did_you_mean
from dsgen.source import describe, read
from dsgen.tree import List, Map, Null, Text, Value, origin_of

INVALID_NODE_POOL = code(
    "invalid-node-pool",
    """A file of pools must have `pools`, a map by name. A pool can have a `count` of nodes, their `labels`, `taints`
    (`KEY=VALUE:EFFECT` or Kubernetes' form), what is `allocatable` on each, and how many are usually `down`.""",
)
# The keys of a pool, all optional: the description and an example of each.
KEYS: Final = {
    "count": ("How many nodes the pool has. Default: 1.", "count: 20"),
    "labels": ("Labels of its nodes, beyond those that the kubelet sets.", "labels: {example.com/gpu: a100}"),
    "taints": (
        "Taints of its nodes: KEY=VALUE:EFFECT, KEY:EFFECT, or Kubernetes' form.",
        'taints: ["dedicated=gpu:NoSchedule"]',
    ),
    "allocatable": ("What pods can request of each node.", "allocatable: {cpu: 31, memory: 120Gi, pods: 110}"),
    "down": ("How many of the nodes are usually down. Default: 0.", "down: 1"),
}
MAX_NODES: Final = 100_000
# What the kubelet sets on every node, unless the pool says otherwise.
LABELS: Final = {"kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64"}


def is_pools(text: bytes) -> bool:
    """Return whether a text looks like a file of pools."""
    return re.search(rb"^pools[ \t]*:", text, re.MULTILINE) is not None


def read_pools(text: bytes, file: str) -> tuple[list[Node], list[Problem]]:
    """Return the nodes of the pools in a file, named `POOL-1` and so on, and what is wrong with it."""
    root, problems = read(text, file)
    if root is None:
        return [], problems
    reader = _Reader(problems)
    stated = reader.map(root, "a file of pools", ("pools",)).get("pools")
    nodes: list[Node] = []
    for name, pool in reader.map(stated, "`pools`").items() if stated is not None else ():
        if any(formats.dns_subdomain(name)):
            reader.wrong(name, f"`{name}` is not valid in the name of a node", "use lower case letters, digits and `-`")
        nodes += reader.pool(name, reader.map(pool, f"the pool `{name}`", KEYS), MAX_NODES - len(nodes))
    return ([], problems) if problems else (nodes, [])


class _Reader:
    """Reads parts of a file of pools, and records what is wrong with them."""

    def __init__(self, problems: list[Problem]) -> None:
        self._problems = problems

    def wrong(self, value: object, found: str, hint: str = "") -> None:
        self._problems.append(INVALID_NODE_POOL.at(origin_of(value), found, hint=hint))

    def map(self, value: Value | None, what: str, keys: Collection[str] = ()) -> Map:
        if isinstance(value, Null) or value is None:
            return Map()
        if not isinstance(value, Map):
            hint = "write a map by name: `pools: {general: {count: 10}}`" if what == "`pools`" else ""
            self.wrong(value, f"{what} must be a map, got {describe(value)}", hint)
            return Map()
        for key in value:
            if keys and key not in keys:
                hint = did_you_mean(key, keys) or f"expected {', '.join(keys)}"
                self.wrong(key, f"unknown key `{key}` in {what}", hint)
        return value

    def pool(self, name: str, pool: Map, most: int) -> Iterator[Node]:
        count, down = self._number(pool, "count", 1), self._number(pool, "down", 0)
        if count > most:
            self.wrong(pool.get("count"), f"more than {MAX_NODES} nodes in total")
            return
        if down > count:
            self.wrong(pool["down"], f"{down} nodes are down of {count}")
        labels = self._labels(self.map(pool.get("labels"), "`labels`"))
        taints = tuple(self._taints(pool.get("taints")))
        allocatable = dict(self._quantities(self.map(pool.get("allocatable"), "`allocatable`")))
        for index in range(count):
            own = f"{name}-{index + 1}"
            yield Node(own, {HOSTNAME: own, **labels}, taints, name, allocatable, index >= down)

    def _number(self, pool: Map, name: str, default: int) -> int:
        value = pool.get(name)
        if value is None:
            return default
        if not isinstance(value, Text) or not re.fullmatch("0|[1-9][0-9]{0,8}", value, re.ASCII):
            self.wrong(value, f"`{name}` is {describe(value)}, not a whole number, 0 or more")
            return 0
        return int(value)

    def _labels(self, stated: Map) -> dict[str, str]:
        for key, value in stated.items():
            text = value if isinstance(value, str) else ""
            wrong = [] if isinstance(value, str) else [f"{describe(value)} is not a string"]
            for message in (*formats.label_key(key), *wrong, *formats.label_value(text)):
                self.wrong(value, f"label `{key}`: {message}")
        return {**LABELS, **{str(key): str(value) for key, value in stated.items()}}

    def _taints(self, stated: Value | None) -> Iterator[Taint]:
        if stated is None or isinstance(stated, Null):
            return
        if not isinstance(stated, List):
            self.wrong(stated, f"`taints` is {describe(stated)}, not a list")
            return
        for each in stated:
            if isinstance(each, Map):
                self.map(each, "a taint", Taint._fields)
                taint = Taint(*(str(each.get(part) or "") for part in Taint._fields))
            else:
                found = re.fullmatch("([^=:]+)(?:=([^=:]*))?:([A-Za-z]+)", str(each))
                taint = Taint(found[1], found[2] or "", found[3]) if found else Taint("", "", "")
            if taint.effect not in TAINT_EFFECTS or formats.label_key(taint.key) or formats.label_value(taint.value):
                said = f"{str(each)!r}" if isinstance(each, Text) else "this"
                effects = f"EFFECT must be {', '.join(TAINT_EFFECTS)}"
                self.wrong(each, f"{said} is not a taint", f"write KEY=VALUE:EFFECT or KEY:EFFECT; {effects}")
            yield taint

    def _quantities(self, stated: Map) -> Iterator[tuple[str, Quantity]]:
        for resource, value in stated.items():
            try:
                yield str(resource), quantity.parse(value if isinstance(value, Text) else "")
            except ValueError as error:
                self.wrong(value, f"`{resource}`: {error}")
