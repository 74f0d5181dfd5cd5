"""The text of a new profile, with or without a preset to extend."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import Final

from dsgen import source
from dsgen.project.mentions import mentions
from dsgen.project.presets import Preset, shipped_preset
from dsgen.project.shipped import profiles
from dsgen.traversal import named_by
from dsgen.tree import Value, as_map, origin_of
from dsgen.yaml_writer import flow

# A profile without a parent is a copy of this preset.
PLAIN: Final = "agent"


def extending(preset: Preset, name: str) -> str:
    """Return a profile called `name` that extends a preset; comments say what to change, with an example."""
    about = f"{preset.project}: the preset `{preset.name}`, with the changes below."
    lines = [*_head(about, preset), f"extends: {preset.name}", f"name: {name}", *_example(preset)]
    return "\n".join(lines) + "\n"


def alone(preset: Preset, name: str) -> str:
    """Return a copy of a preset, with its name replaced by `name` throughout."""
    root, _ = source.read(preset.body.encode(), preset.name)
    lines = preset.body.splitlines()
    for key, value in _names(root, preset.name):
        origin = origin_of(value)
        assert origin is not None
        line = lines[origin.line - 1]
        # A namespace's name has no dots.
        own = name.replace(".", "-") if key == "namespace" else name
        lines[origin.line - 1] = line[: origin.column - 1] + own + line[origin.end_column - 1 :]
    return "\n".join([*_head(f"{name}: what it does, in a sentence.", preset), *lines]) + "\n"


def _head(about: str, preset: Preset) -> Iterator[str]:
    for text in (about, *(f"Change: {change}" for change in preset.change)):
        yield from wrap(text, 118, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)


def _example(preset: Preset) -> Iterator[str]:
    """Yield what is changed most often, the image and the resources of the first container, with the preset's values."""
    root, _ = source.read(preset.text.encode(), preset.name)
    parents = [each for each in mentions(root).parents if each in profiles()]
    for name, container in as_map(root).named("containers"):
        if parents and "image" not in container:
            # It only exchanges the output of another preset.
            yield from _example(shipped_preset(parents[0]))
            return
        if name != "*":
            yield from ("# In the preset:", "# containers:", f"#   {name}:")
            yield from (f"#     {key}: {flow(container[key])}" for key in ("image", "resources") if key in container)
            return


def _names(root: Value | None, name: str) -> Iterator[tuple[str, Value]]:
    """Yield the lines that set the name of a profile called `name`, and that of its own namespace."""
    for key in ("name", "namespace"):
        stated = named_by(as_map(root).get(key), "name")
        if stated is not None and stated == name:
            yield key, stated
