"""Policies and their bindings, as the API server reads them."""

from __future__ import annotations

from typing import Final

from dsgen.kubernetes.relations.selector import Selector, label_selector
from dsgen.origin import Origin
from dsgen.record import Record
from dsgen.tree import Map, Path, origin_of

FAIL: Final = "Fail"


class ResourceRule(Record):
    """A rule of `resourceRules` or `excludeResourceRules`."""

    groups: tuple[str, ...]
    versions: tuple[str, ...]
    resources: tuple[str, ...]
    operations: tuple[str, ...]
    scope: str
    names: tuple[str, ...]


class MatchResources(Record):
    """Which requests a policy or a binding is about."""

    rules: tuple[ResourceRule, ...]
    excluded: tuple[ResourceRule, ...]
    namespaces: Selector
    objects: Selector
    exact: bool


class PolicyExpression(Record):
    """An expression: its text, its path in the policy, and what it is called: the name of a variable or of a condition, or a key."""

    text: str
    path: Path
    name: str = ""


class Validation(Record):
    """A rule of a policy."""

    expression: PolicyExpression
    message: str
    message_expression: PolicyExpression | None
    reason: str


class Policy(Record):
    """A ValidatingAdmissionPolicy. `param_kind` is the `apiVersion` and the `kind` of its parameters, or None."""

    root: Map
    name: str
    match: MatchResources
    param_kind: tuple[str, str] | None
    fails: bool
    variables: tuple[PolicyExpression, ...]
    conditions: tuple[PolicyExpression, ...]
    validations: tuple[Validation, ...]
    annotations: tuple[PolicyExpression, ...]


class Parameters(Record):
    """What a binding says of parameters: `denies` if there must be some."""

    name: str
    namespace: str
    selector: Selector
    denies: bool


class Binding(Record):
    """A ValidatingAdmissionPolicyBinding. `match` and `parameters` are None if it does not set them."""

    root: Map
    name: str
    policy: str
    match: MatchResources | None
    parameters: Parameters | None
    actions: tuple[str, ...]


def policy(root: Map) -> Policy:
    """Return a policy from its object, which is valid."""
    spec = root.map("spec")
    kind = spec.child("paramKind")
    return Policy(
        root,
        root.map("metadata").text("name"),
        match_of(spec.map("matchConstraints")),
        None if kind is None else (kind.text("apiVersion"), kind.text("kind")),
        spec.get("failurePolicy", FAIL) == FAIL,
        _expressions(spec, "variables", "expression", "name"),
        _expressions(spec, "matchConditions", "expression", "name"),
        tuple(_validation(each, at) for at, each in enumerate(spec.maps("validations"))),
        _expressions(spec, "auditAnnotations", "valueExpression", "key"),
    )


def binding(root: Map) -> Binding:
    """Return a binding from its object, which is valid."""
    spec = root.map("spec")
    resources, reference = spec.child("matchResources"), spec.child("paramRef")
    parameters = None
    if reference is not None:
        parameters = Parameters(
            reference.text("name"),
            reference.text("namespace"),
            label_selector(reference.map("selector")),
            reference.get("parameterNotFoundAction") == "Deny",
        )
    return Binding(
        root,
        root.map("metadata").text("name"),
        spec.text("policyName"),
        None if resources is None else match_of(resources),
        parameters,
        tuple(spec.texts("validationActions")),
    )


def match_of(stated: Map) -> MatchResources:
    """Return which requests `matchConstraints` or `matchResources` is about."""
    return MatchResources(
        tuple(map(_rule, stated.maps("resourceRules"))),
        tuple(map(_rule, stated.maps("excludeResourceRules"))),
        label_selector(stated.map("namespaceSelector")),
        label_selector(stated.map("objectSelector")),
        stated.get("matchPolicy") == "Exact",
    )


def _rule(stated: Map) -> ResourceRule:
    groups, versions, resources, operations, names = (
        tuple(stated.texts(name)) for name in ("apiGroups", "apiVersions", "resources", "operations", "resourceNames")
    )
    return ResourceRule(groups, versions, resources, operations, stated.text("scope") or "*", names)


def _validation(stated: Map, at: int) -> Validation:
    path: Path = ("spec", "validations", at)
    message = stated.text("messageExpression")
    return Validation(
        PolicyExpression(stated.text("expression"), (*path, "expression")),
        stated.text("message"),
        PolicyExpression(message, (*path, "messageExpression")) if message else None,
        stated.text("reason") or "Invalid",
    )


def _expressions(spec: Map, field: str, key: str, name: str) -> tuple[PolicyExpression, ...]:
    found = enumerate(spec.maps(field))
    return tuple(PolicyExpression(each.text(key), ("spec", field, at, key), each.text(name)) for at, each in found)


def place(root: Map, path: Path = ("metadata", "name")) -> Origin | None:
    """Return where a policy or a binding is, or a part of it."""
    from dsgen.traversal import locate

    return locate(root, path) or origin_of(root)
