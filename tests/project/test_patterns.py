"""Patterns: what `glob` finds they find, and what cannot be listed is an error."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from glob import glob
from pathlib import Path
from typing import Any

import pytest

from dsgen.project.patterns import Patterns

FILES = ("a.yaml", "b.yml", "x/a.yaml", "x/y/c.yaml", "x/y/.hidden.yaml", ".z/d.yaml", "_p/e.yaml", "x/[odd]/f.yaml")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def find(folder: Path, pattern: str, *hidden: str) -> list[str]:
    return sorted(
        os.path.normpath(found.path) for found in Patterns(str(folder), str(folder), hidden or (".",)).find(pattern)
    )


@pytest.mark.parametrize(
    "pattern",
    [
        "a.yaml", "*.yaml", "*", "x", "x/", "*/", "*/*", "**/*.yaml", "**/**/*.yaml", "x/**", "**/y/*", "**/[a-c].yaml", "x/[[]odd]/*",
        "./x/./a.yaml", "x/../*.yaml", "nothing/*.yaml", "a.yaml/*", "*/a.yaml", ".z/*", "**/.*", "_*/*", "x/*/*.yaml", "*.y?ml",
    ],
)  # fmt: skip
def test_what_glob_finds(folder: Path, pattern: str) -> None:
    assert find(folder, pattern) == sorted(
        {os.path.normpath(each) for each in glob(pattern, root_dir=folder, recursive=True)}
    )


def test_what_begins_so_is_found_by_its_name_only(folder: Path) -> None:
    assert find(folder, "**/*.yaml", ".", "_") == ["a.yaml", "x/[odd]/f.yaml", "x/a.yaml", "x/y/c.yaml"]
    assert find(folder, "_p/*.yaml", ".", "_") == ["_p/e.yaml"]


def test_what_is_found_says_what_it_is(folder: Path) -> None:
    (folder / "link.yaml").symlink_to("a.yaml")
    os.mkfifo(folder / "pipe.yaml")
    found = {each.path: each[1:] for each in Patterns(str(folder), str(folder)).find("*")}
    assert found["a.yaml"] == (True, False, False)
    assert found["x"] == (False, True, False)
    assert found["link.yaml"] == (False, False, True)
    assert found["pipe.yaml"] == (False, False, False)


class TestLinks:
    def test_a_folder_is_gone_through_once(self, folder: Path) -> None:
        """Of what links among folders lead to, there is no end."""
        for name, to in (("x/up", ".."), ("x/y/self", "."), ("x/y/x", ".."), ("l", "x")):
            (folder / name).symlink_to(to)
        assert find(folder, "**/*.yaml") == ["_p/e.yaml", "a.yaml", "x/[odd]/f.yaml", "x/a.yaml", "x/y/c.yaml"]

    def test_a_folder_is_found_that_only_a_link_leads_to(self, folder: Path) -> None:
        (folder / "x/shared").symlink_to("../.z")
        assert "x/shared/d.yaml" in find(folder, "**/*.yaml")
        assert find(folder, "x/shared/*") == find(folder, "x/sh*/*") == ["x/shared/d.yaml"]

    @pytest.mark.parametrize("pattern", ["**/*.yaml", "*/a.yaml", "gone/*.yaml"])
    def test_a_folder_that_is_not_there_any_more(self, folder: Path, pattern: str) -> None:
        (folder / "gone").symlink_to("nowhere")
        with pytest.raises(FileNotFoundError) as error:
            find(folder, pattern)
        assert error.value.filename == str(folder / "gone")

    @pytest.mark.parametrize("pattern", ["**/*.yaml", "*.yaml", "gone.yaml", "**/*"])
    def test_a_file_that_is_not_there_any_more_is_found(self, folder: Path, pattern: str) -> None:
        (folder / "gone.yaml").symlink_to("nowhere")
        assert "gone.yaml" in find(folder, pattern)

    def test_of_editors(self, folder: Path) -> None:
        (folder / ".#a.yaml").symlink_to("me@machine.1234")
        assert "a.yaml" in find(folder, "**/*.yaml")


@pytest.mark.parametrize("pattern", ["**/*.yaml", "x/*/c.yaml", "x/*", "**"])
def test_a_folder_that_cannot_be_listed(folder: Path, pattern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.scandir

    def scandir(path: str) -> Any:
        if path.rstrip("/") == str(folder / "x"):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(PermissionError):
        find(folder, pattern)


def test_a_folder_that_is_removed_in_between(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Patterns._list

    def listed(self: Patterns, path: str) -> Any:
        found = real(self, path)
        if path == "":
            (folder / ".z/d.yaml").rename(folder / "d.yaml")
            (folder / ".z").rmdir()
        return found

    monkeypatch.setattr(Patterns, "_list", listed)
    with pytest.raises(FileNotFoundError):
        find(folder, "**/*.yaml", "-")


def test_each_folder_is_listed_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed: list[str] = []
    real = os.scandir

    def scandir(path: str) -> Iterator[Any]:
        listed.append(path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = Patterns(str(folder), str(folder))
    for _ in range(2):
        assert [each.path for each in found.find("/".join(["**"] * 30) + "/c.yaml")] == ["x/y/c.yaml"]
    assert len(listed) == len(set(listed))


def test_what_is_no_path(folder: Path) -> None:
    with pytest.raises(ValueError, match="null"):
        find(folder, "a\0/*")
