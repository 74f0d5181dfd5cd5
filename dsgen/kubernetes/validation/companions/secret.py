"""Secrets, with the values of `stringData` in `data`. No message quotes a value."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Iterator
from typing import Any, Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.companions.config_map import MAX_SECRET_SIZE
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.tree import Map

SOURCE = "pkg/apis/core/validation: ValidateSecret"
UPDATE = "pkg/apis/core/validation: ValidateSecretUpdate"
ACCOUNT_NAME: Final = "kubernetes.io/service-account.name"
TOKEN: Final = "kubernetes.io/service-account-token"
SSH: Final = "kubernetes.io/ssh-auth"
TLS: Final = "kubernetes.io/tls"
BASIC: Final = "kubernetes.io/basic-auth"
# Type → keys that must be there. Those of basic-auth are required only if both are missing.
REQUIRED_KEYS: Final = {
    "kubernetes.io/dockercfg": (".dockercfg",),
    "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
    BASIC: ("username", "password"),
    SSH: ("ssh-privatekey",),
    TLS: ("tls.crt", "tls.key"),
}
JSON_KEYS: Final = (".dockercfg", ".dockerconfigjson")


@rule("Secret", source=SOURCE)
def invalid_secret_key(secret: FieldRef) -> Iterator[FieldError]:
    """A key of `data` or `stringData` must be usable as a file name: at most 253 letters, digits, `-`, `_` or `.`; not
    `.`, and not beginning with `..`.
    """
    for key in secret.value.map("data"):
        yield from secret.invalid_each(("data", key), formats.config_key(key), field=f"data[{key}]")


@rule("Secret", source=SOURCE)
def too_large_secret(secret: FieldRef) -> Iterator[FieldError]:
    """All values together, those of `data` decoded, must not exceed 1 MiB (1048576 bytes)."""
    size = sum(len(_decoded(value)) for value in secret.value.map("data").values())
    if size > MAX_SECRET_SIZE:
        detail = f"must have at most {MAX_SECRET_SIZE} bytes in all values, got {size}"
        yield secret.error("TooLong", "data", detail)


@rule("Secret", source=SOURCE, when="type")
def missing_secret_key(secret: FieldRef) -> Iterator[FieldError]:
    """A Secret of a type of Kubernetes' own must have its keys: `.dockerconfigjson` for `kubernetes.io/dockerconfigjson`,
    `.dockercfg` for `kubernetes.io/dockercfg`, `username` or `password` for `kubernetes.io/basic-auth`, `ssh-privatekey`,
    not empty, for `kubernetes.io/ssh-auth`, and `tls.crt` and `tls.key` for `kubernetes.io/tls`.
    """
    type = secret.get("type", "")
    data = secret.value.map("data")
    keys = REQUIRED_KEYS.get(type, ())
    missing = [key for key in keys if key not in data or (type == SSH and not _decoded(data[key]))]
    if type == BASIC and len(missing) < len(keys):
        return
    for key in missing:
        yield secret.required(("data", key), f"must be set for type `{type}`", field=f"data[{key}]")


@rule("Secret", source=SOURCE, when="type")
def invalid_docker_config(secret: FieldRef) -> Iterator[FieldError]:
    """The key `.dockerconfigjson` of a Secret of type `kubernetes.io/dockerconfigjson`, and `.dockercfg` of
    `kubernetes.io/dockercfg`, must contain a JSON object.
    """
    data = secret.value.map("data")
    for key in REQUIRED_KEYS.get(secret.get("type", ""), ()):
        if key in JSON_KEYS and key in data and not _is_json_object(_decoded(data[key])):
            yield secret.invalid(("data", key), "must be a JSON object", field=f"data[{key}]")


@rule("Secret", source=SOURCE, when="type")
def missing_service_account_annotation(secret: FieldRef) -> Iterator[FieldError]:
    """A Secret of type `kubernetes.io/service-account-token` must name its account in the annotation
    `kubernetes.io/service-account.name`.
    """
    if secret.get("type") == TOKEN and not secret.value.map("metadata", "annotations").get(ACCOUNT_NAME):
        path = ("metadata", "annotations", ACCOUNT_NAME)
        detail = "must be the name of a service account"
        yield secret.required(path, detail, field=f"metadata.annotations[{ACCOUNT_NAME}]")


@rule("Secret", source="pkg/registry/core/secret: warningsForSecret", when="type", severity="warning")
def invalid_tls_key_pair(secret: FieldRef) -> Iterator[FieldError]:
    """In a Secret of type `kubernetes.io/tls`, `tls.crt` should contain a certificate in PEM, and `tls.key` its private key."""
    data = secret.value.map("data")
    if secret.get("type") == TLS and all(key in data for key in REQUIRED_KEYS[TLS]):
        from dsgen.kubernetes.validation.key_pair import fault

        key, detail = fault(*(_decoded(data[key]) for key in REQUIRED_KEYS[TLS]))
        if key:
            yield secret.warning(("data", key), detail, field=f"data[{key}]")


@rule("Secret-update", source=UPDATE, immutable=True)
def changed_secret_type(secret: FieldRef) -> Iterator[FieldError]:
    """The `type` of a Secret cannot be changed. To change it, delete the Secret and create it again."""
    before = secret.pod.old.root.get("type")
    if secret.get("type") != before:
        yield secret.invalid("type", f"cannot be changed; it was {str(before)!r}. Delete the Secret first")


@rule("Secret-update", source=UPDATE, immutable=True)
def changed_immutable_secret(secret: FieldRef) -> Iterator[FieldError]:
    """The values of a Secret with `immutable: true` cannot be changed, nor can `immutable` be taken back. To change it, delete the
    Secret and create it again.
    """
    old: Map = secret.pod.old.root.value
    if not old.get("immutable"):
        return
    if not secret.get("immutable"):
        yield secret.forbidden("immutable", "cannot be changed from `true`: delete the Secret first")
    if _values(secret.value) != _values(old):
        yield secret.forbidden("data", "cannot be changed, because the Secret is immutable: delete it first")


def _values(secret: Map) -> dict[str, bytes] | None:
    data = secret.child("data")
    return None if data is None else {str(key): _decoded(value) for key, value in data.items()}


def _decoded(value: Any) -> bytes:
    return base64.b64decode(str(value))


def _is_json_object(content: bytes) -> bool:
    """Return whether Go reads some bytes as a JSON object, or null."""
    try:
        read = json.loads(
            content.decode("utf-8", "replace"),
            parse_constant=_refused,
            parse_float=_number,
            parse_int=_number,
        )
    except ValueError:
        return False
    except RecursionError:
        return True  # the limit of Go is much higher
    return read is None or isinstance(read, dict)


def _refused(constant: str) -> None:
    raise ValueError(constant)


def _number(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError("out of range")
    return number
