"""Environment variables from a whole ConfigMap or Secret: `envFrom`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

LOADED_FOR: Final = ("envFrom",)

SOURCE = "pkg/apis/core/validation: ValidateEnvFrom"


@rule("container.envFrom", source=SOURCE)
def invalid_env_from_prefix(env_from: FieldRef) -> Iterator[FieldError]:
    """The `prefix` of `envFrom` must be printable ASCII without `=`."""
    prefix = env_from.get("prefix", "")
    for message in formats.env_name(prefix, env_from.pod.minor) if prefix else ():
        yield env_from.invalid("prefix", message)


@rule("container.envFrom", source=SOURCE)
def missing_env_from_source(env_from: FieldRef) -> Iterator[FieldError]:
    """Each item of `envFrom` must have a `configMapRef` or a `secretRef`."""
    if env_from.get("configMapRef") is None and env_from.get("secretRef") is None:
        yield _at_list(env_from, "must have a `configMapRef` or a `secretRef`")


@rule("container.envFrom", source=SOURCE)
def conflicting_env_from_sources(env_from: FieldRef) -> Iterator[FieldError]:
    """An item of `envFrom` must not have both a `configMapRef` and a `secretRef`. Write two items."""
    if env_from.get("configMapRef") is not None and env_from.get("secretRef") is not None:
        yield _at_list(env_from, "must not have both `configMapRef` and `secretRef`: write two items")


REFERENCE = Fields("env-from-ref", "a `configMapRef` or `secretRef`", SOURCE)
REFERENCE.has_format("invalid-env-from-name", "name", formats.name_prefix, required=True)


def _at_list(env_from: FieldRef, detail: str) -> FieldError:
    # The server prints the list, not the item.
    assert env_from.up is not None
    return env_from.up.error("Invalid", env_from.step, detail, field="envFrom")
