"""Rules of the simplest kinds, each declared in a line: a field is required, one of some words, of a format, or in a range, or a list has
nothing twice.

    PORT = Fields("container.ports", "a port", SOURCE)
    PORT.in_range("out-of-range-container-port", "containerPort", 1, 65535)

The prose is generated: "The `containerPort` of a port must be between 1 and 65535."
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from dsgen.kubernetes.validation.rule import FieldError, FieldRef, repeated_values, rule

Names = str | tuple[str, ...]
# Yields what is wrong with the value of a field.
Test = Callable[[FieldRef, str, Any], Iterable[FieldError]]


# The words of each field that `one_of` declares, by scope and field.
DECLARED_WORDS: Final[dict[tuple[str, str], tuple[str, ...]]] = {}


class Fields:
    """The fields of the parts of a `scope`, such as `container.ports`; `owner` is such a part in the prose, "a port" or "`hostPath`".

    Each method declares a rule for a field, or for several. A field that is unset or empty is skipped, as the server does in most places. With
    `empty`, empty text and 0 are checked; with `missing`, an unset field is checked as if it were empty; with `required`, both are errors of
    the type Required. `note` is a sentence to add to the prose. `source` and what else `@rule` takes can be given too.
    """

    def __init__(self, scope: str, owner: str, source: str) -> None:
        self.scope = scope
        self.owner = owner
        self.source = source
        self.module = sys._getframe(1).f_globals["__name__"]

    def required(self, code: str, names: Names, detail: str = "must be set", **facts: Any) -> None:
        """Declare that a field must be set, and not be empty."""
        self._declare(code, names, detail, None, "", required=True, **facts)

    def one_of(self, code: str, names: Names, words: tuple[str, ...], *, default: str = "", **facts: Any) -> None:
        """Declare that the value must be one of the `words`, of which one may be the `default`. Errors are of the type NotSupported."""

        def test(node: FieldRef, name: str, value: Any) -> Iterator[FieldError]:
            if value not in words:
                yield node.not_supported(name, value, words)

        DECLARED_WORDS.update(((self.scope, name), words) for name in ((names,) if isinstance(names, str) else names))
        either = _joined([f"`{word}`{' (the default)' if word == default else ''}" for word in words], "or")
        self._declare(code, names, f"must be {either}", test, "", **facts)

    def has_format(self, code: str, names: Names, format: Callable[[str], list[str]], **facts: Any) -> None:
        """Declare that the value must have a format, a function of `schema.formats`. Errors are of the type Invalid."""

        def test(node: FieldRef, name: str, value: Any) -> Iterable[FieldError]:
            return node.invalid_each(name, format(value))

        prose = (format.__doc__ or "").partition("\n")[0].rstrip(".")
        self._declare(code, names, f"must be {prose[:1].lower()}{prose[1:]}", test, "", **facts)

    def in_range(self, code: str, names: Names, least: int, most: int | None = None, **facts: Any) -> None:
        """Declare that the number must be at least `least`, and at most `most`. Errors are of the type Invalid."""
        limits = f"must be {least} or more" if most is None else f"must be between {least} and {most}"

        def test(node: FieldRef, name: str, value: Any) -> Iterator[FieldError]:
            if value < least or (most is not None and value > most):
                yield node.invalid(name, f"{limits}, got {int(value)}")

        self._declare(code, names, limits, test, 0, **facts)

    def unique(self, code: str, names: Names, **facts: Any) -> None:
        """Declare that the list must have nothing twice. Errors are of the type Duplicate."""

        def test(node: FieldRef, name: str, value: Any) -> Iterator[FieldError]:
            for index, item in repeated_values(value):
                yield node.duplicate((name, index), f"duplicate {str(item)!r}")

        self._declare(code, names, "must be unique", test, "", **facts)

    def _declare(
        self,
        code: str,
        names: Names,
        wanted: str,
        test: Test | None,
        unset: str | int,
        *,
        source: str = "",
        note: str = "",
        empty: bool = False,
        missing: bool = False,
        required: str | bool = False,
        **facts: Any,
    ) -> None:
        each_name = (names,) if isinstance(names, str) else names
        detail = required if isinstance(required, str) else wanted

        def check_one(node: FieldRef, name: str) -> Iterable[FieldError]:
            value = node.get(name)
            if required and not value:
                return (node.required(name, detail),)
            if test is not None and (value or (empty and value is not None) or missing):
                return test(node, name, unset if value is None else value)
            return ()

        # Nearly all rules are about one field: without another call, they take a third less.
        only = each_name[0]
        plain_test = test if not required and not missing and not empty else None

        def check(node: FieldRef) -> Iterable[FieldError]:
            if plain_test is None:
                return check_one(node, only)
            value = node.value.get(only)
            return plain_test(node, only, value) if value else ()

        def check_all(node: FieldRef) -> Iterable[FieldError]:
            return [error for name in each_name for error in check_one(node, name)]

        check = check if len(each_name) == 1 else check_all
        prose = wanted if len(each_name) == 1 else wanted.replace("must ", "must each ", 1)
        check.__doc__ = f"{self._subject(each_name)} {prose}.{note and ' '}{note}"
        check.__module__ = self.module
        if len(each_name) == 1 and not missing and not required:
            facts.setdefault("when", each_name[0])
        rule(self.scope, source=source or self.source, code=code, **facts)(check)

    def _subject(self, names: tuple[str, ...]) -> str:
        if self.owner.startswith("`"):
            return _joined([f"{self.owner[:-1]}.{name}`" for name in names], "and")
        return f"The {_joined([f'`{name}`' for name in names], 'and')} of {self.owner}"


def _joined(words: list[str], by: str) -> str:
    return f" {by} ".join(filter(None, (", ".join(words[:-1]), words[-1])))
