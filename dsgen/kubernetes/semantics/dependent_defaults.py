"""The defaults that depend on other fields, by type (pkg/apis/apps/v1 and core/v1: SetDefaults…)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from dsgen.kubernetes.schema import quantity
from dsgen.kubernetes.schema.formats import lower_case
from dsgen.kubernetes.schema.images import pull_policy
from dsgen.kubernetes.schema.words import NAMESPACE_NAME, RBAC_GROUP
from dsgen.kubernetes.semantics import device_defaults
from dsgen.kubernetes.semantics.workload_defaults import (
    deployment_strategy,
    job,
    replication_controller,
    stateful_set_strategy,
    update_strategy,
)
from dsgen.tree import List, Map, Null, Text, origin_of

BUDGET_LABEL: Final = "pdb.kubernetes.io/deprecated-v1beta1-empty-selector-match"


def _scaling_policy(type: str, value: int) -> Map:
    policy: dict[str, Any] = {"type": type, "value": value, "periodSeconds": 15}
    return Map(policy)


# How fast an autoscaler scales, by direction.
SCALING_RULES: Final[dict[str, dict[str, Any]]] = {
    "scaleDown": {"selectPolicy": "Max", "policies": List([_scaling_policy("Percent", 100)])},
    "scaleUp": {
        "selectPolicy": "Max",
        "stabilizationWindowSeconds": 0,
        "policies": List([_scaling_policy("Pods", 4), _scaling_policy("Percent", 100)]),
    },
}


def _image_pull_policy(container: Any) -> dict[str, Any]:
    if container.get("imagePullPolicy"):
        return {}
    return {"imagePullPolicy": pull_policy(container.get("image") or "")}


def _image_volume(source: Any) -> dict[str, Any]:
    return {} if source.get("pullPolicy") else {"pullPolicy": pull_policy(source.get("reference") or "")}


def _volume(volume: Map) -> dict[str, Any]:
    stated = any(name != "name" and type(source) is not Null for name, source in volume.items())
    return {} if stated else {"emptyDir": Map()}


def _resources(resources: Map) -> dict[str, Any]:
    return {**_rounded(resources, "limits"), **_rounded(resources, "requests")}


def _rounded(holder: Map, name: str) -> dict[str, Any]:
    """Resources are counted in thousandths; what is finer is rounded up."""
    stated = holder.map(name)
    changes = {}
    for resource, value in stated.items():
        amount = quantity.parse(value)
        if amount.scale < quantity.MILLI and not amount.wide:  # a short string would not be as wide
            changes[resource] = Text.at(str(amount.rounded()), origin_of(value))
    return {name: stated.updated(changes)} if changes else {}


def _limit_range_item(item: Map) -> dict[str, Any]:
    """Of a container, default limits are the maximum, and default requests the default limits or else the minimum."""
    changes: dict[str, Any] = {}
    for name in ("max", "min", "default", "defaultRequest", "maxLimitRequestRatio"):
        changes.update(_rounded(item, name))
    if item.get("type") == "Container":
        rounded = item.updated(changes)
        default = _filled_up(rounded.map("default"), rounded.map("max"))
        request = _filled_up(rounded.map("defaultRequest"), default, rounded.map("min"))
        changes.update({name: found for name, found in (("default", default), ("defaultRequest", request)) if found})
    return changes


def _filled_up(holder: Map, *others: Map) -> Map:
    """Return a map with those entries of others whose keys it lacks."""
    for other in others:
        holder = holder.updated({key: value for key, value in other.items() if key not in holder})
    return holder


def _behavior(behavior: Map) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for name, defaults in SCALING_RULES.items():
        stated = behavior.map(name)
        missing = {key: value for key, value in defaults.items() if not stated.is_set(key)}
        if missing:
            changes[name] = stated.updated(missing)
    return changes


def _subject(subject: Map) -> dict[str, Any]:
    person = subject.get("kind") in ("User", "Group")
    return {"apiGroup": RBAC_GROUP} if person and not subject.get("apiGroup") else {}


def _network_policy(spec: Map) -> dict[str, Any]:
    if spec.get("policyTypes"):
        return {}
    return {"policyTypes": List(["Ingress", "Egress"] if spec.get("egress") else ["Ingress"])}


def _disruption_budget(spec: Map) -> dict[str, Any]:
    """The server removes a label of its own for old selectors that select nothing, unless it is all of a selector."""
    selector = spec.map("selector")
    stated = selector.maps("matchExpressions")
    kept = [each for each in stated if each.get("key") != BUDGET_LABEL]
    if len(kept) == len(stated):
        return {}
    only = stated[0] if len(stated) == 1 and not selector.get("matchLabels") else Map()
    if only.get("operator") == "Exists" and not only.get("values"):
        return {}
    expressions = List(kept, origin_of(selector["matchExpressions"]))
    return {"selector": selector.replaced("matchExpressions", expressions)}


def _namespace(namespace: Map) -> dict[str, Any]:
    metadata = namespace.map("metadata")
    name = metadata.get("name")
    return (
        {"metadata": metadata.replaced("labels", metadata.map("labels").replaced(NAMESPACE_NAME, name))} if name else {}
    )


def _service(spec: Map) -> dict[str, Any]:
    """The API server's storage of Services also sets defaults: it fills `clusterIPs`, and allocates a port for health checks."""
    from dsgen.kubernetes.semantics.service_update import is_external

    kind, policy = spec.get("type") or "ClusterIP", spec.get("externalTrafficPolicy")
    changes: dict[str, Any] = {}
    if spec.get("clusterIP") and not spec.get("clusterIPs"):
        changes["clusterIPs"] = List([spec["clusterIP"]], origin_of(spec["clusterIP"]))
    if not policy and is_external(spec):
        changes["externalTrafficPolicy"] = "Cluster"
    if kind in ("ClusterIP", "LoadBalancer", "NodePort") and not spec.is_set("internalTrafficPolicy"):
        changes["internalTrafficPolicy"] = "Cluster"
    if kind == "LoadBalancer" and not spec.is_set("allocateLoadBalancerNodePorts"):
        changes["allocateLoadBalancerNodePorts"] = True
    client = spec.map("sessionAffinityConfig", "clientIP")
    if spec.get("sessionAffinity") == "ClientIP" and not client.is_set("timeoutSeconds"):
        changes["sessionAffinityConfig"] = Map({"clientIP": Map({"timeoutSeconds": 10800})})
    return changes


def _service_port(port: Map) -> dict[str, Any]:
    return {} if port.get("targetPort") else {"targetPort": port.get("port") or 0}


def _definition(spec: Map) -> dict[str, Any]:
    names = spec.map("names")
    kind = names.get("kind") or ""
    missing = {"singular": lower_case(str(kind)), "listKind": f"{kind}List" if kind else ""}
    missing = {name: value for name, value in missing.items() if value and not names.get(name)}
    return {"names": names.updated(missing)} if missing else {}


Special = Callable[[Map], dict[str, Any]]
SPECIAL: Final[dict[str, Special]] = {
    "DaemonSetUpdateStrategy": update_strategy,
    "DeploymentStrategy": deployment_strategy,
    "StatefulSetUpdateStrategy": stateful_set_strategy,
    "PodSpec": lambda pod: _rounded(pod, "overhead"),
    "Container": _image_pull_policy,
    "EphemeralContainer": _image_pull_policy,
    "ImageVolumeSource": _image_volume,
    "Volume": _volume,
    "Namespace": _namespace,
    "PodDisruptionBudgetSpec": _disruption_budget,
    "ServiceSpec": _service,
    "ServicePort": _service_port,
    "ResourceRequirements": _resources,
    "VolumeResourceRequirements": _resources,
    "Subject": _subject,
    "ReplicationController": replication_controller,
    "Job": job,
    "NetworkPolicySpec": _network_policy,
    "LimitRangeItem": _limit_range_item,
    "HorizontalPodAutoscalerBehavior": _behavior,
    "ResourceQuotaSpec": lambda spec: _rounded(spec, "hard"),
    "CustomResourceDefinitionSpec": _definition,
    **device_defaults.SPECIAL,
}
