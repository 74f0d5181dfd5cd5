"""Compares `dsgen plan` with a real DaemonSet controller: on 200 nodes of five pools, the pods must be just where the plan says.

    python -m conformance.cluster.placement [PROFILE ...]

Needs kubectl and Go. Without profiles, all of the project's are planned, and some DaemonSets that divide the pools.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from conformance.cluster import running
from conformance.cluster.end_to_end import DSGEN, kubectl
from conformance.kubernetes_module import pod_monitor_definition

PATIENCE: Final = 300.0
POOLS: Final[dict[str, tuple[int, dict[str, str], list[str]]]] = {
    "general": (100, {"disktype": "ssd", "kubernetes.io/os": "linux"}, []),
    "gpu": (40, {"nvidia.com/gpu.present": "true", "kubernetes.io/os": "linux"}, ["dedicated=gpu:NoSchedule"]),
    "control": (3, {"node-role.kubernetes.io/control-plane": ""}, ["node-role.kubernetes.io/control-plane:NoSchedule"]),
    "windows": (27, {"kubernetes.io/os": "windows"}, ["os=windows:NoSchedule"]),
    "edge": (30, {"cores": "4", "kubernetes.io/os": "linux"}, ["edge:NoExecute", "slow:PreferNoSchedule"]),
}
# What each of a set of DaemonSets requires of its nodes, so that together they divide the linux ones.
REQUIRED: Final = {
    "many-cores": [{"key": "cores", "operator": "Gt", "values": ["2"]}],
    "with-disk": [
        {"key": "cores", "operator": "DoesNotExist"},
        {"key": "disktype", "operator": "In", "values": ["ssd"]},
    ],
    "others": [
        {"key": "cores", "operator": "DoesNotExist"},
        {"key": "disktype", "operator": "NotIn", "values": ["ssd"]},
    ],
}


def nodes() -> Iterator[dict[str, Any]]:
    """Yield the nodes."""
    for pool, (count, labels, taints) in POOLS.items():
        for number in range(count):
            name = f"{pool}-{number}"
            parts = [taint.partition(":") for taint in taints]
            stated = [
                {"key": left.partition("=")[0], "value": left.partition("=")[2], "effect": effect}
                for left, _, effect in parts
            ]
            metadata = {
                "name": name,
                "labels": {"kubernetes.io/hostname": name, "kubernetes.io/arch": "amd64", **labels},
            }
            yield {"apiVersion": "v1", "kind": "Node", "metadata": metadata, "spec": {"taints": stated}}


def dividing() -> Iterator[dict[str, Any]]:
    """Yield DaemonSets that divide the nodes, and tolerate everything."""
    for name, expressions in REQUIRED.items():
        labels = {"app": name}
        affinity = {
            "requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [{"matchExpressions": expressions}]}
        }
        pod = {
            "affinity": {"nodeAffinity": affinity},
            "tolerations": [{"operator": "Exists"}],
            "containers": [{"name": "agent", "image": "example.com/agent:1.0"}],
        }
        spec = {"selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}, "spec": pod}}
        metadata = {"name": name, "namespace": "default"}
        yield {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": metadata, "spec": spec}


def made(profiles: list[str]) -> list[dict[str, Any]]:
    """Return what dsgen makes of profiles."""
    done = subprocess.run([*DSGEN, "generate", "-o", "-", *profiles], capture_output=True, text=True, check=False)
    return [each for each in yaml.safe_load_all(done.stdout) if each]


def planned(files: list[str]) -> dict[tuple[str, str], set[str]]:
    """Return the nodes of each DaemonSet, as the plan says."""
    done = subprocess.run([*DSGEN, "plan", "--format", "json", *files], capture_output=True, text=True, check=False)
    return {(each["namespace"], each["name"]): set(each["nodes"]) for each in json.loads(done.stdout)["daemonsets"]}


def settled(kubeconfig: Path) -> dict[tuple[str, str], set[str]]:
    """Wait until the controller has made all pods, and return the nodes they are for. Raises TimeoutError."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = _listed(kubeconfig, "daemonsets")
        states = [each.get("status", {}) for each in found]
        if all(
            state.get("observedGeneration") and state["currentNumberScheduled"] == state["desiredNumberScheduled"]
            for state in states
        ):
            break
        time.sleep(1)
    else:
        raise TimeoutError("the controller does not come to an end")
    where: dict[tuple[str, str], set[str]] = {_key(each["metadata"]): set() for each in found}
    for pod in _listed(kubeconfig, "pods"):
        (owner,) = pod["metadata"]["ownerReferences"]
        terms = pod["spec"]["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
        ((node,),) = (term["matchFields"][0]["values"] for term in terms["nodeSelectorTerms"])
        where[pod["metadata"]["namespace"], owner["name"]].add(node)
    return where


def _key(metadata: dict[str, Any]) -> tuple[str, str]:
    return metadata["namespace"], metadata["name"]


def _listed(kubeconfig: Path, kind: str) -> list[dict[str, Any]]:
    done, said = kubectl(kubeconfig, "get", kind, "--all-namespaces", "-o", "json")
    if not done:
        raise RuntimeError(said)
    items: list[dict[str, Any]] = json.loads(said)["items"]
    return items


def main() -> int:
    """Compare and print; return 1 when something differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("profiles", nargs="*")
    options = parser.parse_args()
    objects = made(options.profiles) + ([] if options.profiles else list(dividing()))
    with running() as kubeconfig, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "nodes.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": list(nodes())}))
        (folder / "objects.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}))
        kubectl(kubeconfig, "create", "-f", str(pod_monitor_definition()))
        for namespace in {each["metadata"].get("namespace", "default") for each in objects}:
            kubectl(kubeconfig, "create", "namespace", namespace)
        kubectl(kubeconfig, "create", "-f", str(folder / "nodes.json"))
        # The server taints new nodes until their kubelet reports, and here there is none.
        kubectl(kubeconfig, "taint", "nodes", "--all", "node.kubernetes.io/not-ready-")
        listed, said = kubectl(kubeconfig, "get", "nodes", "-o", "json")
        assert listed, said
        (folder / "nodes.json").write_text(said)
        done, said = kubectl(kubeconfig, "apply", "--server-side", "-f", str(folder / "objects.json"))
        if not done:
            print(said[-2000:])
            return 1
        theirs = settled(kubeconfig)
        ours = planned([str(folder / "objects.json"), "--nodes", str(folder / "nodes.json")])
    differing = [key for key in sorted({*ours, *theirs}) if ours.get(key) != theirs.get(key)]
    for key in differing:
        print(
            f"{'/'.join(key)}: only planned {ours.get(key, set()) - theirs.get(key, set())}, not planned {theirs.get(key, set()) - ours.get(key, set())}"
        )
    pods = sum(map(len, theirs.values()))
    print(
        f"{len(theirs)} DaemonSets, {pods} pods on {sum(count for count, _, _ in POOLS.values())} nodes: {len(differing)} differ"
    )
    return bool(differing)


if __name__ == "__main__":
    sys.exit(main())
