"""ValidatingAdmissionPolicies: their rules, and whether their expressions compile."""

from typing import Any, Final

from conformance.mutations.row import DROP, Fresh, Pool, at, changes, each_of, row, updates
from conformance.mutations.values import LONG

VALIDATIONS: Final = "spec.validations"
ANNOTATIONS: Final = "spec.auditAnnotations"
VALIDATION: Final[dict[str, Any]] = {"expression": "true"}
ANNOTATION: Final[dict[str, Any]] = {"key": Fresh("a"), "valueExpression": "'a'"}
changes(
    "validations",
    [{VALIDATIONS: [VALIDATION]}, {VALIDATIONS: None, ANNOTATIONS: [ANNOTATION]}, {VALIDATIONS: [], ANNOTATIONS: [ANNOTATION]}],
    [{VALIDATIONS: one, ANNOTATIONS: other} for one in each_of([], None, DROP) for other in each_of([], None, DROP)] + [{VALIDATIONS: [value]} for value in each_of({}, None)],
    weight=3,
)  # fmt: skip
changes(
    "validation-expression",
    [{f"{VALIDATIONS}[+]": {"expression": text}} for text in ("true", " 1 == 1\n", "object != null")],
    [{f"{VALIDATIONS}[+]": {"expression": text}} for text in each_of("", " ", "\n\t", None, "\u00a0\u2003")],
    weight=3,
)
row(
    "validation-message",
    f"{VALIDATIONS}[+]",
    Pool(["a", "", None, " a\n", "a b", "a\tb", "\r\na"], [" ", "\n", "a\nb", "a\rb", "a\r\nb", "\u2003", "\t"]),
    lambda text: {**VALIDATION, "message": text},
    weight=3,
)
row(
    "validation-message-expression",
    f"{VALIDATIONS}[+]",
    Pool(["'a'", "", None, " 'a' ", "string(1)"], [" ", "\n", "1", "true", "authorizer", "a", "\u2003"]),
    lambda text: {**VALIDATION, "messageExpression": text},
    weight=3,
)
row(
    "validation-reason",
    f"{VALIDATIONS}[+]",
    Pool(["Forbidden", "Invalid", "RequestEntityTooLarge", None], ["", "invalid", "NotFound", "Unauthorized"]),
    lambda reason: {**VALIDATION, "reason": reason},
    weight=3,
)  # fmt: skip
row(
    "audit-key",
    f"{ANNOTATIONS}[+]",
    Pool(["a", "A_b.c", LONG[63], "0"], ["", "-a", "a/b", LONG[64], "a b", "é", "a.", None, "a\n"], noisy=True),
    lambda key: {**ANNOTATION, "key": key},
    weight=4,
)
changes(
    "audit-key-name",
    [{"metadata.name": name, ANNOTATIONS: [ANNOTATION]} for name in ("a", "a.b")]
    + [{"metadata.name": DROP, "metadata.generateName": "a-", ANNOTATIONS: [ANNOTATION]}],
    [{"metadata.name": name, ANNOTATIONS: [ANNOTATION]} for name in each_of("A", "a_b", "", None, LONG[254], "a/b")]
    + [{"metadata.name": DROP, "metadata.generateName": prefix, ANNOTATIONS: [ANNOTATION]} for prefix in each_of("A", "", None, "a_")],
    weight=3,
)  # fmt: skip
row(
    "audit-count",
    ANNOTATIONS,
    Pool([0, 1, 20], [21, 25]),
    lambda count: [{"key": f"a{index}", "valueExpression": "'a'"} for index in range(count)],
    weight=3,
)
changes(
    "audit-twice",
    [{ANNOTATIONS: [ANNOTATION, {**ANNOTATION, "key": "b"}]}],
    [{ANNOTATIONS: [{**ANNOTATION, "key": key} for key in keys]} for keys in (("a", "a"), ("a", "b", "a"), ("", ""), ("a b", "a b"))],
    weight=3,
)  # fmt: skip
row(
    "audit-expression",
    f"{ANNOTATIONS}[+]",
    Pool(
        ["'a'", "null", " 'a' ", f"'{'x' * 5118}'", f" '{'x' * 5118}' "],
        ["", " ", None, f"'{'x' * 5119}'", f"'{'é' * 2560}'", "1", "true", "a", "'a'+"],
    ),
    lambda text: {**ANNOTATION, "valueExpression": text},
    weight=4,
)
PLACES: Final = (
    ("expression", lambda text: {f"{VALIDATIONS}[+]": {"expression": text}}),
    ("condition", lambda text: {"spec.matchConditions": [{"name": "a", "expression": text}]}),
    ("variable", lambda text: {"spec.variables": [{"name": "a", "expression": text}, {"name": "b", "expression": "variables.a"}]}),
)  # fmt: skip
BOOLEANS: Final = (
    *("has(object.spec)", "oldObject == null || object.spec == oldObject.spec", "request.operation == 'CREATE'"),
    *("namespaceObject.metadata.labels['a'] == 'b'", "authorizer.group('').resource('pods').check('list').allowed()"),
    *(
        "['a'].all(x, x.matches('^a'))",
        "object.?spec.?a.orValue(1) == 1",
        "quantity('1Gi').isLessThan(quantity('2Gi'))",
    ),
    *("ip('10.0.0.1').family() == 4", "request.userInfo.groups.exists(g, g == 'a')", "dyn(1) == 1u"),
)
WRONG: Final = (
    *("a", "object.", "1", "'a'", "null", "object", "true +", "params == null", "variables.x", "variables == null", "request.x"),
    *("size(1) == 1", "'a' == 1", "object.spec.f()", "namespaceObject.x == 1", "authorizer.x", "[1, 'a'] == [1]", "has(object)"),
    *("x.all(y, true)", "!1", "'a' + 1 == 'b'", "timestamp(1) == 1", "authorizer.allowed()", "matches('a')", "in", "(true", "'"),
)  # fmt: skip
for place, wrap in PLACES:
    changes(f"compiled-{place}", [wrap(text) for text in BOOLEANS], [wrap(text) for text in WRONG], weight=3)
changes(
    "composed",
    [
        {"spec.variables": [{"name": "a", "expression": one}], f"{VALIDATIONS}[+]": {"expression": other}}
        for one, other in (("true", "variables.a"), ("object.a", "variables.a == 1"), ("[1]", "variables.a.all(x, x > 0)"), ("{'a': 1}", "variables.a.b == 1"), ("'a'", "variables.a.startsWith('b')"))
    ],
    [
        {"spec.variables": [{"name": "a", "expression": one}], f"{VALIDATIONS}[+]": {"expression": other}}
        for one, other in (("1", "variables.a"), ("x", "variables.a"), ("true", "variables.b"), ("", "variables.a"), ("'a'", "variables.a == 1"), ("{'a': 1}", "variables.a.b == 'c'"))
    ]
    + [{"spec.variables": [{"name": "a", "expression": "variables.b"}, {"name": "b", "expression": "true"}]}]
    + [{"spec.variables": [{"name": "a", "expression": "true"}], "spec.matchConditions": [{"name": "a", "expression": "variables.a"}]}],
    weight=4,
)  # fmt: skip
PARAMETERS: Final = {"apiVersion": "v1", "kind": "ConfigMap"}
changes(
    "with-parameters",
    [{"spec.paramKind": PARAMETERS, **wrap("params.data.a == 'b'")} for _, wrap in PLACES],
    [{"spec.paramKind": DROP, **wrap("params.data.a == 'b'")} for _, wrap in PLACES]
    + [{"spec.paramKind": PARAMETERS, **wrap("params.data")} for _, wrap in PLACES],
    weight=3,
)
updates(
    "update-validations",
    [at(VALIDATIONS, [VALIDATION], [{"expression": "1 == 1"}]), at(ANNOTATIONS, [ANNOTATION], None)],
    [
        at(VALIDATIONS, [{"expression": "a"}], [{"expression": "a"}]),
        at(VALIDATIONS, [{}], [{}]),
        at(ANNOTATIONS, [{}], [{}]),
        at("spec.matchConditions", [{"name": "a", "expression": "b"}], [{"name": "a", "expression": "b"}]),
        at("spec.matchConditions", [{"name": "a", "expression": "true"}], [{"name": "a", "expression": "b"}]),
        at(ANNOTATIONS, [{**ANNOTATION, "valueExpression": "1"}], [{**ANNOTATION, "valueExpression": "1"}]),
    ],
    4,
)
