"""What is not known before an object is created is not evaluated, and does not count as admitted."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from dsgen.kubernetes.cel.library import INSTALL
from dsgen.kubernetes.lint import Checks
from dsgen.kubernetes.lint.validate_and_lint import validate_and_lint, with_objects
from dsgen.kubernetes.manifest import read
from tests.kubernetes.policies.setups import AGENT, ON_AGENTS, binding, needs_cel, own, policy, said

SPACE: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Namespace",
    "metadata": {"name": "monitoring", "labels": {"team": "a"}},
}
CONFIG: dict[str, Any] = {"apiVersion": "v1", "kind": "ConfigMap"}


def registry(namespace: str = "default", **labels: str) -> dict[str, Any]:
    metadata = {"name": "registry", "namespace": namespace, **({"labels": labels} if labels else {})}
    return {**CONFIG, "metadata": metadata, "data": {"name": "docker.io/"}}


@needs_cel
@pytest.mark.parametrize(
    ("expression", "what"),
    [
        ("request.userInfo.username == 'x'", "`request.userInfo`"),
        ("has(request.options.fieldManager)", "`request.options`"),
        ("authorizer.group('apps').resource('daemonsets').check('create').allowed()", "`authorizer`"),
        ("authorizer.requestResource.check('create').allowed()", "`authorizer`"),
        ("object.metadata.uid == 'x'", "`object.metadata.uid`"),
        ("object == params || true", None),
        ("size(object.metadata) == 2", None),
        ("namespaceObject.metadata.labels['team'] == 'a'", "`namespaceObject.metadata.labels`"),
        ("has(object.spec) && request.userInfo.username == 'x'", "`request.userInfo`"),
        ("object.status.numberReady == 0", "`object.status`"),
    ],
)
def test_a_rule_that_reads_what_is_unknown_is_not_evaluated(expression: str, what: str | None) -> None:
    parameters = {"paramKind": {**CONFIG}} if "params" in expression else {}
    found = said(policy(expression, **parameters), binding())
    if what is None:
        assert {each.code for each in found} <= {"unvalidated-policy", "forbidden-by-policy"}
        return
    [note] = found
    assert (note.code, note.severity, note.file) == ("unvalidated-policy", "note", "policies.yaml")
    assert what in note.message
    assert note.field == "spec.validations[0].expression"


@needs_cel
@pytest.mark.parametrize("name", ["text", "other"])
def test_a_variable_that_is_not_evaluated_is_not_in_a_rule_that_reads_it(name: str) -> None:
    variables = [
        {"name": "text", "expression": "string(duration('3600s'))"},
        {"name": "other", "expression": "variables.text"},
    ]
    [note] = said(policy(f"variables.{name} == 'x'", variables=variables), binding())
    assert (note.code, note.field) == ("unvalidated-policy", "spec.validations[0].expression")
    assert note.message == "this expression is not evaluated: the text of a duration"


@needs_cel
def test_a_condition_that_is_unknown_leaves_all_unevaluated_unless_another_one_is_false() -> None:
    user = {"name": "user", "expression": "request.userInfo.username == 'x'"}
    [note] = said(policy("false", matchConditions=[user]), binding())
    assert note.code == "unvalidated-policy"
    other = {"name": "other", "expression": "object.metadata.name == 'other'"}
    assert said(policy("false", matchConditions=[user, other]), binding()) == []


@needs_cel
def test_what_is_known_of_a_request_is_known() -> None:
    rules = [
        "request.operation == 'CREATE'",
        "request.kind.kind == 'DaemonSet' && request.resource.resource == 'daemonsets'",
        "request.namespace == 'monitoring' && request.name == 'agent' && !request.dryRun",
        "oldObject == null",
        "object != null",
    ]
    assert said(policy(*rules), binding()) == []


@needs_cel
def test_an_object_without_a_namespace_may_be_in_any() -> None:
    agent = AGENT.replace(", namespace: monitoring", "")
    [note] = said(policy("request.namespace == 'x'"), binding(), agent=agent)
    assert "the object has no `metadata.namespace`" in note.message


@needs_cel
def test_a_namespace_in_view_is_known() -> None:
    rule = "namespaceObject.metadata.labels['team'] == 'b'"
    [found] = said(policy(rule), binding(), SPACE)
    assert found.code == "forbidden-by-policy"
    selecting = {"resourceRules": [ON_AGENTS], "namespaceSelector": {"matchLabels": {"team": "a"}}}
    [found] = said(policy("false", matchConstraints=selecting), binding(), SPACE)
    assert found.code == "forbidden-by-policy"
    [note] = said(policy("false", matchConstraints=selecting), binding())
    assert "Namespace monitoring is not among the objects" in note.message
    selecting["namespaceSelector"] = {"matchLabels": {"team": "b"}}
    assert said(policy("false", matchConstraints=selecting), binding(), SPACE) == []


RULE = "object.spec.template.spec.containers.all(c, c.image.startsWith(params.data.name))"


@needs_cel
@pytest.mark.parametrize(
    ("reference", "objects", "code", "words"),
    [
        ({"name": "registry", "namespace": "default"}, [registry()], "forbidden-by-policy", "failed expression"),
        ({"name": "registry"}, [registry("monitoring")], "forbidden-by-policy", "failed expression"),
        ({"name": "registry"}, [registry("other")], "forbidden-by-policy", "failed to configure binding: no params found for policy binding with `Deny`"),
        ({"name": "registry", "namespace": "default", "parameterNotFoundAction": "Allow"}, [], "unvalidated-policy", "ConfigMap registry is not among the objects"),
        ({"selector": {"matchLabels": {"a": "b"}}, "namespace": "default"}, [registry(a="b")], "forbidden-by-policy", "failed expression"),
        ({"selector": {"matchLabels": {"a": "b"}}, "namespace": "default", "parameterNotFoundAction": "Allow"}, [registry(a="c")], "unvalidated-policy", "a ConfigMap that the selector matches is not among the objects"),
    ],
)  # fmt: skip
def test_parameters(reference: dict[str, Any], objects: list[dict[str, Any]], code: str, words: str) -> None:
    bound = binding(paramRef={"parameterNotFoundAction": "Deny", **reference})
    [found] = said(policy(RULE, paramKind=CONFIG), bound, *objects)
    assert found.code == code
    assert words in found.message


@needs_cel
def test_a_missing_parameter_may_be_in_the_cluster_if_errors_are_ignored() -> None:
    bound = binding(paramRef={"name": "x", "namespace": "default", "parameterNotFoundAction": "Deny"})
    [note] = said(policy(RULE, paramKind=CONFIG, failurePolicy="Ignore"), bound)
    assert (note.code, note.severity) == ("unvalidated-policy", "note")
    assert note.message == "this binding is not evaluated: ConfigMap x is not among the objects"


@needs_cel
@pytest.mark.parametrize(
    "expression", ["has(params.data)", "!has(params.data)", "params.?data.hasValue()", "params.data.x == 'y'"]
)
@pytest.mark.parametrize("failure", ["Fail", "Ignore"])
def test_a_field_of_null_is_not_evaluated(expression: str, failure: str) -> None:
    """The server finds none there, and the library fails."""
    [note] = said(policy(expression, paramKind=CONFIG, failurePolicy=failure), binding())
    assert (note.code, note.field) == ("unvalidated-policy", "spec.validations[0].expression")
    assert note.message.endswith("it reads a field of a value that is not a map")


def test_without_the_extra_one_note_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dsgen.kubernetes.policies.verdict.cel", lambda: None)
    twice = policy("false")
    twice["metadata"] = {"name": "other"}
    bound = binding(policyName="other")
    bound["metadata"] = {"name": "second"}
    found = said(policy("false"), binding(), twice, bound)
    assert len(set(found)) == 1
    assert (found[0].code, found[0].hint) == ("unvalidated-policy", INSTALL)


@needs_cel
@pytest.mark.parametrize(
    ("variable", "expression"),
    [
        ("string(double(object.spec.template.spec.containers.size()) / 0.0)", "variables.it == '+Inf'"),
        ("double(object.spec.template.spec.containers.size()) / 0.0", "string(variables.it) == '+Inf'"),
    ],
)
def test_what_is_not_evaluated_in_a_variable_is_not_where_it_is_read(variable: str, expression: str) -> None:
    [found] = said(policy(expression, variables=[{"name": "it", "expression": variable}]), binding())
    assert found.code == "unvalidated-policy"
    assert found.message.endswith("the text of a number that may be infinite")


@needs_cel
def test_an_expression_that_does_not_compile_is_an_error_of_the_policy() -> None:
    found = own(policy("object.spec ==", "object.metadata.name", "params.x == 1", "request.nothing == 1"), binding())
    errors = [each for each in found if each.code == "invalid-policy-expression"]
    assert [each.field for each in errors] == [f"spec.validations[{at}].expression" for at in range(4)]
    assert "must evaluate to bool but got dyn" in errors[1].message
    assert errors[2].message.startswith("compilation failed: undeclared reference to 'params")
    assert "undefined field 'nothing'" in errors[3].message
    # The server does not have such a policy.
    assert said(policy("object.spec =="), binding()) == []


def faulty(*rules: Any, **spec: Any) -> list[str]:
    """Return the fields of the expressions of a policy that do not compile."""
    return [each.field for each in own(policy(*rules, **spec), binding()) if each.code == "invalid-policy-expression"]


@needs_cel
class TestVariables:
    def test_conditions_read_none(self) -> None:
        variables = [{"name": "a", "expression": "true"}]
        conditions = [{"name": "a", "expression": "variables.a"}]
        assert faulty("variables.a", variables=variables) == []
        assert faulty("true", variables=variables, matchConditions=conditions) == ["spec.matchConditions[0].expression"]

    def test_there_are_none_in_a_policy_without_variables(self) -> None:
        assert faulty("variables == null") == ["spec.validations[0].expression"]
        assert faulty("variables != null", variables=[{"name": "a", "expression": "true"}]) == []

    def test_one_that_expressions_cannot_name(self) -> None:
        wrong = [{"name": "a-b", "expression": "x"}, {"name": "c", "expression": " "}]
        assert faulty("variables.c", variables=wrong) == [
            "spec.variables[0].expression",
            "spec.validations[0].expression",
        ]


@needs_cel
def test_expressions_are_compiled_whatever_else_is_wrong() -> None:
    found = own(policy({"expression": "x", "reason": "no"}), binding())
    assert [each.code for each in found][:2] == ["invalid-validation-reason", "invalid-policy-expression"]


@needs_cel
def test_a_binding_without_a_policy_has_no_effect() -> None:
    [found] = [each for each in own(binding()) if each.severity == "warning"]
    assert (found.code, found.field) == ("unknown-policy", "spec.policyName")
    [found] = [each for each in own(policy("true"), binding(policyName="rule")) if each.code == "unknown-policy"]
    assert found.hint == "did you mean `rules`?"
    assert said(binding()) == []


@needs_cel
def test_a_policy_without_a_binding_has_no_effect() -> None:
    assert [each.code for each in own(policy("true")) if each.severity == "warning"] == ["unused-policy"]
    assert said(policy("false")) == []


@needs_cel
def test_a_policy_without_a_name_of_its_own_has_no_effect() -> None:
    unnamed = policy("false")
    unnamed["metadata"] = {"generateName": "rules-"}
    assert said(unnamed, binding()) == []
    [found] = [each for each in own(unnamed) if each.code == "unused-policy"]
    assert found.message.startswith("ValidatingAdmissionPolicy rules- has no effect: ")
    assert found.hint == "set `metadata.name`"
    mutating = {
        **unnamed,
        "kind": "MutatingAdmissionPolicy",
        "spec": {"matchConstraints": {"resourceRules": [ON_AGENTS]}},
    }
    [note] = said(mutating)
    assert note.message.startswith("MutatingAdmissionPolicy rules- is not applied")


@needs_cel
def test_a_policy_with_unknown_fields_is_not_used() -> None:
    broken = policy("false", validation=[])
    found = said(broken, binding())
    assert [each.code for each in found] == ["invalid-policy"]


def test_mutating_policies_are_named_as_not_applied() -> None:
    mutating = {**policy(), "kind": "MutatingAdmissionPolicy"}
    patch = {"patchType": "JSONPatch", "jsonPatch": {"expression": "[]"}}
    constraints = {"resourceRules": [ON_AGENTS]}
    mutating["spec"] = {"matchConstraints": constraints, "mutations": [patch], "reinvocationPolicy": "Never"}
    assert [each.code for each in said(mutating)] == ["unapplied-policy"]
    assert "unapplied-policy" in [each.code for each in own(mutating)]


@needs_cel
def test_what_is_unknown_is_said_of_each_object_by_itself() -> None:
    documents = [policy("namespaceObject.metadata.labels['team'] == 'a'"), binding()]
    others = read("\n---\n".join(yaml.safe_dump(each) for each in documents), "policies.yaml")
    checks = with_objects(Checks(), [each.root for each in others])
    for name in ("one", "two"):
        agent = read(AGENT.replace("namespace: monitoring", f"namespace: {name}"), "agent.yaml")[0].root
        [note] = validate_and_lint(agent, "1.37", checks)
        assert f"Namespace {name} is not among the objects" in note.message
