"""What a mutation is: a tag, and changes of a manifest that a rule should pass or refuse."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from conformance.case import Edit, Json, Path, clone, set_at, template_of
from dsgen.kubernetes.semantics.device_requests import DEVICES

Change = Mapping[str, Json]
# A function of one value. Lambdas in loops bind more by default arguments, which `Callable` cannot say.
Wrap = Json
NOISE: Final = "-_./:A0 =%*,é@\\"


class Fresh(str):
    """A name that becomes unique when it is used: the same in all of one change."""


class Drop:
    """The value of a field that is taken away."""


DROP: Final = Drop()


@dataclass(frozen=True)
class Pool:
    """Values just inside (`good`) and just outside (`bad`) a limit; `noisy` texts may get a stray character."""

    good: Sequence[Json]
    bad: Sequence[Json]
    noisy: bool = False

    def draw(self, rng: Random, good: bool) -> Json:
        """Return one value."""
        values = (self.good if good else self.bad) or self.good or self.bad
        value = rng.choice(values)
        if self.noisy and not good and isinstance(value, str) and len(value) < 300 and rng.random() < 0.15:
            place = rng.randrange(len(value) + 1)
            return value[:place] + rng.choice(NOISE) + value[place:]
        return value

    def plus(self, good: Sequence[Json] = (), bad: Sequence[Json] = ()) -> Pool:
        """Return this pool with more values."""
        return Pool([*self.good, *good], [*self.bad, *bad], self.noisy)


@dataclass(frozen=True)
class Row:
    """A mutation: `draw` returns a change, one that should pass or one that should be refused."""

    tag: str
    draw: Callable[[Random, bool], Change]
    weight: float = 1.0

    @property
    def updates(self) -> bool:
        """Whether the changes say what the object was before."""
        return self.tag.startswith("update-")


ROWS: Final[list[Row]] = []


def each_of(*values: Json) -> tuple[Json, ...]:
    """Return `values`, of whatever types they are."""
    return values


def row(
    tag: str,
    path: str,
    pool: Pool,
    wrap: Wrap = None,
    also: Change | None = None,
    weight: float = 1.0,
) -> None:
    """Enter: the field at `path` gets a value of `pool`, inside what `wrap` makes of it; `also` is changed first."""

    def draw(rng: Random, good: bool) -> Change:
        value = pool.draw(rng, good)
        return {**(also or {}), path: wrap(value) if wrap else value}

    ROWS.append(Row(tag, draw, weight))


def changes(tag: str, good: Sequence[Json], bad: Sequence[Json], weight: float = 1.0, each: Wrap = None) -> None:
    """Enter: one of the changes in `good`, or one of those in `bad`; `each` makes a list of changes of every value first."""
    if each is not None:
        good, bad = ([change for value in values for change in each(value)] for values in (good, bad))
    ROWS.append(Row(tag, lambda rng, fine: rng.choice((good if fine else bad) or good or bad), weight))


def updates(tag: str, good: Sequence[tuple[Json, Json]], bad: Sequence[tuple[Json, Json]], weight: float = 1.0) -> None:
    """Enter pairs of changes: one makes the old object, the other the new one."""
    changes(tag, good, bad, weight, each=lambda pair: [{**pair[1], "old": pair[0]}])


def at(path: str, *values: Json) -> tuple[Json, Json]:
    """Return a pair of changes at one path: its old value and its new one."""
    old, new = values
    return {path: old}, {path: new}


STEP: Final = re.compile(r"\{([^}]*)\}|\[(\d+|\+|\?)\]|([^.\[{]+)")


def apply(tree: Json, change: Change, rng: Random) -> list[Edit]:
    """Make `change` in `tree` and return it as edits; `old`, what the object was before, is another change.

    `T` stands for the pod template, `P` for its spec, `J` for the spec of a job with it, `C` for one of the containers, `A` for one of any kind,
    `D` for the devices of a claim, or of a template for claims, and for the spec of a DeviceClass.
    """
    token = f"{rng.randrange(36**3):03d}"
    containers = _containers(tree)
    template = template_of(tree)
    chosen = {"T": template, "P": (*template, "spec"), "J": template[:-1]}
    chosen["D"] = DEVICES.get(str(tree.get("kind")), ("spec",))
    chosen["C"] = rng.choice(containers[0] or [(*template, "spec", "containers", 0)])
    chosen["A"] = rng.choice([*containers[0], *containers[1]] or [chosen["C"]])
    edits: list[Edit] = []
    for written, wanted in change.items():
        if written == "old":
            continue
        path = _resolve(tree, written.strip(), chosen, rng)
        if isinstance(wanted, Drop):
            if _has(tree, path):
                _remove(tree, path)
                edits.append(("drop", path))
            continue
        value = _named(clone(wanted), token)
        try:
            set_at(tree, path, value)
        except (KeyError, IndexError, TypeError, AttributeError):
            continue
        edits.append(("set", path, clone(value)))
    return edits


def _containers(tree: Json) -> tuple[list[Path], list[Path]]:
    found: list[list[Path]] = []
    for kind in ("containers", "initContainers"):
        path: Path = (*template_of(tree), "spec", kind)
        items = _get(tree, path)
        found.append(
            [(*path, i) for i, item in enumerate(items) if isinstance(item, dict)] if isinstance(items, list) else []
        )
    return found[0], found[1]


def _resolve(tree: Json, written: str, chosen: Mapping[str, Path], rng: Random) -> Path:
    path: Path = ()
    for position, match in enumerate(STEP.finditer(written)):
        key, index, name = match.groups()
        if index is not None:
            items = _get(tree, path)
            length = len(items) if isinstance(items, list) else 0
            path = (
                *path,
                length if index == "+" else (rng.randrange(length) if length else 0) if index == "?" else int(index),
            )
        elif position == 0 and name in chosen:
            path = chosen[name]
        else:
            path = (*path, key if key is not None else name)
    return path


def _get(tree: Json, path: Path) -> Json:
    for step in path:
        try:
            tree = tree[step]
        except (KeyError, IndexError, TypeError):
            return None
    return tree


def _has(tree: Json, path: Path) -> bool:
    parent = _get(tree, path[:-1])
    return (
        path[-1] in parent if isinstance(parent, dict) else isinstance(parent, list) and path[-1] in range(len(parent))
    )


def _remove(tree: Json, path: Path) -> None:
    del _get(tree, path[:-1])[path[-1]]


def _named(value: Json, token: str) -> Json:
    if isinstance(value, Fresh):
        return value + token
    if isinstance(value, dict):
        return {_named(key, token): _named(child, token) for key, child in value.items()}
    return [_named(child, token) for child in value] if isinstance(value, list) else value
