"""What a DaemonSet's own spec says: which pods are its own, and how many revisions are kept."""

from __future__ import annotations

from collections.abc import Iterator

from dsgen.kubernetes.validation.labels import is_empty, matches, selector_errors
from dsgen.kubernetes.validation.pod import part
from dsgen.kubernetes.validation.pod_affinity import excuses_values
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.tree import Map

SOURCE = "pkg/apis/apps/validation: ValidateDaemonSetSpec"


@rule("invalid-selector", "selector", source="apimachinery/pkg/apis/meta/v1/validation: ValidateLabelSelector")
def invalid_selector(selector: FieldRef) -> Iterator[FieldError]:
    """`spec.selector` is a label selector: valid labels in `matchLabels`, and expressions with a known operator and fitting values."""
    yield from selector_errors(selector, any_values=excuses_values(selector.pod.old))


@rule("empty-selector", "selector", source=SOURCE)
def empty_selector(selector: FieldRef) -> Iterator[FieldError]:
    """`spec.selector` states at least one label; an empty one would take every pod for its own."""
    if is_empty(selector.value):
        yield selector.invalid((), "an empty selector matches every pod; state `matchLabels`")


@rule("mismatched-selector", "spec", source=SOURCE)
def mismatched_selector(spec: FieldRef) -> Iterator[FieldError]:
    """The labels of the pod template satisfy `spec.selector`; otherwise the DaemonSet would not know its own pods."""
    selector = spec.child("selector")
    labels = part(spec.pod.metadata, "labels")
    if selector is None:
        detail = (
            "`spec.selector` is missing, and nothing matches these labels: repeat them in `spec.selector.matchLabels`"
        )
    elif matches(selector.value, labels) or any(selector_errors(selector)):
        return
    else:
        detail = _advice(selector.value, labels)
    yield spec.invalid(("template", "metadata", "labels"), detail)


def _advice(selector: Map, labels: Map) -> str:
    wanted = part(selector, "matchLabels")
    missing = ", ".join(f"`{key}: {value}`" for key, value in wanted.items() if labels.get(key) != value)
    if not missing:
        return "the pod template's labels do not satisfy `spec.selector.matchExpressions`"
    return f"the pod template lacks the labels that `spec.selector` asks for: add {missing}"


@rule("out-of-range-min-ready-seconds", "spec", source=SOURCE, when="minReadySeconds")
def out_of_range_min_ready_seconds(spec: FieldRef) -> Iterator[FieldError]:
    """`spec.minReadySeconds` is 0 or more."""
    yield from _negative(spec, "minReadySeconds")


@rule("out-of-range-revision-history-limit", "spec", source=SOURCE, when="revisionHistoryLimit")
def out_of_range_revision_history_limit(spec: FieldRef) -> Iterator[FieldError]:
    """`spec.revisionHistoryLimit` is 0 or more."""
    yield from _negative(spec, "revisionHistoryLimit")


def _negative(spec: FieldRef, name: str) -> Iterator[FieldError]:
    number = spec.get(name, 0)
    if number < 0:
        yield spec.invalid(name, f"{int(number)} is negative")
