"""Which fields an expression reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from dsgen.kubernetes.cel.names import unescaped
from dsgen.kubernetes.cel.syntax_tree import below, name_of, operands

EACH: Final = "*"
Steps = tuple[str | int, ...]
# The variables of loops, and the paths of their values.
Loops = Mapping[str, Steps | None]
# What compares or joins values: the server does not count the order of lists that are sets.
_COMPARING: Final = ("_==_", "_!=_", "_+_", "@in", "indexOf", "lastIndexOf", "includes", "distinct")
_WHOLE: Final = ("_==_", "_!=_", "_+_")
# The list that a loop builds.
NEW: Final[Steps] = ("",)
_SCALARS: Final = ("bool", "int", "uint", "double", "string", "bytes", "null", "timestamp", "duration", "type")


def reads(tree: Any) -> tuple[Steps, ...]:
    """Return the paths that a tree reads, in the order of the source; of those of which one begins as another, the longer one."""
    found = list(dict.fromkeys(_reads(tree, {})))
    return tuple(path for path in found if not any(other[: len(path)] == path and other != path for other in found))


def compared(tree: Any, types: Mapping[int, Any]) -> tuple[Steps | None, ...]:
    """Return the paths of lists, maps and objects that are compared or joined, None for what is computed."""
    return tuple(dict.fromkeys(_compared(tree, types, {})))


def _compared(expr: Any, types: Mapping[int, Any], loops: Loops) -> Iterator[Steps | None]:
    if expr.HasField("call_expr") and expr.call_expr.function in _COMPARING:
        call = expr.call_expr
        for each in operands(call):
            if name_of(types.get(each.id)) not in _SCALARS and not (
                each.HasField("const_expr") or each.HasField("list_expr")
            ):
                yield from _part(each, call.function, loops)
    inner = loops
    if expr.HasField("comprehension_expr"):
        inner = in_loop(expr.comprehension_expr, loops)
    for each in below(expr):
        yield from _compared(each, types, inner)


def _part(operand: Any, function: str, loops: Loops) -> Iterator[Steps | None]:
    """Yield the path of what is compared of an operand: its items, unless it is compared or joined as a whole."""
    is_new = operand.HasField("comprehension_expr")
    path = path_of(operand.comprehension_expr.iter_range if is_new else operand, loops)
    if path == NEW:
        return
    yield (*path, EACH) if path is not None and (is_new or function not in _WHOLE) else path


def in_loop(loop: Any, loops: Loops) -> Loops:
    """Return the variables of loops that there are in one."""
    items = path_of(loop.iter_range, loops)
    item = None if items is None else (*items, EACH)
    # With two variables, the first is the key or the index.
    names = {loop.iter_var: None, loop.iter_var2: item} if loop.iter_var2 else {loop.iter_var: item}
    return {**loops, **names, loop.accu_var: NEW}


def _reads(expr: Any, loops: Loops) -> Iterator[Steps]:
    path = path_of(expr, loops)
    if path is not None:
        if path[0] != NEW[0]:
            yield path
        # What is computed to find the field is read, too.
        yield from _indexes(expr, loops)
        return
    if not expr.HasField("comprehension_expr"):
        for each in below(expr):
            yield from _reads(each, loops)
        return
    loop = expr.comprehension_expr
    yield from _reads(loop.iter_range, loops)
    inner = in_loop(loop, loops)
    for each in (loop.accu_init, loop.loop_condition, loop.loop_step, loop.result):
        yield from _reads(each, inner)


def path_of(expr: Any, loops: Loops) -> Steps | None:
    """Return the path of what an expression selects, or None if it is not a selection from a variable."""
    if expr.HasField("ident_expr"):
        name = expr.ident_expr.name
        return loops.get(name, (name,))
    if expr.HasField("select_expr"):
        above = path_of(expr.select_expr.operand, loops)
        return None if above is None else (*above, unescaped(expr.select_expr.field))
    call = expr.call_expr
    if expr.HasField("call_expr") and call.function in ("_[_]", "_?._", "_[?_]"):
        above, key = path_of(call.args[0], loops), call.args[1]
        if above is None:
            return None
        if key.const_expr.HasField("string_value"):
            text = key.const_expr.string_value
            return (*above, unescaped(text) if call.function == "_?._" else text)
        return (*above, key.const_expr.int64_value if key.const_expr.HasField("int64_value") else EACH)
    return None


def _indexes(expr: Any, loops: Loops) -> Iterator[Steps]:
    for position, each in enumerate(below(expr)):
        if position:
            yield from _reads(each, loops)
        else:
            yield from _indexes(each, loops)
