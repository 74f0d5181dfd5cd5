"""Pod affinity and anti-affinity: near which pods, or far from which, pods may or should run."""

from __future__ import annotations

from collections.abc import Iterator

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.labels import selector_errors
from dsgen.kubernetes.validation.match_label_keys import key_errors, repeated_key_errors
from dsgen.kubernetes.validation.pod import Pod, asked_once
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

TERM = "pkg/apis/core/validation: validatePodAffinityTerm"
LABEL_KEYS = "pkg/apis/core/validation: ValidateMatchLabelKeysAndMismatchLabelKeys"


@rule(
    "out-of-range-pod-preference-weight",
    "preferred-pods",
    source="pkg/apis/core/validation: validateWeightedPodAffinityTerms",
)
def out_of_range_pod_preference_weight(term: FieldRef) -> Iterator[FieldError]:
    """The `weight` of a preference is a number from 1 to 100."""
    weight = term.get("weight", 0)
    if not 1 <= weight <= 100:
        yield term.invalid("weight", f"{weight} is not from 1 to 100")


@rule("invalid-pod-affinity-selector", "pod-term", source="pkg/apis/core/validation: ValidatePodAffinityTermSelector")
def invalid_pod_affinity_selector(term: FieldRef) -> Iterator[FieldError]:
    """`labelSelector` and `namespaceSelector` of a term are valid label selectors. In an update, the values of expressions are
    excused if the old object has a wrong selector.
    """
    excused = excuses_values(term.pod.old)
    for selector in _selectors(term):
        yield from selector_errors(selector, any_values=excused)


def _selectors(term: FieldRef) -> Iterator[FieldRef]:
    for name in ("labelSelector", "namespaceSelector"):
        selector = term.child(name)
        if selector:
            yield selector


@asked_once
def excuses_values(old: Pod) -> bool:
    """Tell whether the `old` pod, or the selector of its DaemonSet, has label selectors that are wrong."""
    spec = old.root.child("spec")
    selector = spec.child("selector") if spec else None
    expressions = selector.children("matchExpressions") if selector else ()
    if any(formats.label_value(value) for each in expressions for value in each.get("values", ())):
        return True
    return any(error for term in _terms(old) for selector in _selectors(term) for error in selector_errors(selector))


def _terms(pod: Pod) -> Iterator[FieldRef]:
    affinity = pod.node.child("affinity")
    for kind in ("podAffinity", "podAntiAffinity"):
        terms = affinity.child(kind) if affinity else None
        if terms:
            yield from terms.children("requiredDuringSchedulingIgnoredDuringExecution")
            for preferred in terms.children("preferredDuringSchedulingIgnoredDuringExecution"):
                term = preferred.child("podAffinityTerm")
                if term:
                    yield term


@rule("invalid-pod-affinity-namespace", "pod-term", source=TERM)
def invalid_pod_affinity_namespace(term: FieldRef) -> Iterator[FieldError]:
    """Each of a term's `namespaces` is a DNS label."""
    for index, name in enumerate(term.get("namespaces", ())):
        for message in formats.dns_label(name or ""):
            yield term.error("Invalid", ("namespaces", index), message, field="namespace")


@rule("missing-pod-affinity-topology-key", "pod-term", source=TERM)
def missing_pod_affinity_topology_key(term: FieldRef) -> Iterator[FieldError]:
    """A term has a `topologyKey`, such as `kubernetes.io/hostname`."""
    if not term.get("topologyKey", ""):
        yield term.required("topologyKey", "must be stated, such as `kubernetes.io/hostname`")


@rule("invalid-pod-affinity-topology-key", "pod-term", source=TERM)
def invalid_pod_affinity_topology_key(term: FieldRef) -> Iterator[FieldError]:
    """A term's `topologyKey` is a label key, such as `kubernetes.io/hostname`."""
    for message in formats.label_key(term.get("topologyKey", "")):
        yield term.invalid("topologyKey", message)


@rule("invalid-pod-affinity-label-key", "pod-term", source=LABEL_KEYS)
def invalid_pod_affinity_label_key(term: FieldRef) -> Iterator[FieldError]:
    """`matchLabelKeys` and `mismatchLabelKeys` hold label keys, and need a `labelSelector` beside them."""
    yield from key_errors(term, "matchLabelKeys")
    yield from key_errors(term, "mismatchLabelKeys")


@rule("conflicting-pod-affinity-label-keys", "pod-term", source=LABEL_KEYS)
def conflicting_pod_affinity_label_keys(term: FieldRef) -> Iterator[FieldError]:
    """A key in `matchLabelKeys` is not in `mismatchLabelKeys`."""
    mismatched = term.get("mismatchLabelKeys", ())
    for index, key in enumerate(term.get("matchLabelKeys", ()) if mismatched else ()):
        if key in mismatched:
            yield term.invalid(("matchLabelKeys", index), f"{str(key)!r} is in `mismatchLabelKeys` too")


@rule("duplicate-pod-affinity-label-key", "pod-term", source=LABEL_KEYS)
def duplicate_pod_affinity_label_key(term: FieldRef) -> Iterator[FieldError]:
    """A key in `matchLabelKeys` stands at most once in the `labelSelector`: the server adds an expression for it."""
    yield from repeated_key_errors(term)


@rule(
    "missing-pod-affinity-selector", "pod-term", source="pkg/api/pod: warningsForPodAffinityTerms", severity="warning"
)
def missing_pod_affinity_selector(term: FieldRef) -> Iterator[FieldError]:
    """A term without `labelSelector` matches no pod; an empty one, `{}`, matches all."""
    if term.get("labelSelector") is None:
        yield term.warning("labelSelector", "without it the term matches no pod; `{}` matches all")
