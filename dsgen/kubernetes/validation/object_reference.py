"""References to an object of any kind, by its `kind` and `name`."""

from __future__ import annotations

from collections.abc import Iterator

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.rule import FieldError, FieldRef


def missing_reference(reference: FieldRef) -> Iterator[FieldError]:
    """Yield an error for the `kind` and the `name` of a reference to an object, if it has none."""
    for field in ("kind", "name"):
        if not reference.get(field):
            yield reference.required(field)


def invalid_reference(reference: FieldRef) -> Iterator[FieldError]:
    """Yield the errors of the `kind` and the `name` of a reference to an object."""
    for field in ("kind", "name"):
        yield from reference.invalid_each(field, formats.path_segment(reference.get(field, "")))
