"""Mutants of a custom resource: of its structure, and by the schema of its definition, which says where a value is at a limit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any, Final, NamedTuple

from conformance.case import TREE_EDITS, Case, Edit, Json, Path, clone, find
from conformance.structure import structural
from conformance.typed import ODD, WORDS

NUMBERS: Final = (
    0,
    1,
    -1,
    2,
    100,
    65535,
    65536,
    2**31 - 1,
    2**31,
    -(2**31) - 1,
    2**63 - 1,
    2**63,
    1.5,
    1.0,
    1e20,
    1e22,
)
TEXTS: Final = (
    *(
        "30s",
        "1m30s",
        "1h",
        "10MB",
        "0",
        "80",
        "443",
        "http",
        "GET",
        "https",
        "10.0.0.0/8",
        "10.0.0.1",
        "::1",
        "example.com",
    ),
    *(
        "*.example.com",
        "a/b",
        "a.b/c",
        "/api",
        "/a/../b",
        "2026-01-31T12:00:00Z",
        "2026-01-31",
        "true",
        "In",
        "Exists",
        "é",
        "a\n",
    ),
)
HEADER: Final = ("apiVersion", "kind")
# What the schema does not describe.
LEFT_ALONE: Final = (*HEADER, "metadata")


class Place(NamedTuple):
    """A field that an object has or could have, with its schema."""

    path: Path
    schema: Json
    stated: bool


def places(tree: Json, schema: Json, path: Path = ()) -> Iterator[Place]:
    """Yield each field of each object of `tree`; fields that it does not state, too."""
    if isinstance(tree, list):
        for index, item in enumerate(tree):
            yield Place((*path, index), schema.get("items") or {}, True)
            yield from places(item, schema.get("items") or {}, (*path, index))
    elif isinstance(tree, dict):
        known = schema.get("properties") or {}
        for name, below in known.items():
            if path or name not in LEFT_ALONE:
                yield Place((*path, name), below, name in tree)
        more = schema.get("additionalProperties")
        for name, child in tree.items():
            if path or name not in LEFT_ALONE:
                below = known.get(name) or (more if isinstance(more, dict) else {})
                if name not in known:
                    yield Place((*path, name), below, True)
                yield from places(child, below, (*path, name))


def filled(schema: Json, rng: Random, depth: int = 0) -> Json:
    """Return a value that fits a schema more or less."""
    if schema.get("enum") and rng.random() < 0.8:
        return rng.choice(schema["enum"])
    if schema.get("x-kubernetes-int-or-string"):
        return rng.choice((*NUMBERS, *TEXTS))
    kind = schema.get("type")
    if kind == "string":
        return _text(schema, rng)
    if kind in ("integer", "number"):
        return _number(schema, rng)
    if kind == "boolean":
        return rng.random() < 0.6
    if kind == "array":
        few = schema.get("minItems", 0)
        size = rng.choice((few, few + 1, 1, 1, 2))
        return [filled(schema.get("items") or {}, rng, depth + 1) for _ in range(size)]
    if kind != "object":
        return rng.choice(({}, {"a": 1}, "a", 1, True, ["a"]))
    known = schema.get("properties") or {}
    more = schema.get("additionalProperties")
    if not known and more is not None:
        return {rng.choice((*TEXTS, *ODD)): filled(more if isinstance(more, dict) else {}, rng, depth + 1)}
    wanted = [name for name in known if name in schema.get("required", ()) and rng.random() < 0.9]
    wanted += rng.sample(sorted(known), min(len(known), rng.choice((0, 1, 1, 2)))) if depth < 5 else []
    return {name: filled(known[name], rng, depth + 1) for name in dict.fromkeys(wanted)}


def _text(schema: Json, rng: Random) -> str:
    for limit, off in (("maxLength", 0), ("maxLength", 1), ("minLength", 0), ("minLength", -1)):
        if limit in schema and rng.random() < 0.15:
            return rng.choice("aé") * max(int(schema[limit]) + off, 0)
    return rng.choice((*TEXTS, *WORDS, *ODD))


def _number(schema: Json, rng: Random) -> Json:
    limits = [schema[name] + off for name in ("minimum", "maximum") if name in schema for off in (-1, 0, 1)]
    return rng.choice(limits) if limits and rng.random() < 0.6 else rng.choice(NUMBERS)


def _filled_field(tree: Json, schema: Json, rng: Random) -> list[Edit]:
    """State a field, or replace it."""
    place = _one(tree, schema, rng, lambda place: True)
    return [("set", place.path, filled(place.schema, rng))] if place else []


def _absent_field(tree: Json, schema: Json, rng: Random) -> list[Edit]:
    """State a field that is not stated."""
    place = _one(tree, schema, rng, lambda place: not place.stated)
    return [("set", place.path, filled(place.schema, rng))] if place else []


def _leaf(tree: Json, schema: Json, rng: Random) -> list[Edit]:
    """Give a stated scalar another value."""
    place = _one(
        tree, schema, rng, lambda place: place.stated and place.schema.get("type") not in ("object", "array", None)
    )
    return [("set", place.path, filled(place.schema, rng))] if place else []


def _limited(tree: Json, schema: Json, rng: Random) -> list[Edit]:
    """Give a value with a limit, stated or not, another one."""
    limits = ("pattern", "format", "enum", "minimum", "maximum", "maxLength", "minLength", "multipleOf")
    place = _one(tree, schema, rng, lambda place: any(limit in place.schema for limit in limits))
    return [("set", place.path, filled(place.schema, rng))] if place else []


def _size(tree: Json, schema: Json, rng: Random) -> list[Edit]:
    """Give a list as many items as it may have, or one more or less."""
    place = _one(
        tree,
        schema,
        rng,
        lambda place: (
            place.schema.get("type") == "array" and ("maxItems" in place.schema or "minItems" in place.schema)
        ),
    )
    if place is None:
        return []
    limit = rng.choice([name for name in ("maxItems", "minItems") if name in place.schema])
    size = max(place.schema[limit] + rng.choice((-1, 0, 1)), 0)
    return [("set", place.path, [filled(place.schema["items"], rng, 3) for _ in range(min(size, 70))])]


def _twin(tree: Json, schema: Json, rng: Random) -> list[Edit]:
    """Write an item of a list again, as it is or with another field."""
    place = _one(
        tree,
        schema,
        rng,
        lambda place: place.stated and bool(find(tree, place.path)) and isinstance(find(tree, place.path), list),
    )
    if place is None:
        return []
    items = find(tree, place.path)
    item = clone(rng.choice(items))
    if isinstance(item, dict) and item and rng.random() < 0.6:
        name = rng.choice(sorted(item))
        item[name] = filled((place.schema.get("items") or {}).get("properties", {}).get(name) or {}, rng)
    return [("set", (*place.path, len(items)), item)]


def _choice(tree: Json, schema: Json, rng: Random) -> list[Edit]:
    """Set or remove fields of an object that may only have some of them."""
    junctors = ("oneOf", "anyOf", "not", "allOf")
    place = _one(
        tree,
        schema,
        rng,
        lambda place: (
            place.stated and any(each in place.schema for each in junctors) and place.schema.get("type") == "object"
        ),
    )
    if place is None:
        return []
    known = place.schema.get("properties") or {}
    stated = find(tree, place.path)
    if isinstance(stated, dict) and stated and rng.random() < 0.5:
        return [("drop", (*place.path, rng.choice(sorted(stated))))]
    name = rng.choice(sorted(known)) if known else "a"
    return [("set", (*place.path, name), filled(known.get(name) or {}, rng))]


MAKERS: Final[dict[str, Callable[[Json, Json, Random], list[Edit]]]] = {
    "filled": _filled_field,
    "absent": _absent_field,
    "leaf": _leaf,
    "limited": _limited,
    "size": _size,
    "twin": _twin,
    "choice": _choice,
}


def mutants(base: str, tree: Json, schema: Json, count: int, rng: Random) -> Iterator[Case]:
    """Yield the object as it is, and `count` mutants of it."""
    yield Case(base, ("base",))
    made = 0
    while made < count:
        copy, tags, edits = clone(tree), [], list[Edit]()
        for _ in range(rng.choice((1, 1, 1, 2, 3))):
            if rng.random() < 0.4:
                name, new = structural(copy, rng)
            else:
                name = rng.choice(sorted(MAKERS))
                new = MAKERS[name](copy, schema, rng)
            # What an object is, is another question.
            if not new or any(edit[1][0] in HEADER for edit in new):
                continue
            tags.append(name)
            for edit in clone(new):
                edits.append(clone(edit))
                TREE_EDITS[edit[0]](copy, *edit[1:])
            if name == "twice":
                break
        if edits:
            made += 1
            yield Case(base, tuple(tags), tuple(edits))


def _one(tree: Json, schema: Json, rng: Random, fits: Callable[[Place], bool]) -> Place | None:
    """Return one of the places that fit; of objects of one type, however many there are, some one."""
    by_field: dict[tuple[Any, ...], list[Place]] = {}
    for place in places(tree, schema):
        if fits(place):
            by_field.setdefault(tuple(step for step in place.path if isinstance(step, str)), []).append(place)
    return rng.choice(by_field[rng.choice(sorted(by_field))]) if by_field else None
