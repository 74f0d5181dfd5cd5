"""Nodes of a cluster: the output of `kubectl get nodes -o json` or `-o yaml`, also with CSINodes and StorageClasses."""

from __future__ import annotations

from typing import Final

from dsgen.kubernetes.scheduling.kubectl_lists import (
    INVALID_CLUSTER_OBJECT,
    BadItemError,
    map_in,
    maps_in,
    name_of,
    read_list,
)
from dsgen.kubernetes.scheduling.placement import Node, Taint
from dsgen.kubernetes.scheduling.storage import CSI_NODE, STORAGE_CLASS, Storage
from dsgen.kubernetes.schema import quantity
from dsgen.kubernetes.schema.quantity import Quantity
from dsgen.problem import Problem
from dsgen.source import describe
from dsgen.tree import Map, origin_of

# The labels by which clouds and tools identify node pools.
POOL_LABELS: Final = (
    "eks.amazonaws.com/nodegroup",
    "alpha.eksctl.io/nodegroup-name",
    "cloud.google.com/gke-nodepool",
    "kubernetes.azure.com/agentpool",
    "agentpool",
    "karpenter.sh/nodepool",
    "doks.digitalocean.com/node-pool",
    "oke.oraclecloud.com/pool.name",
    "node.kubernetes.io/pool",
)
_ROLE: Final = "node-role.kubernetes.io/"


def read_nodes(text: bytes, file: str) -> tuple[list[Node], list[Problem]]:
    """Return the nodes in a list or stream of them, and what is wrong with it. `file` is the name to show.

    CSINodes and StorageClasses among them say how many volumes can be attached to the nodes.
    """
    items, problems = read_list(text, file, "Node", (CSI_NODE, STORAGE_CLASS))
    nodes: dict[str, Node] = {}
    storage = Storage()
    for item in items:
        try:
            if item.get("kind") in (CSI_NODE, STORAGE_CLASS):
                storage.add(item)
                continue
            node = _node(item)
            if node.name in nodes:
                raise BadItemError(f"node {node.name} is a duplicate")
            nodes[node.name] = node
        except BadItemError as wrong:
            problems.append(INVALID_CLUSTER_OBJECT.at(origin_of(item), str(wrong), file=file))
    return [node._replace(attachable=storage.attachable(node.name)) for node in nodes.values()], problems


def _node(item: Map) -> Node:
    name = name_of(item, "node")
    what = f"node {name}"
    labels: dict[str, str] = {}
    for key, value in map_in(map_in(item, "metadata", what), "labels", what).items():
        if not isinstance(value, str):
            raise BadItemError(f"{what} has the label {key}: {describe(value)}; labels must be strings: quote it")
        labels[key] = value
    spec, status = map_in(item, "spec", what), map_in(item, "status", what)
    taints = tuple(_taint(each, what) for each in maps_in(spec, "taints", what))
    allocatable: dict[str, Quantity] = {}
    for resource, value in map_in(status, "allocatable", what).items():
        try:
            allocatable[resource] = quantity.parse(value)
        except ValueError as error:
            raise BadItemError(f"{what} has allocatable {resource}: {error}") from None
    conditions = maps_in(status, "conditions", what)
    ready = [each.get("status") for each in conditions if each.get("type") == "Ready"]
    declared = status.get("declaredFeatures") or ()
    if not isinstance(declared, (list, tuple)) or not all(isinstance(each, str) for each in declared):
        raise BadItemError(f"`declaredFeatures` of {what} is not a list of strings")
    # The kubelet writes both; a list that somebody else wrote may have neither.
    declares = frozenset(map(str, declared)) if conditions or declared else None
    return Node(name, labels, taints, _pool(labels), allocatable, ready in ([], ["True"]), declares)


def _taint(taint: Map, what: str) -> Taint:
    parts = [taint.get(part) or "" for part in Taint._fields]
    if not all(isinstance(each, str) for each in parts):
        raise BadItemError(f"{what} has a taint whose key, value or effect is not a string")
    return Taint(*map(str, parts))


def _pool(labels: dict[str, str]) -> str:
    """Return the name of a node's pool: that of its cloud, or else its role."""
    named = next((labels[key] for key in POOL_LABELS if key in labels), "")
    return named or next((key.removeprefix(_ROLE) for key in labels if key.startswith(_ROLE)), "") or "nodes"
