"""Sets of characters in a pattern, as ranges of code points."""

from __future__ import annotations

from typing import Final

from dsgen.kubernetes.schema.custom.pattern_errors import UnsupportedPatternError

LAST_CODE: Final = 0x10FFFF
Ranges = tuple[tuple[int, int], ...]


def _ranges(text: str) -> Ranges:
    return tuple((ord(pair[0]), ord(pair[-1])) for pair in text.split())


CLASSES: Final = {
    "d": _ranges("09"),
    "w": _ranges("09 AZ _ az"),
    "s": ((9, 10), (12, 13), (32, 32)),
}
POSIX: Final = {
    "alnum": _ranges("09 AZ az"), "alpha": _ranges("AZ az"), "ascii": ((0, 127),), "blank": ((9, 9), (32, 32)),
    "cntrl": ((0, 31), (127, 127)), "digit": _ranges("09"), "graph": _ranges("!~"), "lower": _ranges("az"),
    "print": ((32, 126),), "punct": ((33, 47), (58, 64), (91, 96), (123, 126)), "space": ((9, 13), (32, 32)),
    "upper": _ranges("AZ"), "word": _ranges("09 AZ _ az"), "xdigit": _ranges("09 AF af"),
}  # fmt: skip
ANY: Final[Ranges] = ((0, LAST_CODE),)
NOT_NEWLINE: Final[Ranges] = ((0, 9), (11, LAST_CODE))


def negated(ranges: Ranges) -> Ranges:
    """Return all other characters."""
    found: list[tuple[int, int]] = []
    after = 0
    for low, high in sorted(ranges):
        if low > after:
            found.append((after, low - 1))
        after = max(after, high + 1)
    return (*found, *(((after, LAST_CODE),) if after <= LAST_CODE else ()))


def folded(ranges: Ranges) -> Ranges:
    """Return what matches without regard to case: of ASCII. Raises UnsupportedPatternError for other letters."""
    found = list(ranges)
    for low, high in ranges:
        if low > 127 or (high > 127 and high != LAST_CODE):
            raise UnsupportedPatternError("`(?i)` with letters other than those of ASCII")
        for first, last, off in ((65, 90, 32), (97, 122, -32)):
            start, end = max(low, first), min(high, last)
            if start <= end:
                found.append((start + off, end + off))
    # The Kelvin sign and the long s are the only others that fold to a letter of ASCII.
    for letter, other in (("k", 0x212A), ("s", 0x17F)):
        if any(low <= ord(letter) <= high for low, high in found):
            found.append((other, other))
    return tuple(found)
