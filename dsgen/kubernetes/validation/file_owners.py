"""The user that owns the files of a volume: in 1.37 behind a gate that is off, so that it is only validated if an old object sets one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema.words import FILE_VOLUMES
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.kubernetes.validation.security_context import MAX_ID
from dsgen.kubernetes.validation.volume_files import at_volume

LOADED_FOR: Final = ("defaultUser", "user")

SOURCE = "pkg/apis/core/validation: validateUserField"


@rule("volume-source", source=SOURCE, since="1.37", when="defaultUser")
def out_of_range_default_user(source: FieldRef) -> Iterator[FieldError]:
    """The `defaultUser` of a secret, configMap, downwardAPI or projected volume must be between 0 and 2147483647."""
    user = source.get("defaultUser", 0)
    if source.scope in FILE_VOLUMES and not 0 <= user <= MAX_ID:
        yield source.invalid("defaultUser", f"must be between 0 and {MAX_ID}, got {int(user)}")


ITEM = Fields("key-to-path", "an item of a `secret` or `configMap` volume", SOURCE)
ITEM.in_range("out-of-range-volume-item-user", "user", 0, MAX_ID, since="1.37")


@rule("downwardAPI.items", source=SOURCE, since="1.37", when="user")
def out_of_range_downward_api_user(file: FieldRef) -> Iterator[FieldError]:
    """The `user` of a downwardAPI file must be between 0 and 2147483647."""
    user = file.get("user", 0)
    if not 0 <= user <= MAX_ID:
        yield at_volume(file, "Invalid", "user", f"must be between 0 and {MAX_ID}, got {int(user)}")


@rule("projected.sources", source=SOURCE, since="1.37")
def out_of_range_projection_user(projection: FieldRef) -> Iterator[FieldError]:
    """The `user` of a projected token, trust bundle or certificate must be between 0 and 2147483647."""
    for name in ("serviceAccountToken", "clusterTrustBundle", "podCertificate"):
        source = projection.child(name)
        user = source.get("user", 0) if source else 0
        if source and not 0 <= user <= MAX_ID:
            yield source.invalid("user", f"must be between 0 and {MAX_ID}, got {int(user)}")
