"""The names that codes of problems had in the release before: they are understood, and told, for one release.

The table is `formerly.json`: today's name, and the one before. It is read when a code is printed for machines or looked up.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path


@cache
def former_names() -> Mapping[str, str]:
    """Return the former name of each code that was renamed, by today's."""
    table: dict[str, str] = json.loads(Path(__file__).with_suffix(".json").read_bytes())
    return table


@cache
def _today() -> Mapping[str, str]:
    return {old: new for new, old in former_names().items()}


def today(name: str) -> str:
    """Return what the code formerly called `name` is called today; `name` itself, if no code was."""
    return _today().get(name, name)
