"""What to do about an expression that reads a key that is not there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from dsgen.kubernetes.cel.syntax_tree import each_below

NO_KEY: Final = "no such key: "


def remedy(message: str, trees: Iterable[Any]) -> str:
    """Return how expressions test for the key that is missing by an error of their evaluation, or an empty text; `trees` are their syntax trees."""
    key = message.rpartition(NO_KEY)[2] if NO_KEY in message else ""
    for tree in trees if key else ():
        for expr in each_below(tree):
            test = _test(expr, key)
            if test:
                return f"if `{key}` can be missing, test for it in the expression: `{test}`"
    return ""


def _test(expr: Any, key: str) -> str:
    """Return the test for a key that an expression reads, or nothing if it reads another one."""
    select = expr.select_expr
    if expr.HasField("select_expr") and select.field == key and not select.test_only:
        owner = _text(select.operand)
        return f"has({owner}.{key})" if owner else ""
    if expr.HasField("call_expr") and expr.call_expr.function == "_[_]":
        owner, index = expr.call_expr.args
        if index.const_expr.string_value == key and _text(owner):
            return f"'{key}' in {_text(owner)}"
    return ""


def _text(expr: Any) -> str:
    """Return the path of fields that an expression is, or nothing for another one."""
    if expr.HasField("ident_expr"):
        return str(expr.ident_expr.name)
    if expr.HasField("select_expr") and not expr.select_expr.test_only:
        owner = _text(expr.select_expr.operand)
        return f"{owner}.{expr.select_expr.field}" if owner else ""
    if expr.HasField("call_expr") and expr.call_expr.function == "_[_]":
        owner, index = expr.call_expr.args
        number = index.const_expr
        if _text(owner) and number.HasField("int64_value"):
            return f"{_text(owner)}[{number.int64_value}]"
    return ""
