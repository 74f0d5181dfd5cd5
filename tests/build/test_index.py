"""The index of a folder: what it says, and what is wrong with one."""

from __future__ import annotations

import json

import pytest

from dsgen.build.output import index
from dsgen.build.output.index import BrokenIndexError, Index


def test_one_file_a_line_sorted() -> None:
    assert index.to_text(Index("profiles/a.yaml", {"b.yaml": "2", "a.yaml": "1"}, "0.2.1")).decode() == (
        '{\n  "version": 2,\n  "dsgen": "0.2.1",\n  "profile": "profiles/a.yaml",\n'
        '  "files": {\n    "a.yaml": "1",\n    "b.yaml": "2"\n  }\n}\n'
    )


def test_one_of_the_first_release_is_read() -> None:
    text = b'{"version": 1, "profile": "profiles/a.yaml", "files": {"a.yaml": "1"}}'
    assert index.parse(text) == Index("profiles/a.yaml", {"a.yaml": "1"}, "")


@pytest.mark.parametrize("writer", ["x y", "\x1b[31m", "1" * 41, 3, None])
def test_a_version_that_is_none_is_dropped(writer: object) -> None:
    text = json.dumps({"version": 2, "dsgen": writer, "files": {}}).encode()
    assert index.parse(text).writer == ""


def test_the_version_alone_is_no_difference() -> None:
    older, newer = (index.to_text(Index("p", {"a": "1"}, version)) for version in ("0.2.1", "0.3.0"))
    assert older != newer
    assert not index.differ(older, newer)
    assert index.differ(older, index.to_text(Index("p", {"a": "2"}, "0.2.1")))
    assert index.differ(None, newer)
    assert index.differ(older, None)
    assert not index.differ(None, None)


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
        ('{"version": 3, "files": {}}', "has version 3, written by a newer dsgen"),
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
