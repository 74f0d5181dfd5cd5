"""What policies say of an object, and where."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from dsgen.kubernetes import built_in
from dsgen.kubernetes.manifest import read
from dsgen.kubernetes.policies.policies import Policies
from dsgen.problem import Problem
from dsgen.tree import Map
from tests.kubernetes.definitions import definition
from tests.kubernetes.policies.setups import AGENT, ON_AGENTS, binding, needs_cel, policy, said

pytestmark = needs_cel
POD = "object.spec.template.spec"
HOST_NETWORK = f"!has({POD}.hostNetwork) || !{POD}.hostNetwork"
LIMITS = f"{POD}.containers.all(c, has(c.resources.limits))"


def placed(problems: list[Problem]) -> list[tuple[str, str, int, str]]:
    return [(each.code, each.file, each.line, each.field) for each in problems]


@pytest.mark.parametrize(
    ("actions", "code", "severity", "begins"),
    [
        (("Deny",), "forbidden-by-policy", "error", "ValidatingAdmissionPolicy 'rules' with binding 'all' denied request: no"),
        (("Warn",), "policy-warning", "warning", "Validation failed for ValidatingAdmissionPolicy 'rules' with binding 'all': no"),
        (("Audit",), "policy-audit", "note", "Validation failed for ValidatingAdmissionPolicy 'rules' with binding 'all': no"),
        (("Audit", "Deny"), "forbidden-by-policy", "error", "ValidatingAdmissionPolicy 'rules' with binding 'all' denied request: no"),
    ],
)  # fmt: skip
def test_an_action_decides_how_severe_a_failure_is(
    actions: tuple[str, ...], code: str, severity: str, begins: str
) -> None:
    [found] = said(policy({"expression": HOST_NETWORK, "message": "no"}), binding(*actions))
    assert (found.code, found.severity, found.message) == (code, severity, begins)


def test_a_problem_is_at_the_field_that_the_rule_reads() -> None:
    found = said(policy(HOST_NETWORK, LIMITS), binding())
    assert placed(found) == [
        ("forbidden-by-policy", "agent.yaml", 9, "spec.template.spec.hostNetwork"),
        ("forbidden-by-policy", "agent.yaml", 12, "spec.template.spec.containers[1].resources.limits"),
    ]
    assert "see the rule in policies.yaml:" in found[0].hint


@pytest.mark.parametrize(
    ("expression", "line", "field"),
    [
        # Two fields: what is above both.
        (f"{POD}.hostNetwork == has({POD}.hostPID)", 8, "spec.template.spec"),
        # The name of an item does not say which one is at fault if all are.
        (f"{POD}.containers.all(c, c.name == 'three')", 10, "spec.template.spec.containers"),
        (f"{POD}.containers.exists(c, c.name == 'three')", 10, "spec.template.spec.containers"),
        (f"{POD}.containers.size() == 1", 10, "spec.template.spec.containers"),
        (f"{POD}.containers[0].image == 'x'", 11, "spec.template.spec.containers[0].image"),
        (f"{POD}.containers.all(c, c.image.startsWith('docker.io/'))", 11, "spec.template.spec.containers[0].image"),
        # A filter has the items of its list.
        (f"{POD}.containers.filter(c, has(c.image)).all(c, c.name == 'two')", 11, "spec.template.spec.containers[0]"),
        ("'team' in object.metadata.labels", 3, "metadata.labels"),
        ("object.metadata.?labels['team'].hasValue()", 3, "metadata.labels.team"),
        ("size(request.operation) == 3", 2, ""),
        ("false", 2, ""),
    ],
)
def test_the_nearest_field_is_blamed(expression: str, line: int, field: str) -> None:
    [found] = said(policy(expression), binding())
    assert (found.line, found.field) == (line, field)


def test_what_a_variable_reads_is_read() -> None:
    variables = [
        {"name": "pod", "expression": POD},
        {"name": "host", "expression": "variables.pod.?hostNetwork.orValue(false)"},
    ]
    [found] = said(policy("!variables.host", variables=variables), binding())
    assert (found.line, found.field) == (9, "spec.template.spec.hostNetwork")


def test_a_variable_that_is_not_read_is_not_evaluated() -> None:
    variables = [{"name": "broken", "expression": "object.spec.nothing"}]
    assert said(policy("has(object.spec) || variables.broken", variables=variables), binding()) == []
    [found] = said(policy("variables.broken == 1", variables=variables), binding())
    assert 'composited variable "broken" fails to evaluate: no such key: nothing' in found.message


@pytest.mark.parametrize(
    ("rule", "names"),
    [("variables.b == 1", "ba"), ("variables.c == 1", "cba"), ("variables.d + variables.a == 1", "d")],
)
def test_an_error_names_the_variables_that_it_comes_from(rule: str, names: str) -> None:
    expressions = {"a": "object.spec.x", "b": "variables.a + 1", "c": "variables.b + 1", "d": "object.spec.x + 1"}
    variables = [{"name": name, "expression": expression} for name, expression in expressions.items()]
    [found] = said(policy(rule, variables=variables), binding())
    by = "".join(f'composited variable "{name}" fails to evaluate: ' for name in names)
    assert found.message.endswith(f"'{rule}' resulted in error: {by}no such key: x")


@pytest.mark.parametrize(
    "rule",
    [
        "['x'].all(object, object == 'x' && variables.text == 'agent')",
        "{'x': 1}.all(key, object, variables.text == 'agent')",
        "{'x': 1}.all(object, value, variables.text == 'agent')",
        "[{'text': 'x'}].all(variables, variables.text == 'x')",
        "['x'].all(request, variables.text == 'agent') && object.metadata.name == 'agent'",
    ],
)
def test_a_variable_of_a_loop_may_have_the_name_of_another(rule: str) -> None:
    variables = [{"name": "text", "expression": "object.metadata.name"}]
    assert said(policy(rule, variables=variables), binding()) == []
    assert said(policy("variables.rule", variables=[*variables, {"name": "rule", "expression": rule}]), binding()) == []


def test_what_is_no_plain_data_is_not_evaluated_in_such_a_loop() -> None:
    variables = [{"name": "most", "expression": "quantity('1Gi')"}]
    rule = "['1'].all(object, quantity(object).isLessThan(variables.most))"
    [note] = said(policy(rule, variables=variables), binding())
    assert (note.code, note.field) == ("unvalidated-policy", "spec.validations[0].expression")


def test_a_variable_may_be_a_type() -> None:
    """One that is too long to become part of each expression, too."""
    for name in ("type(object.metadata.name)", f"true ? type(object.metadata.name) : {'false ? int : ' * 30}int"):
        variables = [{"name": "text", "expression": name}]
        assert said(policy("variables.text == string", variables=variables), binding()) == []


def test_a_message_is_computed_or_fixed_or_the_expression() -> None:
    rules: list[Any] = [
        {"expression": "false", "messageExpression": "'in ' + object.metadata.namespace", "message": "fixed"},
        {"expression": "false", "messageExpression": "string(object.nothing)", "message": "fixed"},
        {"expression": "false", "messageExpression": r"'two\nlines'", "message": " fixed "},
        " false ",
    ]
    found = [each.message.rpartition("denied request: ")[2] for each in said(policy(*rules), binding())]
    assert found == ["in monitoring", "fixed", "fixed", "failed expression: false"]


@pytest.mark.parametrize(
    ("failure", "count"), [({}, 1), ({"failurePolicy": "Fail"}, 1), ({"failurePolicy": "Ignore"}, 0)]
)
def test_the_failure_policy_decides_about_an_error(failure: dict[str, str], count: int) -> None:
    found = said(policy("object.spec.nothing == 1", **failure), binding())
    assert len(found) == count
    assert all(each.message.endswith("resulted in error: no such key: nothing") for each in found)
    remedy = "if `nothing` can be missing, test for it in the expression: `has(object.spec.nothing)`; see the rule in policies.yaml:"
    assert all(each.hint.startswith(remedy) for each in found)


def test_a_condition_that_is_false_skips_the_policy() -> None:
    condition = {"name": "agents", "expression": "object.metadata.name == 'other'"}
    assert said(policy("false", matchConditions=[condition]), binding()) == []
    broken = {"name": "broken", "expression": "object.nothing == 1"}
    assert said(policy("false", matchConditions=[broken, condition]), binding()) == []
    [found] = said(policy("false", matchConditions=[broken]), binding())
    assert "no such key: nothing" in found.message


def test_an_annotation_that_fails_refuses_the_object_whatever_the_binding_does() -> None:
    annotations = [{"key": "a", "valueExpression": "string(object.nothing)"}]
    [found] = said(policy(auditAnnotations=annotations), binding("Audit"))
    assert found.code == "forbidden-by-policy"
    assert said(policy(auditAnnotations=annotations, failurePolicy="Ignore"), binding("Audit")) == []


def matching(**more: Any) -> dict[str, Any]:
    return {"resourceRules": [{**ON_AGENTS, **more.pop("rule", {})}], **more}


@pytest.mark.parametrize(
    ("constraints", "matches"),
    [
        (matching(), True),
        (matching(rule={"operations": ["DELETE"]}), False),
        (matching(rule={"operations": ["*"], "apiGroups": ["*"], "apiVersions": ["*"], "resources": ["*"]}), True),
        (matching(rule={"apiVersions": ["v2"]}), False),
        (matching(rule={"resources": ["daemonsets/status"]}), False),
        (matching(rule={"resources": ["daemonsets/*"]}), True),
        (matching(rule={"scope": "Cluster"}), False),
        (matching(rule={"scope": "Namespaced"}), True),
        (matching(rule={"resourceNames": ["other"]}), False),
        (matching(rule={"resourceNames": ["agent"]}), True),
        (matching(excludeResourceRules=[ON_AGENTS]), False),
        (matching(objectSelector={"matchLabels": {"a": "b"}}), False),
        (matching(objectSelector={"matchExpressions": [{"key": "a", "operator": "DoesNotExist"}]}), True),
        (matching(namespaceSelector={"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}), True),
        (matching(namespaceSelector={"matchLabels": {"kubernetes.io/metadata.name": "other"}}), False),
    ],
)
def test_rules_and_selectors_decide_what_matches(constraints: dict[str, Any], matches: bool) -> None:
    assert bool(said(policy("false", matchConstraints=constraints), binding())) == matches
    assert bool(said(policy("false"), binding(matchResources=constraints))) == matches


def test_an_object_that_validation_refuses_is_not_evaluated() -> None:
    found = said(policy("false"), binding(), agent=AGENT.replace("name: one", "name: ONE"))
    assert [each.type for each in found] == ["Invalid"]


def test_policies_are_not_asked_about_policies() -> None:
    every = matching(rule={"apiGroups": ["*"], "resources": ["*"]})
    from tests.kubernetes.policies.setups import own

    assert own(policy("false", matchConstraints=every), binding()) == [
        each for each in own(policy("false", matchConstraints=every), binding()) if "forbidden" not in each.code
    ]


def test_a_secret_of_the_form_is_not_lost() -> None:
    """Expressions see an object as the server writes it: with defaults, without what is empty, quantities in their canonical form."""
    rules = [
        f"{POD}.containers[0].imagePullPolicy == 'IfNotPresent'",
        "object.spec.updateStrategy.rollingUpdate.maxUnavailable == 1",
        f"{POD}.containers[0].resources.limits.cpu == '100m'",
        f"!has({POD}.hostPID)",
        f"{POD}.containers[1].resources == {{}}",
        "object.metadata.generation == 1",
    ]
    text = AGENT.replace("memory: 1Gi", 'cpu: "0.1"').replace("hostNetwork: true", "hostPID: false")
    assert said(policy(*rules), binding(), agent=text) == []


@pytest.mark.parametrize("note", ["short", "1" * 30])
def test_all_fields_of_a_map_count_where_none_is_read(note: str) -> None:
    """With the long number, the library is only handed what is read."""
    labels = "object.spec.selector.matchLabels"
    rules = [f"size({labels}) == 1", f"{labels}.exists(k, true)", f"!{labels}.all(k, v, k != 'app')"]
    text = AGENT.replace("namespace: monitoring", f"namespace: monitoring, annotations: {{note: '{note}'}}")
    assert said(policy(*rules), binding(), agent=text) == []


def test_an_item_is_found_beside_a_map_that_is_counted() -> None:
    [found] = said(policy(f"size(object.spec.selector.matchLabels) == 1 && {LIMITS}"), binding())
    assert found.field == "spec.template.spec.containers[1].resources.limits"


def test_an_expression_may_read_one_item_and_all() -> None:
    assert said(policy(f"{POD}.containers[0].name == 'one' && {POD}.containers.all(c, c.name != '')"), binding()) == []


def test_of_items_in_several_lists_that_of_the_first_list_is_blamed() -> None:
    lists = ("containers", "initContainers", "volumes", "tolerations")
    text = AGENT.replace(
        "hostNetwork: true", "initContainers: [{name: a, image: a}]\n      volumes: [{name: v, emptyDir: {}}]"
    )
    rule = " && ".join(f"{POD}.?{each}.orValue([]).all(i, i.?name.orValue('') == 'one')" for each in reversed(lists))
    [found] = said(policy(rule), binding(), agent=text)
    assert found.field == "spec.template.spec.containers[1].name"


def test_policies_of_a_project_are_validated_once_for_all_profiles(monkeypatch: pytest.MonkeyPatch) -> None:
    validated: list[str] = []
    validate = built_in.validate

    def noted(root: Map, minor: str) -> list[Problem]:
        validated.append(str(root["kind"]))
        return validate(root, minor)

    monkeypatch.setattr(built_in, "validate", noted)
    roots = [each.root for each in read(yaml.safe_dump_all([policy("true"), binding()]), "policies.yaml")]
    project = Policies([lambda kind: roots])
    for name in ("one", "two"):
        agent = read(AGENT.replace("name: agent", f"name: {name}"), "agent.yaml")[0].root
        assert [len(bindings) for _, bindings in project.above([agent]).known("1.37").bound or ()] == [1]
    assert validated == ["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"]


@pytest.mark.parametrize(
    ("number", "expression"),
    [
        ("7.0", "object.spec.number + 1 == 8 && type(object.spec.number) == int"),
        ("7.5", "type(object.spec.number) == double"),
        (str(2**63 - 1), "object.spec.number == 9223372036854775807"),
        # It does not fit into 64 bits with a sign.
        (str(2**63), "object.spec.number / 2.0 == 4611686018427387904.0"),
    ],
)
def test_numbers_of_a_custom_resource_are_those_of_its_json(number: str, expression: str) -> None:
    schema = "{type: object, properties: {spec: {type: object, x-kubernetes-preserve-unknown-fields: true}}}"
    defined = yaml.safe_load(definition(schema))
    on_things = {**ON_AGENTS, "apiGroups": ["example.com"], "resources": ["things"]}
    constraints = {"resourceRules": [on_things]}
    thing = (
        f"apiVersion: example.com/v1\nkind: Thing\nmetadata: {{name: a, namespace: b}}\nspec: {{number: {number}}}\n"
    )
    right, wrong = (policy(each, matchConstraints=constraints) for each in (expression, f"!({expression})"))
    assert said(defined, right, binding(), agent=thing) == []
    assert [each.code for each in said(defined, wrong, binding(), agent=thing)] == ["forbidden-by-policy"]
