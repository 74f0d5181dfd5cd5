"""What is different on a terminal: colours of problems, diffs, plans and tests, and a line that counts while a command takes long."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from dsgen.cli import main, shell

Run = Callable[..., Result]

MANIFEST = """\
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: x}
spec:
  selector: {matchLabels: {app: agent}}
  template: {metadata: {labels: {app: agent}}, spec: {containers: [{name: a, image: 'x:%s'}]}}
"""
COMMANDS = [
    ("generate", "--diff"),
    ("diff", "old.yaml", "new.yaml"),
    ("plan", "--nodes", "nodes.yaml"),
    ("test",),
    ("fmt", "--diff"),
    ("validate",),
]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NO_COLOR", raising=False)
    shell._lines.cache_clear()
    for name in ("profiles", "tests"):
        (tmp_path / name).mkdir()
    (tmp_path / "dsgen.yaml").write_text('kubernetes: "1.37"\n')
    (tmp_path / "profiles/agent.yaml").write_text(
        "name: agent\ncontainers: {a: {resources: {limits: {memory: 128}}, image: 'x:1'}}\n"
    )
    (tmp_path / "tests/agent.yaml").write_text("tests: [{name: fails, profile: agent, expect: {spec: {x: 1}}}]\n")
    (tmp_path / "nodes.yaml").write_text("pools: {general: {count: 2}}\n")
    for name, tag in (("old", 1), ("new", 2)):
        (tmp_path / f"{name}.yaml").write_text(MANIFEST % tag)
    return lambda *arguments: CliRunner().invoke(main, arguments)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda _: True, raising=False)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
class TestColours:
    def test_on_a_terminal(self, run: Run, command: tuple[str, ...], request: pytest.FixtureRequest) -> None:
        plain = run(*command).output
        assert "\x1b" not in plain
        request.getfixturevalue("terminal")
        coloured = run(*command).output
        assert "\x1b[" in coloured
        assert click.unstyle(coloured) == plain

    def test_not_if_refused(
        self, run: Run, command: tuple[str, ...], terminal: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("NO_COLOR", "1")
        assert "\x1b" not in run(*command).output


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize("command", [("diff", "old.yaml", "new.yaml", "--format", "json"), ("plan", "--nodes", "nodes.yaml", "--format", "json"), ("validate", "--format", "json")], ids=lambda command: command[0])  # fmt: skip
def test_machine_formats_have_no_colours(run: Run, command: tuple[str, ...]) -> None:
    assert "\x1b" not in run(*command).stdout


COUNTED = [
    ("generate", "1 of 1 profiles"),
    ("validate", "1 of 1 files"),
    ("requires", "1 of 1 profiles"),
    ("diff old.yaml profiles/agent.yaml", "1 of 1 files"),
    ("plan --nodes nodes.yaml", "1 of 1 files"),
    ("import old.yaml", "1 of 1 DaemonSets"),
]


@pytest.mark.parametrize(("command", "line"), COUNTED)
class TestProgress:
    def test_what_takes_long_counts(
        self, run: Run, command: str, line: str, terminal: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # Each look at the clock finds it two seconds later.
        monkeypatch.setattr("dsgen.cli.progress.time", _Clock(2))
        assert f"\r{line}\r" in run(*command.split()).stderr

    def test_a_moment_does_not(
        self, run: Run, command: str, line: str, terminal: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("dsgen.cli.progress.time", _Clock(0))
        assert line not in run(*command.split()).output

    def test_nor_into_a_pipe(self, run: Run, command: str, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("dsgen.cli.progress.time", _Clock(2))
        assert line not in run(*command.split()).output


class _Clock:
    def __init__(self, seconds: int) -> None:
        self.monotonic = itertools.count(time.monotonic(), seconds).__next__
