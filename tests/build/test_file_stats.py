"""Files that are known again by their times: never when they may have changed."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from dsgen.build.output.file_stats import FileFingerprint, Stats, known
from dsgen.build.output.files import write_file

LONG_AGO = 1_000_000_000_000_000_001


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "a.yaml"
    file.write_text("one")
    os.utime(file, ns=(LONG_AGO, LONG_AGO))
    return file


def later(files: dict[str, FileFingerprint]) -> Stats:
    """Return the stats of a run ten seconds from now: the time that a file was changed in the file system cannot be set."""
    stats = Stats(files)
    stats.began += 10_000_000_000
    return stats


def test_a_file_is_read_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stats = later({})
    first = stats.digest(str(path))
    assert first
    monkeypatch.setattr("dsgen.build.output.file_stats.open", None, raising=False)
    assert stats.digest(str(path)) == first
    again = Stats(stats.files)
    assert (again.digest(str(path)), again.changed) == (first, False)


def test_another_text_is_another_digest(path: Path) -> None:
    stats = later({})
    before = stats.digest(str(path))
    path.write_text("two")
    again = later(stats.files)
    assert (again.digest(str(path)) != before, again.changed) == (True, True)


def test_a_file_that_changed_just_now_is_read_again(path: Path) -> None:
    """Within a tick of the clock a text of the same length may follow: no time tells."""
    stats = Stats({})
    before = stats.digest(str(path))
    found = path.stat()
    path.write_text("two")
    os.utime(path, ns=(LONG_AGO, LONG_AGO))
    # All that is known of the file fits, as if the clock of the file system had not moved on.
    stats.files[str(path)] = stats.files[str(path)]._replace(changed=path.stat().st_ctime_ns)
    assert (found.st_size, found.st_mtime_ns) == (path.stat().st_size, path.stat().st_mtime_ns)
    assert Stats(stats.files).digest(str(path)) != before


def test_what_dsgen_wrote_is_known_by_the_time_it_gave(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    now = time.time_ns()
    given = write_file(str(path), b"one")
    found = path.stat()
    assert known("1", found, now, given).matches(found)
    assert not known("1", found, now).matches(found)
    # A file system with a coarser clock keeps another time.
    assert not known("1", found, now, given + 1).matches(found)


def test_a_change_in_place_is_seen_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    for _ in range(200):
        given = write_file(str(path), b"one")
        before = known("1", path.stat(), 0, given)
        with open(path, "r+b") as file:
            file.write(b"two")
        assert not before.matches(path.stat())


def test_what_cannot_be_read_has_no_digest(tmp_path: Path) -> None:
    assert Stats({}).digest(str(tmp_path / "nothing")) == Stats({}).digest(str(tmp_path)) == ""
