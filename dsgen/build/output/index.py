"""The index of a profile's folder: the files that dsgen wrote there, and the digest of each."""

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
    """What dsgen wrote to one folder: from which profile (its path in the project), and each file's digest by name."""

    profile: str
    files: Mapping[str, str]


class BrokenIndexError(Exception):
    """An index that cannot be used; `hint` says what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


_REWRITE: Final = "pass `--force` to rewrite it; files that the profile generates are then overwritten"


def digest(data: bytes) -> str:
    """Return the SHA-256 of a file, in hexadecimal; it is the same if Git converts the line ends."""
    return hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()


def to_text(index: Index) -> bytes:
    """Return the text of an index: one file per line, sorted, so that branches merge."""
    files = dict(sorted(index.files.items()))
    whole = {"version": VERSION, "profile": index.profile, "files": files}
    return (json.dumps(whole, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")


def parse(data: bytes) -> Index:
    """Parse an index. Raises BrokenIndexError."""
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError):
        merged = re.search(rb"^<{7} ", data, re.MULTILINE)
        raise BrokenIndexError("has merge conflicts" if merged else "is not JSON", _REWRITE) from None
    version = whole.get("version") if isinstance(whole, dict) else None
    if isinstance(version, int) and version > VERSION:
        raise BrokenIndexError(f"has version {version}, of a newer dsgen", "update dsgen")
    files = whole.get("files") if version == VERSION else None
    if not isinstance(files, dict) or not all(map(_is_file, files, files.values())):
        raise BrokenIndexError("is not an index of dsgen", _REWRITE)
    return Index(str(whole.get("profile", "")), files)


def _is_file(name: str, of: object) -> bool:
    # dsgen changes nothing outside the folder, whatever the index says.
    return re.fullmatch(r"[^/\0\ud800-\udfff]+", name) is not None and name not in (".", "..") and isinstance(of, str)
