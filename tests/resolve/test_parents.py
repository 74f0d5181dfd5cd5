"""`extends`: shipped presets by name, files by path, several, nested; and what can go wrong."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from dsgen.plain import plain
from dsgen.project import shipped
from dsgen.project.project import Finder, Project, open_file
from dsgen.resolve.parents import Parents
from tests.factories import daemonset, made

AGENT = "containers: {agent: {image: x}}\n"


def labels(profile: str, files: dict[str, str]) -> dict[str, str]:
    made = daemonset(f"name: agent\nstandardLabels: false\n{profile}", files)
    result: dict[str, str] = made["metadata"].get("labels", {})
    return result


@pytest.mark.parametrize(
    ("profile", "files", "expected"),
    [
        pytest.param("extends: ./a.yaml", {"a.yaml": AGENT + "labels: {a: x}"}, {"a": "x"}, id="a path"),
        pytest.param("extends: a.yaml", {"a.yaml": AGENT + "labels: {a: x}"}, {"a": "x"}, id="a path without a slash"),
        pytest.param("extends: sub/a.yaml", {"sub/a.yaml": AGENT + "labels: {a: x}"}, {"a": "x"}, id="a folder"),
        pytest.param("extends: [./a.yaml]", {"a.yaml": AGENT + "labels: {a: x}"}, {"a": "x"}, id="a list of one"),
        pytest.param(
            "extends: [./a.yaml, ./b.yaml]\nlabels: {c: z}",
            {"a.yaml": AGENT + "labels: {a: x, b: x, c: x}", "b.yaml": "labels: {b: y, c: y}"},
            {"a": "x", "b": "y", "c": "z"},
            id="several: later ones win, this file last",
        ),
        pytest.param(
            "extends: ./b.yaml\nlabels: {c: z}",
            {"b.yaml": "extends: ./a.yaml\nlabels: {b: y, c: y}", "a.yaml": AGENT + "labels: {a: x, b: x, c: x}"},
            {"a": "x", "b": "y", "c": "z"},
            id="nested",
        ),
        pytest.param(
            "extends: sub/b.yaml",
            {"sub/b.yaml": "extends: ../a.yaml", "a.yaml": AGENT + "labels: {a: x}"},
            {"a": "x"},
            id="a path is relative to the file that states it",
        ),
        pytest.param(
            "extends: [./left.yaml, ./right.yaml]",
            {
                "left.yaml": "extends: ./a.yaml\nlabels: {b: left}",
                "right.yaml": "extends: ./a.yaml\nlabels: {c: right}",
                "a.yaml": AGENT + "labels: {b: a, c: a}",
            },
            {"b": "left", "c": "right"},
            id="a diamond: what both extend comes once, beneath both",
        ),
        pytest.param("extends: []\n" + AGENT, {}, {}, id="nothing"),
        pytest.param("extends: [./a.yaml, ./a.yaml]", {"a.yaml": AGENT + "labels: {a: x}"}, {"a": "x"}, id="one twice"),
    ],
)
def test_extends(profile: str, files: dict[str, str], expected: dict[str, str]) -> None:
    assert labels(profile, files) == expected


def test_a_diamond_appends_once() -> None:
    files = {
        "left.yaml": "extends: ./a.yaml",
        "right.yaml": "extends: ./a.yaml",
        "a.yaml": "containers: {agent: {image: x, args+: [a]}}",
    }
    made = daemonset("name: agent\nextends: [./left.yaml, ./right.yaml]", files)
    assert made["spec"]["template"]["spec"]["containers"][0]["args"] == ["a"]


def test_a_parent_is_not_changed_by_its_child() -> None:
    """Each file is read once for all profiles."""
    files = {
        "a.yaml": AGENT,
        "one.yaml": "name: one\nextends: ./a.yaml\nhostPID: true",
        "two.yaml": "name: two\nextends: ./a.yaml",
    }
    parents = Parents(
        lambda reference, file: file._replace(name=reference, key=reference, text=files[reference[2:]].encode())
    )
    file = open_file(Path(__file__))
    for _ in range(2):
        layers = [
            [plain(layer) for layer in parents.layers(file._replace(key=name, text=files[name].encode())).layers]
            for name in ("one.yaml", "two.yaml")
        ]
        assert layers == [
            [{"containers": {"agent": {"image": "x"}}}, {"name": "one", "hostPID": True}],
            [{"containers": {"agent": {"image": "x"}}}, {"name": "two"}],
        ]


def test_all_problems_of_all_parents_are_found() -> None:
    files = {"a.yaml": "hostNetwork: yes", "b.yaml": "extends: ./c.yaml\nhostPID: no"}
    problems = made("name: agent\nextends: [./a.yaml, ./b.yaml]", files).problems
    assert [(problem.file, problem.code) for problem in problems] == [
        ("a.yaml", "invalid-type"),
        ("b.yaml", "invalid-type"),
    ]


class TestFinding:
    """Files in folders."""

    @pytest.fixture
    def project(self, tmp_path: Path) -> Project:
        (tmp_path / "profiles").mkdir()
        (tmp_path / "profiles" / "base.yaml").write_text(AGENT)
        return Project(tmp_path.resolve(), stated=True)

    def problem(self, project: Project, reference: str) -> tuple[str, str]:
        path = project.root / "profiles" / "agent.yaml"
        path.write_text(dedent(f"name: agent\nextends: {reference}\n"))
        (problem,) = Parents(Finder(project)).layers(open_file(path)).problems
        assert (problem.code, problem.line, problem.column) == ("unknown-parent", 2, 10)
        return problem.message, problem.hint

    def test_a_path(self, project: Project) -> None:
        path = project.root / "profiles" / "agent.yaml"
        path.write_text("name: agent\nextends: ./base.yaml\n")
        layers = Parents(Finder(project)).layers(open_file(path))
        assert len(layers.layers) == 2
        assert not layers.problems

    @pytest.mark.parametrize("name", sorted(shipped.profiles()))
    def test_a_preset(self, project: Project, name: str) -> None:
        path = project.root / "profiles" / "agent.yaml"
        path.write_text(f"extends: {name}\n")
        layers = Parents(Finder(project)).layers(open_file(path))
        assert len(layers.layers) >= 2
        assert not layers.problems

    def test_no_such_preset(self, project: Project) -> None:
        message, hint = self.problem(project, "node-exportr")
        assert message == "no such preset `node-exportr`"
        assert hint == "did you mean `node-exporter`?"

    def test_a_file_without_its_ending(self, project: Project) -> None:
        message, hint = self.problem(project, "base")
        assert message == "no such preset `base`"
        assert "`./base.yaml`" in hint

    def test_no_such_file(self, project: Project) -> None:
        message, _ = self.problem(project, "./bass.yaml")
        assert message == "`./bass.yaml` cannot be read: No such file or directory"

    def test_a_folder(self, project: Project) -> None:
        message, _ = self.problem(project, "./")
        assert message == "`./` cannot be read: Is a directory"

    def test_out_of_the_project(self, project: Project, tmp_path: Path) -> None:
        message, hint = self.problem(project, "../../base.yaml")
        assert message == "`../../base.yaml` leads out of the project"
        assert "dsgen.yaml" in hint

    def test_out_of_the_project_by_an_absolute_path(self, project: Project) -> None:
        message, _ = self.problem(project, "/etc/base.yaml")
        assert message == "`/etc/base.yaml` leads out of the project"

    def test_out_of_the_project_by_a_link(self, project: Project, tmp_path_factory: pytest.TempPathFactory) -> None:
        outside = tmp_path_factory.mktemp("outside") / "base.yaml"
        outside.write_text(AGENT)
        (project.root / "profiles" / "link.yaml").symlink_to(outside)
        message, _ = self.problem(project, "./link.yaml")
        assert message == "`./link.yaml` leads out of the project"

    @pytest.mark.parametrize("reference", ['"a\\0.yaml"', '"\\0"', '"./\\uFFFE.yaml"', f"./{'a' * 5000}.yaml"])
    def test_no_name_of_a_file(self, project: Project, reference: str) -> None:
        self.problem(project, reference)

    def test_a_circle_by_two_names(self, project: Project) -> None:
        """A file is the same file, however it is named."""
        path = project.root / "profiles" / "agent.yaml"
        path.write_text("name: agent\nextends: ../profiles/./agent.yaml\n")
        (problem,) = Parents(Finder(project)).layers(open_file(path)).problems
        assert problem.code == "extends-cycle"

    def test_a_circle_by_a_link(self, project: Project) -> None:
        (project.root / "profiles" / "here").symlink_to(".")
        path = project.root / "profiles" / "agent.yaml"
        path.write_text("name: agent\nextends: here/agent.yaml\n")
        (problem,) = Parents(Finder(project)).layers(open_file(path)).problems
        assert problem.code == "extends-cycle"


def test_a_long_chain() -> None:
    files = {f"{i}.yaml": f"extends: ./{i + 1}.yaml\nlabels: {{a{i}: x}}\n" for i in range(1500)}
    assert len(labels("extends: ./0.yaml", files | {"1500.yaml": AGENT})) == 1500
