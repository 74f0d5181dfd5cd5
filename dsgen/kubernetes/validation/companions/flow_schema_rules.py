"""The rules of FlowSchemas: for requests for resources, and for others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

RESOURCE = "pkg/apis/flowcontrol/validation: ValidateFlowSchemaResourcePolicyRule"
NON_RESOURCE = "pkg/apis/flowcontrol/validation: ValidateFlowSchemaNonResourcePolicyRule"
URL = "pkg/apis/flowcontrol/validation: ValidateNonResourceURLPath"
VERBS: Final = ("get", "list", "create", "update", "delete", "deletecollection", "patch", "watch", "proxy")
EVERY: Final = "*"
LISTS: Final = ("verbs", "apiGroups", "resources", "namespaces", "nonResourceURLs")

Fields("flow-resources", "`resourceRules`", RESOURCE).required(
    "missing-flow-resource-rule-field", ("apiGroups", "resources"), "must have at least one item; `*` means all"
)
Fields("flow-urls", "`nonResourceRules`", NON_RESOURCE).required(
    "missing-flow-urls", "nonResourceURLs", "must have at least one item; `*` means all"
)
Fields("flow-requests", "a rule for requests", RESOURCE).required(
    "missing-flow-verbs", "verbs", "must have at least one item; `*` means all"
)


@rule("flow-requests", source=RESOURCE, when="verbs")
def invalid_flow_verb(each: FieldRef) -> Iterator[FieldError]:
    """The `verbs` of a rule for requests are verbs of the API, such as `get`, `list` and `watch`, or `*` for all."""
    verbs = each.get("verbs", ())
    unknown = [verb for verb in verbs if verb not in VERBS]
    if unknown and EVERY not in verbs:
        yield each.not_supported("verbs", unknown[0], VERBS)


@rule("flow-requests", source=RESOURCE)
def conflicting_flow_wildcard(each: FieldRef) -> Iterator[FieldError]:
    """In a list of a rule for requests, `*` means all, and must be the only item."""
    for name in LISTS:
        items = each.get(name, ())
        if len(items) > 1 and EVERY in items:
            yield each.invalid(name, "`*` must be the only item")


@rule("flow-resources", source=RESOURCE)
def invalid_flow_namespaces(each: FieldRef) -> Iterator[FieldError]:
    """A rule for resources must have `namespaces`, each a DNS label, or `*` for all. With `clusterScope: true`, it is about resources without
    a namespace, and can leave them out.
    """
    namespaces = each.get("namespaces", ())
    if not namespaces and not each.get("clusterScope", False):
        yield each.required("namespaces", "must have at least one item, or set `clusterScope: true`; `*` means all")
    for index, name in enumerate(namespaces if EVERY not in namespaces else ()):
        yield from each.invalid_each(("namespaces", index), formats.dns_label(name))


@rule("flow-urls", source=URL, when="nonResourceURLs")
def invalid_flow_url(each: FieldRef) -> Iterator[FieldError]:
    """Each of the `nonResourceURLs` is a path that begins with `/`, without spaces and `//`. It may end in `/*`, which means everything
    below.
    """
    urls = each.get("nonResourceURLs", ())
    for index, url in enumerate(urls if EVERY not in urls else ()):
        if not url.startswith("/"):
            yield each.invalid(("nonResourceURLs", index), f"must begin with `/`, got {str(url)!r}")
        elif " " in url or "//" in url:
            yield each.invalid(("nonResourceURLs", index), f"must not contain spaces or `//`, got {str(url)!r}")
        elif "*" in url and (url.count("*") > 1 or not url.endswith("/*")):
            yield each.invalid(
                ("nonResourceURLs", index), f"must have `*` only at the end, as in `/healthz/*`, got {str(url)!r}"
            )
