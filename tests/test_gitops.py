"""What Flux would substitute, and the waves of Argo CD."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from dsgen.cli import main
from dsgen.gitops.argocd import WAVE
from dsgen.gitops.flux import SUBSTITUTE, escaped, variables
from dsgen.project.keys import KEYS

PROFILE = """\
name: agent
containers:
  agent:
    image: example.com/agent:1.0
    command: [run, {}]
configMaps:
  agent-config: {{data: {{plain: "$(A) $A"}}}}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(folder: Path, text: str, project: str = "", more: str = "") -> Result:
    (folder / "dsgen.yaml").write_text(f'{project}\nkubernetes: "1.37"\n')
    (folder / "agent.yaml").write_text(PROFILE.format(yaml.safe_dump(text, default_style='"').strip()) + more)
    return CliRunner().invoke(main, ["generate", "agent.yaml", "-o", "-"])


def made(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.stderr
    return {each["kind"]: each for each in yaml.safe_load_all(result.stdout)}


class TestProject:
    """`projectName` labels every object, but no pod; without it, nothing changes."""

    def test_objects_are_labelled(self, folder: Path) -> None:
        plainly, labelled = made(run(folder, "a")), made(run(folder, "a", "projectName: 17"))
        assert {each["metadata"]["labels"].pop("dsgen.dev/project") for each in labelled.values()} == {"17"}
        assert labelled == plainly

    def test_each_environment_has_its_own_label(self, folder: Path) -> None:
        (folder / "environments").mkdir()
        (folder / "environments" / "prod.yaml").write_text("{}\n")
        (folder / "profiles").mkdir()
        run(folder, "a", "projectName: agents\nmanifests: [map.yaml]")
        (folder / "agent.yaml").rename(folder / "profiles" / "agent.yaml")
        (folder / "map.yaml").write_text(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: map, labels: {dsgen.dev/project: own}}\n"
        )
        result = CliRunner().invoke(main, ["generate", "-o", "-"])
        assert [each["metadata"]["labels"]["dsgen.dev/project"] for each in yaml.safe_load_all(result.stdout)] == [
            "own",
            "agents.prod",
            "agents.prod",
        ]

    @pytest.mark.parametrize("name", ["a b", "''", "[a]", "-a", "a" * 64])
    def test_a_name_that_is_no_label_value(self, name: str, folder: Path) -> None:
        result = run(folder, "a", f"projectName: {name}")
        assert result.exit_code == 1
        assert "expected the value of a label, got " in result.stderr
        assert "hint: an example: `projectName: node-agents`" in result.stderr


def command(result: Result) -> str:
    text: str = made(result)["DaemonSet"]["spec"]["template"]["spec"]["containers"][0]["command"][1]
    return text


# What Flux's envsubst (github.com/fluxcd/pkg/envsubst v1.7.0) makes of a text where each variable has the value `<NAME>`; None where
# it refuses the text.
SUBSTITUTED = {
    "${A}": "<A>",
    "$A": "$A",
    "$": "$",
    "$$": "$",
    "$$$": "$$",
    "$$$$": "$$",
    "$${A}": "${A}",
    "$$${A}": "$<A>",
    "$$$${A}": "$${A}",
    "$(A)": "$(A)",
    "$$(A)": "$(A)",
    "$$$(A)": "$$(A)",
    "${A:-b}": "<A>",
    "${1}": "<1>",
    "${env:X}": "<env>",
    "\\${A}": "\\<A>",
    "a$": "a$",
    "${#A}": "3",
    "${a.b}": None,
    "${}": None,
    "${A": None,
    "${ A }": None,
    "${A[@]}": None,
    "$}{": "$}{",
    "cost: 5$ a $b": "cost: 5$ a $b",
}


@pytest.mark.parametrize("text", SUBSTITUTED)
def test_found_is_what_flux_does_not_leave_as_it_is(folder: Path, text: str) -> None:
    result = run(folder, text, "flux: {}")
    assert ("[flux-variable]" in result.stderr) == (SUBSTITUTED[text] != text)
    assert command(result) == text


@pytest.mark.parametrize("text", SUBSTITUTED)
def test_escaped_text_is_substituted_to_itself(folder: Path, text: str) -> None:
    result = run(folder, text, "flux: {substitution: escape}")
    found = command(result)
    assert result.stderr == ""
    # Outside of variables Flux reads `$$` as `$`, from the left.
    assert not re.search(r"(?<!\$)(\$\$)*\$\{", found)
    assert found.replace("$$", "$") == text
    assert (found == text) == (SUBSTITUTED[text] == text)


@given(st.text("${}A(x", max_size=12))
def test_every_text_can_be_escaped(text: str) -> None:
    found = escaped(text)
    assert not re.search(r"(?<!\$)(\$\$)*\$\{", found)
    assert found.replace("$$", "$") == text
    assert (found == text) == (not list(variables(text)))


class TestPolicies:
    def test_a_warning_with_the_remedy_is_the_default(self, folder: Path) -> None:
        assert run(folder, "${A} ${B}").stderr == ""
        result = run(folder, "${A} ${B}", "flux: {}")
        assert command(result) == "${A} ${B}"
        assert result.stderr.startswith(
            "agent.yaml:5:20: warning: spec.template.spec.containers[0].command[1]: Flux treats `${A}` as a variable, and 1 more like it"
        )
        assert "set `flux: {substitution: disable}` in dsgen.yaml" in result.stderr
        assert run(folder, "${A} ${B}", "flux: {substitution: warn}").stderr == result.stderr

    def test_one_warning_an_object(self, folder: Path) -> None:
        result = run(folder, "${A}", "flux: {}", more="  other: {data: {a: '${B}', b: '${C}'}}\n")
        assert result.stderr.count("[flux-variable]") == 2

    def test_escape(self, folder: Path) -> None:
        assert command(run(folder, "a ${A:-b} $$(C)", "flux: {substitution: escape}")) == "a $${A:-b} $$$$(C)"

    def test_disable_annotates_the_objects_that_need_it(self, folder: Path) -> None:
        objects = made(run(folder, "${A}", "flux: {substitution: disable}"))
        assert objects["DaemonSet"]["metadata"]["annotations"] == {SUBSTITUTE: "disabled"}
        assert "annotations" not in objects["ConfigMap"]["metadata"]

    def test_error(self, folder: Path) -> None:
        result = run(folder, "${A}", "flux: {substitution: error}")
        assert (result.exit_code, result.stdout) == (1, "")
        assert "error: spec.template.spec.containers[0].command[1]: Flux treats `${A}`" in result.stderr
        assert "[flux-variable-refused]" in result.stderr

    def test_keep(self, folder: Path) -> None:
        result = run(folder, "a ${A}", "flux: {substitution: keep}")
        assert (command(result), result.stderr) == ("a ${A}", "")

    @pytest.mark.parametrize("policy", ["warn", "escape", "error"])
    @pytest.mark.parametrize("where", ["labels", "annotations"])
    def test_an_object_that_flux_leaves_alone(self, folder: Path, policy: str, where: str) -> None:
        result = run(folder, "${A}", f"flux: {{substitution: {policy}}}", f"{where}: {{{SUBSTITUTE}: disabled}}\n")
        assert (command(result), result.stderr) == ("${A}", "")


class TestSyncWaves:
    COMPANIONS = "priorityClass: {value: 1}\nserviceAccount: {create: true}\nnamespace: {name: agents, create: true}\n"

    def test_what_pods_need_comes_first(self, folder: Path) -> None:
        objects = made(run(folder, "x", "argocd: {syncWaves: true}", self.COMPANIONS))
        assert {kind: each["metadata"]["annotations"][WAVE] for kind, each in objects.items()} == {
            "Namespace": "-2",
            "PriorityClass": "-2",
            "ServiceAccount": "-1",
            "ConfigMap": "-1",
            "DaemonSet": "0",
        }

    def test_the_pods_are_not_touched(self, folder: Path) -> None:
        pods = [made(run(folder, "x", project))["DaemonSet"]["spec"] for project in ("", "argocd: {syncWaves: true}")]
        assert pods[0] == pods[1]

    def test_what_a_profile_states_stays(self, folder: Path) -> None:
        objects = made(run(folder, "x", "argocd: {syncWaves: true}", f"annotations: {{{WAVE}: '5'}}\n"))
        assert {each["metadata"]["annotations"][WAVE] for each in objects.values()} == {"5"}

    @pytest.mark.parametrize("project", ["", "argocd: {}", "argocd: {syncWaves: false}"])
    def test_only_when_asked(self, folder: Path, project: str) -> None:
        assert "annotations" not in made(run(folder, "x", project))["DaemonSet"]["metadata"]


@pytest.mark.parametrize(
    ("project", "found"),
    [
        ("flux: escape", "dsgen.yaml:1:7: error: expected a map, got 'escape'"),
        ("flux: {substitution: escpe}", "expected one of warn, escape, disable, error, keep, got 'escpe'"),
        ("flux: {substitution: [escape]}", "expected one of warn, escape, disable, error, keep, got a list"),
        ("flux: {substitute: escape}", "unknown key `substitute` under `flux`"),
        ("argocd: {syncWaves: yes}", "expected `true` or `false`, got 'yes'"),
        ("argocd: {waves: true}", "unknown key `waves` under `argocd`"),
    ],
)
def test_keys_that_say_nothing(folder: Path, project: str, found: str) -> None:
    result = run(folder, "x", project)
    assert result.exit_code == 1
    assert found in result.stderr


def test_an_import_is_proved_without_them(folder: Path) -> None:
    objects = run(folder, "${A}").stdout
    (folder / "dsgen.yaml").write_text('kubernetes: "1.37"\nflux: {substitution: escape}\nargocd: {syncWaves: true}\n')
    result = CliRunner().invoke(main, ["import", "-"], input=objects)
    assert (result.exit_code, result.stderr) == (0, "agent: identical\n")


@pytest.mark.parametrize("key", ["flux", "argocd"])
def test_the_examples_of_the_keys(folder: Path, key: str) -> None:
    assert run(folder, "x", KEYS[key][1]).stderr == ""


class TestATextThatIsNothingButAVariable:
    """Flux parses the YAML again after it inserted the value: `8080` is then a number."""

    @pytest.mark.parametrize("text", ["${PORT}", "${PORT:=8080}", "${_a}"])
    def test_it_is_a_warning_if_flux_should_substitute(self, folder: Path, text: str) -> None:
        result = run(folder, text, "flux: {substitution: keep}")
        assert result.exit_code == 0
        assert command(result) == text
        assert result.stderr.count("[ambiguous-flux-variable]") == 1
        assert "agent.yaml:5:20: warning: " in result.stderr
        name = text[2:-1].partition(":")[0]
        assert f"hint: quote the value in the source that Flux reads it from: `{name}: '\"VALUE\"'`" in result.stderr

    @pytest.mark.parametrize("text", ["--port=${PORT}", "${A}${B}", "$PORT", "$${PORT}", "${1}", "$(PORT)", "x"])
    def test_another_text_is_none(self, folder: Path, text: str) -> None:
        assert run(folder, text, "flux: {substitution: keep}").stderr == ""

    @pytest.mark.parametrize("project", ["", "flux: {substitution: escape}", "flux: {substitution: disable}"])
    def test_nor_without_keep(self, folder: Path, project: str) -> None:
        assert "ambiguous-flux-variable" not in run(folder, "${PORT}", project).stderr

    def test_nor_where_flux_is_told_to_leave_it_alone(self, folder: Path) -> None:
        more = f"annotations: {{{SUBSTITUTE}: disabled}}\n"
        assert run(folder, "${PORT}", "flux: {substitution: keep}", more).stderr == ""

    def test_one_warning_an_object(self, folder: Path) -> None:
        more = "podAnnotations: {a: '${A}', b: '${B}'}\n"
        said = run(folder, "${PORT}", "flux: {substitution: keep}", more).stderr
        assert said.count("[ambiguous-flux-variable]") == 1
        assert "and 2 more like it in this object" in said
