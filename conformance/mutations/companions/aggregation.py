"""From which cluster roles a cluster role gathers its rules."""

from conformance.mutations.row import DROP, changes, each_of, row
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
