"""What is not evaluated is reported as text too, and never counts as validated in full."""

from __future__ import annotations

from pathlib import Path

import pytest

from dsgen.kubernetes.cel import expression, library
from dsgen.kubernetes.cel.library import MISSING
from dsgen.kubernetes.policies import verdict
from tests.cli.test_commands import Run, folder, run
from tests.kubernetes.definitions import definition
from tests.kubernetes.policies.setups import needs_cel

__all__ = ["folder", "run"]

SCHEMA = """{type: object, properties: {spec: {type: object,
        x-kubernetes-validations: [{rule: "self.zone.find('a') == 'a'"}, {rule: "self.zone.find('b') == ''"}],
        properties: {zone: {type: string}}}}}"""
THING = "---\napiVersion: example.com/v1\nkind: Thing\nmetadata: {name: NAME, namespace: b}\nspec: {zone: a}\n"
POLICY = """\
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: rules}
spec:
  matchConstraints: {resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [daemonsets]}]}
  validations:
  - expression: request.userInfo.username != 'x'
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: rules}
spec: {policyName: rules, validationActions: [Deny]}
"""


def validated(run: Run, *args: str) -> str:
    result = run("validate", *args)
    return f"{result.stdout}{result.stderr}"


@needs_cel
@pytest.mark.usefixtures("folder")
def test_rules_that_are_not_evaluated_have_a_line_for_each_reason(run: Run) -> None:
    text = definition(SCHEMA) + "".join(THING.replace("NAME", name) for name in ("one", "two"))
    Path("things.yaml").write_text(text)
    said = validated(run, "things.yaml")
    of_definition, line = (line for line in said.splitlines() if line.startswith("note: "))
    assert of_definition.endswith("[unvalidated-expression]")
    assert (
        line == "note: not evaluated (CEL): the function `find` (things.yaml:20, things.yaml:25) [unvalidated-schema]"
    )
    assert "3 objects validated only in part (CustomResourceDefinition, Thing)" in said
    assert line in validated(run, "--quiet", "things.yaml")


@needs_cel
@pytest.mark.usefixtures("folder")
def test_an_object_of_a_profile_that_a_policy_does_not_see_whole_counts_as_one_in_part(run: Run) -> None:
    Path("policies").mkdir()
    Path("policies/rules.yaml").write_text(POLICY)
    Path("dsgen.yaml").write_text('kubernetes: "1.37"\npolicies: [policies]\n')
    Path("profiles").mkdir(exist_ok=True)
    Path("profiles/agent.yaml").write_text("name: agent\ncontainers: {agent: {image: 'example.com/agent:1'}}\n")
    assert "1 object validated only in part (DaemonSet)" in validated(run, "profiles/agent.yaml")
    Path("policies/rules.yaml").write_text(POLICY.replace("request.userInfo.username", "object.metadata.name"))
    assert "in part" not in validated(run, "profiles/agent.yaml")


@needs_cel
@pytest.mark.usefixtures("folder")
def test_without_the_library_each_is_reported_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (verdict, library, expression):
        monkeypatch.setattr(module, "cel", lambda: None)
    Path("policies").mkdir()
    Path("policies/rules.yaml").write_text(POLICY)
    Path("dsgen.yaml").write_text('kubernetes: "1.37"\npolicies: [policies]\n')
    Path("profiles").mkdir(exist_ok=True)
    Path("profiles/agent.yaml").write_text("name: agent\ncontainers: {agent: {image: 'example.com/agent:1'}}\n")
    said = validated(run, "profiles/agent.yaml")
    assert said.count("policies are not evaluated, because the library") == 1
    assert "1 object validated only in part (DaemonSet)" in said
    Path("things.yaml").write_text(definition(SCHEMA) + THING.replace("NAME", "one"))
    assert f"note: not evaluated (CEL): {MISSING.reason}" in validated(run, "things.yaml")


@needs_cel
@pytest.mark.usefixtures("folder")
def test_a_policy_says_nothing_of_kinds_of_other_groups_that_are_not_known(run: Run) -> None:
    other = "---\napiVersion: GROUP/v1\nkind: Other\nmetadata: {name: a, namespace: b}\n"
    Path("all.yaml").write_text(POLICY + other.replace("GROUP", "example.org"))
    assert "its resource is not known" not in validated(run, "all.yaml")
    Path("all.yaml").write_text(POLICY.replace("[apps]", "['*']") + other.replace("GROUP", "example.org"))
    assert "objects of Other of example.org/v1 are not evaluated: its resource is not known" in validated(
        run, "all.yaml"
    )
