"""Mutations that know the types of all fields, and no rule: fields that no manifest states, and parts of one object in another.

Each takes a tree and the table of its kind, and returns edits; none when the tree has no place for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Final, NamedTuple

from conformance.case import Edit, Json, Path, clone
from dsgen.kubernetes.schema import fields
from dsgen.kubernetes.schema.fields import Table

# Texts that some field or other wants, and texts that few do.
WORDS: Final = (
    *(
        "Always",
        "Never",
        "IfNotPresent",
        "OnFailure",
        "Local",
        "Cluster",
        "None",
        "TCP",
        "SCTP",
        "Exists",
        "In",
        "Equal",
    ),
    *("NoExecute", "RuntimeDefault", "Localhost", "Unconfined", "HostToContainer", "Default", "ClusterFirst", "Honor"),
    *("Filesystem", "Block", "ReadWriteOnce", "File", "HTTP", "HTTPS", "linux", "windows", "Recursive", "Unmasked"),
)
ODD: Final = (
    "",
    " ",
    "a",
    "A",
    "a b",
    "a/b",
    "/a",
    "../a",
    "a:b",
    "é",
    "a\n",
    "-",
    ".",
    "..",
    "x" * 64,
    "x" * 254,
    "0",
    "$(A)",
)
NUMBERS: Final = (0, 1, -1, 2, 100, 101, 65535, 65536, 1000000000, 2**31 - 1, -(2**31), 2**31)
# Other mutations are about these.
LEFT_ALONE: Final = frozenset({"apiVersion", "kind", "status"})
ZEROS: Final[Mapping[str, Json]] = {
    "str": "", "bool": False, "int32": 0, "int64": 0, "bytes": "", "Quantity": "0", "IntOrString": 0, "Time": None, "any": {},
}  # fmt: skip


class Place(NamedTuple):
    """A field that the object at `path[:-1]` has or could have, and its type as the table writes it."""

    path: Path
    notation: str
    stated: bool


Maker = Callable[[Json, Table, str, Random], list[Edit]]


def places(tree: Json, table: Table, type: str, path: Path = ()) -> Iterator[Place]:
    """Yield each field of each object of `tree`, which is of `type`; fields that it does not state, too."""
    for name, notation in table.types[type].items():
        stated = isinstance(tree, dict) and name in tree
        yield Place((*path, name), notation, stated)
        if stated:
            yield from _below(tree[name], table, notation, (*path, name))


def _below(value: Json, table: Table, notation: str, path: Path) -> Iterator[Place]:
    if notation in table.types and isinstance(value, dict):
        yield from places(value, table, notation, path)
    elif notation[0] == "[" and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _below(item, table, notation[1:-1], (*path, index))


def zero(table: Table, notation: str) -> Json:
    """Return the emptiest value of a type."""
    if notation in ZEROS:
        return ZEROS[notation]
    return [] if notation[0] == "[" else {}


def filled(table: Table, notation: str, rng: Random, depth: int = 0) -> Json:
    """Return a value of a type: an object with a few of its fields."""
    if notation in ("str", "bytes", "Quantity", "Time"):
        return rng.choice(WORDS if rng.random() < 0.5 else ODD)
    if notation == "bool":
        return rng.random() < 0.7
    if notation in ("int32", "int64", "IntOrString"):
        return rng.choice(NUMBERS)
    if notation[0] == "[":
        return [filled(table, notation[1:-1], rng, depth + 1) for _ in range(rng.choice((1, 1, 2)))]
    if notation[0] == "{":
        return {rng.choice(("a", "a/b", "cpu", "A b", "")): filled(table, notation[1:-1], rng, depth + 1)}
    known = table.types.get(notation, {})
    chosen = rng.sample(sorted(known), min(len(known), rng.choice((0, 1, 1, 2)))) if depth < 4 else []
    return {name: filled(table, known[name], rng, depth + 1) for name in chosen}


def _absent_zero(tree: Json, table: Table, kind: str, rng: Random) -> list[Edit]:
    """State a field that is not stated, with the emptiest value of its type."""
    place = _one(tree, table, kind, rng, lambda place: not place.stated)
    return [("set", place.path, zero(table, place.notation))] if place else []


def _absent_filled(tree: Json, table: Table, kind: str, rng: Random) -> list[Edit]:
    """State a field that is not stated."""
    place = _one(tree, table, kind, rng, lambda place: not place.stated)
    return [("set", place.path, filled(table, place.notation, rng))] if place else []


def _number(tree: Json, table: Table, kind: str, rng: Random) -> list[Edit]:
    """Give a number, stated or not, a value at a limit."""
    place = _one(tree, table, kind, rng, lambda place: place.notation in ("int32", "int64", "IntOrString"))
    return [("set", place.path, rng.choice(NUMBERS))] if place else []


def _word(tree: Json, table: Table, kind: str, rng: Random) -> list[Edit]:
    """Give a text, stated or not, a word that another field wants."""
    place = _one(tree, table, kind, rng, lambda place: place.notation == "str")
    return [("set", place.path, rng.choice(WORDS))] if place else []


def _odd(tree: Json, table: Table, kind: str, rng: Random) -> list[Edit]:
    """Give a text, stated or not, one that few fields want."""
    place = _one(tree, table, kind, rng, lambda place: place.notation == "str")
    return [("set", place.path, rng.choice(ODD))] if place else []


def _transplanted(tree: Json, table: Table, kind: str, rng: Random) -> list[Edit]:
    """Put a part of the object where another of the same type is or could be: the lifecycle or the probe of another container."""
    there = _one(tree, table, kind, rng, lambda place: place.stated and place.notation[0].isupper())
    if there is None:
        return []
    here = _one(tree, table, kind, rng, lambda place: place.notation == there.notation and place.path != there.path)
    return [("set", here.path, clone(_at(tree, there.path)))] if here else []


def _moved_item(tree: Json, table: Table, kind: str, rng: Random) -> list[Edit]:
    """Move an item to another list of its type: a container among the init containers."""
    there = _one(tree, table, kind, rng, lambda place: _is_filled_list(tree, place))
    if there is None:
        return []
    items = _at(tree, there.path)
    here = _one(tree, table, kind, rng, lambda place: place.notation == there.notation and place.path != there.path)
    if here is None:
        return []
    moved = rng.randrange(len(items))
    others = _at(tree, here.path) if here.stated else []
    rest = [item for index, item in enumerate(items) if index != moved]
    edits: list[Edit] = [("set", here.path, [*clone(others or []), clone(items[moved])])]
    return [*edits, ("set", there.path, clone(rest))] if rng.random() < 0.5 else edits


def _merged(tree: Json, table: Table, kind: str, rng: Random) -> list[Edit]:
    """Give an item of a list all fields of its neighbour that it does not have: two volume sources in a volume."""
    there = _one(tree, table, kind, rng, lambda place: _is_filled_list(tree, place, 2))
    if there is None:
        return []
    first, second = rng.sample(range(len(_at(tree, there.path))), 2)
    items = _at(tree, there.path)
    if not isinstance(items[first], dict) or not isinstance(items[second], dict):
        return []
    return [("set", (*there.path, first), {**clone(items[second]), **clone(items[first])})]


def _reordered(tree: Json, table: Table, kind: str, rng: Random) -> list[Edit]:
    """Turn a list around."""
    there = _one(tree, table, kind, rng, lambda place: _is_filled_list(tree, place, 2))
    return [("set", there.path, clone(_at(tree, there.path))[::-1])] if there else []


def _alone(tree: Json, table: Table, kind: str, rng: Random) -> list[Edit]:
    """Leave an object with one of its fields."""
    there = _one(tree, table, kind, rng, lambda place: place.stated and place.notation in table.types)
    value = _at(tree, there.path) if there else None
    if there is None or not isinstance(value, dict) or not value:
        return []
    name = rng.choice(sorted(value))
    return [("set", there.path, {name: clone(value[name])})]


MAKERS: Final[Mapping[str, Maker]] = {
    "typed-zero": _absent_zero,
    "typed-absent": _absent_filled,
    "typed-number": _number,
    "typed-word": _word,
    "typed-odd": _odd,
    "typed-transplant": _transplanted,
    "typed-move": _moved_item,
    "typed-merge": _merged,
    "typed-reorder": _reordered,
    "typed-alone": _alone,
}


def typed(tree: Json, kind: str, rng: Random) -> tuple[str, list[Edit]]:
    """Return the name and the edits of one typed mutation."""
    name = rng.choice(sorted(MAKERS))
    return name, MAKERS[name](tree, fields.of(kind), kind, rng)


def _one(tree: Json, table: Table, kind: str, rng: Random, fits: Callable[[Place], bool]) -> Place | None:
    """Return one of the places that fit; of objects of one type, however many there are, some one."""
    by_field: dict[tuple[str, ...], list[Place]] = {}
    for place in places(tree, table, kind):
        if fits(place) and place.path[0] not in LEFT_ALONE:
            by_field.setdefault(tuple(step for step in place.path if isinstance(step, str)), []).append(place)
    return rng.choice(by_field[rng.choice(sorted(by_field))]) if by_field else None


def _is_filled_list(tree: Json, place: Place, least: int = 1) -> bool:
    value = _at(tree, place.path) if place.stated and place.notation[0] == "[" else None
    return isinstance(value, list) and len(value) >= least


def _at(tree: Json, path: Path) -> Json:
    for step in path:
        tree = tree[step]
    return tree
