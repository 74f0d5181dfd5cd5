"""Structural mutations: fields dropped, null, misplaced, misspelt, retyped, written twice, unknown; values from elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Final

from conformance.case import Edit, Json, Path, find

Maker = Callable[[Json, Random], list[Edit]]
ANYTHING: Final[tuple[Json, ...]] = (
    None, "", " ", "a", "A", "a.b", "a_b", "-", "a" * 64, "a" * 254, "/a", "../a", "80", "true", "1e3", "é", "x/y", "None", "Always", "Never", "Localhost",
    0, 1, -1, 2, 100, 256, 512, 65535, 65536, 2147483647, 2147483648, -2147483649, 9223372036854775807, 9223372036854775808, 1.0, 1.5, 1e20, 1e22,
    True, False, [], {}, [None], [""], [1], {"a": "b"}, {"a": 1}, {"name": "a"}, [{}], [{"name": "a"}],
)  # fmt: skip
UNKNOWN: Final = (
    "replicas",
    "image",
    "foo",
    "Spec",
    "Name",
    "clusterName",
    "status",
    "strategy",
    "env",
    "volumes",
    "hostnetwork",
    "a.b",
    "",
)


def places(tree: Json, path: Path = ()) -> Iterator[Path]:
    """Yield the path of everything inside `tree`."""
    items: Iterator[tuple[str | int, Json]] = iter(())
    if isinstance(tree, dict):
        items = iter(tree.items())
    elif isinstance(tree, list):
        items = iter(enumerate(tree))
    for step, child in items:
        yield (*path, step)
        yield from places(child, (*path, step))


def _pick(tree: Json, rng: Random, wanted: Callable[[Path, Json], bool] = lambda path, value: True) -> Path | None:
    """Return the path of something in `tree`; the deeper half is as likely as the few places above it."""
    found = [path for path in places(tree) if wanted(path, find(tree, path))]
    if not found:
        return None
    depth = rng.choice(sorted({len(path) for path in found}))
    return rng.choice([path for path in found if len(path) == depth])


def _field(tree: Json, rng: Random) -> Path | None:
    return _pick(tree, rng, lambda path, value: isinstance(path[-1], str))


def _map(tree: Json, rng: Random) -> Path | None:
    return _pick(tree, rng, lambda path, value: isinstance(value, dict))


def _leaf(tree: Json, rng: Random) -> Path | None:
    return _pick(tree, rng, lambda path, value: not isinstance(value, (dict, list)))


def _dropped(tree: Json, rng: Random) -> list[Edit]:
    path = _pick(tree, rng)
    return [("drop", path)] if path else []


def _null(tree: Json, rng: Random) -> list[Edit]:
    path = _pick(tree, rng)
    return [("set", path, None)] if path else []


def _misplaced(tree: Json, rng: Random) -> list[Edit]:
    """Move a field one level up, into a sister or to anywhere."""
    path = _field(tree, rng)
    if path is None:
        return []
    value, above = find(tree, path), path[:-1]
    homes: list[Path] = [
        other for other in places(tree) if isinstance(find(tree, other), dict) and other[: len(path)] != path
    ]
    near = [home for home in homes if home[:-1] == above or (above and home == above[:-1])] or homes
    if not homes:
        return []
    home = rng.choice(near if rng.random() < 0.7 else homes)
    target = (*home, path[-1])
    # Where it overwrites what it is in, nothing is left to drop.
    return [("set", target, value), ("drop", path)] if home != above and path[: len(target)] != target else []


def _misspelt(tree: Json, rng: Random) -> list[Edit]:
    path = _field(tree, rng)
    if path is None or not str(path[-1]):
        return []
    name = str(path[-1])
    at = rng.randrange(len(name))
    other = rng.choice(
        [
            name[:at] + name[at + 1 :],
            name[:at] + name[at].swapcase() + name[at + 1 :],
            name + "s",
            name.lower(),
            name[0].upper() + name[1:],
            name[:at] + name[at] + name[at:],
            name.replace("P", "-p", 1),
        ]
    )
    return [("rename", path, other)] if other != name else []


def _retyped(tree: Json, rng: Random) -> list[Edit]:
    path = _pick(tree, rng)
    if path is None:
        return []
    value = find(tree, path)
    others: list[Json] = (
        [[value], {"a": value}, str(value)] if not isinstance(value, str) else [1, True, [value], {"value": value}, 1.5]
    )
    if isinstance(value, list) and value:
        others = [value[0], {"items": value}, "a", {}, [value, *value]]
    if isinstance(value, dict):
        others = [[value], list(value.values()), "a", 1, [{"name": key} for key in value]]
    return [("set", path, rng.choice(others))]


def _twice(tree: Json, rng: Random) -> list[Edit]:
    path = _field(tree, rng)
    return [("twice", path, find(tree, path) if rng.random() < 0.5 else rng.choice(ANYTHING))] if path else []


def _unknown(tree: Json, rng: Random) -> list[Edit]:
    path = _map(tree, rng)
    name = rng.choice(UNKNOWN)
    return [("set", (*(path or ()), name), rng.choice(ANYTHING))] if path and name not in find(tree, path) else []


def _element_null(tree: Json, rng: Random) -> list[Edit]:
    path = _pick(tree, rng, lambda path, value: isinstance(value, list))
    return [("set", (*path, len(find(tree, path))), None)] if path else []


def _element_twice(tree: Json, rng: Random) -> list[Edit]:
    path = _pick(tree, rng, lambda path, value: isinstance(value, list) and bool(value))
    return [("set", (*path, len(find(tree, path))), rng.choice(find(tree, path)))] if path else []


def _emptied(tree: Json, rng: Random) -> list[Edit]:
    path = _pick(tree, rng)
    if path is None:
        return []
    value = find(tree, path)
    return [
        (
            "set",
            path,
            {} if isinstance(value, dict) else [] if isinstance(value, list) else "" if isinstance(value, str) else 0,
        )
    ]


def _anything(tree: Json, rng: Random) -> list[Edit]:
    path = _leaf(tree, rng)
    return [("set", path, rng.choice(ANYTHING))] if path else []


def _same_type(tree: Json, rng: Random) -> list[Edit]:
    """Give a leaf a value of its own type: one from the list, or one from another place."""
    path = _leaf(tree, rng)
    if path is None:
        return []
    kind = type(find(tree, path))
    elsewhere = [find(tree, other) for other in places(tree)]
    values = [value for value in (*ANYTHING, *elsewhere) if type(value) is kind]
    return [("set", path, rng.choice(values))]


def _grafted(tree: Json, rng: Random) -> list[Edit]:
    """Put what stands in one place where a field of the same name stands in another."""
    path = _field(tree, rng)
    if path is None:
        return []
    others = [other for other in places(tree) if other[-1] == path[-1] and other != path]
    return [("set", path, find(tree, rng.choice(others)))] if others else []


def _kind(tree: Json, rng: Random) -> list[Edit]:
    fields = ("apiVersion", "kind", "apiVersion", "kind", "spec", "metadata")
    field = rng.choice([field for field in fields if field in tree])
    values: dict[str, tuple[Json, ...]] = {
        "apiVersion": (
            "v1",
            "apps/v1beta2",
            "apps",
            "",
            None,
            1,
            "apps/v1/x",
            "apps/__internal",
            "extensions/v1beta1",
            "Apps/v1",
        ),
        "kind": ("daemonset", "Deployment", "DaemonSetList", "", None, 1, "StatefulSet", "Pod"),
        "spec": (None, {}, [], "a"),
        "metadata": (None, {}, [], "a"),
    }
    if rng.random() < 0.3:
        return [rng.choice([("drop", (field,)), ("rename", (field,), field.capitalize())])]
    return [("set", (field,), rng.choice(values[field]))]


MAKERS: Final[dict[str, tuple[Maker, float]]] = {
    "dropped": (_dropped, 2),
    "null": (_null, 1.5),
    "misplaced": (_misplaced, 1.5),
    "misspelt": (_misspelt, 1.5),
    "retyped": (_retyped, 1.5),
    "twice": (_twice, 0.7),
    "unknown": (_unknown, 1),
    "element-null": (_element_null, 1),
    "element-twice": (_element_twice, 2.5),
    "emptied": (_emptied, 2.5),
    "anything": (_anything, 1.5),
    "same-type": (_same_type, 6),
    "grafted": (_grafted, 3),
    "kind": (_kind, 0.5),
}


def structural(tree: Json, rng: Random) -> tuple[str, list[Edit]]:
    """Return the name and the edits of one structural mutation; no edits when `tree` has no place for it."""
    name = rng.choices(list(MAKERS), [weight for _, weight in MAKERS.values()])[0]
    return name, MAKERS[name][0](tree, rng)
