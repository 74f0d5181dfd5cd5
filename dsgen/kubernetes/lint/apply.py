"""
What can go wrong when an object is applied: server-side apply merges lists by keys, client-side apply copies the object
into an annotation.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from operator import itemgetter
from typing import Any, Final, TypeAlias

from dsgen.kubernetes.lint import CLIENT_SIDE, SERVER_SIDE
from dsgen.kubernetes.schema import fields
from dsgen.plain import plain
from dsgen.problem import Code, Problem, code, dotted
from dsgen.record import Record
from dsgen.traversal import children, locate
from dsgen.tree import Boolean, Integer, List, Map, Null, Path, Text, Value, as_map

_DUPLICATE: Final = """A list that is merged by keys must have one item for each key: `env` and `imagePullSecrets` for each `name`, `ports`
    for each `containerPort` and `protocol`, `hostAliases` for each `ip`, `finalizers` for each value. The API server
    stores duplicates, but server-side apply rejects the whole object, and so do Flux, Helm 4, `kubectl apply
    --server-side`, and Argo CD with `ServerSideApply=true`. A variable that refers to its own earlier value is a
    duplicate, too: write the whole value in one item. `apply: server-side` in dsgen.yaml, or a `flux` block, makes it
    an error; with `apply: client-side` it is not reported."""
DUPLICATE = code("duplicate-entry", _DUPLICATE, "warning")
DUPLICATE_REFUSED = code("duplicate-entry-refused", _DUPLICATE)
_LARGE: Final = """Client-side apply, the default of `kubectl apply` and Argo CD, copies the whole object into one of its annotations,
    and all annotations of an object together can have at most 262144 bytes. A larger object, such as a ConfigMap of
    many files, must be applied server-side (`kubectl apply --server-side`; Argo CD's `ServerSideApply=true`; the
    default of Flux and Helm 4). `apply: server-side` in dsgen.yaml says that it is; with `apply: client-side` it is an
    error."""
LARGE = code("too-large-object", _LARGE, "warning")
LARGE_REFUSED = code("too-large-object-refused", _LARGE)

# TotalAnnotationSizeLimitB in k8s.io/apimachinery/pkg/api/validation, and kubectl's annotation.
LIMIT: Final = 256 * 1024
LAST_APPLIED: Final = "kubectl.kubernetes.io/last-applied-configuration"
# What a character of an object's text can become: six bytes in Go's JSON, where `<` is `\u003c`, and four more in the annotations themselves.
_MOST_BYTES: Final = 10

# The default of a key; an empty string, if it is not here. Only the `secrets` of a ServiceAccount have no default.
_DEFAULTS: Final[dict[str, object]] = {"protocol": "TCP", "containerPort": 0, "port": 0}
_NO_DEFAULT: Final = "secrets"
_HASHABLE: Final = frozenset({str, Text, int, Integer, bool, Boolean})
_WHO: Final = " (Flux, Helm 4, `kubectl apply --server-side`, Argo CD with ServerSideApply=true)"


Unfit: TypeAlias = tuple[Path, str, str]


def problems(root: Map, kind: str, minor: str, how: str, length: int) -> list[Problem]:
    """Return why an object of a known `kind` cannot be applied. `how` is how it is applied, empty if unset.

    `length` is the number of characters of its text, without aliases, or 0 if unknown.
    """
    found: list[Problem] = []
    if how != CLIENT_SIDE:
        found += duplicates(root, kind, minor, DUPLICATE_REFUSED if how == SERVER_SIDE else DUPLICATE)
    # Nearly all objects are far below the limit.
    if how != SERVER_SIDE and not 0 < length * _MOST_BYTES <= LIMIT:
        found += too_large(root, LARGE_REFUSED if how == CLIENT_SIDE else LARGE)
    return found


def duplicates(root: Map, kind: str, minor: str, severity: Code) -> Iterator[Problem]:
    """Yield a problem of the code `severity` for each item that prevents a list from being merged."""
    unfit: list[Unfit] = []
    _visit(root, _leading(kind, minor), (), unfit)
    for path, found, hint in unfit:
        message = f"{found}: server-side apply rejects the object{'' if severity is DUPLICATE_REFUSED else _WHO}"
        yield severity.at(locate(root, path), message, hint=hint, field=dotted(path))


class _Leading(Record):
    """A field that is, or leads to, a list that is merged by `keys`; the fields `below` are those of its type."""

    field: str
    keys: list[str] | None
    below: list[_Leading]


@cache
def _leading(kind: str, minor: str) -> list[_Leading]:
    """Return the fields of a type that are, or lead to, lists that are merged by keys."""
    keys = fields.of(kind, minor).keys.get(kind, {})
    below = {field: found for field, inner in fields.objects_in(kind, minor) if (found := _leading(inner, minor))}
    return [_Leading(field, keys.get(field), below.get(field, [])) for field in {**keys, **below} if field != "status"]


def _visit(value: Map, leading: list[_Leading], path: Path, unfit: list[Unfit]) -> None:
    """Add the items that prevent a list in an object with such fields from being merged: path, message and hint."""
    for field, keys, inner in leading:
        child: Any = value.get(field)
        if type(child) is List:
            if keys is not None and not _are_distinct(child, keys):
                unfit += (((*path, field, index), found, hint) for index, found, hint in _entries(child, field, keys))
            for index, each in enumerate(child) if inner else ():
                if type(each) is Map:
                    _visit(each, inner, (*path, field, index), unfit)
        elif type(child) is Map and inner:
            _visit(child, inner, (*path, field), unfit)


def _are_distinct(entries: List, keys: list[str]) -> bool:
    """Return whether the items of a list certainly differ, as nearly all do: each sets the first of the keys, to different values."""
    first = keys[0] if keys else ""
    if len(entries) == 1 and first and type(entries[0]) is Map:
        return first in entries[0]
    stated = [each.get(first) if type(each) is Map else each for each in entries] if first else list(entries)
    return _HASHABLE.issuperset(map(type, stated)) and len(set(stated)) == len(stated)


def _entries(entries: List, field: str, keys: list[str]) -> Iterator[tuple[int, str, str]]:
    """Yield each item that prevents a list from being merged: message and hint."""
    seen: dict[tuple[str, ...], Value] = {}
    for index, entry in enumerate(entries):
        if isinstance(entry, Null):
            yield index, "null in a list that is merged by keys", "remove it"
            continue
        stated: list[tuple[str, object]] = [("", plain(entry))]
        if keys:
            if not isinstance(entry, Map):
                continue
            if field == _NO_DEFAULT and keys[0] not in entry:
                yield index, f"an entry without `{keys[0]}` in a list that is merged by it", f"set its `{keys[0]}`"
                continue
            stated = [(key, plain(entry.get(key, _DEFAULTS.get(key, "")))) for key in keys]
        key = tuple(repr(each) for _, each in stated)
        if key in seen:
            named = ", ".join(f"{name}: {each}" if name else str(each) for name, each in stated)
            yield index, f"`{named}` is a duplicate in this list", _hint(field, entry, seen[key])
        else:
            seen[key] = entry


def _hint(field: str, entry: Value, first: Value) -> str:
    if field == "env":
        name, value = (str(as_map(entry).get(key, "")) for key in ("name", "value"))
        before = str(as_map(first).get("value", ""))
        if f"$({name})" in value and "valueFrom" not in as_map(first):
            return f"write it once: `{value.replace(f'$({name})', before)}`"
        return "remove the duplicate: the last one wins"
    if field == "hostAliases":
        return "move the `hostnames` of both into one of them"
    if field == "ports":
        return "remove the duplicate: a port has one name, and one `hostPort`"
    return "remove the duplicate"


def too_large(root: Map, severity: Code) -> Iterator[Problem]:
    """Yield a problem of the code `severity` for an object that client-side apply cannot keep in its annotations."""
    size = last_applied_size(root)
    annotations = root.map("metadata", "annotations")
    others = sum(len(f"{key}{plain(value)}".encode()) for key, value in annotations.items() if key != LAST_APPLIED)
    if size + len(LAST_APPLIED) + others <= LIMIT:
        return
    found = f"{size:,} bytes as JSON: client-side apply (`kubectl apply`, Argo CD by default) keeps the object in an annotation, where {LIMIT:,} fit"
    hint = "set `apply: server-side` in dsgen.yaml, and apply it that way (`kubectl apply --server-side`, Argo CD's `ServerSideApply=true`); or split it"
    path = _heaviest(root)
    yield severity.at(locate(root, path), found, hint=hint, field=dotted(path))


def last_applied_size(root: Map) -> int:
    """Return the number of bytes of the JSON of an object that `kubectl apply` writes into its annotation.

    Go writes `<`, `>`, `&`, U+2028 and U+2029 as escapes, and `kubectl` an empty map of annotations if there are none. What
    is not a map although it must be one is rejected anyway, and counts as empty.
    """
    data: Any = plain(root)
    metadata = data["metadata"] = _map(data.get("metadata"))
    metadata["annotations"] = {
        key: value for key, value in _map(metadata.get("annotations")).items() if key != LAST_APPLIED
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    escaped = 5 * sum(map(text.count, "<>&")) + 3 * sum(map(text.count, "\u2028\u2029"))
    return len(text.encode("utf-8", "surrogatepass")) + escaped + 1


def _map(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _heaviest(root: Value) -> Path:
    """Return the path of the smallest part of an object that is more than half of it."""
    path: tuple[str | int, ...] = ()
    whole, value = _weight(root), root
    while isinstance(value, (Map, List)) and value:
        weight, step, child = max(((_weight(child), step, child) for step, child in children(value)), key=itemgetter(0))
        if 2 * weight <= whole:
            break
        path, value = (*path, step), child
    return path


def _weight(value: Value) -> int:
    return len(json.dumps(plain(value)))
