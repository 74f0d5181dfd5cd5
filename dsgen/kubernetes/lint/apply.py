"""What an object meets when it is applied: server-side apply merges lists by keys, client-side apply keeps the object in an annotation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from operator import itemgetter
from typing import Any, Final, TypeAlias

from dsgen.kubernetes.lint import CLIENT_SIDE, SERVER_SIDE
from dsgen.kubernetes.schema import fields
from dsgen.problem import Code, Problem, code, dotted
from dsgen.traversal import children, locate
from dsgen.tree import List, Map, Null, Path, Value, as_map, plain

_DUPLICATE: Final = """A list that is merged entry by entry has one entry for each key: `env` and `imagePullSecrets` for each `name`, `ports` for each
    `containerPort` and `protocol`, `hostAliases` for each `ip`, `finalizers` for each value. The API server stores others; server-side apply
    refuses the whole object, and with it Flux, Helm 4, `kubectl apply --server-side`, and Argo CD with `ServerSideApply=true`. A variable
    that builds on itself is stated twice, too: write its whole value in one entry. `apply: server-side` in dsgen.yaml, or a `flux` block, makes
    it an error; with `apply: client-side` nothing is said."""
DUPLICATE = code("duplicate-entry", _DUPLICATE, "warning")
DUPLICATE_REFUSED = code("duplicate-entry-refused", _DUPLICATE)
_LARGE: Final = """Client-side apply, `kubectl apply` and Argo CD by default, keeps the whole object in one of its annotations, and all annotations of an
    object together have at most 262144 bytes. A larger one, such as a config map of many files, must be applied server-side
    (`kubectl apply --server-side`; Argo CD's `ServerSideApply=true`; Flux and Helm 4 do so anyway). `apply: server-side` in dsgen.yaml says that it
    is; with `apply: client-side` it is an error."""
LARGE = code("too-large-object", _LARGE, "warning")
LARGE_REFUSED = code("too-large-object-refused", _LARGE)

# TotalAnnotationSizeLimitB in k8s.io/apimachinery/pkg/api/validation, and the annotation of kubectl's.
LIMIT: Final = 256 * 1024
LAST_APPLIED: Final = "kubectl.kubernetes.io/last-applied-configuration"
# A character takes at most six bytes in Go's JSON, where `<` is `\u003c`. Around a value stand two quotes, a comma and a colon; a number may have
# twenty digits.
_MOST_BYTES: Final = 6
_AROUND: Final = 24

# What a key is where an entry does not state it; an empty text, if it is not here. Only the `secrets` of a ServiceAccount must state theirs.
_DEFAULTS: Final[dict[str, object]] = {"protocol": "TCP", "containerPort": 0, "port": 0}
_NO_DEFAULT: Final = "secrets"
_WHO: Final = " (Flux, Helm 4, `kubectl apply --server-side`, Argo CD with ServerSideApply=true)"


def problems(root: Map, kind: str, minor: str, how: str) -> list[Problem]:
    """Return why an object of a known `kind` cannot be applied; `how` it is applied, or an empty text where nobody says."""
    found: list[Problem] = []
    if how != CLIENT_SIDE:
        found += duplicates(root, kind, minor, DUPLICATE_REFUSED if how == SERVER_SIDE else DUPLICATE)
    if how != SERVER_SIDE:
        found += too_large(root, LARGE_REFUSED if how == CLIENT_SIDE else LARGE)
    return found


# A field that is, or leads to, a list that is merged by keys: its name, the keys if it is one, and the type below it if that leads on.
Leading: TypeAlias = dict[str, list[tuple[str, "list[str] | None", str]]]
Unfit: TypeAlias = tuple[Path, str, str]


def duplicates(root: Map, kind: str, minor: str, severity: Code) -> Iterator[Problem]:
    """Yield a problem of the code `severity` for each entry by which a list cannot be merged."""
    unfit: list[Unfit] = []
    _visit(root, kind, _leading(minor), (), unfit)
    for path, found, hint in unfit:
        message = f"{found}: server-side apply refuses the object{'' if severity is DUPLICATE_REFUSED else _WHO}"
        yield severity.at(locate(root, path), message, hint=hint, field=dotted(path))


def _visit(value: Map, kind: str, leading: Leading, path: Path, unfit: list[Unfit]) -> None:
    """Add the entries, of any list in an object of the type `kind`, by which it cannot be merged: path, what is wrong, and what to do."""
    for field, keys, inner in leading[kind]:
        child: Any = value.get(field)
        if type(child) is List:
            if keys is not None and not _are_distinct(child, keys):
                unfit += (((*path, field, index), found, hint) for index, found, hint in _entries(child, field, keys))
            for index, each in enumerate(child) if inner else ():
                if type(each) is Map:
                    _visit(each, inner, leading, (*path, field, index), unfit)
        elif type(child) is Map and inner:
            _visit(child, inner, leading, (*path, field), unfit)


def _are_distinct(entries: List, keys: list[str]) -> bool:
    """Tell whether the entries of a list surely differ, as next to all do: each states the first of the keys, and no two alike."""
    first = keys[0] if keys else ""
    stated = [each.get(first) if type(each) is Map else each for each in entries] if first else list(entries)
    return all(isinstance(each, (str, int)) for each in stated) and len(set(stated)) == len(stated)


def _entries(entries: List, field: str, keys: list[str]) -> Iterator[tuple[int, str, str]]:
    """Yield each entry of a list by which it cannot be merged: what is wrong, and what to do."""
    seen: dict[tuple[str, ...], Value] = {}
    for index, entry in enumerate(entries):
        if isinstance(entry, Null):
            yield index, "null in a list that is merged entry by entry", "remove it"
            continue
        if keys and not isinstance(entry, Map):
            continue
        stated: list[tuple[str, object]] = [("", plain(entry))]
        if keys:
            fields_of_entry = as_map(entry)
            if field == _NO_DEFAULT and keys[0] not in fields_of_entry:
                yield index, f"an entry without `{keys[0]}` in a list that is merged by it", f"state its `{keys[0]}`"
                continue
            stated = [(key, plain(fields_of_entry.get(key, _DEFAULTS.get(key, "")))) for key in keys]
        key = tuple(repr(each) for _, each in stated)
        if key in seen:
            named = ", ".join(f"{name}: {each}" if name else str(each) for name, each in stated)
            yield index, f"`{named}` stands in this list twice", _hint(field, entry, seen[key])
        else:
            seen[key] = entry


def _hint(field: str, entry: Value, first: Value) -> str:
    if field == "env":
        name, value = (str(as_map(entry).get(key, "")) for key in ("name", "value"))
        before = str(as_map(first).get("value", ""))
        if f"$({name})" in value and "valueFrom" not in as_map(first):
            return f"state it once: `{value.replace(f'$({name})', before)}`"
        return "state it once: the last one counts"
    if field == "hostAliases":
        return "put the `hostnames` of both under one of them"
    if field == "ports":
        return "state it once: a port has one name, and one `hostPort`"
    return "state it once"


@cache
def _leading(minor: str) -> Leading:
    table = fields.load(minor)
    found: set[str] = set(table.keys)
    grown = True
    while grown:
        leading = {
            kind: [
                (field, table.keys.get(kind, {}).get(field), inner if inner in found else "")
                for field, notation in known.items()
                if field != "status" and ((inner := notation.strip("[]")) in found or field in table.keys.get(kind, {}))
            ]
            for kind, known in table.types.items()
        }
        more = {kind for kind, those in leading.items() if those}
        grown, found = more != found, more
    # Of a custom kind, dsgen knows no such list but those of its metadata.
    return {**leading, **{kind: [("metadata", None, "ObjectMeta")] for kind in fields.CUSTOM_RESOURCES.values()}}


def too_large(root: Map, severity: Code) -> Iterator[Problem]:
    """Yield a problem of the code `severity` for an object that client-side apply cannot keep in its annotations."""
    if _most(root) <= LIMIT:
        return
    size = last_applied_size(root)
    annotations = root.map("metadata", "annotations")
    others = sum(len(f"{key}{plain(value)}".encode()) for key, value in annotations.items() if key != LAST_APPLIED)
    if size + len(LAST_APPLIED) + others <= LIMIT:
        return
    found = f"{size:,} bytes as JSON: client-side apply (`kubectl apply`, Argo CD by default) keeps the object in an annotation, where {LIMIT:,} fit"
    hint = "say `apply: server-side` in dsgen.yaml, and apply it so (`kubectl apply --server-side`, Argo CD's `ServerSideApply=true`); or split it"
    path = _heaviest(root)
    yield severity.at(locate(root, path), found, hint=hint, field=dotted(path))


def last_applied_size(root: Map) -> int:
    """Return the number of bytes of the JSON that `kubectl apply` writes of an object into its annotation.

    Go writes `<`, `>`, `&`, U+2028 and U+2029 by their numbers, and `kubectl` an empty map of annotations where there are none.
    What is no map where one belongs is refused anyway, and counts as an empty one.
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


def _most(root: Map) -> int:
    """Return how many bytes an object has at most, as JSON: next to all are far from the limit."""
    characters = 0
    values: list[Any] = [root]
    for value in values:
        if isinstance(value, str):
            characters += len(value)
        elif isinstance(value, dict):
            values += value
            values += value.values()
        elif isinstance(value, list):
            values += value
    return _MOST_BYTES * characters + _AROUND * len(values)


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
