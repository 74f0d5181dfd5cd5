"""Mutations aimed at the API server's rules: for each, values just inside and just outside what it allows.

One module a concept, as in `dsgen/kubernetes/validation`. A module fills the catalogue when imported.
"""

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from random import Random

from conformance.mutations.row import ROWS, Row
from dsgen.kubernetes.validation.modules import MODULES


@cache
def every_row(kind: str = "DaemonSet") -> tuple[Row, ...]:
    """Return every mutation for a kind: of all modules of this package, or of the kind's own and of what all metadata share."""
    if kind == "DaemonSet":
        return tuple(row for module in iter_modules(__path__) for row in _rows(module.name))
    own = [name for name in MODULES[kind] if name.startswith("companions.") and find_spec(f"{__name__}.{name}")]
    return (
        *filter(_is_shared, _rows("metadata")),
        *_rows("metadata_updates"),
        *(row for name in own for row in _rows(name)),
    )


@cache
def _rows(module: str) -> tuple[Row, ...]:
    """Return the mutations that a module enters when it is imported."""
    before = len(ROWS)
    import_module(f"{__name__}.{module}")
    return tuple(ROWS[before:])


def _is_shared(row: Row) -> bool:
    return all(path.startswith("metadata") for path in row.draw(Random(0), True))
