"""The folder of an environment: its `kustomization.yaml` lists the profiles that stand there.

It is in no index: two branches that add a profile each would both change its digest. It is dsgen's own as long as it says exactly what
dsgen would write for the folders that it lists, and these are dsgen's.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping

from dsgen.build.output import index, kustomization
from dsgen.build.output.changes import CHANGED_FILE, FOREIGN_FILE
from dsgen.build.output.folder import look
from dsgen.generate.header import digest_below
from dsgen.problem import Problem
from dsgen.reading import read_own
from dsgen.record import Record

# The digest of what every object is, below the comment that names the profile, by the name of its file.
Objects = Mapping[str, str]


class Listing(Record):
    """The file at `path` and what it is to hold, None where no profile stands; or the `conflict` that it is not dsgen's."""

    path: str
    text: bytes | None
    is_there: bool
    is_done: bool
    conflict: Problem | None = None


def listing(folder: str, names: Iterable[str], made: Mapping[str, Objects], force: bool) -> Listing:
    """Return what the kustomization of an environment's `folder` is to be, when the profiles `names` stand there. Raises OSError.

    `made` are those of them that this run made; the others are read.
    """
    path = f"{folder}/{kustomization.NAME}"
    if _is_no_file(path):
        hint = "remove it, and generate again"
        conflict = FOREIGN_FILE.at(None, "a link or a folder stands in the way", hint=hint, file=path)
        return Listing(path, None, True, False, conflict)
    entries = kustomization.entries({name: made.get(name) or objects_in(f"{folder}/{name}") for name in names})
    text = kustomization.of_environment(entries) if entries else None
    old = _read(path)
    data = text.encode() if text is not None else None
    if old == text:
        return Listing(path, data, old is not None, True)
    found = None if old is None or force or is_own(folder, old) else _conflict(path, old)
    return Listing(path, data, old is not None, False, found)


def objects_in(folder: str) -> Objects:
    """Return the objects that dsgen wrote into a profile's folder. Raises OSError."""
    there = look(folder, force=True)
    names = (name for name in sorted(there.written) if name != kustomization.NAME and there.found.get(name))
    texts = ((name, _read(f"{folder}/{name}")) for name in names)
    return {name: digest_below(text) for name, text in texts if text is not None}


def is_listing(folder: str) -> bool:
    """Tell whether `folder` holds the kustomization of an environment, as dsgen wrote it; somebody may have changed it. Raises OSError."""
    path = f"{folder}/{kustomization.NAME}"
    text = None if _is_no_file(path) else _read(path)
    return text is not None and text.startswith(kustomization.OF_ENVIRONMENT)


def _is_no_file(path: str) -> bool:
    return os.path.lexists(path) and not stat.S_ISREG(os.lstat(path).st_mode)


def is_own(folder: str, text: str) -> bool:
    """Tell whether `text`, the kustomization in an environment's `folder`, is dsgen's."""
    entries = kustomization.entries_of(text)
    if entries is None:
        return False
    listed = {f"{folder}/{entry.partition('/')[0]}" for entry in entries}
    return all(os.path.lexists(f"{each}/{index.NAME}") or not os.path.lexists(each) for each in listed)


def _read(path: str) -> str | None:
    try:
        text = read_own(path).decode("utf-8", "surrogateescape")
    except (FileNotFoundError, NotADirectoryError):
        return None
    # Whichever line ends Git gave it.
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _conflict(path: str, text: str) -> Problem:
    if text.startswith(kustomization.OF_ENVIRONMENT):
        hint = "put what you want to add into a folder above this one, or give `--force`, and it is lost"
        return CHANGED_FILE.at(None, "changed since dsgen wrote it, and left alone", hint=hint, file=path)
    hint = "move it away, or give `--force`, and it is lost"
    return FOREIGN_FILE.at(None, "dsgen did not write this file, and leaves it alone", hint=hint, file=path)
