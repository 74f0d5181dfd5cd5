"""What a manifest states and a profile need not: nulls, what the server wrote, and defaults."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

from dsgen.kubernetes.schema import fields, quantity
from dsgen.kubernetes.schema.images import reference
from dsgen.kubernetes.semantics import omit_defaults
from dsgen.kubernetes.semantics.normalize import NOTES, OF_SERVER, one_account, says_nothing
from dsgen.kubernetes.validation.kinds import KINDS
from dsgen.tree import Float, Integer, List, Map, Null, Text, origin_of

# Fields whose empty text or zero is not the same as nothing.
_TELLING: Final = frozenset(
    ["storageClassName", "volumeAttributesClassName", "runtimeClassName", "hostnameOverride", "localhostProfile",
     "runAsUserName", "gmsaCredentialSpec", "gmsaCredentialSpecName", "lun", "partition", "weight"]
)  # fmt: skip
# What says that a variable is empty, in so many words.
_KEPT: Final = frozenset([("EnvVar", "value")])
# Types that say more with their defaults than without.
_KEPT_WHOLE: Final = frozenset(["Volume", "EnvVar", "DaemonSet", "ObjectMeta"])


def tidy_object(root: Map, kind: str, minor: str) -> Map:
    """Return a decoded object, tidy, and without what the server wrote into its metadata.

    One of a kind that is in no namespace loses the one it states, as on the server.
    """
    result: Map = tidy(root, kind, minor)
    result.pop("status", None)
    if kind == "Namespace":
        result.pop("spec", None)
    metadata = result.get("metadata")
    if isinstance(metadata, Map):
        place = () if KINDS[kind].namespaced else ("namespace",)
        result["metadata"] = metadata = metadata.without(*OF_SERVER, *place)
        notes = metadata.get("annotations")
        if isinstance(notes, Map):
            metadata["annotations"] = notes.without(*NOTES)
            if not metadata["annotations"]:
                del metadata["annotations"]
    return result


def tidy(value: Any, notation: str, minor: str) -> Any:
    """Return a decoded value without nulls and what says nothing, and with text as it was spelled."""
    if notation.startswith("["):
        return List((tidy(item, notation[1:-1], minor) for item in value), origin_of(value))
    if notation.startswith("{"):
        return Map(((key, tidy(child, notation[1:-1], minor)) for key, child in value.items()), origin_of(value))
    if notation in fields.SCALARS:
        return _leaf(value, notation)
    result = Map((), origin_of(value), notation)
    known = fields.known(notation, minor)
    for key, child in value.items():
        if isinstance(child, Null):
            continue
        tidied = tidy(child, known[key], minor)
        if key in _TELLING or (notation, key) in _KEPT or not says_nothing(tidied, known[key], key, notation):
            result[key] = tidied
    return one_account(result) if notation == "PodSpec" else result


def _leaf(value: Any, notation: str) -> Any:
    if notation in ("str", "Quantity", "Time", "bytes"):
        return Text.at(_spelled(value), origin_of(value), plain=True)
    if notation == "IntOrString" and isinstance(value, Text):
        return Text.at(str(value), value.origin)
    return Integer.at(int(value), value.origin) if isinstance(value, Float) and value.is_integer() else value


def _spelled(value: Any) -> str:
    """Return text, or a quantity that is a number, as somebody wrote it: but for a number that is none without YAML."""
    if not isinstance(value, Float):
        return str(int(value)) if isinstance(value, int) else str(value)
    with suppress(ValueError):
        # `1e3` is kept as that, and the number 1e3 as 1k.
        if str(quantity.parse(value.text)) == str(quantity.parse(value)):
            return value.text
    return quantity.json_number(value)


def without_defaults(value: Any, notation: str, minor: str) -> Any:
    """Return a tidy value without the fields that say what the server would write there anyway."""
    return omit_defaults.without_defaults(value, notation, minor, _is_telling)


def _is_telling(notation: str, key: str, holder: Map) -> bool:
    """Tell whether a field says something, though it may be a default."""
    if key in _TELLING or notation in _KEPT_WHOLE:
        return True
    # To whoever puts an image in the place of what is none, the policy says something.
    return key == "imagePullPolicy" and reference(str(holder.get("image", ""))) is None
