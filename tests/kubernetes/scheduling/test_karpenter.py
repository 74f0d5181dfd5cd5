"""Karpenter reserves what its own code says, on recorded cases; and alternatives become a single term that means the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.karpenter.__main__ import differences, ours, recorded
from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.scheduling import karpenter, requirement_values
from dsgen.kubernetes.scheduling.karpenter import Counted, Karpenter
from dsgen.kubernetes.scheduling.node_selection import Requirement, Selection, Term
from dsgen.kubernetes.scheduling.placement import InstanceType, Taint
from dsgen.kubernetes.scheduling.pod_requests import template_requests
from dsgen.kubernetes.scheduling.requirement_values import LabelValues, allowed
from dsgen.kubernetes.scheduling.single_term import single_term
from dsgen.kubernetes.schema.quantity import MAX_INT64, MIN_INT64, parse
from dsgen.tree import Map

ARCH = "kubernetes.io/arch"


def test_agrees_with_karpenter() -> None:
    assert not differences(recorded())


def test_the_record_asks_much() -> None:
    answers = [amounts for case in recorded() for amounts in case[2]]
    assert len(answers) >= 5_000
    assert 0.2 < sum(map(bool, answers)) / len(answers) < 0.8
    assert sum(map(bool, (risks for world, agents, _ in recorded() for risks in ours(world, agents)[1]))) >= 5


@pytest.mark.parametrize("name", sorted(karpenter.WELL_KNOWN & {ARCH, "kubernetes.io/os", "karpenter.sh/nodepool"}))
def test_labels_that_a_pool_need_not_set(name: str) -> None:
    assert not counted(f"nodeSelector: {{{name}: x}}", [InstanceType("x", "a")]).reasons[0][0]


@pytest.mark.parametrize("name", ["STARTED_LABELS", "NORMALIZED"])
def test_the_record_misses_each_list_of_labels(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(karpenter, name, {})
    assert differences(recorded())


def test_the_record_misses_that_pods_with_claims_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(karpenter, "uses_claims", lambda pod: False)
    assert differences(recorded())


def test_the_record_misses_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requirement_values, "_within", lambda *_: True)
    assert differences(recorded())


def counted(pod: str, types: list[InstanceType]) -> Counted:
    root = read_first(f"{{{pod}}}").root
    assert isinstance(root, Map)
    return Karpenter(types).count(root)


def of_arch(*names: str, **fields: tuple[Taint, ...]) -> list[InstanceType]:
    return [InstanceType("p", f"{name}-{index}", {}, {ARCH: (name,)}, **fields) for index, name in enumerate(names)]  # type: ignore[arg-type]


def alternatives(*terms: str) -> str:
    stated = ", ".join(f"{{matchExpressions: [{{{term}}}]}}" for term in terms)
    return f"affinity: {{nodeAffinity: {{requiredDuringSchedulingIgnoredDuringExecution: {{nodeSelectorTerms: [{stated}]}}}}}}"


def in_(value: str) -> str:
    return f"key: {ARCH}, operator: In, values: [{value}]"


def test_an_alternative_that_fails_is_dropped_for_the_types_that_follow() -> None:
    pod = alternatives(in_("amd64"), in_("arm64"))
    found = counted(pod, of_arch("amd64", "arm64", "amd64", "s390x"))
    assert [bool(reason) for reason, _ in found.reasons] == [False, False, True, True]
    assert "it has dropped the alternative" in found.reasons[2][0]
    assert found.reasons[3][0] == f"the label {ARCH} of the instance type does not match"
    assert found.at_risk == [0, 2]


def test_the_order_does_not_matter_if_no_alternative_fails_before_it_is_needed() -> None:
    pod = alternatives(in_("amd64"), in_("arm64"))
    assert counted(pod, of_arch("amd64", "amd64")).at_risk == []
    assert counted(pod, of_arch("arm64", "arm64")).at_risk == []
    # Neither holds for this type, so only the last alternative is left.
    assert counted(pod, of_arch("amd64", "s390x")).at_risk == [0]
    assert counted(alternatives(in_("amd64, arm64")), of_arch("arm64", "amd64", "s390x")).at_risk == []
    # A type whose taint is not tolerated does not get as far.
    tainted = of_arch("arm64", taints=(Taint("a", "", "NoSchedule"),))
    assert counted(pod, [*of_arch("amd64"), *tainted]).at_risk == []


def test_taints() -> None:
    types = [
        InstanceType("p", effect, {}, {}, (Taint("a", "", effect),))
        for effect in ("NoSchedule", "NoExecute", "PreferNoSchedule")
    ]
    assert [reason for reason, _ in counted("", types).reasons] == [
        "the template does not tolerate the taint a:NoSchedule",
        "the template does not tolerate the taint a:NoExecute",
        "",
    ]
    # The controller adds this toleration, but only to pods.
    pressure = [InstanceType("p", "a", {}, {}, (Taint("node.kubernetes.io/disk-pressure", "", "NoSchedule"),))]
    assert counted("", pressure).reasons[0][0]


def test_a_label_that_another_type_has() -> None:
    types = [InstanceType("p", "a", {}, {"gpu": ("a100",)}), InstanceType("p", "b")]
    assert [bool(each) for each, _ in counted("nodeSelector: {gpu: a100}", types).reasons] == [False, True]
    assert counted("nodeSelector: {other: a}", types).reasons[0] == (
        "neither the pool nor the instance type sets the label other",
        ("spec", "template", "spec", "nodeSelector", "other"),
    )


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        ("Gt", "3", LabelValues(frozenset(), True, 4)),
        ("Lt", "3", LabelValues(frozenset(), True, None, 2)),
        ("Gt", "x", LabelValues(frozenset(), True, 1)),
        ("Gt", "99999999999999999999", LabelValues(frozenset())),
        ("Lt", "-99999999999999999999", LabelValues(frozenset(), True, None, MAX_INT64)),
        ("Lt", str(MIN_INT64), LabelValues(frozenset(), True, None, MAX_INT64)),
    ],
)
def test_bounds_as_go_reads_them(operator: str, value: str, expected: LabelValues) -> None:
    assert allowed(operator, (value,)) == expected


def test_limits_count_only_where_karpenter_counts_them() -> None:
    pod = read_first("{resources: {limits: {cpu: 2}}, containers: [{resources: {limits: {memory: 1Gi}}}]}").root
    assert isinstance(pod, Map)
    assert template_requests(pod, with_limits=True) == {"memory": parse("1Gi")}
    assert template_requests(pod, with_limits=False) == {}


def term(*requirements: str) -> Term:
    made = []
    for text in requirements:
        key, operator, *values = text.split()
        made.append(Requirement(key, operator, tuple(values)))
    return tuple(made)


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ([term("a In x"), term("a In y")], term("a In x y")),
        ([term("b Exists", "a In x"), term("a In y", "b Exists")], term("b Exists", "a In x y")),
        ([term("a In x"), term("a In x", "b In y")], term("a In x")),
        ([term("a In x"), term("a NotIn x y")], term("a NotIn y")),
        ([term("a NotIn x y"), term("a NotIn y z")], term("a NotIn y")),
        ([term("a Exists"), term("a In x")], term("a Exists")),
        ([term("a DoesNotExist"), term("a NotIn x")], term("a NotIn x")),
        ([term("a Gt 3"), term("a Gt 10")], term("a Gt 3")),
        ([term("a Lt 3"), term("a Lt 10")], term("a Lt 10")),
        ([term("a In x"), term("b In x"), term("a In y")], None),
        ([term("a In x"), term("a In y"), term("a In z")], term("a In x y z")),
        ([term("a Exists"), term("a DoesNotExist")], ()),
        ([term("a In x"), term("a NotIn x")], ()),
        ([term("a In x"), term("a DoesNotExist")], None),
        ([term("a In x", "b In x"), term("a In y", "b In y")], None),
        ([], None),
    ],
)
def test_single_term(terms: list[Term], expected: Term | None) -> None:
    assert single_term(terms) == expected


def test_names_of_nodes_are_not_joined() -> None:
    """A requirement on a field has exactly one value."""
    terms = [(Requirement("metadata.name", "In", (name,), (), True),) for name in "ab"]
    assert single_term(terms) is None


VALUES = st.sampled_from(["1", "2", "5", "x"])
REQUIREMENTS = st.one_of(
    st.builds(lambda key, operator, values: Requirement(key, operator, tuple(values)), st.sampled_from("ab"), st.sampled_from(["In", "NotIn"]), st.lists(VALUES, min_size=1, max_size=3, unique=True)),
    st.builds(lambda key, operator: Requirement(key, operator, ()), st.sampled_from("ab"), st.sampled_from(["Exists", "DoesNotExist"])),
    st.builds(lambda key, operator, value: Requirement(key, operator, (value,)), st.sampled_from("ab"), st.sampled_from(["Gt", "Lt"]), st.sampled_from("125")),
)  # fmt: skip


@given(st.lists(st.lists(REQUIREMENTS, min_size=1, max_size=2).map(tuple), min_size=1, max_size=4))
def test_a_single_term_selects_the_same_nodes(terms: list[Term]) -> None:
    found = single_term(terms)
    if found is None:
        return
    before, after = Selection((), tuple(terms)), Selection((), (found,))
    values = [None, "1", "2", "3", "5", "6", "x", "y"]
    for a in values:
        for b in values:
            labels = {key: value for key, value in (("a", a), ("b", b)) if value is not None}
            assert before.selects(labels, "n") == after.selects(labels, "n")
