"""Strict decoding: which fields a manifest has, and their JSON types, by the field tables.

A tree is first checked by functions compiled from the table, which return yes or no. Only if they say no is the tree
read again, slowly, to describe the errors.
"""

from __future__ import annotations

from typing import Any, Final

from dsgen.kubernetes.schema import fields
from dsgen.kubernetes.schema.errors import NO_KIND, DecodeError
from dsgen.kubernetes.schema.type_checks import check_of
from dsgen.record import Record
from dsgen.source import describe
from dsgen.traversal import keys
from dsgen.tree import Map, Null

HEADER: Final = {"kind": "DaemonSet", "apiVersion": "apps/v1"}


class Identity(Record):
    """What an object is: of a `type` of Kubernetes or of a known custom resource, wrong (`fault`), or neither.

    An object that is neither is not validated: it is of somebody else's API group, or configures a tool.
    """

    type: str
    fault: DecodeError | None = None

    @property
    def is_other(self) -> bool:
        """Whether it is an object without a schema."""
        return not self.type and self.fault is None


class Decoded(Record):
    """A tree that fits its type: other values are left out and reported as faults, and a null in a list or map has become
    a zero value.

    `kind` is the type. It is empty for an object without a schema, whose tree is unchanged. `stated` are those of the
    fields asked for that the tree has anywhere.
    """

    root: Map
    kind: str
    faults: list[DecodeError]
    stated: set[str]


def decode(root: Any, minor: str = fields.DEFAULT, asked: frozenset[str] = frozenset()) -> Decoded:
    """Return the manifest `root` as the server reads it, and which of the fields `asked` for it sets.

    It is not changed, and is itself returned if there is nothing to do.
    """
    kind, fault = identify(root, minor)
    if not kind:
        return Decoded(Map(), "", [fault], set()) if fault else Decoded(root, "", [], set())
    if kind in fields.CUSTOM_RESOURCES.values():
        from dsgen.kubernetes.schema.custom.decode_shipped import decode_shipped

        return Decoded(*decode_shipped(root, kind, minor), keys(root) & asked)
    stated: set[str] = set()
    if check_of(kind, minor, asked)(root, stated):
        return _completed(Decoded(root, kind, [], stated), minor)
    from dsgen.kubernetes.schema.decode_errors import ErrorCollector

    reader = ErrorCollector(kind, minor)
    read = reader.read(kind, root, ())
    return _completed(Decoded(read, kind, reader.faults, keys(read) & asked), minor)


def _completed(decoded: Decoded, minor: str) -> Decoded:
    """Return a decoded object with what its field table cannot describe decoded too."""
    if decoded.kind != "CustomResourceDefinition":
        return decoded
    from dsgen.kubernetes.schema.inner_schemas import with_inner_schemas

    root, faults = with_inner_schemas(decoded.root, minor)
    return decoded._replace(root=root, faults=[*decoded.faults, *faults])


def _header(root: Map, name: str) -> Any:
    value = root.get(name)
    return (
        value
        if value is not None
        else next((child for key, child in root.items() if key.lower() == name.lower()), None)
    )


def identify(root: Any, minor: str = fields.DEFAULT) -> Identity:
    """Return what an object is, by its `apiVersion` and `kind`: first by the group, then by the kind."""
    if not isinstance(root, Map):
        return Identity("", DecodeError(NO_KIND, "decode", (), f"a manifest must be a map, got {describe(root)}"))
    kinds = fields.load(minor).kinds
    known = kinds.get(f"{root.get('apiVersion')} {root.get('kind')}")
    if known:
        return Identity(known, None)
    found = {name: _header(root, name) for name in HEADER}
    # Wrong types are reported in the order of the keys, and then what is missing, kind first.
    mistyped = [name for name in sorted(found) if not isinstance(found[name], (str, Null, type(None)))]
    for name in (*mistyped, *(name for name in found if not found[name])):
        wrong = (
            f"`{name}` must be a string, got {describe(found[name])}" if name in mistyped else f"`{name}` is missing"
        )
        hint = f"add it, such as `{name}: {HEADER[name]}`"
        return Identity("", DecodeError(NO_KIND, "decode", (name,), wrong, hint))
    version, kind = found["apiVersion"], found["kind"]
    # An empty group before a slash is the core group.
    version = version[1:] if version.rfind("/") == 0 else version
    known = kinds.get(f"{version} {kind}")
    if known:
        return Identity(known, None)
    group = version.rpartition("/")[0]
    if "." not in group or group.endswith(".k8s.io"):
        known = fields.every_kind(minor).kinds.get(f"{version} {kind}")
        if known:
            return Identity("" if is_of_tools(root) else known)
    for name in HEADER:
        if name not in root:  # for an object that is decoded, every key is checked
            spelt = next(key for key in root if key.lower() == name.lower())
            fault = DecodeError(
                NO_KIND, "decode", (spelt,), f"`{name}` is missing", f"write `{name}` instead of `{spelt}`"
            )
            return Identity("", fault)
    if is_of_tools(root):
        return Identity("")
    from dsgen.kubernetes.schema import api_resources  # only mistakes and custom resources need it

    return Identity("", api_resources.fault(str(version), str(kind), minor))


def is_of_tools(root: Map) -> bool:
    """Return whether an object configures Kustomize, kpt or one of their functions. It is not sent to an API server, so its group can be
    anything.
    """
    notes = root.map("metadata", "annotations")
    is_local = notes.get("config.kubernetes.io/local-config") == "true"
    version = str(root.get("apiVersion"))
    is_theirs = version == "builtin" or version.partition("/")[0] in _GROUPS_OF_TOOLS
    return is_theirs or is_local or "config.kubernetes.io/function" in notes


_GROUPS_OF_TOOLS: Final = ("kpt.dev", "kustomize.config.k8s.io")
