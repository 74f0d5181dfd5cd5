"""What the specs of controllers have in common: the selector of their pods, and plain numbers."""

from __future__ import annotations

from collections.abc import Iterator

from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.labels import is_empty, matches, selector_errors
from dsgen.kubernetes.validation.pod_affinity import excuses_values
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.tree import Map

SOURCE = "pkg/apis/apps/validation: ValidateDaemonSetSpec"


@rule("selecting.selector", source="apimachinery/pkg/apis/meta/v1/validation: ValidateLabelSelector")
def invalid_selector(selector: FieldRef) -> Iterator[FieldError]:
    """`spec.selector` must be a valid label selector: valid labels in `matchLabels`, and expressions with a known
    operator and matching values. Unless it is, the server does not validate the pods of a Deployment, ReplicaSet or
    StatefulSet.
    """
    if selector.pod.kind.name == "DaemonSet":
        yield from selector_errors(selector, any_values=excuses_values(selector.pod.old))
        return
    found = list(selector_errors(selector))
    yield from found
    if found:
        yield selector.invalid((), "must be valid before the pods can be validated")


@rule(
    "required-selector",
    source="pkg/apis/apps/validation: ValidateDeploymentSpec, ValidateReplicaSetSpec, ValidateStatefulSetSpec",
)
def missing_selector(spec: FieldRef) -> Iterator[FieldError]:
    """A Deployment, ReplicaSet or StatefulSet must have a `spec.selector`."""
    if spec.get("selector") is None:
        yield spec.required("selector", "must be set: labels of the pod template, in `matchLabels`")


@rule("selecting.selector", source=SOURCE)
def empty_selector(selector: FieldRef) -> Iterator[FieldError]:
    """`spec.selector` must have at least one label. An empty selector would match every pod."""
    if is_empty(selector.value):
        yield selector.invalid((), "must not be empty, or it matches every pod: set `matchLabels`")


@rule("selecting", source=SOURCE)
def mismatched_selector(spec: FieldRef) -> Iterator[FieldError]:
    """The labels of the pod template must match `spec.selector`. Otherwise the controller would not find its own pods."""
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


SPEC = "pkg/apis/apps/validation: ValidateDeploymentSpec, ValidateDaemonSetSpec"
Fields("controller", "`spec`", SPEC).in_range("out-of-range-min-ready-seconds", "minReadySeconds", 0)
Fields("replicated", "`spec`", SPEC).in_range("out-of-range-replicas", "replicas", 0)
Fields("revised", "`spec`", SPEC).in_range("out-of-range-revision-history-limit", "revisionHistoryLimit", 0)
