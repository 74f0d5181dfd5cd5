"""ValidatingAdmissionPolicyBindings."""

from itertools import product
from typing import Any, Final

from conformance.mutations.companions.policy_matching import match_rows, selector_rows
from conformance.mutations.row import DROP, Pool, at, changes, each_of, row, updates
from conformance.mutations.values import DNS_SUBDOMAIN, LONG

row("binding-policy", "spec.policyName", DNS_SUBDOMAIN.plus([], ["", None, DROP]), weight=3)
ACTIONS: Final = ("Deny", "Warn", "Audit")
changes(
    "binding-actions",
    [{"spec.validationActions": actions} for actions in (["Deny"], ["Warn", "Audit"], ["Audit", "Deny"], ["Audit"])],
    [
        {"spec.validationActions": actions}
        for actions in each_of([], None, [None], [""], ["deny"], ["x", "x"], list(ACTIONS), *map(list, product(ACTIONS, repeat=2)))
    ]
    + [{"spec.validationActions": DROP}],
    weight=5,
)  # fmt: skip
NAMED: Final[dict[str, Any]] = {"name": "a", "parameterNotFoundAction": "Deny"}
SELECTED: Final[dict[str, Any]] = {"selector": {"matchLabels": {"a": "b"}}, "parameterNotFoundAction": "Allow"}
REFERENCE: Final = "spec.paramRef"
row(
    "binding-parameters-name",
    REFERENCE,
    Pool(["a", "A b", "é", "...", LONG[254]], ["", ".", "..", "a/b", "a%b", None], noisy=True),
    lambda name: {**NAMED, "name": name},
    weight=2,
)
row(
    "binding-not-found",
    REFERENCE,
    Pool(["Allow", "Deny"], ["", None, "allow", "Ignore"]),
    lambda action: {**NAMED, "parameterNotFoundAction": action},
    weight=2,
)
changes(
    "binding-parameters",
    [{REFERENCE: value} for value in each_of(None, NAMED, SELECTED, {**SELECTED, "selector": {}}, {**NAMED, "selector": None, "namespace": "A b"})],
    [{REFERENCE: value} for value in each_of({}, {**NAMED, **SELECTED}, {**NAMED, "selector": {}}, {"parameterNotFoundAction": "Deny"}, {**SELECTED, "selector": None}, {"name": "a"})],
    weight=4,
)  # fmt: skip
MATCH: Final = "spec.matchResources"
selector_rows("binding", f"{REFERENCE}.selector")
match_rows("binding", MATCH)
changes("binding-match", [{MATCH: None}, {MATCH: {}}, {MATCH: DROP}], [])
changes(
    "binding-name",
    [{"metadata.name": "a.static.k8s"}, {"metadata.name": "static.k8s.io"}],
    [{"metadata.name": "a.static.k8s.io"}],
    weight=3,
)
changes("binding-spec", [], [{"spec": value} for value in each_of({}, None, DROP)])
updates(
    "update-binding",
    [at("spec.policyName", "a", "b"), at(REFERENCE, NAMED, SELECTED), at(MATCH, {}, None)],
    [
        at("spec.policyName", "", ""),
        at("spec.validationActions", ["Deny", "Warn"], ["Deny", "Warn"]),
        at(REFERENCE, {}, {}),
        at(f"{MATCH}.objectSelector", {"matchLabels": {"a": "b c"}}, {"matchLabels": {"a": "b c"}}),
        ({"metadata.name": "a.static.k8s.io"}, {"metadata.name": "a.static.k8s.io"}),
    ],
    4,
)
