"""Environment variables taken from a whole ConfigMap or Secret: `envFrom`."""

from __future__ import annotations

from collections.abc import Iterator

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SOURCE = "pkg/apis/core/validation: ValidateEnvFrom"


@rule("invalid-env-from-prefix", "env-from", source=SOURCE)
def invalid_env_from_prefix(env_from: FieldRef) -> Iterator[FieldError]:
    """The `prefix` of `envFrom` is printable ASCII without `=`."""
    prefix = env_from.get("prefix", "")
    for message in formats.env_name(prefix, env_from.pod.minor) if prefix else ():
        yield env_from.invalid("prefix", message)


@rule("missing-env-from-source", "env-from", source=SOURCE)
def missing_env_from_source(env_from: FieldRef) -> Iterator[FieldError]:
    """Each entry of `envFrom` states a `configMapRef` or a `secretRef`."""
    if env_from.get("configMapRef") is None and env_from.get("secretRef") is None:
        yield _at_list(env_from, "states neither `configMapRef` nor `secretRef`")


@rule("conflicting-env-from-sources", "env-from", source=SOURCE)
def conflicting_env_from_sources(env_from: FieldRef) -> Iterator[FieldError]:
    """An entry of `envFrom` states a `configMapRef` or a `secretRef`, not both; write two entries."""
    if env_from.get("configMapRef") is not None and env_from.get("secretRef") is not None:
        yield _at_list(env_from, "states both `configMapRef` and `secretRef`: write two entries")


@rule("invalid-env-from-name", "env-from-ref", source=SOURCE)
def invalid_env_from_name(ref: FieldRef) -> Iterator[FieldError]:
    """`configMapRef` and `secretRef` have the `name` of a ConfigMap or Secret: a DNS subdomain."""
    name = ref.get("name", "")
    if not name:
        yield ref.required("name")
    for message in formats.name_prefix(name) if name else ():
        yield ref.invalid("name", message)


def _at_list(env_from: FieldRef, detail: str) -> FieldError:
    # The server names the list, not the entry.
    assert env_from.up is not None
    return env_from.up.error("Invalid", env_from.step, detail, field="envFrom")
