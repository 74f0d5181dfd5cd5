"""Functions of semantic versions (k8s.io/apiserver/pkg/cel/library: semverlib.go)."""

from __future__ import annotations

import re
from typing import Any, Final

from dsgen.kubernetes.cel.functions.values import (
    Function,
    NoOverloadError,
    UnknownResultError,
    is_valid,
    opaque,
    revealed,
    text_of,
)
from dsgen.kubernetes.schema.quantity import MAX_INT64

_TYPE: Final = "Semver"
_NUMBER: Final = r"(0|[1-9][0-9]*)"
_PART: Final = r"[0-9A-Za-z-]+"
_VERSION: Final = re.compile(
    rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-({_PART}(?:\.{_PART})*))?(?:\+({_PART}(?:\.{_PART})*))?", re.ASCII
)
_MOST: Final = 2**64 - 1


def _parsed(arguments: list[Any]) -> Any:
    text = text_of(arguments[0])
    if len(arguments) > 1:
        if not isinstance(arguments[1], bool):
            raise NoOverloadError
        text = _normalized(text) if arguments[1] else text
    found = _VERSION.fullmatch(text)
    if not found:
        raise ValueError(f"invalid semantic version {text!r}")
    numbers = [int(found[each]) for each in (1, 2, 3)]
    before = found[4].split(".") if found[4] else []
    if any(number > _MOST for number in numbers) or any(
        each.isdigit() and ((len(each) > 1 and each[0] == "0") or int(each) > _MOST) for each in before
    ):
        raise ValueError(f"invalid semantic version {text!r}")
    return opaque(_TYPE, [list(map(str, numbers)), before])


def _normalized(text: str) -> str:
    parts = text.removeprefix("v").split(".", 2)
    for index, part in enumerate(parts):
        if len(part) > 1:
            short = part.lstrip("0")
            parts[index] = short if short[:1].isdigit() and short[:1].isascii() else f"0{short}"
    if len(parts) < 3:
        if re.search("[+-]", parts[-1]):
            raise ValueError("short version cannot contain PreRelease/Build meta data")
        parts += ["0"] * (3 - len(parts))
    return ".".join(parts)


def compare(arguments: list[Any]) -> int:
    """Return -1, 0 or 1, as the first version is below, at or above the second."""
    first, second = (revealed(_TYPE, each) for each in arguments)
    a, b = (list(map(int, each[0])) for each in (first, second))
    if a != b:
        return -1 if a < b else 1
    if not first[1] or not second[1]:
        return bool(second[1]) - bool(first[1])
    a, b = ([_rank(part) for part in each[1]] for each in (first, second))
    return (a > b) - (a < b)


def _rank(part: str) -> Any:
    return (0, int(part), "") if part.isdigit() else (1, 0, part)


def _number(index: int) -> Function:
    def of(arguments: list[Any]) -> int:
        found = int(revealed(_TYPE, arguments[0])[0][index])
        if found > MAX_INT64:
            raise UnknownResultError(f"the number {found} of a version")
        return found

    return of


VERSIONS: Final[dict[str, Function]] = {
    "semver": _parsed,
    "isSemver": is_valid(_parsed),
    "major": _number(0),
    "minor": _number(1),
    "patch": _number(2),
}
