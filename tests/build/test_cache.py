"""What is as it was is not made again, and what is not is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.test_commands import GOOD, WARNED, Run, folder, run
from tests.cli.test_output import change, tree

__all__ = ["folder", "run"]

BASE = "name: base\ncontainers: {agent: {image: example.com/agent:1.0}}\n"
TEMPLATE = '{{% extends "dsgen/daemonset.yaml.j2" %}}\n{{% block metadata %}}\n{{{{ super() }}}}\n  finalizers: [example.com/{}]\n{{% endblock %}}\n'


@pytest.fixture(autouse=True)
def project(folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with two profiles, and a user whose cache is empty."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
    (folder / "dsgen.yaml").write_text('kubernetes: "1.37"\n')
    for name in ("one", "two"):
        (folder / f"profiles/{name}.yaml").write_text(GOOD.format(name))
    return folder


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The profiles that were made anew, as they come."""
    from dsgen.generate.generator import Generator

    found: list[str] = []
    make = Generator.make

    def noted(self: Generator, file: object, *more: object) -> object:
        found.append(file.name)  # type: ignore[attr-defined]
        return make(self, file, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(Generator, "make", noted)
    return found


@pytest.fixture
def settled(run: Run, made: list[str], monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """A run after which nothing has to be read again, since it says that it is later than it is."""

    def generate() -> None:
        now = time.time_ns
        with monkeypatch.context() as patched:
            patched.setattr(time, "time_ns", lambda: now() + 10_000_000_000)
            assert run("generate").exit_code == 0
            run("generate")
        made.clear()

    return generate


def test_nothing_changed(folder: Path, run: Run, made: list[str]) -> None:
    run("generate")
    assert made == ["profiles/one.yaml", "profiles/two.yaml"]
    result = run("generate")
    assert (result.stderr, len(made)) == ("0 files written to out, 4 unchanged\n", 2)
    assert run("generate", "--check", "-q").output == ""
    assert len(made) == 2


def test_a_profile(folder: Path, run: Run, made: list[str]) -> None:
    run("generate")
    made.clear()
    change(folder)
    assert run("generate").stderr == "1 file written to out, 3 unchanged\n"
    assert made == ["profiles/one.yaml"]


def test_a_profile_that_keeps_its_size_and_time(folder: Path, run: Run, settled: Callable[[], None]) -> None:
    settled()
    path = folder / "profiles/one.yaml"
    before = path.stat()
    path.write_text(GOOD.format("one").replace("1.0", "2.0"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert run("generate").stderr == "1 file written to out, 3 unchanged\n"


@pytest.mark.parametrize(
    "path",
    ["profiles/_base.yaml", "profiles/one.conf", "profiles/more.conf", "templates/daemonset.yaml.j2", "dsgen.yaml"],
)
def test_what_a_profile_is_made_from(folder: Path, run: Run, made: list[str], path: str) -> None:
    texts = {
        "profiles/_base.yaml": (BASE, BASE.replace("1.0", "1.1")),
        "profiles/one.conf": ("a: 1\n", "a: 2\n"),
        "profiles/more.conf": (None, "b: 1\n"),
        "templates/daemonset.yaml.j2": (TEMPLATE.format("a"), TEMPLATE.format("b")),
        "dsgen.yaml": ("", 'kubernetes: "1.35"\n'),
    }
    (folder / "templates").mkdir()
    for name, (text, _) in texts.items():
        if text is not None:
            (folder / name).write_text(text)
    (folder / "profiles/one.yaml").write_text(
        "extends: ./_base.yaml\nname: one\nconfigMaps: {c: {files: ['*.conf'], onChange: none}}\n"
    )
    run("generate")
    before = tree(folder / "out")
    made.clear()
    (folder / path).write_text(texts[path][1])
    run("generate")
    assert "profiles/one.yaml" in made
    assert (tree(folder / "out") == before) is (path == "dsgen.yaml")


def test_an_environment(folder: Path, run: Run, made: list[str]) -> None:
    (folder / "environments").mkdir()
    for name in ("prod", "test"):
        (folder / f"environments/{name}.yaml").write_text("")
    run("generate")
    made.clear()
    (folder / "environments/prod.yaml").write_text("all: {hostNetwork: true}\n")
    assert run("generate").stderr == "2 files written to out, 8 unchanged\n"
    assert len(made) == 2
    made.clear()
    assert run("generate").stderr == "0 files written to out, 10 unchanged\n"
    assert made == []


@pytest.mark.parametrize("options", [["--defaults"], ["--kubernetes", "1.35"]])
def test_options(folder: Path, run: Run, made: list[str], options: list[str]) -> None:
    run("generate")
    made.clear()
    run("generate", *options)
    assert len(made) == 2


def test_the_program(folder: Path, run: Run, made: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dsgen.project import shipped

    run("generate")
    made.clear()
    (tmp_path / "dsgen").mkdir()
    monkeypatch.setattr(shipped, "__file__", str(tmp_path / "dsgen/project/shipped.py"))
    run("generate", "-o", "out")
    assert len(made) == 2


@pytest.mark.parametrize("name", ["daemonset-one.yaml", "kustomization.yaml", ".dsgen-index"])
def test_an_output_that_is_gone(folder: Path, run: Run, name: str, settled: Callable[[], None]) -> None:
    settled()
    before = tree(folder / "out")
    (folder / "out/one" / name).unlink()
    assert run("generate").exit_code == 0
    assert tree(folder / "out") == before


def test_an_output_that_was_changed(folder: Path, run: Run, settled: Callable[[], None]) -> None:
    settled()
    path = folder / "out/one/daemonset-one.yaml"
    before = path.stat()
    path.write_text(path.read_text().replace("1.0", "2.0"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert "[changed-file]" in run("generate").stderr


def test_an_output_that_was_touched(folder: Path, run: Run, made: list[str], settled: Callable[[], None]) -> None:
    settled()
    (folder / "out/one/daemonset-one.yaml").touch()
    assert run("generate").exit_code == 0
    assert made == []


def test_warnings_are_told_again(folder: Path, run: Run) -> None:
    (folder / "profiles/warned.yaml").write_text(WARNED)
    first = run("generate").stderr
    assert "[unused-volume]" in first
    warnings, _, summary = run("generate").stderr.partition("0 files written")
    assert summary
    assert first.startswith(warnings)


def test_conflicts_are_told_whether_made_anew_or_not(folder: Path, run: Run) -> None:
    account = "serviceAccount: {{create: true, name: shared, annotations: {{a: {}}}}}\nnamespace: x\n"
    (folder / "profiles/one.yaml").write_text(GOOD.format("one") + account.format("x"))
    assert run("generate").exit_code == 0
    (folder / "profiles/two.yaml").write_text(GOOD.format("two") + account.format("y"))
    result = run("generate")
    assert (result.exit_code, "[conflicting-objects]" in result.stderr) == (1, True)
    (folder / "profiles/two.yaml").write_text(GOOD.format("one"))
    assert "[duplicate-profile-name]" in run("generate").stderr


def test_a_profile_with_errors_is_made_again(folder: Path, run: Run, made: list[str]) -> None:
    (folder / "profiles/one.yaml").write_text("name: one\nzzz: 1\n")
    assert "[unknown-key]" in run("generate").stderr
    assert "[unknown-key]" in run("generate").stderr


class TestTheFolder:
    def files(self, folder: Path) -> list[Path]:
        return sorted((folder / ".dsgen-cache").glob("*.json"))

    def test_git_ignores_it(self, folder: Path, run: Run) -> None:
        run("generate")
        subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
        said = subprocess.run(["git", "status", "--porcelain"], cwd=folder, check=True, capture_output=True, text=True)
        assert ".dsgen-cache" not in said.stdout

    @pytest.mark.parametrize("arguments", [["--check"], ["--diff"], ["-o", "-"]])
    def test_a_run_that_writes_nothing_writes_none(self, folder: Path, run: Run, arguments: list[str]) -> None:
        run("generate", *arguments)
        assert not (folder / ".dsgen-cache").exists()

    def test_there_is_none_without_a_project(self, folder: Path, run: Run) -> None:
        (folder / "dsgen.yaml").unlink()
        run("generate")
        assert not (folder / ".dsgen-cache").exists()

    @pytest.mark.parametrize("change", [lambda data: b"", lambda data: data[:-9], lambda data: b"x" + data])
    def test_a_broken_one(self, folder: Path, run: Run, made: list[str], change: Callable[[bytes], bytes]) -> None:
        run("generate")
        made.clear()
        for path in self.files(folder):
            path.write_bytes(change(path.read_bytes()))
        assert run("generate").exit_code == 0
        assert len(made) == 2

    def test_somebody_elses_is_not_believed(
        self, folder: Path, run: Run, made: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A project may come with a cache that says of any output that it is right."""
        run("generate")
        made.clear()
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "mine"))
        run("generate", "--check")
        assert len(made) == 2

    def test_a_link_is_not_followed(self, folder: Path, run: Run, tmp_path_factory: pytest.TempPathFactory) -> None:
        elsewhere = tmp_path_factory.mktemp("elsewhere")
        (folder / ".dsgen-cache").symlink_to(elsewhere)
        assert run("generate").exit_code == 0
        assert tree(elsewhere) == {}

    def test_one_that_cannot_be_written(self, folder: Path, run: Run) -> None:
        (folder / ".dsgen-cache").write_text("")
        assert run("generate").stderr == "4 files written to out\n"

    def test_after_a_run_that_did_not_come_to_its_end(self, folder: Path, run: Run, made: list[str]) -> None:
        run("generate")
        made.clear()
        (folder / ".dsgen-cache/unfinished").write_text("")
        run("generate")
        assert len(made) == 2
        run("generate")
        assert len(made) == 2

    def test_profiles_that_are_gone_are_forgotten(self, folder: Path, run: Run) -> None:
        run("generate")
        (folder / "profiles/one.yaml").unlink()
        run("generate", "two")
        assert any("profiles/one.yaml" in path.read_text() for path in self.files(folder) if "inputs" not in path.name)
        run("generate")
        assert not any("one.yaml" in path.read_text() for path in self.files(folder) if "inputs" not in path.name)


def test_nothing_of_rendering_is_loaded_when_nothing_changed(folder: Path, run: Run) -> None:
    run("generate")
    code = "import sys, json\nfrom dsgen.cli import main\ntry:\n    main(['generate', '-q'])\nfinally:\n    print(json.dumps(list(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    loaded = set(json.loads(done.stdout))
    assert "dsgen.build.cache" in loaded
    assert not {"jinja2", "cerberus", "dsgen.generate.generator", "dsgen.kubernetes.validate"} & loaded
