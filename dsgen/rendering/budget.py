"""The state of one rendering: its values, and its remaining steps.

A template may loop, recurse and multiply values; its budget ends it anyway, at the same place on every machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from typing import Any, Final

from dsgen.tree import List, Map, Text

# The limit for all renderings of one profile: some seconds. A large profile takes some ten thousand.
MAX_STEPS: Final = 4_000_000
# The binary digits of a number: more than any field accepts.
MAX_BITS: Final = 256
# The cost of a value in an object: validating and writing it takes longer than evaluating it.
_HELD: Final = 16
_HINT: Final = (
    "look for a loop within a loop, a macro that calls itself, or a value that grows: no object needs so many"
)
# Characters per step: of text that is searched, and of text that is part of a value.
LETTERS: Final = 8
_LETTERS_OF_VALUE: Final = 256


class TemplateError(Exception):
    """An error in a template, found while it is rendered, or before, in a `line` of a `file`."""

    def __init__(self, message: str, file: str = "", line: int = 0) -> None:
        super().__init__(message)
        self.file = file
        self.line = line


class Budget:
    """The remaining steps: evaluating a node of a template is one, and so is reading an entry of a list."""

    __slots__ = ("left",)

    def __init__(self, steps: int = MAX_STEPS) -> None:
        self.left = steps

    def spend(self, steps: int) -> None:
        """Take steps. Raises TemplateError if there are too few."""
        self.left -= steps
        if self.left < 0:
            raise TemplateError(f"the template takes more than {MAX_STEPS:,} steps; {_HINT}")


class Rendering:
    """One rendering: its values, in the order of their handles, and the budget of its profile."""

    __slots__ = ("budget", "held")

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.held: list[object] = []

    def hold(self, value: object) -> int:
        """Store a value, and return the number of its handle."""
        self.budget.spend(_HELD * size(value))
        self.held.append(value)
        return len(self.held) - 1


# The current rendering of this thread.
CURRENT: Final[ContextVar[Rendering]] = ContextVar("rendering")


def spend(steps: int) -> bool:
    """Take steps from the budget of the current rendering, and return true."""
    CURRENT.get().budget.spend(steps)
    return True


def spend_on_letters(number: int) -> None:
    """Take the steps for so many characters."""
    spend(1 + number // LETTERS)


def size(value: object) -> int:
    """Return the size of a value: the number of its keys and values at all levels; long text counts for more.

    Counting stops once the size exceeds the budget.
    """
    if isinstance(value, str):
        return 1 + len(value) // _LETTERS_OF_VALUE
    if not isinstance(value, (dict, list, tuple, range)):
        return 1
    left = CURRENT.get().budget.left
    count = 1
    waiting: list[Any] = [value]
    for each in waiting:
        length = len(each)
        count += length
        if count > left:
            break
        inner: Iterable[Any] = () if isinstance(each, range) else each
        if type(each) is Map:
            # Its keys are text: together they take as long as one in a loop.
            count += length + len("".join(each)) // _LETTERS_OF_VALUE
            inner = each.values()
        elif isinstance(each, dict):
            count += len(each)
            inner = [*each, *each.values()]
        for inside in inner:
            kind = type(inside)
            if kind is Text or kind is str:
                length = len(inside)
                if length >= _LETTERS_OF_VALUE:
                    count += length // _LETTERS_OF_VALUE
            elif kind is Map or kind is List or isinstance(inside, (dict, list, tuple, range)):
                waiting.append(inside)
    return count


def compared(value: Any) -> Any:
    """Take the steps for comparing a value, and return it."""
    if isinstance(value, (str, dict, list, tuple)):
        spend(size(value))
    return value


def counted(values: Iterable[Any]) -> Iterator[Any]:
    """Yield the values, and take a step for each."""
    for each in values:
        spend(1)
        yield each


def spend_on_operator(operator: str, left: Any, right: Any) -> None:
    """Take the steps for an operator before it is applied. Raises TemplateError if the result would be too large a number."""
    for one, other in ((left, right), (right, left)):
        if isinstance(one, str):
            spend_on_letters(len(one))
        elif isinstance(one, (list, tuple)):
            spend(len(one) * (max(other, 1) if operator == "*" and isinstance(other, int) else 1))
    if isinstance(left, int) and isinstance(right, int):
        # The binary digits of both operands limit those of the result.
        one, other = int(left).bit_length(), int(right).bit_length()
        bits = one * max(right, 1) if operator == "**" else one + other if operator == "*" else max(one, other)
        if bits > MAX_BITS:
            raise TemplateError(f"the result of `{operator}` would have more than {MAX_BITS} binary digits")
