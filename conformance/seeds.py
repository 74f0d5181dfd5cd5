"""The bases of the cases: hand-written DaemonSets that use every field, and real ones; and hand-written objects of other kinds."""

from __future__ import annotations

import datetime
from functools import cache
from pathlib import Path
from typing import Final

import yaml

from conformance.case import Json

HERE: Final = Path(__file__).parent
CORPUS: Final = HERE.parent / "tests" / "corpus"


@cache
def bases(kind: str = "DaemonSet") -> dict[str, Json]:
    """Return each base of a kind by its name, in the order of the names; the hand-written ones are called `small-…`."""
    if kind == "DaemonSet":
        found = {f"small-{path.stem}": path for path in sorted((HERE / "seeds").glob("*.yaml"))}
        found |= {path.stem: path for path in sorted(CORPUS.glob("*.yaml"))}
    else:
        companions = sorted((HERE / "seeds" / "companions").glob(f"{kind}-*.yaml"))
        found = {f"small-{path.stem}": path for path in companions}
    return {name: _plain(yaml.safe_load(path.read_text(encoding="utf-8"))) for name, path in found.items()}


def _plain(value: Json) -> Json:
    """Return `value` as JSON can hold it: texts as keys, no dates."""
    if isinstance(value, dict):
        return {str(key): _plain(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_plain(child) for child in value]
    return value.isoformat() if isinstance(value, (datetime.date, datetime.datetime)) else value
