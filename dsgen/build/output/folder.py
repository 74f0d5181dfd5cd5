"""What is in a profile's folder before a run."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from dsgen.build.output import index
from dsgen.build.output.files import TEMP_SUFFIX, temp_name
from dsgen.build.output.index import BrokenIndexError
from dsgen.problem import Problem, code
from dsgen.reading import read_own
from dsgen.record import Record

INVALID_INDEX = code(
    "invalid-index",
    """The index of a folder below `out/`, `.dsgen.json`, cannot be read. So dsgen does not know which files it wrote, and changes none.""",
)
INVALID_OUTPUT_FOLDER = code(
    "invalid-output-folder",
    "At the path of an output folder is a file or a symlink. dsgen does not follow it: its target may belong to somebody else.",
)


class Folder(Record):
    """A folder, and what dsgen wrote to it.

    `written` are the digests of each file as dsgen wrote it: two, if a run was killed while it changed the file. `found`
    are the digests of the files now: None for a symlink, a folder or anything else that is not a file. `left` is what a killed run left,
    and `foreign` what dsgen did not write. If there is a `problem`, nothing may be written.
    """

    path: str
    exists: bool = False
    profile: str = ""
    written: Mapping[str, frozenset[str]] = {}
    found: Mapping[str, str | None] = {}
    left: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    index_text: bytes | None = None
    problem: Problem | None = None


def in_the_way(path: str) -> Problem | None:
    """Return a problem if there is something at `path` that is not a folder."""
    if not os.path.islink(path) and not os.path.isfile(path):
        return None
    what = "a symlink" if os.path.islink(path) else "a file"
    hint = "remove it, or choose another folder with `--output`"
    return INVALID_OUTPUT_FOLDER.at(None, f"expected a folder, got {what}", hint=hint, file=path)


def look(path: str, names: Iterable[str] = (), force: bool = False) -> Folder:
    """Return what is in the folder at `path`, with the digests of `names` and of all files in the index.

    With `force`, a broken index is ignored. Raises OSError.
    """
    problem = in_the_way(path)
    if problem is not None:
        return Folder(path, problem=problem)
    try:
        with os.scandir(path) as entries:
            there = {entry.name: entry.is_file(follow_symlinks=False) for entry in entries}
    except FileNotFoundError:
        return Folder(path)
    text, stated = None, None
    if index.NAME in there:
        try:
            if not there[index.NAME]:
                raise BrokenIndexError("is a symlink or a folder", "remove it, then run `dsgen generate` again")
            text = _data(path, index.NAME).replace(b"\r\n", b"\n")
            stated = index.parse(text)
        except BrokenIndexError as error:
            file = f"{path}/{index.NAME}"
            if not force or not there[index.NAME]:
                problem = INVALID_INDEX.at(None, f"the index {error}", hint=error.hint, file=file)
    written = {name: frozenset([digest]) for name, digest in stated.files.items()} if stated else {}
    for name, digest in _of_a_killed_run(path, there).items():
        written[name] = written.get(name, frozenset()) | {digest}
    asked = {*written, *names} & there.keys()
    found = {name: index.digest(_data(path, name)) if there[name] else None for name in asked}
    left = tuple(sorted(name for name in there if name.endswith(TEMP_SUFFIX) and name.startswith(".")))
    foreign = tuple(sorted(there.keys() - written.keys() - {index.NAME, *left}))
    return Folder(path, True, stated.profile if stated else "", written, found, left, foreign, text, problem)


def _of_a_killed_run(path: str, there: Mapping[str, bool]) -> Mapping[str, str]:
    """Return what a killed run was about to write. Its index was complete before it changed the first file."""
    name = temp_name(index.NAME)
    if not there.get(name):
        return {}
    try:
        return index.parse(_data(path, name)).files
    except BrokenIndexError:
        return {}


def _data(path: str, name: str) -> bytes:
    return read_own(f"{path}/{name}")
