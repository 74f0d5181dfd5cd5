"""Leave out what a profile does not need of a manifest: nulls, what the server wrote, and defaults."""

from __future__ import annotations

from collections.abc import Container
from contextlib import suppress
from typing import Any, Final

from dsgen.importer.read.comments import Line
from dsgen.kubernetes.scalars import FALSE, TRUE
from dsgen.kubernetes.schema import fields, quantity
from dsgen.kubernetes.schema.images import reference
from dsgen.kubernetes.semantics import omit_defaults
from dsgen.kubernetes.semantics.normalize import NOTES, OF_SERVER, one_account, says_nothing
from dsgen.kubernetes.validation.kinds import is_namespaced
from dsgen.tree import Float, Integer, List, Map, Null, Text, new_map, origin_of, place_of

# Fields in which an empty string or zero differs from an unset field.
_SIGNIFICANT: Final = frozenset(
    ["storageClassName", "volumeAttributesClassName", "runtimeClassName", "hostnameOverride", "localhostProfile",
     "runAsUserName", "gmsaCredentialSpec", "gmsaCredentialSpecName", "lun", "partition", "weight"]
)  # fmt: skip
# A variable that is explicitly empty.
_KEPT: Final = frozenset([("EnvVar", "value")])
# Types that are easier to read with their defaults.
_KEPT_WHOLE: Final = frozenset(["Volume", "EnvVar", "DaemonSet", "ObjectMeta"])

# In quotes, since other readers of YAML take them for booleans.
_WORDS: Final = (TRUE | FALSE) - {each for word in ("true", "false") for each in (word, word.title(), word.upper())}


def tidy_object(root: Map, kind: str, minor: str) -> Map:
    """Return a decoded object, tidy, and without what the server wrote into its metadata.

    A cluster-scoped object loses its namespace, as on the server.
    """
    result: Map = tidy(root, kind, minor)
    result.pop("status", None)
    if kind == "Namespace":
        result.pop("spec", None)
    if "metadata" in result:
        namespace = () if is_namespaced(kind) else ("namespace",)
        result["metadata"] = metadata = result.map("metadata").without(*OF_SERVER, *namespace)
        annotations = metadata.map("annotations").without(*NOTES)
        if annotations:
            metadata["annotations"] = annotations
        else:
            metadata.pop("annotations", None)
    return result


def tidy(value: Any, notation: str, minor: str) -> Any:
    """Return a decoded value without nulls and values that mean the same as an unset field, and with scalars as they are spelled."""
    if notation in fields.SCALARS:
        return _leaf(value, notation)
    if notation[0] == "[":
        inner = notation[1:-1]
        return List([tidy(item, inner, minor) for item in value], place_of(value))
    if notation[0] == "{":
        inner = notation[1:-1]
        return Map([(key, tidy(child, inner, minor)) for key, child in value.items()], place_of(value))
    result = new_map(notation, place_of(value))
    known = fields.known(notation, minor)
    for key, child in value.items():
        if isinstance(child, Null):
            continue
        tidied = tidy(child, known[key], minor)
        if key in _SIGNIFICANT or (notation, key) in _KEPT or not says_nothing(tidied, known[key], key, notation):
            result[key] = tidied
    return one_account(result) if notation == "PodSpec" else result


def _leaf(value: Any, notation: str) -> Any:
    if notation in ("str", "Quantity", "Time", "bytes"):
        if type(value) is Text and value.plain != (value in _WORDS):
            return value
        spelled = _spelled(value)
        return Text.at(spelled, place_of(value), plain=spelled not in _WORDS)
    if notation == "IntOrString" and isinstance(value, Text):
        return Text.at(str(value), value.origin)
    return Integer.at(int(value), value.origin) if isinstance(value, Float) and value.is_integer() else value


def _spelled(value: Any) -> str:
    """Return a string, or a quantity that is a number, as it is spelled; a spelling that only YAML knows becomes that of JSON."""
    if not isinstance(value, Float):
        return str(int(value)) if isinstance(value, int) else str(value)
    with suppress(ValueError):
        # `1e3` is kept as that, and the number 1e3 as 1k.
        if str(quantity.parse(value.text)) == str(quantity.parse(value)):
            return value.text
    return quantity.json_number(value)


def without_defaults(value: Any, notation: str, minor: str, noted: Container[Line] = ()) -> Any:
    """Return a tidy value without the fields that have the default that the server would set.

    Fields on `noted` lines stay: somebody has written why they are set.
    """

    def keep(notation: str, key: str, holder: Map) -> bool:
        return (bool(noted) and key in holder and _is_noted(holder, key, noted)) or _is_significant(
            notation, key, holder
        )

    return omit_defaults.without_defaults(value, notation, minor, keep)


def _is_noted(holder: Map, key: str, noted: Container[Line]) -> bool:
    """Return whether a field is on a noted line, or of a map, any field in it."""
    value = holder[key]
    if isinstance(value, Map):
        return any(_is_noted(value, inner, noted) for inner in value)
    origin = origin_of(holder.key(key))
    return origin is not None and (origin.file, origin.line) in noted


def _is_significant(notation: str, key: str, holder: Map) -> bool:
    """Return whether a field is kept even if it has its default."""
    if key in _SIGNIFICANT or notation in _KEPT_WHOLE:
        return True
    # If the image is not a valid reference, such as a placeholder, the default depends on what replaces it.
    return key == "imagePullPolicy" and reference(str(holder.get("image", ""))) is None
