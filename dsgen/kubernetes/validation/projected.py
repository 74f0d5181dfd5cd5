"""Projected volumes: several sources in one directory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.pod import Pod, asked_once
from dsgen.kubernetes.validation.rule import ErrorType, FieldError, FieldRef, rule

SOURCE = "pkg/apis/core/validation: validateProjectionSources"
KINDS: Final = (
    "secret",
    "configMap",
    "downwardAPI",
    "serviceAccountToken",
    "clusterTrustBundle",
    "podCertificate",
)
CERTIFICATE_PATHS: Final = ("credentialBundlePath", "keyPath", "certificateChainPath")
MIN_TOKEN_SECONDS: Final = 600
MAX_TOKEN_SECONDS: Final = 2**32


def kind_of(projection: FieldRef) -> str:
    """Return the first kind of source that an entry of `sources` states, an empty text when there is none."""
    return next((kind for kind in KINDS if projection.get(kind) is not None), "")


@rule("conflicting-projection-sources", "projection", source=SOURCE)
def conflicting_projection_sources(projection: FieldRef) -> Iterator[FieldError]:
    """Each entry of `projected.sources` is of one kind: secret, configMap, downwardAPI, serviceAccountToken."""
    stated = [kind for kind in KINDS if projection.get(kind) is not None]
    if len(stated) > 1:
        yield projection.forbidden("", f"states {' and '.join(stated)}: make entries of their own")


@rule("empty-projection", "projection", source="pkg/api/pod: warningsForOverlappingVirtualPaths", severity="warning")
def empty_projection(projection: FieldRef) -> Iterator[FieldError]:
    """An entry of `projected.sources` without a source adds nothing. Kinds that the server drops (clusterTrustBundle and
    podCertificate, unless their gates are on) leave such entries behind.
    """
    if not kind_of(projection):
        yield projection.warning("", "no source is stated, or none that this version supports", field="")


@rule("missing-projection-name", "projected-keys", source=SOURCE)
def missing_projection_name(source: FieldRef) -> Iterator[FieldError]:
    """A projected secret or configMap states its `name`."""
    if not source.get("name", ""):
        yield source.required("name")


@rule("out-of-range-token-expiration", "token-projection", source=SOURCE)
def out_of_range_token_expiration(token: FieldRef) -> Iterator[FieldError]:
    """A token's `expirationSeconds` is from 600 (10 minutes) to 4294967296."""
    seconds = token.get("expirationSeconds", MIN_TOKEN_SECONDS)
    if not MIN_TOKEN_SECONDS <= seconds <= MAX_TOKEN_SECONDS:
        yield token.invalid("expirationSeconds", f"{seconds} is not from {MIN_TOKEN_SECONDS} to {MAX_TOKEN_SECONDS}")


@rule("missing-token-path", "token-projection", source=SOURCE)
def missing_token_path(token: FieldRef) -> Iterator[FieldError]:
    """A projected service account token states the `path` of its file."""
    if not token.get("path", ""):
        yield _at_volume(token, "Required", "must be stated")


@rule("invalid-token-path", "token-projection", source=SOURCE)
def invalid_token_path(token: FieldRef) -> Iterator[FieldError]:
    """The `path` of a token is relative, has no element `..` and does not begin with `..`. In an update, other paths are excused
    if the old object has one.
    """
    messages = formats.local_unreserved_path(token.get("path", ""))
    if messages and not _has_foreign_token_path(token.pod.old):
        for message in messages:
            yield _at_volume(token, "Invalid", message)


@asked_once
def _has_foreign_token_path(old: Pod) -> bool:
    for volume in old.node.children("volumes"):
        projected = volume.child("projected")
        for projection in projected.children("sources") if projected else ():
            token = projection.child("serviceAccountToken")
            if token and formats.local_unreserved_path(token.get("path", "")):
                return True
    return False


def _at_volume(token: FieldRef, type: ErrorType, detail: str) -> FieldError:
    """Return an error at the token's path, which the server prints as if it belonged to the volume."""
    projection = token.up
    assert projection is not None
    assert projection.up is not None
    return projection.up.error(type, (*projection.step, *token.step, "path"), detail, field="path")


@rule("duplicate-projection-path", "projected", source=SOURCE)
def duplicate_projection_path(projected: FieldRef) -> Iterator[FieldError]:
    """No two files of a projected volume have the same path; `a` and `a/` are not the same. Tokens are not looked at."""
    taken: set[str] = set()
    for below, path in _compared_paths(projected):
        if path in taken:
            yield projected.invalid(below, f"another file has the path {str(path)!r}", field="")
        taken.add(path)


def _compared_paths(projected: FieldRef) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for projection in projected.children("sources"):
        for kind in ("secret", "configMap", "downwardAPI"):
            source = projection.child(kind)
            for item in source.children("items") if source else ():
                if path := item.get("path", ""):
                    yield (*projection.step, kind, *item.step, "path"), path
        bundle = projection.child("clusterTrustBundle")
        if bundle:
            yield (*projection.step, "clusterTrustBundle", "path"), bundle.get("path", "")
        certificate = projection.child("podCertificate")
        for name in CERTIFICATE_PATHS if certificate else ():
            if certificate and (path := certificate.get(name, "")):
                yield (*projection.step, "podCertificate", name), path
