"""Locked presets: what a project extends is what it has locked, whatever dsgen ships; and nothing is lost or used that was changed."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from importlib.metadata import version
from itertools import count
from pathlib import Path
from typing import ClassVar

import pytest
from click.testing import CliRunner, Result

import dsgen
from dsgen.build.output.files import write_file
from dsgen.cli import main
from dsgen.project import dsgen_version, preset_lock, shipped
from dsgen.project.presets import presets
from dsgen.project.project import read_project
from dsgen.reading import digest
from dsgen.version import __version__
from tests.killed import ended

Run = Callable[..., Result]
VERSION = {preset.name: preset.version for preset in presets()}["fluent-bit"]
COPY = f"presets/fluent-bit@{VERSION}/fluent-bit.yaml"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dsgen.yaml").write_text('kubernetes: "1.37"\n')
    profile("logs", "extends: fluent-bit")
    return lambda *arguments: CliRunner().invoke(main, arguments)


def profile(name: str, *lines: str) -> None:
    Path("profiles").mkdir(exist_ok=True)
    Path(f"profiles/{name}.yaml").write_text("\n".join([f"name: {name}", *lines, ""]))


def texts(folder: str) -> dict[str, bytes]:
    return {path.as_posix(): path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}


@pytest.fixture
def older(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of presets that another dsgen ships: the image of fluent-bit is older there."""
    folder = tmp_path / "of-another-dsgen"
    shutil.copytree(shipped.folder(), folder, ignore=shutil.ignore_patterns("tutorial"))
    path = folder / "fluent-bit.yaml"
    path.write_text(path.read_text("utf-8").replace(VERSION, "5.0.0"), "utf-8")
    return folder


class Shipped:
    """Lets dsgen ship the presets of a folder."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(shipped, "folder", lambda: folder)
        monkeypatch.setattr(shipped, "profiles", lambda: {path.stem: path for path in sorted(folder.glob("*.yaml"))})
        for module in ("dsgen.cli.preset_names", "dsgen.project.presets"):
            monkeypatch.setattr(f"{module}.profiles", shipped.profiles)


class TestLock:
    @pytest.mark.parametrize("name", [preset.name for preset in presets()])
    def test_every_preset_generates_the_same_locked(self, run: Run, name: str) -> None:
        """Its files are with it; only the note on unlocked presets is gone."""
        profile("logs", f"extends: {name}")
        before = run("generate", "-o", "-")
        assert "missing-preset-lock" in before.stderr
        assert run("presets", "lock").exit_code == 0
        after = run("generate", "-o", "-")
        assert (after.stdout, after.exit_code) == (before.stdout, 0)
        assert "missing-preset-lock" not in after.stderr

    def test_another_dsgen_changes_nothing(self, run: Run, older: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        run("presets", "lock")
        run("generate")
        before = texts("out")
        Shipped(older, monkeypatch)
        assert "fluent-bit:5.0.0" not in run("generate", "-o", "-").stdout
        assert run("generate", "--check").exit_code == 0
        assert texts("out") == before
        Path("presets/lock.json").unlink()
        assert "fluent-bit:5.0.0" in run("generate", "-o", "-").stdout

    def test_only_what_profiles_extend_is_locked_and_once(self, run: Run) -> None:
        profile("metrics", "extends: logs.yaml")
        result = run("presets", "lock")
        assert result.stderr == f"locked presets/fluent-bit@{VERSION}\n"
        before = texts("presets")
        assert sorted(before) == [COPY, "presets/lock.json"]
        assert "1 preset already locked" in run("presets", "lock").stderr
        assert texts("presets") == before

    def test_what_no_profile_extends_is_unlocked(self, run: Run) -> None:
        run("presets", "lock")
        profile("logs", "extends: vector")
        said = run("presets", "lock").stderr
        assert f"removed presets/fluent-bit@{VERSION}; no profile extends it" in said
        assert not Path(COPY).exists()
        assert list(json.loads(Path("presets/lock.json").read_text())["presets"]) == ["vector"]

    def test_a_copy_is_no_profile_of_the_project(self, run: Run) -> None:
        Path("dsgen.yaml").write_text('kubernetes: "1.37"\nprofiles: ["**/*.yaml"]\n')
        before = run("generate", "-o", "-").stdout
        run("presets", "lock")
        assert run("generate", "-o", "-").stdout == before

    @pytest.mark.parametrize("pattern", ["presets/*.yaml", "presets/**/*.yaml", "p*/**/*.yaml"])
    def test_profiles_beside_the_copies_stay(self, run: Run, pattern: str) -> None:
        Path("dsgen.yaml").write_text(f'kubernetes: "1.37"\nprofiles: "{pattern}"\n')
        Path("profiles").rename("presets")
        Path("presets/of@us.yaml").write_text("name: of-us\ncontainers: {agent: {image: example.com/a:1}}\n")
        before = run("generate", "-o", "-").stdout
        assert "name: of-us" in before
        assert run("presets", "lock").exit_code == 0
        after = run("generate", "-o", "-")
        assert (after.exit_code, after.stdout, after.stderr) == (0, before, "")

    def test_the_copy_is_named(self, run: Run) -> None:
        run("presets", "lock")
        assert f"preset fluent-bit@{VERSION}:" in run("trace", "logs").stdout

    def test_a_profile_that_is_not_valid_locks_nothing(self, run: Run) -> None:
        profile("broken", "extends: [fluent-bit, nowhere]")
        result = run("presets", "lock")
        assert (result.exit_code, Path("presets").exists()) == (2, False)
        assert "no such preset `nowhere`" in result.stderr
        assert "\\n" not in result.stderr

    def test_a_file_that_is_called_as_presets_are_shown(self, run: Run) -> None:
        Path("dsgen.yaml").write_text('kubernetes: "1.37"\nprofiles: ["preset *.yaml"]\n')
        Path("preset own.yaml").write_text("name: own\ncontainers: {own: {image: example.com/own:1}}\n")
        result = run("generate", "-o", "-")
        assert (result.exit_code, "missing-preset-lock" in result.stderr) == (0, False)


@pytest.mark.skipif(version("click") == "8.2.0", reason="click 8.2.0 does not complete words of a nested group")
class TestCompletion:
    GIVEN: ClassVar = {"_DSGEN_COMPLETE": "bash_complete", "COMP_WORDS": "dsgen presets upgrade ", "COMP_CWORD": "3"}

    def completed(self) -> Result:
        return CliRunner().invoke(main, [], env=self.GIVEN, prog_name="dsgen")

    def test_what_is_locked(self, run: Run) -> None:
        run("presets", "lock")
        assert self.completed().stdout == "plain,fluent-bit\n"

    @pytest.mark.parametrize("text", ["unknown: 1\n", "{", None])
    def test_it_says_nothing_of_errors(self, run: Run, text: str | None) -> None:
        Path("dsgen.yaml").unlink()
        if text:
            Path("dsgen.yaml").write_text(text)
        result = self.completed()
        assert (result.output.strip(), result.exit_code) == ("", 0)


class TestChanged:
    @pytest.mark.parametrize(
        ("change", "why"),
        [
            (lambda copy: copy.write_text(copy.read_text() + "\n"), "`fluent-bit.yaml` was modified"),
            (lambda copy: copy.unlink(), "`fluent-bit.yaml` is missing"),
            (lambda copy: (copy.parent / "more.yaml").write_text(""), "`more.yaml` is not part of it"),
        ],
    )
    def test_a_copy_that_was_changed_is_not_used(self, run: Run, change: Callable[[Path], object], why: str) -> None:
        run("presets", "lock")
        change(Path(COPY))
        before = texts("presets")
        for arguments in (["generate"], ["validate"], ["generate", "-o", "-"]):
            result = run(*arguments)
            assert (result.exit_code, "mismatched-preset-digest" in result.stderr, why in result.stderr) == (
                1,
                True,
                True,
            )
        for arguments in (["presets", "lock"], ["presets", "upgrade", "fluent-bit"]):
            result = run(*arguments)
            assert (result.exit_code, why in result.stderr) == (2, True)
        assert (texts("presets"), Path("out").exists()) == (before, False)

    def test_nor_is_what_an_earlier_run_remembers(self, run: Run) -> None:
        run("presets", "lock")
        run("generate")
        Path(COPY).write_text(Path(COPY).read_text("utf-8") + "# changed\n")
        assert run("generate").exit_code == 1

    def test_the_remedy(self, run: Run) -> None:
        run("presets", "lock")
        before = texts("presets")
        Path(COPY).write_text("name: mine\n")
        shutil.rmtree(Path(COPY).parent)
        assert run("presets", "lock").exit_code == 0
        assert texts("presets") == before

    def test_line_ends_of_git_are_no_change(self, run: Run) -> None:
        run("presets", "lock")
        Path(COPY).write_bytes(Path(COPY).read_bytes().replace(b"\n", b"\r\n"))
        assert run("generate").exit_code == 0

    def test_a_folder_of_somebody_else_stays(self, run: Run) -> None:
        Path(COPY).parent.mkdir(parents=True)
        Path(COPY).write_text("mine")
        result = run("presets", "lock")
        assert (result.exit_code, Path(COPY).read_text()) == (2, "mine")
        assert "already exists, and dsgen did not lock it" in result.stderr

    def test_no_files_are_written_behind_a_symlink(self, run: Run, tmp_path: Path) -> None:
        other = tmp_path / "other"
        other.mkdir()
        Path("presets").symlink_to(other)
        assert run("presets", "lock").exit_code == 2
        assert list(other.iterdir()) == []

    def test_nor_are_they_removed_there(self, run: Run) -> None:
        run("presets", "lock")
        Path("presets").rename("elsewhere")
        Path("presets").symlink_to("elsewhere")
        before = texts("elsewhere")
        assert "1 preset already locked" in run("presets", "lock").stderr
        profile("logs", "containers: {logs: {image: example.com/a:1}}")
        assert run("presets", "lock").exit_code == 2
        assert texts("elsewhere") == before

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ('{"version": 2}', "written by a newer dsgen"),
            ("{", "is not closed"),
            ("[]", "is not a list of locked presets"),
            ('{"version": 1, "presets": {"../x": {}}}', "`../x` is not a locked preset"),
            (
                '{"version": 1, "presets": {"a": {"version": "../b", "files": {"a.yaml": "%s"}}}}' % ("0" * 64),
                "`a` is not",
            ),
            (
                '{"version": 1, "presets": {"a": {"version": "1", "files": {"a.yaml": "0"}}}}',
                "`a` is not a locked preset",
            ),
            (
                '{"version": 1, "presets": {"a": {"version": "1", "files": {"../a.yaml": "%s"}}}}' % ("0" * 64),
                "`a` is not",
            ),
        ],
    )
    def test_a_list_that_cannot_be_used(self, run: Run, text: str, why: str) -> None:
        Path("presets").mkdir()
        Path("presets/lock.json").write_text(text)
        for arguments in (["generate"], ["presets", "lock"]):
            result = run(*arguments)
            assert (result.exit_code, "invalid-preset-lock" in result.stderr, why in result.stderr) == (1, True, True)
        assert Path("presets/lock.json").read_text() == text

    def test_a_copy_reads_no_files_outside_of_its_folder(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "secret").write_text("hidden")
        text = "name: x\nextends: ../../profiles/logs.yaml\n"
        folder = tmp_path / "presets/odd@1"
        folder.mkdir(parents=True)
        (folder / "odd.yaml").write_text(text)
        entry = preset_lock.locked("odd", "1", [("odd.yaml", text.encode())])
        (tmp_path / "presets/lock.json").write_text(preset_lock.to_text([entry]))
        profile("own", "extends: odd")
        result = run("validate", "profiles/own.yaml")
        assert "leads out of the project" in result.stderr


class TestUpgrade:
    @pytest.fixture(autouse=True)
    def locked_by_another(self, run: Run, older: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with monkeypatch.context() as other:
            Shipped(older, other)
            run("presets", "lock")

    def test_what_is_outdated(self, run: Run) -> None:
        assert run("presets", "outdated").stdout == f"fluent-bit  5.0.0 -> {VERSION}\n"
        (entry,) = json.loads(run("presets", "outdated", "--format", "json").stdout)["presets"]
        assert entry == {"name": "fluent-bit", "locked": "5.0.0", "current": VERSION}

    def test_the_diff_is_that_of_the_upgrade(self, run: Run) -> None:
        shown = run("presets", "diff", "fluent-bit")
        assert "its pods restart" in shown.stdout
        assert f"fluent-bit:{VERSION}" in shown.stdout
        run("generate", "-o", "before")
        said = run("presets", "upgrade", "fluent-bit").stderr
        assert said == f"upgraded presets/fluent-bit@{VERSION} (was 5.0.0)\n"
        run("generate", "-o", "after")
        assert run("diff", "before", "after").stdout == shown.stdout
        assert not Path("presets/fluent-bit@5.0.0").exists()
        assert "all locked presets are up to date" in run("presets", "outdated").stderr
        assert "is already up to date" in run("presets", "upgrade", "fluent-bit").stderr

    def test_a_preset_that_is_not_locked(self, run: Run) -> None:
        for command in ("diff", "upgrade"):
            result = run("presets", command, "vector")
            assert (result.exit_code, "run `dsgen presets lock vector`" in result.stderr) == (2, True)

    def test_a_revision_of_the_same_version(self, run: Run, older: Path) -> None:
        path = older / "fluent-bit.yaml"
        text = path.read_text("utf-8").replace("5.0.0", VERSION) + "# older\n"
        shutil.rmtree("presets")
        folder = Path(COPY).parent
        folder.mkdir(parents=True)
        Path(COPY).write_text(text)
        entry = preset_lock.locked("fluent-bit", VERSION, [("fluent-bit.yaml", text.encode())])
        Path("presets/lock.json").write_text(preset_lock.to_text([entry]))
        assert run("presets", "outdated").stdout == f"fluent-bit  {VERSION} -> {VERSION}, revised\n"
        assert run("presets", "upgrade", "fluent-bit").exit_code == 0
        assert Path(COPY).read_text("utf-8") == shipped.profiles()["fluent-bit"].read_text("utf-8")


class TestKilled:
    """Whenever a run is killed: the next one does what it was to do, and nothing of the killed one is left."""

    def kills(self, *arguments: str) -> Iterator[int]:
        """Run a command again and again, killed a change later each time, from the files that are there now, until it ends by itself."""
        Path("presets").mkdir(exist_ok=True)
        shutil.copytree("presets", "before")
        for point in count(1):
            shutil.rmtree("presets")
            shutil.copytree("before", "presets")
            if ended(["presets", *arguments], point) != -signal.SIGKILL:
                assert point > 5
                return
            yield point

    def test_lock(self, run: Run) -> None:
        for _ in self.kills("lock"):
            assert run("presets", "lock").exit_code == 0
            assert sorted(texts("presets")) == [COPY, "presets/lock.json"]
            assert run("validate").exit_code == 0

    @pytest.mark.parametrize("version", ["5.0.0", VERSION])
    @pytest.mark.parametrize("again", [["upgrade", "fluent-bit"], ["lock"]])
    def test_upgrade(
        self, run: Run, older: Path, monkeypatch: pytest.MonkeyPatch, version: str, again: list[str]
    ) -> None:
        path = older / "fluent-bit.yaml"
        path.write_text(path.read_text("utf-8").replace("5.0.0", version) + "# older\n")
        with monkeypatch.context() as other:
            Shipped(older, other)
            run("presets", "lock")
        for _ in self.kills("upgrade", "fluent-bit"):
            for arguments in (again, ["upgrade", "fluent-bit"]):
                assert run("presets", *arguments).exit_code == 0
            assert sorted(texts("presets")) == [COPY, "presets/lock.json"]
            assert Path(COPY).read_text("utf-8") == shipped.profiles()["fluent-bit"].read_text("utf-8")
            assert run("validate").exit_code == 0

    def test_a_list_that_cannot_be_written(self, run: Run, older: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with monkeypatch.context() as other:
            Shipped(older, other)
            run("presets", "lock")
        before = texts("presets")

        def full(path: str, data: bytes) -> int:
            if path.endswith("lock.json"):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)
            return write_file(path, data)

        monkeypatch.setattr("dsgen.build.lock_presets.write_file", full)
        assert run("presets", "upgrade", "fluent-bit").exit_code == 2
        assert before.items() <= texts("presets").items()
        assert run("validate").exit_code == 0

    def test_unlock(self, run: Run) -> None:
        profile("metrics", "extends: vector")
        run("presets", "lock")
        profile("logs", "containers: {logs: {image: example.com/a:1}}")
        for _ in self.kills("lock"):
            assert run("presets", "lock").exit_code == 0
            assert not any("fluent-bit" in path.name for path in Path("presets").iterdir())
            assert run("validate").exit_code == 0


class TestVersionOfDsgen:
    @pytest.mark.parametrize(
        ("required", "ok"),
        [
            (">=0.1", True),
            (">= 0.1 , < 99", True),
            (f"=={__version__}", True),
            (f"!={__version__}", False),
            (">99", False),
            ("<0.0.1", False),
            (">=0.1,<0.1", False),
        ],
    )
    def test_another_version_refuses(self, run: Run, required: str, ok: bool) -> None:
        Path("dsgen.yaml").write_text(f'kubernetes: "1.37"\ndsgen: "{required}"\n')
        result = run("generate")
        assert result.exit_code == (0 if ok else 1)
        assert ("mismatched-dsgen-version" in result.stderr) is not ok
        assert Path("out").exists() is ok
        if not ok:
            assert f"requires dsgen {required}, got {__version__}" in result.stderr

    def test_other_keys_of_another_version_are_not_reported(self, run: Run) -> None:
        Path("dsgen.yaml").write_text('dsgen: ">99"\nnewer: true\n')
        assert "newer" not in run("generate").stderr

    @pytest.mark.parametrize("value", ["latest", "~=1", "[1]", '""', '">=0.1,"', "1.0"])
    def test_what_is_no_requirement(self, run: Run, value: str) -> None:
        Path("dsgen.yaml").write_text(f"dsgen: {value}\n")
        result = run("generate")
        assert (result.exit_code, f"such as `{dsgen_version.EXAMPLE}`" in result.stderr) == (1, True)

    def test_in_python(self, run: Run, tmp_path: Path) -> None:
        Path("dsgen.yaml").write_text('dsgen: ">99"\n')
        with pytest.raises(dsgen.ProblemError, match="requires dsgen >99"):
            dsgen.load("profiles/logs.yaml")
        assert [each.code for each in read_project(tmp_path)[1]] == ["mismatched-dsgen-version"]


def test_renames_are_listed(run: Run) -> None:
    """What no longer is called as the preset, but as the profile: an object, a secret that the cluster must have, and a folder of the node."""
    run("presets", "lock")
    run("generate")
    lock = json.loads(Path("presets/lock.json").read_text())
    text = Path(COPY).read_text("utf-8").replace("$(name)", "fluent-bit")
    Path(COPY).write_text(text, "utf-8")
    lock["presets"]["fluent-bit"]["files"]["fluent-bit.yaml"] = digest(text.encode())
    Path("presets/lock.json").write_text(json.dumps(lock))
    said = [line for line in run("presets", "diff", "fluent-bit").stdout.splitlines() if line.startswith("renamed: ")]
    assert said == [
        "renamed: ConfigMap fluent-bit/fluent-bit -> logs",
        "renamed: Secret fluent-bit-elasticsearch -> logs-elasticsearch",
        "renamed: folder of the node /var/lib/fluent-bit -> /var/lib/logs",
    ]
    assert (
        "\nRenamed: `ConfigMap fluent-bit/fluent-bit -> logs`\n"
        in run("presets", "diff", "fluent-bit", "--format", "markdown").stdout
    )
    assert "renamed" not in run("presets", "diff", "fluent-bit", "--format", "json").stdout
    run("presets", "upgrade", "fluent-bit")
    assert "renamed" not in run("presets", "diff", "fluent-bit").stdout
