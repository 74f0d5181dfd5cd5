"""Projected volumes: several sources in one directory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.schema.errors import ErrorType
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.kinds import asked_once
from dsgen.kubernetes.validation.pod import Pod
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

LOADED_FOR: Final = ("projected",)

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


def kind_of(projection: FieldRef) -> str:
    """Return the first kind of source that an item of `sources` has, or an empty string."""
    return next((kind for kind in KINDS if projection.get(kind) is not None), "")


@rule("projected.sources", source=SOURCE)
def conflicting_projection_sources(projection: FieldRef) -> Iterator[FieldError]:
    """
    Each item of `projected.sources` must have only one kind of source, such as `secret`, `configMap`, `downwardAPI` or
    `serviceAccountToken`.
    """
    stated = [kind for kind in KINDS if projection.get(kind) is not None]
    if len(stated) > 1:
        yield projection.forbidden("", f"must have only one source, got {' and '.join(stated)}: write separate items")


@rule("projected.sources", source="pkg/api/pod: warningsForOverlappingVirtualPaths", severity="warning")
def empty_projection(projection: FieldRef) -> Iterator[FieldError]:
    """
    An item of `projected.sources` without a source has no effect. Before 1.37, the server drops clusterTrustBundle and
    podCertificate, whose gates are off by default, which leaves such items behind.
    """
    if not kind_of(projection):
        yield projection.warning("", "must have a source that this version supports", field="")


PROJECTED = Fields("projected-keys", "a projected `secret` or `configMap`", SOURCE)
PROJECTED.required("missing-projection-name", "name")
TOKEN = Fields("projected.sources.serviceAccountToken", "`serviceAccountToken`", SOURCE)
TOKEN.in_range("out-of-range-token-expiration", "expirationSeconds", 600, 2**32, empty=True)


@rule("projected.sources.serviceAccountToken", source=SOURCE)
def missing_token_path(token: FieldRef) -> Iterator[FieldError]:
    """The `path` of a projected service account token must be set."""
    if not token.get("path", ""):
        yield _at_volume(token, "Required", "must be set")


@rule("projected.sources.serviceAccountToken", source=SOURCE)
def invalid_token_path(token: FieldRef) -> Iterator[FieldError]:
    """
    The `path` of a token must be relative, without the element `..`, and must not begin with `..`. In an update, other
    paths are allowed if the old object has one.
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
    """Return an error at the token's path, which the server prints as if it were a field of the volume."""
    projection = token.up
    assert projection is not None
    assert projection.up is not None
    return projection.up.error(type, (*projection.step, *token.step, "path"), detail, field="path")


@rule("projected", source=SOURCE)
def duplicate_projection_path(projected: FieldRef) -> Iterator[FieldError]:
    """The paths of the files in a projected volume must be unique; `a` and `a/` differ. Tokens are not checked."""
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
