"""Files that should be profiles or environments, and are not read: they are errors, and nothing that they made before is removed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dsgen.cli.generate import _NAMED
from tests.cli.test_commands import GOOD, Run, folder, run, written

pytestmark = pytest.mark.long

__all__ = ["folder", "run"]

RENAME = "not read: the names of {} must end in `.yaml`"
COMMANDS = [["generate"], ["generate", "--check"], ["validate"]]


@pytest.fixture
def project(folder: Path, run: Run) -> Path:
    """A project that has made `a` and `b`."""
    (folder / "dsgen.yaml").touch()
    for name in "ab":
        (folder / f"profiles/{name}.yaml").write_text(GOOD.format(name))
    assert run("generate").exit_code == 0
    return folder


@pytest.fixture
def environments(project: Path, run: Run) -> Path:
    """The same project with the environments `prod` and `test`."""
    (project / "environments").mkdir()
    for name in ("prod", "test"):
        (project / f"environments/{name}.yaml").touch()
    assert run("generate").exit_code == 0
    return project


def said(run: Run, *arguments: str) -> list[tuple[str, str, str]]:
    """Return file, message and hint of each error about an unread file; there are no others."""
    result = run(*arguments, "--format", "json")
    problems = json.loads(result.stdout)["problems"]
    assert {problem["code"] for problem in problems} <= {"unread-file"}
    assert result.exit_code == bool(problems)
    return [(problem["file"], problem["message"], problem["hint"]) for problem in problems]


def check(folder: Path, run: Run, expected: list[tuple[str, str, str]]) -> None:
    """See that every command says so, and that nothing is removed."""
    before = written(folder / "out")
    for command in COMMANDS:
        assert said(run, *command) == expected
        assert written(folder / "out") == before


class TestProfiles:
    @pytest.mark.parametrize("name", ["b.yml", "b.YAML", "b.Yml", "b.json", "b.JSON"])
    def test_another_ending(self, project: Path, run: Run, name: str) -> None:
        (project / "profiles/b.yaml").rename(project / f"profiles/{name}")
        hint = "rename it to `b.yaml`, or prefix its name with `_`"
        check(project, run, [(f"profiles/{name}", RENAME.format("profiles"), hint)])
        (project / f"profiles/{name}").rename(project / "profiles/b.yaml")
        assert said(run, "generate", "--check") == []

    def test_both_endings(self, project: Path, run: Run) -> None:
        (project / "profiles/b.yml").write_text(GOOD.format("other"))
        hint = "`b.yaml` exists too: remove one of the two, or prefix its name with `_`"
        check(project, run, [("profiles/b.yml", RENAME.format("profiles"), hint)])

    @pytest.mark.parametrize(
        "name",
        [
            "b.yaml~",
            "b.yaml.orig",
            "b.yaml.bak",
            "#b.yaml#",
            ".b.yml",
            "_b.yml",
            "_old/b.yml",
            ".old/b.json",
            "README.md",
        ],
    )
    def test_what_was_set_aside_or_never_was_a_profile(self, project: Path, run: Run, name: str) -> None:
        (project / f"profiles/{name}").parent.mkdir(exist_ok=True)
        (project / "profiles/b.yaml").rename(project / f"profiles/{name}")
        assert said(run, "validate") == []
        result = run("generate")
        assert result.stderr.endswith("\nout/b removed (no profile generates it any longer)\n")
        assert written(project / "out") == ["a/daemonset-a.yaml"]

    @pytest.mark.parametrize(
        ("pattern", "file", "found"),
        [
            ("profiles/*.yaml", "profiles/eu/b.yaml", "add one, such as `profiles/eu/*.yaml`, or"),
            ("profiles/*.yaml", "profiles/eu/b.yml", "rename it to `b.yaml`, and add one, such as `profiles/eu/*.yaml`, or"),
            ("profiles/?.yaml", "profiles/other.yaml", "add one, such as `profiles/*.yaml`, or"),
            ("profiles/*.y?ml", "profiles/eu/b.yaml", "add one, such as `profiles/eu/*.y?ml`, or"),
            ("profiles/*", "profiles/eu/b.json", "add one, such as `profiles/eu/*`, or"),
        ],
    )  # fmt: skip
    def test_no_pattern_matches(self, project: Path, run: Run, pattern: str, file: str, found: str) -> None:
        (project / "dsgen.yaml").write_text(f'profiles: ["{pattern}"]\n')
        (project / file).parent.mkdir(exist_ok=True)
        (project / "profiles/b.yaml").rename(project / file)
        message = "not read: no pattern of `profiles` in dsgen.yaml matches it"
        check(project, run, [(file, message, f"{found} prefix its name with `_`, or the name of its folder")])

    @pytest.mark.parametrize(
        ("pattern", "files", "unread"),
        [
            # A file of one name in each folder: beside it lies what is not dsgen's.
            ("agents/*/profile.yaml", ["agents/x/values.yaml", "agents/x/chart/Chart.yaml"], None),
            ("agents/*/profile.yaml", ["agents/y/profile.yml"], "agents/y/profile.yml"),
            ("./*.agent.yaml", ["mkdocs.yml", "package.json", "other/b.yaml"], None),
            ("teams/*/agents/*.yaml", ["teams/x/chart/Chart.yaml", "teams/chart.yml"], None),
            ("teams/*/agents/*.yaml", ["teams/x/agents/b.yml"], "teams/x/agents/b.yml"),
        ],
    )
    def test_beside_profiles(self, folder: Path, run: Run, pattern: str, files: list[str], unread: str | None) -> None:
        (folder / "dsgen.yaml").write_text(f'profiles: ["{pattern}"]\n')
        for name in (pattern.replace("*", "x"), *files):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(GOOD.format("x"))
        assert [file for file, _, _ in said(run, "validate")] == ([unread] if unread else [])

    @pytest.mark.parametrize("name", ["a.json", "sub/b.yml"])
    @pytest.mark.parametrize("stated", ["profiles/a.yaml", "profiles/_base.yml", "environments/prod.yaml"])
    def test_files_of_config_maps(self, environments: Path, run: Run, name: str, stated: str) -> None:
        path = environments / "profiles/conf" / name
        path.parent.mkdir(parents=True)
        path.write_text("{}")
        maps = "configMaps: {{c: {{files: ['{}conf/**/*']}}}}\n"
        profile = environments / "profiles/a.yaml"
        if stated == "profiles/a.yaml":
            profile.write_text(profile.read_text() + maps.format(""))
        elif stated == "profiles/_base.yml":
            (environments / stated).write_text(maps.format(""))
            profile.write_text("extends: ./_base.yml\n" + profile.read_text())
        else:
            (environments / stated).write_text("overrides:\n  a:\n    " + maps.format("../profiles/"))
        assert said(run, "generate") == []
        # What is asked for decides nothing.
        for arguments in (["-e", "test"], ["--shard", "1/2"], ["--shard", "2/2"], ["a"]):
            assert said(run, "generate", *arguments) == []
        profile.write_text(GOOD.format("a"))
        (environments / "environments/prod.yaml").write_text("")
        assert [file for file, _, _ in said(run, "validate")] == [f"profiles/conf/{name}"]

    def test_a_layer_in_a_folder_that_no_pattern_matches(self, project: Path, run: Run) -> None:
        (project / "dsgen.yaml").write_text("profiles: ['profiles/*.yaml']\n")
        (project / "profiles/layers").mkdir()
        (project / "profiles/layers/base.yaml").write_text("extends: ./base.json\nhostNetwork: true\n")
        (project / "profiles/layers/base.json").write_text("{}")
        profile = project / "profiles/a.yaml"
        profile.write_text("extends: layers/base.yaml\n" + profile.read_text())
        assert said(run, "validate") == []
        profile.write_text(GOOD.format("a"))
        assert [file for file, _, _ in said(run, "validate")] == [
            "profiles/layers/base.json",
            "profiles/layers/base.yaml",
        ]

    def test_while_another_file_is_broken(self, project: Path, run: Run) -> None:
        (project / "profiles/b.yaml").rename(project / "profiles/b.yml")
        (project / "profiles/a.yaml").write_text("name: [\n")
        result = run("generate", "--format", "json")
        problems = {problem["file"]: problem for problem in json.loads(result.stdout)["problems"]}
        assert problems["profiles/a.yaml"]["code"] == "invalid-yaml"
        assert "or fix the files that are not valid YAML" in problems["profiles/b.yml"]["hint"]
        assert written(project / "out") == ["a/daemonset-a.yaml", "b/daemonset-b.yaml"]

    def test_none_but_that(self, folder: Path, run: Run) -> None:
        (folder / "profiles/b.yml").write_text(GOOD.format("b"))
        result = run("generate")
        hint = "profiles/b.yml is not read: rename it to `b.yaml`, or prefix its name with `_`"
        assert (result.exit_code, result.stderr) == (
            2,
            f"dsgen: no profiles: profiles/**/*.yaml matches nothing in {folder}; {hint}\n",
        )

    def test_in_a_folder_of_profiles(self, folder: Path, run: Run) -> None:
        (folder / "mine").mkdir()
        (folder / "mine/a.yaml").write_text(GOOD.format("a") + "configMaps: {c: {files: [c.json]}}\n")
        (folder / "mine/c.json").write_text("{}")
        assert said(run, "generate", "mine") == []
        (folder / "mine/b.yml").write_text(GOOD.format("b"))
        assert [file for file, _, _ in said(run, "generate", "mine")] == ["mine/b.yml"]
        assert run("validate", "mine").stderr.startswith("mine/c.json")  # it reads both

    def test_manifests_in_any_case_are_judged(self, folder: Path, run: Run) -> None:
        (folder / "mine").mkdir()
        (folder / "mine/b.YAML").write_text("apiVersion: apps/v1\nkind: DaemonSet\n")
        assert run("validate", "mine").exit_code == 1

    @pytest.mark.parametrize(
        "command", [["requires"], ["plan", "--nodes", "nodes.yaml"], ["diff", "out", "."], ["generate", "-o", "-"]]
    )
    def test_who_else_asks_for_all_profiles(self, project: Path, run: Run, command: list[str]) -> None:
        (project / "nodes.yaml").write_text("pools: {a: {count: 1}}\n")
        (project / "profiles/b.yaml").rename(project / "profiles/b.yml")
        result = run(*command)
        assert result.exit_code == 1
        assert "profiles/b.yml: error: not read" in result.stderr


class TestEnvironments:
    @pytest.mark.parametrize("name", ["prod.yml", "prod.YAML", "prod.json"])
    def test_another_ending(self, environments: Path, run: Run, name: str) -> None:
        (environments / "environments/prod.yaml").rename(environments / f"environments/{name}")
        hint = "rename it to `prod.yaml`, or prefix its name with `_`"
        check(environments, run, [(f"environments/{name}", RENAME.format("environments"), hint)])
        assert (environments / "out/prod/a/daemonset-a.yaml").exists()
        result = run("generate", "-e", "prod")
        assert (result.exit_code, result.stderr) == (
            2,
            f"dsgen: no such environment prod; environments/{name} is not read: {hint}\n",
        )

    @pytest.mark.parametrize("name", ["eu/prod.yaml", "eu/de/prod.yml"])
    def test_in_a_folder(self, environments: Path, run: Run, name: str) -> None:
        (environments / "environments" / name).parent.mkdir(parents=True)
        (environments / "environments/prod.yaml").rename(environments / "environments" / name)
        found = "not read: environments must be directly in `environments`"
        hint = "move it there, or prefix its name with `_`, or the name of its folder"
        check(environments, run, [(f"environments/{name}", found, hint)])

    def test_nothing_is_made_while_there_are_no_others(self, environments: Path, run: Run) -> None:
        (environments / "environments/test.yaml").unlink()
        run("generate")
        (environments / "environments/prod.yaml").rename(environments / "environments/prod.yml")
        (environments / "profiles/a.yaml").write_text(GOOD.format("a") + "hostNetwork: true\n")
        for arguments in ([], ["a"], ["-e", "prod"]):
            result = run("generate", *arguments)
            assert result.exit_code == 1
            assert "environments/prod.yml: error: not read" in result.stderr
            assert written(environments / "out") == ["prod/a/daemonset-a.yaml", "prod/b/daemonset-b.yaml"]

    @pytest.mark.parametrize(
        "name", ["_x.yaml", "_x.yml", ".x.yaml", "README.md", "_eu/x.yaml", "prod.yaml.orig", "x.yaml~"]
    )
    def test_what_is_left_alone(self, environments: Path, run: Run, name: str) -> None:
        (environments / "environments" / name).parent.mkdir(exist_ok=True)
        (environments / "environments" / name).write_text("zzz: 1\n")
        assert said(run, "validate") == []

    def test_profiles_and_files_of_config_maps_there(self, environments: Path, run: Run) -> None:
        (environments / "dsgen.yaml").write_text("profiles: ['profiles/*.yaml', 'environments/*/agents/*.yaml']\n")
        for name, text in (("agents/c.yaml", GOOD.format("c")), ("c.json", "{}")):
            (environments / "environments/eu" / name).parent.mkdir(parents=True, exist_ok=True)
            (environments / "environments/eu" / name).write_text(text)
        (environments / "environments/prod.yaml").write_text(
            "overrides: {c: {configMaps: {c: {files: [eu/c.json]}}}}\n"
        )
        (environments / "environments/test.yaml").write_text("profiles: [a, b]\n")
        assert [file for file, _, _ in said(run, "validate")] == []


class TestTemplates:
    """What should take the place of one of dsgen's."""

    NAMES = (
        "daemonset.yml.j2",
        "DaemonSet.yaml.j2",
        "daemonset.yaml",
        "daemonset.j2",
        "configmap.yaml.jinja2",
        "sub/daemonset.yaml.j2",
    )

    @pytest.fixture
    def template(self, project: Path, request: pytest.FixtureRequest) -> Path:
        path = project / "templates" / str(request.param)
        path.parent.mkdir(parents=True)
        path.write_text('{% extends "dsgen/daemonset.yaml.j2" %}\n')
        return path

    @pytest.mark.parametrize("template", NAMES, indirect=True)
    def test_another_name(self, project: Path, run: Run, template: Path) -> None:
        file, name = str(template.relative_to(project)), f"{template.name.lower().split('.')[0]}.yaml.j2"
        found = f"not read: no profile uses it, and the shipped template is called `{name}`"
        hint = f"move it to `templates/{name}`, name it under `templates`, or prefix its name with `_`"
        check(project, run, [(file, found, hint)])

    @pytest.mark.parametrize(
        "template",
        [
            "daemonset.yaml.j2",
            "_daemonset.yml.j2",
            "_old/daemonset.yaml.j2",
            "daemonset.yaml.j2~",
            "daemonset.yaml.j2.orig",
            "other.yml",
            "README.md",
        ],
        indirect=True,
    )
    def test_what_is_read_or_left_alone(self, project: Path, run: Run, template: Path) -> None:
        assert said(run, "validate") == []

    @pytest.mark.parametrize("template", ["daemonset.yml.j2"], indirect=True)
    def test_what_is_named(self, project: Path, run: Run, template: Path) -> None:
        (project / "templates/daemonset.yaml.j2").write_text(f'{{% extends "{template.name}" %}}\n')
        assert said(run, "validate") == []
        (project / "templates/daemonset.yaml.j2").unlink()
        template.write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n")
        (project / "profiles/a.yaml").write_text(GOOD.format("a") + "templates+: [daemonset.yml.j2]\n")
        assert said(run, "validate") == []


class TestWhatGoesIsNamed:
    """In a run, in one that only looks, and in one that shows the difference."""

    @pytest.mark.parametrize(
        ("options", "word"), [([], "removed"), (["--check"], "would be removed"), (["--diff"], "would be removed")]
    )
    def test_an_environment(self, environments: Path, run: Run, options: list[str], word: str) -> None:
        (environments / "environments/test.yaml").unlink()
        line = f"out/test {word} (the environment no longer exists)"
        assert run("generate", *options).stderr.splitlines()[-1] == line

    def test_a_profile_of_an_environment(self, environments: Path, run: Run) -> None:
        (environments / "profiles/b.yaml").unlink()
        line = "out/prod/b, out/test/b removed (no profile generates it any longer)"
        assert run("generate").stderr.splitlines()[-1] == line

    @pytest.mark.parametrize(
        ("options", "word"), [([], "removed"), (["--check"], "would be removed"), (["--diff"], "would be removed")]
    )
    def test_everything_with_the_first_environment(
        self, project: Path, run: Run, options: list[str], word: str
    ) -> None:
        (project / "environments").mkdir()
        (project / "environments/prod.yaml").touch()
        line = f"out/a, out/b {word} (the project now has environments, each with its own folder)"
        assert run("generate", *options).stderr.splitlines()[-1] == line

    def test_an_environment_of_which_something_stays(self, environments: Path, run: Run) -> None:
        """What somebody changed is not removed, and nothing is said of the whole."""
        (environments / "environments/test.yaml").unlink()
        (environments / "out/test/a/daemonset-a.yaml").write_text("mine")
        result = run("generate")
        assert result.stderr.splitlines()[-1] == "out/test/b removed (no profile generates it any longer)"

    def test_not_more_than_a_few(self, project: Path, run: Run) -> None:
        for number in range(_NAMED + 5):
            (project / f"profiles/x{number:02}.yaml").write_text(GOOD.format(f"x{number:02}"))
        run("generate")
        for number in range(_NAMED + 5):
            (project / f"profiles/x{number:02}.yaml").unlink()
        named = ", ".join(f"out/x{number:02}" for number in range(_NAMED))
        line = f"{named} and 5 folders more removed (no profile generates it any longer)"
        assert run("generate").stderr.splitlines()[-1] == line
