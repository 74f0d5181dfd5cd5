"""The formats of strings that the API server checks by a schema (k8s.io/kube-openapi/pkg/validation/strfmt).

Each test returns None where dsgen does not know the server's answer.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from datetime import date
from typing import Final

from dsgen.kubernetes.schema import cidr, formats

_HEX: Final = "[0-9a-fA-F]"


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.ASCII)
    return lambda text: compiled.fullmatch(text) is not None


def _uuid(third: str, fourth: str = f"{_HEX}{{4}}") -> Callable[[str], bool]:
    return _matches(f"{_HEX}{{8}}-?{_HEX}{{4}}-?{third}-?{fourth}-?{_HEX}{{12}}")


def _is_date(text: str) -> bool:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        return False
    year, month, day = map(int, text.split("-"))
    try:
        date(year or 4, month, day)  # Go has a year 0, which is a leap year
    except ValueError:
        return False
    return True


def _is_datetime(text: str) -> bool | None:
    day, _, time = text.lower().partition("t")
    if not text.isascii():
        return None
    time = time.split("t")[0]
    found = re.match(r"([0-9]{2}):([0-9]{2}):([0-9]{2})(.[0-9]+)?(z|[+-][0-9]{2}:[0-9]{2})\Z", time)
    in_range = found is not None and found[1] <= "23" and found[2] <= "59" and found[3] <= "59"
    return _is_date(day) and in_range


# What a number may be followed by in a duration of Scala, besides what Go reads: a prefix of the word for the unit is enough.
_UNITS: Final = ("nano", "micro", "milli", "sec", "min", "hour", "day", "week")
_SHORT: Final = frozenset({"ns", "us", "µs", "ms", "s", "m", "h", "hr", "d", "w", "wk"})


def _is_duration(text: str) -> bool | None:
    if not text.isascii():
        return None
    if text.lstrip("+-") == "0" and len(text) <= 2:
        return True
    numbers = re.findall(r"(\d+)\s*([A-Za-z]+)", text, re.ASCII)
    if re.search(r"\d{19}", text):
        return None  # may be out of range
    if re.fullmatch(r"[+-]?((\d+\.?\d*|\.\d+)(ns|us|ms|s|m|h))+", text, re.ASCII):
        return True
    units = [unit.lower() for _, unit in numbers]
    return any(unit in _SHORT or unit.startswith(_UNITS) for unit in units)


def _is_ipv6(text: str) -> bool:
    if ":" not in text or not re.fullmatch("[0-9a-fA-F.:]+", text):
        return False
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_mac(text: str) -> bool:
    pair, four = f"{_HEX}{{2}}", f"{_HEX}{{4}}"
    sizes = ((5, 2), (7, 3), (19, 9))
    forms = [
        form
        for pairs, fours in sizes
        for form in (f"{pair}(:{pair}){{{pairs}}}", f"{pair}(-{pair}){{{pairs}}}", rf"{four}(\.{four}){{{fours}}}")
    ]
    return any(re.fullmatch(form, text) for form in forms)


def _is_hostname(text: str) -> bool | None:
    if not text.isascii() or re.search(r"[$+<=>^`|~]", text):
        return None  # symbols and letters of Unicode
    label = "[a-zA-Z0-9](-?[a-zA-Z0-9]{0,62})?"
    dotted = r"([a-zA-Z0-9](([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)\.)+[a-zA-Z]{2,63}"
    # As in Go, the anchors belong to one alternative each, and the second is repeated before its last part.
    starts, ends = re.match(label, text), re.search(rf"({dotted})\Z", text)
    if re.fullmatch(label, text) or re.fullmatch(dotted, text):
        valid = True
    elif starts is None and ends is None:
        valid = False
    else:
        return None if len(text) <= 255 else False
    return valid and len(text) <= 255 and all(len(part) <= 63 for part in text.split("."))


def _is_email(text: str) -> bool | None:
    if "@" not in text:
        return False
    word = "[A-Za-z0-9_-]+"
    return True if re.fullmatch(rf"{word}(\.{word})*@{word}(\.{word})*", text, re.ASCII) else None


def _is_uri(text: str) -> bool | None:
    if not text or text[0] == ":":
        return False
    if re.fullmatch(r"(https?://[a-zA-Z0-9.-]+(:[0-9]{1,5})?(/[a-zA-Z0-9._~/-]*)?|/[a-zA-Z0-9._~/-]*)", text):
        return True
    return None if "/" in text or ":" in text else False


def _unknown(_: str) -> bool | None:
    return None


# By the format's name without hyphens.
_FORMATS: Final[dict[str, Callable[[str], bool | None]]] = {
    "bsonobjectid": _matches(f"{_HEX}{{24}}"),
    "byte": _matches("([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})"),
    "cidr": lambda text: cidr.parse(text) is not None,
    "creditcard": _unknown,
    "date": _is_date,
    "datetime": _is_datetime,
    "duration": _is_duration,
    "email": _is_email,
    "hexcolor": _matches(f"#?({_HEX}{{3}}|{_HEX}{{6}})"),
    "hostname": _is_hostname,
    "ipv4": lambda text: "." in text and cidr.parse(f"{text}/0") is not None,
    "ipv6": _is_ipv6,
    "isbn": _unknown,
    "isbn10": _unknown,
    "isbn13": _unknown,
    "mac": _is_mac,
    "password": lambda _: True,
    "rgbcolor": _unknown,
    "ssn": _matches(r"\d{3}[- ]\d{2}[- ]\d{4}"),
    "uri": _is_uri,
    "uuid": _uuid(f"{_HEX}{{4}}"),
    "uuid3": _uuid(f"3{_HEX}{{3}}"),
    "uuid4": _uuid(f"4{_HEX}{{3}}", f"[89abAB]{_HEX}{{3}}"),
    "uuid5": _uuid(f"5{_HEX}{{3}}", f"[89abAB]{_HEX}{{3}}"),
}
# Since 1.34.
_NAMES: Final[dict[str, Callable[[str], bool | None]]] = {
    "k8sshortname": lambda text: not formats.dns_label(text),
    "k8slongname": lambda text: not formats.dns_subdomain(text),
}
NAMES_SINCE: Final = 34


def test_of(name: str, minor: int) -> Callable[[str], bool | None] | None:
    """Return the test of the format `name` for a string in a minor version (37 for `1.37`), or None for a format that is ignored."""
    plain = name.replace("-", "")
    return _FORMATS.get(plain) or (_NAMES.get(plain) if minor >= NAMES_SINCE else None)
