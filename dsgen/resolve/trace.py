"""The origin of each value: the layer that sets it, and the values of lower layers that it overrides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from dsgen.problem import dotted
from dsgen.profile.schema import PROFILE
from dsgen.record import Record
from dsgen.resolve.images import Images
from dsgen.resolve.star import spread
from dsgen.traversal import children, paths, value_at
from dsgen.tree import Map, Null, Path, Value, as_map


class Traced(Record):
    """A value at a path, in the long form; null if a layer removes it. `over` are the values that it overrides, nearest first."""

    path: str
    value: Value
    over: tuple[Value, ...] = ()


def trace(merged: Map, layers: Sequence[Map] = (), images: Images | None = None) -> Iterator[Traced]:
    """Yield each value of the merged `layers` (lowest first), in order; then the removed ones.

    An entry of a list is one value if it is written on one line. `images` override everything.
    """
    layers = spread(layers)
    for path, value in _leaves(merged, ()):
        stated = [value_at(layer, path) for layer in reversed(layers)]
        own = next((place for place, each in enumerate(stated) if each is value), len(stated))
        values = [value, *_set(stated[own + 1 :])]
        if images and isinstance(value, str) and _is_image(path):
            values = [*reversed(images.rewritten(value)), *values]
        yield Traced(dotted(path), values[0], tuple(values[1:]))
    for place, layer in enumerate(layers):
        for path in _nulls(layer, ()):
            over = _set(value_at(each, path) for each in reversed(layers[:place]))
            if over and value_at(merged, path) is None:
                null = value_at(layer, path)
                assert null is not None
                yield Traced(dotted(path), null, tuple(over))


def _set(values: Iterable[Value | None]) -> list[Value]:
    return [each for each in values if each is not None and not isinstance(each, Null)]


def below(traced: Sequence[Traced], key: str) -> list[Traced]:
    """Return the values under a key, by any of its names: `mounts` is `volumeMounts`."""
    wanted = ".".join(_names().get(step, step) for step in key.removesuffix("+").split("."))
    return [each for each in traced if each.path == wanted or each.path.startswith((f"{wanted}.", f"{wanted}["))]


def _names() -> dict[str, str]:
    """Return the keys whose name differs in the long form."""
    schema = PROFILE["schema"]
    keys = {**schema, **schema["containers"]["named"]["schema"]}
    return {key: rules["meta"]["means"] for key, rules in keys.items() if "means" in rules["meta"] and key[-1:] != "+"}


def _leaves(value: Value, path: Path) -> Iterator[tuple[Path, Value]]:
    below = list(children(value))
    if not below:
        yield path, value
    for step, child in below:
        lines = {(origin.file, origin.line) for origin, _ in paths(child)} if isinstance(step, int) else set()
        yield from [((*path, step), child)] if len(lines) == 1 else _leaves(child, (*path, step))


def _nulls(value: Value, path: Path) -> Iterator[Path]:
    if isinstance(value, Null):
        yield path
    for key, child in as_map(value).items():
        yield from _nulls(child, (*path, key))


def _is_image(path: Path) -> bool:
    of_container = path[0] in ("containers", "initContainers") and path[2:] == ("image",)
    return of_container or path[-2:] == ("image", "reference")
