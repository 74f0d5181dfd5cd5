"""A run that is killed at any point leaves every file whole, and the next run mends the rest: whatever the profiles say by then."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from dsgen.build.output import index
from dsgen.build.output.files import TEMP_SUFFIX
from dsgen.cli import main
from tests.killed import ended

AGENT = (
    "name: {0}\nnamespace: {{name: agents, create: true}}\ncontainers: {{agent: {{image: 'example.com/{0}:{1}'}}}}\n"
)
ACCOUNT = "serviceAccount: {create: true}\n"
# Every so manyth point, and in the long run each.
STEPS = pytest.mark.parametrize("step", [29, pytest.param(1, marks=pytest.mark.long)])

Profiles = dict[str, str]
FIRST: Profiles = {
    "changed": AGENT.format("changed", 1) + ACCOUNT,
    "gone": AGENT.format("gone", 1) + ACCOUNT,
    "same": AGENT.format("same", 1),
}
SECOND: Profiles = {
    "changed": AGENT.format("changed", 2) + "service: {ports: [{name: a, port: 1}]}\n",
    "new": AGENT.format("new", 2),
    "same": AGENT.format("same", 1),
}
THIRD: Profiles = {
    "changed": AGENT.format("changed", 3) + ACCOUNT,
    "gone": AGENT.format("gone", 3),
    "same": AGENT.format("same", 1),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    project = tmp_path / "project"
    (project / "environments").mkdir(parents=True)
    (project / "environments/prod.yaml").write_text("")
    (project / "dsgen.yaml").write_text("")
    monkeypatch.chdir(project)
    # Here, so that the processes find everything loaded.
    state(project, FIRST)
    assert CliRunner().invoke(main, ["generate", "-o", str(tmp_path / "once")]).exit_code == 0
    return project


def state(folder: Path, profiles: Profiles) -> None:
    """Let the project have these profiles."""
    shutil.rmtree(folder / "profiles", ignore_errors=True)
    (folder / "profiles").mkdir()
    for name, text in profiles.items():
        (folder / f"profiles/{name}.yaml").write_text(text)


def generate(kill_at: int = 0) -> int:
    """Generate in a process of its own, and return how it ended; killed before the change `kill_at`, where one is given."""
    return ended(["generate", "-q", "-j", "1"], kill_at)


def tree(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def made(folder: Path, profiles: Profiles) -> dict[str, bytes]:
    """Return what profiles make where nothing stood before."""
    state(folder, profiles)
    shutil.rmtree(folder / "out", ignore_errors=True)
    shutil.rmtree(folder / ".dsgen-cache", ignore_errors=True)
    assert generate() == 0
    return tree(folder / "out")


@pytest.fixture
def trees(folder: Path) -> list[dict[str, bytes]]:
    return [made(folder, profiles) for profiles in (SECOND, THIRD, FIRST)]


@pytest.fixture
def again(folder: Path, trees: list[dict[str, bytes]], tmp_path: Path) -> Callable[[], None]:
    """What brings the project back to the first profiles and all that they made."""
    shutil.copytree(folder, tmp_path / "kept", symlinks=True)

    def restore() -> None:
        for name in ("out", ".dsgen-cache"):
            shutil.rmtree(folder / name, ignore_errors=True)
            shutil.copytree(tmp_path / "kept" / name, folder / name)
        state(folder, SECOND)

    return restore


@STEPS
def test_every_file_is_whole_and_the_next_run_mends_the_rest(
    folder: Path, trees: list[dict[str, bytes]], again: Callable[[], None], step: int
) -> None:
    second, third, first = trees
    whole = {name: {tree.get(name) for tree in (first, second)} for name in {*first, *second}}
    number = 0
    for start, (next_profiles, wanted) in enumerate(((SECOND, second), (THIRD, third), (FIRST, first)), 1):
        for point in range(min(start, step), 1000, step):
            again()
            if generate(point) != -signal.SIGKILL:
                break
            number += 1
            for name, data in tree(folder / "out").items():
                if TEMP_SUFFIX not in name:
                    assert data in whole[name], (point, name)
            state(folder, next_profiles)
            assert generate() == 0, point
            assert tree(folder / "out") == wanted, point
            assert not list(folder.rglob(f"*{TEMP_SUFFIX}")), point
    assert number > 100 // step


@pytest.mark.parametrize(
    ("others", "note"),
    [(True, True), (False, False), *(pytest.param(each, not each, marks=pytest.mark.long) for each in (True, False))],
)
@STEPS
def test_an_environment_that_goes(folder: Path, tmp_path: Path, others: bool, note: bool, step: int) -> None:
    """Its manifests are known until the last of them is gone; what somebody put beside them stays."""
    (folder / "environments/former.yaml").write_text("")
    assert generate() == 0
    if note:
        (folder / "out/former/changed/NOTE").write_text("mine")
    names = ("out", ".dsgen-cache")
    for name in names:
        shutil.copytree(folder / name, tmp_path / "with" / name)
    (folder / "environments/former.yaml").unlink()
    if not others:
        (folder / "environments/prod.yaml").unlink()
    assert generate() == 0
    wanted = tree(folder / "out")
    left = sorted(name for name in wanted if name.startswith("former"))
    assert left == (["former/changed/NOTE"] if note else [])
    for point in range(1, 1000, step):
        for name in names:
            shutil.rmtree(folder / name)
            shutil.copytree(tmp_path / "with" / name, folder / name)
        if generate(point) != -signal.SIGKILL:
            break
        assert generate() == 0, point
        assert tree(folder / "out") == wanted, point
    assert point > 10


@pytest.mark.parametrize("others", [True, False])
@pytest.mark.parametrize("note", [True, False])
@STEPS
def test_an_environment_that_goes_before_it_is_whole(
    folder: Path, tmp_path: Path, others: bool, note: bool, step: int
) -> None:
    """Whatever a killed run made of it is known, also where no other environment is."""
    if not others:
        (folder / "environments/prod.yaml").unlink()
    assert generate() == 0
    if note:
        (folder / "out/new").mkdir()
        (folder / "out/new/NOTE").write_text("mine")
    wanted = tree(folder / "out")
    names = ("out", ".dsgen-cache")
    for name in names:
        shutil.copytree(folder / name, tmp_path / "without" / name)
    for point in range(min(step, 7), 1000, min(step, 7)):
        for name in names:
            shutil.rmtree(folder / name)
            shutil.copytree(tmp_path / "without" / name, folder / name)
        (folder / "environments/new.yaml").write_text("")
        killed = generate(point) == -signal.SIGKILL
        (folder / "environments/new.yaml").unlink()
        if not killed:
            break
        assert generate() == 0, point
        assert tree(folder / "out") == wanted, point
        assert (folder / "out/new").exists() == note, point
        assert not list((folder / "out").rglob(f"*{TEMP_SUFFIX}")), point
    assert point > 10


@STEPS
def test_the_mending_run_may_be_killed_too(folder: Path, tmp_path: Path, step: int) -> None:
    """Each pair of points, in one folder, without a cache."""
    shutil.rmtree(folder / "environments")
    (folder / "dsgen.yaml").unlink()
    only = [{"changed": profiles["changed"]} for profiles in (FIRST, SECOND, THIRD)]
    wanted = made(folder, only[0])
    number = 0
    for point in range(1, 1000, step):
        shutil.rmtree(folder / "out")
        made(folder, only[0])
        state(folder, only[1])
        if generate(point) != -signal.SIGKILL:
            break
        kept = tmp_path / f"kept{point}"
        shutil.copytree(folder / "out", kept)
        for other in range(1, 1000, step):
            shutil.rmtree(folder / "out")
            shutil.copytree(kept, folder / "out")
            state(folder, only[2])
            if generate(other) != -signal.SIGKILL:
                break
            number += 1
            state(folder, only[0])
            assert generate() == 0, (point, other)
            assert tree(folder / "out") == wanted, (point, other)
    assert number > 100 // step**2


def test_no_index_is_ever_half(folder: Path) -> None:
    """A prefix of an index is none: what a killed run began to write says nothing."""
    text = index.to_text(index.Index("profiles/a.yaml", {"a.yaml": "1", "b.yaml": "2"})).rstrip()
    for end in range(len(text)):
        with pytest.raises(index.BrokenIndexError):
            index.parse(text[:end])
