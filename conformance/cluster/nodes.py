"""Nodes without kubelets, and what else a DaemonSet asks of a cluster before its pods can be created."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from conformance.case import Json

CAPACITY: Final = {"cpu": "64", "memory": "256Gi", "ephemeral-storage": "1Ti", "pods": "250"}
# Every cluster has these two; others that a pod names must be made.
SYSTEM_PRIORITIES: Final = ("system-node-critical", "system-cluster-critical")
BUILT_IN_LABELS: Final = {"kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64"}


def node_for(daemonset: Json) -> Json:
    """Return a node that a DaemonSet's pods can run on: its labels and taints are what the pods ask for and tolerate."""
    pod = daemonset["spec"]["template"]["spec"]
    affinity = pod.get("affinity", {}).get("nodeAffinity", {}).get("requiredDuringSchedulingIgnoredDuringExecution", {})
    first = (affinity.get("nodeSelectorTerms") or [{}])[0]
    labels = {**BUILT_IN_LABELS, **pod.get("nodeSelector", {}), **_fitting(first.get("matchExpressions", ()))}
    taints = [_tolerated(toleration) for toleration in pod.get("tolerations", ()) if toleration.get("key")]
    return node(f"for-{daemonset['metadata']['name']}", labels, taints)


def node(name: str, labels: Json, taints: Json = ()) -> Json:
    """Return a node that is ready."""
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": {"kubernetes.io/hostname": name, **labels}},
        "spec": {"taints": list(taints)},
        "status": {
            "capacity": CAPACITY,
            "allocatable": CAPACITY,
            "conditions": [
                {"type": "Ready", "status": "True", "reason": "KubeletReady", "message": "no kubelet at all"}
            ],
        },
    }


def _fitting(expressions: Any) -> dict[str, str]:
    labels = {}
    for each in expressions:
        operator, values = each["operator"], each.get("values", [])
        if operator in ("In", "Exists"):
            labels[each["key"]] = values[0] if values else ""
        elif operator in ("Gt", "Lt"):
            labels[each["key"]] = str(int(values[0]) + (1 if operator == "Gt" else -1))
    return labels


def _tolerated(toleration: Json) -> Json:
    return {
        "key": toleration["key"],
        "value": toleration.get("value", ""),
        "effect": toleration.get("effect") or "NoSchedule",
    }


def provisions(objects: list[Json]) -> Iterator[Json]:
    """Yield what the pods of DaemonSets among `objects` name, and what is not among them: without it they are refused."""
    made = {(each["kind"], each["metadata"].get("namespace"), each["metadata"]["name"]) for each in objects}
    for daemonset in (each for each in objects if each["kind"] == "DaemonSet"):
        pod, home = daemonset["spec"]["template"]["spec"], daemonset["metadata"].get("namespace", "default")
        account, priority, runtime = (
            pod.get(name) for name in ("serviceAccountName", "priorityClassName", "runtimeClassName")
        )
        if account not in (None, "default") and ("ServiceAccount", home, account) not in made:
            yield {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": account, "namespace": home}}
        if priority not in (None, *SYSTEM_PRIORITIES) and ("PriorityClass", None, priority) not in made:
            yield {
                "apiVersion": "scheduling.k8s.io/v1",
                "kind": "PriorityClass",
                "metadata": {"name": priority},
                "value": 1000,
            }
        if runtime:
            yield {
                "apiVersion": "node.k8s.io/v1",
                "kind": "RuntimeClass",
                "metadata": {"name": runtime},
                "handler": runtime,
            }
