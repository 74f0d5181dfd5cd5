"""Rewrites the tree of an expression into one that the library evaluates as the server does."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from dsgen.kubernetes.cel.environment import own_name
from dsgen.kubernetes.cel.functions import FUNCTIONS
from dsgen.kubernetes.cel.syntax_tree import each_below, name_of, operands

# Values of these types are equal though they are written otherwise.
COMPARED: Final = ("kubernetes.Quantity", "kubernetes.Semver")
# In data, these are text.
_CONVERSIONS: Final = ("int", "double")
_TIMES: Final = ("timestamp", "duration")


def rewritten(expr: Any, types: Mapping[int, Any], optional: Collection[str] = ()) -> Any:
    """Return an expression in which each call of a function of dsgen's own has its arguments as one list.

    Some variables are `optional`: their values are lists of one item, or of none.
    """
    root = type(expr)()
    root.CopyFrom(expr)
    # The innermost first: what an expression becomes part of is a copy.
    for expr in reversed(list(each_below(root))):
        call = expr.call_expr
        if expr.HasField("call_expr"):
            if call.function in FUNCTIONS and not _is_alike(call, types):
                _pack(expr, own_name(call.function))
            elif call.function in ("_==_", "_!=_") and any(
                name_of(types.get(each.id)) in COMPARED for each in call.args
            ):
                _compare(expr)
        elif expr.HasField("ident_expr") and expr.ident_expr.name in optional:
            _call(expr, "_[?_]")
            expr.call_expr.args.add().const_expr.int64_value = 0
        elif expr.HasField("select_expr") and not expr.select_expr.test_only and name_of(types.get(expr.id)) in _TIMES:
            _call(expr, name_of(types.get(expr.id)))
    return root


def _is_alike(call: Any, types: Mapping[int, Any]) -> bool:
    """Return whether the library converts a value to a whole number as the server does, by its type."""
    return call.function in _CONVERSIONS and name_of(types.get(call.args[0].id)) not in ("dyn", "string")


def _call(expr: Any, function: str) -> None:
    """Turn an expression into the call of a function, with the expression as its only argument."""
    copy = type(expr).FromString(expr.SerializeToString())
    expr.call_expr.function = function
    expr.call_expr.args.add().CopyFrom(copy)


def _pack(expr: Any, function: str) -> None:
    call = expr.call_expr
    copies = [type(expr).FromString(each.SerializeToString()) for each in operands(call)]
    call.function = function
    call.ClearField("target")
    del call.args[:]
    # An empty list has no field set.
    call.args.add().list_expr.SetInParent()
    call.args[0].list_expr.elements.extend(copies)


def _compare(expr: Any) -> None:
    operator = expr.call_expr.function
    _pack(expr, own_name("compareTo"))
    copy = type(expr).FromString(expr.SerializeToString())
    expr.call_expr.function = operator
    del expr.call_expr.args[:]
    expr.call_expr.args.add().CopyFrom(copy)
    expr.call_expr.args.add().const_expr.int64_value = 0
