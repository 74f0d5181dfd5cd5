"""The key `policies` of dsgen.yaml and of environments, through every command that validates."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from dsgen import api
from dsgen.cli import main
from dsgen.cli.kustomize import command as kustomize
from dsgen.problem import Problem, ProblemError
from dsgen.project.project import find_project
from tests.kubernetes.policies.setups import AGENT, binding, needs_cel, policy

HOST_NETWORK = "!object.spec.template.spec.?hostNetwork.orValue(false)"
PROFILE = "name: agent\nhostNetwork: true\ncontainers: {agent: {image: example.com/agent:1}}\n"
CODE = "forbidden-by-policy"


def text(*objects: object) -> str:
    return "\n---\n".join(yaml.safe_dump(each, sort_keys=False) for each in objects)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "profiles").mkdir()
    (tmp_path / "policies").mkdir()
    (tmp_path / "dsgen.yaml").write_text('kubernetes: "1.37"\npolicies: [policies]\n')
    (tmp_path / "profiles/agent.yaml").write_text(PROFILE)
    (tmp_path / "policies/rules.yaml").write_text(text(policy(HOST_NETWORK), binding()))
    return tmp_path


def run(*arguments: str, input: str | None = None) -> Result:
    return CliRunner().invoke(main, arguments, input=input)


@needs_cel
def test_a_profile_that_a_policy_refuses_is_not_written(project: Path) -> None:
    for arguments in (("validate",), ("generate",), ("generate", "-o", "-")):
        done = run(*arguments)
        assert done.exit_code == 1
        assert (
            "profiles/agent.yaml:2:14: error: spec.template.spec.hostNetwork: ValidatingAdmissionPolicy 'rules'"
            in done.stderr
        )
    assert not list(project.glob("out/agent/*"))
    (project / "profiles/agent.yaml").write_text(PROFILE.replace("true", "false"))
    assert run("validate").exit_code == 0
    assert run("generate").exit_code == 0


@needs_cel
def test_manifests_are_evaluated_by_policies_of_the_project_and_beside_them(project: Path) -> None:
    (project / "agent.yaml").write_text(AGENT)
    assert "agent.yaml:9:20: error: " in run("validate", "agent.yaml").stderr
    (project / "dsgen.yaml").write_text("")
    assert run("validate", "agent.yaml").exit_code == 0
    assert f"[{CODE}]" in run("validate", "agent.yaml", "policies").stderr
    assert f"[{CODE}]" in run("validate", "-", input=f"{AGENT}---\n{text(policy(HOST_NETWORK), binding())}").stderr
    assert [each.code for each in api.validate_manifest(f"{AGENT}---\n{text(policy(HOST_NETWORK), binding())}")].count(
        CODE
    ) == 1


@needs_cel
def test_the_function_of_kustomize_evaluates_them(project: Path) -> None:
    item = yaml.safe_load(AGENT)
    given = {"apiVersion": "config.kubernetes.io/v1", "kind": "ResourceList", "items": [item]}
    done = CliRunner().invoke(kustomize, [], input=yaml.safe_dump(given))
    assert (done.exit_code, CODE in done.stdout) == (1, True)


@needs_cel
def test_the_python_api_evaluates_them(project: Path) -> None:
    profile = api.load(project / "profiles/agent.yaml")
    assert CODE in [each.code for each in api.validate(profile)]
    with pytest.raises(ProblemError):
        api.render(profile)


@needs_cel
def test_diff_treats_what_is_refused_as_absent(project: Path) -> None:
    assert f"[{CODE}]" in run("diff", "profiles", "profiles").stderr


@needs_cel
def test_a_cached_result_depends_on_the_policies(project: Path) -> None:
    (project / "policies/rules.yaml").write_text(text(policy("true"), binding()))
    assert run("generate").exit_code == 0
    (project / "policies/rules.yaml").write_text(text(policy("false"), binding()))
    assert run("generate").exit_code == 1


@needs_cel
def test_an_environment_adds_policies_and_overrides_those_of_the_same_name(project: Path) -> None:
    (project / "environments").mkdir()
    (project / "strict").mkdir()
    other = policy("object.metadata.name == 'x'")
    other["metadata"] = {"name": "other"}
    bound = binding(policyName="other")
    bound["metadata"] = {"name": "other"}
    (project / "strict/other.yaml").write_text(text(policy("true"), other, bound))
    (project / "environments/lax.yaml").write_text("")
    (project / "environments/prod.yaml").write_text("policies: [strict]\n")
    lax, prod = run("validate", "-e", "lax").stderr, run("validate", "-e", "prod").stderr
    assert ("hostNetwork" in lax, "policy 'other'" in lax.replace("Policy", "policy")) == (True, False)
    assert ("hostNetwork: Validating" in prod, "Policy 'other'" in prod) == (False, True)


@needs_cel
def test_a_namespace_of_a_profile_is_in_view(project: Path) -> None:
    (project / "policies/rules.yaml").write_text(
        text(policy("namespaceObject.metadata.labels['team'] == 'b'"), binding())
    )
    (project / "profiles/agent.yaml").write_text(
        PROFILE + "namespace: {name: agents, create: true, labels: {team: a}}\n"
    )
    found = run("validate").stderr
    assert (f"[{CODE}]" in found, "unvalidated-policy" in found) == (True, False)


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ("policies: [nowhere]", "no such file or folder `nowhere`"),
        ('policies: ["nowhere/*.yaml"]', "`nowhere/*.yaml` matches no file"),
        ("policies: [{a: b}]", "expected a path"),
        ("policies: [../elsewhere]", "`../elsewhere` "),
        ("policy: [x]", "did you mean `policies`?"),
    ],
)
def test_errors_of_the_key(project: Path, stated: str, words: str) -> None:
    (project / "dsgen.yaml").write_text(f"{stated}\n")
    done = run("validate")
    assert done.exit_code == 1
    assert words in done.stderr


def test_what_is_wrong_with_the_files_is_reported(project: Path) -> None:
    (project / "policies/rules.yaml").write_text("kind: ValidatingAdmissionPolicy\na: [\n")
    done = run("validate")
    assert done.exit_code == 1
    assert "policies/rules.yaml:2:" in done.stderr


@needs_cel
def test_what_is_wrong_with_the_policies_is_reported_once(project: Path) -> None:
    (project / "profiles/other.yaml").write_text(PROFILE.replace("agent", "other", 1))
    (project / "policies/rules.yaml").write_text(
        text(policy("object ==", "request.x == 1"), binding(policyName="none"))
    )
    found = run("validate").stderr
    assert [found.count(f"[{code}]") for code in ("invalid-policy-expression", "unknown-policy", "unused-policy")] == [
        2,
        1,
        1,
    ]


@needs_cel
def test_a_note_about_a_policy_is_shown_once_for_all_objects(project: Path) -> None:
    (project / "profiles/other.yaml").write_text(PROFILE.replace("agent", "other", 1))
    (project / "policies/rules.yaml").write_text(text(policy("request.userInfo.username == 'x'"), binding()))
    done = run("validate")
    assert (done.exit_code, done.stderr.count("[unvalidated-policy]")) == (0, 1)


def test_a_project_without_policies_does_not_load_them() -> None:
    project, problems = find_project(Path(__file__).parent)
    assert (project.policies, [each for each in problems if isinstance(each, Problem) and each.path == "policies"]) == (
        (),
        [],
    )
