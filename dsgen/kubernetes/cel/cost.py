"""What an expression costs the server at most (github.com/google/cel-go/interpreter: runtimecost.go), for values of some size.

The server ends an expression that costs more than its limit. The bound is never below the server's cost, and often above.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import ceil
from typing import Any, Final

from dsgen.kubernetes.cel.reads import NEW, Loops, Steps, in_loop, path_of
from dsgen.kubernetes.cel.sizes import AnySizes
from dsgen.kubernetes.cel.syntax_tree import name_of, operands

# Of one expression, and of all of an object (k8s.io/apiserver/pkg/apis/cel).
MOST: Final = 1_000_000
MOST_OF_OBJECT: Final = 10_000_000
_LIST: Final = 10
_MAP: Final = 30
_CHECK: Final = 350_000
_TRAVERSED: Final = ("isSorted", "sum", "min", "max", "indexOf", "lastIndexOf", "includes")
_QUADRATIC: Final = (
    "sets.contains",
    "sets.equivalent",
    "sets.intersects",
    "distinct",
    "sort",
    "flatten",
    "slice",
    "reverse",
    "@sortByAssociatedKeys",
)
_COMPARING: Final = ("_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_")
_SHORTENING: Final = ("lowerAscii", "upperAscii", "substring", "trim", "split", "charAt", "url")
_SCALARS: Final = ("bool", "int", "uint", "double", "timestamp", "duration", "null", "type")
_ACCESSORS: Final = (
    *("sign", "asInteger", "isInteger", "asApproximateFloat", "isGreaterThan", "isLessThan", "compareTo", "add", "sub"),
    *(
        "major",
        "minor",
        "patch",
        "getScheme",
        "getHostname",
        "getHost",
        "getPort",
        "getEscapedPath",
        "getQuery",
        "masked",
    ),
    *(
        "prefixLength",
        "family",
        "isUnspecified",
        "isLoopback",
        "isLinkLocalMulticast",
        "isLinkLocalUnicast",
        "isGlobalUnicast",
    ),
)
_FIXED: Final = (
    "_&&_",
    "_||_",
    "_?_:_",
    "!_",
    "-_",
    "@not_strictly_false",
    "_-_",
    "_*_",
    "_/_",
    "_%_",
    "size",
    "type",
    "dyn",
)
# What selects from values, of a fixed cost: the size is that of one of the arguments.
_OF_OPTIONALS: Final = ("or", "orValue", "value", "hasValue", "optional.of", "optional.none", "optional.ofNonZeroValue")
_SELECTS: Final = ("_[_]", "_?._", "_[?_]")
# Where the server knows no size, it assumes the largest.
UNBOUNDED: Final = 2**63
# A cost, and the size of the value: characters, items or fields.
Bound = tuple[int, int]
Plan = Callable[[AnySizes], Bound]


def plan(expr: Any, types: Mapping[int, Any], unknown: int | None = None) -> Plan:
    """Return what an expression costs at most, by the sizes of data. `unknown` is the size of what the server knows none of."""
    return _Planner(types, unknown).plan(expr, {})


class _Planner:
    def __init__(self, types: Mapping[int, Any], unknown: int | None) -> None:
        self._types = types
        self._unknown = unknown

    def plan(self, expr: Any, loops: Loops) -> Plan:
        if expr.HasField("const_expr"):
            size = max(len(expr.const_expr.string_value), len(expr.const_expr.bytes_value), 1)
            return lambda sizes: (0, size)
        if expr.HasField("call_expr"):
            return self._call(expr, loops)
        if expr.HasField("list_expr"):
            return self._new([self.plan(each, loops) for each in expr.list_expr.elements], _LIST)
        if expr.HasField("struct_expr"):
            entries = expr.struct_expr.entries
            return self._new([self.plan(part, loops) for each in entries for part in (each.map_key, each.value)], _MAP)
        if expr.HasField("comprehension_expr"):
            return self._loop(expr.comprehension_expr, loops)
        path = path_of(expr, loops)
        above = self.plan(expr.select_expr.operand, loops) if expr.HasField("select_expr") else None
        size_of = _at(path)
        return lambda sizes: ((above(sizes)[0] if above else 0) + 1, size_of(sizes))

    def _new(self, parts: list[Plan], base: int) -> Plan:
        # What is in it may be read again: the size of the largest part counts.
        def of(sizes: AnySizes) -> Bound:
            found = [part(sizes) for part in parts]
            return base + sum(cost for cost, _ in found), max([len(found), *(size for _, size in found)])

        return of

    def _loop(self, loop: Any, loops: Loops) -> Plan:
        inner = in_loop(loop, loops)
        text = _split(loop.iter_range, loops)
        if text and not loop.iter_var2:
            inner = {**inner, loop.iter_var: text}
        around, init = self.plan(loop.iter_range, loops), self.plan(loop.accu_init, loops)
        count_of = self._count(loop.iter_range, loops)
        each = [self.plan(loop.loop_condition, inner), self.plan(loop.loop_step, inner)]
        result = self.plan(loop.result, inner)

        def of(sizes: AnySizes) -> Bound:
            (cost, count), (start, size) = around(sizes), init(sizes)
            count = count_of(sizes) if count_of else count
            parts = [part(sizes) for part in each]
            total = cost + start + count * sum(part for part, _ in parts) + result(sizes)[0] + count
            return total, max(count, size)

        return of

    def _count(self, expr: Any, loops: Loops) -> Callable[[AnySizes], int] | None:
        """Return how many items or fields an expression has at most, if it is a list or a map; None if that is its size."""
        if self._unknown is not None:
            return None
        path = path_of(expr, loops)
        if path is not None:
            return None if path == NEW else lambda sizes: sizes.count(path)
        function, arguments = expr.call_expr.function, operands(expr.call_expr)
        if function not in ("_+_", "or", "orValue"):
            return None
        plans = [(self._count(each, loops), self.plan(each, loops)) for each in arguments]

        def of(sizes: AnySizes) -> int:
            counts = [plan(sizes)[1] if count is None else count(sizes) for count, plan in plans]
            return sum(counts) if function == "_+_" else max(counts)

        return of

    def _call(self, expr: Any, loops: Loops) -> Plan:
        call = expr.call_expr
        arguments = operands(call)
        parts = [self.plan(each, loops) for each in arguments]
        path = path_of(expr, loops)
        function = call.function
        kinds = [name_of(self._types.get(each.id)) for each in arguments]
        is_scalar = name_of(self._types.get(expr.id)) in _SCALARS
        unknown = None if self._unknown is None else 1 if is_scalar else self._unknown

        def of(sizes: AnySizes) -> Bound:
            found = [part(sizes) for part in parts]
            own, size = _own(function, kinds, [size for _, size in found], unknown)
            if path is not None and path != NEW:
                size = sizes.at(path)
            elif unknown is None and function in _SELECTS:
                size = sizes.largest  # an item may be larger than the list
            return sum(cost for cost, _ in found) + own, size

        return of


def _split(expr: Any, loops: Loops) -> Steps | None:
    """Return the path of the text that an expression splits, if it does: no part of it is larger."""
    return path_of(expr.call_expr.target, loops) if expr.call_expr.function == "split" else None


def _own(function: str, kinds: list[str], sizes: list[int], unknown: int | None) -> Bound:
    """Return the cost of a call without that of its arguments, and the size of its value.

    `unknown` is what the server takes for the size if it knows none, for an estimate.
    """
    first = sizes[0] if sizes else 0
    second = sizes[1] if len(sizes) > 1 else 0
    together = sum(sizes)
    if function in _ACCESSORS:
        return 1, 64 if unknown is None else unknown
    if function in _FIXED or (unknown is None and function in (*_OF_OPTIONALS, *_SELECTS)):
        return 1, max(sizes, default=1)
    if function == "matches":
        return ceil((1 + first) * 0.1) * ceil(second * 0.25) + 1, 1
    if function == "contains":
        return ceil(first * 0.1) * ceil(second * 0.1) + 1, 1
    if function in ("find", "findAll"):
        return ceil((1 + first) * 0.1) * ceil(second * 0.25) + 1, first + 1
    if function == "check":
        return _CHECK, 1
    if function == "validate":
        return ceil((1 + second) * 0.1) * 1000, 100 * (second + 1)
    if function in _COMPARING:
        return 1 + ceil(min(first, second) * 0.1), 1
    if function in ("startsWith", "endsWith"):
        return 1 + ceil(second * 0.1), 1
    if function == "@in":
        return 1 + second, 1
    if function in _TRAVERSED:
        return together * (1 + together) if kinds[0] == "list" or "dyn" in kinds else together + 1, max(sizes)
    if function in _QUADRATIC:
        return 2 * (1 + together) ** 2 + _LIST, together
    if function == "replace":
        return ceil(first * 0.2) + 1, first + (first + 1) * sizes[2]
    if function == "join":
        size = (first + 1) * (first + second + 1)
        return ceil((size if unknown is None else unknown) * 0.2) + 1, size if unknown is None else unknown
    if function == "lists.range":
        return MOST + 1, MOST
    if function in _SHORTENING:
        return 1 + ceil(together * 0.5), first
    if function == "_+_":
        return 1 + ceil(together * 0.1), together
    # Nothing else costs more than reading its arguments a few times.
    return 1 + ceil(together * 0.5), max(together, 64) if unknown is None else unknown


def _at(path: Steps | None) -> Callable[[AnySizes], int]:
    if path == NEW:
        # The list that a loop builds: adding to it does not read it.
        return lambda sizes: 1
    if path is None:
        return lambda sizes: sizes.largest
    known = path
    return lambda sizes: sizes.at(known)
