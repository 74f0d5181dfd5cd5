"""Environments: what a run makes for each, and what is wrong with one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dsgen.build.selection import version_problems
from dsgen.cli import main
from dsgen.kubernetes.schema import fields
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


@pytest.mark.parametrize("command", ["generate", "validate", "trace", "requires", "plan"])
@pytest.mark.parametrize(("begun", "names"), [("", ["prod-eu", "test"]), ("pr", ["prod-eu"]), ("x", [])])
def test_names_are_completed(command: str, begun: str, names: list[str]) -> None:
    given = {"_DSGEN_COMPLETE": "bash_complete", "COMP_WORDS": f"dsgen {command} -e {begun}", "COMP_CWORD": "3"}
    result = CliRunner().invoke(main, [], env=given, prog_name="dsgen")
    assert result.stdout.split() == [f"plain,{name}" for name in names]


class TestWhatIsMade:
    def test_each_profile_for_each_environment_that_takes_it(self, folder: Path, run: Run) -> None:
        result = run("generate")
        assert (result.exit_code, result.stderr) == (0, "8 files written to out\n")
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

    @pytest.mark.parametrize(
        ("arguments", "made"),
        [
            (["environments/test.yaml"], ["test/log-agent"]),
            (["environments/test.yaml", "profiles/agent.yaml"], ["prod-eu/agent", "test/log-agent"]),
            (["environments/test.yaml", "profiles/log-agent.yaml", "-e", "test"], ["test/log-agent"]),
        ],
    )
    def test_the_file_of_an_environment_stands_for_all_its_profiles(
        self, folder: Path, run: Run, arguments: list[str], made: list[str]
    ) -> None:
        assert run("generate", *arguments).exit_code == 0
        assert [name.rpartition("/")[0] for name in written(folder / "out")] == made

    def test_a_broken_profile_is_told_of_once(self, folder: Path, run: Run) -> None:
        (folder / "profiles/broken.yaml").write_text("name: [\n")
        result = run("generate", "--format", "json")
        assert [problem["code"] for problem in json.loads(result.stdout)["problems"]] == ["invalid-yaml"]
        assert len(written(folder / "out")) == 3

    def test_a_profile_that_fails_in_two_environments_is_one_profile(self, folder: Path, run: Run) -> None:
        (folder / "profiles/log-agent.yaml").write_text(f"{GOOD.format('log-agent')}hostPID: true\nhostUsers: false\n")
        assert run("generate").stderr.endswith("3 files written to out; 1 profile failed\n")

    def test_a_file_that_keeps_output_is_named_once(self, folder: Path, run: Run) -> None:
        assert run("generate").exit_code == 0
        (folder / "environments/prod-eu.yaml").write_text("zzz: 1\nyyy: 2\n")
        (folder / "environments/test.yaml").unlink()
        reason = "out/test is no longer generated, but kept: environments/prod-eu.yaml has errors [stale-output]"
        assert f"warning: {reason}\n" in run("generate").stderr

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
        (folder / "environments/test.yaml").write_text('kubernetes: "1.37"\n')
        said = json.loads(run("validate", "--format", "json").stdout)["problems"]
        assert {problem["code"] for problem in said} == {"unknown-field"}
        assert run("validate", "--kubernetes", "1.37").exit_code == 0


def said(result: Result) -> list[tuple[str, str]]:
    """Return file and code of each problem, from JSON on standard output."""
    return [(problem["file"], problem["code"]) for problem in json.loads(result.stdout)["problems"]]


class TestWhatIsWrong:
    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["-e", "prod-us"], "no such environment prod-us; did you mean `prod-eu`?"),
            (["-e", "x*"], "no such environment x*; there are prod-eu, test"),
            (["-e", "test", "agent"], "no environment uses any of these profiles"),
        ],
    )
    def test_usage(self, run: Run, arguments: list[str], message: str) -> None:
        result = run("generate", *arguments)
        assert (result.exit_code, result.stderr) == (2, f"dsgen: {message}\n")

    def test_a_project_without_environments(self, folder: Path, run: Run) -> None:
        for path in (folder / "environments").iterdir():
            path.unlink()
        result = run("generate", "-e", "prod")
        assert (result.exit_code, result.stderr) == (2, "dsgen: no such environment prod; the project has none\n")
        assert run("generate").exit_code == 0
        assert (folder / "out/agent/daemonset-agent.yaml").exists()

    def test_a_file_in_the_place_of_the_folder(self, folder: Path, run: Run) -> None:
        (folder / "dsgen.yaml").write_text("environments: profiles/agent.yaml\n")
        result = run("generate")
        assert (result.exit_code, result.stderr) == (2, "dsgen: cannot read profiles/agent.yaml: Not a directory\n")

    @pytest.mark.parametrize("text", ["all: [\n", "profiles: [agnet]\n", "overrides: {agnet: {hostNetwork: true}}\n"])
    def test_nothing_is_made_for_a_faulty_environment(self, folder: Path, run: Run, text: str) -> None:
        (folder / "environments/prod-eu.yaml").write_text(text)
        result = run("generate", "--format", "json")
        assert result.exit_code == 1
        assert [file for file, _ in said(result)] == ["environments/prod-eu.yaml"]
        assert [path.name for path in (folder / "out").iterdir()] == ["test"]

    def test_a_profile_that_no_environment_takes(self, folder: Path, run: Run) -> None:
        (folder / "environments/prod-eu.yaml").write_text("profiles: ['*', '!agent']\n")
        result = run("validate", "--format", "json")
        assert (result.exit_code, said(result)) == (0, [("profiles/agent.yaml", "unused-profile")])
        assert said(run("validate", "-e", "test", "--format", "json")) == []

    def test_a_pin_that_pins_nothing_anywhere(self, folder: Path, run: Run) -> None:
        pins = ", ".join(f"'example.com/{name}:1.0': 'sha256:{'0' * 64}'" for name in ("agent", "other"))
        (folder / "environments/prod-eu.yaml").write_text(f"images: {{digests: {{{pins}}}}}\n")
        (folder / "profiles/agent.yaml").write_text("name: agent\ncontainers: {agent: {image: 'example.com/x:1.0'}}\n")
        for command in ("generate", "validate"):
            result = run(command, "--format", "json")
            assert (result.exit_code, said(result)) == (0, [("environments/prod-eu.yaml", "unused-image-digest")])
            assert "example.com/other:1.0" in result.stdout
        # Of a part of the profiles, nobody knows.
        assert said(run("validate", "agent", "--format", "json")) == []
        (folder / "profiles/agent.yaml").write_text("name: agent\ncontainers: {}\n")
        assert said(run("validate", "-e", "prod-eu", "--format", "json")) == [("profiles/agent.yaml", "missing-key")]

    def test_a_problem_of_some_environments_says_of_which(self, folder: Path, run: Run) -> None:
        for number in range(5):
            (folder / f"environments/old-{number}.yaml").write_text('kubernetes: "1.31"\n')
        (folder / "profiles/agent.yaml").write_text(GOOD.format("agent") + "resources: {requests: {cpu: 1}}\n")
        problem = json.loads(run("validate", "--format", "json").stdout)["problems"][0]
        assert problem["message"].endswith("it was added in 1.32 (in old-0, old-1, old-2 and 2 more)")
        assert (problem["file"], problem["line"]) == ("profiles/agent.yaml", 3)
        problem = json.loads(run("validate", "-e", "old-1", "--format", "json").stdout)["problems"][0]
        assert problem["message"].endswith("it was added in 1.32")

    def test_a_version_whose_rules_are_not_recorded(self) -> None:
        newer = f"1.{fields.minor_number(fields.DEFAULT) + 1}"
        assert [(problem.code, problem.severity) for problem in version_problems(newer)] == [
            ("unvalidated-version", "note")
        ]
        assert version_problems(fields.DEFAULT) == []

    def test_two_profiles_may_make_one_object_in_different_environments(self, folder: Path, run: Run) -> None:
        for name, image in (("agent", "a"), ("log-agent", "b")):
            (folder / f"profiles/{name}.yaml").write_text(
                f"name: {name}\nnamespace: {{name: agents, create: true, labels: {{for: {image}}}}}\ncontainers: {{agent: {{image: {image}}}}}\n"
            )
        result = run("generate", "--format", "json")
        assert (result.exit_code, said(result)) == (1, [("profiles/log-agent.yaml", "conflicting-objects")])
        (folder / "environments/prod-eu.yaml").write_text("profiles: [agent]\n")
        assert run("generate").exit_code == 0


class TestTrace:
    def test_a_profile_as_it_is_in_an_environment(self, run: Run) -> None:
        result = run("trace", "agent", "-e", "prod-eu")
        assert result.stderr == ""
        lines = [line.split(maxsplit=2) for line in result.stdout.splitlines()]
        assert lines == [
            ["name", "profiles/agent.yaml:1", "agent"],
            ["containers.agent.image", "profiles/agent.yaml:2", "example.com/agent:1.0"],
            [
                "nodes.tolerate[0]",
                "environments/prod-eu.yaml:1",
                '{"key": "node-role.kubernetes.io/control-plane", "operator": "Exists", "effect": "NoSchedule"}',
            ],
        ]

    def test_one_key(self, run: Run) -> None:
        assert (
            run("trace", "profiles/agent.yaml", "containers.agent").stdout
            == "containers.agent.image  profiles/agent.yaml:2  example.com/agent:1.0\n"
        )

    def test_a_field_of_the_daemonset(self, run: Run) -> None:
        field = "spec.template.spec.tolerations"
        assert run("trace", "agent", field, "-e", "prod-eu").stdout.startswith(
            f"{field}[0]  environments/prod-eu.yaml:1  "
        )

    def test_json(self, folder: Path, run: Run) -> None:
        (folder / "environments/prod-eu.yaml").write_text("all: {containers: {agent: {image: x}}}\n")
        assert json.loads(run("trace", "agent", "containers", "-e", "prod-eu", "--format", "json").stdout) == {
            "values": [
                {
                    "path": "containers.agent.image", "value": "x", "file": "environments/prod-eu.yaml", "line": 1, "column": 35,
                    "over": [{"value": "example.com/agent:1.0", "file": "profiles/agent.yaml", "line": 2, "column": 29}],
                    "environment": "prod-eu", "variant": "",
                }
            ]
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["agent", "container"], "no layer sets anything under `container`; did you mean `containers`?"),
            (["agent", "-e", "test"], "no environment uses any of these profiles"),
            (["profiles"], "profiles matches 2 profiles: name one"),
            (["agent", "-e", "x"], "no such environment x; there are prod-eu, test"),
            (["nothing.yaml"], "cannot read nothing.yaml: No such file or directory"),
        ],
    )
    def test_usage(self, run: Run, arguments: list[str], message: str) -> None:
        result = run("trace", *arguments)
        assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"dsgen: {message}\n")

    @pytest.mark.parametrize("where", ["profiles/agent.yaml", "environments/prod-eu.yaml"])
    def test_problems_are_told(self, folder: Path, run: Run, where: str) -> None:
        (folder / where).write_text("zzz: 1\nname: agent\n")
        result = run("trace", "agent", "-e", "prod-eu")
        assert (result.exit_code, result.stdout) == (1, "")
        assert f"{where}:1:1: error: unknown key `zzz`" in result.stderr


class TestAProfileWithoutAName:
    """What an environment says of a profile that cannot be read is not wrong."""

    @pytest.mark.parametrize(
        ("broken", "code"),
        [
            ("name: log-agent\ncontainerz: {}\n", "unknown-key"),
            ("name: log-agent\n- a\n", "invalid-yaml"),
        ],
    )
    def test_only_its_own_fault_is_told(self, folder: Path, run: Run, broken: str, code: str) -> None:
        (folder / "profiles/log-agent.yaml").write_text(broken)
        (folder / "environments/test.yaml").write_text("profiles: [log-agent]\noverrides: {log-agent: {}}\n")
        result = run("validate", "--format", "json")
        assert [problem["code"] for problem in json.loads(result.stdout)["problems"]] == [code]

    def test_others_are_missed(self, folder: Path, run: Run) -> None:
        (folder / "profiles/log-agent.yaml").write_text("name: log-agent\ncontainerz: {}\n")
        (folder / "environments/test.yaml").write_text("profiles: [lok-agent]\n")
        result = run("validate", "--format", "json")
        assert [problem["code"] for problem in json.loads(result.stdout)["problems"]] == [
            "unknown-profile",
            "unknown-key",
        ]
        assert "did you mean `log-agent`?" in result.stdout

    def test_what_it_made_before_stays(self, folder: Path, run: Run) -> None:
        assert run("generate").exit_code == 0
        before = written(folder / "out")
        (folder / "profiles/log-agent.yaml").write_text("name: log-agent\n- a\n")
        assert run("generate").exit_code == 1
        assert written(folder / "out") == before
