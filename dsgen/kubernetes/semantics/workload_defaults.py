"""The defaults of the kinds with pods that depend on other fields (pkg/apis/apps/v1 and core/v1: SetDefaults…)."""

from __future__ import annotations

from operator import is_not
from typing import Any

from dsgen.tree import List, Map, origin_of


def update_strategy(strategy: Map) -> dict[str, Any]:
    """Return the defaults of the strategy of a DaemonSet."""
    return _rolling(strategy, {"maxUnavailable": 1, "maxSurge": 0})


def deployment_strategy(strategy: Map) -> dict[str, Any]:
    """Return the defaults of the strategy of a Deployment."""
    return _rolling(strategy, {"maxUnavailable": "25%", "maxSurge": "25%"})


def stateful_set_strategy(strategy: Map) -> dict[str, Any]:
    """Only a strategy without a type gets an empty `rollingUpdate`."""
    kind = strategy.get("type") or "RollingUpdate"
    rolling = strategy.child("rollingUpdate")
    if rolling is None and not strategy.get("type"):
        rolling = Map()
    if kind != "RollingUpdate" or rolling is None:
        return {}
    missing = {} if rolling.is_set("partition") else {"partition": 0}
    return {"type": kind, "rollingUpdate": rolling.updated(missing) if missing else rolling}


def _rolling(strategy: Map, defaults: dict[str, Any]) -> dict[str, Any]:
    """Return the defaults of a strategy that is a rolling update unless it says otherwise, and those of its numbers."""
    kind = strategy.get("type") or "RollingUpdate"
    if kind != "RollingUpdate":
        return {}
    stated = strategy.map("rollingUpdate")
    missing = {name: value for name, value in defaults.items() if not stated.is_set(name)}
    changed = {"rollingUpdate": stated.updated(missing)} if missing else {}
    return {**changed, "type": kind} if not strategy.get("type") else changed


def replication_controller(controller: Map) -> dict[str, Any]:
    """Without a selector or labels of its own, it has those of its pods (SetDefaults_ReplicationController)."""
    labels = controller.map("spec", "template", "metadata").child("labels")
    changes: dict[str, Any] = {}
    if labels is not None and not controller.map("spec").get("selector"):
        changes["spec"] = controller.map("spec").replaced("selector", labels)
    if labels is not None and not controller.map("metadata").get("labels"):
        changes["metadata"] = controller.map("metadata").replaced("labels", labels)
    return changes


def pod(root: Map, minor: int) -> dict[str, Any]:
    """In a Pod, but not in a pod template, unset requests of a container are its limits, and on the network of the host its ports are host
    ports (SetDefaults_Pod).
    """
    from dsgen.kubernetes.semantics.pod_level_resources import AFTER_ADMISSION, LEVEL_GATE, with_pod_level_resources

    spec = root.map("spec")
    changes: dict[str, Any] = {}
    period: Any = spec.get("terminationGracePeriodSeconds")
    if isinstance(period, int) and period < 0:
        changes["terminationGracePeriodSeconds"] = 1
    if not spec.is_set("enableServiceLinks"):
        changes["enableServiceLinks"] = True
    for name in ("containers", "initContainers"):
        containers = spec.maps(name)
        changed = list(map(_with_requests, containers))
        if spec.get("hostNetwork"):
            changed = list(map(_with_host_ports, changed))
        if any(map(is_not, changed, containers)):
            changes[name] = List(changed, origin_of(spec[name]))
    changed_spec = spec.updated(changes) if changes else spec
    if LEVEL_GATE.on <= minor < AFTER_ADMISSION:
        changed_spec = with_pod_level_resources(changed_spec, minor)
    return {"spec": changed_spec} if changed_spec is not spec else {}


def job(root: Map) -> dict[str, Any]:
    """Set the defaults of a Job, which the jobs of a CronJob only get when they are created (SetDefaults_Job)."""
    spec = root.map("spec")
    missing: dict[str, Any] = {
        "parallelism": 1,
        "completionMode": "NonIndexed",
        "suspend": False,
        "manualSelector": False,
    }
    if not spec.is_set("parallelism") and not spec.is_set("completions"):
        missing["completions"] = 1
    missing["backoffLimit"] = 2**31 - 1 if spec.is_set("backoffLimitPerIndex") else 6
    missing["podReplacementPolicy"] = "Failed" if spec.is_set("podFailurePolicy") else "TerminatingOrFailed"
    changes: dict[str, Any] = {
        "spec": spec.updated({name: value for name, value in missing.items() if not spec.is_set(name)})
    }
    labels = spec.map("template", "metadata").child("labels")
    if labels is not None and not root.map("metadata").get("labels"):
        changes["metadata"] = root.map("metadata").replaced("labels", labels)
    return changes


def _with_requests(container: Map) -> Map:
    resources = container.map("resources")
    requests = resources.map("requests")
    missing = {name: value for name, value in resources.map("limits").items() if name not in requests}
    if not missing:
        return container
    return container.replaced("resources", resources.replaced("requests", requests.updated(missing)))


def _with_host_ports(container: Map) -> Map:
    ports = container.maps("ports")
    changed = [
        each
        if each.get("hostPort") or not each.get("containerPort")
        else each.replaced("hostPort", each["containerPort"])
        for each in ports
    ]
    if not any(map(is_not, changed, ports)):
        return container
    return container.replaced("ports", List(changed, origin_of(container["ports"])))
