"""Node affinity: the nodes on which pods must or should run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.schema.paths import REQUIRED
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.kinds import Subject, asked_once
from dsgen.kubernetes.validation.pod import Pod
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, not_one_of, rule

LOADED_FOR: Final = ("nodeAffinity",)

EXPRESSION = "pkg/apis/core/validation: ValidateNodeSelectorRequirement"
FIELD = "pkg/apis/core/validation: ValidateNodeFieldSelectorRequirement"
OPERATORS: Final = ("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt")
FIELD_OPERATORS: Final = ("In", "NotIn")
NAME_FIELD: Final = "metadata.name"


REQUIRED_NODES = Fields("required-nodes", "required node affinity", "pkg/apis/core/validation: ValidateNodeSelector")
REQUIRED_NODES.required(
    "missing-node-selector-terms",
    "nodeSelectorTerms",
    "must have at least one term",
    note="An empty term is accepted, and matches no node.",
)
PREFERENCE = Fields(
    "preferred-nodes", "a node preference", "pkg/apis/core/validation: ValidatePreferredSchedulingTerms"
)
PREFERENCE.in_range("out-of-range-node-preference-weight", "weight", 1, 100, missing=True)


@rule("node-term.matchExpressions", source=EXPRESSION)
def invalid_node_expression_operator(expression: FieldRef) -> Iterator[FieldError]:
    """The operator of a node expression must be `In`, `NotIn`, `Exists`, `DoesNotExist`, `Gt` or `Lt`."""
    operator = expression.get("operator", "")
    if operator not in OPERATORS:
        yield expression.invalid("operator", not_one_of(operator, OPERATORS))


@rule("node-term.matchExpressions", source=EXPRESSION)
def invalid_node_expression_value_count(expression: FieldRef) -> Iterator[FieldError]:
    """`In` and `NotIn` require at least one value, `Gt` and `Lt` exactly one; `Exists` and `DoesNotExist` must have none."""
    operator, values = expression.get("operator", ""), expression.get("values", ())
    if operator in ("In", "NotIn") and not values:
        yield expression.required("values", f"must have at least one value for `{operator}`")
    elif operator in ("Gt", "Lt") and len(values) != 1:
        yield expression.required("values", f"must have exactly one value for `{operator}`")
    elif operator in ("Exists", "DoesNotExist") and values:
        yield expression.forbidden("values", f"is not allowed for `{operator}`")


NODE_EXPRESSION = Fields("node-term.matchExpressions", "a node expression", EXPRESSION)
NODE_EXPRESSION.has_format("invalid-node-expression-key", "key", formats.label_key, missing=True)


@rule("node-term.matchExpressions", source=EXPRESSION)
def invalid_node_expression_value(expression: FieldRef) -> Iterator[FieldError]:
    """The values of required node expressions must be label values, so `-1` is invalid. The values of preferences are
    not checked; neither are any values in an update of an object with invalid ones.
    """
    if _is_required(expression) and not _is_excused(expression.pod.old):
        for index, value in enumerate(expression.get("values", ())):
            yield from expression.invalid_each(("values", index), formats.label_value(value))


@rule("node-term.matchExpressions", source="pkg/api/node: GetWarningsForNodeSelectorTerm", severity="warning")
def ineffective_node_preference_value(expression: FieldRef) -> Iterator[FieldError]:
    """A value in a node preference that is not a valid label value is accepted, but matches no node."""
    if not _is_required(expression):
        for index, value in enumerate(expression.get("values", ())):
            for message in formats.label_value(value):
                yield expression.warning(("values", index), message)


def _is_required(expression: FieldRef) -> bool:
    term = expression.up
    return term is not None and term.scope == "required"


def _is_excused(old: Pod | Subject | None) -> bool:
    if isinstance(old, Subject):  # of a PersistentVolume
        return _has_wrong_value(old.root.child("spec", "nodeAffinity", "required"))
    return _excuses_values(old)


@asked_once
def _excuses_values(old: Pod) -> bool:
    """Return whether a required expression of the `old` pod has a value that is not a valid label value."""
    return _has_wrong_value(old.node.child("affinity", "nodeAffinity", REQUIRED))


def _has_wrong_value(node: FieldRef | None) -> bool:
    terms = node.children("nodeSelectorTerms") if node else ()
    expressions = (each for term in terms for each in term.children("matchExpressions"))
    return any(formats.label_value(value) for each in expressions for value in each.get("values", ()))


@rule("node-term.matchFields", source=FIELD)
def invalid_node_field_operator(requirement: FieldRef) -> Iterator[FieldError]:
    """The operator of a node field must be `In` or `NotIn`."""
    operator = requirement.get("operator", "")
    if operator not in FIELD_OPERATORS:
        yield requirement.invalid("operator", not_one_of(operator, FIELD_OPERATORS))


@rule("node-term.matchFields", source=FIELD)
def invalid_node_field_value_count(requirement: FieldRef) -> Iterator[FieldError]:
    """A node field requires exactly one value."""
    if requirement.get("operator", "") in FIELD_OPERATORS and len(requirement.get("values", ())) != 1:
        yield requirement.required("values", "must have exactly one value")


@rule("node-term.matchFields", source=FIELD)
def invalid_node_field_key(requirement: FieldRef) -> Iterator[FieldError]:
    """The only node field that can be selected is `metadata.name`."""
    key = requirement.get("key", "")
    if key != NAME_FIELD:
        yield requirement.invalid("key", f"must be `{NAME_FIELD}`, got {str(key)!r}")


@rule("node-term.matchFields", source=FIELD)
def invalid_node_field_value(requirement: FieldRef) -> Iterator[FieldError]:
    """The name of a node must be a DNS subdomain."""
    if requirement.get("key", "") == NAME_FIELD:
        for index, value in enumerate(requirement.get("values", ())):
            yield from requirement.invalid_each(("values", index), formats.dns_subdomain(value or ""))
