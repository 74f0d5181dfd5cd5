"""Definitions and policies that are bad as a whole: not structural, twice, very large, too costly, without the version or the parameters."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_commands import Run, folder, run
from tests.kubernetes.definitions import definition
from tests.kubernetes.policies.setups import needs_cel

__all__ = ["folder", "run"]

STRUCTURAL = "{type: object, properties: {spec: {type: object, properties: {size: {type: integer, minimum: 1}}}}}"
STRICTER = STRUCTURAL.replace("minimum: 1", "minimum: 5")
NOT_STRUCTURAL = "{type: object, properties: {spec: {type: object, anyOf: [{properties: {size: {type: integer}}}]}}}"
PERMUTED = "self.spec.names.all(a, self.spec.names.all(b, self.spec.names.all(c, a != b + c)))"
COSTLY = f"""{{type: object, x-kubernetes-validations: [{{rule: "{PERMUTED}"}}],
        properties: {{spec: {{type: object, properties: {{names: {{type: array, items: {{type: string}}}}}}}}}}}}"""
POLICY = """\
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: rules}
spec:
  paramKind: {apiVersion: v1, kind: ConfigMap}
  matchConstraints: {resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [secrets]}]}
  validations:
  - expression: EXPRESSION
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: rules}
spec:
  policyName: rules
  validationActions: [Deny]
"""
SECRET = "---\napiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: b}\n"


def thing(spec: str, version: str = "v1") -> str:
    return f"---\napiVersion: example.com/{version}\nkind: Thing\nmetadata: {{name: a}}\nspec: {spec}\n"


def validated(run: Run, text: str, *options: str) -> tuple[int, str]:
    """Return the exit code and all output of `dsgen validate` for a file."""
    Path("a.yaml").write_text(text, encoding="utf-8")
    done = run("validate", "a.yaml", *options)
    assert "Traceback" not in done.output
    return done.exit_code, done.output


@pytest.mark.usefixtures("folder")
def test_a_schema_that_is_not_structural_is_refused_and_not_used(run: Run) -> None:
    code, said = validated(run, definition(NOT_STRUCTURAL) + thing("{size: a}"))
    assert code == 1
    assert "a.yaml:13:108: error: " in said
    assert "[misplaced-schema-structure]" in said
    assert "a.yaml:16:7: warning: Thing of example.com/v1 is not validated" in said
    assert "skipped 1 object of other kinds (Thing)" in said


@pytest.mark.usefixtures("folder")
def test_a_version_that_the_definition_lacks(run: Run) -> None:
    code, said = validated(run, definition(STRUCTURAL) + thing("{size: 1}", "v2"))
    assert code == 1
    assert "has no version `v2` [unknown-kind]" in said
    assert "hint: write `apiVersion: example.com/v1`" in said


@pytest.mark.usefixtures("folder")
def test_two_definitions_of_one_name_in_one_input(run: Run) -> None:
    code, said = validated(run, f"{definition(STRUCTURAL)}---\n{definition(STRICTER)}{thing('{size: 3}')}")
    assert code == 0
    assert "a.yaml:17:18: warning: duplicate manifest of CustomResourceDefinition things.example.com" in said
    assert "its CustomResourceDefinition is defined twice, with differences (a.yaml:1:1 and a.yaml:15:1)" in said
    assert "hint: remove one of the two CustomResourceDefinitions" in said
    assert "skipped 1 object of other kinds (Thing)" in said


@pytest.mark.usefixtures("folder")
def test_of_two_definitions_of_one_name_that_in_the_input_counts(run: Run) -> None:
    Path("dsgen.yaml").write_text('kubernetes: "1.37"\nprofiles: []\ncrds: [crds/a.yaml]\n', encoding="utf-8")
    Path("crds").mkdir()
    Path("crds", "a.yaml").write_text(definition(STRUCTURAL), encoding="utf-8")
    code, said = validated(run, definition(STRICTER) + thing("{size: 3}"))
    assert (code, "spec.size: Invalid: must be at least 5, got 3" in said) == (1, True)
    code, said = validated(run, thing("{size: 0}").removeprefix("---\n"))
    assert (code, "spec.size: Invalid: must be at least 1, got 0" in said) == (1, True)
    assert validated(run, thing("{size: 3}").removeprefix("---\n"))[0] == 0


@pytest.mark.usefixtures("folder")
def test_a_definition_of_five_mebibytes(run: Run) -> None:
    fields = ", ".join(f"f{number}: {{type: string, description: {'a' * 4_100}}}" for number in range(1_280))
    text = definition(f"{{type: object, properties: {{spec: {{type: object, properties: {{{fields}}}}}}}}}")
    assert len(text) > 5 * 2**20
    code, said = validated(run, text + thing("{f7: 1}"))
    assert (code, "spec.f7: TypeInvalid: must be a string, got the number 1" in said) == (1, True)


@needs_cel
@pytest.mark.usefixtures("folder")
def test_a_rule_of_a_definition_that_costs_too_much(run: Run) -> None:
    code, said = validated(run, definition(COSTLY))
    assert code == 0
    assert "1 object validated only in part (CustomResourceDefinition)" in said
    (problem,) = json.loads(validated(run, definition(COSTLY), "--format", "json")[1])["problems"]
    assert (problem["code"], problem["line"]) == ("unvalidated-expression", 13)
    assert "it may cost more than the server allows; set `maxItems`" in problem["message"]
    sized = COSTLY.replace("items: {type: string}", "maxItems: 4, items: {type: string, maxLength: 5}")
    assert "in part" not in validated(run, definition(sized))[1]


@needs_cel
@pytest.mark.usefixtures("folder")
def test_an_expression_of_a_policy_that_costs_too_much(run: Run) -> None:
    expression = "\"object.data.all(a, object.data.all(b, object.data.all(c, a + b + c != 'x')))\""
    policy = POLICY.replace("EXPRESSION", expression).replace("  paramKind: {apiVersion: v1, kind: ConfigMap}\n", "")
    for count, in_part in ((150, True), (3, False)):
        data = "data: {" + ", ".join(f"n{number}: YQ==" for number in range(count)) + "}\n"
        code, said = validated(run, f"{policy}{SECRET}{data}")
        assert code == 0
        assert ("this expression is not evaluated: it may cost more than the server allows" in said) == in_part
        assert ("Secret" in said) == in_part


@needs_cel
@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("action", "code", "words"),
    [
        (
            ", parameterNotFoundAction: Deny",
            1,
            "no params found for policy binding with `Deny` parameterNotFoundAction",
        ),
        (
            ", parameterNotFoundAction: Allow",
            0,
            "this binding is not evaluated: ConfigMap missing is not among the objects",
        ),
    ],
)
def test_parameters_that_are_missing(run: Run, action: str, code: int, words: str) -> None:
    policy = POLICY.replace("EXPRESSION", "params.data.a == object.metadata.name")
    binding = f"{policy}  paramRef: {{name: missing, namespace: b{action}}}\n"
    found, said = validated(run, binding + SECRET)
    assert found == code
    assert words in said
    given = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: missing, namespace: b}\ndata: {a: a}\n"
    assert words not in validated(run, binding + SECRET + given)[1]


@needs_cel
@pytest.mark.usefixtures("folder")
def test_parameters_without_an_action_are_refused(run: Run) -> None:
    policy = POLICY.replace("EXPRESSION", "params.data.a == object.metadata.name")
    found, said = validated(run, f"{policy}  paramRef: {{name: missing, namespace: b}}\n{SECRET}")
    assert (found, "[missing-parameter-not-found-action]" in said) == (1, True)
