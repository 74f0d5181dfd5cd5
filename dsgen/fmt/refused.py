"""Why a text cannot be formatted."""

from __future__ import annotations

from dsgen.problem import ProblemError, code

CANNOT_FORMAT = code(
    "unsupported-formatting",
    """`dsgen fmt` cannot format this file without a change of its meaning or its comments, so the file is unchanged. For example, a key has an
    anchor, or a line ends with a character other than a line feed.""",
)


class Refused(ProblemError):
    """A text cannot be formatted; it is invalid, or cannot be written back."""
