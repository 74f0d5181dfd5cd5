"""Pod affinity and anti-affinity: the pods near which, or away from which, pods must or should run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.schema.paths import PREFERRED, REQUIRED
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.kinds import asked_once
from dsgen.kubernetes.validation.labels import selector_errors
from dsgen.kubernetes.validation.match_label_keys import key_errors, repeated_key_errors
from dsgen.kubernetes.validation.pod import Pod
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

LOADED_FOR: Final = ("podAffinity", "podAntiAffinity")

TERM = "pkg/apis/core/validation: validatePodAffinityTerm"
LABEL_KEYS = "pkg/apis/core/validation: ValidateMatchLabelKeysAndMismatchLabelKeys"


PREFERENCE = Fields("preferred-pods", "a pod preference", "pkg/apis/core/validation: validateWeightedPodAffinityTerms")
PREFERENCE.in_range("out-of-range-pod-preference-weight", "weight", 1, 100, missing=True)


@rule("pod-term", source="pkg/apis/core/validation: ValidatePodAffinityTermSelector")
def invalid_pod_affinity_selector(term: FieldRef) -> Iterator[FieldError]:
    """`labelSelector` and `namespaceSelector` of a term must be valid label selectors. In an update, the values of
    expressions are not checked if the old object has an invalid selector.
    """
    excused = excuses_values(term.pod.old)
    for selector in _selectors(term):
        yield from selector_errors(selector, any_values=excused)


def _selectors(term: FieldRef) -> Iterator[FieldRef]:
    yield from filter(None, map(term.child, ("labelSelector", "namespaceSelector")))


@asked_once
def excuses_values(old: Pod) -> bool:
    """Return whether the `old` pod, or the selector of its DaemonSet, has invalid label selectors."""
    selector = old.root.child("spec", "selector")
    expressions = selector.children("matchExpressions") if selector else ()
    if any(formats.label_value(value) for each in expressions for value in each.get("values", ())):
        return True
    return any(error for term in _terms(old) for selector in _selectors(term) for error in selector_errors(selector))


def _terms(pod: Pod) -> Iterator[FieldRef]:
    for kind in ("podAffinity", "podAntiAffinity"):
        terms = pod.node.child("affinity", kind)
        if terms:
            yield from terms.children(REQUIRED)
            for preferred in terms.children(PREFERRED):
                term = preferred.child("podAffinityTerm")
                if term:
                    yield term


@rule("pod-term", source=TERM)
def invalid_pod_affinity_namespace(term: FieldRef) -> Iterator[FieldError]:
    """Each of a term's `namespaces` must be a DNS label."""
    for index, name in enumerate(term.get("namespaces", ())):
        for message in formats.dns_label(name or ""):
            yield term.error("Invalid", ("namespaces", index), message, field="namespace")


POD_TERM = Fields("pod-term", "a pod affinity term", TERM)
POD_TERM.required("missing-pod-affinity-topology-key", "topologyKey", "must be set, such as `kubernetes.io/hostname`")
POD_TERM.has_format("invalid-pod-affinity-topology-key", "topologyKey", formats.label_key, missing=True)


@rule("pod-term", source=LABEL_KEYS)
def invalid_pod_affinity_label_key(term: FieldRef) -> Iterator[FieldError]:
    """`matchLabelKeys` and `mismatchLabelKeys` must contain label keys, and require a `labelSelector`."""
    yield from key_errors(term, "matchLabelKeys")
    yield from key_errors(term, "mismatchLabelKeys")


@rule("pod-term", source=LABEL_KEYS)
def conflicting_pod_affinity_label_keys(term: FieldRef) -> Iterator[FieldError]:
    """A key must not be in both `matchLabelKeys` and `mismatchLabelKeys`."""
    mismatched = term.get("mismatchLabelKeys", ())
    for index, key in enumerate(term.get("matchLabelKeys", ()) if mismatched else ()):
        if key in mismatched:
            yield term.invalid(("matchLabelKeys", index), f"{str(key)!r} is in `mismatchLabelKeys` too")


@rule("pod-term", source=LABEL_KEYS)
def duplicate_pod_affinity_label_key(term: FieldRef) -> Iterator[FieldError]:
    """A key in `matchLabelKeys` must be at most once in the `labelSelector`, because the server adds an expression for it."""
    yield from repeated_key_errors(term)


@rule("pod-term", source="pkg/api/pod: warningsForPodAffinityTerms", severity="warning")
def missing_pod_affinity_selector(term: FieldRef) -> Iterator[FieldError]:
    """A term without `labelSelector` matches no pods. An empty one, `{}`, matches all."""
    if term.get("labelSelector") is None:
        yield term.warning("labelSelector", "must be set, or the term matches no pods; `{}` matches all")
