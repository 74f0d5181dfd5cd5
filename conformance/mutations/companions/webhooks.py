"""Webhooks of admission."""

from conformance.mutations.row import DROP, Fresh, Pool, at, changes, row, updates
from conformance.mutations.values import DNS_LABEL, LABEL_VALUE, LONG, QUALIFIED_NAME

HOOK = "webhooks[?]."
MADE = {
    "name": Fresh("made.agent.example.com"),
    "clientConfig": {"url": "https://agent.example.com"},
    "sideEffects": "None",
    "admissionReviewVersions": ["v1"],
}
row(
    "webhook-name",
    HOOK + "name",
    Pool(
        ["a.b.c", "a.example.com", "0.1.2", f"{LONG[63]}.b.c", f"a.b.{LONG[245]}", "a.b.c.d"],
        ["", "a", "a.b", "A.b.c", "a..b.c", "a.b.", f"a.b.{LONG[253]}", "a_b.c.d", None, DROP, "a.b.c\n"],
        noisy=True,
    ),
    weight=2,
)
changes(
    "webhook-twice",
    [{"webhooks[+]": MADE}],
    [
        {"webhooks": [{**MADE, "name": name}, {**MADE, "name": name}, *more]}
        for name in ("a.b.c", "", "a")
        for more in ([], [{**MADE, "name": name}], [MADE])
    ],
)
changes("webhook-none", [{"webhooks": []}, {"webhooks": DROP}, {"webhooks": None}], [{"webhooks": [{}]}])
row("webhook-failure-policy", HOOK + "failurePolicy", Pool(["Fail", "Ignore", None, DROP], ["", "fail", "Always"]))
row("webhook-match-policy", HOOK + "matchPolicy", Pool(["Exact", "Equivalent", None, DROP], ["", "exact", "Any"]))
row(
    "webhook-reinvocation",
    HOOK + "reinvocationPolicy",
    Pool(["IfNeeded", "Never", None, DROP], ["", "never", "Always"]),
)
row(
    "webhook-side-effects",
    HOOK + "sideEffects",
    Pool(["None", "NoneOnDryRun"], ["Some", "Unknown", "", "none", None, DROP]),
    weight=2,
)
row("webhook-timeout", HOOK + "timeoutSeconds", Pool([1, 30, 29, None, DROP], [0, 31, -1, 2147483647, "5"]))
for field in ("namespaceSelector", "objectSelector"):
    row(f"webhook-{field.lower()}-value", HOOK + field, LABEL_VALUE, lambda value: {"matchLabels": {"a": value}})
    row(
        f"webhook-{field.lower()}-in",
        HOOK + field,
        LABEL_VALUE,
        lambda value: {"matchExpressions": [{"key": "a", "operator": "In", "values": [value]}]},
    )
    row(
        f"webhook-{field.lower()}-operator",
        HOOK + field,
        Pool(["Exists", "DoesNotExist"], ["In", "NotIn", "", "Gt", "exists"]),
        lambda operator: {"matchExpressions": [{"key": "a", "operator": operator}]},
    )
    row(
        f"webhook-{field.lower()}-key",
        HOOK + field,
        QUALIFIED_NAME,
        lambda key: {"matchLabels": {key: "a"}},
        weight=0.5,
    )
VERSIONS = Pool(
    [["v1"], ["v1beta1"], ["v2", "v1"], ["v1", "v1beta1", "a"]],
    [[], None, DROP, ["v2"], ["v1", "v1"], ["v1", "V2"], ["v2", "v2"], ["1", "v1"], ["v1", ""], ["V1"], [LONG[64], "v1"], ["v1", "v1", "v1"]],
)  # fmt: skip
row("webhook-versions", HOOK + "admissionReviewVersions", VERSIONS, weight=2)
row(
    "webhook-version",
    HOOK + "admissionReviewVersions",
    Pool([text for text in DNS_LABEL.good if not text[0].isdigit()], [*DNS_LABEL.bad, "0", "1-2"], noisy=True),
    lambda version: ["v1", version],
)
changes(
    "webhook-static-name",
    [{"metadata.name": name} for name in ("static.k8s.io", "a.static.k8s.io.b", "a.k8s.io")],
    [{"metadata.name": name} for name in ("a.static.k8s.io", "a.b.static.k8s.io")],
    weight=2,
)
changes(
    "webhook-static-prefix",
    [{"metadata.name": DROP, "metadata.generateName": "a.static.k8s.io"}],
    [{"metadata.name": DROP, "metadata.generateName": name} for name in ("a_", "A")],
    weight=0.3,
)
updates(
    "update-webhook-name",
    [at("metadata.name", name, name) for name in ("a.static.k8s.io", "a.b")],
    [at("metadata.name", name, name) for name in ("A", "a_b", "a.-b")],
)


def _hooks(field: str, *values: object) -> list[dict[str, object]]:
    return [{**MADE, "name": f"a{place}.b.c", field: value} for place, value in enumerate(values)]


updates(
    "update-side-effects",
    [at("webhooks", _hooks("sideEffects", *old), _hooks("sideEffects", *new)) for old, new in (
        (["Some"], ["Unknown"]), (["None", "Some"], ["Some"]), (["None"], ["NoneOnDryRun"]), (["x"], ["Some"]), ([None], ["Unknown"]))],
    [at("webhooks", _hooks("sideEffects", *old), _hooks("sideEffects", *new)) for old, new in (
        (["None"], ["Some"]), (["None", "NoneOnDryRun"], ["Unknown"]), (["Some"], ["x"]), (["Some"], [None]), (["Some"], [""]), ([], ["Some"]))],
)  # fmt: skip
BAD, WORSE, FINE = (
    {"matchExpressions": [{"key": "a", "operator": "In", "values": [value]}]} for value in ("-", "a b", "a")
)
UNKNOWN = {"matchExpressions": [{"key": "a", "operator": "x"}]}
updates(
    "update-webhook-selector",
    [at("webhooks", _hooks(one, *old), _hooks(other, *new)) for one in ("namespaceSelector", "objectSelector") for other in ("namespaceSelector", "objectSelector")
     for old, new in (([BAD], [WORSE]), ([FINE, BAD], [BAD]), ([UNKNOWN], [BAD]), ([{"matchLabels": {"a": "-"}}], [BAD]))],
    [at("webhooks", _hooks(field, *old), _hooks(field, *new)) for field in ("namespaceSelector", "objectSelector")
     for old, new in (([FINE], [BAD]), ([None, FINE], [BAD]), ([BAD], [UNKNOWN]), ([BAD], [{"matchLabels": {"a": "-"}}]), ([], [BAD]))],
)  # fmt: skip
updates(
    "update-webhook-versions",
    [at("webhooks", _hooks("admissionReviewVersions", *old), _hooks("admissionReviewVersions", *new)) for old, new in (
        ([["v2"]], [["v3"]]), ([["v1"], ["v2"]], [["v2"]]), ([["v1"]], [["v1"]]), ([["v2", "v2"]], [["v2"]]))],
    [at("webhooks", _hooks("admissionReviewVersions", *old), _hooks("admissionReviewVersions", *new)) for old, new in (
        ([["v1"]], [["v2"]]), ([[]], [["v2"]]), ([["v2"]], [[]]), ([["v2"]], [["v2", "v2"]]), ([["v2"]], [["V2"]]), ([], [["v2"]]))],
)  # fmt: skip
updates(
    "update-webhook-twice",
    [at("webhooks", [{**MADE, "name": name}] * 2, [{**MADE, "name": "a.b.c"}] * 2) for name in ("a.b.c", "", "a")],
    [
        at("webhooks", [{**MADE, "name": name} for name in names], [{**MADE, "name": "a.b.c"}] * 2)
        for names in (("a.b.c",), ("a.b.c", "b.b.c"), ("", "a"), ())
    ],
)
