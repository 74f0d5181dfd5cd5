"""Strict decoding: which fields a manifest has, and of which JSON types, by the field tables.

A tree is first looked at by a check compiled from the table, which says yes or no; only where it says no is the tree
read again, slowly and with words.
"""

from __future__ import annotations

from typing import Any, Final

from dsgen.kubernetes.schema import fields
from dsgen.kubernetes.schema.checks import check_of
from dsgen.kubernetes.schema.errors import NO_KIND, DecodeError
from dsgen.record import Record
from dsgen.source import describe
from dsgen.traversal import keys
from dsgen.tree import Map, Null

HEADER: Final = {"kind": "DaemonSet", "apiVersion": "apps/v1"}


class Identity(Record):
    """What an object is to dsgen: one of a `type` that there are rules for, one that is none (`fault`), or neither.

    What is neither is another object, which is not validated: one of Kubernetes' own kinds, or of an API group of somebody else.
    """

    type: str
    fault: DecodeError | None = None

    @property
    def is_other(self) -> bool:
        """Whether it is an object that there are no rules for."""
        return not self.type and self.fault is None


class Decoded(Record):
    """A tree that fits its type: what does not fit is left out and a fault; a null in a list or map has become a zero value.

    `kind` is the type; without one, of another object or of none, the tree is as it was. `stated` are those fields of the ones asked
    for that are in it, wherever they stand.
    """

    root: Map
    kind: str
    faults: list[DecodeError]
    stated: set[str]


def decode(root: Any, minor: str = fields.DEFAULT, asked: frozenset[str] = frozenset()) -> Decoded:
    """Return the manifest `root` as the server reads it, and which of the fields `asked` for it states.

    It is not changed, and is itself returned if nothing is to do.
    """
    kind, fault = identify(root, minor)
    if not kind:
        return Decoded(Map(), "", [fault], set()) if fault else Decoded(root, "", [], set())
    stated: set[str] = set()
    if check_of(kind, minor, asked)(root, stated):
        return Decoded(root, kind, [], stated)
    from dsgen.kubernetes.schema.custom_resource import CustomReader
    from dsgen.kubernetes.schema.decode_errors import ErrorCollector

    reader = (CustomReader if kind in fields.CUSTOM_RESOURCES.values() else ErrorCollector)(fields.of(kind, minor))
    read = reader.read(kind, root, ())
    return Decoded(read, kind, reader.faults, keys(read) & asked)


def _header(root: Map, name: str) -> Any:
    value = root.get(name)
    return (
        value
        if value is not None
        else next((child for key, child in root.items() if key.lower() == name.lower()), None)
    )


def identify(root: Any, minor: str = fields.DEFAULT) -> Identity:
    """Return what an object is, by its `apiVersion` and `kind`: by the group first, and then by the kind."""
    if not isinstance(root, Map):
        return Identity("", DecodeError(NO_KIND, "decode", (), f"a manifest is a map, not {describe(root)}"))
    found = {name: _header(root, name) for name in HEADER}
    # A wrong type is noticed in the order of the keys, as the text is read; what is missing, kind first, behind it.
    mistyped = [name for name in sorted(found) if not isinstance(found[name], (str, Null, type(None)))]
    for name in (*mistyped, *(name for name in found if not found[name])):
        wrong = f"`{name}` is text, not {describe(found[name])}" if name in mistyped else f"`{name}` is missing"
        hint = f"state it, such as `{name}: {HEADER[name]}`"
        return Identity("", DecodeError(NO_KIND, "decode", (name,), wrong, hint))
    version, kind = found["apiVersion"], found["kind"]
    # A group that is empty, before a slash, is that of Kubernetes' core.
    version = version[1:] if version.rfind("/") == 0 else version
    known = fields.load(minor).kinds.get(f"{version} {kind}")
    if known:
        return Identity(known)
    for name in HEADER:
        if name not in root:  # of an object that is decoded, this is said of every key
            spelt = next(key for key in root if key.lower() == name.lower())
            fault = DecodeError(NO_KIND, "decode", (spelt,), f"`{name}` is missing", f"write `{name}` for `{spelt}`")
            return Identity("", fault)
    if _is_of_kustomize(root):
        return Identity("")
    from dsgen.kubernetes.schema import api_resources  # that only mistakes and kinds without rules need

    return Identity("", api_resources.fault(str(version), str(kind), minor))


def _is_of_kustomize(root: Map) -> bool:
    """Tell whether an object is configuration of a plugin of Kustomize, which no API server is given: its group may be any."""
    notes = root.map("metadata", "annotations")
    is_local = notes.get("config.kubernetes.io/local-config") == "true"
    return is_local or "config.kubernetes.io/function" in notes or root["apiVersion"] == "builtin"
