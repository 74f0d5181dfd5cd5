"""Errors as data: what was found, where, what was expected, and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from itertools import islice
from typing import Final, Literal

from dsgen.origin import Origin
from dsgen.record import Record

# Suggestions are searched for at most so many problems of a kind in one text.
SUGGESTIONS: Final = 100
# Suggestions are searched among at most so many words of the user's; of a longer list, so many words are shown.
LOOKED_AT: Final = 30
LISTED: Final = 10
# The notes that an object is validated only in part.
IN_PART: Final = ("unvalidated-expression", "unvalidated-rules", "unvalidated-schema", "unvalidated-policy")

Severity = Literal["error", "warning", "note"]

# What problems call the files that dsgen ships: their paths differ from machine to machine, and nobody can edit them.
PRESET: Final = "preset "
TEMPLATE: Final = "template "


def is_preset(file: str) -> bool:
    """Return whether the name of a file in a problem is that of a preset, locked or not."""
    return file.startswith(PRESET) and re.fullmatch(rf"{PRESET}[a-z0-9-]+(@[0-9A-Za-z.+_-]+)?", file) is not None


def is_shipped(file: str) -> bool:
    """Return whether the name of a file in a problem is that of a preset or of a shipped template."""
    return is_preset(file) or re.fullmatch(rf"{TEMPLATE}[a-z0-9.]+\.j2", file) is not None


class Problem(Record):
    """An error, a warning (probably a mistake), or a note (something that dsgen cannot validate).

    Lines and columns count from 1, and are 0 if the problem has no position; the end is exclusive. `path` is the
    key in the profile (`containers.agent.image`), `field` the field in the manifest, as Kubernetes writes it.
    """

    code: str
    severity: Severity
    message: str
    hint: str = ""
    file: str = ""
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    path: str = ""
    field: str = ""
    # Kubernetes' type of error (Required, Invalid, ...). Empty for dsgen's own problems.
    type: str = ""

    @property
    def formerly(self) -> str:
        """The code's name in the previous release; empty unless it was renamed."""
        from dsgen.formerly import former_names

        return former_names().get(self.code, "")

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        return (
            f"{place}: {self.severity}: {self.message} [{self.code}]"
            if place
            else f"{self.severity}: {self.message} [{self.code}]"
        )


class Code(Record):
    """A kind of problem: its stable name, and the rule in prose that `dsgen explain NAME` prints."""

    name: str
    severity: Severity
    prose: str

    def at(
        self, origin: Origin | None, message: str, *, hint: str = "", path: str = "", field: str = "", file: str = ""
    ) -> Problem:
        """Return a problem of this kind at `origin` (or in `file`, if it has no position)."""
        if origin is None:
            return Problem(self.name, self.severity, message, hint, file, 0, 0, 0, 0, path, field, "")
        return Problem(self.name, self.severity, message, hint, *origin, path, field, "")


CATALOGUE: Final[dict[str, Code]] = {}


def code(name: str, prose: str, severity: Severity = "error") -> Code:
    """Register a kind of problem in the catalogue, once, in the module that reports it.

    Raises ValueError if the name is already used. `dsgen.catalogue` checks everything else about a code.
    """
    if name in CATALOGUE:
        raise ValueError(f"duplicate problem code {name!r}")
    CATALOGUE[name] = entry = Code(name, severity, " ".join(prose.split()))
    return entry


# A callback for problems as they are found.
Reporter = Callable[[Problem], None]


class ProblemError(Exception):
    """An error with its `problems`, at least one."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return `problems` sorted by file and position, without duplicates."""
    unique = dict.fromkeys(problems)
    return sorted(unique, key=lambda p: (p.file, p.line, p.column, p.code, p.field, p.message))


def has_errors(problems: Iterable[Problem]) -> bool:
    """Return whether any of `problems` is an error."""
    return any(problem.severity == "error" for problem in problems)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a hint with the known word closest to `word`, or an empty string."""
    candidates = list(known)
    lower = {candidate.lower(): candidate for candidate in candidates}
    if word.lower() in lower:
        return f"did you mean `{lower[word.lower()]}`?"
    close = closest(word, candidates)
    return f"did you mean `{close}`?" if close else ""


def did_you_mean_code(word: str, codes: Iterable[str]) -> str:
    """Return a hint with the code closest to `word`, by its current or its former name, or an empty string."""
    from dsgen.formerly import former_names, today

    known = list(codes)
    former = [old for new, old in former_names().items() if new in known]
    close = closest(word, [*known, *former])
    return f"did you mean `{today(close)}`?" if close else ""


def closest(word: str, known: Iterable[str]) -> str:
    """Return the known word closest to `word`, or an empty string."""
    # Slow to import, and needed only for mistakes.
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, list(known), n=1)), "")


class Suggestions:
    """Searches for the closest words, a limited number of times per text and among a limited number of words, since it is slow."""

    def __init__(self) -> None:
        self._left = SUGGESTIONS

    def did_you_mean(self, word: str, known: Collection[str]) -> str:
        """Return the result of the function `did_you_mean`, or an empty string once the limit is reached."""
        if not self._left or len(known) > LOOKED_AT:
            return ""
        self._left -= 1
        return did_you_mean(word, known)


def plural(number: int, noun: str) -> str:
    """Return `3 files`, `1 file`."""
    return f"{number} {noun if number == 1 else noun + 's'}"


def comma_list(words: Collection[str]) -> str:
    """Return words as a list; of many, only the first are shown."""
    if len(words) > LOOKED_AT:
        return f"{', '.join(islice(words, LISTED))} and {len(words) - LISTED} more"
    return ", ".join(words)


def dotted(path: Iterable[str | int]) -> str:
    """Write a path as Kubernetes does: `spec.containers[0].env`; a key with a dot or slash is in brackets."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif re.fullmatch(r"[A-Za-z0-9_+*-]+", step):
            text += f".{step}" if text else step
        else:
            text += f"[{step}]"
    return text
