"""Rules in CEL: of custom resources, and in the definitions themselves."""

from __future__ import annotations

import sys
from typing import Any

import pytest
import yaml

from dsgen.kubernetes.custom.validate import judge
from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.schema.custom.definition import from_spec
from dsgen.kubernetes.schema.custom.findings import Finding
from dsgen.kubernetes.stream import validate_stream
from dsgen.problem import Problem

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="the library has no wheel for Python 3.10")

SIZES = {"type": "object", "properties": {"least": {"type": "integer"}, "most": {"type": "integer"}}}
PART = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string", "maxLength": 9}, "size": {"type": "integer"}},
}


def definition(spec: dict[str, Any]) -> str:
    schema = {"type": "object", "properties": {"spec": {"type": "object", **spec}}}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    names = {"kind": "Thing", "plural": "things"}
    whole = {"group": "example.com", "names": names, "scope": "Namespaced", "versions": [version]}
    header = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "things.example.com"},
    }
    return yaml.safe_dump({**header, "spec": whole}, sort_keys=False)


def thing(spec: str) -> str:
    return f"apiVersion: example.com/v1\nkind: Thing\nmetadata: {{name: a}}\nspec:\n{spec}"


def found(schema: dict[str, Any], spec: str) -> list[Problem]:
    """Return what is found for a resource, without the definition, which is valid."""
    problems = validate_stream(f"{thing(spec)}\n---\n{definition(schema)}", "a.yaml").problems
    return [each for each in problems if each.code != "ineffective-crd"]


def rules(*stated: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"x-kubernetes-validations": list(stated), **more}


LIMITS = rules(
    {"rule": "self.least <= self.most", "message": "least must not be above most", "fieldPath": ".least"},
    {
        "rule": "!has(self.most) || self.most < 10",
        "messageExpression": "self.most > 10 ? 'most is above 10' : 'most is 10'",
        "reason": "FieldValueForbidden",
    },
    **SIZES,
)


def test_a_rule_is_reported_at_the_field_that_it_names() -> None:
    first, second = found(LIMITS, "  most: 11\n  least: 12")
    assert (first.code, first.line, first.field) == ("invalid-custom-resource", 6, "spec.least")
    assert first.message == "least must not be above most"
    assert (second.line, second.field, second.message) == (4, "spec", "most is above 10")


def test_a_resource_that_fits_its_rules() -> None:
    assert found(LIMITS, "  least: 1\n  most: 2") == []


def test_an_error_of_evaluation_is_one_of_the_resource() -> None:
    (problem,) = found(LIMITS, "  most: 2")
    assert problem.message == "no such key: least evaluating rule: least must not be above most"
    assert problem.hint == "if `least` can be missing, test for it in the expression: `has(self.least)`"


def test_no_rule_is_evaluated_for_an_object_that_lacks_a_field() -> None:
    schema = rules({"rule": "self.size > 1"}, required=["name"], properties=PART["properties"])
    assert [each.code for each in found(schema, "  size: 1")] == ["missing-custom-resource-field"]
    assert [each.code for each in found(schema, "  size: 1\n  name: a")] == ["invalid-custom-resource"]


def test_rules_of_items_and_of_values_of_maps() -> None:
    part = {**PART, **rules({"rule": "self.size < 3"})}
    schema = {
        "properties": {
            "parts": {"type": "array", "maxItems": 9, "items": part},
            "named": {"type": "object", "maxProperties": 9, "additionalProperties": part},
        }
    }
    fields = {
        each.field: each.line
        for each in found(
            schema, "  parts: [{name: a, size: 2},\n    {name: b, size: 3}]\n  named:\n    c.d: {name: c, size: 4}"
        )
    }
    assert fields == {"spec.parts[1]": 6, "spec.named[c.d]": 8}


def changed(schema: dict[str, Any], new: str, old: str) -> list[Finding]:
    defined = from_spec(yaml.safe_load(definition(schema))["spec"])
    trees = [read_first(thing(each)).root for each in (new, old)]
    result = judge(trees[0], defined, defined.versions["v1"], "1.37", trees[1])
    assert not result.unevaluated
    return result.findings


def judged(schema: dict[str, Any], new: str, old: str) -> list[tuple[str, str]]:
    return [(each.type, each.field) for each in changed(schema, new, old)]


def test_rules_with_the_old_value_hold_for_changes() -> None:
    schema = rules({"rule": "self.most >= oldSelf.most"}, **SIZES)
    assert found(schema, "  most: 1") == []
    assert judged(schema, "  most: 1", "  most: 2") == [("Invalid", "spec")]
    assert judged(schema, "  most: 3", "  most: 2") == []


def test_an_optional_old_value() -> None:
    schema = rules({"rule": "oldSelf.hasValue() || self.most < 5", "optionalOldSelf": True}, **SIZES)
    assert len(found(schema, "  most: 5")) == 1
    assert judged(schema, "  most: 6", "  most: 2") == []


def test_a_message_has_the_optional_old_value_too() -> None:
    message = "oldSelf.hasValue() ? 'below the old value' : 'below 5'"
    rule = {"rule": "self.most >= oldSelf.?most.orValue(5)", "messageExpression": message, "optionalOldSelf": True}
    schema = rules(rule, **SIZES)
    assert [each.message for each in found(schema, "  most: 4")] == ["below 5"]
    assert [each.message for each in changed(schema, "  most: 6", "  most: 7")] == ["below the old value"]
    wrong = rules({**rule, "messageExpression": "string(oldSelf.most)"}, **SIZES)
    (problem,) = validate_stream(definition(wrong), "a.yaml").problems
    assert (problem.code, problem.field.rpartition(".")[2]) == ("invalid-expression", "messageExpression")
    assert "no matching overload for 'string' applied to '(optional_type(int))'" in problem.message


def test_one_rule_with_and_without_an_optional_old_value() -> None:
    rule = {"rule": "has(oldSelf.most)"}
    schema = rules({**rule, "message": "changed"}, {**rule, "message": "new", "optionalOldSelf": True}, **SIZES)
    assert [each.message for each in found(schema, "  most: 5")] == ["new"]
    assert changed(schema, "  most: 5", "  most: 4") == []
    assert [each.message for each in changed(schema, "  most: 5", "  least: 1")] == ["changed", "new"]


def test_what_was_wrong_before_may_stay() -> None:
    schema = rules({"rule": "self.most < 5"}, **SIZES)
    assert judged(schema, "  most: 7", "  most: 7") == []
    assert judged(schema, "  most: 8", "  most: 7") == [("Invalid", "spec")]


def test_the_old_item_of_a_list_with_keys() -> None:
    part = {**PART, **rules({"rule": "self.size == oldSelf.size"})}
    schema = {
        "properties": {
            "parts": {
                "type": "array",
                "x-kubernetes-list-type": "map",
                "x-kubernetes-list-map-keys": ["name"],
                "items": part,
            }
        }
    }
    old = "  parts: [{name: a, size: 1}, {name: b, size: 2}]"
    assert judged(schema, "  parts: [{name: b, size: 2}, {name: a, size: 1}, {name: c, size: 9}]", old) == []
    assert judged(schema, "  parts: [{name: b, size: 3}]", old) == [("Invalid", "spec.parts[0]")]


def test_the_order_of_a_set_is_not_known_to_the_library() -> None:
    names = {"type": "array", "maxItems": 9, "x-kubernetes-list-type": "set", "items": {"type": "string"}}
    schema = rules({"rule": "self.a == self.b"}, properties={"a": names, "b": names})
    (note,) = found(schema, "  a: [x, z]\n  b: [z, x]")
    assert (note.code, note.severity, note.line) == ("unvalidated-schema", "note", 4)
    assert note.message.endswith("it compares lists that are sets or maps")


@pytest.mark.parametrize(
    ("schema", "field", "message"),
    [
        (rules({"rule": "self.leest > 1"}, **SIZES), "rule", "undefined field 'leest'"),
        (rules({"rule": "self.least"}, **SIZES), "rule", "cel expression must evaluate to a bool"),
        (
            rules({"rule": "self.least > 1", "messageExpression": "self.least"}, **SIZES),
            "messageExpression",
            "messageExpression must evaluate to a string",
        ),
        (rules({"rule": "self.least > 'a'"}, **SIZES), "rule", "no matching overload for '_>_'"),
        (rules({"rule": "'a'.matches('(')"}, **SIZES), "rule", "invalid matches argument"),
        (
            rules({"rule": "self.least > 1", "optionalOldSelf": True}, **SIZES),
            "optionalOldSelf",
            "may not be set if oldSelf is not used",
        ),
    ],
)
def test_a_definition_whose_expressions_are_wrong(schema: dict[str, Any], field: str, message: str) -> None:
    (problem,) = validate_stream(definition(schema), "a.yaml").problems
    assert problem.code == "invalid-expression"
    assert problem.field.endswith(f"x-kubernetes-validations[0].{field}")
    assert message in problem.message
    assert problem.line is not None
    assert definition(schema).splitlines()[problem.line - 1].strip(" -").startswith(field)


def test_a_rule_in_a_list_cannot_use_the_old_value() -> None:
    schema = {
        "properties": {
            "parts": {"type": "array", "maxItems": 9, "items": {**PART, **rules({"rule": "self.size == oldSelf.size"})}}
        }
    }
    (problem,) = validate_stream(definition(schema), "a.yaml").problems
    assert "oldSelf cannot be used" in problem.message


def test_an_expression_that_may_cost_too_much_is_not_passed() -> None:
    names = {"type": "array", "items": {"type": "string"}}
    schema = rules({"rule": "self.a.all(x, self.a.all(y, x == y || x.contains(y)))"}, properties={"a": names})
    (note,) = validate_stream(definition(schema), "a.yaml").problems
    assert (note.code, note.severity) == ("unvalidated-expression", "note")
    assert "it may cost more than the server allows" in note.message
    small = {**names, "maxItems": 5, "items": {"type": "string", "maxLength": 9}}
    assert validate_stream(definition({**schema, "properties": {"a": small}}), "a.yaml").problems == []


def test_an_evaluation_that_may_cost_too_much_is_not_passed() -> None:
    names = {"type": "array", "items": {"type": "string"}}
    schema = rules(
        {"rule": "self.a.all(x, self.a.all(y, self.a.all(z, x.contains(y + z) || true)))"}, properties={"a": names}
    )
    many = ", ".join(f"n{number}" for number in range(90))
    (note,) = [each for each in found(schema, f"  a: [{many}]") if each.code == "unvalidated-schema"]
    assert "it may cost more than the server allows" in note.message
    assert [each for each in found(schema, "  a: [a, b]") if each.code == "unvalidated-schema"] == []


def webhooks(expression: str) -> str:
    return f"""\
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {{name: a}}
webhooks:
- name: a.example.com
  admissionReviewVersions: [v1]
  sideEffects: None
  clientConfig: {{service: {{name: a, namespace: b, path: /c}}, caBundle: ""}}
  matchConditions:
  - name: a
    expression: {expression}
"""


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("request.userInfo.username != 'a' && authorizer.group('').resource('pods').check('get').allowed()", ""),
        ("object.metadata.name.startsWith('a') && authorizer.requestResource.check('get').allowed()", ""),
        ("request.user == 'a'", "undefined field 'user'"),
        ("'a'", "must evaluate to bool but got string"),
        ("params.a == 1", "undeclared reference to 'params"),
    ],
)
def test_match_conditions_of_webhooks(expression: str, message: str) -> None:
    problems = [each for each in validate_stream(webhooks(f'"{expression}"'), "").problems if "expression" in each.code]
    assert [each.code for each in problems] == ["invalid-expression"] * bool(message)
    assert all(message in each.message and each.line == 11 for each in problems)
