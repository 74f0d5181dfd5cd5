"""What a DaemonSet's own spec says: which pods are its own, and how many revisions are kept."""

from __future__ import annotations

from collections.abc import Iterator

from dsgen.kubernetes.admission.pod import part
from dsgen.kubernetes.admission.rule import Error, Node, rule
from dsgen.kubernetes.labels import is_empty, matches, selector_errors
from dsgen.tree import Map

SOURCE = "pkg/apis/apps/validation: ValidateDaemonSetSpec"


def _selector(daemonset: Node) -> Node | None:
    selector = part(daemonset.value, "spec").get("selector")
    return Node(selector, daemonset, ("spec", "selector")) if isinstance(selector, Map) else None


@rule("selector", "daemonset", source="apimachinery/pkg/apis/meta/v1/validation: ValidateLabelSelector")
def selector(daemonset: Node) -> Iterator[Error]:
    """`spec.selector` is a label selector: valid labels in `matchLabels`, and expressions with a known operator and fitting values."""
    node = _selector(daemonset)
    if node is not None:
        yield from selector_errors(node)


@rule("empty-selector", "daemonset", source=SOURCE)
def empty_selector(daemonset: Node) -> Iterator[Error]:
    """`spec.selector` states at least one label; an empty one would take every pod for its own."""
    node = _selector(daemonset)
    if node is not None and is_empty(node.value):
        yield daemonset.invalid(("spec", "selector"), "an empty selector matches every pod; state `matchLabels`")


@rule("selector-mismatch", "daemonset", source=SOURCE)
def selector_mismatch(daemonset: Node) -> Iterator[Error]:
    """The labels of the pod template satisfy `spec.selector`; otherwise the DaemonSet would not know its own pods."""
    node = _selector(daemonset)
    labels = part(daemonset.pod.metadata, "labels")
    if node is None:
        detail = (
            "`spec.selector` is missing, and nothing matches these labels: repeat them in `spec.selector.matchLabels`"
        )
    elif matches(node.value, labels) or any(selector_errors(node)):
        return
    else:
        detail = _advice(node.value, labels)
    yield daemonset.invalid(("spec", "template", "metadata", "labels"), detail)


def _advice(selector: Map, labels: Map) -> str:
    wanted = part(selector, "matchLabels")
    missing = ", ".join(f"`{key}: {value}`" for key, value in wanted.items() if labels.get(key) != value)
    if not missing:
        return "the pod template's labels do not satisfy `spec.selector.matchExpressions`"
    return f"the pod template lacks the labels that `spec.selector` asks for: add {missing}"


@rule("negative-min-ready-seconds", "daemonset", source=SOURCE)
def negative_min_ready_seconds(daemonset: Node) -> Iterator[Error]:
    """`spec.minReadySeconds` is 0 or more."""
    yield from _negative(daemonset, "minReadySeconds")


@rule("negative-revision-history-limit", "daemonset", source=SOURCE)
def negative_revision_history_limit(daemonset: Node) -> Iterator[Error]:
    """`spec.revisionHistoryLimit` is 0 or more."""
    yield from _negative(daemonset, "revisionHistoryLimit")


def _negative(daemonset: Node, name: str) -> Iterator[Error]:
    number = part(daemonset.value, "spec").get(name)
    if isinstance(number, int) and number < 0:
        yield daemonset.invalid(("spec", name), f"{int(number)} is negative")
