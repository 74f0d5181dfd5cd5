"""Pools: the nodes of a cluster that does not exist yet, or should not be queried.

pools:
  gpu:
    count: 20
    labels: {example.com/gpu: a100}
    taints: ["dedicated=gpu:NoSchedule"]
    allocatable: {cpu: 31, memory: 120Gi, pods: 110}
    down: 1
  burst:
    autoscaler: karpenter
    instanceTypes:
      m7i.large: {allocatable: {cpu: 1930m, memory: 7Gi, pods: 29}}
      m7g.large: {labels: {kubernetes.io/arch: arm64}, allocatable: {cpu: 1930m, memory: 7Gi, pods: 29}}
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import islice, product
from typing import Final

from dsgen.kubernetes.scheduling.instance_types import (
    AUTOSCALERS,
    KARPENTER,
    POOL_LABEL,
    STARTED_LABELS,
    TYPE_LABEL,
)
from dsgen.kubernetes.scheduling.placement import InstanceType, Node, Taint
from dsgen.kubernetes.schema import formats, quantity
from dsgen.kubernetes.schema.quantity import Quantity
from dsgen.kubernetes.schema.words import HOSTNAME, TAINT_EFFECTS
from dsgen.problem import Problem, code, did_you_mean
from dsgen.source import describe, read
from dsgen.tree import List, Map, Null, Text, Value, origin_of

INVALID_NODE_POOL = code(
    "invalid-node-pool",
    """A file of pools must have `pools`, a map by name. A pool can have a `count` of nodes, their `labels`, `taints`
    (`KEY=VALUE:EFFECT` or Kubernetes' form), what is `allocatable` on each, and how many are usually `down`. If an `autoscaler` extends it, the pool
    has `instanceTypes`, a map by name, with the `labels` and what is `allocatable` of each.""",
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
    "instanceTypes": (
        "The instance types of the nodes that an autoscaler can add, by name, in the order in which it gets them. Each has its own `labels`, where "
        "a list has all values that a label can have, and what is `allocatable`. The pool has `count` nodes of each, and of each value of a label.",
        "instanceTypes: {m7g.large: {labels: {kubernetes.io/arch: arm64}, allocatable: {cpu: 1930m, memory: 7Gi}}}",
    ),
    "autoscaler": (
        "What adds nodes to a pool with `instanceTypes`: `karpenter` or `cluster-autoscaler`. Default: unknown, so the plan shows both.",
        "autoscaler: karpenter",
    ),
    "laterLabels": (
        "Labels that something in the cluster sets when the node runs, so that an autoscaler does not know them before.",
        'laterLabels: {nvidia.com/gpu.present: "true"}',
    ),
}
OF_TYPE: Final = ("labels", "allocatable")
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
        labels = self._labels(self.map(pool.get("labels"), "`labels`"))
        later = self._labels(self.map(pool.get("laterLabels"), "`laterLabels`"))
        taints = tuple(self._taints(pool.get("taints")))
        allocatable = dict(self._quantities(self.map(pool.get("allocatable"), "`allocatable`")))
        types = list(self._types(pool, InstanceType(name, "", labels, {}, taints, allocatable, later=frozenset(later))))
        each = ((type, own) for type in types for own in _combinations(type))
        kinds: list[tuple[InstanceType | None, dict[str, str]]] = [*islice(each, most + 1)] if types else [(None, {})]
        if types and not count:
            self.wrong(pool["count"], "a pool with `instanceTypes` must have at least 1 node of each")
        if count * len(kinds) > most:
            self.wrong(pool.get("count", name), f"more than {MAX_NODES} nodes in total")
            return
        if down > count:
            self.wrong(pool["down"], f"{down} nodes are down of {count}")
        for index, (type, own) in enumerate(kind for kind in kinds for _ in range(count)):
            called = f"{name}-{index + 1}"
            stated = {HOSTNAME: called, **LABELS, **labels, **own, **later}
            if type is not None and type.autoscalers == (KARPENTER,):
                stated = {POOL_LABEL: name, **STARTED_LABELS, **stated}
            amounts = allocatable if type is None else type.allocatable
            yield Node(called, stated, taints, name, amounts, index >= down, None, type)

    def _types(self, pool: Map, common: InstanceType) -> Iterator[InstanceType]:
        """Yield the instance types of a pool, each with what it has in `common` with the others."""
        stated = self.map(pool.get("instanceTypes"), "`instanceTypes`")
        scaler = pool.get("autoscaler")
        is_known = isinstance(scaler, str) and scaler in AUTOSCALERS
        if scaler is not None and not is_known:
            self.wrong(scaler, f"`autoscaler` is {describe(scaler)}, expected {' or '.join(AUTOSCALERS)}")
        elif scaler is not None and not stated:
            self.wrong(scaler, "`autoscaler` needs `instanceTypes`", "list the instance types that it can choose")
        autoscalers = (str(scaler),) if is_known else common.autoscalers
        for name, value in stated.items():
            own = self.map(value, f"the instance type `{name}`", OF_TYPE)
            for message in formats.label_value(name):
                self.wrong(name, f"`{name}` is not valid as an instance type: {message}")
            labels: dict[str, tuple[str, ...]] = {
                **{key: (common.pool_labels.get(key, value),) for key, value in LABELS.items()},
                TYPE_LABEL: (str(name),),
            }
            for key, value in self.map(own.get("labels"), "`labels`").items():
                several = value if isinstance(value, List) and value else [value]
                known = [self._labels(Map({key: each}))[key] for each in several]
                labels[str(key)] = tuple(dict.fromkeys(known))
                if common.pool_labels.get(key, known[0]) not in known:
                    self.wrong(
                        value, f"label `{key}` of the pool is {common.pool_labels[key]}, so the type is never in it"
                    )
            amounts = dict(self._quantities(self.map(own.get("allocatable"), "`allocatable`"))) or common.allocatable
            yield common._replace(name=str(name), labels=labels, allocatable=amounts, autoscalers=autoscalers)

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
        return {str(key): str(value) for key, value in stated.items()}

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


def _combinations(type: InstanceType) -> Iterator[dict[str, str]]:
    """Yield the labels of each kind of node of a type. The labels of its pool take precedence."""
    own = {key: (type.pool_labels[key],) if key in type.pool_labels else values for key, values in type.labels.items()}
    for chosen in product(*own.values()):
        yield dict(zip(own, chosen, strict=True))
