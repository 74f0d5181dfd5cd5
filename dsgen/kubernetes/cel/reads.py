"""Which fields an expression reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from dsgen.kubernetes.cel.names import unescaped
from dsgen.kubernetes.cel.syntax_tree import below

EACH: Final = "*"
Steps = tuple[str | int, ...]


def reads(tree: Any) -> tuple[Steps, ...]:
    """Return the paths that a tree reads, in the order of the source; of those of which one begins as another, the longer one."""
    found = list(dict.fromkeys(_reads(tree, {})))
    return tuple(path for path in found if not any(other[: len(path)] == path and other != path for other in found))


def _reads(expr: Any, loops: Mapping[str, Steps | None]) -> Iterator[Steps]:
    path = _path(expr, loops)
    if path is not None:
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
    items = _path(loop.iter_range, loops)
    item = None if items is None else (*items, EACH)
    # With two variables, the first is the key or the index.
    names = {loop.iter_var: None, loop.iter_var2: item} if loop.iter_var2 else {loop.iter_var: item}
    inner = {**loops, **names, loop.accu_var: None}
    for each in (loop.accu_init, loop.loop_condition, loop.loop_step, loop.result):
        yield from _reads(each, inner)


def _path(expr: Any, loops: Mapping[str, Steps | None]) -> Steps | None:
    """Return the path of what an expression selects, or None if it is not a selection from a variable."""
    if expr.HasField("ident_expr"):
        name = expr.ident_expr.name
        return loops.get(name, (name,))
    if expr.HasField("select_expr"):
        above = _path(expr.select_expr.operand, loops)
        return None if above is None else (*above, unescaped(expr.select_expr.field))
    call = expr.call_expr
    if expr.HasField("call_expr") and call.function in ("_[_]", "_?._", "_[?_]"):
        above, key = _path(call.args[0], loops), call.args[1]
        if above is None:
            return None
        if key.const_expr.HasField("string_value"):
            text = key.const_expr.string_value
            return (*above, unescaped(text) if call.function == "_?._" else text)
        return (*above, key.const_expr.int64_value if key.const_expr.HasField("int64_value") else EACH)
    return None


def _indexes(expr: Any, loops: Mapping[str, Steps | None]) -> Iterator[Steps]:
    for position, each in enumerate(below(expr)):
        if position:
            yield from _reads(each, loops)
        else:
            yield from _indexes(each, loops)
