"""What the server's compiler says of literals, beside types (k8s.io/apiserver/pkg/cel/environment: the AST validators)."""

from __future__ import annotations

import re
from typing import Any, Final

from dsgen.kubernetes.cel.environment import evaluating
from dsgen.kubernetes.cel.functions.values import UNKNOWN
from dsgen.kubernetes.cel.library import loaded
from dsgen.kubernetes.cel.rewriting import rewritten
from dsgen.kubernetes.cel.syntax_tree import below, inner_types, name_of, parsed_bytes, types_of
from dsgen.kubernetes.schema.custom.pattern_syntax import syntax_fault

# In the arguments of this function, the items of a list may be of several types.
_MIXING: Final = "format"
_DIRECTIVE: Final = re.compile(r"%([^%]|%)")
_WHOLE: Final = ("int", "uint", "dyn")
_CONVERSIONS: Final = ("bool", "bytes", "double", "duration", "dyn", "int", "string", "timestamp", "type", "uint")


def wrong_literal(tree: Any) -> str:
    """Return what is wrong with a literal in a checked tree, or an empty string."""
    return _first(tree.expr, types_of(tree), mixing=False)


def _first(expr: Any, types: dict[int, Any], *, mixing: bool) -> str:
    mixing = mixing or (expr.HasField("call_expr") and expr.call_expr.function == _MIXING)
    return _wrong(expr, types, mixing) or next(
        filter(None, (_first(each, types, mixing=mixing) for each in below(expr))), ""
    )


def _wrong(expr: Any, types: dict[int, Any], mixing: bool) -> str:
    if mixing and not expr.HasField("call_expr"):
        return ""
    if expr.HasField("list_expr"):
        return _mixed([types.get(each.id) for each in expr.list_expr.elements])
    if expr.HasField("struct_expr"):
        entries = expr.struct_expr.entries
        keys = _mixed([types.get(each.map_key.id) for each in entries])
        return keys or _mixed([types.get(each.value.id) for each in entries])
    call = expr.call_expr
    if not expr.HasField("call_expr"):
        return ""
    if call.function == "_[_]" and name_of(types.get(call.args[1].id)) == "null":
        return "an item cannot have the index null"
    if call.function == "flatten" and len(call.args) == 0:
        of = inner_types(types[call.target.id])
        if of and name_of(of[0]) not in ("list", "dyn"):
            return f"found no matching overload for 'flatten' applied to '(list({name_of(of[0])}))'"
    if call.function in _CONVERSIONS and len(call.args) == 1 and _is_constant(call.args[0]):
        # The server evaluates it when it compiles the expression.
        value = evaluating().deserialize(parsed_bytes(rewritten(expr, types))).eval(data={})
        is_wrong = value.type() == loaded().Type.ERROR and UNKNOWN not in value.plain_value()
        return f"invalid {call.function} argument" if is_wrong else ""
    if (
        call.function == "format"
        and call.target.const_expr.HasField("string_value")
        and call.args[0].HasField("list_expr")
    ):
        return _misformatted(call, types)
    if call.function == "matches" and syntax_fault(call.args[-1].const_expr.string_value):
        return "invalid matches argument"
    return ""


def _misformatted(call: Any, types: dict[int, Any]) -> str:
    """Return what is wrong with the number of values of a format, or with their types."""
    directives = [found[1] for found in _DIRECTIVE.finditer(call.target.const_expr.string_value) if found[1] != "%"]
    items = call.args[0].list_expr.elements
    if len(directives) != len(items):
        return f"a format with {len(directives)} directives has {len(items)} values"
    kinds = [name_of(types.get(each.id)) for each in items]
    wrong = next(
        (kind for each, kind in zip(directives, kinds, strict=True) if each == "d" and kind not in _WHOLE), None
    )
    return f"an integer clause can only be used on integers, was given {wrong}" if wrong else ""


def _is_constant(expr: Any) -> bool:
    call = expr.call_expr
    if expr.HasField("call_expr"):
        return call.function in _CONVERSIONS and len(call.args) == 1 and _is_constant(call.args[0])
    if expr.HasField("list_expr") or expr.HasField("struct_expr"):
        return all(map(_is_constant, below(expr)))
    return bool(expr.HasField("const_expr"))


def _mixed(types: list[Any]) -> str:
    forms = [b"" if each is None else each.SerializeToString(deterministic=True) for each in types]
    other = next((index for index, form in enumerate(forms) if form != forms[0]), 0)
    return f"expected type '{name_of(types[0])}' but found '{name_of(types[other])}'" if other else ""
