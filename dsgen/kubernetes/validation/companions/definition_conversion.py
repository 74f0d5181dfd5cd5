"""CustomResourceDefinitions: how objects are converted from one version to another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.validation.companions.definition_names import is_established
from dsgen.kubernetes.validation.companions.definition_view import definition_of, old_definition
from dsgen.kubernetes.validation.companions.webhooks import REVIEW_VERSIONS, review_version_errors
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.tree import Map

SOURCE = "apiextensions-apiserver/pkg/apis/apiextensions/validation: validateCustomResourceConversion"
STRATEGIES: Final = ("None", "Webhook")
CERTIFICATE: Final = re.compile("-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


@rule("CustomResourceDefinition.spec.conversion", source=SOURCE)
def invalid_conversion_strategy(conversion: FieldRef) -> Iterator[FieldError]:
    """The `strategy` of a conversion must be `None` (only `apiVersion` is changed) or `Webhook`; with `preserveUnknownFields`, it must be `None`."""
    strategy = conversion.get("strategy", "")
    if not strategy:
        yield conversion.required("strategy", "must be `None` or `Webhook`")
    elif strategy not in STRATEGIES:
        yield conversion.not_supported("strategy", strategy, STRATEGIES)
    if strategy != "None" and definition_of(conversion).keeps_unknown:
        yield conversion.invalid("strategy", "must be `None` with `spec.preserveUnknownFields`")


@rule("CustomResourceDefinition.spec.conversion", source=SOURCE)
def missing_conversion_webhook(conversion: FieldRef) -> Iterator[FieldError]:
    """A conversion by the strategy `Webhook` must have a `webhook` with a `clientConfig`. Otherwise `webhook` is not allowed."""
    webhook, path = conversion.value.map("webhook"), ("webhook", "clientConfig")
    client = isinstance(webhook.get("clientConfig"), Map)
    if conversion.get("strategy") == "Webhook":
        if not client:
            yield conversion.required(path, "must be set for the strategy `Webhook`", field="webhookClientConfig")
        return
    if client:
        yield conversion.forbidden(path, "is only allowed for the strategy `Webhook`", field="webhookClientConfig")
    if webhook.get("conversionReviewVersions"):
        path = ("webhook", "conversionReviewVersions")
        yield conversion.forbidden(path, "is only allowed for the strategy `Webhook`", field=path[1])


@rule("CustomResourceDefinition.spec.conversion", source=SOURCE)
def invalid_conversion_review_versions(conversion: FieldRef) -> Iterator[FieldError]:
    """The `conversionReviewVersions` of a webhook are the versions of ConversionReview that it understands: unique DNS labels that begin with a
    letter, and `v1` or `v1beta1` among them.
    """
    if conversion.get("strategy") != "Webhook":
        return
    old = old_definition(conversion)
    before = old.spec.value.map("conversion", "webhook").texts("conversionReviewVersions") if old else []
    known = not before or any(version in REVIEW_VERSIONS for version in before)
    printed = conversion.part("webhook").printed_as("spec.conversion")
    yield from review_version_errors(printed, "conversionReviewVersions", known)


@rule("CustomResourceDefinition-update", source=SOURCE)
def invalid_conversion_bundle(definition: FieldRef) -> Iterator[FieldError]:
    """Once the server serves the kind, the `caBundle` of its conversion webhook must have a certificate."""
    old = old_definition(definition)
    path = ("spec", "conversion", "webhook", "clientConfig")
    bundle = _bundle(definition.value.map(*path))
    strategy = definition.value.map("spec", "conversion").get("strategy")
    if old is None or not bundle or strategy != "Webhook" or not is_established(old):
        return
    before = _bundle(old.root.value.map(*path))
    if not CERTIFICATE.search(bundle) and (not before or CERTIFICATE.search(before)):
        printed = "spec.conversion.webhookClientConfig.caBundle"
        yield definition.invalid((*path, "caBundle"), "must have a certificate in PEM", field=printed)


def _bundle(client: Map) -> str:
    import base64

    return base64.b64decode(str(client.get("caBundle") or "")).decode(errors="replace")
