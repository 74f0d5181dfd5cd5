"""The public Python API, as its docstring shows it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

import dsgen
from dsgen.api import _generator
from dsgen.project import shipped
from dsgen.project.project import Project

GOOD = "name: agent\ncontainers: {agent: {image: 'example.com/agent:1.0'}}\n"


def test_load_validate_and_render(tmp_path: Path) -> None:
    path = tmp_path / "agent.yaml"
    path.write_text(GOOD)
    profile = dsgen.load(path)
    assert dsgen.validate(profile) == []
    (made,) = dsgen.render(profile)
    assert (made.kind, made.name, made.filename) == ("DaemonSet", "agent", "daemonset-agent.yaml")
    assert "image: example.com/agent:1.0" in made.text


def test_nothing_wrong_is_rendered() -> None:
    profile = dsgen.loads("name: agent\ncontainers: {agent: {}}\n", "agent.yaml")
    with pytest.raises(dsgen.ProblemError) as caught:
        dsgen.render(profile)
    (problem,) = caught.value.problems
    assert (problem.code, problem.file, problem.line, problem.column) == ("missing-key", "agent.yaml", 2, 14)
    assert problem in dsgen.validate(profile)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        dsgen.load(tmp_path / "nothing.yaml")


def test_the_version_of_kubernetes_matters() -> None:
    profile = dsgen.loads(GOOD + "hostnameOverride: agent.example.com\n")
    assert dsgen.validate(profile, kubernetes="1.37") == []
    assert [problem.field for problem in dsgen.validate(profile, kubernetes="1.33")] == [
        "spec.template.spec.hostnameOverride"
    ]


def test_manifests_are_judged_too() -> None:
    manifest = "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: a}\nspec: {template: {spec: {containers: []}}}\n"
    found = dsgen.validate_manifest(manifest, "a.yaml")
    assert ("spec.template.spec.containers", 4) in {(problem.field, problem.line) for problem in found}


def test_a_version_that_nobody_knows() -> None:
    for call in (dsgen.validate, dsgen.render):
        with pytest.raises(ValueError, match=r"'9\.99'; known versions: 1\.\d\d"):
            call(dsgen.loads(GOOD), kubernetes="9.99")
    with pytest.raises(ValueError, match=r"'9\.99'"):
        dsgen.validate_manifest("", kubernetes="9.99")


def test_texts_are_not_kept() -> None:
    """A server that is given many, all of them different, keeps what they extend and no more."""
    parents = _generator(Project(Path.cwd()), None)._parents
    dsgen.render(dsgen.loads("extends: node-exporter\nname: first\n"))
    before = list(parents._known)
    for number in range(20):
        dsgen.render(dsgen.loads(f"extends: node-exporter\nname: a{number}\n"))
    assert "preset node-exporter" in {file.name for file in before}
    assert list(parents._known) == before


def test_names_are_the_public_ones() -> None:
    assert all(getattr(dsgen, name) is not None for name in dsgen.__all__)
    with pytest.raises(AttributeError):
        _ = dsgen.nothing


def test_schema_is_one() -> None:
    assert dsgen.schema()["$schema"].startswith("http://json-schema.org/draft-07/")


def test_texts_of_one_name_are_not_mixed_up() -> None:
    names = [dsgen.render(dsgen.loads(f"name: {name}\ncontainers: {{a: {{image: x}}}}\n"))[0].name for name in "ab"]
    assert names == ["a", "b"]


class TestEnvironments:
    @pytest.fixture
    def profile(self, tmp_path: Path) -> dsgen.Profile:
        (tmp_path / "dsgen.yaml").write_text("")
        (tmp_path / "environments").mkdir()
        (tmp_path / "environments/prod.yaml").write_text(
            'kubernetes: "1.31"\nall: {containers: {agent: {image: over}}, resources: {requests: {cpu: 1}}}\n'
        )
        (tmp_path / "environments/bad.yaml").write_text("zzz: 1\n")
        (tmp_path / "agent.yaml").write_text("name: agent\ncontainers: {agent: {image: under}}\n")
        return dsgen.load(tmp_path / "agent.yaml")

    def test_a_profile_as_it_is_in_one(self, profile: dsgen.Profile) -> None:
        assert "image: over" in dsgen.render(profile, kubernetes="1.37", environment="prod")[0].text
        assert "image: under" in dsgen.render(profile)[0].text

    def test_its_version_judges(self, profile: dsgen.Profile) -> None:
        assert [problem.code for problem in dsgen.validate(profile, environment="prod")] == ["unknown-field"]

    def test_a_faulty_one(self, profile: dsgen.Profile) -> None:
        with pytest.raises(dsgen.ProblemError, match="unknown key `zzz`"):
            dsgen.render(profile, environment="bad")

    def test_one_that_is_not_there(self, profile: dsgen.Profile) -> None:
        with pytest.raises(LookupError, match="did you mean `prod`"):
            dsgen.validate(profile, environment="prd")


class TestPlainData:
    """What leaves is ordinary data: `json` and `yaml` write it, and nothing of where it was read is in it."""

    @staticmethod
    def types(value: object) -> set[type]:
        inside = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
        found = {type(value)}.union(*map(TestPlainData.types, inside))
        return found.union(map(type, value)) if isinstance(value, dict) else found

    TEXT = """\
name: agent
hostNetwork: true
containers:
  agent:
    image: example.com/agent:1.0
    env: {A: yes, B: 1.5, C: 010, D: ""}
    resources: {limits: {cpu: 0.5, memory: 1e9}}
    ports: {web: 80}
    securityContext: {runAsNonRoot: false, runAsUser: 10, capabilities: {add: []}}
    livenessProbe: {httpGet: {port: web, httpHeaders: [{name: a, value: b}]}, periodSeconds: 1}
configMaps: {agent: {data: {a.json: "{}"}}}
service: {ports: [web]}
"""

    def test_objects(self) -> None:
        made = dsgen.render(dsgen.loads(self.TEXT))
        for each in made:
            assert self.types(each.tree) <= {dict, list, str, int, float, bool, type(None)}
            assert yaml.safe_load(each.text) == json.loads(json.dumps(each.tree)) == each.tree
            assert yaml.safe_load(yaml.safe_dump(each.tree)) == each.tree
        daemonset = next(each.tree for each in made if each.kind == "DaemonSet")
        assert '"hostNetwork": true' in json.dumps(daemonset)
        assert {type(each) for each in made[0][:3]} == {str}

    @pytest.mark.parametrize("name", sorted(shipped.profiles()))
    def test_presets(self, name: str) -> None:
        for each in dsgen.render(dsgen.load(shipped.profiles()[name])):
            assert self.types(each.tree) <= {dict, list, str, int, float, bool, type(None)}
            assert yaml.safe_load(each.text) == each.tree

    def test_problems(self) -> None:
        bad = self.TEXT.replace("hostNetwork", "hostNetwrok").replace("80", "web")
        manifest = 'apiVersion: apps/v1\nkind: Daemonset\n---\napiVersion: apps/v1\nkind: DaemonSet\nKind: x\nmetadata: {"a b": 1}\nspec: {x: 1}\n---\nkind: Job\napiVersion: batch/v1\n'
        found = [*dsgen.validate(dsgen.loads(bad)), *dsgen.validate_manifest(manifest)]
        assert len(found) > 6
        assert set().union(*(self.types(tuple(each)) for each in found)) == {tuple, str, int}

    def test_the_schema(self) -> None:
        assert self.types(dsgen.schema()) <= {dict, list, str, int, float, bool, type(None)}


class TestProjects:
    @pytest.fixture
    def folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "project/profiles").mkdir(parents=True)
        (tmp_path / "project/dsgen.yaml").write_text("")
        (tmp_path / "project/profiles/agent.yaml").write_text(GOOD)
        return tmp_path / "project"

    def test_what_it_writes(self, folder: Path) -> None:
        done = dsgen.generate_project(folder)
        assert (done.folder, done.problems, done.written, done.removed, done.unchanged) == ("project/out", (), 2, 0, 0)
        assert "example.com/agent:1.0" in (folder / "out/agent/daemonset-agent.yaml").read_text()
        again = dsgen.generate_project(folder)
        assert (again.written, again.unchanged) == (0, 2)
        (folder / "profiles/agent.yaml").rename(folder / "profiles/other.yaml")
        (folder / "profiles/other.yaml").write_text(GOOD.replace("name: agent", "name: other"))
        assert dsgen.generate_project(str(folder)).removed == 2

    def test_another_folder(self, folder: Path, tmp_path: Path) -> None:
        assert dsgen.generate_project(folder, tmp_path / "there").written == 2
        assert not (folder / "out").exists()

    def test_a_check_writes_nothing(self, folder: Path) -> None:
        done = dsgen.generate_project(folder, check=True)
        assert {problem.code for problem in done.problems} == {"output-drift"}
        assert (done.written, (folder / "out").exists()) == (2, False)

    def test_a_faulty_profile_does_not_stop_the_others(self, folder: Path) -> None:
        (folder / "profiles/bad.yaml").write_text("name: bad\n")
        done = dsgen.generate_project(folder)
        assert [problem.code for problem in done.problems] == ["missing-key"]
        assert done.written == 2

    def test_environments_and_versions(self, folder: Path) -> None:
        (folder / "environments").mkdir()
        for name in ("prod", "test"):
            (folder / f"environments/{name}.yaml").write_text("")
        (folder / "profiles/agent.yaml").write_text(GOOD + "hostnameOverride: a.example.com\n")
        done = dsgen.generate_project(folder, environments=["prod"], kubernetes="1.33")
        assert [problem.code for problem in done.problems] == ["unknown-field"]
        assert dsgen.generate_project(folder, environments=["prod"]).written == 3
        assert not (folder / "out/test").exists()

    def test_what_it_raises(self, folder: Path) -> None:
        with pytest.raises(ValueError, match="9"):
            dsgen.generate_project(folder, kubernetes="9.99")
        with pytest.raises(dsgen.BuildError, match="no such environment x"):
            dsgen.generate_project(folder, environments=["x"])
        (folder / "out").write_text("")
        with pytest.raises(dsgen.BuildError, match="project/out is not a folder"):
            dsgen.generate_project(folder)
        (folder / "dsgen.yaml").write_text("zzz: 1\n")
        with pytest.raises(dsgen.ProblemError):
            dsgen.generate_project(folder)
