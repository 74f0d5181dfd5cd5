"""PodDisruptionBudgets."""

from conformance.mutations.row import DROP, Pool, at, changes, row, updates
from conformance.mutations.values import SELECTOR

LABEL = "pdb.kubernetes.io/deprecated-v1beta1-empty-selector-match"
AMOUNT = Pool(
    [0, 1, 2147483647, "0%", "50%", "100%", "007%", "100.0%"[:3] + "%", None, 1.0],
    [
        -1,
        -2147483648,
        "101%",
        "1000%",
        "99999999999999999999%",
        "-1%",
        "50",
        "%",
        "",
        "1.5%",
        "50 %",
        "a",
        "5%%",
        " 5%",
    ],
)
for name, other in (("minAvailable", "maxUnavailable"), ("maxUnavailable", "minAvailable")):
    row("budget-amount", f"spec.{name}", AMOUNT, also={f"spec.{other}": DROP}, weight=2)
    row("budget-amount-type", f"spec.{name}", Pool([1], [2147483648, 1.5, True, [], {}]), also={f"spec.{other}": DROP})
changes(
    "budget-amounts",
    [
        {"spec.minAvailable": first, "spec.maxUnavailable": second}
        for first, second in ((None, 1), (1, None), (None, None), (DROP, "1%"), (0, DROP))
    ],
    [
        {"spec.minAvailable": first, "spec.maxUnavailable": second}
        for first, second in ((1, 1), (0, 0), ("50%", "50%"), ("", 1), (-1, "101%"))
    ],
    weight=2,
)
row("budget-selector", "spec.selector", SELECTOR, weight=2)
row(
    "budget-eviction-policy",
    "spec.unhealthyPodEvictionPolicy",
    Pool(["IfHealthyBudget", "AlwaysAllow", None], ["", "ifHealthyBudget", "Never", "AlwaysAllow ", "IfHealthy"]),
    weight=2,
)
changes("budget-spec", [{"spec": {}}, {"spec": None}, {"spec": DROP}, {"status": {"disruptionsAllowed": -1}}], [])
MATCH_NONE = {"key": LABEL, "operator": "Exists"}
changes(
    "budget-old-label",
    [
        {"spec.selector": {"matchExpressions": [MATCH_NONE]}},
        {"spec.selector": {"matchExpressions": [{"key": LABEL, "operator": "In"}]}},
        {"spec.selector": {"matchLabels": {"a": "b"}, "matchExpressions": [{**MATCH_NONE, "values": ["a"]}]}},
        {"spec.selector": {"matchExpressions": [MATCH_NONE, {"key": "a", "operator": "Exists"}]}},
    ],
    [
        {"spec.selector": {"matchExpressions": [MATCH_NONE, {"key": "a", "operator": "In"}]}},
        {"spec.selector": {"matchExpressions": [{"key": "a/", "operator": "Exists"}, MATCH_NONE]}},
    ],
)
WRONG_VALUE = {"matchExpressions": [{"key": "a", "operator": "In", "values": ["a b"]}]}
updates(
    "update-budget-selector",
    [
        at("spec.selector", WRONG_VALUE, WRONG_VALUE),
        at("spec.selector", {"matchLabels": {"a": "a b"}}, WRONG_VALUE),
        at("spec.selector", {}, {"matchLabels": {"a": "b"}}),
        at("spec.minAvailable", None, None),
    ],
    [
        at("spec.selector", {}, WRONG_VALUE),
        at("spec.selector", None, WRONG_VALUE),
        at("spec.selector", WRONG_VALUE, {"matchLabels": {"a": "a b"}}),
        at("spec.selector", WRONG_VALUE, {"matchExpressions": [{"key": "a", "operator": "In"}]}),
    ],
    3,
)
