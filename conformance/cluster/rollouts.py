"""Compares `dsgen plan` with real rollouts: how many pods are replaced at once, whether the rollout ends, and which nodes stop it.

    python -m conformance.cluster.rollouts [--count 40] [--seed 1] [--minor 1.37]

The control plane is real; the kubelets are not, and set pods ready or end them after a while. Some nodes go down, are cordoned or tainted,
or have no room. Needs kubectl and Go.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from conformance.case import Json
from conformance.cluster import running
from conformance.cluster.api import MERGE, Api
from conformance.cluster.end_to_end import DSGEN, kubectl
from conformance.cluster.kubelets import CONTROLLERS, FLAGS, NEVER, Kubelets
from conformance.cluster.observed import Observed, Observer, Pod
from conformance.cluster.rollout_cases import (
    CORDONED,
    DOWN,
    DOWN_BEFORE,
    OLD,
    TAINT,
    TAINTED,
    TAINTED_BEFORE,
    UNREADY,
    Rollout,
    rollouts,
)
from conformance.kubernetes_module import NEWEST

PATIENCE: Final = 60.0
# A rollout stands still when no pod changes for so many seconds. The scheduler tries a pod again after at most 10.
STILL: Final = 12.0
WORKERS: Final = 4
POOL: Final = "/api/v1/nodes"
PODS: Final = "/api/v1/namespaces/default/pods"
UNREACHABLE: Final = "node.kubernetes.io/unreachable"
NEVER_ENDS: Final = ("insufficient-max-unavailable", "conflicting-surge-host-ports", "insufficient-surge-resources")


class Run:
    """One rollout on the control plane."""

    def __init__(self, case: Rollout, kubeconfig: Path, kubelets: Kubelets, observer: Observer, minor: str) -> None:
        self.case, self._kubeconfig, self._kubelets, self._minor = case, kubeconfig, kubelets, minor
        self._api, self._observer = Api(kubeconfig), observer
        self._own = f"?labelSelector=rollout={case.name}"
        self.seen: Observed = observer.of(case.name, case.min_ready)
        self._path = f"/apis/apps/v1/namespaces/default/daemonsets/{case.name}"
        self.said: Json = {}
        self.ended, self.seconds, self.at_once = False, 0.0, 0
        self.finished: frozenset[str] = frozenset()
        self.pods: list[Pod] = []
        self._down: frozenset[str] = frozenset()

    def __call__(self, folder: Path) -> str:
        """Roll out, and return how it differs from the plan, or an empty string."""
        try:
            self._prepare(folder)
            self.said = self._plan(folder)
            self._change(folder)
            with self._observer.lock:
                return "; ".join(self._differences())
        except (RuntimeError, TimeoutError) as error:
            return f"it fails: {error}"
        finally:
            self._clear()

    def _prepare(self, folder: Path) -> None:
        case = self.case
        for name in case.nodes:
            self._kubelets.start(name, {"rollout": case.name}, case.allocatable(name), case.kubelet_of(name))
        _wait(lambda: not any(each["spec"].get("taints") for each in self._nodes()), "the nodes are not ready")
        self._set(TAINTED_BEFORE, {"taints": [TAINT]})
        self._take_down(DOWN_BEFORE)
        self._apply(folder, OLD)
        _wait(self._is_settled, "the old pods do not come")
        self._take_down(DOWN)
        _wait(self._is_settled, "the pods of nodes that are down stay ready")
        self._set(CORDONED, {"unschedulable": True})
        self._set(TAINTED, {"taints": [TAINT]})

    def _set(self, state: str, spec: Json) -> None:
        for name in self.case.that_are(state):
            taints = self._api.get(f"{POOL}/{name}")["spec"].get("taints", [])
            more = {"taints": [*taints, *spec["taints"]]} if "taints" in spec else spec
            self._api.sure("PATCH", f"{POOL}/{name}", {"spec": more}, MERGE)

    def _take_down(self, state: str) -> None:
        self._down |= self.case.that_are(state)
        for name in self._down:
            self._kubelets.stop(name)

        def down() -> bool:
            taints = {each["metadata"]["name"]: each["spec"].get("taints", ()) for each in self._nodes()}
            return all(any(taint["key"] == UNREACHABLE for taint in taints[name]) for name in self._down)

        _wait(down, "the nodes do not go down")

    def _nodes(self) -> list[Json]:
        return list(self._api.get(POOL + self._own)["items"])

    def _up(self) -> frozenset[str]:
        return frozenset(self.case.nodes) - self._down

    def _is_settled(self) -> bool:
        found = self._api.get(self._path)
        status = found["status"]
        with self._observer.lock:
            pods = self.seen.pods.values()
            ready = {pod.node for pod in pods if pod.available(self.case.min_ready, time.time())}
        return (
            status.get("observedGeneration") == found["metadata"]["generation"]
            and status["currentNumberScheduled"] == status["desiredNumberScheduled"]
            and status.get("numberAvailable", 0) == len(ready)
            and ready == self._up() - self.case.that_are(UNREADY, TAINTED_BEFORE)
        )

    def _apply(self, folder: Path, image: str) -> None:
        file = folder / f"{self.case.name}.json"
        file.write_text(json.dumps(self.case.daemonset(image)), encoding="utf-8")
        done, said = kubectl(self._kubeconfig, "apply", "--server-side", "-f", str(file))
        if not done:
            raise RuntimeError(said)

    def _plan(self, folder: Path) -> Json:
        """Return what `dsgen plan` says of the change, asked as a user asks."""
        case = self.case
        files = [folder / f"{case.name}.{kind}" for kind in ("new.json", "nodes.yaml", "pods.json")]
        files[0].write_text(json.dumps(case.daemonset(case.image)), encoding="utf-8")
        for file, kind, form in ((files[1], "nodes", "yaml"), (files[2], "pods", "json")):
            chosen = ("--selector", f"rollout={case.name}") if kind == "nodes" else ("--all-namespaces",)
            done, said = kubectl(self._kubeconfig, "get", kind, *chosen, "-o", form)
            if not done:
                raise RuntimeError(said)
            file.write_text(said, encoding="utf-8")
        seconds = ("--start-up", str(int(case.kubelet.start_up)), "--shut-down", str(int(case.kubelet.shut_down)))
        asked = ("plan", files[0], "--nodes", files[1], "--pods", files[2], *seconds, "--kubernetes", self._minor)
        told = subprocess.run(
            [*DSGEN, *asked, "--format", "json"], capture_output=True, text=True, check=False, cwd=folder
        )
        if told.returncode not in (0, 1) or not told.stdout:
            raise RuntimeError(told.stderr)
        plan = json.loads(told.stdout)
        return {**plan["daemonsets"][0], "problems": plan["problems"]}

    def _change(self, folder: Path) -> None:
        planned = self._up() & set(self.said["nodes"])
        with self._observer.lock:
            self.seen.change(self.case.image, planned)
        began = time.time()
        self._apply(folder, self.case.image)
        left = self._up() - planned
        while not self.ended:
            time.sleep(0.1)
            now = time.time()
            with self._observer.lock:
                self.ended = self.seen.finished(now) == planned and not self.seen.old(planned | left)
                if now - max(self.seen.last, began) > STILL:
                    break
        with self._observer.lock:
            self.at_once = self.seen.at_once
            self.seconds = (time.time() if self.ended else self.seen.last) - began

    def expected(self) -> tuple[int, bool, list[Json]]:
        """Return how many pods are replaced at once by the plan, whether it ends, and why not."""
        plan = self.said["rollout"]
        to_do = len(self.seen.nodes)
        stops = [each for each in self.said["problems"] if each["code"] in NEVER_ENDS]
        if plan["strategy"] == "OnDelete":
            return 0, False, stops
        first = 0
        if plan["unready"]:
            first = plan["unready"] + plan["atOnce"] if plan["surge"] else max(plan["unready"], plan["atOnce"])
        ends = not stops and bool(plan["atOnce"]) and self.case.image != NEVER
        return min(first or plan["atOnce"], to_do), ends, stops

    def _differences(self) -> Iterator[str]:
        case, seen = self.case, self.seen
        at_once, ends, stops = self.expected()
        # Nodes that the new version leaves count too while their pod ends, and new nodes until theirs is ready.
        fewer = bool(case.that_are(TAINTED, TAINTED_BEFORE))
        least = 0 if case.that_are(TAINTED_BEFORE) and case.image == NEVER else min(1, at_once)
        if not (least <= self.at_once <= at_once if fewer else self.at_once == at_once):
            yield f"{self.at_once} at once, not {at_once}"
        if self.ended != ends:
            yield f"it {'ends' if self.ended else 'does not end'}"
        finished = self.finished = seen.finished(time.time())
        self.pods = [pod for pod in seen.pods.values() if pod.node not in finished]
        named = {name for each in stops for name in case.nodes if name in each["message"]}
        codes = {each["code"] for each in stops}
        if "insufficient-max-unavailable" in codes and seen.replaced - case.that_are(UNREADY):
            yield f"{sorted(seen.replaced)} are replaced"
        if named & finished:
            yield f"{sorted(named)} do not stop it: {sorted(finished)} are replaced"
        if stops and not named and not case.situation.startswith("host port"):
            yield "no message names a node that stops it"

    def _clear(self) -> None:
        self._api("DELETE", self._path, {"propagationPolicy": "Background"})
        for name in self.case.nodes:
            self._kubelets.stop(name)
        self._api("DELETE", f"{PODS}?labelSelector=app={self.case.name}", {"gracePeriodSeconds": 0})
        self._api("DELETE", POOL + self._own)


def _wait(condition: Callable[[], bool], otherwise: str) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(otherwise)
        time.sleep(0.2)


def _row(run: Run, differs: str) -> str:
    case, plan = run.case, run.said.get("rollout", {})
    limits = case.strategy.get("rollingUpdate", {})
    limit = f"maxSurge {limits['maxSurge']}" if case.surge else f"maxUnavailable {limits.get('maxUnavailable', '-')}"
    if not plan:
        return f"{case.name:4} {case.situation}: {differs}"
    at_once, ends, _ = run.expected()
    said = f"{at_once} at once, {plan['waves']} waves, {plan['seconds']} s, {'ends' if ends else 'does not end'}"
    saw = f"{run.at_once} at once, {run.seconds:.1f} s, {'ends' if run.ended else 'does not end'}"
    return f"{case.name:4} {case.situation}, {len(case.nodes)} nodes, {limit}, minReadySeconds {case.min_ready}: said {said}; saw {saw}{differs and f': DIFFERS: {differs}'}"


def main() -> int:
    """Roll out, compare and print; return 1 when something differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minor", default=NEWEST)
    parser.add_argument("names", nargs="*", help="only these, such as r3")
    options = parser.parse_args()
    cases = [each for each in rollouts(options.count, options.seed) if each.name in options.names or not options.names]
    observer, differing = Observer(), 0
    with (
        running(options.minor, CONTROLLERS, FLAGS) as kubeconfig,
        tempfile.TemporaryDirectory() as name,
        ThreadPoolExecutor(WORKERS) as pool,
    ):
        api = Api(kubeconfig)
        for namespace in ("default", "kube-node-lease"):
            _wait(lambda path=f"/api/v1/namespaces/{namespace}": api("GET", path)[0] == 200, "a namespace is missing")  # type: ignore[misc]
        kubelets = Kubelets(api, observer)

        def rolled(case: Rollout) -> tuple[Run, str]:
            run = Run(case, kubeconfig, kubelets, observer, options.minor)
            return run, run(Path(name))

        for run, differs in pool.map(rolled, cases):
            differing += bool(differs)
            print(_row(run, differs), flush=True)
            if differs:
                states = {name: sorted(own) for name, own in run.case.nodes.items() if own}
                print(
                    "     "
                    + json.dumps({"nodes": states, "finished": sorted(run.finished), **run.said.get("rollout", {})})
                )
                print("".join(f"     {pod}\n" for pod in run.pods), end="")
                print("".join(f"     {each['message']}\n" for each in run.said.get("problems", ())), end="")
    print(f"{len(cases)} rollouts on Kubernetes {options.minor}: {differing} differ")
    return bool(differing)


if __name__ == "__main__":
    sys.exit(main())
