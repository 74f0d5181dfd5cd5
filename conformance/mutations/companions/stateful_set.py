"""StatefulSets: how their pods are numbered and replaced, and what becomes of their claims."""

from __future__ import annotations

from conformance.case import Json
from conformance.mutations.row import DROP, Pool, at, changes, each_of, row, updates
from conformance.mutations.spec import AMOUNT
from conformance.mutations.values import DNS_LABEL, NOT_NEGATIVE

STRATEGY, ROLLING, CLAIMS = "spec.updateStrategy", "spec.updateStrategy.rollingUpdate", "spec.volumeClaimTemplates"
row(
    "set-management",
    "spec.podManagementPolicy",
    Pool(["OrderedReady", "Parallel", "", None], ["parallel", "Ordered", "x"]),
    weight=2,
)
row("set-service", "spec.serviceName", DNS_LABEL.plus(["", None]), weight=2)
row("set-name", "metadata.name", DNS_LABEL)
row("set-ordinals", "spec.ordinals", NOT_NEGATIVE, lambda number: {"start": number}, weight=2)
row("set-history", "spec.revisionHistoryLimit", Pool([0, 1, -1, -5, None], []), weight=2)
WHEN = Pool(["Retain", "Delete", "", None], ["retain", "Keep", " Delete"])
row(
    "set-when-deleted",
    "spec.persistentVolumeClaimRetentionPolicy",
    WHEN,
    lambda value: {"whenDeleted": value},
    weight=2,
)
row("set-when-scaled", "spec.persistentVolumeClaimRetentionPolicy", WHEN, lambda value: {"whenScaled": value}, weight=2)
changes(
    "set-strategy",
    [{STRATEGY: strategy} for strategy in each_of(
        {}, DROP, None, {"type": "OnDelete"}, {"type": "OnDelete", "rollingUpdate": None}, {"type": "RollingUpdate"}, {"type": "RollingUpdate", "rollingUpdate": {}}, {"rollingUpdate": {"partition": 3}})],
    [{STRATEGY: strategy} for strategy in each_of(
        {"type": "Recreate"}, {"type": "onDelete"}, {"type": "OnDelete", "rollingUpdate": {}}, {"type": "OnDelete", "rollingUpdate": {"partition": -1}}, {"type": "x", "rollingUpdate": {"partition": -1}}, {"rollingUpdate": {"partition": -1}})],
    weight=3,
)  # fmt: skip
row("set-partition", STRATEGY, NOT_NEGATIVE, lambda number: {"rollingUpdate": {"partition": number}}, weight=2)
row(
    "set-unavailable",
    STRATEGY,
    AMOUNT.plus([], [0, "0%", "0"]),
    lambda number: {"rollingUpdate": {"maxUnavailable": number}},
    weight=2,
)
row(
    "set-unavailable-ignored",
    STRATEGY,
    AMOUNT,
    lambda number: {"type": "OnDelete", "rollingUpdate": {"maxUnavailable": number}},
)


def _claim(**spec: Json) -> Json:
    return {
        "metadata": {"name": "data"},
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}, **spec},
    }


GOOD_CLAIMS: list[Json] = [
    _claim(), _claim(storageClassName=""), _claim(volumeMode="Block"), _claim(accessModes=["ReadOnlyMany", "ReadWriteMany"]), _claim(selector={"matchLabels": {"a": "b"}}),
    _claim(dataSource={"kind": "PersistentVolumeClaim", "name": "a"}), _claim(resources={"requests": {"storage": "100m"}}), _claim(resources={"requests": {"storage": 1}, "limits": {"storage": "1500m"}}),
    {**_claim(), "metadata": {"name": "A_", "labels": {"-": "-"}}},
]  # fmt: skip
BAD_CLAIMS: list[Json] = [
    {}, {"metadata": {"name": "data"}}, _claim(accessModes=[]), _claim(accessModes=["x"]), _claim(accessModes=["ReadWriteOncePod", "ReadWriteOnce"]), _claim(resources={}), _claim(resources={"requests": {"storage": 0}}),
    _claim(storageClassName="A"), _claim(volumeMode="x"), _claim(volumeMode=""), _claim(selector={"matchLabels": {"-": "b"}}), _claim(dataSource={"kind": "x"}), _claim(dataSourceRef={"kind": "a", "name": "b", "apiGroup": "-"}),
]  # fmt: skip
changes(
    "set-claims",
    [{CLAIMS: [claim]} for claim in GOOD_CLAIMS] + [{CLAIMS: []}],
    [{CLAIMS: [claim, _claim()]} for claim in BAD_CLAIMS],
    weight=3,
)
changes(
    "set-pods",
    [{"P.hostname": "A_", "P.subdomain": "A_"}, {CLAIMS: [_claim()], "C.volumeMounts": [{"name": "data", "mountPath": "/a"}]}],
    [{"P.restartPolicy": "Never", "spec.selector": selector} for selector in each_of(DROP, {"matchLabels": {"-": "a"}})]
    + [{"P.activeDeadlineSeconds": 5, "P.containers": [], "spec.selector": {"matchLabels": {"-": "a"}}}, {"P.restartPolicy": "x"}, {"P.activeDeadlineSeconds": 0}],
    weight=2,
)  # fmt: skip
SELECTOR = "spec.selector"
updates(
    "update-set-fixed",
    [at("spec.serviceName", "A_", "A_"), at("spec.serviceName", "", None), at("spec.podManagementPolicy", None, "OrderedReady"), at(CLAIMS, [], None), at("spec.replicas", 1, 2), at("spec.minReadySeconds", 1, 2)]
    + [at(CLAIMS, [claim], [claim]) for claim in (*GOOD_CLAIMS, *BAD_CLAIMS)]
    + [at("spec.ordinals", old, new) for old, new in (({"start": 1}, None), ({"start": 1}, {"start": 2}))]
    + [at("spec.persistentVolumeClaimRetentionPolicy", None, {"whenScaled": "Delete"}), at("spec.revisionHistoryLimit", 3, -3)],
    [at("spec.serviceName", *pair) for pair in each_of(("a", "b"), ("a", None), (None, "a"))]
    + [at("spec.podManagementPolicy", *pair) for pair in each_of(("Parallel", None), (None, "Parallel"), ("Parallel", "x"))]
    + [at(CLAIMS, [_claim()], new) for new in each_of(DROP, [], [_claim(storageClassName="b")], [_claim(), _claim()], [_claim(volumeMode="Block")])]
    + [at(SELECTOR, {"matchLabels": {"a": "b"}}, new) for new in each_of(DROP, {}, {"matchLabels": {"a": "c"}}, {"matchLabels": {"a": "-"}})],
    5,
)  # fmt: skip
updates(
    "update-set-strategy",
    [({STRATEGY: {"type": "Recreate"}}, {STRATEGY: {"type": "Recreate"}}), ({STRATEGY: {"type": "Recreate"}}, {}), ({STRATEGY: {"rollingUpdate": {"maxUnavailable": 2}}}, {STRATEGY: {"rollingUpdate": {"maxUnavailable": 3}}})],
    [({STRATEGY: {"type": "Recreate"}}, {STRATEGY: {"type": "Recreate", "rollingUpdate": {}}}), ({}, {STRATEGY: {"type": "Recreate"}})]
    + [({STRATEGY: {"rollingUpdate": {"maxUnavailable": 2}}}, {STRATEGY: {"rollingUpdate": {"maxUnavailable": number}}}) for number in each_of(0, "0%", "101%", -1, "x")]
    + [({}, {STRATEGY: {"rollingUpdate": {"maxUnavailable": 0}}})],
    3,
)  # fmt: skip
BROKEN: Json = {"P.containers": []}
updates(
    "update-set-broken",
    [(BROKEN, BROKEN), ({"P.priority": 2**31 - 1, "P.dnsPolicy": "x"}, {"P.dnsPolicy": "y"}), ({**BROKEN, "spec.replicas": -1}, BROKEN), ({"spec.replicas": -1}, BROKEN)],
    [({}, BROKEN), (BROKEN, {**BROKEN, "T.metadata.labels": {"-": "-"}}), (BROKEN, {**BROKEN, "P.restartPolicy": "Never"}), (BROKEN, {"P.activeDeadlineSeconds": 5}), ({"spec.serviceName": "A_"}, {"spec.serviceName": "A_", **BROKEN}),
     ({CLAIMS: BAD_CLAIMS[:1]}, {CLAIMS: BAD_CLAIMS[:1], **BROKEN})],
    3,
)  # fmt: skip
