"""Mutations aimed at the API server's rules: for each, values just inside and just outside what it allows.

One module a concept, as in `dsgen/kubernetes/validation`. A module fills the catalogue when imported.
"""

import re
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from random import Random

from conformance.case import TEMPLATES
from conformance.mutations.row import ROWS, Row
from dsgen.kubernetes.schema import fields
from dsgen.kubernetes.validation.modules import MODULES


@cache
def every_row(kind: str = "DaemonSet") -> tuple[Row, ...]:
    """Return every mutation for a kind: of all modules of this package for a DaemonSet, and those that fit for another kind with pods; for others
    of what all metadata share. And of the kind's own modules.
    """
    if kind == "DaemonSet":
        return tuple(row for module in iter_modules(__path__) for row in _rows(module.name))
    # A custom kind has no rules of its own.
    names = MODULES.get(kind) or [f"companions.{re.sub('(?<=[a-z])(?=[A-Z])', '_', kind).lower()}"]
    own = [name for name in names if name.startswith("companions.") and find_spec(f"{__name__}.{name}")]
    if kind in TEMPLATES:
        shared = [row for row in (*every_row(), *_rows("companions.workloads")) if _fits(row, kind)]
    else:
        shared = [*filter(_is_shared, _rows("metadata")), *_rows("metadata_updates")]
    return (*shared, *(row for name in own for row in _rows(name)))


@cache
def _rows(module: str) -> tuple[Row, ...]:
    """Return the mutations that a module enters when it is imported."""
    before = len(ROWS)
    import_module(f"{__name__}.{module}")
    return tuple(ROWS[before:])


def rows_beside_pods(kind: str) -> list[Row]:
    """Return the mutations of a kind that are not of pods or metadata, as those of other kinds are; all those of a DaemonSet or of a kind without pods."""
    rows = every_row(kind)
    if kind not in TEMPLATES or kind == "DaemonSet":
        return list(rows)
    shared = set(every_row())
    return [
        row for row in rows if row not in shared or any(path.startswith("spec.") for path in row.draw(Random(0), True))
    ]


def _fits(row: Row, kind: str) -> bool:
    """Tell whether a kind with pods has the fields that a mutation of DaemonSets sets: those of pods, of metadata, and some of the spec."""
    table = fields.of(kind)
    own = table.types.get(table.types[kind].get("spec", ""), {})
    change = row.draw(Random(0), True)
    for path in (*change, *change.get("old", ())):
        first, *rest = re.split(r"[.\[{]", path.strip())
        if first not in ("P", "T", "C", "A", "metadata", "old") and not (first == "spec" and rest and rest[0] in own):
            return False
    return True


def _is_shared(row: Row) -> bool:
    return all(path.startswith("metadata") for path in row.draw(Random(0), True))
