"""Webhooks of admission: ValidatingWebhookConfiguration and MutatingWebhookConfiguration."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.labels import selector_errors
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, repeated, repeated_values, rule

SOURCE = "pkg/apis/admissionregistration/validation: validateValidatingWebhook"
CONFIGURATION = "pkg/apis/admissionregistration/validation: validateValidatingWebhookConfiguration"
REVIEW_VERSIONS: Final = ("v1", "v1beta1")
SIDE_EFFECTS: Final = ("None", "NoneOnDryRun", "Some", "Unknown")
NO_SIDE_EFFECTS: Final = ("None", "NoneOnDryRun")
MAX_TIMEOUT_SECONDS: Final = 30
SEGMENTS: Final = 3


def _is_asked(node: FieldRef, fine: Callable[[FieldRef], bool]) -> bool:
    """Return whether the webhooks must be `fine`: an update that replaces others may go on."""
    old = node.pod.old
    if old is None:
        return True
    if fine not in old.answers:
        old.answers[fine] = all(map(fine, old.root.children("webhooks")))
    return bool(old.answers[fine])


@rule("webhook", source="apimachinery/pkg/util/validation: IsFullyQualifiedName")
def invalid_webhook_name(webhook: FieldRef) -> Iterator[FieldError]:
    """The `name` of a webhook must be a domain of at least three parts, such as `agent.example.com`."""
    name = webhook.get("name", "")
    if not name:
        yield webhook.required("name", "must be a domain of at least three parts, such as `agent.example.com`")
    elif wrong := formats.dns_subdomain(name):
        yield webhook.invalid("name", wrong[0])
    elif name.count(".") + 1 < SEGMENTS:
        yield webhook.invalid("name", f"must be a domain of at least three parts, got {str(name)!r}")


@rule("webhook-configuration", source=CONFIGURATION, when="webhooks")
def duplicate_webhook(configuration: FieldRef) -> Iterator[FieldError]:
    """The names of the webhooks of a configuration must be unique."""
    old = configuration.pod.old
    if old is not None and any(repeated(old.root.children("webhooks"), "name")):
        return
    for webhook, name in repeated(configuration.children("webhooks"), "name"):
        if name:
            yield webhook.duplicate("name", f"another webhook has the name {str(name)!r}")


WEBHOOK = Fields("webhook", "a webhook", SOURCE)
WEBHOOK.one_of("invalid-webhook-failure-policy", "failurePolicy", ("Fail", "Ignore"), default="Fail", empty=True)
WEBHOOK.one_of("invalid-webhook-match-policy", "matchPolicy", ("Equivalent", "Exact"), default="Equivalent", empty=True)
WEBHOOK.in_range("out-of-range-webhook-timeout", "timeoutSeconds", 1, MAX_TIMEOUT_SECONDS, empty=True)
Fields("MutatingWebhookConfiguration.webhooks", "a webhook", SOURCE.replace("Validating", "Mutating")).one_of(
    "invalid-reinvocation-policy", "reinvocationPolicy", ("IfNeeded", "Never"), default="Never", empty=True
)


@rule("webhook", source=SOURCE)
def missing_side_effects(webhook: FieldRef) -> Iterator[FieldError]:
    """The `sideEffects` of a webhook must be set: `None` if it changes nothing but the object that it is asked about."""
    if webhook.get("sideEffects") is None:
        yield webhook.required("sideEffects", "must be `None` or `NoneOnDryRun`")


@rule("webhook", source=SOURCE, when="sideEffects")
def invalid_side_effects(webhook: FieldRef) -> Iterator[FieldError]:
    """The `sideEffects` of a webhook must be `None` or `NoneOnDryRun`. An update of a configuration that already has `Some` or `Unknown`, which
    v1beta1 allowed, can keep these.
    """
    effects = webhook.get("sideEffects")
    allowed = NO_SIDE_EFFECTS if _is_asked(webhook, _has_no_side_effects) else SIDE_EFFECTS
    if effects is not None and effects not in allowed:
        yield webhook.not_supported("sideEffects", effects, allowed)


def _has_no_side_effects(webhook: FieldRef) -> bool:
    return webhook.get("sideEffects") in NO_SIDE_EFFECTS


@rule("webhook", source=SOURCE)
def invalid_webhook_selector(webhook: FieldRef) -> Iterator[FieldError]:
    """The `namespaceSelector` and `objectSelector` of a webhook must be valid label selectors, with valid labels, known operators and
    matching values.
    """
    any_values = not _is_asked(webhook, _has_valid_selectors)
    for name in ("namespaceSelector", "objectSelector"):
        yield from selector_errors(webhook.child(name), any_values=any_values)


def _has_valid_selectors(webhook: FieldRef) -> bool:
    return not any(any(selector_errors(webhook.child(name))) for name in ("namespaceSelector", "objectSelector"))


@rule("webhook", source="pkg/apis/admissionregistration/validation: validateAdmissionReviewVersions")
def invalid_review_versions(webhook: FieldRef) -> Iterator[FieldError]:
    """The `admissionReviewVersions` of a webhook are the versions of AdmissionReview that it understands: unique DNS labels that begin with a
    letter, and `v1` or `v1beta1` among them.
    """
    yield from review_version_errors(webhook, "admissionReviewVersions", _is_asked(webhook, _has_known_version))


def review_version_errors(node: FieldRef, name: str, known: bool) -> Iterator[FieldError]:
    """Yield what is wrong with the versions of reviews in the field `name`; with `known`, one of them must be the server's own."""
    versions = node.get(name, ())
    if not versions:
        yield node.required(name, f"must have one of {', '.join(REVIEW_VERSIONS)}")
        return
    again = dict(repeated_values(versions))
    for index, version in enumerate(versions):
        wrong = [f"{str(version)!r} is a duplicate"] if index in again else formats.letter_label(version)
        yield from node.invalid_each((name, index), wrong, field=f"{name}[{index}]")
    if known and not _knows(versions):
        yield node.invalid(name, f"must have one of {', '.join(REVIEW_VERSIONS)}")


def _has_known_version(webhook: FieldRef) -> bool:
    versions = webhook.get("admissionReviewVersions", ())
    return not versions or _knows(versions)


def _knows(versions: Iterable[str]) -> bool:
    return any(version in REVIEW_VERSIONS for version in versions)
