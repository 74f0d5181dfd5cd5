"""Conversion of text to numbers and booleans: only of spellings that mean the same to every YAML parser."""

from __future__ import annotations

import re
from typing import Final

from dsgen.profile.shape_problems import FORBIDDEN_NULL_IN_LIST, INVALID_TYPE, Convert, ReportPart
from dsgen.source import describe
from dsgen.tree import Boolean, Integer, List, Map, Null, Text, Value

DECIMAL: Final = re.compile(r"-?(?:0|[1-9][0-9]*)")
_MODE: Final = r"0o?([0-7]{1,4})"
_TRUTHY: Final = frozenset({"yes", "no", "on", "off", "y", "n", "true", "false"})
_SWITCHES: Final = _TRUTHY - {"y", "n"}
BITS: Final = {"int32": 31, "int64": 63}


def text(value: Value, report: ReportPart) -> Value:
    """Keep a scalar as it is spelled."""
    if not isinstance(value, Text):
        report(INVALID_TYPE, value, f"expected text, got {describe(value)}", "write one value, not a list or a map")
    return value


def is_switch(value: Text) -> bool:
    """Return whether unquoted text is a boolean to some YAML parser, and so a mistake as a name."""
    return value.plain and value.lower() in _SWITCHES


def no_name(key: str, value: Text) -> tuple[str, str]:
    """Return the message and the hint for such a word under a key that takes a name or a map with `create`."""
    made = f"write `{key}: {{create: true}}`"
    hint = made if _means_true(value) else "remove it, or write `null` to override a layer that sets it"
    return f"expected a name or a map, got {describe(value)}", f"{hint}; if this is a name, quote it"


def _means_true(word: str) -> bool:
    return word.lower() in ("yes", "on", "y", "true")


def boolean(value: Value, report: ReportPart) -> Value:
    """Convert `true` or `false`, unquoted."""
    hint = "write `true` or `false`"
    if isinstance(value, Text):
        if value.plain and (value == "true" or value == "false"):
            return Boolean.at(value == "true", value.origin)
        lower = value.lower()
        if lower in _TRUTHY:
            hint = f"write `{'true' if _means_true(lower) else 'false'}`, without quotes"
    report(INVALID_TYPE, value, f"expected `true` or `false`, got {describe(value)}", hint)
    return value


def integer(bits: int, mode: bool = False) -> Convert:
    """Return a conversion to an integer of 31 or 63 `bits`; with `mode`, an octal file mode is accepted too."""

    def convert(value: Value, report: ReportPart) -> Value:
        if isinstance(value, Text) and value.plain:
            if DECIMAL.fullmatch(value):
                # Python refuses to parse a number of some thousand digits.
                if len(value) > 20 or not -(2**bits) <= int(value) < 2**bits:
                    found = f"{str(value)[:30]} is out of range"
                    report(INVALID_TYPE, value, found, f"write a number from -2^{bits} to 2^{bits}-1")
                    return value
                return Integer.at(int(value), value.origin, str(value))
            octal = re.fullmatch(_MODE, value) if mode else None
            if octal:
                return Integer.at(int(octal[1], 8), value.origin, str(value))
        if isinstance(value, Text) and not value.plain and DECIMAL.fullmatch(value):
            hint = f"remove the quotes: write {value}"
        elif mode:
            hint = "write an octal mode such as 0644"
        elif isinstance(value, Text) and re.fullmatch(r"[+-]?[0-9_]+", value):
            hint = "write decimal digits without a sign, underscores or leading zeros"
        else:
            hint = "write decimal digits"
        report(INVALID_TYPE, value, f"expected a number, got {describe(value)}", hint)
        return value

    return convert


def int_or_string(value: Value, report: ReportPart) -> Value:
    """Convert plain decimal digits to a number, and keep anything else as text."""
    if not isinstance(value, Text):
        return text(value, report)
    if value.plain and DECIMAL.fullmatch(value):
        return _INT32(value, report)
    return value


_INT32: Final = integer(BITS["int32"])


def resolved(value: Text) -> Text | Boolean | Integer:
    """Return the boolean or number that unquoted text unambiguously is, or the text itself."""
    if value.plain:
        if value == "true" or value == "false":
            return Boolean.at(value == "true", value.origin)
        if DECIMAL.fullmatch(value) and len(value) < 20:
            return Integer.at(int(value), value.origin, str(value))
    return value


def free(value: Value, report: ReportPart) -> Value:
    """Accept anything: unquoted `true`, `false` and decimal numbers are converted, everything else stays text."""
    if isinstance(value, Text):
        return resolved(value)
    if isinstance(value, Map):
        return Map(((key, free(child, report)) for key, child in value.items()), value.origin, "{any}")
    if isinstance(value, List):
        for child in value:
            if isinstance(child, Null):
                report(FORBIDDEN_NULL_IN_LIST, child, "null in a list", 'write `""`, `{}`, or remove the entry')
        return List((free(child, report) for child in value), value.origin)
    return value
