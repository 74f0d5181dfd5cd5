"""Pod failure policies of jobs."""

from conformance.case import Json
from conformance.mutations.row import DROP, Pool, changes, each_of, row
from conformance.mutations.values import QUALIFIED_NAME

BASE: Json = {"J.successPolicy": DROP, "J.podReplacementPolicy": DROP, "P.restartPolicy": "Never"}
CODES: Json = {"operator": "In", "values": [1]}
CONDITION: Json = {"type": "DisruptionTarget"}


def _policies(*rules: Json) -> list[Json]:
    """Return jobs, each with one rule."""
    return [{**BASE, "J.podFailurePolicy": {"rules": [rule]}} for rule in rules]


def _codes(*codes: Json) -> list[Json]:
    return _policies(*({"action": "Ignore", "onExitCodes": {**CODES, **each}} for each in codes))


changes(
    "failure-rules",
    [{**BASE, "J.podFailurePolicy": policy} for policy in each_of(None, {"rules": []}, {"rules": [{"action": "Count", "onExitCodes": CODES}] * 20})],
    [{**BASE, "J.podFailurePolicy": policy} for policy in each_of({"rules": [{"action": "Count", "onExitCodes": CODES}] * 21}, {"rules": [{}]}, {"rules": [None]})],
)  # fmt: skip
changes(
    "failure-action",
    _policies(*({"action": action, "onExitCodes": CODES} for action in ("Count", "FailJob", "Ignore")))
    + [{**one, "J.completionMode": "Indexed", "J.completions": 2, "J.backoffLimitPerIndex": 1, "J.maxFailedIndexes": DROP} for one in _policies({"action": "FailIndex", "onExitCodes": CODES})],
    _policies(*({"action": action, "onExitCodes": CODES} for action in each_of("", None, "count", "Fail")))
    + [{**one, "J.backoffLimitPerIndex": DROP, "J.maxFailedIndexes": DROP} for one in _policies({"action": "FailIndex", "onExitCodes": CODES})],
    2,
)  # fmt: skip
changes(
    "failure-requirement",
    _policies({"action": "Ignore", "onExitCodes": CODES}, {"action": "Ignore", "onPodConditions": [CONDITION]}, {"action": "Ignore", "onExitCodes": CODES, "onPodConditions": []}),
    _policies({"action": "Ignore"}, {"action": "Ignore", "onExitCodes": CODES, "onPodConditions": [CONDITION]}, {"action": "Ignore", "onPodConditions": []}, {"action": "Ignore", "onExitCodes": {}}),
    2,
)  # fmt: skip
changes(
    "failure-codes",
    _codes({"values": [1, 2, 255]}, {"operator": "NotIn", "values": [0]}, {"values": list(range(1, 256))}, {"values": [-1]}, {"containerName": None}),
    _codes({"values": []}, {"values": None}, {"values": [0]}, {"values": [2, 1]}, {"values": [1, 1]}, {"values": [3, 0, 3]}, {"operator": "NotIn", "values": [1, 0, 0]}, {"values": list(range(1, 257))}, *({"operator": operator} for operator in each_of("", None, "in", "Exists"))),
    4,
)  # fmt: skip
changes(
    "failure-container",
    [{**one, "P.containers[0].name": "main"} for one in _codes({"containerName": "main"})]
    + [{**one, "P.initContainers": [{"name": "first", "image": "a"}]} for one in _codes({"containerName": "first"})],
    _codes(*({"containerName": name} for name in ("other-one", "", "A"))),
    2,
)
row("failure-condition-type", "J.podFailurePolicy", QUALIFIED_NAME.plus([], ["", None]), lambda type: {"rules": [{"action": "Ignore", "onPodConditions": [{"type": type}]}]}, also=BASE)  # fmt: skip
changes(
    "failure-condition",
    _policies(*({"action": "Ignore", "onPodConditions": [{**CONDITION, "status": status}]} for status in each_of("True", "False", "Unknown", "", None)), {"action": "Ignore", "onPodConditions": [CONDITION] * 20}),
    _policies(*({"action": "Ignore", "onPodConditions": [{**CONDITION, "status": status}]} for status in each_of("true", "x")), {"action": "Ignore", "onPodConditions": [CONDITION] * 21}, {"action": "Ignore", "onPodConditions": [{}]}),
    2,
)  # fmt: skip
row("failure-mistyped", "J.podFailurePolicy", Pool([None], [[], "a", {"rules": {}}, {"rules": [{"onExitCodes": []}]}]))
