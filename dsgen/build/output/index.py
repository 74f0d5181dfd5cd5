"""The index of a profile's folder: the files that dsgen wrote there, and the hash of each."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Final

from dsgen.record import Record

NAME: Final = ".dsgen.json"
VERSION: Final = 1


class Index(Record):
    """What dsgen wrote into one folder: from which profile (its path in the project), and each file's digest by name."""

    profile: str
    files: Mapping[str, str]


class BrokenIndexError(Exception):
    """An index that cannot be used; `hint` says what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


_ANEW: Final = "with `--force` dsgen writes it anew, and takes the files that it makes for its own"


def digest(data: bytes) -> str:
    """Return the SHA-256 of a file, in hexadecimal; the same whichever line ends Git gave it."""
    return hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()


def write(index: Index) -> bytes:
    """Return the text of an index: one file a line, sorted, so that branches merge."""
    files = dict(sorted(index.files.items()))
    whole = {"version": VERSION, "profile": index.profile, "files": files}
    return (json.dumps(whole, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")


def read(data: bytes) -> Index:
    """Return the index that `data` holds. Raises BrokenIndexError."""
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError):
        merged = re.search(rb"^<{7} ", data, re.MULTILINE)
        raise BrokenIndexError("has conflicts of a merge" if merged else "is not JSON", _ANEW) from None
    version = whole.get("version") if isinstance(whole, dict) else None
    if isinstance(version, int) and version > VERSION:
        raise BrokenIndexError(f"is of version {version}, of a newer dsgen", "update dsgen")
    files = whole.get("files") if version == VERSION else None
    if not isinstance(files, dict) or not all(map(_is_file, files, files.values())):
        raise BrokenIndexError("is no index of dsgen", _ANEW)
    return Index(str(whole.get("profile", "")), files)


def _is_file(name: str, of: object) -> bool:
    # Whatever an index says, dsgen touches nothing outside its folder.
    return re.fullmatch(r"[^/\0\ud800-\udfff]+", name) is not None and name not in (".", "..") and isinstance(of, str)
