"""Applies what every profile of the project makes to a real control plane, with nodes, and looks at what becomes of it.

    python -m conformance.cluster.profiles [PROFILE ...]

Nothing may be refused, the server may warn of nothing that dsgen does not warn of, the DaemonSet controller must really
create pods (which Pod Security admission sees too), and the same applied again must change nothing. Needs kubectl and Go.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from conformance.case import Json
from conformance.cluster import running
from conformance.cluster.nodes import node, node_for, provisions
from conformance.dsgen_outcome import judge
from conformance.kubernetes_module import NEWEST, pod_monitor_definition
from conformance.outcome import warned
from dsgen.project.project import read_project

ROOT: Final = Path(__file__).parent.parent.parent
DSGEN: Final = (sys.executable, "-c", "from dsgen.cli import main; main()")
PATIENCE: Final = 60.0
WARNING: Final = "Warning: "
NOT_READY: Final = "node.kubernetes.io/not-ready"


class Cluster:
    """A control plane that is spoken to by kubectl."""

    def __init__(self, kubeconfig: Path) -> None:
        self.environment = {**os.environ, "KUBECONFIG": str(kubeconfig)}

    def __call__(self, *words: str, given: str | None = None) -> tuple[bool, str]:
        """Run kubectl, with manifests on its input, and return whether it succeeded and all that it said."""
        done = subprocess.run(
            ["kubectl", *words], input=given, capture_output=True, text=True, check=False, env=self.environment
        )
        return done.returncode == 0, done.stdout + done.stderr

    def get(self, *words: str) -> Any:
        """Return what `kubectl get` finds, or None."""
        found, said = self("get", *words, "--output", "json")
        return json.loads(said) if found else None

    def wait(self, *words: str) -> bool:
        """Wait until `kubectl get` finds an object."""
        end = time.monotonic() + PATIENCE
        while self.get(*words) is None:
            if time.monotonic() > end:
                return False
            time.sleep(0.2)
        return True

    def prepare(self) -> None:
        """Make known what pod monitors are, and create two nodes that no DaemonSet asks anything of."""
        self("create", "--filename", str(pod_monitor_definition()))
        self("wait", "--for=condition=Established", "crd", "--all")
        self.add(node("plain", {"kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64"}))
        self.add(node("windows", {"kubernetes.io/os": "windows", "kubernetes.io/arch": "amd64"}))

    def add(self, one: Json) -> None:
        """Create a node. It is taken for ready at once; no kubelet will ever say so."""
        self("create", "--filename", "-", given=json.dumps(one))
        self("taint", "nodes", one["metadata"]["name"], f"{NOT_READY}:NoSchedule-")


def problems(profile: Path, cluster: Cluster) -> Iterator[str]:
    """Apply what a profile makes, and yield what is wrong with it."""
    made = subprocess.run(
        [*DSGEN, "generate", "-o", "-", str(profile)], capture_output=True, text=True, check=False, cwd=ROOT
    )
    if made.returncode:
        yield made.stderr
        return
    objects = [each for each in yaml.safe_load_all(made.stdout) if each]
    daemonsets = [each for each in objects if each["kind"] == "DaemonSet"]
    _make_room(objects, daemonsets, cluster)
    taken, said = cluster("apply", "--validate=strict", "--filename", "-", given=made.stdout)
    if not taken:
        yield f"refused: {said}"
        return
    known = frozenset[str]().union(*(judge(each, NEWEST).warnings for each in made.stdout.split("\n---\n")))
    for line in said.splitlines():
        if line.startswith(WARNING) and warned(line.removeprefix(WARNING)) not in known:
            yield f"the server warns, and dsgen does not: {line}"
    for daemonset in daemonsets:
        yield from _without_pods(daemonset, cluster)
    same, difference = cluster("diff", "--filename", "-", given=made.stdout)
    if not same:
        yield f"applied again, it would change: {difference}"
    _clear(daemonsets, cluster)


def _make_room(objects: list[Json], daemonsets: list[Json], cluster: Cluster) -> None:
    """Create the namespaces, a node for each DaemonSet, and what the profile expects of the cluster."""
    homes = {each["metadata"].get("namespace", "default") for each in objects}
    stated = [each for each in objects if each["kind"] == "Namespace"]
    for each in stated:
        cluster("apply", "--filename", "-", given=json.dumps(each))
    for home in sorted(homes - {each["metadata"]["name"] for each in stated}):
        cluster("create", "namespace", home)
    for home in homes:
        cluster.wait("serviceaccount", "default", "--namespace", home)
    for each in provisions(objects):
        cluster("create", "--filename", "-", given=json.dumps(each))
    for daemonset in daemonsets:
        cluster.add(node_for(daemonset))


def _without_pods(daemonset: Json, cluster: Cluster) -> Iterator[str]:
    """Wait for a DaemonSet's pods; yield what is wrong if some do not come, or fewer than one."""
    name, home = daemonset["metadata"]["name"], daemonset["metadata"].get("namespace", "default")
    status: Json = {}
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        status = cluster.get("daemonset", name, "--namespace", home).get("status", {})
        wanted = status.get("desiredNumberScheduled", 0)
        if status.get("observedGeneration") and wanted and status.get("currentNumberScheduled") == wanted:
            break
        time.sleep(0.2)
    else:
        yield f"the controller creates {status.get('currentNumberScheduled', 0)} of {status.get('desiredNumberScheduled', 0)} pods"
    for event in cluster.get("events", "--namespace", home, "--field-selector", "reason=FailedCreate")["items"]:
        if event["involvedObject"]["name"] == name:
            yield f"a pod is refused: {event['message']}"
    pods = cluster.get("pods", "--namespace", home)["items"]
    owned = [pod for pod in pods if any(owner["name"] == name for owner in pod["metadata"].get("ownerReferences", ()))]
    if not owned:
        yield "no pod belongs to the DaemonSet"


def _clear(daemonsets: list[Json], cluster: Cluster) -> None:
    """Take the DaemonSets, their pods and nodes away, so that others with their names or selectors find room."""
    for daemonset in daemonsets:
        name, home = daemonset["metadata"]["name"], daemonset["metadata"].get("namespace", "default")
        # No garbage collector runs: the pods do not go with it.
        cluster("delete", "daemonset", name, "--namespace", home, "--cascade=background")
        cluster("delete", "pods", "--all", "--namespace", home, "--force", "--grace-period=0")
        cluster("delete", "node", f"for-{name}")


def main() -> int:
    """Apply the profiles named on the command line, or all of the project; 1 when anything is wrong."""
    profiles = [Path(name).resolve() for name in sys.argv[1:]] or read_project(ROOT)[0].profile_files()
    wrong = 0
    with running() as kubeconfig:
        cluster = Cluster(kubeconfig)
        cluster.prepare()
        for profile in profiles:
            for problem in problems(profile, cluster):
                wrong += 1
                print(f"{profile}: {problem.strip()[:1000]}")
    print(f"{len(profiles)} profiles applied, their pods created, and applied again: {wrong} problems")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
