"""A case: a base manifest and the edits that make another one of it, as data that JSON can hold."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from dsgen.kubernetes.schema.paths import ALL_POD_TEMPLATES

Json = Any
Path = tuple[str | int, ...]
# ("set", path, value), ("drop", path), ("rename", path, key), ("twice", path, value), ("raw", path, text),
# ("raw-key", path, text) and, on the written text, ("replace", old, new), ("prepend", text), ("append", text),
# ("text", text) for all of it.
Edit = tuple[Json, ...]

PLAIN: Final = re.compile(r"[A-Za-z/][-A-Za-z0-9/._]*(?::[-A-Za-z0-9/._]+)*")
WORDS: Final = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
# Kind → the path of its pod template.
TEMPLATES: Final[dict[str, Path]] = {kind: path for (_, kind), path in ALL_POD_TEMPLATES.items()}


class Raw(str):
    """Text that stands in the YAML as it is."""


class Twice(list[Json]):
    """The values of one key that stands several times."""


@dataclass(frozen=True)
class Case:
    """`edits` turn the base into the manifest, `old` (for an update) into the one it replaces.

    `tags` name the mutations that made the case.
    """

    base: str
    tags: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()
    old: tuple[Edit, ...] | None = None

    def texts(self, bases: Mapping[str, Json]) -> tuple[str, str | None]:
        """Return the text of the manifest, and of the one it replaces."""
        base = bases[self.base]
        return manifest(base, self.edits), None if self.old is None else manifest(base, self.old)


def manifest(base: Json, edits: tuple[Edit, ...]) -> str:
    """Return the YAML text of `base` after `edits`."""
    tree = clone(base)
    for edit in edits:
        if edit[0] in TREE_EDITS:
            TREE_EDITS[edit[0]](tree, *clone(edit[1:]))
    text = "\n".join(_lines(tree, "")) + "\n"
    for edit in edits:
        if edit[0] == "text":
            text = edit[1]
        elif edit[0] == "replace":
            text = text.replace(edit[1], edit[2], 1)
        elif edit[0] == "prepend":
            text = edit[1] + text
        elif edit[0] == "append":
            text += edit[1]
    return text


def template_of(tree: Json) -> Path:
    """Return the path of the pod template in an object; of a kind without one, where a DaemonSet has it."""
    kind = tree.get("kind")
    return TEMPLATES.get(kind if isinstance(kind, str) else "", ("spec", "template"))


def clone(value: Json) -> Json:
    """Return a copy of a tree, much faster than `copy.deepcopy`."""
    if isinstance(value, dict):
        return {key: clone(child) for key, child in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(clone(child) for child in value)
    return value


def find(tree: Json, path: Path) -> Json:
    """Return what stands at `path`; KeyError, IndexError or TypeError when nothing does."""
    for step in path:
        tree = tree[step]
    return tree


def set_at(tree: Json, path: Path, value: Json) -> None:
    """Put `value` at `path`, making the maps and lists on the way; an index just behind a list appends."""
    for step, following in pairwise(path):
        missing: Json = [] if isinstance(following, int) else {}
        if isinstance(tree, list):
            if step == len(tree):
                tree.append(missing)
        elif tree.get(step) is None:
            tree[step] = missing
        tree = tree[step]
    last = path[-1]
    if isinstance(tree, list) and last == len(tree):
        tree.append(value)
    else:
        tree[last] = value


def _drop(tree: Json, path: Path) -> None:
    del find(tree, path[:-1])[path[-1]]


def _rename(tree: Json, path: Path, key: str) -> None:
    parent = find(tree, path[:-1])
    items = [(key if name == path[-1] else name, value) for name, value in parent.items() if name != key]
    parent.clear()
    parent.update(items)


def _raw_key(tree: Json, path: Path, text: str) -> None:
    _rename(tree, path, Raw(text))


def _twice(tree: Json, path: Path, value: Json) -> None:
    set_at(tree, path, Twice([find(tree, path), value]))


def _raw(tree: Json, path: Path, text: str) -> None:
    set_at(tree, path, Raw(text))


TREE_EDITS: Final[dict[str, Callable[..., None]]] = {
    "set": set_at,
    "drop": _drop,
    "rename": _rename,
    "twice": _twice,
    "raw": _raw,
    "raw-key": _raw_key,
}


def _lines(value: Json, indent: str) -> Iterator[str]:
    """Yield `value` as block-style YAML, one line at a time."""
    if isinstance(value, dict) and value:
        for key, child in value.items():
            for one in child if isinstance(child, Twice) else (child,):
                yield from _entry(f"{indent}{scalar(key)}:", one, indent)
    elif isinstance(value, list) and value:
        for child in value:
            yield from _item(child, indent)
    else:
        yield indent + scalar(value)


def _entry(key: str, value: Json, indent: str) -> Iterator[str]:
    if isinstance(value, (dict, list)) and value:
        yield key
        yield from _lines(value, indent + "  ")
    else:
        yield f"{key} {scalar(value)}"


def _item(value: Json, indent: str) -> Iterator[str]:
    first, *rest = _lines(value, indent + "  ")
    yield f"{indent}- {first[len(indent) + 2 :]}"
    yield from rest


def scalar(value: Json) -> str:
    """Write a scalar or an empty collection."""
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, str) and PLAIN.fullmatch(value) and value.lower() not in WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)
