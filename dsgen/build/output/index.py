"""The index of a profile's folder: the files that dsgen wrote there, and the digest of each."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final

from dsgen.reading import digest as digest
from dsgen.record import Record
from dsgen.version import __version__

# Without a suffix: tools that take a folder of manifests read every `.json` and `.yaml` in it, hidden ones too.
NAME: Final = ".dsgen-index"
# What dsgen 0.1.0 called it.
FORMER_NAME: Final = ".dsgen.json"
VERSION: Final = 2
_WRITER: Final = re.compile(rb'^  "dsgen": "[^"\n]*",\n', re.MULTILINE)


class Index(Record):
    """What dsgen wrote to one folder: from which profile (its path in the project), and each file's digest by name.

    `writer` is the version of dsgen that wrote the index; empty if it does not say.
    """

    profile: str
    files: Mapping[str, str]
    writer: str = __version__


class BrokenIndexError(Exception):
    """An index that cannot be used; `hint` says what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


_REWRITE: Final = "pass `--force` to rewrite it; files that the profile generates are then overwritten"


def to_text(index: Index) -> bytes:
    """Return the text of an index: one file per line, sorted, so that branches merge."""
    files = dict(sorted(index.files.items()))
    whole = {"version": VERSION, "dsgen": index.writer, "profile": index.profile, "files": files}
    return (json.dumps(whole, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")


def differ(old: bytes | None, new: bytes | None) -> bool:
    """Return whether two texts of an index differ in more than the version of dsgen: an update alone changes no output."""
    return old != new and (old is None or new is None or _WRITER.sub(b"", old, 1) != _WRITER.sub(b"", new, 1))


def parse(data: bytes) -> Index:
    """Parse an index. Raises BrokenIndexError."""
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError):
        merged = re.search(rb"^<{7} ", data, re.MULTILINE)
        raise BrokenIndexError("has merge conflicts" if merged else "is not JSON", _REWRITE) from None
    version = whole.get("version") if isinstance(whole, dict) else None
    if isinstance(version, int) and version > VERSION:
        raise BrokenIndexError(f"has version {version}, written by a newer dsgen", "upgrade dsgen")
    files = whole.get("files") if version in (1, VERSION) else None
    if not isinstance(files, dict) or not all(map(_is_file, files, files.values())):
        raise BrokenIndexError("is not an index of dsgen", _REWRITE)
    writer = whole.get("dsgen")
    known = isinstance(writer, str) and re.fullmatch(r"[0-9A-Za-z.+!-]{1,40}", writer)
    return Index(str(whole.get("profile", "")), files, writer if known else "")


def _is_file(name: str, of: object) -> bool:
    # dsgen changes nothing outside the folder, whatever the index says.
    return re.fullmatch(r"[^/\0\ud800-\udfff]+", name) is not None and name not in (".", "..") and isinstance(of, str)
