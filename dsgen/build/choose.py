"""What a project and the comments in its files decide about the warnings of a run."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from dsgen.choices import decided
from dsgen.problem import Problem, is_shipped
from dsgen.project.project import Project
from dsgen.reading import MANIFESTS, read_file


def chosen(problems: Iterable[Problem], project: Project) -> list[Problem]:
    """Return the problems without the warnings that are allowed, and with those that are errors as errors."""
    return decided(problems, project.checks.choices, _text)


def _text(file: str) -> bytes:
    if file in ("", "-") or is_shipped(file):
        return b""
    try:
        return read_file(Path(file), limit=MANIFESTS)
    except (OSError, ValueError):
        return b""
