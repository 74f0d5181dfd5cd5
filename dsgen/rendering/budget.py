"""What belongs to one rendering: the values it holds, and how much it may still do.

A template may loop, call itself and multiply what it has; its budget ends it all the same, at the same place on every machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from typing import Any, Final

# The steps of all renderings of one profile, some seconds. A large profile takes some ten thousand.
MAX_STEPS: Final = 4_000_000
# The binary digits of a number: more than any field takes.
MAX_BITS: Final = 256
# What a value costs that goes into an object: it is judged and written, which takes longer than evaluating it.
_HELD: Final = 16
_HINT: Final = (
    "look for a loop within a loop, a macro that calls itself, or a value that grows: no object needs as much"
)
# Letters for a step: of text that is looked through, and of text that is part of a value.
LETTERS: Final = 8
_LETTERS_OF_VALUE: Final = 256


class TemplateError(Exception):
    """A template asks for something that cannot be; found while it is rendered, or before, in a `line` of a `file`."""

    def __init__(self, message: str, file: str = "", line: int = 0) -> None:
        super().__init__(message)
        self.file = file
        self.line = line


class Budget:
    """The steps that are left: a node of a template that is evaluated is one, or an entry of a list that is looked at."""

    __slots__ = ("left",)

    def __init__(self, steps: int = MAX_STEPS) -> None:
        self.left = steps

    def spend(self, steps: int) -> None:
        """Take steps. Raises TemplateError when there are not as many."""
        self.left -= steps
        if self.left < 0:
            raise TemplateError(f"the template takes more than {MAX_STEPS:,} steps; {_HINT}")


class Rendering:
    """One rendering: the values that it holds, in the order of their handles, and the budget of its profile."""

    __slots__ = ("budget", "held")

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.held: list[object] = []

    def hold(self, value: object) -> int:
        """Keep a value, and return the number of its handle."""
        self.budget.spend(_HELD * size(value))
        self.held.append(value)
        return len(self.held) - 1


# The rendering that goes on in this thread.
CURRENT: Final[ContextVar[Rendering]] = ContextVar("rendering")


def spend(steps: int) -> bool:
    """Take steps from the budget of the rendering that goes on, and return true."""
    CURRENT.get().budget.spend(steps)
    return True


def spend_on_letters(number: int) -> None:
    """Take the steps for so many letters."""
    spend(1 + number // LETTERS)


def size(value: object) -> int:
    """Return how many values a value is made of, its keys and what is inside it too; long text counts for more.

    Of a value that is larger than the budget, only so much is counted as shows it.
    """
    if isinstance(value, str):
        return 1 + len(value) // _LETTERS_OF_VALUE
    if not isinstance(value, (dict, list, tuple, range)):
        return 1
    left = CURRENT.get().budget.left
    count = 1
    waiting: list[Any] = [value]
    while waiting and count <= left:
        each = waiting.pop()
        if isinstance(each, dict):
            each = [*each, *each.values()]
        count += len(each)
        for inside in () if isinstance(each, range) else each:
            if isinstance(inside, str):
                count += len(inside) // _LETTERS_OF_VALUE
            elif isinstance(inside, (dict, list, tuple, range)):
                waiting.append(inside)
    return count


def compared(value: Any) -> Any:
    """Take the steps for a value that is compared, and return it."""
    if isinstance(value, (str, dict, list, tuple)):
        spend(size(value))
    return value


def counted(values: Iterable[Any]) -> Iterator[Any]:
    """Yield the values, each for a step."""
    for each in values:
        spend(1)
        yield each


def spend_on_operator(operator: str, left: Any, right: Any) -> None:
    """Take the steps for an operator before it is applied. Raises TemplateError for a number that is too large."""
    for one, other in ((left, right), (right, left)):
        if isinstance(one, str):
            spend_on_letters(len(one))
        elif isinstance(one, (list, tuple)):
            spend(len(one) * (max(other, 1) if operator == "*" and isinstance(other, int) else 1))
    if isinstance(left, int) and isinstance(right, int):
        # By the binary digits of both, those of the result are known.
        one, other = int(left).bit_length(), int(right).bit_length()
        bits = one * max(right, 1) if operator == "**" else one + other if operator == "*" else max(one, other)
        if bits > MAX_BITS:
            raise TemplateError(f"`{operator}` on numbers that make one of more than {MAX_BITS} binary digits")
