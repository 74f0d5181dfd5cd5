"""Mutations aimed at the API server's rules: for each, values just inside and just outside what it allows.

One module a concept, as in `dsgen/kubernetes/admission`. A module fills the catalogue when imported.
"""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from conformance.mutations.row import ROWS, Row


@cache
def every_row() -> tuple[Row, ...]:
    """Return every mutation of every module of this package."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return tuple(ROWS)
