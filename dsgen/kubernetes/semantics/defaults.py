"""The defaults that the API server sets (pkg/apis/apps/v1 and core/v1: SetDefaults…)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from operator import is_not
from typing import Any, Final

from dsgen.kubernetes.schema import fields, quantity
from dsgen.kubernetes.schema.fields import minor_number
from dsgen.kubernetes.schema.formats import lower_case
from dsgen.kubernetes.schema.images import pull_policy
from dsgen.kubernetes.semantics import storage_defaults
from dsgen.kubernetes.semantics.feature_gates import IMAGE_VOLUME, MAX_UNAVAILABLE
from dsgen.kubernetes.semantics.workload_defaults import (
    deployment_strategy,
    job,
    pod,
    replication_controller,
    stateful_set_strategy,
    update_strategy,
)
from dsgen.record import Record
from dsgen.tree import List, Map, Null, Text, origin_of

NAME_LABEL: Final = "kubernetes.io/metadata.name"
RBAC_GROUP: Final = "rbac.authorization.k8s.io"
WEBHOOK: Final[dict[str, Any]] = {
    "failurePolicy": "Fail",
    "matchPolicy": "Equivalent",
    "namespaceSelector": Map(),
    "objectSelector": Map(),
    "timeoutSeconds": 10,
}
BUDGET_LABEL: Final = "pdb.kubernetes.io/deprecated-v1beta1-empty-selector-match"
_CPU_TARGET: Final[dict[str, Any]] = {"type": "Utilization", "averageUtilization": 80}
_CPU: Final[dict[str, Any]] = {"name": "cpu", "target": Map(_CPU_TARGET)}
_CPU_METRIC: Final[dict[str, Any]] = {"type": "Resource", "resource": Map(_CPU)}


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

# Type → defaults of fields that can be set to zero: only absent and null fields get one.
ABSENT: Final[dict[str, dict[str, Any]]] = {
    "DaemonSet": {"spec": Map()},
    "DaemonSetSpec": {"template": Map(), "updateStrategy": Map(), "revisionHistoryLimit": 10},
    "Deployment": {"spec": Map()},
    "DeploymentSpec": {
        "replicas": 1,
        "template": Map(),
        "strategy": Map(),
        "revisionHistoryLimit": 10,
        "progressDeadlineSeconds": 600,
    },
    "ReplicaSet": {"spec": Map()},
    "ReplicaSetSpec": {"replicas": 1, "template": Map()},
    "StatefulSet": {"spec": Map()},
    "StatefulSetSpec": {
        "replicas": 1,
        "template": Map(),
        "updateStrategy": Map(),
        "revisionHistoryLimit": 10,
        "persistentVolumeClaimRetentionPolicy": Map(),
    },
    "ReplicationController": {"spec": Map()},
    "ReplicationControllerSpec": {"replicas": 1},
    "PodTemplate": {"template": Map()},
    "Job": {"spec": Map()},
    "CronJob": {"spec": Map()},
    "CronJobSpec": {
        "jobTemplate": Map(),
        "suspend": False,
        "successfulJobsHistoryLimit": 3,
        "failedJobsHistoryLimit": 1,
    },
    "JobTemplateSpec": {"spec": Map()},
    "JobSpec": {"template": Map()},
    "PodTemplateSpec": {"spec": Map()},
    "PodSpec": {"terminationGracePeriodSeconds": 30, "securityContext": Map()},
    "GRPCAction": {"service": ""},
    "FileKeySelector": {"optional": False},
    "ResourceFieldSelector": {"divisor": "0"},
    "HostPathVolumeSource": {"type": ""},
    "SecretVolumeSource": {"defaultMode": 0o644},
    "ConfigMapVolumeSource": {"defaultMode": 0o644},
    "DownwardAPIVolumeSource": {"defaultMode": 0o644},
    "ProjectedVolumeSource": {"defaultMode": 0o644},
    "ServiceAccountTokenProjection": {"expirationSeconds": 3600},
    "AzureDiskVolumeSource": {"cachingMode": "ReadWrite", "kind": "Shared", "fsType": "ext4", "readOnly": False},
    "PriorityClass": {"preemptionPolicy": "PreemptLowerPriority"},
    "Service": {"spec": Map()},
    "RoleBinding": {"roleRef": Map()},
    "ClusterRoleBinding": {"roleRef": Map()},
    "NetworkPolicy": {"spec": Map()},
    "Ingress": {"spec": Map()},
    "HorizontalPodAutoscaler": {"spec": Map()},
    "HorizontalPodAutoscalerSpec": {"minReplicas": 1},
    "autoscaling.v1.HorizontalPodAutoscaler": {"spec": Map()},
    "autoscaling.v1.HorizontalPodAutoscalerSpec": {"minReplicas": 1},
    "NetworkPolicyPort": {"protocol": "TCP"},
    "APIService": {"spec": Map()},
    "CustomResourceDefinition": {"spec": Map()},
    "CustomResourceDefinitionSpec": {"conversion": Map({"strategy": "None"})},
    "apiextensions.v1.ServiceReference": {"port": 443},
    "ServiceReference": {"port": 443},
    "ValidatingWebhook": WEBHOOK,
    "MutatingWebhook": {**WEBHOOK, "reinvocationPolicy": "Never"},
    "RuleWithOperations": {"scope": "*"},
    "admissionregistration.v1.ServiceReference": {"port": 443},
    **storage_defaults.ABSENT,
    "discovery.v1.EndpointPort": {"name": "", "protocol": "TCP"},
}
# Type → defaults of fields whose zero or empty value means unset.
EMPTY: Final[dict[str, dict[str, Any]]] = {
    "PodSpec": {"restartPolicy": "Always", "dnsPolicy": "ClusterFirst", "schedulerName": "default-scheduler"},
    "StatefulSetSpec": {"podManagementPolicy": "OrderedReady"},
    "StatefulSetPersistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Retain"},
    "Container": {"terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File"},
    "EphemeralContainer": {"terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File"},
    "ContainerPort": {"protocol": "TCP"},
    "Probe": {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3},
    "HTTPGetAction": {"path": "/", "scheme": "HTTP"},
    "ObjectFieldSelector": {"apiVersion": "v1"},
    "ISCSIVolumeSource": {"iscsiInterface": "default"},
    "RBDVolumeSource": {"pool": "rbd", "user": "admin", "keyring": "/etc/ceph/keyring"},
    "ServiceSpec": {"type": "ClusterIP", "sessionAffinity": "None"},
    "ServicePort": {"protocol": "TCP"},
    "EndpointPort": {"protocol": "TCP"},
    "ScaleIOVolumeSource": {"storageMode": "ThinProvisioned", "fsType": "xfs"},
    "RoleRef": {"apiGroup": RBAC_GROUP},
    "CronJobSpec": {"concurrencyPolicy": "Allow"},
    "PodFailurePolicyOnPodConditionsPattern": {"status": "True"},
    **storage_defaults.EMPTY,
    "HorizontalPodAutoscalerSpec": {"metrics": List([Map(_CPU_METRIC)])},
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
    return {"metadata": metadata.replaced("labels", metadata.map("labels").replaced(NAME_LABEL, name))} if name else {}


def _service(spec: Map) -> dict[str, Any]:
    """The API server's storage of Services also sets defaults: it fills `clusterIPs`, and allocates a port for health checks."""
    kind, policy = spec.get("type") or "ClusterIP", spec.get("externalTrafficPolicy")
    changes: dict[str, Any] = {}
    if spec.get("clusterIP") and not spec.get("clusterIPs"):
        changes["clusterIPs"] = List([spec["clusterIP"]], origin_of(spec["clusterIP"]))
    if not policy and (kind in ("LoadBalancer", "NodePort") or (kind == "ClusterIP" and spec.get("externalIPs"))):
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
}


def defaulted(root: Map, minor: str = fields.DEFAULT, kind: str = "DaemonSet") -> Map:
    """Return the decoded object `root` with the API's defaults written out. `root` is not changed; what needs none is shared."""
    return filled(plan_of(kind, minor), root)


class DefaultsPlan(Record):
    """The defaults of one type, and the fields that lead to others; everything is empty where there are none."""

    absent: tuple[tuple[str, Any], ...]
    empty: tuple[tuple[str, Any], ...]
    special: Special | None
    below: dict[str, DefaultsPlan]


def plan_of(type: str, minor: str) -> DefaultsPlan:
    """Return the defaults of an object of the type `type`, and of what is in it."""
    return _plan(type, minor, type)


@cache
def _plan(type: str, minor: str, kind: str) -> DefaultsPlan:
    table = fields.of(kind, minor)
    known = table.types[type]
    below = {}
    for name, inner in fields.objects_in(type, minor):
        plan = _plan(inner, minor, kind)
        if any(plan):
            below[name] = plan
    defaults = {**ABSENT.get(type, {}), **table.defaults.get(type, {})}
    number, since = minor_number(minor), storage_defaults.SINCE
    absent = tuple(
        (name, value) for name, value in defaults.items() if name in known and since.get((type, name), 0) <= number
    )
    special = SPECIAL.get(type)
    if type == "Pod":
        special = partial(pod, minor=minor_number(minor))
    if type == "RollingUpdateStatefulSetStrategy" and minor_number(minor) >= MAX_UNAVAILABLE.on:
        absent = (*absent, ("maxUnavailable", 1))
    if type == "ImageVolumeSource" and minor_number(minor) < IMAGE_VOLUME.on:
        special = None  # what an update keeps where the gate is off gets no defaults
    empty = EMPTY.get(type, {})
    if type == "PodFailurePolicyOnPodConditionsPattern" and kind == "CronJob" and minor_number(minor) < 34:
        empty = {}  # before, the defaults in a pod failure policy are those of a Job alone
    return DefaultsPlan(absent, tuple(empty.items()), special, below)


def additions(plan: DefaultsPlan, value: Map) -> dict[str, Any]:
    """Return the fields of a map itself that its defaults set, with what is in these not yet filled."""
    changes: dict[str, Any] = {}
    for name, default in plan.absent:
        stated = value.get(name)
        if stated is None or type(stated) is Null:
            changes[name] = default
    for name, default in plan.empty:
        if not value.get(name):
            changes[name] = default
    if plan.special:
        changes.update(plan.special(value))
    return changes


def filled(plan: DefaultsPlan, value: Map) -> Map:
    """Return a map with its defaults, and those of what is in it."""
    changes = additions(plan, value)
    below = plan.below
    for name, child in (*value.items(), *changes.items()) if changes else value.items():
        kind = type(child)
        if (kind is Map or kind is List) and name in below:
            stated, inner = changes.get(name, child), below[name]
            if kind is Map:
                whole = filled(inner, stated)
                if whole is not stated:
                    changes[name] = whole
            else:
                items = [filled(inner, item) for item in stated]
                if any(map(is_not, items, stated)):
                    changes[name] = List(items, stated.origin)
    return value.updated(changes) if changes else value
