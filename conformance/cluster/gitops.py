"""Applies what dsgen writes for an environment to a real control plane, changes the profiles, and applies it again with pruning.

    python -m conformance.cluster.gitops

After each run the cluster must hold exactly what the tree of files says: nothing is missing, nothing is left over, and
`kubectl diff` finds nothing. Needs kubectl and Go.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import yaml

from conformance.cluster import running
from conformance.cluster.profiles import DSGEN, PATIENCE, Cluster
from conformance.kubernetes_module import pod_monitor_definition

AGENT: Final = """\
name: agent
namespace: {name: agents, create: true}
containers:
  agent: {image: "example.com/agent:1.0", ports: {metrics: 9100}}
serviceAccount: {create: true, clusterRules: ["get,list nodes"], namespaceRules: ["get leases.coordination.k8s.io"]}
configMaps: {agent-config: {data: {mode: slow}}}
service: {ports: [metrics]}
priorityClass: {value: 1000}
"""
LOGS: Final = """\
name: logs
namespace: {name: logging, create: true}
containers: {logs: {image: "example.com/logs:1.0"}}
serviceAccount: {create: true}
"""
# What the project is at each step: a profile, or None where there is none any more.
STEPS: Final[dict[str, dict[str, str | None]]] = {
    "two profiles": {"agent": AGENT, "logs": LOGS},
    "nothing changed": {},
    "another image, no service, other rights": {
        "agent": AGENT.replace("agent:1.0", "agent:2.0")
        .replace("service: {ports: [metrics]}\n", "")
        .replace("get,list nodes", "get,list pods")
    },
    "a profile is gone, with its namespace": {"logs": None},
    "a new profile, and an old one by another name": {
        "more": LOGS.replace("logs", "more"),
        "agent": AGENT.replace("name: agent\n", "name: node-agent\n"),
    },
}
KINDS: Final = "namespaces,serviceaccounts,configmaps,services,clusterroles,clusterrolebindings,roles,rolebindings,priorityclasses,daemonsets"
OURS: Final = "app.kubernetes.io/managed-by=dsgen"
_PRUNED: Final = (
    "core/v1/Namespace",
    "core/v1/ServiceAccount",
    "core/v1/ConfigMap",
    "core/v1/Service",
    "rbac.authorization.k8s.io/v1/ClusterRole",
    "rbac.authorization.k8s.io/v1/ClusterRoleBinding",
    "rbac.authorization.k8s.io/v1/Role",
    "rbac.authorization.k8s.io/v1/RoleBinding",
    "scheduling.k8s.io/v1/PriorityClass",
    "apps/v1/DaemonSet",
)
Names = set[tuple[str, str, str]]


def in_the_tree(folder: Path) -> Names:
    """Return kind, namespace and name of every object in the files of an environment."""
    objects = (
        yaml.safe_load(path.read_text("utf-8")) for path in folder.glob("*/*.yaml") if path.stem != "kustomization"
    )
    return {(each["kind"], each["metadata"].get("namespace", ""), each["metadata"]["name"]) for each in objects}


def in_the_cluster(cluster: Cluster) -> Names:
    """Return the same of every object of ours in the cluster."""
    found = cluster.get(KINDS, "--all-namespaces", "--selector", OURS)["items"]
    return {(each["kind"], each["metadata"].get("namespace", ""), each["metadata"]["name"]) for each in found}


def problems(folder: Path, cluster: Cluster) -> Iterator[str]:
    """Make the environment, apply it, and yield where the cluster differs from it."""
    for more in ((), ("--check",)):
        made = subprocess.run([*DSGEN, "generate", *more], cwd=folder, capture_output=True, text=True, check=False)
        if made.returncode:
            yield f"dsgen generate {' '.join(more)}: {made.stderr}"
    tree = folder / "out" / "prod"
    allowed = (word for kind in _PRUNED for word in ("--prune-allowlist", kind))
    done, said = cluster("apply", "--kustomize", str(tree), "--prune", "--selector", OURS, *allowed)
    if not done:
        yield f"kubectl apply: {said}"
        return
    wanted = in_the_tree(tree)
    end = time.monotonic() + PATIENCE
    # A namespace takes a moment to go.
    while (found := in_the_cluster(cluster)) != wanted and time.monotonic() < end:
        time.sleep(0.2)
    for name in sorted(wanted - found):
        yield f"the cluster lacks {name}"
    for name in sorted(found - wanted):
        yield f"the cluster still has {name}"
    same, difference = cluster("diff", "--kustomize", str(tree))
    if not same:
        yield f"applied again, it would change: {difference}"


def main() -> int:
    """Take every step; 1 when the cluster is not what the tree says after any."""
    wrong = 0
    with running() as kubeconfig, tempfile.TemporaryDirectory() as name:
        cluster, folder = Cluster(kubeconfig), Path(name)
        cluster("create", "--filename", str(pod_monitor_definition()))
        for place in ("profiles", "environments"):
            (folder / place).mkdir()
        (folder / "dsgen.yaml").write_text("argocd: {syncWaves: true}\n")
        (folder / "environments/prod.yaml").write_text("all: {nodes: {tolerate+: [control-plane]}}\n")
        for step, changes in STEPS.items():
            for profile, text in changes.items():
                file = folder / "profiles" / f"{profile}.yaml"
                file.unlink() if text is None else file.write_text(text)
            found = list(problems(folder, cluster))
            wrong += len(found)
            print(f"{step}: {len(in_the_cluster(cluster))} objects, {len(found)} problems")
            for problem in found:
                print(f"  {problem.strip()[:1000]}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
