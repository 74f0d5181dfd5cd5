"""Mutations that know no rule: noise in the text, fields by the schema, parts of other manifests, other spellings of names.

They were written after the rules, to find what the aimed mutations miss.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from conformance.case import TEMPLATES, TREE_EDITS, Edit, Json, Path, clone, find, manifest, template_of
from conformance.structure import ANYTHING, places
from dsgen.kubernetes.schema import fields

Maker = Callable[[Json, Random, Mapping[str, Json]], list[Edit]]
LETTERS: Final = "abz019-_./:%$ ABé\\'\"#&*!|>{}[],?@`~=\t\x00\u200b\ufeff\U0001f600"
NAMES: Final = (
    "a",
    "b",
    "app",
    "main",
    "data",
    "example.org/a",
    "kubernetes.io/os",
    "http",
    "/dev/a",
    "/a",
    "a/b",
    "1.2.3.4",
    "Always",
    "None",
    "",
    "TCP",
    "Exists",
    "In",
    "Equal",
    "metadata.name",
    "limits.cpu",
    "Localhost",
    "iqn.2001-04.a:b",
)
AMOUNTS: Final = (
    "0",
    "1",
    "2",
    "9",
    "10",
    "99",
    "100",
    "999",
    "1000",
    "1024",
    "4096",
    "2097152",
    "9223372036854775807",
    "0.5",
    "0.001",
    "0.0001",
    "1.5",
    ".5",
    "5.",
    "00",
    "01",
    "1000000000000000000",
    "12345678901234567890",
    "",
    "-1",
    "+1",
)
SUFFIXES: Final = (
    "",
    "",
    "n",
    "u",
    "m",
    "k",
    "M",
    "G",
    "T",
    "P",
    "E",
    "Ki",
    "Mi",
    "Gi",
    "Ti",
    "Pi",
    "Ei",
    "e3",
    "E3",
    "e-3",
    "e0",
    "e+2",
    "K",
    "ki",
    "mi",
    "B",
    "e",
    " ",
    "e18",
    "e19",
    "e-9",
    "e-10",
)


def _noise(tree: Json, rng: Random, others: Mapping[str, Json]) -> list[Edit]:
    """Insert, change or take away a character somewhere in the text."""
    text = manifest(tree, ())
    place = rng.randrange(len(text))
    near = text[max(place - 30, 0) : place + 1]
    return (
        [("replace", near, rng.choice([near + rng.choice(LETTERS), near[:-1], near[:-1] + rng.choice(LETTERS)]))]
        if text.index(near)
        else []
    )


def _lines(tree: Json, rng: Random, others: Mapping[str, Json]) -> list[Edit]:
    """Double a line, take it away, or indent it otherwise."""
    lines = manifest(tree, ()).splitlines(keepends=True)
    place = rng.randrange(1, len(lines))
    line, before = lines[place], lines[place - 1]
    other = rng.choice(
        [
            line + line,
            "",
            "  " + line,
            line.replace("  ", "", 1),
            line.replace("- ", "  ", 1),
            line.replace("  ", "- ", 1),
            "\n" + line,
            "# " + line,
        ]
    )
    return [("replace", before + line, before + other)]


def _as_json(tree: Json, rng: Random, others: Mapping[str, Json]) -> list[Edit]:
    """Write the manifest, or a part of it, as JSON."""
    path = rng.choice([path for path in places(tree) if isinstance(find(tree, path), (dict, list))])
    separators = rng.choice([(", ", ": "), (",", ":"), (" ,\t", " : ")])
    return [
        (
            "raw",
            path,
            json.dumps(find(tree, path), separators=separators, ensure_ascii=rng.random() < 0.5).replace(
                "/", rng.choice(["/", "/", "\\/"])
            ),
        )
    ]


def _of_type(kind: str, types: Mapping[str, Mapping[str, str]], rng: Random, depth: int = 0) -> Json:
    """Return a random value of a type of the field tables."""
    if kind[0] == "[":
        return [_of_type(kind[1:-1], types, rng, depth + 1) for _ in range(rng.choice((0, 1, 1, 2)))]
    if kind[0] == "{":
        return {
            rng.choice((*NAMES, "cpu", "memory", "storage")): _of_type(kind[1:-1], types, rng, depth + 1)
            for _ in range(rng.choice((0, 1, 2)))
        }
    if kind in types:
        described = types[kind]
        chosen = rng.sample(sorted(described), min(len(described), rng.choice((0, 1, 2, 3)) if depth < 6 else 0))
        return {name: _of_type(described[name], types, rng, depth + 1) for name in chosen}
    if kind == "str":
        return rng.choice(NAMES)
    if kind == "bool":
        return rng.random() < 0.5
    if kind in ("int32", "int64"):
        return rng.choice((0, 1, -1, 5, 80, 255, 256, 420, 600, 65535, 65536, 2147483647))
    if kind == "Quantity":
        return rng.choice(AMOUNTS) + rng.choice(SUFFIXES)
    if kind == "IntOrString":
        return rng.choice((0, 1, 80, "http", "10%", "x", -1))
    return rng.choice(("2020-01-01T00:00:00Z", "x", {}, None))


def _typed(tree: Json, minor: str = fields.DEFAULT) -> list[tuple[Path, str]]:
    """Return the place and the type of every object in the tree, by the field tables."""
    types = fields.load(minor).types
    found: list[tuple[Path, str]] = []

    def walk(value: Json, kind: str, path: Path) -> None:
        if kind[0] == "[" and isinstance(value, list):
            for index, child in enumerate(value):
                walk(child, kind[1:-1], (*path, index))
        elif kind in types and isinstance(value, dict):
            found.append((path, kind))
            for name, child in value.items():
                if name in types[kind]:
                    walk(child, types[kind][name], (*path, name))

    kind = tree.get("kind")
    walk(tree, kind if isinstance(kind, str) and kind in types else "DaemonSet", ())
    return found


def _schema(tree: Json, rng: Random, others: Mapping[str, Json]) -> list[Edit]:
    """Set one to three fields that the schema has, to values of their types."""
    types = fields.load().types
    copy, edits = clone(tree), []
    for _ in range(rng.choice((1, 1, 2, 3))):
        typed = _typed(copy)
        kinds = sorted({kind for path, kind in typed if types[kind] and path})
        if not kinds:
            break  # of a kind that is not in this table
        kind = rng.choice(kinds)
        path = rng.choice([path for path, other in typed if other == kind])
        name = rng.choice(sorted(types[kind]))
        edits.append(("set", (*path, name), _of_type(types[kind][name], types, rng)))
        TREE_EDITS["set"](copy, *clone(edits[-1][1:]))
    return edits


def _empty_field(tree: Json, rng: Random, others: Mapping[str, Json]) -> list[Edit]:
    """Set a field that the schema has to null, or to its empty value."""
    types = fields.load().types
    path, kind = rng.choice([entry for entry in _typed(tree) if types[entry[1]]])
    name = rng.choice(sorted(types[kind]))
    described = types[kind][name]
    empty: Json = (
        []
        if described[0] == "["
        else {}
        if described[0] == "{" or described in types
        else ""
        if described == "str"
        else 0
    )
    return [("set", (*path, name), rng.choice((None, empty, empty)))]


def _crossed(tree: Json, rng: Random, others: Mapping[str, Json]) -> list[Edit]:
    """Take a part of another manifest, put in the same place."""
    other = others[rng.choice(sorted(others))]
    found = [path for path in places(other) if len(path) > 2 and path[0] == "spec"]
    for path in rng.sample(found, min(len(found), 20)):
        try:
            here = find(tree, path[:-1])
        except (KeyError, IndexError, TypeError):
            continue
        if isinstance(here, dict) and isinstance(path[-1], str):
            return [("set", path, clone(find(other, path)))]
        if isinstance(here, list) and isinstance(path[-1], int):
            return [("set", (*path[:-1], len(here)), clone(find(other, path)))]
    return []


def _respelt(tree: Json, rng: Random, others: Mapping[str, Json]) -> list[Edit]:
    """Change the spelling of a text: its case, its ends, its length."""
    found = [path for path in places(tree) if isinstance(find(tree, path), str)]
    path = rng.choice(found)
    text: str = find(tree, path)
    longer = (text or "a") * 300
    ways = [
        text.upper(),
        text.lower(),
        text.title(),
        text.swapcase(),
        text + "\n",
        " " + text,
        text + " ",
        text + ".",
        text + "-",
        "-" + text,
        text + "/",
        "/" + text,
        "./" + text,
        text + "/..",
        f"{text}/{text}",
        text[::-1],
    ]
    ways += [
        f"{text}:{text}",
        f"{text}.{text}",
        text.replace("-", "_"),
        text.replace("/", "//"),
        text + "\x00",
        text + "\u0301",
        text + "$(X)",
        f"{text},{text}",
        f"{text}\\{text}",
        f"{text}%",
        f"{text}=a",
        *(longer[:size] for size in (15, 16, 62, 63, 64, 128, 253, 254)),
    ]
    return [("set", path, rng.choice(ways))]


def _near(tree: Json, rng: Random, others: Mapping[str, Json]) -> list[Edit]:
    """Change a number a little, its sign, or much."""
    found = [
        path for path in places(tree) if isinstance(find(tree, path), int) and not isinstance(find(tree, path), bool)
    ]
    if not found:
        return []
    path = rng.choice(found)
    number: int = find(tree, path)
    return [
        (
            "set",
            path,
            rng.choice(
                (
                    number + 1,
                    number - 1,
                    -number,
                    0,
                    number * 10,
                    number * 1000,
                    float(number),
                    number + 0.5,
                    number + 2**31,
                    number + 2**32,
                    2**63 - 1,
                    2**63,
                    -(2**63),
                )
            ),
        )
    ]


def _amount(tree: Json, rng: Random, others: Mapping[str, Json]) -> list[Edit]:
    """Write random quantities as resources."""
    value = [rng.choice(AMOUNTS) + rng.choice(SUFFIXES) for _ in range(2)]
    name = rng.choice(
        (
            "cpu",
            "memory",
            "ephemeral-storage",
            "example.org/a",
            "hugepages-2Mi",
            "hugepages-1Gi",
            f"hugepages-{value[0]}",
        )
    )
    place = rng.choice(
        (
            ("containers", 0, "resources"),
            ("resources",),
            ("containers", 0, "resources"),
            ("initContainers", 0, "resources"),
        )
    )
    path: Path = (*template_of(tree), "spec", *place)
    if place[0] == "initContainers":
        return [
            (
                "set",
                (*template_of(tree), "spec", "initContainers"),
                [{"name": "first", "image": "a", "resources": {"limits": {name: value[0], "cpu": 1}}}],
            )
        ]
    return [("set", path, {"limits": {name: value[0], "cpu": 1}, "requests": {name: value[rng.random() < 0.5]}})]


def _renamed(tree: Json, rng: Random, others: Mapping[str, Json]) -> list[Edit]:
    """Give something the name of something else."""
    found = [
        path
        for path in places(tree)
        if path[-1] in ("name", "key", "path", "mountPath", "claimName", "topologyKey", "containerName", "volumeName")
        and isinstance(find(tree, path), str)
    ]
    return [("set", rng.choice(found), find(tree, rng.choice(found)))] if found else []


def _moved_containers(tree: Json, rng: Random, others: Mapping[str, Json]) -> list[Edit]:
    """Make init or ephemeral containers of containers, under other names, or double them all."""
    pod = (*template_of(tree), "spec")
    path: Path = (*pod, "containers")
    containers = [
        {**container, "name": f"copy-{index}"}
        for index, container in enumerate(find(tree, path))
        if isinstance(container, dict)
    ]
    kind = rng.choice(("initContainers", "initContainers", "containers", "ephemeralContainers"))
    policy: Json = {"restartPolicy": "Always"} if rng.random() < 0.5 and kind == "initContainers" else {}
    value = [{**container, **policy} for container in containers]
    return [("set", (*pod, kind), value if kind != "containers" else [*find(tree, path), *value])]


def _reversed(tree: Json, rng: Random, others: Mapping[str, Json]) -> list[Edit]:
    """Turn a list around, or double it."""
    found = [path for path in places(tree) if isinstance(find(tree, path), list) and find(tree, path)]
    if not found:
        return []
    path = rng.choice(found)
    items = find(tree, path)
    return [("set", path, rng.choice([items[::-1], [*items, *items], items[1:], items[:1], [items[0]] * 4]))]


def _overwhelmed(tree: Json, rng: Random, others: Mapping[str, Json]) -> list[Edit]:
    """Several values replaced by anything at once: only what comes first counts."""
    edits: list[Edit] = []
    copy = clone(tree)
    for _ in range(rng.randint(2, 4)):
        leaves = [path for path in places(copy) if not isinstance(find(copy, path), (dict, list))]
        edits.append(("set", rng.choice(leaves), clone(rng.choice(ANYTHING))))
        TREE_EDITS["set"](copy, *clone(edits[-1][1:]))
    return edits


MAKERS: Final[dict[str, Maker]] = {
    "noise": _noise, "lines": _lines, "json": _as_json, "schema": _schema, "schema-again": _schema, "empty-field": _empty_field, "crossed": _crossed, "respelt": _respelt, "near": _near, "amount": _amount, "renamed": _renamed,
    "moved-containers": _moved_containers, "reversed": _reversed, "overwhelmed": _overwhelmed,
}  # fmt: skip
# What only objects with containers have a place for.
OF_PODS: Final = frozenset({"amount", "moved-containers"})


def wild(tree: Json, rng: Random, others: Mapping[str, Json]) -> tuple[str, list[Edit]]:
    """Return the name and the edits of one such mutation; no edits when `tree` has no place for it."""
    name = rng.choice([name for name in MAKERS if tree.get("kind") in TEMPLATES or name not in OF_PODS])
    return f"wild-{name}", MAKERS[name](tree, rng, others)
