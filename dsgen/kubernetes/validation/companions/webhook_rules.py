"""Rules of webhooks that have no effect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

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
