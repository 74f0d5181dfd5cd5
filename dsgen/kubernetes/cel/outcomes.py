"""What compiling or evaluating an expression results in."""

from __future__ import annotations

from typing import Any, Final

from dsgen.record import Record


class Evaluated(Record):
    """The value of an expression, as plain Python data."""

    value: Any


class Failed(Record):
    """An error of the evaluation, in the server's words as far as they are known: `no such key: a`."""

    message: str


class Unevaluated(Record):
    """Whether the server compiles an expression, or what it evaluates it to, is not known, for a reason."""

    reason: str


class CompileError(Record):
    """The server does not compile an expression, and says why."""

    message: str


Outcome = Evaluated | Failed | Unevaluated

TRUE: Final = Evaluated(True)
FALSE: Final = Evaluated(False)
