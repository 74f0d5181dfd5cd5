"""ResourceQuotas."""

from conformance.case import Json
from conformance.mutations.row import DROP, Pool, changes, each_of, row, updates
from conformance.mutations.values import LONG, QUALIFIED_NAME, QUANTITY

NAMES = Pool(
    [
        "cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory", "requests.storage", "requests.ephemeral-storage", "limits.cpu", "limits.memory",
        "limits.ephemeral-storage", "pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "persistentvolumeclaims", "configmaps", "services.nodeports",
        "services.loadbalancers", "hugepages-2Mi", "requests.hugepages-1Gi", "count/pods", "count/deployments.apps", "requests.x.io/gpu", "gold.storageclass.storage.k8s.io/requests.storage", "x.io/a",
    ],
    ["storage", "limits.storage", "gpu", "requests.gpu", "Pods", "", "limits.hugepages-2Mi", "count/", "a/b/c", "-a", LONG[64], "x.io/-", "X.io/a", "requests"],
    noisy=True,
)  # fmt: skip
OF_PODS = ("pods", "cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory")
OF_CLAIMS = ("persistentvolumeclaims", "requests.storage")
NO_VALUES = ("BestEffort", "NotBestEffort", "Terminating", "NotTerminating", "CrossNamespacePodAffinity")
SCOPES = (*NO_VALUES, "PriorityClass", "VolumeAttributesClass")
OTHERS = ("secrets", "services", "hugepages-2Mi", "ephemeral-storage", "requests.hugepages-2Mi", "configmaps")
FREE = ("x.io/a", "count/pods", "storage", "gpu", "requests.x.io/gpu")
CLEAR = {"spec.scopes": DROP, "spec.scopeSelector": DROP}


def _quota(*names: str, scopes: Json = DROP, selector: Json = DROP) -> Json:
    return {"spec.hard": dict.fromkeys(names, 1), "spec.scopes": scopes, "spec.scopeSelector": selector}


def _chosen(scope: Json, operator: Json = DROP, values: Json = DROP) -> Json:
    stated = {"scopeName": scope, "operator": operator, "values": values}
    return {"matchExpressions": [{key: value for key, value in stated.items() if value is not DROP}]}


row("quota-resource", "spec.hard", NAMES, lambda name: {name: 1}, also=CLEAR, weight=4)
row("quota-prefix", "spec.hard", QUALIFIED_NAME, lambda name: {f"count/{name}": 1}, also=CLEAR)
row("quota-amount", "spec.hard{pods}", QUANTITY, weight=2)
changes(
    "quota-whole",
    [{**CLEAR, "spec.hard": {name: value}} for name, value in each_of(("cpu", "1m"), ("memory", "1.5"), ("pods", "3000m"), ("x.io/a", 0), ("secrets", "1k"), ("kubernetes.io/a", "1m"), ("cpu", "1n"))],
    [{**CLEAR, "spec.hard": {name: value}} for name in ("pods", "secrets", "x.io/a", "count/pods", "services.nodeports") for value in ("1m", "1.5", "0.9", "1n")]
    + [{**CLEAR, "spec.hard": {name: value}} for name in ("cpu", "pods", "x.io/a", "gpu") for value in ("-1", "-1m", "-1n")],
    weight=4,
)  # fmt: skip
SCOPED = [
    (scope, name)
    for scope in SCOPES
    for name in ((*OF_CLAIMS,) if scope == "VolumeAttributesClass" else ("pods",) if scope == "BestEffort" else OF_PODS)
]
UNSCOPED = [
    (scope, name) for scope in SCOPES for name in (*OF_PODS, *OF_CLAIMS, *OTHERS) if (scope, name) not in SCOPED
]
changes(
    "quota-scope",
    [_quota(name, scopes=[scope]) for scope, name in SCOPED] + [_quota(name, scopes=["PriorityClass"]) for name in FREE[:2]] + [_quota("pods", scopes=value) for value in each_of([], None)],
    [_quota(name, scopes=[scope]) for scope, name in UNSCOPED]
    + [_quota("secrets", scopes=[scope]) for scope in ("besteffort", "", "x", "Terminating ")]
    + [_quota("storage", scopes=["PriorityClass"]), _quota("pods", scopes=["BestEffort", "x"])],
    weight=5,
)  # fmt: skip
changes(
    "quota-scope-chosen",
    [_quota(name, selector=_chosen(scope, "Exists")) for scope, name in SCOPED] + [_quota("secrets", selector=value) for value in each_of({}, None, {"matchExpressions": []})],
    [_quota(name, selector=_chosen(scope, "Exists")) for scope, name in UNSCOPED] + [_quota("secrets", selector=_chosen(scope, "Exists")) for scope in each_of("x", "", DROP, None)],
    weight=5,
)  # fmt: skip
changes(
    "quota-scope-pairs",
    [_quota("pods", scopes=scopes) for scopes in (["BestEffort", "Terminating"], ["Terminating", "Terminating"], ["NotBestEffort", "NotTerminating"])],
    [_quota("pods", scopes=scopes) for scopes in (["BestEffort", "NotBestEffort"], ["NotTerminating", "PriorityClass", "Terminating"])]
    + [_quota("pods", selector={"matchExpressions": [{"scopeName": scope, "operator": "Exists"} for scope in scopes]}) for scopes in (SCOPES[:2], SCOPES[2:4], SCOPES[:4])],
    weight=3,
)  # fmt: skip
changes(
    "quota-operator",
    [_quota("pods", selector=_chosen("PriorityClass", operator, values)) for operator, values in each_of(("In", ["a"]), ("NotIn", ["", "b"]), ("Exists", DROP), ("DoesNotExist", []), ("Exists", None))]
    + [_quota("pods", selector=_chosen(scope, "Exists", [])) for scope in NO_VALUES],
    [_quota("pods", selector=_chosen("PriorityClass", operator, values)) for operator, values in each_of(("In", []), ("NotIn", DROP), ("Exists", ["a"]), ("DoesNotExist", ["a"]), ("", DROP), ("in", ["a"]), (DROP, DROP))]
    + [_quota("pods", selector=_chosen(scope, operator, values)) for scope in NO_VALUES for operator, values in each_of(("In", ["a"]), ("NotIn", []), ("DoesNotExist", DROP), ("x", DROP), (DROP, DROP))],
    weight=5,
)  # fmt: skip
changes(
    "quota-request",
    [{**CLEAR, "spec.hard": {f"requests.{name}": value, f"limits.{name}": 2}} for name in ("cpu", "memory", "ephemeral-storage") for value in (1, 2, 3, "2001m")]
    + [{**CLEAR, "spec.hard": {"cpu": cpu, "requests.cpu": request, "limits.cpu": 2}} for cpu, request in ((3, 1), (1, 3))]
    + [{**CLEAR, "spec.hard": {name: 3, f"limits.{name}": 2}} for name in ("cpu", "memory", "ephemeral-storage")],
    [{**CLEAR, "spec.hard": {"requests.storage": 3, "limits.storage": 2}}],
    weight=3,
)  # fmt: skip
row("quota-spec", "spec", Pool([{}, None, DROP, {"hard": {}}], [[]]))
row("quota-status", "status", Pool([None, {"hard": {"x": -1}}, {"used": {"storage": "1m"}}], [{"hard": {"x": "y"}}]))
SETS = (
    ["PriorityClass"],
    ["PriorityClass", "Terminating"],
    ["Terminating", "PriorityClass"],
    ["Terminating", "Terminating", "PriorityClass"],
)
updates(
    "update-quota-scopes",
    [(_quota("pods", scopes=old), _quota("pods", "cpu", scopes=new)) for old in SETS[1:] for new in SETS[1:]]
    + [(_quota("pods", scopes=DROP), _quota("pods", scopes=[])), (_quota("pods", selector=_chosen("PriorityClass", "Exists")), _quota("pods"))],
    [(_quota("pods", scopes=old), _quota("pods", scopes=new)) for old, new in each_of((SETS[0], SETS[1]), (SETS[1], SETS[0]), (DROP, SETS[0]), (SETS[0], None), (["x"], ["y"]), ([], ["x"]))],
    weight=4,
)  # fmt: skip
