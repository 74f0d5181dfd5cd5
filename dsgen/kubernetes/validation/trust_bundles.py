"""Projected cluster trust bundles: before 1.37 behind a gate that is off, so that they are only validated if an old object has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.labels import selector_errors
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.kubernetes.validation.signer_name import signer_name_errors

LOADED_FOR: Final = ("clusterTrustBundle",)

SOURCE = "pkg/apis/core/validation: validateProjectionSources"


@rule("projected.sources.clusterTrustBundle", source=SOURCE)
def invalid_trust_bundle_source(bundle: FieldRef) -> Iterator[FieldError]:
    """A projected `clusterTrustBundle` must have either `name` or `signerName`."""
    by_name, by_signer = bundle.get("name") is not None, bundle.get("signerName") is not None
    if by_name and by_signer:
        yield bundle.invalid("", "must not have both `name` and `signerName`")
    elif not by_name and not by_signer:
        yield bundle.required("", "must have `name` or `signerName`")


@rule("projected.sources.clusterTrustBundle", source="pkg/apis/core/validation: ValidateClusterTrustBundleName")
def invalid_trust_bundle_name(bundle: FieldRef) -> Iterator[FieldError]:
    """
    The `name` of a `clusterTrustBundle` must be a DNS subdomain, after the name of its signer, with `:` for `/`, if it
    has one: `example.com:my-signer:my-bundle`.
    """
    name = bundle.get("name")
    if name is not None and bundle.get("signerName") is None:
        if not name:
            yield bundle.required("name")
        signer, colon, own = name.rpartition(":")
        if colon and (not signer or "/" in signer):
            yield bundle.invalid("name", f"{str(name)!r} has no signer before `:`, such as `example.com:my-signer`")
        else:
            for message in formats.dns_subdomain(own):
                yield bundle.invalid("name", message)


@rule("projected.sources.clusterTrustBundle", source=SOURCE)
def invalid_trust_bundle_selector(bundle: FieldRef) -> Iterator[FieldError]:
    """The `labelSelector` of a `clusterTrustBundle` must be a valid label selector, and requires `signerName`."""
    selector = bundle.child("labelSelector")
    if selector is None:
        return
    by_name, by_signer = bundle.get("name") is not None, bundle.get("signerName") is not None
    if by_name and not by_signer:
        yield bundle.invalid("labelSelector", "is only allowed with `signerName`")
    elif by_signer and not by_name:
        yield from selector_errors(selector)


@rule("projected.sources.clusterTrustBundle", source="pkg/apis/core/validation: ValidateSignerName")
def invalid_trust_bundle_signer_name(bundle: FieldRef) -> Iterator[FieldError]:
    """The `signerName` of a `clusterTrustBundle` must be a domain and a path: `example.com/my-signer`."""
    signer = bundle.get("signerName")
    if signer is not None and bundle.get("name") is None:
        yield from signer_name_errors(bundle)


BUNDLE = Fields("projected.sources.clusterTrustBundle", "`clusterTrustBundle`", SOURCE)
BUNDLE.has_format("invalid-trust-bundle-path", "path", formats.local_unreserved_path, required=True)
