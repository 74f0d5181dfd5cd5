"""Cluster roles that aggregate the rules of others."""

from __future__ import annotations

from collections.abc import Iterator

from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.labels import selector_errors
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SOURCE = "pkg/apis/rbac/validation: ValidateClusterRole"


AGGREGATION = Fields("ClusterRole.aggregationRule", "`aggregationRule`", SOURCE)
AGGREGATION.required(
    "empty-aggregation-rule",
    "clusterRoleSelectors",
    "must have at least one selector; otherwise remove `aggregationRule`",
    note="Without a selector it gathers nothing.",
)


@rule("ClusterRole.aggregationRule", source=SOURCE, when="clusterRoleSelectors")
def invalid_aggregation_selector(aggregation: FieldRef) -> Iterator[FieldError]:
    """Each of the `clusterRoleSelectors` must be a valid label selector: valid labels in `matchLabels`, and expressions
    with a known operator and matching values.
    """
    old = aggregation.pod.old and aggregation.pod.old.root.child("aggregationRule")
    # Since an older server accepted wrong values in the old role, the new one can keep them.
    any_values = any(any(selector_errors(each)) for each in (old.children("clusterRoleSelectors") if old else ()))
    for selector in aggregation.children("clusterRoleSelectors"):
        yield from selector_errors(selector, any_values=any_values)
        if any(selector_errors(selector)):
            # The server also reports the selector as a whole.
            yield selector.invalid((), "is not a valid label selector")
