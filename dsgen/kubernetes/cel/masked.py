"""Errors of the library that others may hide: of two operands of `&&` or `||`, and of several items of a loop, one error is reported.

Where the server has a value instead of a hidden error, it may have another result.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from dsgen.kubernetes.cel.reads import NEW, Loops, in_loop, path_of
from dsgen.kubernetes.cel.sizes import found_at
from dsgen.kubernetes.cel.syntax_tree import below, each_below, name_of, types_of

_LOGICAL: Final = ("_&&_", "_||_")
_OPTIONAL: Final = ("_?._", "_[?_]")
_OF_KEYS: Final = ("bool", "int", "uint", "string")


def may_hide_another(tree: Any, data: Mapping[str, Any]) -> bool:
    """Return whether the error of an expression may hide one of the library that is none of the server's, for some values of its variables."""
    nodes = each_below(tree.expr)
    if not any(each.HasField("comprehension_expr") or each.call_expr.function in _LOGICAL for each in nodes):
        return False
    types = types_of(tree)
    return any(_is_other(expr, loops, types, data) for expr, loops in _with_loops(tree.expr, {}))


def _with_loops(expr: Any, loops: Loops) -> Iterator[tuple[Any, Loops]]:
    yield expr, loops
    inner = in_loop(expr.comprehension_expr, loops) if expr.HasField("comprehension_expr") else loops
    for position, each in enumerate(below(expr)):
        # The range of a loop is outside of it.
        yield from _with_loops(each, inner if position else loops)


def _is_other(expr: Any, loops: Loops, types: Mapping[int, Any], data: Mapping[str, Any]) -> bool:
    """Return whether the library may fail where an expression tests for a field or an item, and the server does not."""
    call = expr.call_expr
    if expr.HasField("select_expr") and expr.select_expr.test_only:
        return not _is_all(dict, expr.select_expr.operand, loops, types, data)
    if expr.HasField("call_expr") and call.function in _OPTIONAL:
        of_item = name_of(types.get(call.args[1].id)) == "int"
        return not _is_all((dict, list) if of_item else dict, call.args[0], loops, types, data)
    if expr.HasField("call_expr") and call.function == "@in":
        key, owner = call.args
        of_key = name_of(types.get(key.id)) in _OF_KEYS
        return not of_key and not _is_all(list, owner, loops, types, data)
    return False


def _is_all(
    kind: type | tuple[type, ...], owner: Any, loops: Loops, types: Mapping[int, Any], data: Mapping[str, Any]
) -> bool:
    """Return whether each value that an expression may have is of a kind: what is at its path, or else what its type says."""
    path = path_of(owner, loops)
    if path is None or path[0] == NEW[0]:
        return name_of(types.get(owner.id)) != "dyn"
    return all(isinstance(each, kind) for each in found_at(data, path))
