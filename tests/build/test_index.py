"""The index of a folder: what it says, and what is wrong with one."""

from __future__ import annotations

import pytest

from dsgen.build.output import index
from dsgen.build.output.index import BrokenIndexError, Index


def test_one_file_a_line_sorted() -> None:
    assert index.to_text(Index("profiles/a.yaml", {"b.yaml": "2", "a.yaml": "1"})).decode() == (
        '{\n  "version": 1,\n  "profile": "profiles/a.yaml",\n  "files": {\n    "a.yaml": "1",\n    "b.yaml": "2"\n  }\n}\n'
    )


def test_what_is_written_is_read() -> None:
    whole = Index("profiles/ü.yaml", {"a.yaml": index.digest(b"x")})
    assert index.parse(index.to_text(whole)) == whole


def test_line_ends_of_windows_change_no_digest() -> None:
    assert index.digest(b"a\r\nb\r\n") == index.digest(b"a\nb\n") != index.digest(b"a\nb")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is not JSON"),
        ("{", "is not JSON"),
        ("\xff", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ('{\n<<<<<<< HEAD\n  "version": 1\n', "has merge conflicts"),
        ('{"version": 2, "files": {}}', "has version 2, of a newer dsgen"),
        ("[]", "is not an index of dsgen"),
        ("1", "is not an index of dsgen"),
        ("{}", "is not an index of dsgen"),
        ('{"version": "1", "files": {}}', "is not an index of dsgen"),
        ('{"version": 1}', "is not an index of dsgen"),
        ('{"version": 1, "files": ["a.yaml"]}', "is not an index of dsgen"),
        ('{"version": 1, "files": {"a.yaml": 1}}', "is not an index of dsgen"),
    ],
)
def test_a_broken_one(text: str, said: str) -> None:
    with pytest.raises(BrokenIndexError, match=said):
        index.parse(text.encode("latin-1"))


@pytest.mark.parametrize("name", ["../a.yaml", "/etc/passwd", "a/b.yaml", "..", ".", "", "a\0b", "\ud800"])
def test_it_speaks_of_its_own_folder_only(name: str) -> None:
    with pytest.raises(BrokenIndexError):
        index.parse(index.to_text(Index("", {name: "1"})))
