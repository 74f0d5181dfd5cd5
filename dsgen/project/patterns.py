"""Path patterns as in `glob`, except that a folder that cannot be listed is an error.

`glob` skips a folder that it cannot list, and the files in it would count as removed.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from glob import has_magic
from itertools import takewhile

from dsgen.reading import is_below, outside
from dsgen.record import Record


def literal_parts(parts: Iterable[str]) -> list[str]:
    """Return the parts of a pattern before the first with a wildcard."""
    return list(takewhile(lambda part: not has_magic(part), parts))


class Match(Record):
    """A match of a pattern: its path below the root, and its type. If none of the three is set, it is a pipe or the like."""

    path: str
    is_file: bool
    is_folder: bool
    is_link: bool


class Patterns:
    """Matches patterns below the folder `root`; lists each folder once, and none that is not below `within`.

    Wildcards do not match names that begin with one of `hidden`, unless the pattern begins with it too.
    """

    def __init__(self, root: str, within: str, hidden: tuple[str, ...] = (".",)) -> None:
        self._root = root
        self._within = os.path.realpath(within)
        self._hidden = hidden
        self._listed: dict[str, list[tuple[str, Match]]] = {}

    def find(self, pattern: str) -> Iterator[Match]:
        """Yield all matches of a pattern, unordered.

        `**` matches any number of folders, and enters none twice, even through symlinks. Raises OSError for a folder that cannot be
        listed, and for a symlink on the way that is broken or leads to a folder that is not below `within`; ValueError for an invalid path.
        """
        parts = [part for part in pattern.replace(os.sep, "/").split("/") if part not in ("", os.curdir)]
        parts += [""] * pattern.endswith("/")  # only a folder matches
        if not parts:
            yield Match("", False, True, False)
            return
        seen: set[tuple[str, int]] = set()
        given: set[str] = set()
        start = os.path.realpath(self._root)
        if not is_below(start, self._within):
            raise outside(self._root)
        todo = [("", start, 0)]
        # Symlinks come last: a folder that is found under its own name too keeps that.
        links: list[tuple[str, str, int]] = []
        while todo or links:
            path, real, at = todo.pop() if todo else links.pop()
            if (real, at) in seen:
                continue
            seen.add((real, at))
            for name, found, following in self._steps(path, parts, at):
                if following == len(parts):
                    if found.path not in given:
                        given.add(found.path)
                        yield found
                elif found.is_link or name == os.pardir:
                    links.append((found.path, self._real(os.path.join(real, name), found), following))
                else:
                    todo.append((found.path, os.path.join(real, name) if name else real, following))

    def _real(self, path: str, found: Match) -> str:
        real = os.path.realpath(path)
        if not is_below(real, self._within):
            raise outside(os.path.join(self._root, found.path))
        return real

    def _steps(self, path: str, parts: list[str], at: int) -> Iterator[tuple[str, Match, int]]:
        """Yield what the part `at` of the pattern matches in a folder, by name, and the number of the next part."""
        part, last = parts[at], at + 1 == len(parts)
        if not has_magic(part):
            found = self._look(path, part)
            if found is not None and (last or self._leads_on(found)):
                yield part, found, at + 1
            return
        if part == "**":
            yield "", Match(path, False, True, False), at + 1
        for name, found in self._list(path):
            if name.startswith(self._hidden) and not part.startswith(self._hidden):
                continue
            if part != "**":
                if fnmatch(name, part) and (last or self._leads_on(found)):
                    yield name, found, at + 1
            elif last and not found.is_folder:
                yield name, found, at + 1
            elif found.is_folder or (
                found.is_link and self._leads_on(found, at + 2 == len(parts) and fnmatch(name, parts[at + 1]))
            ):
                yield name, found, at

    def _list(self, path: str) -> list[tuple[str, Match]]:
        if path not in self._listed:
            before = f"{path}{os.sep}" if path else ""
            with os.scandir(os.path.join(self._root, path)) as entries:
                self._listed[path] = [(each.name, _match(before, each)) for each in entries]
        return self._listed[path]

    def _look(self, path: str, name: str) -> Match | None:
        below = os.path.join(path, name)
        try:
            mode = os.lstat(os.path.join(self._root, below)).st_mode
        except (FileNotFoundError, NotADirectoryError):
            return None
        return Match(below, stat.S_ISREG(mode), stat.S_ISDIR(mode), stat.S_ISLNK(mode))

    def _leads_on(self, found: Match, is_meant: bool = False) -> bool:
        """Return whether something is a folder, or a symlink to one. Raises OSError for a broken symlink, unless the pattern ends with it."""
        if not found.is_link:
            return found.is_folder
        try:
            return stat.S_ISDIR(os.stat(os.path.join(self._root, found.path)).st_mode)
        except OSError:
            if not is_meant:
                raise
            return False


def _match(above: str, entry: os.DirEntry[str]) -> Match:
    is_file, is_folder = entry.is_file(follow_symlinks=False), entry.is_dir(follow_symlinks=False)
    return Match(above + entry.name, is_file, is_folder, entry.is_symlink())
