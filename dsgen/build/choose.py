"""What a project and the comments in its files decide about the warnings of a run."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from dsgen.choices import Allowed, decided
from dsgen.problem import Problem, is_shipped
from dsgen.project.project import Project
from dsgen.reading import MANIFESTS, read_file


def chosen(problems: Iterable[Problem], project: Project, suppressed: list[Allowed] | None = None) -> list[Problem]:
    """Return the problems without the warnings that are allowed, which are added to `suppressed`, and with those that are errors as errors."""
    return decided(problems, project.checks.choices, text_of, suppressed)


def text_of(file: str) -> bytes:
    """Return the content of one of the user's files, by its name in problems; empty if it cannot be read."""
    if file in ("", "-") or is_shipped(file):
        return b""
    try:
        return read_file(Path(file), limit=MANIFESTS)
    except (OSError, ValueError):
        return b""
