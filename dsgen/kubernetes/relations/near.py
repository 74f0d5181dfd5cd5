"""Names that are nearly the same, found in linear time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

# Shorter names are too often close to another one by chance.
_SHORTEST: Final = 5


class NearNames:
    """A set of names, and which of them another one is close to: the same but for case, separators, or one letter of each."""

    def __init__(self, names: Iterable[str]) -> None:
        self._known: dict[str, str] = {}
        for name in names:
            for form in _forms(name):
                self._known.setdefault(form, name)

    def near(self, name: str) -> str:
        """Return a name of the set that is close to `name`, or an empty string.

        Names that differ in digits only, such as `node`, `node-1` and `node-2`, are not close.
        """
        for form in _forms(name):
            known = self._known.get(form)
            if known is not None and known != name and not _differ_in_digits(known, name):
                return known
        return ""


def _differ_in_digits(one: str, other: str) -> bool:
    return re.sub("[0-9]", "", one).strip("-._") == re.sub("[0-9]", "", other).strip("-._")


def _forms(name: str) -> Iterator[str]:
    """Yield the forms of a name that one close to it has too: with one letter less, or without separators."""
    plain = re.sub("[-._]", "", name.casefold())
    yield plain
    if len(plain) >= _SHORTEST:
        for index in range(len(plain)):
            yield plain[:index] + plain[index + 1 :]
