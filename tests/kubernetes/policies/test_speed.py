"""What is found out once for many objects, or of a part of an object only, does not change what policies say."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from dsgen.kubernetes.cel.sizes import measured
from dsgen.kubernetes.lint import Checks
from dsgen.kubernetes.lint.validate_and_lint import validate_and_lint, with_objects
from dsgen.kubernetes.manifest import read
from dsgen.kubernetes.policies.bound import Bound
from dsgen.kubernetes.policies.policies import Policies
from dsgen.kubernetes.policies.prune import kept, wanted
from dsgen.kubernetes.policies.reads import ANY, Read
from dsgen.kubernetes.policies.request import request_of
from dsgen.kubernetes.policies.seen import seen
from tests.kubernetes.policies.setups import AGENT, ON_AGENTS, binding, needs_cel, policy, said

POD = "object.spec.template.spec"


def bound(*objects: dict[str, Any]) -> Bound:
    text = "\n---\n".join(map(yaml.safe_dump, objects))
    found = Policies().above(each.root for each in read(text, "policies.yaml")).known("1.37").bound
    assert found
    return found


@pytest.mark.parametrize(
    ("constraints", "other"),
    [
        ({"objectSelector": {"matchLabels": {"app": "x"}}}, "metadata: {name: agent, namespace: monitoring, labels: {app: x}}"),
        ({"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "x"}}}, "metadata: {name: agent, namespace: x}"),
        ({"resourceRules": [{**ON_AGENTS, "resourceNames": ["x"]}]}, "metadata: {name: x, namespace: monitoring}"),
    ],
)  # fmt: skip
def test_requests_that_differ_in_what_a_policy_selects_by_are_not_alike(
    constraints: dict[str, Any], other: str
) -> None:
    known = bound(policy("false", matchConstraints={"resourceRules": [ON_AGENTS], **constraints}), binding())
    texts = AGENT, AGENT.replace("metadata: {name: agent, namespace: monitoring}", other)
    requests = [request_of(read(text, "a.yaml")[0].root, "1.37", None, lambda name: None) for text in texts]
    assert [len(known.asked(each).policies) for each in requests if each] == [0, 1]


def test_requests_that_are_alike_are_asked_once() -> None:
    known = bound(policy("false"), binding())
    texts = AGENT, AGENT.replace("name: agent", "name: other")
    one, other = (request_of(read(text, "a.yaml")[0].root, "1.37", None, lambda name: None) for text in texts)
    assert one
    assert other
    assert one != other
    assert known.asked(one) is known.asked(other)


def test_what_is_not_read_of_an_object_is_left_out() -> None:
    paths = (("object", "spec", "template", "spec", "containers", ANY, "image"), ("object", "metadata", "labels"))
    parts = kept(wanted([Read(paths[0]), Read(paths[1], shallow=True)])["object"] for _ in range(2))
    form = seen(read(AGENT, "agent.yaml")[0].root, "1.37", None, "monitoring", None, parts)
    assert form
    spec = form.value["spec"]["template"]["spec"]
    assert spec == {"containers": [{"image": "registry.example.com/one:1"}, {"image": "docker.io/two:1"}]}
    assert form.value["metadata"]["name"] == "agent"


@needs_cel
@pytest.mark.parametrize(
    "expression",
    [
        f"{POD}.containers.all(c, c.name != 'two')",
        f"!{POD}.containers.exists(c, c.name == 'two')",
        f"({POD}.?initContainers.orValue([]) + {POD}.containers).all(c, c.name != 'two')",
        # The rule for one item depends on the others.
        f"{POD}.containers.all(c, c.name != 'two' || {POD}.containers.exists(d, d.name == 'three'))",
        # An error is not the rule of another item.
        f"{POD}.containers.all(c, has(c.resources.limits))",
    ],
)
def test_the_item_at_fault_is_found(expression: str) -> None:
    [found] = said(policy(expression), binding())
    assert "spec.template.spec.containers[1]" in found.field


@needs_cel
def test_a_rule_after_one_that_is_false_is_evaluated() -> None:
    rules = (f"{POD}.hostNetwork == true", "false", "1 / 0 == 1", f"{POD}.containers.size() == 9")
    assert len(said(policy(*rules), binding())) == 3


@needs_cel
def test_the_same_policies_say_the_same_of_objects_of_any_size() -> None:
    others = yaml.safe_dump_all(
        [policy(f"{POD}.containers.all(c, {POD}.containers.all(d, d.image != c.name))"), binding()]
    )
    checks = with_objects(Checks(), [each.root for each in read(others, "policies.yaml")])
    large = AGENT + "".join(f"        - {{name: c{at}, image: 'x:{'1' * 90}'}}\n" for at in range(300))
    codes = [
        {each.code for each in validate_and_lint(read(text, "a.yaml")[0].root, "1.37", checks)} & {"unvalidated-policy"}
        for text in (AGENT, large, AGENT)
    ]
    assert codes == [set(), {"unvalidated-policy"}, set()]


def test_sizes_of_values() -> None:
    assert measured({"a": ["x" * 9, {}], "bc": 1})[:2] == (9, 2)
    assert measured({"k" * 30: None})[:2] == (30, 1)
    assert not measured({"a": [10**18 - 1, "é"]}).is_odd
    assert measured([10**18]).is_odd
    assert measured([{"\ud800": 1}]).is_odd
