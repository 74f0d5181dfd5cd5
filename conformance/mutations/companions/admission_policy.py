"""What ValidatingAdmissionPolicies and MutatingAdmissionPolicies have in common."""

from typing import Any, Final

from conformance.mutations.companions.policy_matching import RULE, match_rows
from conformance.mutations.row import DROP, Fresh, Pool, at, changes, each_of, row, updates
from conformance.mutations.values import DNS_SUBDOMAIN, LONG, QUALIFIED_NAME

MATCH: Final = "spec.matchConstraints"
match_rows("policy", MATCH)
row("policy-failure", "spec.failurePolicy", Pool(["Fail", "Ignore", None, DROP], ["", "fail", "Deny"]), weight=2)
changes(
    "policy-constraints",
    [{f"{MATCH}.resourceRules": [RULE]}, {f"{MATCH}.excludeResourceRules": None}],
    [{MATCH: value} for value in each_of(None, {}, DROP, {"resourceRules": []}, {"resourceRules": None}, {"excludeResourceRules": [RULE]})],
    weight=4,
)  # fmt: skip
KIND: Final = "spec.paramKind"
row(
    "policy-parameters-version",
    f"{KIND}.apiVersion",
    Pool(["v1", "a.b/v1", "/v1", "a", "x.io/v1beta1", f"a/{LONG[63]}"], ["", "/", "a/", "a/b/c", "a/1", "A/v1", "v1.1", "a_b/v1", "V1", "1", f"a/{LONG[64]}", None, "//", "a/v1/"], noisy=True),
    weight=3,
)  # fmt: skip
row(
    "policy-parameters-group",
    KIND,
    DNS_SUBDOMAIN,
    lambda group: {"apiVersion": f"{group}/v1", "kind": "Limit"},
    weight=2,
)
row(
    "policy-parameters-kind",
    f"{KIND}.kind",
    Pool(["Limit", "a", "A1", "a-b", LONG[63]], ["", "1a", "a_b", "a.b", "-a", LONG[64], None, "É", "K"], noisy=True),
    weight=3,
)
changes("policy-parameters", [], [{KIND: {}}, {KIND: {"kind": "A"}}, {KIND: {"apiVersion": "v1"}}], weight=2)
CONDITIONS: Final = "spec.matchConditions"
CONDITION: Final = {"name": Fresh("a"), "expression": "true"}
row(
    "policy-condition-name",
    f"{CONDITIONS}[+]",
    QUALIFIED_NAME.plus([], ["", None]),
    lambda name: {**CONDITION, "name": name},
    weight=2,
)
changes(
    "policy-condition-expression",
    [{f"{CONDITIONS}[+]": {**CONDITION, "expression": text}} for text in ("true", " true ", "1 == 1")],
    [{f"{CONDITIONS}[+]": {**CONDITION, "expression": text}} for text in each_of("", " ", "\n\t", None, "\u00a0\u2003")]
    + [{f"{CONDITIONS}[+]": None}],
    weight=2,
)  # fmt: skip
row(
    "policy-condition-count",
    CONDITIONS,
    Pool([0, 1, 64], [65, 66]),
    lambda count: [{"name": f"a{index}", "expression": "true"} for index in range(count)],
    weight=2,
)
changes(
    "policy-condition-twice",
    [{CONDITIONS: [CONDITION, {**CONDITION, "name": "b"}]}, {CONDITIONS: []}, {CONDITIONS: None}],
    [{CONDITIONS: [{**CONDITION, "name": name} for name in names]} for names in (("a", "a"), ("a", "b", "a"), ("", ""), ("a b", "a b"))],
    weight=2,
)  # fmt: skip
VARIABLE: Final[dict[str, Any]] = {"name": "a", "expression": "true"}
row(
    "policy-variable",
    "spec.variables[+]",
    Pool(["a", "_", "A_1", "__", "int", "NULL", LONG[257]], ["", " ", "1a", "a-b", "a.b", "in", "true", "null", "namespace", "é", "a\n", None, "\t", "while", "a b"], noisy=True),
    lambda name: {**VARIABLE, "name": name},
    weight=4,
)  # fmt: skip
changes(
    "policy-variable-expression",
    [{"spec.variables[+]": {**VARIABLE, "expression": text}} for text in ("true", " 1 == 1 ")],
    [{"spec.variables[+]": {**VARIABLE, "expression": text}} for text in each_of("", "  ", None, "\n")]
    + [{"spec.variables[+]": value} for value in each_of({}, None)],
    weight=2,
)
changes(
    "policy-name",
    [{"metadata.name": "a.static.k8s"}, {"metadata.name": "static.k8s.io"}],
    [{"metadata.name": "a.static.k8s.io"}],
    weight=2,
)
changes("policy-spec", [], [{"spec": value} for value in each_of({}, None, DROP)])
WRONG: Final = [{"name": "a b", "expression": "true"}]
AGAIN: Final = [{"name": "a", "expression": "true"}] * 2
MANY: Final = [{"name": f"a{index}", "expression": "true"} for index in range(65)]
OTHER: Final = {KIND: {"apiVersion": "v1", "kind": "Secret"}}
updates(
    "update-policy-conditions",
    [at(CONDITIONS, wrong, wrong) for wrong in each_of(WRONG, AGAIN, MANY, [{"name": "a"}], None)],
    [at(CONDITIONS, old, new) for old, new in ((WRONG, [*WRONG, {"name": "b", "expression": "true"}]), (None, WRONG), (AGAIN, AGAIN * 2), ([], MANY), (WRONG, AGAIN), (WRONG, [{"name": "b"}]))]
    + [({CONDITIONS: wrong}, {CONDITIONS: wrong, **OTHER}) for wrong in each_of(WRONG, AGAIN, MANY)],
    4,
)  # fmt: skip
updates(
    "update-policy",
    [at("spec.failurePolicy", "Fail", "Ignore"), at(f"{MATCH}.matchPolicy", "Exact", None)],
    [
        at("spec.failurePolicy", "", ""),
        at(f"{MATCH}.resourceRules", [], []),
        at(f"{MATCH}.objectSelector", {"matchLabels": {"a": "b c"}}, {"matchLabels": {"a": "b c"}}),
        at("spec.variables", [{}], [{}]),
        at(KIND, {}, {}),
        ({"metadata.name": "a.static.k8s.io"}, {"metadata.name": "a.static.k8s.io"}),
    ],
    4,
)
