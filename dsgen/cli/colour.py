"""Colours of what commands print: on a terminal only, and not if the environment variable NO_COLOR is set."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from typing import Final, TextIO

import click

# The beginning of a line, and its colour; the first that fits.
Rules = Iterable[tuple[str, str]]
UNIFIED_DIFF: Final = ((r"(---|\+\+\+) ", "bright_black"), (r"\+", "green"), (r"-", "red"), (r"@@ ", "cyan"))
EFFECT: Final = (
    (r"(    )?\+ ", "green"),
    (r"(    )?- ", "red"),
    (r"(    )?! ", "red"),
    (r"~ ", "yellow"),
    (r"\S+ ", "cyan"),
)
PLAN: Final = ((r"\S.*: 0 of \d+ nodes?$", "yellow"), (r"\S.*: \d+ of \d+ nodes?$", "green"), (r"  not on ", "yellow"))
TESTS: Final = ((r"passed: ", "green"), (r"", "red"))


def is_coloured(stream: TextIO) -> bool:
    """Return whether what is printed to a stream may have colours."""
    return stream.isatty() and "NO_COLOR" not in os.environ


def echo_lines(text: str, rules: Rules, err: bool = False) -> None:
    """Print lines of text, in colours on a terminal, on standard output or standard error."""
    colour = is_coloured(sys.stderr if err else sys.stdout)
    if colour:
        text = "".join(_coloured(line, rules) for line in text.splitlines(keepends=True))
    click.echo(text, nl=False, err=err, color=colour)


def _coloured(line: str, rules: Rules) -> str:
    shown = line.rstrip("\n")
    found = next((colour for begin, colour in rules if re.match(begin, shown)), None)
    return click.style(shown, fg=found) + line[len(shown) :] if found else line
