"""A line on the terminal that counts profiles, once the run takes longer than a moment."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

import click

Item = TypeVar("Item")


def counted(items: Iterable[Item], total: int, what: str = "profiles") -> Iterator[Item]:
    """Yield the items, of which there are `total`, and count them on the terminal."""
    progress = Progress(total, quiet=False, what=what)
    try:
        for item in items:
            yield item
            progress.step()
    finally:
        progress.end()


class Progress:
    """Counts up to `total`; silent if standard error is not a terminal, or with `quiet`."""

    def __init__(self, total: int, quiet: bool, what: str = "profiles") -> None:
        self._what = what
        self._total = total
        self._done = 0
        self._shown = False
        self._due = time.monotonic() + 1 if sys.stderr.isatty() and not quiet else float("inf")

    def step(self) -> None:
        """Count one more."""
        self._done += 1
        if time.monotonic() >= self._due:
            self._due = time.monotonic() + 0.1
            self._shown = True
            click.echo(f"\r{self._done} of {self._total} {self._what}", nl=False, err=True)

    def end(self) -> None:
        """Clear the line."""
        if self._shown:
            click.echo("\r\x1b[K", nl=False, err=True)
