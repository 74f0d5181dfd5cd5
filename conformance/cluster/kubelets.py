"""The kubelets of nodes on which nothing runs: pods become ready and end after a while, as long as their node is up."""

from __future__ import annotations

import heapq
import http.client
import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Final

from conformance.case import Json
from conformance.cluster.api import MERGE, STRATEGIC, Api
from conformance.cluster.nodes import node

# Seconds between two signs of life of a node, and after how many without one the controller takes it for down.
RENEWAL: Final = 1.5
GRACE: Final = 8
FLAGS: Final = (
    f"--node-monitor-grace-period={GRACE}s",
    "--node-monitor-period=1s",
    "--node-startup-grace-period=20s",
    "--node-eviction-rate=100",
    "--secondary-node-eviction-rate=100",
)
CONTROLLERS: Final = ("node-lifecycle-controller", "taint-eviction-controller")
LEASES: Final = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"
# A pod with this image becomes ready nowhere; with another one, on all nodes where it is not `Kubelet.never`.
NEVER: Final = "example.com/agent:never"


@dataclass(frozen=True)
class Kubelet:
    """The kubelet of a node: a pod is ready `start_up` seconds after it is bound to it, and gone `shut_down` seconds after its deletion.

    A pod with the image `never` or NEVER does not become ready.
    """

    start_up: float = 0.2
    shut_down: float = 0.2
    never: str = NEVER


class Kubelets:
    """All kubelets. `watcher` is told of each change of a pod first, in the order of the API server."""

    def __init__(self, api: Api, watcher: Callable[[str, Json], None]) -> None:
        self._api, self._watcher = api, watcher
        self._nodes: dict[str, Kubelet] = {}
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._number = itertools.count()
        self._seen: set[tuple[str, str]] = set()
        self._changed = threading.Condition()
        for target in (self._watch, self._act):
            threading.Thread(target=target, daemon=True).start()

    def start(self, name: str, labels: Json, allocatable: Json, kubelet: Kubelet) -> None:
        """Create a node that is up."""
        one = node(name, {"kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64", **labels})
        one["status"] |= {"capacity": allocatable, "allocatable": allocatable}
        self._api.sure("POST", "/api/v1/nodes", one)
        lease = {
            "metadata": {"name": name, "namespace": "kube-node-lease"},
            "spec": {"holderIdentity": name, "leaseDurationSeconds": 40, "renewTime": _now(micro=True)},
        }
        self._api.sure("POST", LEASES, lease)
        self._nodes[name] = kubelet
        self._later(RENEWAL, lambda: self._renew(name))

    def stop(self, name: str) -> None:
        """Let a node be down: its kubelet says and does nothing any more."""
        self._nodes.pop(name, None)

    def _renew(self, name: str) -> None:
        if name in self._nodes:
            self._later(RENEWAL, lambda: self._renew(name))
            self._api("PATCH", f"{LEASES}/{name}", {"spec": {"renewTime": _now(micro=True)}}, MERGE)

    def _watch(self) -> None:
        for kind, pod in self._api.watch("/api/v1/pods"):
            self._watcher(kind, pod)
            kubelet = self._nodes.get(pod["spec"].get("nodeName", ""))
            if kubelet and kind != "DELETED":
                self._follow(pod, kubelet)

    def _follow(self, pod: Json, kubelet: Kubelet) -> None:
        ends = "deletionTimestamp" in pod["metadata"]
        key = pod["metadata"]["uid"], "end" if ends else "start"
        if key not in self._seen:
            self._seen.add(key)
            act = self._end if ends else self._begin
            self._later(kubelet.shut_down if ends else kubelet.start_up, lambda: act(pod))

    def _begin(self, pod: Json) -> None:
        metadata, image = pod["metadata"], pod["spec"]["containers"][0]["image"]
        kubelet = self._nodes.get(pod["spec"]["nodeName"])
        if kubelet is None or (metadata["uid"], "end") in self._seen:
            return
        ready = "False" if image in (NEVER, kubelet.never) else "True"
        condition = {"type": "Ready", "status": ready, "lastTransitionTime": _now()}
        status = {"phase": "Running", "startTime": _now(), "conditions": [condition]}
        if self._api("PATCH", f"{_path(pod)}/status", {"status": status}, STRATEGIC)[0] not in (200, 404):
            self._later(RENEWAL, lambda: self._begin(pod))

    def _end(self, pod: Json) -> None:
        if pod["spec"]["nodeName"] in self._nodes:
            options = {"gracePeriodSeconds": 0, "preconditions": {"uid": pod["metadata"]["uid"]}}
            self._api("DELETE", _path(pod), options)

    def _later(self, seconds: float, act: Callable[[], None]) -> None:
        with self._changed:
            heapq.heappush(self._due, (time.monotonic() + seconds, next(self._number), act))
            self._changed.notify()

    def _act(self) -> None:
        while True:
            with self._changed:
                while not self._due or self._due[0][0] > time.monotonic():
                    self._changed.wait(self._due[0][0] - time.monotonic() if self._due else None)
                _, _, act = heapq.heappop(self._due)
            try:
                act()
            except (http.client.HTTPException, OSError, RuntimeError):
                return  # The server has gone: the end.


def _path(pod: Json) -> str:
    return f"/api/v1/namespaces/{pod['metadata']['namespace']}/pods/{pod['metadata']['name']}"


def _now(micro: bool = False) -> Any:
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ" if micro else "%Y-%m-%dT%H:%M:%SZ")
