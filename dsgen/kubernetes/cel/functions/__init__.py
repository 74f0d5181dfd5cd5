"""Functions for expressions that the library does not have. Each takes its arguments as one list."""

from __future__ import annotations

from typing import Any, Final

from dsgen.kubernetes.cel.functions import quantities, versions
from dsgen.kubernetes.cel.functions.addresses import ADDRESSES
from dsgen.kubernetes.cel.functions.lists import LISTS
from dsgen.kubernetes.cel.functions.quantities import QUANTITIES
from dsgen.kubernetes.cel.functions.strings import STRINGS
from dsgen.kubernetes.cel.functions.values import Function, is_opaque
from dsgen.kubernetes.cel.functions.versions import VERSIONS


def _compared(arguments: list[Any]) -> int:
    return (quantities.compare if is_opaque("Quantity", arguments[0]) else versions.compare)(arguments)


# Name → the function; members have their target as the first argument. They raise ValueError with the server's message.
FUNCTIONS: Final[dict[str, Function]] = {
    **STRINGS,
    **LISTS,
    **QUANTITIES,
    **VERSIONS,
    **ADDRESSES,
    "compareTo": _compared,
    "isGreaterThan": lambda arguments: _compared(arguments) > 0,
    "isLessThan": lambda arguments: _compared(arguments) < 0,
}
# Functions that the library has as Kubernetes does, operators included.
ALIKE: Final = frozenset(
    (
        *("_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "_+_", "_-_", "_*_", "_/_", "_%_", "-_", "!_", "_&&_", "_||_"),
        *("_?_:_", "_[_]", "_[?_]", "_?._", "@in", "@not_strictly_false", "size", "has", "type", "dyn"),
        *("uint", "string", "bool", "bytes", "timestamp", "duration", "contains", "startsWith"),
        *("endsWith", "matches", "getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear"),
        *("getHours", "getMinutes", "getSeconds", "getMilliseconds", "optional.of", "optional.none"),
        *("optional.ofNonZeroValue", "hasValue", "value", "or", "orValue", "optMap", "optFlatMap", "sets.contains"),
        *("sets.equivalent", "sets.intersects", "charAt", "lowerAscii", "upperAscii", "replace", "split", "substring"),
        *("trim", "strings.quote", "join", "slice", "flatten", "lists.range", "reverse", "distinct", "sort"),
        "@sortByAssociatedKeys",
    )
)
