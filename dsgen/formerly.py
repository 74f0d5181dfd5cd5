"""The names of problem codes in the previous release: they are accepted, with a warning, for one release.

The table is `formerly.json`: the current name, and the former one. It is read when a code is printed for machines or looked up.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path


@cache
def former_names() -> Mapping[str, str]:
    """Return the former name of each renamed code, by its current name."""
    table: dict[str, str] = json.loads(Path(__file__).with_suffix(".json").read_bytes())
    return table


@cache
def _today() -> Mapping[str, str]:
    return {old: new for new, old in former_names().items()}


def today(name: str) -> str:
    """Return the current name of the code formerly called `name`, or `name` itself if there is none."""
    return _today().get(name, name)
