"""Strict decoding: which fields a manifest has, and of which JSON types, by the field tables.

A tree is first looked at by a check compiled from the table, which says yes or no; only where it says no is the tree
read again, slowly and with words.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import repeat
from typing import Any, Final, Literal

from dsgen.kubernetes.schema import fields, quantity, timestamp
from dsgen.problem import Code, code
from dsgen.record import Record
from dsgen.source import describe
from dsgen.tree import Boolean, List, Map, Null, Path, Text, is_boolean, is_integer, keys

NO_KIND = code(
    "kind-missing",
    """A manifest says what it is by `apiVersion` and `kind`, both text, such as `apps/v1` and `DaemonSet`.""",
)
UNKNOWN_KIND = code(
    "unknown-kind",
    """In Kubernetes' own API groups, such as `apps`, the kind is one that its API server has there, in this spelling, in the version
    asked for. Of other groups nobody knows the kinds without the cluster: their objects are not validated.""",
)
UNKNOWN_GROUP = code(
    "unknown-group",
    "An API group without a dot is one of Kubernetes' own. One that is a letter off, and is said to have the same kind, is taken for a slip.",
)
REMOVED_KIND = code(
    "removed-kind",
    "The API server still serves the kind in this `apiVersion`. What was removed, mostly lives on in another one.",
)
UNKNOWN_FIELD = code(
    "unknown-field",
    """Each field is one that Kubernetes has at this place, in this spelling, in the version asked for. The API server
    refuses any other.""",
)
WRONG_TYPE = code(
    "wrong-json-type",
    """A value has the type of its field: text, a whole number, true or false, a list or a map. Nothing is converted: `1`
    is no text, and `'1'` no number. Text that looks like a number, or like `yes`, is quoted.""",
)
OUT_OF_RANGE = code("number-out-of-range", "A whole number fits its field: 32 bits, or 64 where Kubernetes says so.")
BAD_QUANTITY = code(
    "bad-quantity", "A quantity is a number with an optional suffix: `100m`, `0.5`, `2`, `128Mi`, `1Gi`."
)
BAD_TIME = code("bad-time", "A time is written as in RFC 3339: `2026-01-31T12:00:00Z`.")
BAD_BASE64 = code("bad-base64", "Binary data is written in base64.")

HEADER: Final = {"kind": "DaemonSet", "apiVersion": "apps/v1"}
Stage = Literal["decode", "strict", "validate"]


class DecodeError(Record):
    """What is wrong with a value, and at which of its stages the server says so."""

    code: Code
    stage: Stage
    path: Path
    message: str
    hint: str = ""


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
    if _check(kind, minor, asked)(root, stated):
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
    metadata = root.get("metadata")
    found = metadata.get("annotations") if isinstance(metadata, Map) else None
    notes = found if isinstance(found, Map) else Map()
    is_local = notes.get("config.kubernetes.io/local-config") == "true"
    return is_local or "config.kubernetes.io/function" in notes or root["apiVersion"] == "builtin"


# Says whether a value is of a type, and enters the fields asked for that it states into a set.
Check = Callable[[Any, set[str]], bool]


def accepts(type: str, minor: str, value: Any) -> bool:
    """Tell whether a value is of `type` in `minor`, and needs no change to be used."""
    return _check(type, minor, frozenset())(value, set())


@cache
def _check(type: str, minor: str, asked: frozenset[str]) -> Check:
    return _compiled(type, fields.of(type, minor).types, asked, {})


def _compiled(
    type: str, types: dict[str, dict[str, str]], asked: frozenset[str], done: dict[str, dict[str, Check]]
) -> Check:
    if type.startswith("["):
        return _list_check(_compiled(type[1:-1], types, asked, done))
    if type.startswith("{"):
        return _map_check(_compiled(type[1:-1], types, asked, done))
    if type in SCALAR_CHECKS:
        return SCALAR_CHECKS[type]
    if type not in done:
        checks: dict[str, Check] = {}
        done[type] = checks
        for name, below in types[type].items():
            check = _compiled(below, types, asked, done)
            checks[name] = _noting_check(name, check) if name in asked else check
    return _object_check(done[type])


def _noting_check(name: str, of_field: Check) -> Check:
    def check(value: Any, stated: set[str]) -> bool:
        stated.add(name)
        return of_field(value, stated)

    return check


def _object_check(checks: dict[str, Check]) -> Check:
    def check(value: Any, stated: set[str]) -> bool:
        if type(value) is not Map:
            return type(value) is Null
        for name, child in value.items():
            of_field = checks.get(name)
            if of_field is _is_text and type(child) is Text:
                continue  # as most are
            if of_field is None or not of_field(child, stated):
                return False
        return True

    return check


def _list_check(of_item: Check) -> Check:
    def check(value: Any, stated: set[str]) -> bool:
        if type(value) is not List:
            return type(value) is Null
        return Null not in map(type, value) and all(map(of_item, value, repeat(stated)))

    return check


def _map_check(of_value: Check) -> Check:
    def check(value: Any, stated: set[str]) -> bool:
        if type(value) is not Map:
            return type(value) is Null
        return Null not in map(type, value.values()) and all(map(of_value, value.values(), repeat(stated)))

    return check


def _is_text(value: Any, _: set[str]) -> bool:
    return isinstance(value, (str, Null))


def _is_boolean(value: Any, _: set[str]) -> bool:
    return isinstance(value, (Boolean, bool, Null))


def _is_int32(value: Any, _: set[str]) -> bool:
    return (is_integer(value) and -(2**31) <= value < 2**31) or type(value) is Null


def _is_int64(value: Any, _: set[str]) -> bool:
    return (is_integer(value) and -(2**63) <= value < 2**63) or type(value) is Null


def _is_quantity(value: Any, _: set[str]) -> bool:
    if is_boolean(value) or not isinstance(value, (str, int, float)):
        return type(value) is Null
    try:
        quantity.parse(value)
    except ValueError:
        return False
    return True


def _is_int_or_string(value: Any, stated: set[str]) -> bool:
    return isinstance(value, str) or _is_int32(value, stated)


def _is_time(value: Any, _: set[str]) -> bool:
    return timestamp.is_time(value) if isinstance(value, str) else type(value) is Null


def _is_bytes(value: Any, _: set[str]) -> bool:
    return not bytes_fault(value) if isinstance(value, str) else type(value) is Null


def _is_anything(value: Any, _: set[str]) -> bool:
    return True


SCALAR_CHECKS: Final[dict[str, Check]] = {
    "str": _is_text,
    "bool": _is_boolean,
    "int32": _is_int32,
    "int64": _is_int64,
    "bytes": _is_bytes,
    "Quantity": _is_quantity,
    "IntOrString": _is_int_or_string,
    "Time": _is_time,
    "any": _is_anything,
}


def bytes_fault(value: str) -> str:
    """Return what is wrong with text that should be base64, or nothing."""
    import base64

    try:
        base64.b64decode(value.replace("\n", "").replace("\r", ""), validate=True)
    except ValueError:
        return "the text is not base64"
    return ""
