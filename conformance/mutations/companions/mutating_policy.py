"""MutatingAdmissionPolicies. Their expressions are not compiled."""

from typing import Any, Final

from conformance.mutations.companions.policy_matching import RULE
from conformance.mutations.row import DROP, Pool, at, changes, each_of, row, updates

MUTATIONS: Final = "spec.mutations"
PATCH: Final[dict[str, Any]] = {
    "patchType": "JSONPatch",
    "jsonPatch": {"expression": "[JSONPatch{op: 'remove', path: '/spec/paused'}]"},
}
APPLY: Final[dict[str, Any]] = {
    "patchType": "ApplyConfiguration",
    "applyConfiguration": {"expression": "Object{spec: Object.spec{hostNetwork: false}}"},
}
row(
    "mutation-reinvocation", "spec.reinvocationPolicy", Pool(["Never", "IfNeeded"], ["", None, DROP, "never"]), weight=3
)
changes(
    "mutations",
    [{MUTATIONS: value} for value in each_of([PATCH], [APPLY, PATCH], [{**PATCH, "applyConfiguration": None}])],
    [{MUTATIONS: value} for value in each_of([], None, DROP)]
    + [{MUTATIONS: [value]} for value in each_of({}, None, {"patchType": ""}, {"patchType": "jsonPatch"}, {"patchType": "JSONPatch"}, {"patchType": "ApplyConfiguration"}, {"patchType": "x", "jsonPatch": {}},
      {**PATCH, "jsonPatch": {}}, {**PATCH, "jsonPatch": None}, {**PATCH, "jsonPatch": {"expression": " "}}, {**APPLY, "applyConfiguration": {}}, {**APPLY, "applyConfiguration": {"expression": ""}},
      {**PATCH, **APPLY}, {**APPLY, **PATCH}, {**PATCH, "applyConfiguration": {}}, {**APPLY, "jsonPatch": {}}, {"jsonPatch": {}, "applyConfiguration": {}}, {**APPLY, "patchType": "JSONPatch"}, {**PATCH, "patchType": "ApplyConfiguration"})],
    weight=8,
)  # fmt: skip
row(
    "mutation-type",
    MUTATIONS,
    Pool(["JSONPatch"], ["jsonPatch", "x", "ApplyConfigurations", "JSONPatch "]),
    lambda type: [{**PATCH, "patchType": type}],
    weight=3,
)
changes(
    "mutation-both",
    [{MUTATIONS: [{**PATCH, "applyConfiguration": None}]}, {MUTATIONS: [{**APPLY, "jsonPatch": None}]}],
    [{MUTATIONS: [each]} for each in ({**PATCH, **APPLY}, {**APPLY, **PATCH}, {**PATCH, "applyConfiguration": {}}, {**APPLY, "jsonPatch": {}})],
    weight=3,
)  # fmt: skip
MATCH: Final = "spec.matchConstraints"
row(
    "mutating-operation",
    f"{MATCH}.resourceRules",
    Pool(["CREATE", "UPDATE", "CONNECT", "*"], ["DELETE", "", "create", "PATCH"]),
    lambda operation: [{**RULE, "operations": [operation]}],
    weight=3,
)
changes(
    "mutating-operations",
    [{f"{MATCH}.resourceRules": [{**RULE, "operations": ["CREATE", "UPDATE"]}]}, {f"{MATCH}.excludeResourceRules": [{**RULE, "operations": ["DELETE"]}]}],
    [{f"{MATCH}.resourceRules": [{**RULE, "operations": items}]} for items in (["CREATE", "DELETE"], ["DELETE", "DELETE"], ["*", "DELETE"])]
    + [{f"{MATCH}.resourceRules": [RULE, {**RULE, "operations": ["DELETE"]}]}],
    weight=2,
)  # fmt: skip
updates(
    "update-mutations",
    [at(MUTATIONS, [PATCH], [APPLY]), at("spec.reinvocationPolicy", "Never", "IfNeeded")],
    [at(MUTATIONS, [], []), at(MUTATIONS, [{}], [{}]), at("spec.reinvocationPolicy", "", "")],
    3,
)
