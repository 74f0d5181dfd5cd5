"""The rules of webhooks and of admission policies, for resources and operations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

RULE = "pkg/apis/admissionregistration/validation: validateRule"
OPERATION = "pkg/apis/admissionregistration/validation: validateRuleWithOperations"
RESOURCES = "pkg/apis/admissionregistration/validation: validateResources"
OPERATIONS: Final = ("*", "CONNECT", "CREATE", "DELETE", "UPDATE")
SCOPES: Final = ("*", "Cluster", "Namespaced")

EACH_RULE = Fields("resource-rule", "a rule of a webhook or an admission policy", RULE)
EACH_RULE.required(
    "missing-webhook-rule-field",
    ("operations", "apiGroups", "apiVersions", "resources"),
    "must have at least one item; `*` means all",
)
EACH_RULE.one_of("invalid-webhook-scope", "scope", SCOPES, default="*", empty=True)


@rule("resource-rule", source=RULE)
def empty_webhook_rule_item(each: FieldRef) -> Iterator[FieldError]:
    """The `apiVersions` and `resources` of a rule of a webhook or an admission policy must not contain an empty string. Only the name of the core API group is empty."""
    for name in ("apiVersions", "resources"):
        for index, item in enumerate(each.get(name, ())):
            if not item:
                yield each.required((name, index), "must not be empty")


@rule("resource-rule", source=RULE)
def conflicting_webhook_wildcard(each: FieldRef) -> Iterator[FieldError]:
    """In a rule of a webhook or an admission policy, `*` in `operations`, `apiGroups` or `apiVersions` means all, and must
    be the only item.
    """
    for name in ("operations", "apiGroups", "apiVersions"):
        items = each.get(name, ())
        if len(items) > 1 and "*" in items:
            yield each.invalid(name, "`*` must be the only item")


@rule("resource-rule", source=OPERATION, when="operations")
def invalid_webhook_operation(each: FieldRef) -> Iterator[FieldError]:
    """Each of the `operations` of a rule of a webhook or an admission policy must be `CREATE`, `UPDATE`, `DELETE`, `CONNECT`
    or `*`.
    """
    for index, operation in enumerate(each.get("operations", ())):
        if operation not in OPERATIONS:
            yield each.not_supported(("operations", index), operation, OPERATIONS)


@rule("resource-rule", source=RESOURCES, when="resources")
def conflicting_webhook_resources(each: FieldRef) -> Iterator[FieldError]:
    """In the `resources` of a rule of a webhook or an admission policy, `*` means all resources without subresources,
    `pods/*` all subresources of pods, `*/scale` this subresource of all, and `*/*` everything. What such an item includes must not be
    listed too.
    """
    resources = [item for item in each.get("resources", ()) if item]
    whole: set[str] = set()
    everywhere: set[str] = set()
    # Of the resources without a subresource, the server looks at the last.
    last = ""
    for index, item in enumerate(each.get("resources", ())):
        resource, slash, subresource = item.partition("/")
        if not slash:
            last = item or last
            continue
        if resource in whole:
            yield each.invalid(("resources", index), f"`{resource}/*` includes {str(item)!r}: remove one of them")
        if subresource in everywhere:
            yield each.invalid(("resources", index), f"`*/{subresource}` includes {str(item)!r}: remove one of them")
        whole |= {resource} if subresource == "*" else set()
        everywhere |= {subresource} if resource == "*" else set()
    if len(each.get("resources", ())) > 1 and "*/*" in resources:
        yield each.invalid("resources", "`*/*` must be the only item")
    if "*" in resources and last != "*":
        yield each.invalid("resources", f"`*` includes {last!r}: remove one of them")
