"""Folders whose index has its former name: dsgen 0.1.0 called it `.dsgen.json`."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from dsgen.build.output import index, write
from dsgen.cli import main
from dsgen.version import __version__

Run = Callable[..., Result]


# A project with the output that dsgen 0.1.0 wrote.
WRITTEN = Path(__file__).parent / "written_by_0_1_0"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose output has indexes as dsgen 0.1.0 wrote them."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "profiles").mkdir()
    (tmp_path / "dsgen.yaml").write_text('kubernetes: "1.37"\n')
    for name in ("a", "b"):
        (tmp_path / f"profiles/{name}.yaml").write_text(f"name: {name}\ncontainers: {{a: {{image: 'x:1'}}}}\n")
    assert CliRunner().invoke(main, ["generate"]).exit_code == 0
    for path in tmp_path.glob(f"out/*/{index.NAME}"):
        former(path)
    return tmp_path


def former(path: Path) -> None:
    """Turn an index into one of dsgen 0.1.0."""
    whole = json.loads(path.read_text())
    old = {"version": 1, "profile": whole["profile"], "files": whole["files"]}
    (path.parent / index.FORMER_NAME).write_text(json.dumps(old, indent=2) + "\n")
    path.unlink()


@pytest.fixture
def run(folder: Path) -> Run:
    return lambda *arguments: CliRunner().invoke(main, arguments)


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(WRITTEN, tmp_path / "old")
    monkeypatch.chdir(tmp_path / "old")
    return tmp_path / "old"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


NEW = [index.NAME, "daemonset-a.yaml", "kustomization.yaml"]


def test_it_is_taken_over(folder: Path, run: Run) -> None:
    result = run("generate")
    assert (result.exit_code, result.stderr) == (0, "0 files written to out, 4 unchanged\n")
    assert names(folder / "out/a") == NEW
    assert run("generate", "--check").exit_code == 0


def test_a_folder_that_it_wrote(written: Path) -> None:
    """Only the heads of the kustomizations differ."""
    before = {path: path.read_bytes() for path in (written / "out").rglob("*.yaml")}
    result = CliRunner().invoke(main, ["generate"])
    assert (result.exit_code, result.stderr) == (0, "2 files written to out, 3 unchanged\n")
    after = {path: path.read_bytes() for path in (written / "out").rglob("*.yaml")}
    changed = [path for path in after if before[path] != after[path]]
    assert (len(before), {path.name for path in changed}) == (5, {"kustomization.yaml"})
    for path in changed:
        first, index_line, *others = after[path].decode().splitlines()
        assert index_line == "# .dsgen-index lists the files in this folder that dsgen wrote."
        assert [first, *others] == before[path].decode().splitlines()
    assert not list(written.rglob("out/*/.dsgen.json"))
    (written / "profiles/other.yaml").unlink()
    assert CliRunner().invoke(main, ["generate"]).exit_code == 0
    assert names(written / "out") == ["agent"]


def test_the_first_version_refuses_what_this_one_wrote(written: Path) -> None:
    """It takes files for its own if its index lists them, or if they are as it would write them: in each folder, one is not."""
    shutil.rmtree(written / "out")
    assert CliRunner().invoke(main, ["generate"]).exit_code == 0
    for path in (WRITTEN / "out").iterdir():
        own = written / "out" / path.name
        assert not (own / index.FORMER_NAME).exists()
        assert any((own / each.name).read_bytes() != each.read_bytes() for each in path.glob("*.yaml"))


def test_the_digests_are_still_good(folder: Path, run: Run) -> None:
    with (folder / "out/a/daemonset-a.yaml").open("a") as file:
        file.write("# by hand\n")
    result = run("generate")
    assert result.exit_code == 1
    assert "[changed-file]" in result.stderr
    assert names(folder / "out/a") == [index.FORMER_NAME, *NEW[1:]]
    assert names(folder / "out/b")[0] == index.NAME


def test_check_and_diff_say_so(folder: Path, run: Run) -> None:
    result = run("generate", "--check")
    assert result.exit_code == 1
    assert "out/a/.dsgen-index: error: out of date: the index of this folder is called `.dsgen.json`" in result.stderr
    shown = run("generate", "--diff").stdout
    assert "+++ b/out/a/.dsgen-index" in shown
    assert "--- a/out/a/.dsgen.json\n+++ /dev/null" in shown
    assert names(folder / "out/a")[0] == index.FORMER_NAME


def test_the_folder_of_a_deleted_profile_goes(folder: Path, run: Run) -> None:
    (folder / "profiles/a.yaml").unlink()
    assert run("generate").exit_code == 0
    assert names(folder / "out") == ["b"]


def test_what_is_not_dsgens_stays(folder: Path, run: Run) -> None:
    (folder / "profiles/a.yaml").unlink()
    (folder / "out/a/own.yaml").write_text("x: 1\n")
    assert run("generate").exit_code == 0
    assert names(folder / "out/a") == ["own.yaml"]


@pytest.mark.parametrize("shard", ["1/2", "2/2"])
def test_a_shard_takes_over_its_own(folder: Path, run: Run, shard: str) -> None:
    assert run("generate", "--shard", shard).exit_code == 0
    found = [path.name for path in folder.glob("out/*/.dsgen*")]
    assert sorted(found) in ([index.NAME] * 2, [index.FORMER_NAME] * 2, [index.NAME, index.FORMER_NAME])
    for each in ("1/2", "2/2"):
        assert run("generate", "--shard", each).exit_code == 0
    assert run("generate", "--check").exit_code == 0


def test_of_environments(folder: Path, run: Run) -> None:
    (folder / "environments").mkdir()
    (folder / "environments/prod.yaml").write_text("")
    assert run("generate").exit_code == 0
    for path in folder.glob(f"out/prod/*/{index.NAME}"):
        former(path)
    (folder / "profiles/a.yaml").unlink()
    assert run("generate").exit_code == 0
    assert names(folder / "out/prod") == ["b", "kustomization.yaml"]
    for path in folder.glob(f"out/prod/*/{index.NAME}"):
        former(path)
    (folder / "environments/prod.yaml").rename(folder / "environments/test.yaml")
    assert run("generate").exit_code == 0
    assert names(folder / "out") == ["test"]


@pytest.mark.parametrize("where", ["before the former one goes", "in the middle"])
def test_a_killed_run(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    (folder / "profiles/a.yaml").write_text(
        "name: a\ncontainers: {a: {image: 'x:2'}}\nserviceAccount: {create: true}\n"
    )
    with monkeypatch.context() as patch:
        patch.setattr(write, "_drop_former" if where.startswith("before") else "write_file", killed)
        assert run("generate", "--jobs", "1").exit_code == 130
    assert index.FORMER_NAME in names(folder / "out/a")
    result = run("generate")
    assert result.exit_code == 0, result.stderr
    assert names(folder / "out/a") == [*NEW[:2], "kustomization.yaml", "serviceaccount-a.yaml"]
    assert run("generate", "--check").exit_code == 0


@pytest.mark.parametrize("text", ["{", "[]", "kind: ConfigMap\n", '{"version": 3}'])
def test_beside_an_index_another_file_of_this_name_is_the_users(folder: Path, run: Run, text: str) -> None:
    assert run("generate").exit_code == 0
    (folder / "out/a" / index.FORMER_NAME).write_text(text)
    assert run("generate").exit_code == 0
    assert (folder / "out/a" / index.FORMER_NAME).read_text() == text


def test_a_broken_one_is_an_error(folder: Path, run: Run) -> None:
    (folder / "out/a" / index.FORMER_NAME).write_text("<<<<<<< HEAD\n")
    (folder / "profiles/a.yaml").write_text("name: a\ncontainers: {a: {image: 'x:2'}}\n")
    result = run("generate")
    assert result.exit_code == 1
    assert "out/a/.dsgen.json: error: the index has merge conflicts" in result.stderr
    assert run("generate", "--force").exit_code == 0
    assert names(folder / "out/a") == NEW


class TestTheVersionThatWroteIt:
    def write(self, folder: Path, run: Run, version: str) -> None:
        assert run("generate").exit_code == 0
        path = folder / "out/a" / index.NAME
        path.write_text(path.read_text().replace(f'"dsgen": "{__version__}"', f'"dsgen": "{version}"'))
        assert version in path.read_text()

    def test_another_one_changes_nothing(self, folder: Path, run: Run) -> None:
        self.write(folder, run, "0.0.7")
        assert run("generate", "--check").exit_code == 0
        assert run("generate").exit_code == 0
        assert '"0.0.7"' in (folder / "out/a" / index.NAME).read_text()

    def test_check_names_it(self, folder: Path, run: Run) -> None:
        self.write(folder, run, "0.0.7")
        (folder / "profiles/a.yaml").write_text("name: a\ncontainers: {a: {image: 'x:2'}}\n")
        said = run("generate", "--check").stderr
        assert f"generates; dsgen 0.0.7 wrote it, and you run {__version__} [output-drift]" in said
        assert run("generate").exit_code == 0
        assert '"0.0.7"' not in (folder / "out/a" / index.NAME).read_text()

    def test_the_same_one_is_not_named(self, folder: Path, run: Run) -> None:
        self.write(folder, run, __version__)
        (folder / "profiles/a.yaml").write_text("name: a\ncontainers: {a: {image: 'x:2'}}\n")
        assert "wrote it" not in run("generate", "--check").stderr


def test_every_file_that_tools_take_for_a_manifest_is_one(folder: Path, run: Run) -> None:
    """What `kubectl apply -f DIR`, kubeconform, Helm and Argo CD read of a folder."""
    run("generate")
    read = [
        path
        for path in folder.glob("out/**/*")
        if path.suffix in (".json", ".yaml", ".yml", ".jsonnet", ".tpl", ".txt")
    ]
    assert len(read) == 4
    assert all({"apiVersion", "kind"} <= yaml.safe_load(path.read_text()).keys() for path in read)
