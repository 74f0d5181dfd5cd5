"""The files of config maps, on a disk: which are found, and which are refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dsgen.project import shipped
from dsgen.project.config_files import MAX_SIZE, find_config
from dsgen.project.project import Project
from dsgen.resolve.file import NotFoundError


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a profile in a folder of its own, and files in and out of it."""
    project = tmp_path / "project"
    for name in (
        "profiles/conf/a.conf",
        "profiles/conf/b.conf",
        "profiles/conf/deep/c.conf",
        "shared.conf",
        "../secret",
    ):
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    monkeypatch.chdir(project)
    return project


def find(folder: Path, pattern: str, stated: bool = True) -> list[str]:
    found = find_config(Project(folder, stated), pattern, "profiles/agent.yaml")
    for path, content in found:
        assert (folder / path).read_bytes() == content
    return [path for path, _ in found]


def refused(folder: Path, pattern: str, stated: bool = True) -> str:
    with pytest.raises(NotFoundError) as error:
        find_config(Project(folder, stated), pattern, "profiles/agent.yaml")
    return f"{error.value}; {error.value.hint}"


@pytest.mark.parametrize(
    ("pattern", "paths"),
    [
        ("conf/a.conf", ["profiles/conf/a.conf"]),
        ("conf/*", ["profiles/conf/a.conf", "profiles/conf/b.conf"]),
        ("conf/*.conf", ["profiles/conf/a.conf", "profiles/conf/b.conf"]),
        ("./conf/./[b-z].conf", ["profiles/conf/b.conf"]),
        ("**/c.conf", ["profiles/conf/deep/c.conf"]),
        ("../shared.conf", ["shared.conf"]),
    ],
)
def test_found(folder: Path, pattern: str, paths: list[str]) -> None:
    assert find(folder, pattern) == paths


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("conf/a.cnf", "no such file `profiles/conf/a.cnf`; did you mean `a.conf`?"),
        ("nowhere/a", "no such file `profiles/nowhere/a`; paths are relative"),
        ("conf/*.lua", "`conf/*.lua` matches no file in profiles"),
        ("conf", "`conf` matches only folders; write `conf/*`"),
        (".", "`.` matches only folders; write `./*`"),
        ("", "`` matches only folders; write `./*`"),
        ("../../secret", "/secret` leads out of the project; the project folder, with dsgen.yaml, is"),
        ("../../*", "`{above}` leads out of the project; the project folder, with dsgen.yaml, is"),
        ("../../nothing", "`{above}/nothing` leads out of the project; the project folder, with dsgen.yaml, is"),
        ("../../../../../../../../**/x", "` leads out of the project; the project folder, with dsgen.yaml, is"),
        ("../../secre?", "`{above}` leads out of the project; the project folder, with dsgen.yaml, is"),
        ("*/../../../*", "cannot be read: a symlink leads out of the project"),
        ("/etc/hostname", "`/etc/hostname` is an absolute path"),
        ("a\0/*", "is not a valid path"),
    ],
)
def test_refused(folder: Path, pattern: str, words: str) -> None:
    assert words.format(above=folder.parent) in refused(folder, pattern)


def test_without_a_project_the_profiles_own_folder_is_the_limit(folder: Path) -> None:
    assert find(folder, "conf/a.conf", stated=False)
    assert "leads out of" in refused(folder, "../shared.conf", stated=False)


def test_a_link_is_followed(folder: Path) -> None:
    conf = folder / "profiles/conf"
    (conf / "inside.conf").symlink_to(folder / "shared.conf")
    assert find(folder, "conf/inside.conf") == ["profiles/conf/inside.conf"]
    (conf / "outside.conf").symlink_to(folder.parent / "secret")
    assert "leads out of the project through a symlink" in refused(folder, "conf/outside.conf")
    (folder / "profiles/away").symlink_to(folder.parent)
    assert "leads out of the project through a symlink" in refused(folder, "away/secret")
    (conf / "broken.conf").symlink_to("nothing")
    assert "profiles/conf/broken.conf" in refused(folder, "conf/broken.conf")


def test_a_project_behind_a_link(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder.parent / "link").symlink_to(folder)
    monkeypatch.chdir(folder.parent / "link")
    assert [path for path, _ in find_config(Project(folder, True), "conf/a.conf", "profiles/agent.yaml")] == [
        "profiles/conf/a.conf"
    ]


def test_the_limit_of_a_config_map(folder: Path) -> None:
    big = folder / "profiles/big"
    big.mkdir()
    (big / "one").write_bytes(b"x" * (MAX_SIZE - 1))
    (big / "two").write_bytes(b"x")
    assert find(folder, "big/*")
    (big / "two").write_bytes(b"xx")
    assert f"the files of `big/*` have {MAX_SIZE + 1} bytes, but a config map must have at most {MAX_SIZE}" in refused(
        folder, "big/*"
    )


def test_what_is_no_file_is_not_opened(folder: Path) -> None:
    os.mkfifo(folder / "profiles/pipe")
    assert "is not a file" in refused(folder, "pipe")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read(folder: Path) -> None:
    (folder / "profiles/conf/a.conf").chmod(0)
    assert "cannot be read: Permission denied" in refused(folder, "conf/a.conf")


def test_a_preset_has_files_of_its_own(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    presets = folder.parent / "presets"
    (presets / "files").mkdir(parents=True)
    (presets / "files/a.conf").write_text("preset")
    monkeypatch.setattr(shipped, "folder", lambda: presets)
    stated_in = str(presets / "agent.yaml")
    assert find_config(Project(folder, True), "files/*", stated_in) == [(str(presets / "files/a.conf"), b"preset")]
    with pytest.raises(NotFoundError, match="leads out of the project"):
        find_config(Project(folder, True), "../project/shared.conf", stated_in)
