"""Quantities: `500m`, `1.5Gi`, `1e3`, as k8s.io/apimachinery/pkg/api/resource reads them.

A quantity is a whole number times a power of ten, so nothing is lost. Kubernetes keeps small ones in 64 bits and
computes some of its checks with wrap-around. Those checks are reproduced here with all their oddities.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

DECIMAL: Final = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
BINARY: Final = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
_SUFFIXES: Final = {exponent: suffix for suffix, exponent in DECIMAL.items()}
_BINARY_SUFFIXES: Final = {exponent // 10: suffix for suffix, exponent in BINARY.items()}

NANO: Final = -9
MILLI: Final = -3
MIN_INT64: Final = -(2**63)
MAX_INT64: Final = 2**63 - 1
# The digits that a 64-bit number can hold whatever they are (Kubernetes' maxInt64Factors).
FAST_DIGITS: Final = 18
# Exponents are not limited, so `1e1000000000` is a quantity; do not write it out.
MANY_DIGITS: Final = 10_000
_READABLE: Final = 10**100

_SHAPE = re.compile(r"([+-]?)0*([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)", re.ASCII).fullmatch
_EXPONENT = re.compile(r"[eE]([+-]?[0-9]+)", re.ASCII).fullmatch
# What Go trims around a JSON string: control characters are escapes there, not spaces.
_SPACES = " \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"


class Quantity:
    """An amount of a resource: `number` times ten to the power of `scale`.

    `text` is how it was written, if that is the canonical form. `wide` means that it did not fit in 64 bits.
    """

    __slots__ = ("format", "number", "scale", "text", "wide")

    def __init__(
        self, number: int, scale: int = 0, format: str = "decimal", text: str = "", wide: bool = False
    ) -> None:
        self.number = number
        self.scale = scale if number else 0
        self.format = format
        self.text = text
        self.wide = wide

    def compare(self, other: Quantity) -> int:
        """Return a number below, at or above 0, as this quantity is below, at or above the `other`."""
        a, b = self.number, other.number
        if self.scale != other.scale and a and b:
            if (a > 0) != (b > 0):
                return 1 if a > 0 else -1
            difference = self.scale - other.scale
            if abs(difference) > MANY_DIGITS:
                larger = difference > 0
                return 1 if larger == (a > 0) else -1
            a, b = (a * 10**difference, b) if difference > 0 else (a, b * 10**-difference)
        return (a > b) - (a < b)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Quantity) and self.compare(other) == 0

    def __lt__(self, other: Quantity) -> bool:
        return self.compare(other) < 0

    def __le__(self, other: Quantity) -> bool:
        return self.compare(other) <= 0

    def __gt__(self, other: Quantity) -> bool:
        return self.compare(other) > 0

    def __ge__(self, other: Quantity) -> bool:
        return self.compare(other) >= 0

    def __hash__(self) -> int:
        number, scale = _without_factors(self.number, 10)
        return hash((number, scale + self.scale))

    def __bool__(self) -> bool:
        return self.number != 0

    def __add__(self, other: Quantity) -> Quantity:
        if not self or not other:
            return self or other
        large, small = (self, other) if self.scale >= other.scale else (other, self)
        if large.scale - small.scale > MANY_DIGITS:
            return large
        return Quantity(large.number * 10 ** (large.scale - small.scale) + small.number, small.scale, self.format)

    def rounded(self) -> Quantity:
        """Return this quantity rounded away from zero to thousandths, as in resource lists."""
        if self.scale >= MILLI:
            return self
        return Quantity(_rounded_away(self.number, MILLI - self.scale), MILLI, self.format, "", self.wide)

    @property
    def is_whole(self) -> bool:
        """Whether Kubernetes reads this as a whole number. It counts thousandths in 64 bits, which may wrap around."""
        return self.thousandths % 1000 == 0

    @property
    def whole(self) -> int:
        """The quantity as a 64-bit integer, as Kubernetes converts it: rounded up."""
        return self._scaled(0)

    @property
    def thousandths(self) -> int:
        """The number of thousandths as a 64-bit integer, which may wrap around."""
        return self._scaled(MILLI)

    def _scaled(self, scale: int) -> int:
        shift = self.scale - scale
        if shift < 0:
            return _wrapped(_rounded_away(self.number, -shift))
        if self.wide or shift in (0, 1, 2, 3, 6, 9):
            return _wrapped(self.number * 10 ** min(shift, 64))
        result = self.number * 10**shift if shift <= FAST_DIGITS else 0
        return result if abs(result) <= MAX_INT64 else 0

    def __str__(self) -> str:
        """The canonical text, as the API server writes it."""
        if self.text or not self.number:
            return self.text or "0"
        if abs(self.number) > _READABLE:
            # Such as the sum of `1` and `1e4000`: its first digits decide.
            digits = int(self.number.bit_length() * 0.30103) - 20
            return str(Quantity(_rounded_away(self.number, digits), self.scale + digits, "exponent"))
        if self.format == "binary" and self._fits_binary():
            number = self.number * 10**self.scale if self.scale >= 0 else self.number // 10**-self.scale
            number, times = _without_factors(number, 1024)
            return f"{number}{_BINARY_SUFFIXES.get(times, '')}"
        number, times = _without_factors(self.number, 10)
        scale = self.scale + times
        number, scale = number * 10 ** (scale % 3), scale - scale % 3
        if self.format == "exponent":
            return f"{number}e{scale}" if scale else str(number)
        return f"{number}{_SUFFIXES.get(scale, '')}"

    def _fits_binary(self) -> bool:
        if abs(self).compare(Quantity(1024)) < 0:
            return False
        return self.scale >= 0 or self.number % 10**-self.scale == 0

    def __abs__(self) -> Quantity:
        return Quantity(abs(self.number), self.scale, self.format, "", self.wide)

    def __repr__(self) -> str:
        return f"Quantity({str(self)!r})"


ZERO: Final = Quantity(0, text="0")


def parse(value: Any) -> Quantity:
    """Return the quantity of a string or a number; that of null is 0.

    Raises ValueError if it is invalid.
    """
    if isinstance(value, str):
        return _parse(str.__str__(value).strip(_SPACES))
    if isinstance(value, int):
        return _parse(int.__repr__(value))
    if isinstance(value, float):
        return _parse(json_number(value))
    return ZERO


def json_number(number: float) -> str:
    """Return a float as Go writes it in JSON: digits up to 1e21, then an exponent."""
    text = float.__repr__(number)
    mantissa, _, exponent = text.partition("e")
    if exponent and 1e-6 <= abs(number) < 1e21:
        from decimal import Decimal  # for the few numbers that Python writes with an exponent and Go without

        return format(Decimal(text), "f")
    mantissa = mantissa.removesuffix(".0")
    return f"{mantissa}e{exponent[0]}{exponent[1:].lstrip('0')}" if exponent else mantissa


@lru_cache(maxsize=4096)
def _parse(text: str) -> Quantity:
    if text == "0":
        return ZERO
    if len(text) > 1000:
        raise ValueError(f"{text[:20]!r} and {len(text) - 20} more characters are not a valid quantity")
    found = _SHAPE(text)
    if not found or not text:
        raise ValueError(f"{text!r} is not a valid quantity{_advice(text)}")
    sign, digits, decimals, suffix = found.groups(default="")
    digits = digits or "0"
    format, exponent = _suffix(suffix, text)
    if format == "binary":
        factor, scale = 2**exponent, -len(decimals)
        fast = not decimals and len(digits) + exponent * 3 // 10 <= FAST_DIGITS - 4
    else:
        factor, scale = 1, exponent - len(decimals)
        fast = len(digits) + len(decimals) <= FAST_DIGITS and scale >= NANO
    written = int(digits + decimals)
    amount = (-written if sign == "-" else written) * factor
    if fast:
        return Quantity(amount, scale, format, text if _is_canonical(digits + decimals, scale, format) else "")
    if not re.search("[0-9]", text.removesuffix(suffix)):
        raise ValueError(f"{text!r} is not a valid quantity: it has no digits")
    return _wide(amount, scale, format)


def _suffix(suffix: str, text: str) -> tuple[str, int]:
    if suffix in DECIMAL:
        return "decimal", DECIMAL[suffix]
    if suffix in BINARY:
        return "binary", BINARY[suffix]
    found = _EXPONENT(suffix)
    if not found or not MIN_INT64 <= int(found[1]) <= MAX_INT64:
        raise ValueError(f"{text!r} is not a valid quantity{_advice(text)}")
    return "exponent", (int(found[1]) + 2**31) % 2**32 - 2**31


def _advice(text: str) -> str:
    found = re.fullmatch("[+-]?[0-9.]+ *([A-Za-z]+)", text)
    if not found:
        return ", such as `100m`, `0.5`, `2` or `128Mi`"
    if found[1] in (*BINARY, *DECIMAL):
        return ": remove the space"
    meant = found[1].lower().removesuffix("b")
    # `MB` does not mean thousandths, which come first among the decimal suffixes.
    known = (*BINARY, *reversed(DECIMAL))
    close = next((f"; `{each}` may be intended" for each in known if each and each.lower() == meant), "")
    return f": the suffix `{found[1]}` is unknown{close}"


def _is_canonical(digits: str, scale: int, format: str) -> bool:
    if format == "binary":
        return int(digits) % 8 != 0
    return scale % 3 == 0 and not digits.endswith("000") and digits[0] != "0"


def _wide(amount: int, scale: int, format: str) -> Quantity:
    if amount and scale < NANO:
        amount, scale = _rounded_away(amount, NANO - scale), NANO
    result = Quantity(amount, scale, format, wide=True)
    if format == "binary":
        if abs(result) > Quantity(MAX_INT64):
            return Quantity(MAX_INT64 if amount > 0 else -MAX_INT64, 0, format, wide=True)
        if result and abs(result) < Quantity(1):
            result.format = "decimal"
    return result


def _rounded_away(number: int, digits: int) -> int:
    if digits > MANY_DIGITS:
        return (number > 0) - (number < 0)
    power: int = 10**digits
    whole, rest = divmod(abs(number), power)
    whole += 1 if rest else 0
    return whole if number >= 0 else -whole


def _wrapped(number: int) -> int:
    return (number + 2**63) % 2**64 - 2**63


def _without_factors(number: int, factor: int) -> tuple[int, int]:
    times = 0
    while number and number % factor == 0:
        number //= factor
        times += 1
    return number, times
