"""An object may exist: what policies say of its update is not known, and it does not count as admitted."""

from __future__ import annotations

from typing import Any

import pytest

from dsgen.problem import Problem
from tests.kubernetes.policies.setups import ON_AGENTS, binding, needs_cel, policy, said

pytestmark = needs_cel
POD = "object.spec.template.spec"


def on(*operations: str) -> dict[str, Any]:
    return {"resourceRules": [{**ON_AGENTS, "operations": list(operations)}]}


def asked(*rules: Any, operations: tuple[str, ...] = ("CREATE", "UPDATE"), **spec: Any) -> list[Problem]:
    return said(policy(*rules, matchConstraints=on(*operations), **spec), binding())


@pytest.mark.parametrize(
    "expression",
    [
        "oldObject == null || oldObject.spec == object.spec",
        "has(oldObject.spec) && oldObject.spec.selector == object.spec.selector",
        "oldObject != null",
        f"{POD}.hostNetwork || oldObject.spec == object.spec",
    ],
)
@pytest.mark.parametrize("operations", [("CREATE", "UPDATE"), ("UPDATE",), ("*",)])
def test_a_rule_that_reads_the_old_object_is_not_evaluated(expression: str, operations: tuple[str, ...]) -> None:
    [note] = asked(expression, operations=operations)
    assert (note.code, note.severity, note.field) == ("unvalidated-policy", "note", "spec.validations[0].expression")
    assert "it reads `oldObject`, the object before an update" in note.message


def test_the_old_object_may_be_in_a_variable_or_a_condition() -> None:
    variables = [{"name": "old", "expression": "oldObject"}]
    [note] = asked("variables.old == null", variables=variables)
    assert "`oldObject`" in note.message
    [note] = asked("false", matchConditions=[{"name": "new", "expression": "oldObject == null"}])
    assert note.field == "spec.matchConditions[0].expression"


def test_a_new_object_has_none() -> None:
    assert asked("oldObject == null", operations=("CREATE",)) == []
    [found] = asked("oldObject != null", operations=("CREATE", "DELETE"))
    assert found.code == "forbidden-by-policy"


def test_other_rules_of_such_a_policy_are_evaluated() -> None:
    found = asked("oldObject == null", f"!{POD}.hostNetwork", f"{POD}.hostNetwork == true")
    assert [each.code for each in found] == ["unvalidated-policy", "forbidden-by-policy"]


@pytest.mark.parametrize("operations", [("UPDATE",), ("UPDATE", "DELETE")])
def test_a_policy_about_updates_does_not_refuse_a_new_object(operations: tuple[str, ...]) -> None:
    assert asked(f"{POD}.hostNetwork == true", "request.operation == 'UPDATE'", operations=operations) == []
    [note] = asked({"expression": "false", "message": "fixed"}, operations=operations)
    assert (note.code, note.field) == ("unvalidated-policy", "spec.validations[0].expression")
    assert note.message == (
        "this expression fails for an update of DaemonSet agent, and dsgen cannot determine whether that exists: fixed"
    )


@pytest.mark.parametrize("operations", [("DELETE",), ("CONNECT",), ("DELETE", "CONNECT")])
def test_a_policy_about_other_operations_is_not_asked(operations: tuple[str, ...]) -> None:
    assert asked("false", operations=operations) == []


@pytest.mark.parametrize(
    ("expression", "codes"),
    [
        ("request.operation != 'DELETE'", []),
        ("request.operation in ['CREATE', 'UPDATE']", []),
        ("request.operation == 'CREATE'", ["unvalidated-policy"]),
        ("request.operation == 'UPDATE'", ["forbidden-by-policy"]),
        ("request.operation == 'DELETE'", ["forbidden-by-policy"]),
        (f"request.operation == 'CREATE' || {POD}.hostNetwork", []),
    ],
)
def test_a_rule_may_depend_on_the_operation(expression: str, codes: list[str]) -> None:
    assert [each.code for each in asked(expression)] == codes


def test_a_condition_may_be_one_of_updates() -> None:
    updates = [{"name": "updates", "expression": "request.operation == 'UPDATE'"}]
    [note] = asked("false", matchConditions=updates)
    assert note.message.startswith("this expression fails for an update of DaemonSet agent")
    assert asked("true", matchConditions=updates) == []
    assert "generation" in asked("object.metadata.generation == 1", matchConditions=updates)[0].message


def test_bindings_may_be_about_different_operations() -> None:
    other = binding(matchResources=on("UPDATE"))
    other["metadata"] = {"name": "updates"}
    both = policy("false", matchConstraints=on("CREATE", "UPDATE"))
    assert [each.code for each in said(both, binding(matchResources=on("CREATE")))] == ["forbidden-by-policy"]
    assert [each.code for each in said(both, other)] == ["unvalidated-policy"]
    found = said(both, binding(), other)
    assert [each.code for each in found] == ["forbidden-by-policy", "unvalidated-policy"]


def test_a_parameter_that_an_update_needs_is_not_missed() -> None:
    needed = {"name": "missing", "namespace": "default", "parameterNotFoundAction": "Deny"}
    config = {"apiVersion": "v1", "kind": "ConfigMap"}
    asking = policy("params.data.x == 'y'", paramKind=config, matchConstraints=on("UPDATE"))
    [note] = said(asking, binding(paramRef=needed))
    assert (note.code, note.field) == ("unvalidated-policy", "")
    assert "no params found" in note.message


def test_pods_of_an_agent_are_created() -> None:
    pods = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["UPDATE"], "resources": ["pods"]}
    assert said(policy("false", matchConstraints={"resourceRules": [pods]}), binding()) == []
