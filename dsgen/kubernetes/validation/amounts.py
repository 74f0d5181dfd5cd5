"""Amounts that are whole numbers or percentages, such as `maxUnavailable`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.rule import FieldRef
from dsgen.tree import is_integer

# Digits of the largest number of 64 bits.
MAX_DIGITS: Final = 20
_LEADING_NUMBER: Final = "([+-]?)0*([0-9]*)"


def rolling_update(strategy: FieldRef) -> Iterator[FieldRef]:
    """Yield the amounts of a rolling update; nothing if the update of a workload is not rolling."""
    rolling = strategy.child("rollingUpdate")
    if strategy.get("type") == "RollingUpdate" and rolling is not None:
        yield rolling


def amount_errors(value: Any, *, above_all: bool = False) -> list[str]:
    """Return what is wrong with an amount: it must be a whole number, 0 or more, or a percentage up to 100%, unless it may be `above_all`."""
    if is_integer(value):
        return [f"must be 0 or more, got {int(value)}"] if value < 0 else []
    wrong = formats.percent(value)
    if not wrong and not above_all and amount(value) > 100:
        wrong = [f"must be at most 100%, got {value}"]
    return wrong


def amount(value: Any) -> int:
    """Return the number that the server reads, of a percentage that before the sign; anything that is not a number is 0."""
    if not isinstance(value, str):
        return int(value)
    text = value[:-1] if value.endswith("%") and not formats.percent(value) else value
    number = re.match(_LEADING_NUMBER, text)
    # An overflowing number is a number to the server, whatever follows it.
    if not number or not (number[0] == text or len(number[2]) > MAX_DIGITS):
        return 0
    return int(f"{number[1]}0{number[2][:100]}")
