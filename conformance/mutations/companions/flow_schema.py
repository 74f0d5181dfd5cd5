"""FlowSchemas."""

from typing import Any, Final

from conformance.mutations.row import DROP, Pool, at, changes, each_of, row, updates
from conformance.mutations.values import DNS_LABEL, DNS_SUBDOMAIN

row(
    "flow-precedence",
    "spec.matchingPrecedence",
    Pool([2, 1000, 10000, 0, None, DROP], [1, -1, 10001, -(2**31), 2**31 - 1]),
    weight=3,
)
row("flow-level", "spec.priorityLevelConfiguration.name", DNS_SUBDOMAIN.plus([], ["", None, DROP]), weight=3)
changes(
    "flow-level-whole", [], [{"spec.priorityLevelConfiguration": value} for value in each_of(None, {}, DROP)], weight=2
)
row(
    "flow-distinguisher",
    "spec.distinguisherMethod",
    Pool([{"type": "ByUser"}, {"type": "ByNamespace"}, None, DROP], [{}, {"type": ""}, {"type": "byUser"}, {"type": None}]),
    weight=3,
)  # fmt: skip
GROUP: Final = {"kind": "Group", "group": {"name": "a"}}
ACCOUNT: Final[dict[str, Any]] = {"kind": "ServiceAccount", "serviceAccount": {"namespace": "a", "name": "b"}}
URLS: Final[dict[str, Any]] = {"verbs": ["get"], "nonResourceURLs": ["/"]}
RESOURCES: Final[dict[str, Any]] = {"verbs": ["get"], "apiGroups": [""], "resources": ["pods"], "namespaces": ["a"]}
RULES: Final = "spec.rules"
changes(
    "flow-rules",
    [{RULES: value} for value in each_of([], None, DROP, [{"subjects": [GROUP], "nonResourceRules": [URLS]}], [{"subjects": [GROUP], "resourceRules": [RESOURCES]}])],
    [{RULES: value} for value in each_of([{"subjects": [GROUP]}], [{}], [None], [{"subjects": [GROUP], "nonResourceRules": [], "resourceRules": None}],
     [{"subjects": [], "nonResourceRules": [URLS]}], [{"nonResourceRules": [URLS]}], [{"subjects": None, "resourceRules": [RESOURCES]}])],
    weight=4,
)  # fmt: skip


def _subject(subject: Any) -> Any:
    return [{"subjects": [subject], "nonResourceRules": [URLS]}]


def _requests(field: str, rule: Any) -> Any:
    return [{"subjects": [GROUP], field: [rule]}]


def _account(**changed: Any) -> Any:
    return _subject({"kind": "ServiceAccount", "serviceAccount": {**ACCOUNT["serviceAccount"], **changed}})


changes(
    "flow-subject",
    [{RULES: _subject(each)} for each in each_of(GROUP, ACCOUNT, {"kind": "User", "user": {"name": "a b"}}, {"kind": "Group", "group": {"name": "*"}}, {**GROUP, "user": None})],
    [{RULES: _subject(each)} for each in each_of({}, None, {"kind": ""}, {"kind": "group", "group": {"name": "a"}}, {"kind": "Node", "user": {}, "group": {}}, {"kind": "Group"}, {"kind": "Group", "group": {}},
     {"kind": "Group", "group": {"name": ""}}, {"kind": "User", "group": {"name": "a"}}, {"kind": "User", "user": None}, {"kind": "User", "user": {}}, {"kind": "ServiceAccount"}, {"kind": "ServiceAccount", "user": {}},
     {**GROUP, "user": {}}, {**GROUP, "serviceAccount": {}}, {**ACCOUNT, "user": {"name": "a"}}, {**ACCOUNT, "group": {}}, {"kind": "User", "user": {"name": "a"}, "serviceAccount": {"name": "a"}, "group": {}})],
    weight=8,
)  # fmt: skip
row("flow-account-name", RULES, DNS_SUBDOMAIN.plus(["*"], ["", None, "**"]), lambda name: _account(name=name), weight=2)
row(
    "flow-account-namespace",
    RULES,
    DNS_LABEL.plus([], ["", None, "*"]),
    lambda name: _account(namespace=name),
    weight=2,
)
VERBS: Final = ("get", "list", "create", "update", "delete", "deletecollection", "patch", "watch", "proxy")
for field, rule in (("resourceRules", RESOURCES), ("nonResourceRules", URLS)):
    changes(
        "flow-verbs",
        [{RULES: _requests(field, {**rule, "verbs": list(verbs)})} for verbs in (VERBS, *zip(VERBS), ("*",), ("get", "get"))],
        [{RULES: _requests(field, {**rule, "verbs": verbs})} for verbs in each_of([], None, [""], ["Get"], ["get", "head"], ["*", "get"], ["x", "*"], ["*", "*"], [None])],
        weight=3,
    )  # fmt: skip
    changes(
        "flow-requests",
        [{RULES: _requests(field, rule)}],
        [{RULES: _requests(field, each)} for each in each_of({}, None)],
    )
for field in ("apiGroups", "resources"):
    changes(
        "flow-resources",
        [{RULES: _requests("resourceRules", {**RESOURCES, field: value})} for value in each_of(["*"], ["a", "b"], [""], ["a b", "a b"])],
        [{RULES: _requests("resourceRules", {**RESOURCES, field: value})} for value in each_of([], None, ["*", "a"], ["a", "*"], ["*", "*"])],
        weight=3,
    )  # fmt: skip
row(
    "flow-namespace",
    RULES,
    DNS_LABEL.plus(["*"], ["", None, "**"]),
    lambda name: _requests("resourceRules", {**RESOURCES, "namespaces": [name]}),
    weight=2,
)
changes(
    "flow-namespaces",
    [{RULES: _requests("resourceRules", {**RESOURCES, **each})} for each in each_of({"namespaces": ["*"]}, {"namespaces": [], "clusterScope": True}, {"namespaces": None, "clusterScope": True}, {"clusterScope": True}, {"clusterScope": False})],
    [{RULES: _requests("resourceRules", {**RESOURCES, **each})} for each in each_of({"namespaces": []}, {"namespaces": None}, {"namespaces": ["*", "a"]}, {"namespaces": ["A", "*"]}, {"namespaces": ["a", "A b"]}, {"namespaces": [], "clusterScope": False})],
    weight=4,
)  # fmt: skip
row(
    "flow-url",
    RULES,
    Pool(
        ["/", "*", "/a", "/*", "/a/*", "/a/b", "/a\tb", "/é/*"],
        [
            "",
            "a",
            "/a b",
            "//",
            "/a//b",
            "/a*",
            "/*/a",
            "/*/*",
            "/**",
            "**",
            "a/*",
            "/a*/*",
            "*/",
            None,
            "/a/*b",
            "/a*b",
        ],
        noisy=True,
    ),
    lambda url: _requests("nonResourceRules", {**URLS, "nonResourceURLs": [url]}),
    weight=4,
)
changes(
    "flow-urls",
    [{RULES: _requests("nonResourceRules", {**URLS, "nonResourceURLs": value})} for value in each_of(["*"], ["/", "/"], ["/a", "/b/*"])],
    [{RULES: _requests("nonResourceRules", {**URLS, "nonResourceURLs": value})} for value in each_of([], None, ["*", "/a"], ["a", "*"], ["*", "*"], ["/a", "b", "c"])],
    weight=3,
)  # fmt: skip
changes(
    "flow-name",
    [{"metadata.name": "a", "spec.matchingPrecedence": 2}, {"metadata.name": "exempt.a", "spec.matchingPrecedence": 3}],
    [{"metadata.name": name} for name in ("exempt", "catch-all")]
    + [{"metadata.name": "a", "spec.matchingPrecedence": 1}, {"metadata.name": "exempt", "spec.matchingPrecedence": 1}],
    weight=3,
)
WHOLE: Final[dict[str, Any]] = {
    "verbs": ["*"], "apiGroups": ["*"], "resources": ["*"], "namespaces": ["*"], "clusterScope": True,
}  # fmt: skip
FIXED: Final[dict[str, Any]] = {
    "priorityLevelConfiguration": {"name": "exempt"},
    "matchingPrecedence": 1,
    "rules": [
        {
            "subjects": [{"kind": "Group", "group": {"name": "system:masters"}}],
            "resourceRules": [WHOLE],
            "nonResourceRules": [{"verbs": ["*"], "nonResourceURLs": ["*"]}],
        }
    ],
}
NAMED: Final = {"metadata.name": "exempt"}
changes(
    "flow-fixed",
    [{**NAMED, "spec": {**FIXED, **each}} for each in each_of({}, {"distinguisherMethod": None})],
    [{**NAMED, "spec": {**FIXED, **each}} for each in each_of({"matchingPrecedence": 2}, {"distinguisherMethod": {"type": "ByUser"}}, {"priorityLevelConfiguration": {"name": "a"}}, {"rules": []},
     {"rules": FIXED["rules"] * 2}, {"rules": [{**FIXED["rules"][0], "resourceRules": [{**WHOLE, "clusterScope": False}]}]}, {"rules": [{**FIXED["rules"][0], "nonResourceRules": []}]},
     {"rules": [{**FIXED["rules"][0], "subjects": [GROUP]}]}, {"rules": [{**FIXED["rules"][0], "resourceRules": [{**WHOLE, "namespaces": ["*", "a"]}]}]})],
    weight=3,
)  # fmt: skip
changes("flow-spec", [], [{"spec": value} for value in each_of({}, None, DROP)])
row("flow-version", "apiVersion", Pool(["flowcontrol.apiserver.k8s.io/v1"], ["flowcontrol.apiserver.k8s.io/v1beta3"]))
updates(
    "update-flow",
    [
        at("spec.matchingPrecedence", 5, 6),
        at("spec.distinguisherMethod", {"type": "ByUser"}, None),
        at("spec.priorityLevelConfiguration.name", "a", "b"),
    ],
    [
        at("spec.matchingPrecedence", 20000, 20000),
        at("spec.priorityLevelConfiguration.name", "", ""),
        at(RULES, [{}], [{}]),
        ({**NAMED, "spec": FIXED}, {**NAMED, "spec": {**FIXED, "rules": []}}),
        ({**NAMED, "spec": {**FIXED, "rules": []}}, {**NAMED, "spec": {**FIXED, "rules": []}}),
    ],
    4,
)
