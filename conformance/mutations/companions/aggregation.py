"""From which cluster roles a cluster role gathers its rules."""

from conformance.mutations.row import DROP, at, changes, each_of, row, updates
from conformance.mutations.values import SELECTOR

row("aggregation-selector", "aggregationRule.clusterRoleSelectors", SELECTOR, lambda selector: [selector], weight=1.5)
row("aggregation-selectors", "aggregationRule.clusterRoleSelectors[+]", SELECTOR)
changes(
    "aggregation-empty",
    [
        {"aggregationRule": rule}
        for rule in each_of(None, DROP, {"clusterRoleSelectors": [{}]}, {"clusterRoleSelectors": [None]})
    ],
    [{"aggregationRule": rule} for rule in each_of({}, {"clusterRoleSelectors": []}, {"clusterRoleSelectors": None})],
)
SELECTORS = "aggregationRule.clusterRoleSelectors"
BAD_VALUES = {"matchExpressions": [{"key": "a", "operator": "In", "values": ["-"]}]}
updates(
    "update-aggregation",
    [at("aggregationRule", {SELECTORS[16:]: [{}]}, None)],
    [at(SELECTORS, [BAD_VALUES], [BAD_VALUES]), at(SELECTORS, [{}, {"matchLabels": {"-": "a"}}], [BAD_VALUES, {}]), at(SELECTORS, [{}], [BAD_VALUES]), at(SELECTORS, [BAD_VALUES], [{"matchLabels": {"a": "-"}}]), at("aggregationRule", None, {SELECTORS[16:]: [BAD_VALUES]})],
)  # fmt: skip
