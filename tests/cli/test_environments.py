"""Environments: what a run makes for each, and what is wrong with one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_commands import GOOD, Run, folder, run, written

__all__ = ["folder", "run"]


@pytest.fixture(autouse=True)
def project(folder: Path) -> Path:
    """Two profiles and two environments, of which one takes one profile only."""
    (folder / "environments").mkdir()
    for name in ("agent", "log-agent"):
        (folder / f"profiles/{name}.yaml").write_text(GOOD.format(name))
    (folder / "environments/prod-eu.yaml").write_text("all: {nodes: {tolerate+: [control-plane]}}\n")
    (folder / "environments/test.yaml").write_text("profiles: [log-*]\n")
    return folder


class TestWhatIsMade:
    def test_each_profile_for_each_environment_that_takes_it(self, folder: Path, run: Run) -> None:
        result = run("generate")
        assert (result.exit_code, result.stderr) == (0, "wrote 3 files to out\n")
        assert written(folder / "out") == [
            "prod-eu/agent/daemonset-agent.yaml",
            "prod-eu/log-agent/daemonset-log-agent.yaml",
            "test/log-agent/daemonset-log-agent.yaml",
        ]
        assert "control-plane" in (folder / "out/prod-eu/agent/daemonset-agent.yaml").read_text()
        assert "control-plane" not in (folder / "out/test/log-agent/daemonset-log-agent.yaml").read_text()

    @pytest.mark.parametrize(
        ("arguments", "made"),
        [
            (["-e", "test"], ["test/log-agent"]),
            (["-e", "prod-*"], ["prod-eu/agent", "prod-eu/log-agent"]),
            (["-e", "prod-*", "-e", "test", "log-agent"], ["prod-eu/log-agent", "test/log-agent"]),
            (["agent"], ["prod-eu/agent"]),
        ],
    )
    def test_some(self, folder: Path, run: Run, arguments: list[str], made: list[str]) -> None:
        assert run("generate", *arguments).exit_code == 0
        assert [name.rpartition("/")[0] for name in written(folder / "out")] == made

    def test_a_broken_profile_is_told_of_once(self, folder: Path, run: Run) -> None:
        (folder / "profiles/broken.yaml").write_text("name: [\n")
        result = run("generate", "--format", "json")
        assert [problem["code"] for problem in json.loads(result.stdout)["problems"]] == ["yaml-syntax"]
        assert len(written(folder / "out")) == 3

    def test_what_begins_with_an_underscore_is_no_environment(self, folder: Path, run: Run) -> None:
        (folder / "environments/_old.yaml").write_text("zzz: 1\n")
        (folder / "environments/test.yaml").unlink()
        run("generate")
        assert sorted(path.name for path in (folder / "out").iterdir()) == ["prod-eu"]

    def test_another_folder(self, folder: Path, run: Run) -> None:
        (folder / "environments").rename(folder / "clusters")
        (folder / "dsgen.yaml").write_text("environments: clusters\n")
        assert run("generate", "-e", "test").exit_code == 0
        assert written(folder / "out") == ["test/log-agent/daemonset-log-agent.yaml"]

    def test_standard_input_is_for_every_environment(self, folder: Path, run: Run) -> None:
        result = run("generate", "-", "-o", "-", input=GOOD.format("log-one"))
        assert result.stdout.count("kind: DaemonSet") == 2

    def test_each_environment_is_judged_by_its_own_version(self, folder: Path, run: Run) -> None:
        (folder / "profiles/agent.yaml").write_text(GOOD.format("agent") + "resources: {requests: {cpu: 1}}\n")
        (folder / "environments/prod-eu.yaml").write_text('kubernetes: "1.31"\n')
        (folder / "environments/test.yaml").write_text('kubernetes: "1.36"\n')
        said = json.loads(run("validate", "--format", "json").stdout)["problems"]
        assert {problem["code"] for problem in said} == {"unknown-field"}
        assert run("validate", "--kubernetes", "1.36").exit_code == 0
