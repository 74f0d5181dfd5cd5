"""Compares dsgen's placement of pods with the DaemonSet controller's own on fresh cases; `--record` keeps them for the tests.

python -m conformance.pods.placements --seed 7 --count 10 [--minor 1.34] [--record]

Each of the `--count` groups is a hundred DaemonSets and sixty nodes, so 6,000 decisions.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from random import Random
from typing import Any, Final, NamedTuple

from conformance.case import Json, clone
from conformance.pods import ask, compare_and_print, load
from conformance.seeds import bases
from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.scheduling.placement import Node, Placement, Taint
from dsgen.kubernetes.schema.decode import decode

FILE: Final = "placement.jsonl.xz"
DAEMONSETS, NODES = 100, 60
KEYS: Final = ("disk", "zone", "cores", "kubernetes.io/os", "node-role.kubernetes.io/control-plane")
VALUES: Final = ("", "ssd", "a", "b", "linux", "0", "5", "05", "8", "12", "9223372036854775807", "99999999999999999999", "1.5", "-3", "+4", "x_y", "true")  # fmt: skip
ODD_VALUES: Final = ("-1", "a b", "é", "a" * 64, None, "+8", "-")
OPERATORS: Final = ("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt")
NAMES: Final = ("node-1", "node-2", "node-3", "a.b", "")
TAINTS: Final = ("dedicated", "gpu", "node-role.kubernetes.io/control-plane", "node.kubernetes.io/unschedulable",
    "node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable", "node.kubernetes.io/disk-pressure",
    "node.kubernetes.io/memory-pressure", "node.kubernetes.io/pid-pressure", "node.kubernetes.io/network-unavailable")  # fmt: skip
EFFECTS: Final = ("NoSchedule", "NoExecute", "PreferNoSchedule", "", "Other")
TAINT_VALUES: Final = ("", "a", "b", "5", "10")


class Group(NamedTuple):
    """Pod specs and nodes, and for each pair whether a pod runs and whether it stays, as two texts of `0` and `1` a pod."""

    pods: list[Json]
    nodes: list[Json]
    runs: list[str]
    stays: list[str]


def groups(seed: int, count: int) -> Iterator[tuple[list[Json], list[Json]]]:
    """Yield pod specs and nodes; the same seed gives the same ones."""
    rng = Random(seed)
    real = [pod for pod in map(_placed, bases().values()) if pod]
    for _ in range(count):
        nodes = [_node(rng, number) for number in range(NODES)]
        pods = [clone(rng.choice(real)) if rng.random() < 0.2 else {} for _ in range(DAEMONSETS)]
        yield [_changed(rng, pod) for pod in pods], nodes


def _placed(daemonset: Json) -> Json:
    """Return what decides the placement of a real DaemonSet."""
    pod = daemonset["spec"]["template"]["spec"]
    kept = {name: pod[name] for name in ("nodeSelector", "tolerations", "hostNetwork", "nodeName") if pod.get(name)}
    affinity = (pod.get("affinity") or {}).get("nodeAffinity")
    return {**kept, "affinity": {"nodeAffinity": affinity}} if affinity else kept


def _changed(rng: Random, pod: Json) -> Json:
    if rng.random() < 0.5:
        pod["nodeSelector"] = {rng.choice(KEYS): rng.choice((*VALUES, None)) for _ in range(rng.randrange(3))}
    if rng.random() < 0.6:
        terms = [_term(rng) for _ in range(rng.choice((0, 1, 1, 1, 2, 3)))]
        required = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}
        pod["affinity"] = {"nodeAffinity": rng.choice((required, required, required, {}, None))}
    if rng.random() < 0.7:
        pod["tolerations"] = [_toleration(rng) for _ in range(rng.randrange(4))]
    if rng.random() < 0.2:
        pod["hostNetwork"] = rng.choice((True, False, None))
    if rng.random() < 0.05:
        pod["nodeName"] = rng.choice(NAMES)
    return pod


def _term(rng: Random) -> Json:
    term: dict[str, Json] = {}
    if rng.random() < 0.9:
        term["matchExpressions"] = [_expression(rng, KEYS) for _ in range(rng.choice((0, 1, 1, 1, 2, 3)))]
    if rng.random() < 0.2:
        names = [rng.choice(NAMES) for _ in range(rng.choice((0, 1, 1, 1, 2)))]
        field = rng.choice(("metadata.name", "metadata.name", "metadata.name", "spec.x", ""))
        term["matchFields"] = [
            {"key": field, "operator": rng.choice(("In", "NotIn", "NotIn", "Exists", "")), "values": names}
        ]
    return rng.choice((term, term, term, term, {}))


def _expression(rng: Random, keys: tuple[str, ...]) -> Json:
    operator = rng.choice(OPERATORS) if rng.random() < 0.95 else rng.choice(("in", "", "Equals", None))
    counts = {"In": (1, 2, 3), "NotIn": (1, 2, 3), "Gt": (1,), "Lt": (1,)}.get(str(operator), (0,))
    count = rng.choice(counts) if rng.random() < 0.95 else rng.randrange(3)
    values = [rng.choice(VALUES) if rng.random() < 0.95 else rng.choice(ODD_VALUES) for _ in range(count)]
    key = rng.choice(keys) if rng.random() < 0.97 else rng.choice(("", "a/b/c", "A b", None))
    return {"key": key, "operator": operator, **({"values": values} if values or rng.random() < 0.5 else {})}


def _toleration(rng: Random) -> Json:
    toleration = {
        "key": rng.choice((*TAINTS, None, "")),
        "operator": rng.choice(("Exists", "Equal", "", None, "Exists", "Equal", "Gt", "Lt", "exists")),
        "value": rng.choice((*TAINT_VALUES, None)),
        "effect": rng.choice((*EFFECTS, None, None)),
        "tolerationSeconds": rng.choice((0, 60, None)),
    }
    return {name: value for name, value in toleration.items() if value is not None or rng.random() < 0.1}


def _node(rng: Random, number: int) -> Json:
    name = rng.choice(NAMES) if rng.random() < 0.5 else f"node-{number}"
    labels = {key: rng.choice(VALUES) for key in KEYS if rng.random() < 0.6}
    taints = [
        {"key": rng.choice(TAINTS), "value": rng.choice(TAINT_VALUES), "effect": rng.choice(EFFECTS)}
        for _ in range(rng.choice((0, 0, 1, 1, 2, 3)))
    ]
    return {"name": name, "labels": labels, "taints": taints, "unschedulable": rng.random() < 0.1}


def daemonset(pod: Json) -> str:
    """Return a DaemonSet with this pod spec, as JSON."""
    template = {"metadata": {"labels": {"app": "agent"}}, "spec": {**pod, "containers": [{"name": "agent"}]}}
    spec = {"selector": {"matchLabels": {"app": "agent"}}, "template": template}
    return json.dumps({"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "agent"}, "spec": spec})


def _manifest(node: Json) -> str:
    metadata = {"name": node["name"], "labels": node["labels"]}
    spec = {"taints": node["taints"], "unschedulable": node["unschedulable"]}
    return json.dumps({"apiVersion": "v1", "kind": "Node", "metadata": metadata, "spec": spec})


def differences(group: Group) -> list[str]:
    """Return where dsgen decides otherwise than Kubernetes, a line a pair; and what it gives no reason for."""
    wrong = []
    nodes = [
        Node(
            node["name"],
            node["labels"],
            tuple(Taint(each["key"], each["value"], each["effect"]) for each in node["taints"]),
        )
        for node in group.nodes
    ]
    for pod, runs, stays in zip(group.pods, group.runs, group.stays, strict=True):
        placement = Placement(decode(read_first(daemonset(pod)).root).root)
        for node, run, stay in zip(nodes, runs, stays, strict=True):
            ours = placement.decide(node)
            if (ours.runs, ours.stays) != (run == "1", stay == "1") or ours.runs == bool(ours.reason):
                wrong.append(f"{pod}\n  {node}\n  Kubernetes: runs {run}, stays {stay}\n  dsgen: {ours}")
    return wrong


def record(seed: int, count: int, minor: str) -> list[Group]:
    """Return groups with Kubernetes' answers."""
    made = []
    for pods, nodes in groups(seed, count):
        manifests = [_manifest(node) for node in nodes]
        answers = list(ask(({"yaml": daemonset(pod), "nodes": manifests} for pod in pods), minor))
        kept = [(pod, answer["nodes"]) for pod, answer in zip(pods, answers, strict=True) if "error" not in answer]
        runs, stays = ([_bits(each, name) for _, each in kept] for name in ("run", "continue"))
        made.append(Group([pod for pod, _ in kept], nodes, runs, stays))
    return made


def _bits(decisions: list[Any], name: str) -> str:
    return "".join(str(int(each[name])) for each in decisions)


def recorded() -> list[Group]:
    """Return the groups under tests/, with Kubernetes' answers."""
    return [Group(*line) for line in load(FILE)]


def main() -> int:
    """Compare and print; return 1 when something differs."""

    def differ(made: list[Group], _: str) -> list[str]:
        return [each for group in made for each in differences(group)]

    return compare_and_print(__doc__, 2, FILE, record, differ, _summary)


def _summary(made: list[Group]) -> str:
    pairs = "".join(runs for group in made for runs in group.runs)
    return f"{len(pairs)} decisions, {pairs.count('1')} to run"


if __name__ == "__main__":
    sys.exit(main())
