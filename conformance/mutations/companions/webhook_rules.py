"""What webhooks are asked about."""

from itertools import product

from conformance.mutations.row import DROP, Fresh, Pool, at, changes, each_of, row, updates
from conformance.mutations.values import QUALIFIED_NAME

RULES = "webhooks[?].rules"
RULE: dict[str, object] = {"operations": ["CREATE"], "apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods"]}
changes(
    "webhook-rule-missing",
    [{f"{RULES}[+]": RULE}, {RULES: []}, {RULES: None}, {RULES: DROP}],
    [{f"{RULES}[+]": {**RULE, field: value}} for field in RULE for value in each_of([], None)]
    + [{f"{RULES}[+]": {}}, {f"{RULES}[+]": None}],
    weight=2,
)
changes(
    "webhook-rule-empty",
    [{f"{RULES}[+]": {**RULE, "apiGroups": groups}} for groups in (["", "a"], ["A B"], ["apps"])],
    [{f"{RULES}[+]": {**RULE, field: items}} for field in ("apiVersions", "resources") for items in ([""], ["a", ""], [None], ["", "*"])],
    weight=2,
)  # fmt: skip
changes(
    "webhook-rule-wildcard",
    [{f"{RULES}[+]": {**RULE, field: ["*"]}} for field in RULE],
    [{f"{RULES}[+]": {**RULE, field: items}} for field, of in (("operations", "CREATE"), ("apiGroups", "apps"), ("apiVersions", "v1"), ("apiVersions", ""))
     for items in (["*", of], [of, "*"], ["*", "*"])],
    weight=3,
)  # fmt: skip
row(
    "webhook-operation",
    f"{RULES}[+]",
    Pool(["CREATE", "UPDATE", "DELETE", "CONNECT"], ["", "create", "PATCH", "create ", "**"]),
    lambda operation: {**RULE, "operations": ["CREATE", operation]},
)
row(
    "webhook-scope",
    f"{RULES}[+]",
    Pool(["*", "Cluster", "Namespaced", None], ["", "cluster", "Namespace", "**"]),
    lambda scope: {**RULE, "scope": scope},
)
ITEMS = (
    "*",
    "*/*",
    "pods",
    "pods/*",
    "pods/log",
    "*/scale",
    "*/log",
    "nodes",
    "nodes/scale",
    "",
    "a/b/c",
    "a/b/*",
    "/",
    "/a",
    "a/",
)
changes(
    "webhook-resources",
    [{f"{RULES}[+]": {**RULE, "resources": items}} for items in (
        ["*", "pods/log"], ["pods", "pods/log"], ["pods/log", "pods/*"], ["nodes/scale", "*/scale"], ["*", "*/log"], ["pods/*", "nodes/*"], ["*"], ["*/*"], ["pods", "*"], ["*", "pods", "*"])],
    [{f"{RULES}[+]": {**RULE, "resources": list(items)}} for count in (2, 3) for items in product(ITEMS, repeat=count)],
    weight=5,
)  # fmt: skip
changes(
    "webhook-excluded",
    [{f"{RULES}[+]": {**RULE, "apiGroups": [group], "resources": resources}} for group in ("authentication.k8s.io", "authorization.k8s.io", "*", "", "apps")
     for resources in (["tokenreviews"], ["selfsubjectreviews", "tokenreviews"], ["subjectaccessreviews"], ["localsubjectaccessreviews/status"], ["*"], ["pods"], ["selfsubjectrulesreviews"])],
    [],
    weight=3,
)  # fmt: skip
CONDITIONS = "webhooks[?].matchConditions"
CONDITION = {"name": Fresh("a"), "expression": "true"}
row(
    "condition-name",
    f"{CONDITIONS}[+]",
    QUALIFIED_NAME.plus([], ["", None]),
    lambda name: {**CONDITION, "name": name},
    weight=2,
)
changes(
    "condition-expression",
    [{f"{CONDITIONS}[+]": {**CONDITION, "expression": text}} for text in ("true", " true ", "1 == 1")],
    [{f"{CONDITIONS}[+]": {**CONDITION, "expression": text}} for text in ("", " ", "\n\t", None, "\u00a0\u2003")],
    weight=2,
)
row(
    "condition-count",
    CONDITIONS,
    Pool([0, 1, 64], [65, 66]),
    lambda count: [{"name": f"a{index}", "expression": "true"} for index in range(count)],
)
changes(
    "condition-twice",
    [{CONDITIONS: [CONDITION, {**CONDITION, "name": "b"}]}, {CONDITIONS: []}, {CONDITIONS: None}],
    [{CONDITIONS: [{**CONDITION, "name": name} for name in names]} for names in (("a", "a"), ("a", "b", "a"), ("", ""), ("a", "a", "a"), ("a b", "a b"))],
    weight=2,
)  # fmt: skip
WRONG = [{"name": "a b", "expression": "true"}]
AGAIN = [{"name": "a", "expression": "true"}] * 2
MANY = [{"name": f"a{index}", "expression": "true"} for index in range(65)]
updates(
    "update-conditions",
    [at("webhooks[0].matchConditions", wrong, wrong) for wrong in (WRONG, AGAIN, MANY, [{"name": "a"}], None)],
    [at("webhooks[0].matchConditions", old, new) for old, new in (
        (WRONG, [*WRONG, {"name": "b", "expression": "true"}]), (None, WRONG), (AGAIN, AGAIN * 2), ([], MANY), (WRONG, AGAIN), (WRONG, [{"name": "b"}]))],
)  # fmt: skip
