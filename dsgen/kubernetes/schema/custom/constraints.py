"""The limits that a schema sets to a single value: its enum, and how long, large or many it may be."""

from __future__ import annotations

from collections.abc import Iterator, Sized
from decimal import Decimal
from typing import Any, Final

from dsgen.kubernetes.schema.custom import wording
from dsgen.kubernetes.schema.custom.codes import LENGTH, RANGE, VALUE
from dsgen.kubernetes.schema.custom.findings import Finding
from dsgen.kubernetes.schema.custom.numbers import MOST_EXACT, number_of
from dsgen.kubernetes.schema.custom.schema import Schema
from dsgen.kubernetes.schema.paths import field_path
from dsgen.plain import plain
from dsgen.tree import Null, Path

# Before, no range of a number was checked.
_RANGES_SINCE: Final = 36
_INT64: Final = 2**63
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
    if factor is not None:
        if not _takes(factor, schema, minor):
            yield _misfit("multipleOf", factor, path)
            factor = float(factor)
            is_multiple = _is_multiple(float(number), factor)
        else:
            is_multiple = _is_multiple(number, _cut(factor) if is_whole else factor)
        if not is_multiple:
            yield Finding(RANGE, "Invalid", path, field, f"must be a multiple of {factor}, got {wording.number(value)}")
    for keyword, sign, words in (
        ("maximum", 1, ("at most", "less than")),
        ("minimum", -1, ("at least", "more than")),
    ):
        limit = schema.raw.get(keyword)
        if limit is None:
            continue
        takes = _takes(limit, schema, minor)
        if not takes:
            yield _misfit(keyword, limit, path)
        # The limit of a whole number is cut to one.
        bound = _cut(limit) if is_whole and takes else limit
        excluded = bool(schema.raw.get(f"exclusive{keyword.capitalize()}"))
        if (number - bound) * sign > 0 or (excluded and number == bound):
            message = f"must be {words[excluded]} {wording.number(limit)}, got {wording.number(value)}"
            if bound != limit and abs(limit) >= _INT64:
                message += f": the server reads {wording.number(limit)} as {bound}, since it does not fit into 64 bits"
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


def _takes(limit: float, schema: Schema, minor: int) -> bool:
    """Return whether a limit is a number of the type and the format of the schema, as the server asks of it."""
    if minor < _RANGES_SINCE:
        return True
    if schema.types == ("integer",):
        bits = 32 if schema.raw.get("format") == "int32" else 64
        # As Go writes it: with as few digits as the number needs, and zeros.
        written = Decimal(repr(float(limit)))
        return written == int(written) and -(2 ** (bits - 1)) <= written < 2 ** (bits - 1)
    return schema.raw.get("format") != "float" or abs(limit) <= _MOST_FLOAT


def _misfit(keyword: str, limit: float, path: Path) -> Finding:
    """Return the error of a limit that is not a number of the type. The server names no place."""
    message = f"the `{keyword}` of the schema, {wording.number(limit)}, is not a number of its type and format"
    return Finding(RANGE, "Invalid", path, "", message)


def _cut(limit: float) -> int:
    """Return a limit as Go makes a 64-bit number of it. One that does not fit becomes the smallest."""
    number = float(limit)
    return int(number) if -_INT64 <= number < _INT64 else -_INT64


def _is_multiple(number: int | float, factor: float) -> bool:
    if isinstance(number, int):
        whole = int(factor)
        return whole > 0 and number % whole == 0
    if factor <= 0:
        return False
    quotient = 1 / factor * number if factor < 1 else number / factor
    return abs(quotient) <= MOST_EXACT and float(quotient).is_integer()
