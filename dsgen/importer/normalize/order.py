"""The order of keys: that of the manifest, unless it is alphabetical, which nobody chose."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from dsgen.profile.containers import FIELDS
from dsgen.profile.schema import PROFILE
from dsgen.tree import Map

# What a container runs comes first, then how it runs.
_FIRST: Final = ("name", "image", "imagePullPolicy", "command", "args")


def container_in_order(container: Map) -> Map:
    """Return a container with its name, image and command first.

    The other keys keep their order; if all are in alphabetical order, they get the order of the profile language.
    """
    return _first(_in_order(container, FIELDS), _FIRST)


def pod_in_order(spec: Map) -> Map:
    """Return the spec of the pods; if its keys are in alphabetical order, they get the order of the profile language."""
    return _in_order(spec, PROFILE["schema"])


def _in_order(value: Map, known: Collection[str]) -> Map:
    return _first(value, known) if list(value) == sorted(value) else value


def _first(value: Map, keys: Collection[str]) -> Map:
    names = [*(key for key in keys if key in value), *(key for key in value if key not in keys)]
    return value.with_items((value.key(name), value[name]) for name in names)
