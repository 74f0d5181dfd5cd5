"""ConfigMaps."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any, Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.tree import Null

SOURCE = "pkg/apis/core/validation: ValidateConfigMap"
# pkg/apis/core: MaxSecretSize, which applies to ConfigMaps too.
MAX_SECRET_SIZE: Final = 1024 * 1024


@rule("ConfigMap", source=SOURCE)
def invalid_config_map_key(config_map: FieldRef) -> Iterator[FieldError]:
    """A key of `data` or `binaryData` must be usable as a file name: at most 253 letters, digits, `-`, `_` or `.`; not
    `.`, and not beginning with `..`.
    """
    for name in ("data", "binaryData"):
        for key in config_map.value.map(name):
            yield from config_map.invalid_each((name, key), formats.config_key(key), field=f"{name}[{key}]")


@rule("ConfigMap", source=SOURCE, when="binaryData")
def duplicate_config_map_key(config_map: FieldRef) -> Iterator[FieldError]:
    """A key must not be in both `data` and `binaryData`."""
    binary = config_map.value.map("binaryData")
    for key in config_map.value.map("data"):
        if key in binary:
            yield config_map.invalid(("data", key), f"{str(key)!r} is in `binaryData` too", field=f"data[{key}]")


@rule("ConfigMap", source=SOURCE)
def too_large_config_map(config_map: FieldRef) -> Iterator[FieldError]:
    """All values together, with those of `binaryData` decoded, must not exceed 1 MiB (1048576 bytes)."""
    texts = config_map.value.map("data").values()
    size = sum(formats.byte_length(text) for text in map(str, texts))
    size += sum(len(base64.b64decode(str(text))) for text in config_map.value.map("binaryData").values())
    if size > MAX_SECRET_SIZE:
        yield config_map.error(
            "TooLong", (), f"must have at most {MAX_SECRET_SIZE} bytes in all values, got {size}", field="[]"
        )


@rule("ConfigMap-update", source="pkg/apis/core/validation: ValidateConfigMapUpdate", immutable=True)
def changed_immutable_config_map(config_map: FieldRef) -> Iterator[FieldError]:
    """The `data`, `binaryData` and `immutable` of a ConfigMap with `immutable: true` cannot be changed. To change them,
    delete the ConfigMap and create it again, or use another name.
    """
    old = config_map.pod.old.root
    if not old.get("immutable"):
        return
    if not config_map.get("immutable"):
        yield config_map.forbidden("immutable", "cannot be changed; it was true")
    for name in ("data", "binaryData"):
        if _content(config_map, name) != _content(old, name):
            yield config_map.forbidden(name, "cannot be changed: the ConfigMap is immutable; use another name")


def _content(config_map: FieldRef, name: str) -> dict[str, Any]:
    """Return the values of a field as the server compares them."""
    held = config_map.value.map(name)
    if name == "data":
        return {key: "" if isinstance(value, Null) else str(value) for key, value in held.items()}
    return {key: None if isinstance(value, Null) else base64.b64decode(str(value)) for key, value in held.items()}
