"""Times as the API server reads them: RFC 3339."""

from __future__ import annotations

import re
from typing import Final

_RFC3339: Final = (
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{1,2}):([0-9]{2}):([0-9]{2})([.,][0-9]+)?(Z|[+-]([0-9]{2}):([0-9]{2}))"
)


_SIX_DIGITS: Final = r".*[.,][0-9]{6}(Z|[+-].*)"


def is_micro_time(text: str) -> bool:
    """Return whether `text` is a time with exactly six digits for the microseconds, such as `2026-01-31T12:00:00.000000Z`
    (k8s.io/apimachinery/pkg/apis/meta/v1: MicroTime).
    """
    return bool(re.fullmatch(_SIX_DIGITS, text)) and is_time(text)


def is_time(text: str) -> bool:
    """Return whether `text` is a time such as `2026-01-31T12:00:00Z`: a date of the calendar, without leap seconds."""
    found = re.fullmatch(_RFC3339, text)
    if not found:
        return False
    year, month, day, hour, minute, second = (int(part) for part in found.groups()[:6])
    zone = [int(part) for part in found.groups()[8:] if part]
    if not 1 <= month <= 12 or hour > 23 or minute > 59 or second > 59 or (zone and (zone[0] > 24 or zone[1] > 60)):
        return False
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 1 <= day <= (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]
