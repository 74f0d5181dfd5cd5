"""The commands that something begins with: `init`, `presets` and `new`."""

from __future__ import annotations

import errno
import io
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from jsonschema import Draft7Validator

from dsgen.build.output import files
from dsgen.cli import main, schema
from dsgen.cli.schema import FILES
from dsgen.gitops import GitOps
from dsgen.kubernetes.lint import Checks
from dsgen.kubernetes.schema import fields
from dsgen.project import shipped
from dsgen.project.keys import KEYS
from dsgen.project.project import Project, read_project
from dsgen.tree import Text

Run = Callable[..., Result]
STARTER = {
    ".github/workflows/dsgen.yaml",
    ".gitattributes",
    ".gitignore",
    ".pre-commit-config.yaml",
    ".vscode/settings.json",
    "dsgen.schema.json",
    "dsgen.yaml",
    "environment.schema.json",
    "environments/README.md",
    "profile.schema.json",
    "profiles/first-agent.yaml",
    "tests/first-agent.yaml",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Run:
    return lambda *arguments, **env: CliRunner().invoke(main, arguments, env=env)


def texts(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text("utf-8") for path in folder.rglob("*") if path.is_file()}


class TestInit:
    def test_what_it_makes_is_right_at_once(self, folder: Path, run: Run) -> None:
        result = run("init")
        assert result.exit_code == 0
        assert set(texts(folder)) == STARTER
        said = result.stderr.splitlines()
        assert said[:12] == [
            *(f"created {name}" for name in sorted(STARTER - set(FILES))),
            *(f"created {name}" for name in FILES),
        ]
        assert said[12:] == ["", "Next:", "  dsgen generate", "  dsgen presets"]
        assert (run("validate").exit_code, run("validate").stderr) == (0, "1 object validated, no errors\n")
        assert (run("generate").exit_code, run("presets").exit_code) == (0, 0)
        assert (folder / "out/first-agent/daemonset-first-agent.yaml").is_file()

    def test_in_another_folder(self, folder: Path, run: Run) -> None:
        result = run("init", "node agents")
        assert set(texts(folder / "node agents")) == STARTER
        assert "  cd 'node agents' && dsgen generate\n" in result.stderr

    def test_what_is_there_stays(self, folder: Path, run: Run) -> None:
        mine = {".gitignore": "mine\n", "profiles/mine.yaml": "name: mine\n", ".vscode/settings.json": "{}\n"}
        for name, text in mine.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text)
        result = run("init")
        assert result.exit_code == 0
        after = texts(folder)
        assert {name: after[name] for name in mine} == mine
        assert set(after) == (STARTER | set(mine)) - {"profiles/first-agent.yaml", "tests/first-agent.yaml"}
        for name in (".gitignore", "profiles", ".vscode/settings.json"):
            assert f"kept {name} (already exists)\n" in result.stderr
        again = run("init")
        assert "made" not in again.stderr
        assert texts(folder) == after

    def test_a_schema_of_an_earlier_dsgen_is_renewed(
        self, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run("init")
        made = texts(folder)
        current = schema._schema
        with monkeypatch.context() as earlier:
            earlier.setattr(schema, "_schema", lambda what: {**current(what), "description": "of an earlier version"})
            (folder / "profile.schema.json").write_text(schema.schema_text())
        assert texts(folder)["profile.schema.json"] != made["profile.schema.json"]
        mine = json.loads(made["environment.schema.json"])
        mine["properties"]["all"] = {}
        (folder / "environment.schema.json").write_text(json.dumps(mine))
        (folder / "dsgen.schema.json").write_text("{")
        result = run("init")
        assert "renewed profile.schema.json\n" in result.stderr
        assert "kept environment.schema.json (already exists)\n" in result.stderr
        assert "kept dsgen.schema.json (already exists)\n" in result.stderr
        assert texts(folder)["profile.schema.json"] == made["profile.schema.json"]
        assert json.loads(texts(folder)["environment.schema.json"]) == mine
        assert "kept profile.schema.json" in run("init").stderr

    def test_a_schema_of_the_first_dsgen_is_renewed(
        self, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It did not say its hash. A schema that somebody changed, or wrote, is kept."""
        run("init")
        made = texts(folder)["profile.schema.json"]
        old = {**json.loads(made), "description": "of the first version"}
        del old["$comment"]
        path = folder / "profile.schema.json"
        path.write_text(json.dumps(old))
        assert "kept profile.schema.json (already exists)\n" in run("init").stderr
        assert json.loads(path.read_text()) == old
        monkeypatch.setattr(schema, "_EARLY", (schema._hash(old),))
        assert "renewed profile.schema.json\n" in run("init").stderr
        assert path.read_text() == made

    def test_each_schema_is_of_the_files_that_name_it(self, folder: Path, run: Run) -> None:
        run("init")
        for name in ("dsgen.yaml", "profiles/first-agent.yaml"):
            (found,) = re.findall(r"\A# yaml-language-server: \$schema=(\S+)\n", texts(folder)[name])
            assert Draft7Validator(json.loads((folder / name).parent.joinpath(found).read_text())).is_valid(
                yaml.safe_load(texts(folder)[name])
            )

    def test_a_link_that_leads_nowhere_stays(self, folder: Path, run: Run) -> None:
        (folder / "dsgen.yaml").symlink_to("elsewhere.yaml")
        assert "kept dsgen.yaml (already exists)\n" in run("init").stderr
        assert not (folder / "elsewhere.yaml").exists()

    @pytest.mark.parametrize(("in_the_way", "named"), [("there", "there"), (".github", ".github")])
    def test_a_file_in_the_way_of_a_folder(self, folder: Path, run: Run, in_the_way: str, named: str) -> None:
        (folder / in_the_way).write_text("mine")
        result = run("init", *(["there"] if in_the_way == "there" else []))
        assert result.exit_code == 2
        assert result.stderr.endswith(f"dsgen: cannot write {named}: Not a directory\n")
        assert (folder / in_the_way).read_text() == "mine"

    def test_a_full_disk_leaves_no_half_a_file(self, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        class Full(io.FileIO):
            def write(self, data: Any) -> int:
                super().write(data[: len(data) // 2])
                raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(files, "open", Full, raising=False)
        result = run("init")
        assert result.exit_code == 2
        assert result.stderr == "dsgen: cannot write .gitattributes: No space left on device\n"
        assert texts(folder) == {}

    def test_its_yaml_is_yaml_and_says_what_dsgen_says(self, tmp_path: Path) -> None:
        starter = shipped.starter()
        read = {name: yaml.safe_load(text) for name, text in starter.items() if name.endswith((".yaml", ".json"))}
        assert read["dsgen.yaml"] == {"kubernetes": fields.DEFAULT}
        (tmp_path / "dsgen.yaml").write_text(re.sub("^# (?=[A-Za-z]+:)", "", starter["dsgen.yaml"], flags=re.MULTILINE))
        stated = yaml.safe_load((tmp_path / "dsgen.yaml").read_text())
        assert (read_project(tmp_path), set(stated)) == (
            (
                Project(
                    tmp_path,
                    stated=True,
                    pinned=True,
                    gitops=GitOps("warn", project=Text.at("node-agents", None)),
                    checks=Checks("server-side"),
                    fail_on="warning",
                ),
                [],
            ),
            set(KEYS),
        )
        assert read[".vscode/settings.json"]["yaml.schemas"] == {
            "./profile.schema.json": "profiles/**/*.yaml",
            "./environment.schema.json": "environments/*.yaml",
            "./dsgen.schema.json": "dsgen.yaml",
        }
        (repository,) = read[".pre-commit-config.yaml"]["repos"]
        assert [hook["entry"] for hook in repository["hooks"]] == ["dsgen generate --check --quiet"]

    def test_the_commands_of_its_workflow_are_commands_of_dsgen(self, folder: Path, run: Run) -> None:
        run("init")
        jobs = yaml.safe_load((folder / ".github/workflows/dsgen.yaml").read_text())["jobs"]
        lines = [step["run"] for step in jobs["dsgen"]["steps"] if step.get("run", "").startswith("dsgen ")]
        assert lines == ["dsgen validate --format github", "dsgen generate --check"]
        assert [run(*line.split()[1:]).exit_code for line in lines] == [0, 1]
        run("generate")
        assert [run(*line.split()[1:]).exit_code for line in lines] == [0, 0]

    def test_the_schema_takes_the_first_profile(self, folder: Path, run: Run) -> None:
        run("init")
        assert (folder / "profile.schema.json").read_text("utf-8") == run("schema").stdout


class TestPresets:
    def test_a_line_each(self, run: Run) -> None:
        lines = run("presets").stdout.splitlines()
        assert [line.split()[0] for line in lines] == sorted(shipped.profiles())
        (node_exporter,) = (line for line in lines if line.startswith("node-exporter "))
        head = shipped.profiles()["node-exporter"].read_text("utf-8").splitlines()[0]
        assert node_exporter.split(maxsplit=1)[1] == head.removeprefix("# ")

    def test_one(self, run: Run) -> None:
        assert run("presets", "node-exporter").stdout == shipped.profiles()["node-exporter"].read_text("utf-8")

    @pytest.mark.parametrize(("arguments", "names"), [([], sorted(shipped.profiles())), (["fluentd"], ["fluentd"])])
    def test_json(self, run: Run, arguments: list[str], names: list[str]) -> None:
        listed = json.loads(run("presets", *arguments, "--format", "json").stdout)["presets"]
        assert [preset["name"] for preset in listed] == names
        assert list(listed[0]) == [
            "name", "summary", "project", "version", "about", "needs", "level", "security", "change", "differs", "unconfirmed", "changes", "pack",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("name", "hint"), [("node-exportr", "did you mean `node-exporter`?"), ("zzz", "`dsgen presets` lists them")]
    )
    @pytest.mark.parametrize("command", [("presets",), ("new", "mine", "--from")])
    def test_one_that_does_not_exist(self, folder: Path, run: Run, command: tuple[str], name: str, hint: str) -> None:
        result = run(*command, name)
        assert (result.exit_code, result.stderr) == (2, f"dsgen: no such preset {name!r}; {hint}\n")
        assert texts(folder) == {}

    @pytest.mark.parametrize("words", ["dsgen presets node-e", "dsgen new mine --from node-e"])
    def test_names_are_completed(self, words: str) -> None:
        given = {"_DSGEN_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
        result = CliRunner().invoke(main, [], env=given, prog_name="dsgen")
        assert result.stdout == "plain,node-exporter\n"


class TestNew:
    @pytest.mark.parametrize("preset", sorted(shipped.profiles()))
    def test_over_each_preset(self, folder: Path, run: Run, preset: str) -> None:
        """Right as it is written, and right when what stands in comments is taken."""
        assert run("new", "mine", "--from", preset).stderr == "created profiles/mine.yaml\n"
        text = (folder / "profiles/mine.yaml").read_text("utf-8")
        assert f"\nextends: {preset}\nname: mine\n" in text
        stated = run("generate", "mine", "-o", "-").stdout
        assert re.search(r"^kind: DaemonSet\nmetadata:\n  name: mine$", stated, re.MULTILINE)
        _, mark, example = text.partition("# In the preset:\n")
        assert mark
        taken = re.sub("^# ", "", example, flags=re.MULTILINE)
        (folder / "profiles/mine.yaml").write_text(text + taken, "utf-8")
        assert run("generate", "mine", "-o", "-").stdout == stated

    @pytest.mark.parametrize("name", ["mine", "example.com", "a" * 63])
    def test_alone(self, folder: Path, run: Run, name: str) -> None:
        """Nothing bears the name of the preset that it is a copy of."""
        assert run("new", name).stderr == f"created profiles/{name}.yaml\n"
        assert "extends" not in (folder / f"profiles/{name}.yaml").read_text("utf-8")
        result = run("generate")
        assert result.exit_code == 0, result.output
        assert " written to " in result.stderr
        made = {yaml.safe_load(path.read_text("utf-8"))["metadata"]["name"] for path in folder.glob("out/*/*-*.yaml")}
        assert made == {name, name.replace(".", "-")}

    def test_what_is_there_stays(self, folder: Path, run: Run) -> None:
        run("new", "mine", "--from", "fluentd")
        before = texts(folder)
        result = run("new", "mine", "--from", "node-exporter")
        assert result.exit_code == 2
        assert "profiles/mine.yaml already exists: choose another name" in result.stderr
        assert texts(folder) == before

    @pytest.mark.parametrize(
        ("name", "hint"),
        [
            ("My_Agent", "; for example `my-agent`"),
            ("../mine", "; for example `mine`"),
            ("a/b", "; for example `a-b`"),
            ("", "; for example `node-exporter`"),
            ("a\n", "; for example `a`"),
            ("a" * 64, "; shorten it by 1"),
            ("profiles/mine.yaml", "write `mine`"),
        ],
    )
    def test_a_name_that_is_none(self, folder: Path, run: Run, name: str, hint: str) -> None:
        result = run("new", name, "--from", "node-exporter")
        assert result.exit_code == 2
        assert result.stderr.endswith(f"{hint}\n")
        assert texts(folder) == {}

    def test_the_longest_name(self, folder: Path, run: Run) -> None:
        assert run("new", "a" * 63, "--from", "node-exporter").exit_code == 0

    @pytest.mark.parametrize(
        ("patterns", "made"),
        [
            ("[agents/*.yaml, more/*.yaml]", "agents/mine.yaml"),
            ("['agents/[a-z]*/*.yaml']", "agents/mine.yaml"),
            ("'**/*.yaml'", "mine.yaml"),
            ("one/agent.yaml", "one/mine.yaml"),
            ("[]", "mine.yaml"),
        ],
    )
    def test_where_the_project_has_its_profiles(self, folder: Path, run: Run, patterns: str, made: str) -> None:
        (folder / "dsgen.yaml").write_text(f"profiles: {patterns}\n")
        assert run("new", "mine", "--from", "node-exporter").stderr == f"created {made}\n"

    def test_in_a_folder_of_a_project(self, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        run("init")
        monkeypatch.chdir(folder / "profiles")
        assert run("new", "mine", "--from", "node-exporter").exit_code == 0
        assert (folder / "profiles/mine.yaml").is_file()

    def test_a_faulty_project(self, folder: Path, run: Run) -> None:
        (folder / "dsgen.yaml").write_text("profile: x\n")
        result = run("new", "mine", "--from", "node-exporter")
        assert (result.exit_code, "dsgen.yaml:1:1: error" in result.stderr) == (1, True)
        assert not (folder / "profiles").exists()

    @pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
    def test_a_folder_that_may_not_be_written(self, folder: Path, run: Run) -> None:
        (folder / "profiles").mkdir(mode=0o500)
        result = run("new", "mine", "--from", "node-exporter")
        assert (result.exit_code, result.stderr) == (2, "dsgen: cannot write profiles/mine.yaml: Permission denied\n")
