"""The files of a folder after a run, and whether they have changed since."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping

from dsgen.build.output import index
from dsgen.build.output.changes import FolderChanges
from dsgen.build.output.file_stats import FileFingerprint, known
from dsgen.build.output.write import Times
from dsgen.reading import read_own

Fingerprints = Mapping[str, FileFingerprint]


def fingerprints_after(plan: FolderChanges, times: Times, began: int) -> Fingerprints:
    """Return the files in a folder after its plan was carried out; `began` is when the run began, and `times` are those it gave them.

    Raises OSError.
    """
    if plan.index_text is None:
        return {}
    files = {**index.parse(plan.index_text).files, index.NAME: index.digest(plan.index_text)}
    return {
        name: known(digest, os.lstat(f"{plan.path}/{name}"), began, times.get(name)) for name, digest in files.items()
    }


def unchanged(path: str, files: Mapping[str, FileFingerprint], began: int) -> Fingerprints | None:
    """Return None if the folder at `path` no longer contains `files`, else those that had to be read to find out.

    `began` is when the run began.
    """
    read = {}
    for name, before in files.items():
        file = f"{path}/{name}"
        try:
            found = os.lstat(file)
            if before.matches(found):
                continue
            if not stat.S_ISREG(found.st_mode):
                return None
            digest = index.digest(read_own(file))
        except OSError:
            return None
        if digest != before.digest:
            return None
        read[name] = known(digest, found, began)
    return read
