"""The limits that a schema sets to a single value: its enum, and how long, large or many it may be."""

from __future__ import annotations

from collections.abc import Iterator, Sized
from typing import Any, Final

from dsgen.kubernetes.schema.custom import wording
from dsgen.kubernetes.schema.custom.codes import LENGTH, RANGE, VALUE
from dsgen.kubernetes.schema.custom.findings import Finding
from dsgen.kubernetes.schema.custom.numbers import MOST_EXACT, number_of
from dsgen.kubernetes.schema.custom.schema import Schema
from dsgen.kubernetes.schema.paths import field_path
from dsgen.tree import Null, Path, plain

# Before, no range of a number was checked.
_RANGES_SINCE: Final = 36
# The largest number that rounds to one of 32 bits.
_MOST_FLOAT: Final = 3.4028235677973366e38


def outside_enum(value: Any, schema: Schema, path: Path) -> Iterator[Finding]:
    """Yield what is wrong with a value that is none of the schema's `enum`."""
    if not schema.enum:
        return
    stated = plain(value)
    if type(value) is Null or not any(_equal(stated, each) for each in schema.enum):
        yield Finding(VALUE, "NotSupported", path, field_path(path), *wording.not_one_of(stated, schema.enum))


def outside_length(value: str, schema: Schema, path: Path) -> Iterator[Finding]:
    """Yield what is wrong with the number of characters of a string."""
    most, least = schema.raw.get("maxLength"), schema.raw.get("minLength")
    field, length = field_path(path), len(value)
    if most is not None and length > most:
        yield Finding(LENGTH, "TooLong", path, field, f"must have at most {most} characters, got {length}")
    elif least is not None and length < least:
        yield Finding(LENGTH, "Invalid", path, field, *wording.too_short(value, least))


def outside_range(value: Any, schema: Schema, path: Path, minor: int) -> Iterator[Finding]:
    """Yield what is wrong with a number: of too many bits, no multiple, or outside of the limits."""
    number, field = number_of(value), field_path(path)
    is_whole = isinstance(number, int)
    if minor >= _RANGES_SINCE and schema.types == ("integer",):
        bits = 32 if schema.raw.get("format") == "int32" else 64
        if isinstance(number, float) or not -(2 ** (bits - 1)) <= number < 2 ** (bits - 1):
            yield Finding(RANGE, "Invalid", path, field, f"{wording.number(value)} does not fit into {bits} bits")
    if minor >= _RANGES_SINCE and schema.raw.get("format") == "float" and abs(number) > _MOST_FLOAT:
        yield Finding(RANGE, "Invalid", path, field, f"{wording.number(value)} does not fit into 32 bits")
    factor = schema.raw.get("multipleOf")
    if factor is not None and not _is_multiple(number, factor):
        yield Finding(RANGE, "Invalid", path, field, f"must be a multiple of {factor}, got {wording.number(value)}")
    for keyword, sign, words in (
        ("maximum", 1, ("at most", "less than")),
        ("minimum", -1, ("at least", "more than")),
    ):
        limit = schema.raw.get(keyword)
        if limit is None:
            continue
        # The limit of a whole number is cut to one.
        bound = int(limit) if is_whole else limit
        excluded = bool(schema.raw.get(f"exclusive{keyword.capitalize()}"))
        if (number - bound) * sign > 0 or (excluded and number == bound):
            message = f"must be {words[excluded]} {wording.number(limit)}, got {wording.number(value)}"
            yield Finding(RANGE, "Invalid", path, field, message)


def outside_size(value: Sized, least: int | None, most: int | None, path: Path, parts: str) -> Iterator[Finding]:
    """Yield what is wrong with the number of `parts` of a list or map."""
    size, field = len(value), field_path(path)
    if least is not None and size < least:
        yield Finding(LENGTH, "Invalid", path, field, f"must have at least {least} {parts}, got {size}")
    if most is not None and size > most:
        yield Finding(LENGTH, "TooMany", path, field, f"must have at most {most} {parts}, got {size}")


def _equal(stated: Any, allowed: Any) -> bool:
    if isinstance(stated, bool) or isinstance(allowed, bool):
        return stated is allowed
    if isinstance(allowed, int) and isinstance(stated, float):
        return int(stated) == allowed
    return bool(stated == allowed)


def _is_multiple(number: int | float, factor: float) -> bool:
    if isinstance(number, int):
        whole = int(factor)
        return whole > 0 and number % whole == 0
    if factor <= 0:
        return False
    quotient = 1 / factor * number if factor < 1 else number / factor
    return abs(quotient) <= MOST_EXACT and float(quotient).is_integer()
