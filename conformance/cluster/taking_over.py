"""Runs the how-to pages that need a cluster on a real control plane. Where they take over agents, no pod is replaced, and no object deleted.

    python -m conformance.cluster.taking_over [--update] [PAGE ...]

Each page is a session on a control plane of its own. After each command, what Argo CD or Flux would apply is applied, by their own
code. Then the pods and other objects that there were must still be there, by their UIDs, unless the page is about deleting some. With --update, the outputs in the pages
become what the commands print. Needs kubectl and Go.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from benchmarks import peers
from conformance.cluster import running
from conformance.cluster.controllers import argocd, flux, prepare_argocd, prepare_flux
from conformance.cluster.nodes import BUILT_IN_LABELS, node
from conformance.cluster.profiles import PATIENCE, Cluster
from conformance.pages import ON_A_CLUSTER, ROOT, Command, blocks, commands, fits, with_outputs

RELEASE: Final = Path(__file__).parent / "release"
NAMESPACE: Final = "logs"
KINDS: Final = "serviceaccounts,configmaps,services,daemonsets,poddisruptionbudgets,roles,rolebindings,clusterroles,clusterrolebindings"
# By UID: kind and name.
Objects = dict[str, str]
Reconcile = Callable[[Path, Cluster], Iterator[str]]


def objects(cluster: Cluster) -> Objects:
    """Return the objects of the agents and their pods; a pod that is about to go is gone."""
    found: list[Any] = cluster.get("pods", "--all-namespaces")["items"]
    found += cluster.get(KINDS, "--all-namespaces")["items"]
    return {
        each["metadata"]["uid"]: f"{each['kind']} {each['metadata']['name']}"
        for each in found
        if "deletionTimestamp" not in each["metadata"]
    }


def settle(cluster: Cluster, wanted: str = "updatedNumberScheduled") -> Iterator[str]:
    """Wait until each node that a DaemonSet wants has a pod, by default of its present template; yield a problem if that does not happen.

    Without kubelets, a pod that is deleted does not end, so a rollout does not.
    """
    end = time.monotonic() + PATIENCE
    while True:
        pending = [
            each["metadata"]["name"]
            for each in cluster.get("daemonsets", "--all-namespaces")["items"]
            if not _is_settled(each, wanted)
        ]
        if not pending:
            return
        if time.monotonic() > end:
            yield f"the pods of {', '.join(pending)} do not come"
            return
        time.sleep(0.2)


def _is_settled(daemonset: Any, counted: str) -> bool:
    status = daemonset.get("status", {})
    wanted = status.get("desiredNumberScheduled", 0)
    return bool(
        status.get("observedGeneration") == daemonset["metadata"]["generation"]
        and wanted
        and status.get(counted) == wanted
    )


class Scene(NamedTuple):
    """What a page finds, what applies objects besides its commands, and whether all objects must stay."""

    prepare: Callable[[Path, Cluster, dict[str, str]], None]
    reconcile: Reconcile
    keeps: bool = True


def session(
    page: str, folder: Path, cluster: Cluster, environment: dict[str, str], scene: Scene
) -> Iterator[tuple[Command, str, list[str]]]:
    """Write the files and run the commands of a page; yield each command with its output, and what is wrong after it."""
    before: Objects = {}
    for language, title, block in blocks(page):
        if title:
            (folder / title).parent.mkdir(parents=True, exist_ok=True)
            (folder / title).write_text(block, "utf-8")
        for command in commands(block) if language == "console" else ():
            run = ["bash", "-c", f"{{ {command.line}\n}} 2>&1"]
            output = subprocess.run(
                run, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
            )
            wrong = [
                *scene.reconcile(folder, cluster),
                *settle(cluster, "updatedNumberScheduled" if scene.keeps else "currentNumberScheduled"),
            ]
            now = objects(cluster)
            wrong += [f"{name} is gone" for uid, name in before.items() if scene.keeps and uid not in now]
            before |= now
            yield command, output.stdout, wrong
    if not any(name.startswith("Pod ") for name in before.values()):
        yield Command("", []), "", ["no pod has been created"]


def no_controller(folder: Path, cluster: Cluster) -> Iterator[str]:
    """Apply nothing: the commands do."""
    yield from ()


def prepare_release(folder: Path, cluster: Cluster, environment: dict[str, str]) -> None:
    """Install the release that the page takes over."""
    chart = ["helm", "install", "log-agent", str(RELEASE), "--namespace", NAMESPACE]
    subprocess.run(chart, cwd=folder, env=environment, check=True, capture_output=True)
    list(settle(cluster))


def nothing(folder: Path, cluster: Cluster, environment: dict[str, str]) -> None:
    """Prepare nothing: the commands do."""


PAGES: Final[dict[str, Scene]] = dict(
    zip(
        ON_A_CLUSTER,
        (
            Scene(nothing, no_controller, keeps=False),
            Scene(nothing, no_controller, keeps=False),
            Scene(prepare_release, no_controller),
            Scene(nothing, no_controller),
            Scene(prepare_argocd, argocd),
            Scene(prepare_flux, flux),
        ),
        strict=True,
    )
)


def take_over(page: str, update: bool) -> int:
    """Run a page, print what is wrong, and return how many problems there are."""
    text = (ROOT / page).read_text("utf-8")
    scene = PAGES[page]
    problems, ran = 0, []
    with running() as kubeconfig, tempfile.TemporaryDirectory() as name:
        folder, tools = Path(name, "project"), Path(name, "bin")
        for each in (folder, tools):
            each.mkdir()
        for tool in ("helm", "kustomize"):
            found = peers.find(tool)
            assert found, f"{tool} is neither on the PATH nor can it be installed: there is no Go"
            (tools / tool).symlink_to(found)
        where = os.pathsep.join([str(tools), str(Path(sys.executable).parent), os.environ["PATH"]])
        environment = {"PATH": where, "HOME": name, "LC_ALL": "C.UTF-8", "KUBECONFIG": str(kubeconfig)}
        cluster = Cluster(kubeconfig)
        cluster.add(node("worker", BUILT_IN_LABELS))
        cluster("create", "namespace", NAMESPACE)
        cluster.wait("serviceaccount", "default", "--namespace", NAMESPACE)
        scene.prepare(folder, cluster, environment)
        for command, output, wrong in session(text, folder, cluster, environment, scene):
            ran.append((command, output))
            if not update and not fits(command, output):
                wrong.append(f"prints:\n{output}")
            problems += len(wrong)
            for problem in wrong:
                print(f"{page}: $ {command.line}\n  {problem}")
    if update:
        (ROOT / page).write_text(with_outputs(text, iter(ran), lambda command: True), "utf-8")
    print(f"{page}: {len(ran)} commands, {problems} problems", flush=True)
    return problems


def main() -> int:
    """Run the pages; 1 when anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="*", choices=[[], *PAGES])
    parser.add_argument("--update", action="store_true")
    options = parser.parse_args()
    return 1 if sum(take_over(page, options.update) for page in options.pages or PAGES) else 0


if __name__ == "__main__":
    sys.exit(main())
