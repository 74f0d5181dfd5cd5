"""The folder of an environment: its `kustomization.yaml` lists the profiles in it.

No index lists it: two branches that add a profile each would both change its digest. It counts as written by dsgen as long as it is
exactly what dsgen would write for the folders that it lists, and dsgen wrote those.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterable, Mapping

from dsgen.build.output import kustomization
from dsgen.build.output.changes import CHANGED_FILE, FOREIGN_FILE
from dsgen.build.output.files import new_file, remove, temp_name, write_file
from dsgen.build.output.folder import has_index, look
from dsgen.generate.header import digest_below
from dsgen.problem import Problem
from dsgen.reading import read_own
from dsgen.record import Record

# The digest of every object's text, below the comment that names the profile, by file name.
Objects = Mapping[str, str]


class Listing(Record):
    """The file at `path` and its new content, None if no profile is in the folder; or the `conflict` if dsgen did not write it."""

    path: str
    text: bytes | None
    is_there: bool
    is_done: bool
    conflict: Problem | None = None


def listing(folder: str, names: Iterable[str], made: Mapping[str, Objects], force: bool) -> Listing:
    """Return the kustomization for an environment's `folder` that contains the profiles `names`. Raises OSError.

    `made` are the profiles that this run rendered; the others are read from disk.
    """
    path = f"{folder}/{kustomization.NAME}"
    if _is_no_file(path):
        hint = "remove it, then run `dsgen generate` again"
        conflict = FOREIGN_FILE.at(None, "this path is a symlink or a folder", hint=hint, file=path)
        return Listing(path, None, True, False, conflict)
    entries = kustomization.entries({name: made.get(name) or objects_in(f"{folder}/{name}") for name in names})
    text = kustomization.of_environment(entries) if entries else None
    old = _read(path)
    data = text.encode() if text is not None else None
    if old == text:
        return Listing(path, data, old is not None, True)
    found = None if old is None or force or is_own(folder, old) else _conflict(path, old, text is None)
    return Listing(path, data, old is not None, False, found)


def begin(folder: str, text: bytes) -> None:
    """Write a list to an environment's `folder` if it contains none; a new folder contains the list from the start. Raises OSError."""
    path = f"{folder}/{kustomization.NAME}"
    if os.path.isdir(folder):
        if not os.path.lexists(path):
            write_file(path, text)
        return
    above, name = os.path.split(folder)
    beside = f"{above}/{temp_name(name)}"
    with contextlib.suppress(FileNotFoundError):
        remove(beside)
    os.mkdir(beside)
    new_file(f"{beside}/{kustomization.NAME}", text)
    os.rename(beside, folder)


def objects_in(folder: str) -> Objects:
    """Return the objects that dsgen wrote to a profile's folder. Raises OSError."""
    there = look(folder, force=True)
    names = (name for name in sorted(there.written) if name != kustomization.NAME and there.found.get(name))
    texts = ((name, _read(f"{folder}/{name}")) for name in names)
    return {name: digest_below(text) for name, text in texts if text is not None}


def is_listing(folder: str) -> bool:
    """Return whether `folder` contains an environment's kustomization that dsgen wrote or began to, modified since or not. Raises OSError."""
    if os.path.lexists(f"{folder}/{temp_name(kustomization.NAME)}"):
        return True
    path = f"{folder}/{kustomization.NAME}"
    text = None if _is_no_file(path) else _read(path)
    return text is not None and text.startswith(kustomization.OF_ENVIRONMENT)


def _is_no_file(path: str) -> bool:
    return os.path.lexists(path) and not stat.S_ISREG(os.lstat(path).st_mode)


def is_own(folder: str, text: str) -> bool:
    """Return whether dsgen wrote `text`, the kustomization in an environment's `folder`."""
    entries = kustomization.entries_of(text)
    if entries is None:
        return False
    listed = {f"{folder}/{entry.partition('/')[0]}" for entry in entries}
    return all(not os.path.lexists(each) or has_index(each) for each in listed)


def _read(path: str) -> str | None:
    try:
        text = read_own(path).decode("utf-8", "surrogateescape")
    except (FileNotFoundError, NotADirectoryError):
        return None
    # Git may have converted the line ends.
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _conflict(path: str, text: str, is_removed: bool) -> Problem:
    kept, discard = ("not removed", "remove") if is_removed else ("not overwritten", "discard")
    if not text.startswith(kustomization.OF_ENVIRONMENT):
        hint = f"move it elsewhere, or pass `--force` to {discard} it"
        return FOREIGN_FILE.at(None, f"dsgen did not write this file, so it was {kept}", hint=hint, file=path)
    where = "elsewhere" if is_removed else "to a kustomization in a folder above this one"
    hint = f"move the change {where}, or pass `--force` to {discard} it"
    return CHANGED_FILE.at(None, f"modified since dsgen wrote it, so it was {kept}", hint=hint, file=path)
