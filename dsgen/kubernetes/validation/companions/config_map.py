"""Config maps."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.pod import part
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SOURCE = "pkg/apis/core/validation: ValidateConfigMap"
# pkg/apis/core: MaxSecretSize, which holds for config maps too.
MAX_SECRET_SIZE: Final = 1024 * 1024


@rule("invalid-config-map-key", "ConfigMap", source=SOURCE)
def invalid_config_map_key(config_map: FieldRef) -> Iterator[FieldError]:
    """
    A key of `data` or `binaryData` could be the name of a file: at most 253 letters, digits, `-`, `_` or `.`; not `.`, and
    nothing that begins with `..`.
    """
    for name in ("data", "binaryData"):
        for key in part(config_map.value, name):
            for message in formats.config_key(key):
                yield config_map.invalid((name, key), message, field=f"{name}[{key}]")


@rule("duplicate-config-map-key", "ConfigMap", source=SOURCE, when="binaryData")
def duplicate_config_map_key(config_map: FieldRef) -> Iterator[FieldError]:
    """A key stands in `data` or in `binaryData`, not in both."""
    binary = part(config_map.value, "binaryData")
    for key in part(config_map.value, "data"):
        if key in binary:
            yield config_map.invalid(("data", key), f"{str(key)!r} stands in `binaryData` too", field=f"data[{key}]")


@rule("too-large-config-map", "ConfigMap", source=SOURCE)
def too_large_config_map(config_map: FieldRef) -> Iterator[FieldError]:
    """All values together, those of `binaryData` decoded, have at most 1 MiB (1048576 bytes)."""
    texts = part(config_map.value, "data").values()
    size = sum(formats.byte_length(text) for text in map(str, texts))
    size += sum(len(base64.b64decode(str(text))) for text in part(config_map.value, "binaryData").values())
    if size > MAX_SECRET_SIZE:
        yield config_map.error(
            "TooLong", (), f"the values have {size} bytes, and may have {MAX_SECRET_SIZE}", field="[]"
        )
