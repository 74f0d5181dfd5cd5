"""The order of keys: that of the manifest, unless nobody chose it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from dsgen.profile.containers import FIELDS
from dsgen.profile.schema import PROFILE
from dsgen.tree import Map

# What a container runs; the rest is how.
_FIRST: Final = ("name", "image", "imagePullPolicy", "command", "args")


def container_in_order(container: Map) -> Map:
    """Return a container with what it runs first. The rest follows as it was; one in alphabetical order gets that of the language."""
    return _first(_in_order(container, FIELDS), _FIRST)


def pod_in_order(spec: Map) -> Map:
    """Return the spec of pods; one in alphabetical order gets that of the language."""
    return _in_order(spec, PROFILE["schema"])


def _in_order(value: Map, known: Collection[str]) -> Map:
    return _first(value, known) if list(value) == sorted(value) else value


def _first(value: Map, keys: Collection[str]) -> Map:
    names = [*(key for key in keys if key in value), *(key for key in value if key not in keys)]
    return Map(((value.key(name), value[name]) for name in names), value.origin, value.type)
