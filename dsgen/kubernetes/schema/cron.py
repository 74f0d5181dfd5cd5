"""The schedules of CronJobs, as the API server reads them (github.com/robfig/cron/v3: ParseStandard)."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Final

from dsgen.kubernetes.schema.formats import WHITE_SPACE
from dsgen.kubernetes.schema.quantity import MAX_INT64
from dsgen.record import Record

DESCRIPTORS: Final = ("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")
EVERY: Final = "@every "
_INTEGER: Final = re.compile(r"[+-]?[0-9]+")
_DURATION: Final = re.compile(r"([0-9]*)(?:\.([0-9]*))?(ns|us|µs|μs|ms|s|m|h)")
_UNITS: Final = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}  # fmt: skip
_TIME_ZONE_PART: Final = re.compile(r"[A-Za-z.\-_0-9+]{1,14}")


class Field(Record):
    """A field of a schedule: what it is called, its least and its greatest number, and names for the numbers."""

    name: str
    least: int
    most: int
    names: tuple[str, ...] = ()


FIELDS: Final = (
    Field("minute", 0, 59),
    Field("hour", 0, 23),
    Field("day of the month", 1, 31),
    Field("month", 1, 12, ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")),
    Field("day of the week", 0, 6, ("sun", "mon", "tue", "wed", "thu", "fri", "sat")),
)


def schedule_error(schedule: str) -> str:
    """Return what is wrong with a schedule; empty if nothing is. A time zone in front of it must be known."""
    for prefix in ("TZ=", "CRON_TZ="):
        if schedule.startswith(prefix):
            zone, blank, rest = schedule.removeprefix(prefix).partition(" ")
            if not blank or not is_location(zone):
                return f"{zone!r} is not a known time zone"
            schedule = rest.strip(WHITE_SPACE)
            break
    if schedule.startswith("@"):
        return _descriptor_error(schedule)
    parts = [part for part in re.split(f"[{re.escape(WHITE_SPACE)}]+", schedule) if part]
    if len(parts) != len(FIELDS):
        return f"must have 5 fields (minute, hour, day of the month, month, day of the week), or be one of {', '.join(DESCRIPTORS)}; got {len(parts)}"
    for part, field in zip(parts, FIELDS, strict=True):
        for each in filter(None, part.split(",")):
            if wrong := _range_error(each, field):
                return f"{field.name}: {wrong}"
    return ""


def _descriptor_error(text: str) -> str:
    if text in DESCRIPTORS or (text.startswith(EVERY) and _is_duration(text.removeprefix(EVERY))):
        return ""
    if text.startswith(EVERY):
        return f"{text.removeprefix(EVERY)!r} is not a duration such as `1h30m`"
    return f"{text!r} is not one of {', '.join(DESCRIPTORS)} or `@every 1h`"


def _range_error(text: str, field: Field) -> str:
    """Return what is wrong with `*`, a number, a range such as `1-5`, or one of these with a step: `*/5`."""
    limits, *steps = text.split("/")
    ends = limits.split("-")
    if ends[0] in ("*", "?"):
        first, last = field.least, field.most
    else:
        numbers = [_number(each, field) for each in ends[:2]]
        if len(ends) > 2 or None in numbers:
            return f"{limits!r} is not a number{' or a name' if field.names else ''}, or a range of two"
        first, last = numbers[0] or 0, numbers[-1] or 0
    if len(steps) > 1:
        return f"{text!r} has more than one `/`"
    if steps:
        step = _integer(steps[0])
        if step is None or step < 1:
            return f"the step in {text!r} must be a number, 1 or more"
        last = field.most if len(ends) == 1 else last
    if first < field.least or last > field.most:
        return f"{text!r} is not between {field.least} and {field.most}"
    return f"{text!r} ends before it begins" if first > last else ""


def _number(text: str, field: Field) -> int | None:
    name = text.lower()
    return field.names.index(name) + field.least if name in field.names else _integer(text)


def _integer(text: str) -> int | None:
    """Return a number, 0 or more; None for any other text."""
    if not _INTEGER.fullmatch(text) or len(text) > 400:
        return None
    number = int(text)
    return number if 0 <= number <= MAX_INT64 else None


def _is_duration(text: str) -> bool:
    """Return whether Go's time.ParseDuration reads a text."""
    signed = text[1:] if text[:1] in ("-", "+") else text
    if signed == "0":
        return True
    total, end = 0, 0
    for part in _DURATION.finditer(signed):
        whole, fraction, unit = part.groups()
        if part.start() != end or not (whole or fraction) or len(whole) > 400:
            return False
        end = part.end()
        digits = fraction or ""
        total += int(whole or 0) * _UNITS[unit] + int(digits[:18] or 0) * _UNITS[unit] // 10 ** len(digits[:18])
    return bool(end) and end == len(signed) and total <= MAX_INT64 + (text[:1] == "-")


@cache
def time_zones() -> frozenset[str]:
    """Return the names of the time zones in the database that the API server embeds (`scripts/make_time_zones.py`)."""
    return frozenset(json.loads(Path(__file__).with_name("time_zones.json").read_bytes()))


def is_location(name: str) -> bool:
    """Return whether the server can load a time zone."""
    return name in ("", "UTC", "Local") or name in time_zones()


def time_zone_error(name: str) -> str:
    """Return what is wrong with the `timeZone` of a CronJob; empty if nothing is."""
    if not name:
        return "must not be empty: leave it out for the time zone of the controller"
    parts = name.split("/")
    wrong = any(part in (".", "..") or part[:1] == "-" or not _TIME_ZONE_PART.fullmatch(part) for part in parts)
    if wrong or name.lower() == "local" or not is_location(name):
        return f"{name!r} is not the name of a time zone, such as `Europe/Berlin` or `Etc/UTC`"
    return ""
