"""The spec of a DaemonSet: its selector, and plain numbers."""

from __future__ import annotations

from collections.abc import Iterator

from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.labels import is_empty, matches, selector_errors
from dsgen.kubernetes.validation.pod_affinity import excuses_values
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.tree import Map

SOURCE = "pkg/apis/apps/validation: ValidateDaemonSetSpec"


@rule("DaemonSet.spec.selector", source="apimachinery/pkg/apis/meta/v1/validation: ValidateLabelSelector")
def invalid_selector(selector: FieldRef) -> Iterator[FieldError]:
    """`spec.selector` must be a valid label selector: valid labels in `matchLabels`, and expressions with a known
    operator and matching values.
    """
    yield from selector_errors(selector, any_values=excuses_values(selector.pod.old))


@rule("DaemonSet.spec.selector", source=SOURCE)
def empty_selector(selector: FieldRef) -> Iterator[FieldError]:
    """`spec.selector` must have at least one label. An empty selector would match every pod."""
    if is_empty(selector.value):
        yield selector.invalid((), "must not be empty, or it matches every pod: set `matchLabels`")


@rule("DaemonSet.spec", source=SOURCE)
def mismatched_selector(spec: FieldRef) -> Iterator[FieldError]:
    """The labels of the pod template must match `spec.selector`. Otherwise the DaemonSet would not find its own pods."""
    selector = spec.child("selector")
    labels = spec.pod.metadata.map("labels")
    if selector is None:
        detail = "`spec.selector` is missing: set `spec.selector.matchLabels` to these labels"
    elif matches(selector.value, labels) or any(selector_errors(selector)):
        return
    else:
        detail = _advice(selector.value, labels)
    yield spec.invalid(("template", "metadata", "labels"), detail)


def _advice(selector: Map, labels: Map) -> str:
    wanted = selector.map("matchLabels")
    missing = ", ".join(f"`{key}: {value}`" for key, value in wanted.items() if labels.get(key) != value)
    if not missing:
        return "do not match `spec.selector.matchExpressions`"
    return f"do not match `spec.selector`: add {missing}"


SPEC = Fields("DaemonSet.spec", "`spec`", SOURCE)
SPEC.in_range("out-of-range-min-ready-seconds", "minReadySeconds", 0)
SPEC.in_range("out-of-range-revision-history-limit", "revisionHistoryLimit", 0)
