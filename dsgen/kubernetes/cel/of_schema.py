"""Compiles the expressions in a schema."""

from __future__ import annotations

from dsgen.kubernetes.cel.expression import Expression, compiled
from dsgen.kubernetes.cel.outcomes import CompileError, Unevaluated
from dsgen.kubernetes.cel.schema_types import type_of, words_of
from dsgen.kubernetes.cel.types import Type, optional_of
from dsgen.kubernetes.schema.custom.schema import Schema


def compiled_for(
    schema: Schema, source: str, minor: int, *, is_root: bool, is_optional: bool
) -> Expression | CompileError | Unevaluated:
    """Return an expression of `self` and `oldSelf`, which have the type of a schema."""
    known = type_of(schema, words_of(source), is_root=is_root)
    if known is None:
        return Unevaluated("its value has no type")
    variables: dict[str, Type] = {"self": known, "oldSelf": optional_of(known) if is_optional else known}
    return compiled(source, variables, minor)
