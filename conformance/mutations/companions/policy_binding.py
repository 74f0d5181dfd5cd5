"""ValidatingAdmissionPolicyBindings."""

from itertools import product
from typing import Any, Final

from conformance.mutations.row import DROP, Pool, at, changes, each_of, row, updates
from conformance.mutations.values import DNS_SUBDOMAIN, LABEL_VALUE, LONG, QUALIFIED_NAME

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
SELECTORS: Final = (f"{MATCH}.namespaceSelector", f"{MATCH}.objectSelector", f"{REFERENCE}.selector")
for path in SELECTORS:
    row("binding-selector-key", path, QUALIFIED_NAME, lambda key: {"matchLabels": {key: "a"}})
    row("binding-selector-value", path, LABEL_VALUE, lambda value: {"matchLabels": {"a": value}})
    changes(
        "binding-selector",
        [{path: {"matchExpressions": [each]}} for each in each_of({"key": "a", "operator": "Exists"}, {"key": "a", "operator": "In", "values": ["b"]})]
        + [{path: value} for value in each_of(None, {})],
        [{path: {"matchExpressions": [each]}} for each in each_of({}, None, {"key": "a"}, {"key": "a", "operator": "In"}, {"key": "a", "operator": "Exists", "values": ["b"]}, {"key": "a", "operator": "In", "values": ["b c"]})],
    )  # fmt: skip
row(
    "binding-match-policy",
    f"{MATCH}.matchPolicy",
    Pool(["Exact", "Equivalent", None, DROP], ["", "exact", "Any"]),
    weight=2,
)
RULE: Final[dict[str, Any]] = {
    "operations": ["CREATE"],
    "apiGroups": [""],
    "apiVersions": ["v1"],
    "resources": ["pods"],
}
ITEMS: Final = ("*", "*/*", "pods", "pods/*", "pods/log", "*/scale", "")
for rules in (f"{MATCH}.resourceRules", f"{MATCH}.excludeResourceRules"):
    changes(
        "binding-rule",
        [{rules: value} for value in each_of([RULE], [], None, [RULE, RULE], [{**RULE, "apiGroups": ["authentication.k8s.io"], "resources": ["tokenreviews"]}])],
        [{rules: [{**RULE, field: value}]} for field in RULE for value in each_of([], None, [""], ["*", "v1"], ["v1", "*"])] + [{rules: [None]}, {rules: [{}]}],
        weight=3,
    )  # fmt: skip
    changes(
        "binding-resources",
        [{rules: [{**RULE, "resources": items}]} for items in (["pods", "pods/log"], ["*", "pods/log"], ["*/*"])],
        [{rules: [{**RULE, "resources": list(items)}]} for items in product(ITEMS, repeat=2)],
        weight=2,
    )
    row(
        "binding-operation",
        rules,
        Pool(["CREATE", "DELETE", "CONNECT"], ["", "create", "PATCH"]),
        lambda operation: [{**RULE, "operations": ["UPDATE", operation]}],
    )
    row("binding-scope", rules, Pool(["*", "Cluster", None], ["", "cluster"]), lambda scope: [{**RULE, "scope": scope}])
    changes(
        "binding-resource-names",
        [{rules: [{**RULE, "resourceNames": names}]} for names in each_of(None, [], ["a", "b"], ["A b"], ["..."])],
        [{rules: [{**RULE, "resourceNames": names}]} for names in each_of(["a", "a"], ["."], ["a", "a/b"], ["a%b"], ["..", ".."])],
        weight=3,
    )  # fmt: skip
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
