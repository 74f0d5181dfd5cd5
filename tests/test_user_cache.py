"""A private folder is the user's alone, or there is none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dsgen.user_cache import private_folder, secret
from tests.other_user import NOBODY, PROFILE, needs_root, open_folder, run_as

PROJECT = Path("/nowhere")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_it_is_made_private_with_all_above(home: Path) -> None:
    before = os.umask(0)
    try:
        folder = private_folder("a", PROJECT)
    finally:
        os.umask(before)
    assert folder == home / "dsgen/a"
    assert [path.stat().st_mode & 0o777 for path in (folder, folder.parent)] == [0o700, 0o700]
    assert private_folder("a", PROJECT) == folder


def test_the_one_above_is_closed_again(home: Path) -> None:
    """A wide umask is no reason to do without."""
    (home / "dsgen").mkdir(parents=True)
    (home / "dsgen").chmod(0o777)
    assert private_folder("a", PROJECT)
    assert (home / "dsgen").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("mode", [0o777, 0o757])
def test_a_folder_above_in_which_others_may_rename(home: Path, mode: int) -> None:
    home.mkdir()
    home.chmod(mode)
    assert private_folder("a", PROJECT) is None
    home.chmod(0o1777)
    assert private_folder("a", PROJECT)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a folder away")
@pytest.mark.parametrize("whose", ["", "dsgen", "dsgen/a"])
def test_a_folder_of_somebody_else(home: Path, whose: str) -> None:
    assert private_folder("a", PROJECT)
    os.chown(home / whose, 12345, 12345)
    assert private_folder("a", PROJECT) is None


@pytest.mark.parametrize("name", ["dsgen", "dsgen/a"])
def test_a_link(home: Path, tmp_path: Path, name: str) -> None:
    assert private_folder("a", PROJECT)
    (home / name).rename(tmp_path / "elsewhere")
    (home / name).symlink_to(tmp_path / "elsewhere")
    assert private_folder("a", PROJECT) is None


@pytest.mark.parametrize("cache", [None, "", "cache", "./cache", "~/cache"])
@pytest.mark.parametrize("home", ["home", "~", "."])
def test_no_relative_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache: str | None, home: str) -> None:
    """XDG says so of its variable; and `~` stays what it is where nobody knows a home."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", home)
    if cache is None:
        monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    else:
        monkeypatch.setenv("XDG_CACHE_HOME", cache)
    # What `expanduser` says where there is neither a variable nor an entry of the user.
    if home == "~":
        monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    assert private_folder("a", PROJECT) is None
    assert list(tmp_path.iterdir()) == []


def test_a_relative_one_is_passed_over_for_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", "cache")
    assert private_folder("a", PROJECT) == tmp_path / ".cache/dsgen/a"


def test_none_that_came_with_the_project(home: Path, tmp_path: Path) -> None:
    assert private_folder("a", tmp_path) is None
    assert secret(tmp_path) is None
    assert not home.exists()
    (tmp_path / "link").symlink_to(tmp_path)
    assert private_folder("a", tmp_path / "link") is None


def test_the_secret_stays(home: Path) -> None:
    first = secret(PROJECT)
    assert first is not None
    assert len(first) == 32
    assert secret(PROJECT) == first
    file = home / "dsgen/cache/secret"
    file.write_bytes(first[:7])
    assert secret(PROJECT) is None
    second = secret(PROJECT)
    assert second not in (None, first)


@needs_root
def test_a_user_whom_nobody_knows() -> None:
    """As in a container: without HOME, and without an entry among the users."""
    for folder in open_folder():
        (folder / "a.yaml").write_text(PROFILE)
        assert run_as(NOBODY, folder, "generate", "a.yaml", home=None) == (0, "2 files written to out\n")
        assert sorted(path.name for path in folder.iterdir()) == ["a.yaml", "out"]
