"""What the library evaluates otherwise than the API server, or not at all: an expression with any of it is not evaluated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from dsgen.kubernetes.cel.functions import ALIKE, FUNCTIONS
from dsgen.kubernetes.cel.rewriting import COMPARED
from dsgen.kubernetes.cel.signatures import OPAQUE
from dsgen.kubernetes.cel.syntax_tree import each_below, inner_types, name_of, operands, types_of

# Errors of the compiler that may not be errors of the server's.
_NUMBER: Final = "(int|uint|double)"
_ERRORS: Final = (
    re.compile(r"found no matching overload for 'string' applied to '\(net\.(IP|CIDR)\)'"),
    # The server compares numbers of different types.
    re.compile(rf"found no matching overload for '_[<>]=?_' applied to '\({_NUMBER}, {_NUMBER}\)'"),
    re.compile("undeclared reference to '(exists_one|unwrap|unwrapOpt|optional)'"),
)
# Functions that compare what is in their arguments.
_COMPARING: Final = ("_==_", "_!=_", "@in", "indexOf", "lastIndexOf", "includes", "distinct", "sets.contains")
_ALL_COMPARING: Final = (*_COMPARING, "sets.equivalent", "sets.intersects")
# The library's versions of Unicode and of Go's differ; `\\C` is not in Go's syntax.
_PATTERN: Final = re.compile(r"\\[pPC]")
_UNUSUAL: Final = re.compile("%(?![sd])")
_FROM_DATA: Final = ("timestamp", "duration", "bytes")
_CONVERTING: Final = ("string", "int", "uint", "double", "bool", "bytes", "timestamp", "duration")


def is_unlike(message: str) -> bool:
    """Return whether the server may compile what the library does not, with an error."""
    return any(pattern.search(message) for pattern in _ERRORS)


def what_is_unlike(tree: Any) -> str:
    """Return why an expression is not evaluated, by its checked tree, or an empty string."""
    types = types_of(tree)
    return next((found for expr in each_below(tree.expr) for found in _unlike(expr, types, tree.expr)), "")


def _unlike(expr: Any, types: dict[int, Any], root: Any) -> Iterator[str]:
    name = name_of(types.get(expr.id))
    if not expr.HasField("call_expr"):
        if name in _FROM_DATA and expr.HasField("ident_expr"):
            yield f"the variable `{expr.ident_expr.name}` is a {name}"
        if name == "bytes" and expr.HasField("select_expr"):
            yield f"the field `{expr.select_expr.field}` is binary"
        return
    call = expr.call_expr
    function = call.function
    if function not in ALIKE and function not in FUNCTIONS:
        yield f"the function `{function}`"
    arguments = operands(call)
    if function == "_[_]" and name in _FROM_DATA:
        yield f"an item that is a {name}"
    of = [types.get(each.id) for each in arguments]
    if function in _ALL_COMPARING and any(map(_has_compared, of)):
        yield "the comparison of lists or maps of quantities or versions"
    if function in FUNCTIONS and any(_has_uint(each) for each in of):
        yield f"the function `{function}` of unsigned numbers"
    names = [name_of(each) for each in of]
    is_converted = function in _CONVERTING and names[0] != "dyn" and not arguments[0].HasField("const_expr")
    if is_converted and _has_optional_item(root, types):
        yield f"the function `{function}` with an optional item of any type"
    if function == "dyn" and names[0] in _FROM_DATA:
        yield f"a {names[0]} without a type"
    if function in ("_==_", "_!=_") and {"null", "dyn"} & set(names) and any(name in COMPARED for name in names):
        yield "the comparison of a quantity or version with null or any value"
    if function == "format" and not _is_simple(call.target):
        yield "a format with more than `%s` and `%d`"
    if function == "string" and names[0] in ("timestamp", "duration"):
        yield f"the text of a {names[0]}"
    if function == "int" and names[0] in ("timestamp", "duration"):
        yield f"the number of a {names[0]}"
    if function == "getMilliseconds" and names[0] == "duration":
        yield "the milliseconds of a duration"
    if function == "string" and names[0] in ("double", "dyn") and _may_be_infinite(root):
        yield "the text of a number that may be infinite"
    if function in ("type", "string", "format", "dyn", "size") and any(name_of(each) in OPAQUE.values() for each in of):
        yield f"the function `{function}` of a {name_of(of[0])}"
    if function == "matches":
        pattern = arguments[1].const_expr
        if not pattern.HasField("string_value") or _PATTERN.search(pattern.string_value):
            yield "a pattern that is not a text or depends on the version of Unicode"


def _has_optional_item(root: Any, types: dict[int, Any]) -> bool:
    """Return whether an expression reads an optional item of any value: the server takes its type for that of the value that it has instead."""
    return any(
        each.call_expr.function == "_[?_]"
        and name_of(types.get(each.call_expr.args[0].id)) in ("dyn", "optional", "optional_type")
        for each in each_below(root)
    )


def _is_simple(text: Any) -> bool:
    constant = text.const_expr
    return bool(constant.HasField("string_value") and not _UNUSUAL.search(constant.string_value.replace("%%", "")))


def _may_be_infinite(root: Any) -> bool:
    """Return whether an expression computes numbers that may be infinite: data has none."""
    return any(expr.call_expr.function in ("_/_", "double") for expr in each_below(root))


def _has_compared(type: Any) -> bool:
    """Return whether a type has values in it that the library does not compare."""
    return type is not None and any(name_of(each) in COMPARED or _has_compared(each) for each in inner_types(type))


def _has_uint(type: Any) -> bool:
    return type is not None and (name_of(type) == "uint" or any(map(_has_uint, inner_types(type))))
