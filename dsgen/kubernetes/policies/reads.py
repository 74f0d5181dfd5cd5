"""What an expression reads: the paths in its variables that its value depends on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from dsgen.record import Record
from dsgen.tree import Path

# In a path: any item of a list, or any field of a map.
ANY: Final = "*"
VARIABLES: Final = "variables"
OPERATION: Final[Path] = ("request", "operation")
_SELECTS: Final = frozenset({"_[_]", "_?._", "_[?_]"})
# The value of an optional is what is in it.
_UNWRAPS: Final = frozenset({"value", "orValue", "or", "optional.of", "optional.ofNonZeroValue"})
_SIZES: Final = frozenset({"size", "@not_strictly_false", "hasValue"})


class Read(Record):
    """A path that an expression reads, beginning with the name of a variable. What is below is not read if the read is `shallow`."""

    path: Path
    shallow: bool = False

    def overlaps(self, other: Path) -> bool:
        """Return whether it depends on what is at another path."""
        length = min(len(self.path), len(other))
        if any(
            one != two and ANY not in (one, two) for one, two in zip(self.path[:length], other[:length], strict=True)
        ):
            return False
        return not self.shallow or len(self.path) >= len(other)


def reads(tree: Any, variables: Mapping[str, Any], but: Iterable[str] = ()) -> frozenset[Read]:
    """Return what an expression reads, by its syntax tree; `variables` are the trees of the variables of the policy, by name.

    What these read is included, and what is read `but` through some variables of loops.
    """
    found: set[Read] = set()
    _Reader(variables, found).consumed(tree, dict.fromkeys(but, frozenset()))
    return frozenset(found)


class _Reader:
    def __init__(self, variables: Mapping[str, Any], found: set[Read]) -> None:
        self._variables = variables
        self._found = found

    def consumed(self, tree: Any, scope: Mapping[str, frozenset[Path]]) -> None:
        """Note that the whole value of an expression is read."""
        self._found.update(Read(path) for path in self.paths(tree, scope))

    def paths(self, tree: Any, scope: Mapping[str, frozenset[Path]]) -> frozenset[Path]:
        """Return the paths whose value that of an expression may be; everything else that it depends on is noted as read."""
        if tree.HasField("ident_expr"):
            name = tree.ident_expr.name.removeprefix(".")
            return scope[name] if name in scope else frozenset({tuple(name.split("."))})
        if tree.HasField("select_expr"):
            return self._selected(tree.select_expr, scope)
        if tree.HasField("call_expr"):
            return self._called(tree.call_expr, scope)
        if tree.HasField("comprehension_expr"):
            return self._collected(tree.comprehension_expr, scope)
        for each in tree.list_expr.elements:
            self.consumed(each, scope)
        for entry in tree.struct_expr.entries:
            for each in (entry.map_key, entry.value):
                self.consumed(each, scope)
        return frozenset()

    def _selected(self, select: Any, scope: Mapping[str, frozenset[Path]]) -> frozenset[Path]:
        below = self._below(self.paths(select.operand, scope), select.field, scope)
        if select.test_only:
            self._found.update(Read(path, shallow=True) for path in below)
            return frozenset()
        return below

    def _below(self, paths: Iterable[Path], step: str | int, scope: Mapping[str, frozenset[Path]]) -> frozenset[Path]:
        result: set[Path] = set()
        for path in paths:
            if path == (VARIABLES,) and step in self._variables:
                own = {name: others for name, others in self._variables.items() if name != step}
                result |= _Reader(own, self._found).paths(self._variables[str(step)], {})
            else:
                result.add((*path, step))
        return frozenset(result)

    def _called(self, call: Any, scope: Mapping[str, frozenset[Path]]) -> frozenset[Path]:
        name = call.function
        arguments = [call.target, *call.args] if call.HasField("target") else list(call.args)
        if name in _SELECTS:
            step = arguments[1].const_expr
            whole = self.paths(arguments[0], scope)
            if arguments[1].HasField("const_expr") and (step.HasField("string_value") or step.HasField("int64_value")):
                return self._below(whole, step.string_value or int(step.int64_value), scope)
            self.consumed(arguments[1], scope)
            return frozenset((*path, ANY) for path in whole)
        if name == "_?_:_":
            self.consumed(arguments[0], scope)
            return self.paths(arguments[1], scope) | self.paths(arguments[2], scope)
        if name in _UNWRAPS or name == "_+_":
            return frozenset().union(*(self.paths(each, scope) for each in arguments))
        shallow = name in _SIZES or (name in ("_==_", "_!=_") and any(map(_is_null, arguments)))
        for each in arguments:
            self._found.update(Read(path, shallow) for path in self.paths(each, scope))
        return frozenset()

    def _collected(self, loop: Any, scope: Mapping[str, frozenset[Path]]) -> frozenset[Path]:
        whole = self.paths(loop.iter_range, scope)
        self._found.update(Read(path, shallow=True) for path in whole)
        items = frozenset((*path, ANY) for path in whole)
        first = frozenset[Path]() if loop.iter_var2 else items
        start = self.paths(loop.accu_init, scope)
        inner = {**scope, loop.iter_var: first, loop.iter_var2: items, loop.accu_var: start}
        self.consumed(loop.loop_condition, inner)
        step = loop.loop_step
        if _keeps_items(step, loop):
            # A filter: its items are those of the list.
            self.consumed(step.call_expr.args[0], inner)
            return whole
        self.consumed(step, inner)
        self.consumed(loop.result, inner)
        return frozenset()


def _keeps_items(step: Any, loop: Any) -> bool:
    """Return whether a step of a comprehension adds the item as it is, or does not."""
    if step.call_expr.function != "_?_:_":
        return False
    added = step.call_expr.args[1].call_expr
    elements: Any = added.args[1].list_expr.elements if added.function == "_+_" and len(added.args) == 2 else ()
    return len(elements) == 1 and elements[0].ident_expr.name == loop.iter_var and bool(loop.iter_var)


def _is_null(tree: Any) -> bool:
    return bool(tree.HasField("const_expr") and tree.const_expr.HasField("null_value"))


def in_order(found: Iterable[Read]) -> list[Read]:
    """Return what is read, ordered by the paths: what is found first does not depend on the run."""
    return sorted(found, key=lambda each: (list(map(str, each.path)), each.shallow))


def nearest(found: Iterable[Read]) -> Path:
    """Return the longest path in the object that all that is read of it is below; empty if that is the object itself, or if none of it is read."""
    paths = [each.path[1:] for each in found if each.path[0] == "object"]
    return _common(paths)


def _common(paths: list[Path]) -> Path:
    if not paths:
        return ()
    result = paths[0]
    for path in paths[1:]:
        same = 0
        while same < min(len(result), len(path)) and result[same] == path[same]:
            same += 1
        result = result[:same]
    return result
