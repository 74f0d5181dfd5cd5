"""Volumes beyond what can be attached to a node."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from dsgen.kubernetes.manifest import read
from dsgen.kubernetes.scheduling.nodes import read_nodes
from dsgen.kubernetes.scheduling.placement import Node
from dsgen.plan.agent import agents
from dsgen.plan.plan import plan
from dsgen.problem import Problem
from dsgen.tree import Map
from tests.plan.test_plan import daemonset

DRIVER = "ebs.csi.aws.com"


def listed(limit: Any, *, provisioner: str = DRIVER, nodes: tuple[str, ...] = ("a", "b")) -> dict[str, Any]:
    """Return nodes with a limit of the driver, and a StorageClass `fast`."""
    items: list[dict[str, Any]] = [{"kind": "StorageClass", "metadata": {"name": "fast"}, "provisioner": provisioner}]
    for name in nodes:
        items.append({"kind": "Node", "metadata": {"name": name}})
        driver: dict[str, Any] = {"name": DRIVER, "nodeID": name, "topologyKeys": None}
        if limit is not None:
            driver["allocatable"] = {"count": limit}
        items.append({"kind": "CSINode", "metadata": {"name": name}, "spec": {"drivers": [driver]}})
    return {"apiVersion": "v1", "kind": "List", "items": items}


def ephemeral(storage_class: str) -> str:
    named = f"storageClassName: {storage_class}, " if storage_class else ""
    return f"ephemeral: {{volumeClaimTemplate: {{spec: {{{named}accessModes: [ReadWriteOnce]}}}}}}"


def agent(name: str, *volumes: str) -> str:
    sources = ", ".join(f"{{name: v{number}, {volume}}}" for number, volume in enumerate(volumes))
    return daemonset(name, f"volumes: [{sources}]")


def problems(cluster: dict[str, Any], *texts: str, as_yaml: bool = False) -> list[Problem]:
    nodes = nodes_of(cluster, as_yaml)
    roots = [document.root for document in read("".join(texts), "agents.yaml")]
    made = plan(agents(root for root in roots if isinstance(root, Map)), nodes, {}, 30)
    return [each for each in made.problems if each.code == "excessive-node-volumes"]


def nodes_of(cluster: dict[str, Any], as_yaml: bool = False) -> list[Node]:
    text = yaml.safe_dump(cluster) if as_yaml else json.dumps(cluster)
    nodes, wrong = read_nodes(text.encode(), "nodes")
    assert wrong == []
    return nodes


FAST = ephemeral("fast")


@pytest.mark.parametrize("as_yaml", [False, True], ids=["json", "yaml"])
def test_too_many_together(as_yaml: bool) -> None:
    (problem,) = problems(listed(2), agent("one", FAST), agent("two", "emptyDir: {}", FAST, FAST), as_yaml=as_yaml)
    assert problem.message == (
        f"on 2 nodes of the pool nodes, such as a: agents need 3 volumes of {DRIVER}, but 2 can be attached; tools/two needs the most"
    )
    assert problem.field == "spec.template.spec.volumes[1]"
    assert problem.line > 6
    assert problems(listed(3), agent("one", FAST), agent("two", FAST, FAST), as_yaml=as_yaml) == []


@pytest.mark.parametrize(
    ("volume", "counts"),
    [
        (FAST, True),
        # The scheduler skips pods that have only these.
        (f"csi: {{driver: {DRIVER}}}", False),
        # The default class is not known, nor the driver of another one.
        (ephemeral(""), False),
        (ephemeral("slow"), False),
        # All pods share the volume.
        ("persistentVolumeClaim: {claimName: data}", False),
    ],
)
def test_what_counts(volume: str, counts: bool) -> None:
    assert bool(problems(listed(1), agent("one", volume, volume))) == counts


def test_no_limit() -> None:
    assert problems(listed(None), agent("one", FAST, FAST)) == []
    assert len(problems(listed(0), agent("one", FAST))) == 1


def test_a_class_of_an_in_tree_provisioner() -> None:
    (problem,) = problems(listed(0, provisioner="kubernetes.io/aws-ebs", nodes=("a",)), agent("one", FAST))
    assert problem.message.startswith(f"on a: agents need 1 volume of {DRIVER}, but 0 can be attached")


def test_a_wrong_count() -> None:
    nodes, (problem,) = read_nodes(json.dumps(listed("many", nodes=("a",))).encode(), "nodes")
    assert (len(nodes), problem.code) == (1, "invalid-cluster-object")
    assert problem.message == "`count` of CSINode a is 'many', not a number"
