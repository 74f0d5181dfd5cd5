"""What webhooks are asked about: their conditions, and rules that have no effect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.kinds import Subject, asked_once
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, repeated, rule
from dsgen.tree import plain

CONDITIONS = "pkg/apis/admissionregistration/validation: validateMatchConditions"
MAX_CONDITIONS: Final = 64
# pkg/kubeapiserver/admission/exclusion: requests for these are never sent to webhooks.
EXCLUDED: Final = frozenset(
    {
        ("authentication.k8s.io", "selfsubjectreviews"),
        ("authentication.k8s.io", "tokenreviews"),
        ("authorization.k8s.io", "localsubjectaccessreviews"),
        ("authorization.k8s.io", "selfsubjectaccessreviews"),
        ("authorization.k8s.io", "selfsubjectrulesreviews"),
        ("authorization.k8s.io", "subjectaccessreviews"),
    }
)


@rule("webhook.rules", source="pkg/apis/admissionregistration/validation: warnings", since="1.37", severity="warning")
def ineffective_webhook_rule(each: FieldRef) -> Iterator[FieldError]:
    """Reviews of access and tokens (`authentication.k8s.io`, `authorization.k8s.io`) are never sent to webhooks: a rule for them has no effect."""
    groups, resources = each.get("apiGroups", ()), each.get("resources", ())
    if "*" in groups or "*" in resources:
        return
    for group, resource in dict.fromkeys((group, resource) for group in groups for resource in resources):
        if (group, resource) in EXCLUDED:
            yield each.warning((), f"{resource}.{group} are never sent to webhooks: this rule has no effect")


@asked_once
def _are_kept(configuration: Subject) -> bool:
    """Return whether an update leaves the conditions of every webhook as they were: they are not checked again."""
    if configuration.old is None:
        return False
    new, old = (list(each.root.children("webhooks")) for each in (configuration, configuration.old))
    return len(new) == len(old) and all(map(_same_conditions, new, old))


def _same_conditions(one: FieldRef, other: FieldRef) -> bool:
    return [*map(plain, one.get("matchConditions", ()))] == [*map(plain, other.get("matchConditions", ()))]


@rule("webhook", source=CONDITIONS, when="matchConditions")
def too_many_match_conditions(webhook: FieldRef) -> Iterator[FieldError]:
    """A webhook must have at most 64 `matchConditions`."""
    count = len(webhook.get("matchConditions", ()))
    if count > MAX_CONDITIONS and not _are_kept(webhook.pod):
        yield webhook.error("TooMany", "matchConditions", f"must have at most {MAX_CONDITIONS} items, got {count}")


@rule("webhook", source=CONDITIONS, when="matchConditions")
def invalid_match_condition(webhook: FieldRef) -> Iterator[FieldError]:
    """Each of the `matchConditions` of a webhook must have an `expression` and a `name`: at most 63 characters after an optional DNS subdomain
    and `/`.
    """
    for condition in webhook.children("matchConditions") if not _are_kept(webhook.pod) else ():
        if not condition.get("expression", "").strip(formats.WHITE_SPACE):
            yield condition.required("expression", "must be an expression in CEL")
        if not condition.get("name"):
            yield condition.required("name", "must be unique in the webhook")
        else:
            yield from condition.invalid_each("name", formats.qualified_name(condition.get("name")))


@rule("webhook", source=CONDITIONS, when="matchConditions")
def duplicate_match_condition(webhook: FieldRef) -> Iterator[FieldError]:
    """The names of the `matchConditions` of a webhook must be unique."""
    for condition, name in repeated(webhook.children("matchConditions"), "name") if not _are_kept(webhook.pod) else ():
        if name:
            yield condition.duplicate("name", f"another condition has the name {str(name)!r}")
