"""What admission policies and their bindings match."""

from itertools import product
from typing import Any, Final

from conformance.mutations.row import DROP, Pool, changes, each_of, row
from conformance.mutations.values import LABEL_VALUE, QUALIFIED_NAME

RULE: Final[dict[str, Any]] = {
    "operations": ["CREATE"],
    "apiGroups": [""],
    "apiVersions": ["v1"],
    "resources": ["pods"],
}
ITEMS: Final = ("*", "*/*", "pods", "pods/*", "pods/log", "*/scale", "")


def selector_rows(tag: str, path: str) -> None:
    """Enter mutations of a label selector."""
    row(f"{tag}-selector-key", path, QUALIFIED_NAME, lambda key: {"matchLabels": {key: "a"}})
    row(f"{tag}-selector-value", path, LABEL_VALUE, lambda value: {"matchLabels": {"a": value}})
    changes(
        f"{tag}-selector",
        [{path: {"matchExpressions": [each]}} for each in each_of({"key": "a", "operator": "Exists"}, {"key": "a", "operator": "In", "values": ["b"]})]
        + [{path: value} for value in each_of(None, {})],
        [{path: {"matchExpressions": [each]}} for each in each_of({}, None, {"key": "a"}, {"key": "a", "operator": "In"}, {"key": "a", "operator": "Exists", "values": ["b"]}, {"key": "a", "operator": "In", "values": ["b c"]})],
    )  # fmt: skip


def match_rows(tag: str, match: str) -> None:
    """Enter mutations of what a policy or a binding matches, which is at a path."""
    for selector in ("namespaceSelector", "objectSelector"):
        selector_rows(tag, f"{match}.{selector}")
    row(
        f"{tag}-match-policy",
        f"{match}.matchPolicy",
        Pool(["Exact", "Equivalent", None, DROP], ["", "exact", "Any"]),
        weight=2,
    )
    for rules in (f"{match}.resourceRules", f"{match}.excludeResourceRules"):
        changes(
            f"{tag}-rule",
            [{rules: value} for value in each_of([RULE], [], None, [RULE, RULE], [{**RULE, "apiGroups": ["authentication.k8s.io"], "resources": ["tokenreviews"]}])],
            [{rules: [{**RULE, field: value}]} for field in RULE for value in each_of([], None, [""], ["*", "v1"], ["v1", "*"])] + [{rules: [None]}, {rules: [{}]}],
            weight=3,
        )  # fmt: skip
        changes(
            f"{tag}-resources",
            [{rules: [{**RULE, "resources": items}]} for items in (["pods", "pods/log"], ["*", "pods/log"], ["*/*"])],
            [{rules: [{**RULE, "resources": list(items)}]} for items in product(ITEMS, repeat=2)],
            weight=2,
        )
        row(
            f"{tag}-operation",
            rules,
            Pool(["CREATE", "DELETE", "CONNECT"], ["", "create", "PATCH"]),
            lambda operation: [{**RULE, "operations": ["UPDATE", operation]}],
        )
        row(
            f"{tag}-scope",
            rules,
            Pool(["*", "Cluster", None], ["", "cluster"]),
            lambda scope: [{**RULE, "scope": scope}],
        )
        changes(
            f"{tag}-resource-names",
            [{rules: [{**RULE, "resourceNames": names}]} for names in each_of(None, [], ["a", "b"], ["A b"], ["..."])],
            [{rules: [{**RULE, "resourceNames": names}]} for names in each_of(["a", "a"], ["."], ["a", "a/b"], ["a%b"], ["..", ".."])],
            weight=3,
        )  # fmt: skip
