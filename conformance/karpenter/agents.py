"""DaemonSets and instance types at random: real ones with other requirements and resources."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random
from typing import Final

import yaml

from conformance.case import Json, clone
from conformance.seeds import bases

OUT: Final = Path(__file__).parents[2] / "out"
TYPES: Final = 20
ARCH, OS, ZONE = "kubernetes.io/arch", "kubernetes.io/os", "topology.kubernetes.io/zone"
TYPE, CAPACITY, HOSTNAME = "node.kubernetes.io/instance-type", "karpenter.sh/capacity-type", "kubernetes.io/hostname"
# What pods ask for: labels of Karpenter, of instance types, of pools, former names, and those that nothing has.
ASKED: Final[dict[str, tuple[str, ...]]] = {
    ARCH: ("amd64", "arm64"), OS: ("linux", "windows"), ZONE: ("a", "b", "c"), CAPACITY: ("spot", "on-demand"),
    TYPE: ("type-1", "type-2", "type-3", "type-9"), "example.com/gpu": ("a100", "h100"), "example.com/cores": ("2", "4", "8", "16"),
    "example.com/team": ("data", "web"), "example.com/none": ("x", "5"), "beta.kubernetes.io/arch": ("amd64", "arm64"),
    "failure-domain.beta.kubernetes.io/zone": ("a", "b"), "karpenter.sh/nodepool": ("pool-0", "pool-1"), HOSTNAME: ("node-1",),
    "karpenter.sh/initialized": ("true",), "node.kubernetes.io/windows-build": ("10.0.1",),
}  # fmt: skip
NUMBERS: Final = ("0", "3", "4", "8", "-1", "+4", "07", "9223372036854775807", "-9223372036854775808")
TAINTS: Final = ("dedicated", "gpu", "node.kubernetes.io/unschedulable")
EFFECTS: Final = ("NoSchedule", "NoExecute", "PreferNoSchedule")
CPU: Final = ("0", "50m", "100m", "250m", "1", "1500m", "2")
MEMORY: Final = ("0", "50Mi", "64Mi", "200Mi", "1Gi", "1500M", "1073741825")
STORAGE: Final = ("1Gi", "500Mi")


def pools(rng: Random) -> Json:
    """Return pools with instance types, 20 in all."""
    count = rng.choice((1, 1, 2, 3))
    bounds = sorted(rng.sample(range(1, TYPES), count - 1))
    sizes = [high - low for low, high in zip([0, *bounds], [*bounds, TYPES], strict=True)]
    several = [_some(rng, ASKED[ZONE]), _some(rng, ASKED[CAPACITY])]
    made = []
    for number, size in enumerate(sizes):
        labels = {"example.com/team": rng.choice(ASKED["example.com/team"])} if rng.random() < 0.5 else {}
        taints = [_taint(rng) for _ in range(rng.choice((0, 0, 0, 1, 2)))]
        types = [_type(rng, f"type-{index}", several) for index in rng.sample(range(TYPES), size)]
        made.append({"name": f"pool-{number}", "labels": labels, "taints": taints, "types": types})
    return made


def _some(rng: Random, values: tuple[str, ...]) -> list[str]:
    return rng.sample(values, rng.randint(1, len(values)))


def _type(rng: Random, name: str, several: list[list[str]]) -> Json:
    labels = {
        TYPE: [name],
        OS: ["linux" if rng.random() < 0.85 else "windows"],
        ARCH: [rng.choice(ASKED[ARCH])],
        "example.com/cores": [rng.choice(ASKED["example.com/cores"])],
        ZONE: several[0] if rng.random() < 0.6 else _some(rng, ASKED[ZONE]),
        CAPACITY: several[1],
    }
    if rng.random() < 0.3:
        labels["example.com/gpu"] = [rng.choice(ASKED["example.com/gpu"])]
    return {"name": name, "labels": labels}


def _taint(rng: Random) -> Json:
    taint = {"key": rng.choice(TAINTS), "effect": rng.choice(EFFECTS)}
    return {**taint, "value": "a"} if rng.random() < 0.4 else taint


@cache
def presets() -> list[Json]:
    """Return the DaemonSets that dsgen generates from its own profiles."""
    return [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(OUT.glob("**/daemonset-*.yaml"))]


def daemonset(rng: Random, number: int) -> Json:
    """Return a real DaemonSet, most of them changed."""
    made = clone(rng.choice([*bases().values(), *presets()]))
    made["metadata"] = {"name": f"agent-{number}", "namespace": "agents"}
    pod = made["spec"]["template"]["spec"]
    if rng.random() < 0.85:
        _placed(rng, pod)
    if rng.random() < 0.8:
        _sized(rng, pod)
    return made


def _placed(rng: Random, pod: Json) -> None:
    for field in ("nodeSelector", "affinity", "tolerations", "nodeName"):
        pod.pop(field, None)
    if rng.random() < 0.4:
        keys = rng.sample(list(ASKED), rng.choice((1, 1, 2)))
        pod["nodeSelector"] = {key: rng.choice(ASKED[key]) for key in keys}
    if rng.random() < 0.6:
        terms = [_term(rng) for _ in range(rng.choice((1, 1, 2, 2, 3, 4)))]
        pod["affinity"] = {
            "nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}
        }
    if rng.random() < 0.6:
        pod["tolerations"] = [_toleration(rng) for _ in range(rng.choice((1, 1, 2)))]
    if rng.random() < 0.04:
        pod["resourceClaims"] = [{"name": "card", "resourceClaimName": "card"}]


def _term(rng: Random) -> Json:
    if rng.random() < 0.03:
        return {}
    if rng.random() < 0.05:
        return {"matchFields": [{"key": "metadata.name", "operator": "In", "values": ["node-1"]}]}
    return {"matchExpressions": [_expression(rng) for _ in range(rng.choice((1, 1, 2, 3)))]}


def _expression(rng: Random) -> Json:
    key = rng.choice(list(ASKED))
    if key == "example.com/cores" or rng.random() < 0.04:
        operator = rng.choice(("Gt", "Lt"))
        return {"key": key, "operator": operator, "values": [rng.choice(NUMBERS)]}
    operator = rng.choice(("In", "In", "In", "NotIn", "NotIn", "Exists", "DoesNotExist"))
    values = {"values": _some(rng, ASKED[key])} if operator in ("In", "NotIn") else {}
    return {"key": key, "operator": operator, **values}


def _toleration(rng: Random) -> Json:
    toleration: dict[str, Json] = {"operator": rng.choice(("Exists", "Exists", "Equal"))}
    if toleration["operator"] == "Equal":
        toleration["value"] = "a"
    if toleration["operator"] == "Equal" or rng.random() < 0.6:
        toleration["key"] = rng.choice(TAINTS)
    if rng.random() < 0.5:
        toleration["effect"] = rng.choice(EFFECTS)
    return toleration


def _sized(rng: Random, pod: Json) -> None:
    for kind in ("containers", "initContainers"):
        for container in pod.get(kind) or []:
            if rng.random() < 0.8:
                container["resources"] = _resources(rng, {"cpu": CPU, "memory": MEMORY, "ephemeral-storage": STORAGE})
    if rng.random() < 0.3:
        first = {
            "name": "first",
            "image": "example.com/first:1",
            "resources": _resources(rng, {"cpu": CPU, "memory": MEMORY}),
        }
        always = {"restartPolicy": "Always"} if rng.random() < 0.5 else {}
        pod["initContainers"] = [{**first, **always}, *(pod.get("initContainers") or [])]
    if rng.random() < 0.25:
        pod["resources"] = _resources(rng, {"cpu": ("2", "4"), "memory": ("2Gi", "4Gi")})
    if rng.random() < 0.1:
        pod["overhead"] = {"cpu": "10m", "memory": "20Mi"}


def _resources(rng: Random, values: dict[str, tuple[str, ...]]) -> Json:
    made: dict[str, Json] = {}
    for kind in ("requests", "limits"):
        chosen = {name: rng.choice(some) for name, some in values.items() if rng.random() < 0.5}
        if chosen:
            made[kind] = chosen
    return made
