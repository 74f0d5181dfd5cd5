"""Nothing changes an object after its validation: what leaves dsgen is what was validated, whatever GitOps tools ask of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

import dsgen
from dsgen.build.output import kustomization
from dsgen.cli import main
from dsgen.generate.for_project import generator
from dsgen.gitops import GitOps
from dsgen.kubernetes import manifest, validate
from dsgen.kubernetes.built_in import Examined
from dsgen.plain import plain
from dsgen.problem import Problem
from dsgen.project.project import open_file, read_project

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[1]
LIMIT = 256 * 1024
KEY = "example.com/note"
WAVE = len("argocd.argoproj.io/sync-wave") + len("0")
DISABLED = len("kustomize.toolkit.fluxcd.io/substitute") + len("disabled")

Validated = list[tuple[Any, list[Problem]]]


@pytest.fixture
def validated(monkeypatch: pytest.MonkeyPatch) -> Validated:
    """What was validated, as plain data, and what was found."""
    found: Validated = []
    real = validate.examined

    def recording(root: Any, minor: str, definitions: Any = None) -> Examined:
        examined = real(root, minor, definitions)
        found.append((plain(root), list(examined.problems)))
        return examined

    monkeypatch.setattr(validate, "examined", recording)
    return found


def said(problems: list[Problem]) -> list[tuple[str, str, str]]:
    return sorted((each.code, each.severity, each.field) for each in problems)


@pytest.mark.parametrize(
    ("gitops", "defaults"),
    [
        (GitOps("keep"), False),
        (GitOps("escape", True), True),
        (GitOps("disable", True), False),
    ],
    ids=lambda each: "" if isinstance(each, bool) else each.substitution,
)
def test_every_profile_of_the_project(gitops: GitOps, defaults: bool, validated: Validated) -> None:
    project, _ = read_project(ROOT)
    make = generator(project._replace(gitops=gitops), defaults=defaults)
    for path in project.profile_files():
        validated.clear()
        made = make.make(open_file(path))
        assert made.objects, path
        for each in made.objects:
            (document,) = manifest.read(each.text, each.filename)
            read = plain(document.root)
            # The last verdict on it: with `$` escaped, it is the second.
            known = [problems for tree, problems in validated if tree == read]
            assert known, f"{each.filename} of {path} was changed after its validation"
            assert read == plain(each.tree)
            assert said(dsgen.validate_manifest(each.text, kubernetes=project.kubernetes)) == said(known[-1])


PROFILE = """\
name: agent
annotations: {note}
containers: {{agent: {{image: "x:1", command: ["${{A}}"]}}}}
serviceAccount: {{create: true}}
service: {{ports: [{{port: 53, name: a, protocol: UDP}}, {{port: 53, name: b}}]}}
configMaps: {{config: {{data: {{a: "${{B}}"}}}}}}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "profiles").mkdir()
    return tmp_path


def generate(folder: Path, profile: str, project: str, *more: str) -> Result:
    (folder / "dsgen.yaml").write_text(project)
    (folder / "profiles/agent.yaml").write_text(profile)
    return CliRunner().invoke(main, ["generate", "--quiet", *more])


def files(folder: Path) -> Iterator[tuple[Path, Any]]:
    for path in sorted((folder / "out").rglob("*.yaml")):
        if path.name != kustomization.NAME:
            yield path, yaml.load(path.read_text(), yaml.CSafeLoader)


@pytest.mark.parametrize("more", [(), ("--defaults",)])
@pytest.mark.parametrize("project", ["", "flux: {substitution: escape}", "flux: {substitution: disable}"])
def test_every_file_that_is_written(folder: Path, project: str, more: tuple[str, ...], validated: Validated) -> None:
    result = generate(folder, PROFILE.format(note="{}"), f"argocd: {{syncWaves: true}}\n{project}\n", *more)
    assert result.exit_code == 0, result.output
    trees = [tree for tree, _ in validated]
    written = list(files(folder))
    assert len(written) == 4
    for path, tree in written:
        assert tree in trees, f"{path.name} was changed after its validation"


def note(size: int) -> str:
    """Return annotations of so many bytes, the key counted."""
    return f"{{{KEY}: {'x' * (size - len(KEY))}}}"


class TestAnnotationsFillTheLimit:
    @pytest.mark.parametrize(
        ("project", "taken"),
        [
            ("", 0),
            ("argocd: {syncWaves: true}", WAVE),
            ("flux: {substitution: disable}", DISABLED),
            ("argocd: {syncWaves: true}\nflux: {substitution: disable}", WAVE + DISABLED),
        ],
    )
    @pytest.mark.parametrize("more", [(), ("--defaults",)])
    def test_with_those_of_the_tools(self, folder: Path, project: str, taken: int, more: tuple[str, ...]) -> None:
        profile = "name: agent\ncontainers: {agent: {image: 'x:1', command: ['${A}']}}\nannotations: "
        assert generate(folder, profile + note(LIMIT - taken), project, *more).exit_code == 0
        assert CliRunner().invoke(main, ["validate", "out"]).exit_code == 0
        result = generate(folder, profile + note(LIMIT - taken + 1), project, *more)
        assert result.exit_code == 1
        assert "profiles/agent.yaml:3:14: error: metadata.annotations: TooLong:" in result.stderr
        assert ("hint: annotations that dsgen adds count too: `" in result.stderr) == bool(taken)

    def test_of_a_template_of_ones_own(self, folder: Path) -> None:
        (folder / "templates").mkdir()
        template = "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: own, annotations: {}}}\n"
        (folder / "templates/own.yaml.j2").write_text(template.format(note(LIMIT)))
        profile = "name: agent\ncontainers: {agent: {image: 'x:1'}}\ntemplates: [own.yaml.j2]\n"
        assert generate(folder, profile, "").exit_code == 0
        result = generate(folder, profile, "argocd: {syncWaves: true}")
        assert result.exit_code == 1
        assert "templates/own.yaml.j2:3:1: error: metadata.annotations: TooLong:" in result.stderr

    def test_of_one_variant(self, folder: Path) -> None:
        profile = (
            "name: agent\ncontainers: {agent: {image: 'x:1'}}\nvariants:\n  a:\n    nodes: {select: {p: a}}\n"
            f"    annotations: {note(LIMIT)}\n  b: {{nodes: {{select: {{p: b}}}}}}\n"
        )
        assert generate(folder, profile, "").exit_code == 0
        result = generate(folder, profile, "argocd: {syncWaves: true}")
        assert result.exit_code == 1
        assert "profiles/agent.yaml:6:18: error: metadata.annotations: TooLong:" in result.stderr

    def test_from_python(self, folder: Path) -> None:
        generate(folder, "name: agent\ncontainers: {agent: {image: 'x:1'}}\nannotations: " + note(LIMIT), "")
        assert dsgen.render(dsgen.load("profiles/agent.yaml"))
        (folder / "dsgen.yaml").write_text("argocd: {syncWaves: true}")
        with pytest.raises(dsgen.ProblemError):
            dsgen.render(dsgen.load("profiles/agent.yaml"))

    @pytest.mark.parametrize(("project", "size", "code"), [("", LIMIT, 0), ("argocd: {syncWaves: true}", LIMIT, 1)])
    def test_of_a_krm_function(self, folder: Path, project: str, size: int, code: int) -> None:
        (folder / "dsgen.yaml").write_text(project)
        config = f"{{kind: DaemonSetProfile, metadata: {{name: a}}, spec: {{containers: {{a: {{image: x}}}}, annotations: {note(size)}}}}}"
        text = f"apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig: {config}\n"
        assert CliRunner().invoke(main, ["kustomize"], input=text).exit_code == code

    @pytest.mark.parametrize(("size", "code"), [(LIMIT, 0), (LIMIT + 1, 1)])
    def test_with_those_that_an_orchestrator_keeps(self, size: int, code: int) -> None:
        kept = "config.kubernetes.io/depends-on: v1/namespaces/a"
        config = f"{{kind: DaemonSetProfile, metadata: {{name: a}}, spec: {{containers: {{a: {{image: x}}}}, annotations: {note(size - len(kept) + 2)}}}}}"
        old = f"{{apiVersion: apps/v1, kind: DaemonSet, metadata: {{name: a, annotations: {{{kept}}}}}}}"
        text = f"apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: [{old}]\nfunctionConfig: {config}\n"
        result = CliRunner().invoke(main, ["kustomize"], input=text)
        assert result.exit_code == code, result.stderr[:300]
        assert ("metadata.annotations: TooLong" in result.stderr) == bool(code)


class TestEscaped:
    """Flux undoes what is escaped, and nobody else: an object is valid as Flux hands it on, and as it stands in its file."""

    SIZE = 1024 * 1024

    def config_map(self, folder: Path, text: str, substitution: str) -> Result:
        profile = (
            f"name: agent\ncontainers: {{agent: {{image: 'x:1'}}}}\nconfigMaps:\n  c:\n    data: {{a: '{text}'}}\n"
        )
        return generate(folder, profile, f"flux: {{substitution: {substitution}}}")

    def test_it_may_not_grow_over_a_limit(self, folder: Path) -> None:
        text = "${A}" + "x" * (self.SIZE - 5)
        assert self.config_map(folder, text, "escape").exit_code == 0
        result = self.config_map(folder, text + "x", "escape")
        assert result.exit_code == 1
        assert result.stderr.startswith("profiles/agent.yaml:5:5: error: []: TooLong:")
        assert "each `$` is doubled here; to avoid that, set `flux: {substitution: disable}`" in result.stderr
        # The remedy.
        assert self.config_map(folder, text + "x", "disable").exit_code == 0

    def test_what_is_wrong_without_is_told_once_and_as_it_was_written(self, folder: Path) -> None:
        profile = "name: agent\ncontainers: {agent: {image: 'x:1', command: ['${A}']}}\nlabels: {a: '${B}'}\n"
        result = generate(folder, profile, "flux: {substitution: escape}")
        assert result.exit_code == 1
        assert "$${B}" not in result.stderr
        assert result.stderr.count("error: metadata.labels") == 1


@pytest.mark.parametrize("annotations", ["[a]", "text", "3", '""'])
@pytest.mark.parametrize("substitution", ["warn", "escape", "disable", "error"])
def test_annotations_that_are_none_are_refused(folder: Path, annotations: str, substitution: str) -> None:
    (folder / "templates").mkdir()
    template = (
        f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: own, annotations: {annotations}}}\ndata: {{a: '${{A}}'}}\n"
    )
    (folder / "templates/own.yaml.j2").write_text(template)
    profile = "name: agent\ncontainers: {agent: {image: 'x:1'}}\ntemplates: [own.yaml.j2]\n"
    result = generate(folder, profile, f"argocd: {{syncWaves: true}}\nflux: {{substitution: {substitution}}}")
    assert result.exit_code == 1
    assert "metadata.annotations: TypeInvalid: must be a map" in result.stderr


def test_defaults_of_what_has_errors(folder: Path) -> None:
    """They are written out before the validation, which reports what is wrong all the same."""
    profile = "name: agent\ncontainers: {agent: {image: 'x:1', ports: {a: 0}, resources: {limits: {cpu: 1x}}}}\n"
    plainly, written = (generate(folder, profile, "", *more) for more in ((), ("--defaults",)))
    assert (plainly.exit_code, plainly.stderr) == (written.exit_code, written.stderr) == (1, plainly.stderr)
    assert plainly.stderr
