"""The text of a new profile: one that extends a preset, or one that stands alone."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import Final

from dsgen import source
from dsgen.project.presets import Preset
from dsgen.tree import Map, Value, as_map, origin_of
from dsgen.yaml_writer import flow

# The preset that a profile without a parent is a copy of.
PLAIN: Final = "agent"


def extending(preset: Preset, name: str) -> str:
    """Return a profile called `name` over a preset: what there is to change, and an example of it in comments."""
    about = f"{preset.project}: the preset `{preset.name}`, with what is changed below."
    lines = [*_head(about, preset), f"extends: {preset.name}", f"name: {name}", *_example(preset)]
    return "\n".join(lines) + "\n"


def alone(preset: Preset, name: str) -> str:
    """Return a copy of a preset that is called `name` wherever the preset says its own name."""
    root, _ = source.read(preset.body.encode(), preset.name)
    lines = preset.body.splitlines()
    for key, value in _names(root, preset.name):
        origin = origin_of(value)
        assert origin is not None
        line = lines[origin.line - 1]
        # The name of a namespace has no dots.
        own = name.replace(".", "-") if key == "namespace" else name
        lines[origin.line - 1] = line[: origin.column - 1] + own + line[origin.end_column - 1 :]
    return "\n".join([*_head(f"{name}: what it does, in a sentence.", preset), *lines]) + "\n"


def _head(about: str, preset: Preset) -> Iterator[str]:
    for text in (about, *(f"Change: {change}" for change in preset.change)):
        yield from wrap(text, 118, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)


def _example(preset: Preset) -> Iterator[str]:
    """Yield what is changed most, the image and the resources of the first container, as the preset has it."""
    root, _ = source.read(preset.text.encode(), preset.name)
    for name, container in as_map(root).named("containers"):
        if name != "*":
            yield from ("# As the preset has it:", "# containers:", f"#   {name}:")
            yield from (f"#     {key}: {flow(container[key])}" for key in ("image", "resources") if key in container)
            return


def _names(root: Value | None, name: str) -> Iterator[tuple[str, Value]]:
    """Yield the keys and values by which a profile called `name` names itself and a namespace of its own, each on its own line."""
    for key in ("name", "namespace"):
        value = as_map(root).get(key)
        stated = value.get("name") if isinstance(value, Map) else value
        if stated is not None and stated == name:
            yield key, stated
