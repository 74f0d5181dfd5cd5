"""Node affinity: on which nodes pods may or should run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.pod import Pod, asked_once
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, not_one_of, rule

EXPRESSION = "pkg/apis/core/validation: ValidateNodeSelectorRequirement"
FIELD = "pkg/apis/core/validation: ValidateNodeFieldSelectorRequirement"
OPERATORS: Final = ("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt")
FIELD_OPERATORS: Final = ("In", "NotIn")
NAME_FIELD: Final = "metadata.name"


@rule("missing-node-selector-terms", "required-nodes", source="pkg/apis/core/validation: ValidateNodeSelector")
def missing_node_selector_terms(selector: FieldRef) -> Iterator[FieldError]:
    """Required node affinity has at least one term. An empty term is accepted, and matches no node."""
    if not selector.get("nodeSelectorTerms", ()):
        yield selector.required("nodeSelectorTerms", "needs at least one term")


@rule(
    "out-of-range-node-preference-weight",
    "preferred-nodes",
    source="pkg/apis/core/validation: ValidatePreferredSchedulingTerms",
)
def out_of_range_node_preference_weight(term: FieldRef) -> Iterator[FieldError]:
    """The `weight` of a preference is a number from 1 to 100."""
    weight = term.get("weight", 0)
    if not 1 <= weight <= 100:
        yield term.invalid("weight", f"{weight} is not from 1 to 100")


@rule("invalid-node-expression-operator", "node-expression", source=EXPRESSION)
def invalid_node_expression_operator(expression: FieldRef) -> Iterator[FieldError]:
    """The operator of a node expression is `In`, `NotIn`, `Exists`, `DoesNotExist`, `Gt` or `Lt`."""
    operator = expression.get("operator", "")
    if operator not in OPERATORS:
        yield expression.invalid("operator", not_one_of(operator, OPERATORS))


@rule("invalid-node-expression-value-count", "node-expression", source=EXPRESSION)
def invalid_node_expression_value_count(expression: FieldRef) -> Iterator[FieldError]:
    """`In` and `NotIn` have at least one value, `Gt` and `Lt` exactly one, `Exists` and `DoesNotExist` none."""
    operator, values = expression.get("operator", ""), expression.get("values", ())
    if operator in ("In", "NotIn") and not values:
        yield expression.required("values", f"`{operator}` needs at least one value")
    elif operator in ("Gt", "Lt") and len(values) != 1:
        yield expression.required("values", f"`{operator}` takes exactly one value")
    elif operator in ("Exists", "DoesNotExist") and values:
        yield expression.forbidden("values", f"`{operator}` takes no values")


@rule("invalid-node-expression-key", "node-expression", source=EXPRESSION)
def invalid_node_expression_key(expression: FieldRef) -> Iterator[FieldError]:
    """The key of a node expression is a label key, such as `kubernetes.io/os`."""
    for message in formats.label_key(expression.get("key", "")):
        yield expression.invalid("key", message)


@rule("invalid-node-expression-value", "node-expression", source=EXPRESSION)
def invalid_node_expression_value(expression: FieldRef) -> Iterator[FieldError]:
    """The values of required node expressions are label values; so `-1` is none. Values of preferences are not checked, nor, in
    an update, any values if the old object has wrong ones.
    """
    if _is_required(expression) and not _excuses_values(expression.pod.old):
        for index, value in enumerate(expression.get("values", ())):
            for message in formats.label_value(value):
                yield expression.invalid(("values", index), message)


@rule(
    "ineffective-node-preference-value",
    "node-expression",
    source="pkg/api/node: GetWarningsForNodeSelectorTerm",
    severity="warning",
)
def ineffective_node_preference_value(expression: FieldRef) -> Iterator[FieldError]:
    """A value in a node preference that is no label value is accepted, and matches no node."""
    if not _is_required(expression):
        for index, value in enumerate(expression.get("values", ())):
            for message in formats.label_value(value):
                yield expression.warning(("values", index), message)


def _is_required(expression: FieldRef) -> bool:
    term = expression.up
    return term is not None and term.scope == "required"


@asked_once
def _excuses_values(old: Pod) -> bool:
    """Tell whether a required expression of the `old` pod has a value that is no label value."""
    node: FieldRef | None = old.node
    for name in ("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"):
        node = node.child(name) if node else None
    terms = node.children("nodeSelectorTerms") if node else ()
    expressions = (each for term in terms for each in term.children("matchExpressions"))
    return any(formats.label_value(value) for each in expressions for value in each.get("values", ()))


@rule("invalid-node-field-operator", "node-field", source=FIELD)
def invalid_node_field_operator(requirement: FieldRef) -> Iterator[FieldError]:
    """The operator of a node field is `In` or `NotIn`."""
    operator = requirement.get("operator", "")
    if operator not in FIELD_OPERATORS:
        yield requirement.invalid("operator", not_one_of(operator, FIELD_OPERATORS))


@rule("invalid-node-field-value-count", "node-field", source=FIELD)
def invalid_node_field_value_count(requirement: FieldRef) -> Iterator[FieldError]:
    """A node field is compared with exactly one value."""
    if requirement.get("operator", "") in FIELD_OPERATORS and len(requirement.get("values", ())) != 1:
        yield requirement.required("values", "takes exactly one value")


@rule("invalid-node-field-key", "node-field", source=FIELD)
def invalid_node_field_key(requirement: FieldRef) -> Iterator[FieldError]:
    """The only field of nodes to select by is `metadata.name`."""
    key = requirement.get("key", "")
    if key != NAME_FIELD:
        yield requirement.invalid("key", f"{str(key)!r} is not {NAME_FIELD}")


@rule("invalid-node-field-value", "node-field", source=FIELD)
def invalid_node_field_value(requirement: FieldRef) -> Iterator[FieldError]:
    """The name of a node to select by is a DNS subdomain."""
    if requirement.get("key", "") == NAME_FIELD:
        for index, value in enumerate(requirement.get("values", ())):
            for message in formats.dns_subdomain(value or ""):
                yield requirement.invalid(("values", index), message)
