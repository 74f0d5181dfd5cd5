"""How Kubernetes' own YAML reader (go-yaml v2) reads a plain scalar: as null, a boolean, a number or a string."""

from __future__ import annotations

import re
from typing import Any, Final

from dsgen.origin import Origin
from dsgen.tree import NULLS, Boolean, Float, Integer, Null, Text

TRUE: Final = frozenset({"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"})
FALSE: Final = frozenset({"n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"})
NOT_FINITE: Final = {
    **dict.fromkeys((".nan", ".NaN", ".NAN"), "nan"),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), "inf"),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), "-inf"),
}
_INTEGER: Final = r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|([1-9][0-9]*|0))"
_SIGNED_BINARY: Final = r"0b([-+][01]+)"
_FLOAT: Final = r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
# The last characters of a number; `200Mi` and `10.0.0.0/8-net` need no closer look.
_ENDS: Final = frozenset("0123456789abcdefABCDEF._")
_DOTTED_FLOAT: Final = r"\.[0-9](_?[0-9])*([eE][-+]?[0-9](_?[0-9])*)?"


def resolve(text: str, origin: Origin | None) -> Any:
    """Return the value of the plain scalar `text`: null, a boolean, a number, or a string."""
    if text in NULLS:
        return Null(origin)
    if text in TRUE:
        return Boolean.at(True, origin, text)
    if text in FALSE:
        return Boolean.at(False, origin, text)
    if text in NOT_FINITE:
        return Float.at(float(NOT_FINITE[text]), origin, text)
    number: int | float | None = None
    if text.isdecimal() and text.isascii() and text[0] != "0" and len(text) < 19:
        number = int(text)
    elif text[0] in "+-0123456789" and text[-1] in _ENDS:
        number = _number(text.replace("_", ""))
    elif text[0] == "." and re.fullmatch(_DOTTED_FLOAT, text):
        number = _finite(text.replace("_", ""))
    if number is None:
        return Text.at(text, origin, True)
    if isinstance(number, int):
        return Integer.at(number, origin, text)
    return Float.at(number, origin, text)


def _number(text: str) -> int | float | None:
    found = re.fullmatch(_INTEGER, text)
    if found and len(text) < 1000:
        sign, hexadecimal, binary, octal, decimal = found.groups()
        digits, base = (
            (hexadecimal, 16) if hexadecimal else (binary, 2) if binary else (octal, 8) if octal else (decimal, 10)
        )
        number = int(sign + digits, base)
        if -(2**63) <= number < 2**63 or (not sign and number < 2**64):
            return number
    if re.fullmatch(_FLOAT, text):
        return _finite(text)
    odd = re.fullmatch(_SIGNED_BINARY, text)
    return int(odd[1], 2) if odd and len(text) < 64 else None


def _finite(text: str) -> float | None:
    number = float(text)
    return None if number in (float("inf"), float("-inf")) else number


def float_key(number: float) -> str:
    """Return a float as the server writes it as a key: the shortest string with the same value in 32 bits."""
    import struct

    if number != number:
        return ".nan"
    try:
        short = struct.unpack("f", struct.pack("f", number))[0]
    except OverflowError:
        short = float("inf") if number > 0 else float("-inf")
    if short in (float("inf"), float("-inf")):
        return ".inf" if short > 0 else "-.inf"
    for precision in range(9):
        text = f"{number:.{precision}e}"
        if struct.unpack("f", struct.pack("f", float(text)))[0] == short:
            break
    if -4 <= int(text.partition("e")[2]) < 6:
        from decimal import Decimal

        return format(Decimal(text), "f")
    return text
