from __future__ import annotations

import pytest

from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.validate import validate_update
from dsgen.kubernetes.validation import update
from tests.kubernetes.manifests import daemonset, untested

DELETED = "name: agent, deletionTimestamp: '2026-01-01T00:00:00Z', deletionGracePeriodSeconds: 5"
GENERATION = "name: agent, annotations: {deprecated.daemonset.template.generation: '-1'}"
LAST = "name: agent, generation: 9223372036854775807"
MORE = "{matchLabels: {app: agent}, matchExpressions: [{key: app, operator: Exists}]}"


def said(old: str, new: str) -> set[str]:
    problems = validate_update(read_first(old).root, read_first(new).root)
    return {f"{each.code} {each.type} {each.field}".strip() for each in problems}


CASES = [
    pytest.param("", daemonset(), daemonset(pod="hostNetwork: true"), "", id="the template may change"),
    pytest.param("", daemonset(), daemonset(spec="updateStrategy: {type: OnDelete}"), "", id="the strategy may change"),
    pytest.param("changed-name", daemonset(), daemonset("name: other"), "Invalid metadata.name", id="another name"),
    pytest.param("changed-name", daemonset(), daemonset("name: agent, namespace: a"), "Invalid metadata.namespace", id="another namespace"),
    pytest.param("", daemonset(), daemonset("name: agent, namespace: default"), "", id="the default namespace"),
    pytest.param("changed-selector", daemonset(), daemonset(selector=MORE), "Invalid spec.selector", id="another selector"),
    pytest.param("", daemonset(), daemonset(selector="{matchLabels: {app: agent}, matchExpressions: []}"), "", id="the same selector"),
    pytest.param("changed-deletion", daemonset(), daemonset(DELETED.rpartition(",")[0]), "Invalid metadata.deletionTimestamp", id="deleted"),
    pytest.param("changed-deletion", daemonset(DELETED), daemonset(DELETED.replace("5", "6")), "Invalid metadata.deletionGracePeriodSeconds", id="grace"),
    pytest.param("", daemonset(DELETED), daemonset(), "", id="a removed deletion is undone"),
    pytest.param("forbidden-finalizer", daemonset(DELETED), daemonset("name: agent, finalizers: [a.b/c]"), "Forbidden metadata.finalizers", id="finalizer"),
    pytest.param("", daemonset(), daemonset("name: agent, finalizers: [a.b/c]"), "", id="a finalizer in time"),
    pytest.param("out-of-range-template-generation", daemonset(GENERATION), daemonset(), "Invalid spec.templateGeneration", id="generation"),
    pytest.param("", daemonset(GENERATION), daemonset(pod="hostNetwork: true"), "", id="a generation that counts up to 0"),
    pytest.param("out-of-range-next-generation", daemonset("name: agent, generation: -1"), daemonset(), "Invalid metadata.generation", id="negative"),
    pytest.param("out-of-range-next-generation", daemonset(LAST), daemonset(pod="hostPID: true"), "Invalid metadata.generation", id="overlong"),
    pytest.param("", daemonset(LAST), daemonset(), "", id="the last generation, unchanged"),
    pytest.param("missing-object-name", daemonset("generateName: a"), daemonset("generateName: a"), "Required metadata.name", id="generateName"),
]  # fmt: skip


# What the annotation of the template generation may not contain.
NO_NUMBERS = ["", "x", "1_0", "²", " 1", "9223372036854775808"]


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_a_template_generation_that_is_not_a_number(text: str) -> None:
    """No server stores an old object like that. It is validated like one without a generation; a new one is rejected."""
    faulty = daemonset(GENERATION.replace("-1", text))
    field = "metadata.annotations.deprecated.daemonset.template.generation"
    assert said(faulty, daemonset(pod="hostNetwork: true")) == set()
    assert {each.split()[0] for each in said(daemonset(), faulty)} == {"invalid-template-generation"}
    assert said(daemonset(), faulty) == {f"invalid-template-generation  {field}"}


@pytest.mark.parametrize(("code", "old", "new", "says"), CASES)
def test_update(code: str, old: str, new: str, says: str) -> None:
    assert said(old, new) == ({f"{code} {says}"} if code else set())


def test_every_rule_has_a_case() -> None:
    assert untested(CASES, update) == set()


@pytest.mark.parametrize(
    "excused",
    [
        daemonset(template="labels: {app: agent}, annotations: {controller.kubernetes.io/pod-deletion-cost: x}"),
        daemonset(pod="overhead: {hugepages-2Mi: 3Mi, cpu: 1}"),
        daemonset(pod="hostUsers: false, hostNetwork: true"),
        daemonset(pod="hostNetwork: true, securityContext: {sysctls: [{name: net.a, value: b}]}"),
        daemonset(selector="{matchExpressions: [{key: a, operator: NotIn, values: [-]}]}"),
    ],
)
def test_what_the_old_object_has_already_is_excused(excused: str) -> None:
    assert said(excused, excused) == set()
    assert (
        said(daemonset(selector=excused.split("selector: ")[1].split("\n")[0]), excused) != set() or "NotIn" in excused
    )


def test_warnings_come_only_when_the_template_changes() -> None:
    old = daemonset(pod="terminationGracePeriodSeconds: -1")
    assert said(old, old) == set()
    assert said(daemonset(), old) == {
        "out-of-range-termination-grace-period Warning spec.template.spec.terminationGracePeriodSeconds"
    }


NAMED = "{apiVersion: VERSION, kind: KIND, metadata: {name: A_b}EXTRA}"
POLICY = ", spec: {podSelector: {}}"


@pytest.mark.parametrize(
    ("version", "kind", "extra", "minor", "takes"),
    [
        ("v1", "ConfigMap", "", "1.37", False),
        ("networking.k8s.io/v1", "NetworkPolicy", POLICY, "1.35", False),
        ("networking.k8s.io/v1", "NetworkPolicy", POLICY, "1.36", True),
        ("scheduling.k8s.io/v1", "PriorityClass", ", value: 1", "1.33", True),
    ],
)
def test_a_name_that_an_older_server_took(version: str, kind: str, extra: str, minor: str, takes: bool) -> None:
    root = read_first(NAMED.replace("VERSION", version).replace("KIND", kind).replace("EXTRA", extra)).root
    codes = {problem.code for problem in validate_update(root, root, minor)}
    assert codes == (set() if takes else {"invalid-object-name"})
