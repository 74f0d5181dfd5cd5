"""What is in a profile's folder before a run."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from dsgen.build.output import index
from dsgen.build.output.files import is_temp, temp_name
from dsgen.build.output.index import BrokenIndexError, Index
from dsgen.problem import Problem, code
from dsgen.reading import read_own
from dsgen.record import Record

INVALID_INDEX = code(
    "invalid-index",
    """dsgen cannot read the index of a folder below `out/`, `.dsgen-index`. It does not know which files it wrote there, so it changes none.""",
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
    # The version of dsgen that wrote the index, and whether there is an index under its former name.
    writer: str = ""
    has_former: bool = False


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
    name = next((each for each in (index.NAME, index.FORMER_NAME) if each in there), "")
    if name:
        try:
            if not there[name]:
                raise BrokenIndexError("is a symlink or a folder", "remove it, then run `dsgen generate` again")
            text = _data(path, name).replace(b"\r\n", b"\n")
            stated = index.parse(text)
        except BrokenIndexError as error:
            if not force or not there[name]:
                problem = INVALID_INDEX.at(None, f"the index {error}", hint=error.hint, file=f"{path}/{name}")
    written = {name: frozenset([digest]) for name, digest in stated.files.items()} if stated else {}
    has_former = name == index.FORMER_NAME and there[name]
    # What a run was about to write when it was killed, also of the release that called the index otherwise.
    unfinished = [_stated(path, temp_name(each), there) for each in (index.NAME, index.FORMER_NAME)]
    if name == index.NAME and index.FORMER_NAME in there:
        unfinished.append(_stated(path, index.FORMER_NAME, there))
        has_former = unfinished[-1] is not None
    for each in unfinished:
        for file, digest in each.files.items() if each else ():
            written[file] = written.get(file, frozenset()) | {digest}
    asked = {*written, *names} & there.keys()
    found = {name: index.digest(_data(path, name)) if there[name] else None for name in asked}
    left = tuple(sorted(filter(is_temp, there)))
    own = {index.NAME, index.FORMER_NAME} if has_former else {index.NAME}
    foreign = tuple(sorted(there.keys() - written.keys() - {*own, *left}))
    profile, writer = (stated.profile, stated.writer) if stated else ("", "")
    return Folder(path, True, profile, written, found, left, foreign, text, problem, writer, has_former)


def has_index(path: str) -> bool:
    """Return whether dsgen wrote something to the folder at `path`. Raises OSError if that cannot be determined."""
    for name in (index.NAME, index.FORMER_NAME):
        try:
            os.lstat(f"{path}/{name}")
        except FileNotFoundError:
            continue
        return True
    return False


def _stated(path: str, name: str, there: Mapping[str, bool]) -> Index | None:
    """Return the index in a file, or None. That of a killed run was complete before the run changed the first file."""
    if not there.get(name):
        return None
    try:
        return index.parse(_data(path, name))
    except BrokenIndexError:
        return None


def _data(path: str, name: str) -> bytes:
    return read_own(f"{path}/{name}")
