"""Cluster roles that gather the rules of others."""

from __future__ import annotations

from collections.abc import Iterator

from dsgen.kubernetes.validation.labels import selector_errors
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SOURCE = "pkg/apis/rbac/validation: ValidateClusterRole"


@rule("empty-aggregation-rule", "aggregation-rule", source=SOURCE)
def empty_aggregation_rule(aggregation: FieldRef) -> Iterator[FieldError]:
    """An `aggregationRule` states at least one of its `clusterRoleSelectors`; without one, it gathers nothing."""
    if not aggregation.get("clusterRoleSelectors"):
        yield aggregation.required("clusterRoleSelectors", "state at least one selector, or no `aggregationRule`")


@rule("invalid-aggregation-selector", "aggregation-rule", source=SOURCE, when="clusterRoleSelectors")
def invalid_aggregation_selector(aggregation: FieldRef) -> Iterator[FieldError]:
    """
    Each of the `clusterRoleSelectors` is a label selector: valid labels in `matchLabels`, and expressions with a known
    operator and fitting values.
    """
    for selector in aggregation.children("clusterRoleSelectors"):
        wrong = list(selector_errors(selector))
        yield from wrong
        if wrong:
            # The server says so once more, of the selector as a whole.
            yield selector.invalid((), "is no label selector")
