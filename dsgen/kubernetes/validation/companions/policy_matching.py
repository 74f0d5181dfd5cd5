"""What admission policies and their bindings match. Their rules for resources are those of webhooks, with names of objects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.labels import selector_errors
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

MATCH = "pkg/apis/admissionregistration/validation: validateMatchResources"
NAMED = "pkg/apis/admissionregistration/validation: validateNamedRuleWithOperations"
MUTATING = "pkg/apis/admissionregistration/validation: validateMutatingAdmissionPolicySpec"
MUTATING_OPERATIONS: Final = ("*", "CONNECT", "CREATE", "UPDATE")

Fields("match-resources", "an admission policy or its binding", MATCH).one_of(
    "invalid-policy-match-policy", "matchPolicy", ("Equivalent", "Exact"), default="Equivalent", empty=True
)


@rule("match-resources", source=MATCH)
def invalid_policy_selector(match: FieldRef) -> Iterator[FieldError]:
    """The `namespaceSelector` and `objectSelector` of `matchConstraints` and `matchResources` must be valid label selectors."""
    for name in ("namespaceSelector", "objectSelector"):
        yield from selector_errors(match.child(name))


@rule("named-resource-rule", source=NAMED, when="resourceNames")
def invalid_policy_resource_name(each: FieldRef) -> Iterator[FieldError]:
    """Each of the `resourceNames` of a rule of an admission policy or its binding must be a path segment: not `.` or `..`, and without `/`
    and `%`.
    """
    for index, name in enumerate(each.get("resourceNames", ())):
        yield from each.invalid_each(("resourceNames", index), formats.path_segment(name))


Fields("named-resource-rule", "a rule of an admission policy or its binding", NAMED).unique(
    "duplicate-policy-resource-name", "resourceNames"
)


@rule("mutating-policy", source=MUTATING)
def invalid_mutating_operation(root: FieldRef) -> Iterator[FieldError]:
    """A MutatingAdmissionPolicy and its binding can only match the `operations` `CREATE`, `UPDATE` and `CONNECT`. `*` means these."""
    spec = root.part("spec")
    for name in ("matchConstraints", "matchResources"):
        match = spec.child(name)
        for index, each in enumerate(match.children("resourceRules") if match else ()):
            for number, operation in enumerate(each.get("operations", ())):
                if operation not in MUTATING_OPERATIONS:
                    field = f"{name}.resourceRules.operations"
                    path = (name, "resourceRules", index, "operations", number)
                    yield spec.not_supported(path, operation, MUTATING_OPERATIONS, field=field)
