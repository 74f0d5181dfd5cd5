"""Functions of quantities (k8s.io/apiserver/pkg/cel/library: quantity.go)."""

from __future__ import annotations

import math
from typing import Any, Final

from dsgen.kubernetes.cel.functions.values import Function, UnknownResultError, is_valid, opaque, revealed, text_of
from dsgen.kubernetes.schema.quantity import MAX_INT64, MIN_INT64, Quantity, parse

_TYPE: Final = "Quantity"
_WRONG: Final = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
_MANY: Final = 300


def _of(value: Any) -> Quantity:
    number, scale, wide = revealed(_TYPE, value)
    return Quantity(int(number), scale, wide=wide)


def _written(quantity: Quantity) -> Any:
    # A number may not fit in 64 bits.
    return opaque(_TYPE, [str(quantity.number), quantity.scale, quantity.wide])


def _parsed(text: Any) -> Quantity:
    stated = text_of(text)
    if stated != stated.strip() or any(mark.isspace() for mark in stated):
        raise ValueError(_WRONG)
    try:
        found = parse(stated)
    except ValueError:
        raise ValueError(_WRONG) from None
    if abs(found.scale) > _MANY:
        raise UnknownResultError("a quantity with so large an exponent")
    return found


def _quantity(arguments: list[Any]) -> Any:
    return _written(_parsed(arguments[0]))


def compare(arguments: list[Any]) -> int:
    """Return -1, 0 or 1, as the first quantity is below, at or above the second."""
    return _of(arguments[0]).compare(_of(arguments[1]))


def _as_integer(arguments: list[Any]) -> int | None:
    found = _of(arguments[0])
    if found.wide or found.scale < 0:
        return None
    whole = found.number * 10**found.scale
    return whole if MIN_INT64 <= whole <= MAX_INT64 else None


def _integer(arguments: list[Any]) -> int:
    found = _as_integer(arguments)
    if found is None:
        raise ValueError("cannot convert value to integer")
    return found


def _float(arguments: list[Any]) -> float:
    found = _of(arguments[0])
    if not found.scale:
        return float(found.number)
    return float(found.number) * math.pow(10, found.scale)


def _sign(arguments: list[Any]) -> int:
    number = _of(arguments[0]).number
    return (number > 0) - (number < 0)


def _added(arguments: list[Any], sign: int) -> Any:
    first, second = _of(arguments[0]), arguments[1]
    other = Quantity(second) if isinstance(second, int) else _of(second)
    if first.wide or other.wide:
        raise UnknownResultError("a sum of quantities that do not fit in 64 bits")
    scale = min(first.scale, other.scale)
    total = first.number * 10 ** (first.scale - scale) + sign * other.number * 10 ** (other.scale - scale)
    if not MIN_INT64 <= total <= MAX_INT64:
        raise UnknownResultError("a sum of quantities that does not fit in 64 bits")
    return _written(Quantity(total, scale))


QUANTITIES: Final[dict[str, Function]] = {
    "quantity": _quantity,
    "isQuantity": is_valid(_quantity),
    "sign": _sign,
    "asApproximateFloat": _float,
    "asInteger": _integer,
    "isInteger": lambda arguments: _as_integer(arguments) is not None,
    "add": lambda arguments: _added(arguments, 1),
    "sub": lambda arguments: _added(arguments, -1),
}
