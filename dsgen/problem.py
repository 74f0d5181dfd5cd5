"""Errors as data: what was found, where, what would be right, and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from itertools import islice
from typing import Final, Literal

from dsgen.record import Record
from dsgen.tree import Origin

# For so many faults of a kind in a text a suggestion is looked for.
SUGGESTIONS: Final = 100
# Among so many words that a user states one is looked for; of more, so many are listed.
LOOKED_AT: Final = 30
LISTED: Final = 10

Severity = Literal["error", "warning", "note"]


class Problem(Record):
    """One thing that is wrong, or (a warning) that is likely not meant, or (a note) that nothing is known of.

    Lines and columns count from 1 and are 0 when no text is to blame; the end is exclusive. `path` is the
    place in the profile (`containers.agent.image`), `field` the one in the manifest, as Kubernetes writes it.
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
    # What Kubernetes would say: its kind of error (Required, Invalid, ...). Empty for dsgen's own problems.
    type: str = ""

    @property
    def formerly(self) -> str:
        """The name that the code had in the release before; empty unless it was renamed."""
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
        """Return a problem of this kind at `origin` (or in `file`, when no text is to blame)."""
        if origin is None:
            return Problem(self.name, self.severity, message, hint, file, path=path, field=field)
        return Problem(self.name, self.severity, message, hint, *origin, path=path, field=field)


CATALOGUE: Final[dict[str, Code]] = {}


def code(name: str, prose: str, severity: Severity = "error") -> Code:
    """Enter a kind of problem into the catalogue, once, where it is raised.

    Raises ValueError for a name that is taken. What else a code needs, `dsgen.catalogue` looks after.
    """
    if name in CATALOGUE:
        raise ValueError(f"problem code {name!r} is taken")
    CATALOGUE[name] = entry = Code(name, severity, " ".join(prose.split()))
    return entry


# Who is given problems as they are found.
Reporter = Callable[[Problem], None]


class ProblemError(Exception):
    """What a caller cannot go on from: carries its `problems`, at least one."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return `problems` by file and position, each once."""
    unique = dict.fromkeys(problems)
    return sorted(unique, key=lambda p: (p.file, p.line, p.column, p.code, p.field, p.message))


def has_errors(problems: Iterable[Problem]) -> bool:
    """Tell whether any of `problems` is an error."""
    return any(problem.severity == "error" for problem in problems)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a hint that names the known word most like `word`, or an empty text."""
    candidates = list(known)
    lower = {candidate.lower(): candidate for candidate in candidates}
    if word.lower() in lower:
        return f"did you mean `{lower[word.lower()]}`?"
    close = closest(word, candidates)
    return f"did you mean `{close}`?" if close else ""


def did_you_mean_code(word: str, codes: Iterable[str]) -> str:
    """Return a hint that names the code most like `word`, by today's name or by the former one, or an empty text."""
    from dsgen.formerly import former_names, today

    known = list(codes)
    former = [old for new, old in former_names().items() if new in known]
    close = closest(word, [*known, *former])
    return f"did you mean `{today(close)}`?" if close else ""


def closest(word: str, known: Iterable[str]) -> str:
    """Return the known word most like `word`, or an empty text."""
    # A slow import that only mistakes need.
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, list(known), n=1)), "")


class Suggestions:
    """Looks for words that are most like others, so many times for one text and among so many: that takes long, and nobody reads more."""

    def __init__(self) -> None:
        self._left = SUGGESTIONS

    def did_you_mean(self, word: str, known: Collection[str]) -> str:
        """Return what the function `did_you_mean` does, or an empty text where it is not looked for."""
        if not self._left or len(known) > LOOKED_AT:
            return ""
        self._left -= 1
        return did_you_mean(word, known)


def listed(words: Collection[str]) -> str:
    """Return words as a list, of which the first are shown where there are many."""
    if len(words) > LOOKED_AT:
        return f"{', '.join(islice(words, LISTED))} and {len(words) - LISTED} more"
    return ", ".join(words)


def dotted(path: Iterable[str | int]) -> str:
    """Write a path as Kubernetes does: `spec.containers[0].env`; a key with a dot or slash stands in brackets."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif re.fullmatch(r"[A-Za-z0-9_+*-]+", step):
            text += f".{step}" if text else step
        else:
            text += f"[{step}]"
    return text
