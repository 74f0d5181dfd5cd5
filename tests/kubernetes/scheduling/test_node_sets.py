"""What is said of all nodes agrees with every node of a small universe."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.scheduling import node_sets
from dsgen.kubernetes.scheduling.node_complement import CannotExpressError, complement, intersect, to_affinity_terms
from dsgen.kubernetes.scheduling.node_selection import Requirement, Selection, selection
from dsgen.kubernetes.scheduling.node_sets import Example, NotProvenError, overlap, uncovered
from dsgen.kubernetes.scheduling.placement import Node, Placement, Taint
from dsgen.plain import plain
from dsgen.tree import List, Map

pytestmark = pytest.mark.long

KEYS = ("a", "b", "c")
NUMBERS = ("0", "3", "5", "6")
NAMED = ("", "x", "y", *NUMBERS)
# For every number there is a spelling that no condition names.
STATES = (None, *NAMED, "z", *(f"0{number}" for number in (0, 1, 3, 4, 5, 6, 7)))
NODES = [
    ({key: value for key, value in zip(KEYS, values, strict=True) if value is not None}, name)
    for values in product(STATES, (None, "", "x", "y", "z"), (None, "x"))
    for name in ("n1", "n2")
]


def value(operator: str) -> st.SearchStrategy[tuple[str, ...]]:
    if operator in ("Gt", "Lt"):
        return st.tuples(st.sampled_from(NUMBERS))
    count = 0 if operator in ("Exists", "DoesNotExist") else 1
    return st.lists(st.sampled_from(NAMED), min_size=count, max_size=3 * count).map(tuple)


def requirements(operators: list[str]) -> st.SearchStrategy[Requirement]:
    of_a = st.sampled_from(operators).flatmap(
        lambda each: st.builds(Requirement, st.just("a"), st.just(each), value(each))
    )
    texts = st.lists(st.sampled_from(["", "x", "y"]), min_size=1, max_size=2).map(tuple)
    of_b = st.builds(Requirement, st.just("b"), st.sampled_from(["In", "NotIn"]), texts)
    of_c = st.builds(Requirement, st.just("c"), st.sampled_from(["Exists", "DoesNotExist"]), st.just(()))
    of_name = st.builds(
        Requirement,
        st.just("metadata.name"),
        st.sampled_from(["In", "NotIn"]),
        st.just(("n1",)),
        is_field=st.just(True),
    )
    return st.one_of(of_a, of_a, of_b, of_c, of_name)


EVERY = ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]


def selections(operators: list[str]) -> st.SearchStrategy[Selection]:
    term = st.lists(requirements(operators), min_size=1, max_size=3).map(tuple)
    pair = st.sampled_from(
        [Requirement(key, "In", (value,)) for key, value in (("a", "3"), ("a", "x"), ("b", "y"), ("b", ""))]
    )
    always = st.lists(pair, max_size=1).map(tuple)
    return st.builds(Selection, always, st.none() | st.lists(term, max_size=3).map(tuple))


@given(selections(EVERY), selections(EVERY))
def test_overlap(one: Selection, other: Selection) -> None:
    example = overlap(one, other)
    shared = [node for node in NODES if one.selects(*node) and other.selects(*node)]
    if example is None:
        assert not shared
    else:
        assert one.selects(example.labels, example.name or "n2")
        assert other.selects(example.labels, example.name or "n2")


@given(selections(EVERY), st.lists(selections(EVERY), min_size=1, max_size=3))
def test_uncovered(whole: Selection, parts: list[Selection]) -> None:
    example = uncovered(placement(whole), [placement(part) for part in parts])
    if example is None:
        assert not [node for node in NODES if whole.selects(*node) and not any(part.selects(*node) for part in parts)]
    else:
        assert whole.selects(example.labels, example.name or "n2")
        assert not any(part.selects(example.labels, example.name or "n2") for part in parts)


def placement(of: Selection, *tolerations: str) -> Placement:
    root = read_first(f"spec: {{template: {{spec: {{tolerations: [{', '.join(tolerations)}]}}}}}}").root
    assert isinstance(root, Map)
    made = Placement(root)
    made.selection = of
    return made


TAINTS = [Taint(key, value, effect) for key in "kl" for value in "pq" for effect in ("NoSchedule", "NoExecute")]
TOLERATIONS = st.lists(
    st.sampled_from(
        [
            "{operator: Exists}",
            "{key: k, operator: Exists}",
            "{key: k, value: p}",
            "{key: k, value: q}",
            "{key: l, operator: Exists, effect: NoSchedule}",
            "{key: l, value: p}",
            "{operator: Exists, effect: NoExecute}",
        ]
    ),
    max_size=3,
)
SIMPLE = Selection((), ((Requirement("a", "In", ("x",)),),))


@given(TOLERATIONS, st.lists(st.tuples(st.booleans(), TOLERATIONS), min_size=1, max_size=3))
def test_uncovered_because_of_taints(of_whole: list[str], of_parts: list[tuple[bool, list[str]]]) -> None:
    every = Selection((), None)
    whole = placement(every, *of_whole)
    parts = [placement(every if all_nodes else SIMPLE, *stated) for all_nodes, stated in of_parts]
    nodes = [
        Node("n", labels, tuple(taint for taint in taints if taint is not None))
        for labels in ({}, {"a": "x"})
        for taints in product(*([None, *(each for each in TAINTS if (each.key, each.effect) == kind)] for kind in product("kl", ("NoSchedule", "NoExecute"))))
    ]  # fmt: skip
    example = uncovered(whole, parts)
    if example is None:
        assert not [
            node for node in nodes if whole.decide(node).runs and not any(part.decide(node).runs for part in parts)
        ]
    else:
        node = Node("n", example.labels, example.taints)
        assert whole.decide(node).runs
        assert not any(part.decide(node).runs for part in parts)


@given(st.lists(selections(["In", "NotIn", "Exists", "DoesNotExist"]), min_size=1, max_size=3))
def test_complement(parts: list[Selection]) -> None:
    left = [node for node in NODES if not any(part.selects(*node) for part in parts)]
    try:
        terms = complement(parts)
    except CannotExpressError:
        assert not left
        return
    read = Selection((), None) if terms == ((),) else selection(pod(List(to_affinity_terms(terms))))
    assert [node for node in NODES if read.selects(*node)] == left


@given(selections(["In", "NotIn", "Exists"]), selections(EVERY))
def test_both(one: Selection, other: Selection) -> None:
    shared = [node for node in NODES if one.selects(*node) and other.selects(*node)]
    try:
        terms = intersect(one.alternatives, other.alternatives)
    except CannotExpressError:
        assert not shared
        return
    assert [node for node in NODES if Selection((), terms).selects(*node)] == shared


def pod(terms: List) -> Map:
    required = Map({"requiredDuringSchedulingIgnoredDuringExecution": Map({"nodeSelectorTerms": terms})})
    return Map({"affinity": Map({"nodeAffinity": required})})


def stated(*terms: str) -> Selection:
    """Return a selection; a term is written `key operator values`, with `;` between its requirements."""

    def requirement(text: str) -> Requirement:
        key, operator, *values = text.split()
        return Requirement(key, operator, tuple(values))

    return Selection((), tuple(tuple(map(requirement, term.split("; "))) for term in terms))


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([stated("pool In large"), stated("pool In small")], ["pool NotIn large small"]),
        ([stated("gpu Exists")], ["gpu DoesNotExist"]),
        ([stated("pool In a; zone In x")], ["pool NotIn a", "zone NotIn x"]),
        ([stated("pool In a", "pool In b")], ["pool NotIn a b"]),
        ([stated("pool NotIn a")], ["pool In a"]),
        ([stated("pool In a"), stated("pool In a; zone In x")], ["pool NotIn a"]),
        ([stated("pool In a"), stated("pool DoesNotExist")], ["pool NotIn a; pool Exists"]),
    ],
)
def test_the_rest_is_short(parts: list[Selection], expected: list[str]) -> None:
    said = ["; ".join(" ".join((each.key, each.operator, *each.values)) for each in term) for term in complement(parts)]
    assert said == expected


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ([stated("cores Gt 8")], "the opposite of `cores > 8` includes values that are not numbers"),
        ([Selection((), None)], "no node is left"),
        ([stated("a Exists"), stated("a DoesNotExist")], "no node is left"),
        ([stated(*(f"a{i} In x; b{i} In y" for i in range(6)))], "it would take 64 terms"),
        ([stated(*(f"a{i} In x; b{i} In y" for i in range(12)))], "more than 32 terms"),
    ],
)
def test_no_rest(parts: list[Selection], reason: str) -> None:
    with pytest.raises(CannotExpressError, match=reason):
        complement(parts)


def test_the_rest_keeps_names() -> None:
    named = Selection((), ((Requirement("metadata.name", "In", ("n1",), is_field=True),),))
    expected = [{"matchFields": [{"key": "metadata.name", "operator": "NotIn", "values": ["n1"]}]}]
    assert plain(to_affinity_terms(complement([named]))) == expected


@pytest.mark.parametrize(
    ("one", "other", "example"),
    [
        (stated("pool In a b"), stated("pool In b c"), "labelled pool=b"),
        (stated("pool In a"), stated("zone In b"), "labelled pool=a, zone=b"),
        (stated("pool NotIn a"), stated("pool NotIn b"), "without labels"),
        (stated("cores Gt 3"), stated("cores Lt 5"), "labelled cores=4"),
        (stated("cores Gt 3"), stated("cores Lt 5; cores NotIn 4"), "labelled cores=04"),
        (stated("cores Gt 3"), stated("cores Lt 4"), None),
        (stated("cores Gt 9223372036854775807"), stated("cores Exists"), None),
        (stated("cores Lt 0"), stated("cores Exists"), None),
        (stated("pool Exists"), stated("pool NotIn a other"), "labelled pool=other-0"),
    ],
)
def test_examples(one: Selection, other: Selection, example: str | None) -> None:
    found = overlap(one, other)
    assert (None if found is None else str(found)) == example


def test_the_example_names_what_matters() -> None:
    example = Example({}, "n1", (Taint("k", "", "NoSchedule"),))
    assert str(example) == "without labels named n1 with the taint k:NoSchedule"


def test_a_node_name_is_a_condition() -> None:
    everywhere, here = placement(Selection((), None)), placement(Selection((), None))
    here.node_name = "n1"
    assert uncovered(everywhere, [here]) is not None
    assert uncovered(here, [everywhere]) is None


def test_nothing_is_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node_sets, "MAX_STEPS", 3)
    parts = [placement(stated(f"a{i} In x; b{i} In x")) for i in range(10)]
    with pytest.raises(NotProvenError):
        uncovered(placement(stated("z Exists")), parts)
    with pytest.raises(NotProvenError):
        overlap(parts[0].selection, parts[1].selection)
    with pytest.raises(CannotExpressError, match="too many conditions"):
        complement([each.selection for each in parts])


def test_a_set_in_many_parts() -> None:
    """No recursion, and no values looked for one by one."""
    names = [f"p{i}" for i in range(250)]
    parts = [placement(stated(f"pool In {name}")) for name in names]
    assert str(uncovered(placement(stated("pool Exists")), parts)) == "labelled pool=other"
    assert uncovered(placement(stated(f"pool In {' '.join(names)}")), parts) is None
    ((rest,),) = complement([each.selection for each in parts])
    assert (rest.operator, rest.values) == ("NotIn", tuple(names))
