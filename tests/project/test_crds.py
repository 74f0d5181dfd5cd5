"""The key `crds` of dsgen.yaml and of environments, and definitions in other files of a run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dsgen.cli import main
from tests.kubernetes.custom.test_definitions import SCHEMA, THING, definition

PROFILE = "name: agent\nnamespace: agents\ncontainers: {agent: {image: 'agent:1'}}\ntemplates: [thing.yaml.j2]\n"
TEMPLATE = "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: thing}\nspec: {size: 2}\n"
STRICT = definition(SCHEMA.replace("minimum: 1", "minimum: 3"))


def write(files: dict[str, str]) -> None:
    for name, text in files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    write(
        {
            "dsgen.yaml": 'kubernetes: "1.37"\ncrds: [crds]\n',
            "profiles/agent.yaml": PROFILE,
            "templates/thing.yaml.j2": TEMPLATE,
            "crds/thing.yaml": definition(),
        }
    )


class TestProject:
    def test_what_a_profile_generates_is_validated(self) -> None:
        done = run("generate")
        assert (done.exit_code, done.stderr) == (0, "3 files written to out\n")
        write({"crds/thing.yaml": STRICT})
        done = run("generate")
        assert done.exit_code == 1
        assert "templates/thing.yaml.j2:4:1: error: spec.size: Invalid: must be at least 3, got 2" in done.stderr

    def test_without_the_key_it_is_written_with_a_warning(self) -> None:
        write({"dsgen.yaml": 'kubernetes: "1.37"\n'})
        done = run("generate")
        assert done.exit_code == 0
        assert "unvalidated-kind" in done.stderr
        assert "under `crds` in dsgen.yaml" in done.stderr

    def test_a_definition_that_is_added_is_noticed(self) -> None:
        write({"crds/thing.yaml": definition(kind="Other")})
        assert "unvalidated-kind" in run("generate").stderr
        write({"crds/more/thing.yml": STRICT})
        assert run("generate").exit_code == 1

    @pytest.mark.parametrize("entry", ["crds", "crds/thing.yaml", "crds/*.yaml", "[crds/th*.yaml]", "'**/thing.yaml'"])
    def test_files_folders_and_patterns(self, entry: str) -> None:
        write({"dsgen.yaml": f'kubernetes: "1.37"\ncrds: {entry}\n', "crds/thing.yaml": STRICT})
        assert "out-of-range-custom-resource-number" in run("generate").stderr

    @pytest.mark.parametrize(
        ("entry", "says"),
        [
            ("other", "no such file or folder `other`"),
            ("other/*.yaml", "`other/*.yaml` matches no file"),
            ("../crds", "leads out of the project"),
            ("/crds", "leads out of the project"),
            ("a\\0", "expected a path"),
        ],
    )
    def test_what_is_not_there(self, entry: str, says: str) -> None:
        write({"dsgen.yaml": f'kubernetes: "1.37"\ncrds: ["{entry}"]\n'})
        done = run("generate")
        assert done.exit_code == 1
        assert "dsgen.yaml:2:" in done.stderr
        assert says in done.stderr

    def test_a_symlink_that_leads_out_of_the_project(self, tmp_path: Path) -> None:
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / "elsewhere/thing.yaml").write_text(STRICT)
        os.symlink(tmp_path / "elsewhere", "linked")
        write({"dsgen.yaml": 'kubernetes: "1.37"\ncrds: [linked]\n'})
        done = run("generate")
        assert done.exit_code == 1
        assert "a symlink leads out of the project" in done.stderr

    def test_a_file_that_cannot_be_parsed(self) -> None:
        write({"crds/thing.yaml": definition() + "  - [\n"})
        done = run("generate")
        assert done.exit_code == 0
        assert (
            "warning: Thing of example.com/v1 is not validated: its CustomResourceDefinition cannot be read (crds/thing.yaml:"
            in done.stderr
        )


class TestEnvironments:
    def test_each_has_its_own(self) -> None:
        write(
            {
                "environments/prod.yaml": "crds: [clusters/prod]\n",
                "environments/test.yaml": "",
                "clusters/prod/a.yaml": STRICT,
            }
        )
        done = run("generate")
        assert done.exit_code == 1
        assert "must be at least 3" in done.stderr
        assert "1 profile failed" in done.stderr or "prod" in done.stderr
        assert run("generate", "-e", "test").exit_code == 0

    def test_its_definitions_belong_to_the_result(self) -> None:
        write({"environments/prod.yaml": "crds: [clusters/prod]\n", "clusters/prod/a.yaml": definition()})
        assert run("generate").exit_code == 0
        write({"clusters/prod/a.yaml": STRICT})
        assert run("generate").exit_code == 1

    def test_what_is_not_there(self) -> None:
        write({"environments/prod.yaml": "crds: [clusters/prd]\n"})
        done = run("generate")
        assert done.exit_code == 1
        assert "environments/prod.yaml:1:8: error: no such file or folder `clusters/prd` [missing-path]" in done.stderr


class TestManifests:
    def test_a_definition_in_another_file_of_the_run(self) -> None:
        write(
            {
                "dsgen.yaml": 'kubernetes: "1.37"\n',
                "manifests/a.yaml": f"{THING}spec: {{size: 0}}\n",
                "manifests/b.yaml": definition(),
            }
        )
        done = run("validate", "manifests")
        assert done.exit_code == 1
        assert "manifests/a.yaml:4:14: error: spec.size: Invalid: must be at least 1, got 0" in done.stderr
        alone = run("validate", "manifests/a.yaml")
        assert alone.exit_code == 0
        assert "skipped 1 object of other kinds (Thing)" in alone.stderr

    def test_what_is_applied_with_it_comes_before_the_project(self) -> None:
        write({"manifests/a.yaml": f"{THING}spec: {{size: 2}}\n", "manifests/b.yaml": STRICT})
        assert run("validate", "manifests").exit_code == 1
        assert run("validate", "manifests/a.yaml").exit_code == 0
