"""Problems of shipped files, at a line of the user's."""

from __future__ import annotations

from dsgen.origin import Origin
from dsgen.problem import Problem, is_shipped


def at_own_line(problem: Problem, own: Origin | None) -> Problem:
    """Return a problem of a shipped file at the place `own` of the user's, which names the shipped line; any other one as it is."""
    return moved(problem, own, "in") if own and is_shipped(problem.file) else problem


def moved(problem: Problem, place: Origin, relation: str) -> Problem:
    """Return a problem at another place, with where it was found in the message."""
    file, line, column, end_line, end_column = place
    message = f"{problem.message} ({relation} {problem.file}:{problem.line})"
    return problem._replace(
        message=message, file=file, line=line, column=column, end_line=end_line, end_column=end_column
    )
