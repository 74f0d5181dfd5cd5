"""Changes of Jobs."""

from conformance.case import Json
from conformance.mutations.row import DROP, at, each_of, updates

PLAIN: Json = {
    "J.completionMode": DROP, "J.backoffLimitPerIndex": DROP, "J.maxFailedIndexes": DROP, "J.successPolicy": DROP, "J.podFailurePolicy": DROP, "J.podReplacementPolicy": DROP,
    "J.completions": 3, "J.parallelism": 2, "J.managedBy": DROP,
}  # fmt: skip


def _pairs(*pairs: tuple[Json, Json]) -> list[tuple[Json, Json]]:
    """Return changes of plain Jobs; keys are fields of the spec."""
    return [tuple({**PLAIN, **{f"J.{name}": value for name, value in one.items()}} for one in pair) for pair in pairs]  # type: ignore[misc]


INDEXED: Json = {"completionMode": "Indexed", "backoffLimitPerIndex": 1}
FAILURES: Json = {"rules": [{"action": "Ignore", "onExitCodes": {"operator": "In", "values": [1]}}]}
NEVER: Json = {"P.restartPolicy": "Never"}
updates(
    "update-job",
    _pairs(
        ({}, {}), ({}, {"parallelism": 5}), ({}, {"suspend": True, "backoffLimit": 3, "activeDeadlineSeconds": 5, "ttlSecondsAfterFinished": 0}), (INDEXED, {**INDEXED, "maxFailedIndexes": 1}), (INDEXED, {**INDEXED, "completions": 2}), (INDEXED, {**INDEXED, "completions": 7, "parallelism": 7}),
        ({}, {"completionMode": "NonIndexed"}), ({}, {"podReplacementPolicy": "Failed"}), ({"managedBy": "a/b"}, {"managedBy": "a/b"}), ({"completions": None}, {"completions": DROP}),
        (INDEXED, {**INDEXED, "completions": 3}),
    ),
    _pairs(
        ({}, {"completions": 4}), ({}, {"completions": None}), ({}, INDEXED), (INDEXED, {}), (INDEXED, {**INDEXED, "completions": 5}), (INDEXED, {**INDEXED, "backoffLimitPerIndex": 2}), (INDEXED, {"completionMode": "Indexed"}), ({}, {"managedBy": "a/b"}), ({"managedBy": "a/b"}, {}),
        (INDEXED, {**INDEXED, "successPolicy": {"rules": [{"succeededCount": 1}]}}), ({"managedBy": "a/b"}, {"managedBy": "a/c"}), ({"completions": None}, {"completions": 1}), (INDEXED, {**INDEXED, "completions": None}),
    )
    + [({**PLAIN, **NEVER, "J.podFailurePolicy": old}, {**PLAIN, **NEVER, "J.podFailurePolicy": new}) for old, new in ((None, FAILURES), (FAILURES, None), (FAILURES, {"rules": []}))],
    6,
)  # fmt: skip
TERM: Json = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [{"matchExpressions": [{"key": "a", "operator": "Exists"}]}]}}  # fmt: skip
PODS: Json = {"requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "a", "labelSelector": {"matchLabels": {"a": "b"}}}]}  # fmt: skip
PLACEMENT = each_of(
    {"T.metadata.labels": {"a": "b"}, "J.manualSelector": DROP, "J.selector": DROP}, {"T.metadata.annotations": {"a": "b"}}, {"P.nodeSelector": {"a": "b"}}, {"P.tolerations": [{"operator": "Exists", "key": "z"}]}, {"P.schedulingGates": [{"name": "a.b/c"}]}, {"P.affinity": {"nodeAffinity": TERM}}, {"P.affinity": {}},
)  # fmt: skip
OTHERS = each_of(
    {"P.hostPID": True}, {"C.image": "other"}, {"P.affinity": {"podAffinity": PODS}}, {"P.affinity": {"nodeAffinity": TERM, "podAntiAffinity": PODS}}, {"P.terminationGracePeriodSeconds": 5}, {"T.metadata.name": "x"}, {"P.priorityClassName": "x"}, {"P.containers[+]": {"name": "more", "image": "a"}},
)  # fmt: skip
RESOURCES = {"C.resources": {"requests": {"cpu": "7m"}}}
SUSPENDED = {"J.suspend": True, "J.manualSelector": DROP, "J.selector": DROP, "T.metadata.labels": {"app": "a"}}
STARTED = {"status": {"startTime": "2020-01-01T00:00:00Z"}}
AGAIN = {"status": {"startTime": "2020-01-01T00:00:00Z", "conditions": [{"type": "Suspended", "status": "True"}]}}
ACTIVE = {"status": {"active": 1}}
updates(
    "update-job-template",
    [(SUSPENDED, {**SUSPENDED, **more}) for more in (*PLACEMENT, RESOURCES, {"J.suspend": False})]
    + [({**SUSPENDED, **AGAIN}, {**SUSPENDED, **more}) for more in (*PLACEMENT, RESOURCES)]
    + [({**SUSPENDED, "P.affinity": {"nodeAffinity": TERM}}, SUSPENDED), ({**SUSPENDED, "P.affinity": {"nodeAffinity": TERM, "podAffinity": PODS}}, {**SUSPENDED, "P.affinity": {"podAffinity": PODS}}), ({}, {})],
    [(SUSPENDED, {**SUSPENDED, **more}) for more in OTHERS]
    + [({**SUSPENDED, "J.suspend": running}, {**SUSPENDED, "J.suspend": running, **more}) for running in (False, DROP) for more in (*PLACEMENT, *OTHERS, RESOURCES)]
    + [({**SUSPENDED, **status}, {**SUSPENDED, **more}) for status in (STARTED, ACTIVE) for more in (*PLACEMENT[:3], RESOURCES)]
    + [({**SUSPENDED, "P.affinity": {"nodeAffinity": TERM, "podAffinity": PODS}}, SUSPENDED)],
    10,
)  # fmt: skip
MANUAL: Json = {"J.manualSelector": True, "T.metadata.labels": {"a": "b", "c": "d"}}
updates(
    "update-job-selector",
    [({**MANUAL, "J.selector": {"matchLabels": {"a": "b"}}}, {**MANUAL, "J.selector": {"matchLabels": {"a": "b"}, "matchExpressions": []}})],
    [({**MANUAL, "J.selector": {"matchLabels": {"a": "b"}}}, {**MANUAL, "J.selector": selector}) for selector in each_of({"matchLabels": {"c": "d"}}, {"matchLabels": {"a": "b", "c": "d"}}, {}, None)],
    2,
)  # fmt: skip
updates("update-job-name", [at("metadata.name", "a.b", "a.b")], [at("metadata.name", "A_", "A_")])
