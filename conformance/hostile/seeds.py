"""What hostile texts begin with: a sound text of each kind that dsgen reads."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

import yaml

from conformance.hostile.texts import hostile
from dsgen.project import shipped

ROOT: Final = Path(__file__).parent.parent.parent


@cache
def profiles() -> list[str]:
    """Return profiles: the examples, the presets and those of the project."""
    places = (
        ROOT.glob("tests/examples/*/profile.yaml"),
        ROOT.glob("profiles/**/*.yaml"),
        shipped.profiles().values(),
    )
    return [path.read_text("utf-8") for place in places for path in sorted(place) if path.stat().st_size < 8_000] + [
        VARIANTS
    ]


@cache
def manifests() -> list[str]:
    """Return manifests as people write them."""
    return [path.read_text("utf-8") for path in sorted(ROOT.glob("tests/corpus/*.yaml")) if path.stat().st_size < 6_000]


@cache
def trees(texts: Callable[[], list[str]]) -> list[Any]:
    """Return the documents of some texts, as plain data."""
    found = [each for text in texts() for each in yaml.safe_load_all(text) if isinstance(each, dict)]
    return [json.loads(json.dumps(each, default=str)) for each in found]


VARIANTS: Final = """\
name: agent
namespace: agents
podLabels: {team: a}
nodes: {tolerate: [control-plane], require: ["cores > 4"]}
values: {list: [a, {b: c}], map: {x: 1}, text: "a\\nb", number: 5, deep: {a: {b: {c: [1, 2, 3]}}}}
containers:
  agent: {image: x, ports: {metrics: 9100}, env: {A: {secretKeyRef: {name: a, key: b}}}, mounts: {/var/log: logs:ro}}
volumes: {logs: {hostPath: /var/log}}
configMaps: {conf: {data: {a.conf: "x\\n"}}}
service: {ports: [metrics]}
serviceAccount: {create: true, clusterRules: ["get,list pods"]}
networkPolicy: {ingress: [{}]}
variants:
  large: {nodes: {require+: ["pool in (large, huge)", "!gpu"], select: {disk: ssd}}, selector: {app: large}}
  default: {name: agent, nodes: {rest: true}}
"""
_ENVIRONMENT: Final = """\
kubernetes: "1.34"
profiles: [agent, "a*", "!b"]
images: {mirrors: {docker.io: mirror.example.com/hub}, digests: {"x:latest": "sha256:%s"}}
all: {nodes: {tolerate+: [all]}, resources: {requests: {cpu: 1}}}
overrides:
  agent: {containers: {agent: {image: "busybox:1", env: {A: null}}}, variants: {large: {nodes: {require: [[a], [b]]}}}}
""" % ("0" * 64)
_PROJECT: Final = 'kubernetes: "1.36"\nprofiles: ["profiles/**/*.yaml"]\ntemplates: templates\noutput: out\nflux: {substitution: escape}\nargocd: {syncWaves: true}\n'
_POOLS: Final = """\
pools:
  gpu: {count: 20, labels: {example.com/gpu: a100}, taints: ["dedicated=gpu:NoSchedule"], allocatable: {cpu: 31, memory: 120Gi, pods: 110}, down: 1}
  small: {count: 3, allocatable: {cpu: 500m}}
"""
_NODE: Final = {
    "kind": "Node", "apiVersion": "v1", "metadata": {"name": "n1", "labels": {"pool": "a", "node.kubernetes.io/instance-type": "m"}},
    "spec": {"taints": [{"key": "a", "value": "b", "effect": "NoSchedule"}], "unschedulable": False},
    "status": {"allocatable": {"cpu": "3920m", "memory": "8Gi", "pods": "110"}, "conditions": [{"type": "Ready", "status": "True"}]},
}  # fmt: skip
_POD: Final = {
    "kind": "Pod", "apiVersion": "v1",
    "metadata": {"name": "p1", "namespace": "a", "ownerReferences": [{"kind": "DaemonSet", "name": "agent"}]},
    "spec": {"nodeName": "n1", "containers": [{"name": "c", "resources": {"requests": {"cpu": "100m", "memory": "1Gi"}}}], "initContainers": []},
    "status": {"phase": "Running"},
}  # fmt: skip
_RESOURCES: Final[dict[str, Any]] = {
    "apiVersion": "config.kubernetes.io/v1", "kind": "ResourceList",
    "items": [
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a", "annotations": {"config.kubernetes.io/path": "a.yaml"}}, "spec": {"ports": [{"port": 1}]}},
        {"apiVersion": "dsgen/v1", "kind": "DaemonSetProfile", "metadata": {"name": "b"}, "spec": {"containers": {"a": {"image": "x"}}}},
    ],
    "functionConfig": {"apiVersion": "dsgen/v1", "kind": "DaemonSetProfile", "metadata": {"name": "agent"}, "spec": yaml.safe_load(VARIANTS)},
}  # fmt: skip


_INDEX: Final = """\
{
  "version": 1,
  "profile": "profiles/a.yaml",
  "files": {
    "daemonset-agent.yaml": "%s",
    "notes.txt": ""
  }
}
""" % ("0" * 64)


def _list(item: dict[str, Any]) -> dict[str, Any]:
    other = json.loads(json.dumps(item))
    other["metadata"]["name"] += "x"
    return {"apiVersion": "v1", "kind": "List", "items": [item, other]}


@cache
def _seeds(name: str) -> tuple[list[str], list[Any]]:
    if name == "profile":
        return profiles(), trees(profiles)
    if name == "index":
        return [_INDEX], [json.loads(_INDEX)]
    if name == "manifest":
        return manifests(), trees(manifests)
    data: Any = {"nodes": _list(_NODE), "pods": _list(_POD), "resources": _RESOURCES}.get(name)
    if data is not None:
        return [yaml.safe_dump(data), json.dumps(data, indent=2)], [data]
    text = {"environment": _ENVIRONMENT, "project": _PROJECT, "pools": _POOLS}[name]
    return [text], [yaml.safe_load(text)]


def text_of(name: str, chance: Random) -> bytes:
    """Return a hostile text of a kind."""
    return hostile(*_seeds(name), chance)


# How many characters a text has that is damaged into a short one.
SHORT: Final = 1_000


@cache
def _short_seeds(name: str) -> tuple[list[str], list[Any]]:
    texts, trees = _seeds(name)
    if name == "resources":
        trees = [
            {
                **_RESOURCES,
                "functionConfig": {**_RESOURCES["functionConfig"], "spec": {"containers": {"a": {"image": "x"}}}},
            }
        ]
        texts = [yaml.safe_dump(trees[0])]
    short = [text for text in texts if len(text) <= SHORT]
    return short or texts, [tree for tree in trees if len(json.dumps(tree)) <= SHORT] or trees


def short_text_of(name: str, chance: Random) -> bytes:
    """Return a hostile text of a kind that has seldom more than 2 kB."""
    return hostile(*_short_seeds(name), chance, short=True)


@cache
def shipped_templates() -> list[str]:
    """Return the shipped templates."""
    return [path.read_text("utf-8") for path in sorted(shipped.templates().glob("*.j2"))]
