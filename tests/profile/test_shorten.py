"""Every short form and its way back: what `shorten` makes of an object, `expand` makes the object of."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsgen import source
from dsgen.importer.shorten.short import as_written, short
from dsgen.kubernetes.schema.words import TAINT_EFFECTS
from dsgen.kubernetes.semantics.defaults import defaulted
from dsgen.kubernetes.semantics.equality import semantic_equal
from dsgen.plain import plain
from dsgen.profile.compile import reject
from dsgen.profile.rbac import rules
from dsgen.profile.shape_problems import ReportPart
from dsgen.profile.shorthand import SHORT_FORMS
from dsgen.profile.shorthand.nodes import CONTROL_PLANE, require, shorten_terms
from dsgen.profile.shorthand.rules import shorten as shorten_rules
from dsgen.profile.tables import fields_of
from dsgen.profile.typed import converter
from dsgen.tree import Boolean, Integer, List, Map, Text, Value

REPORT: ReportPart = reject
words = st.one_of(
    st.text("ab:/=!,[]()<> .~-0é\n", max_size=5),
    st.sampled_from(["", "a", "80", "080", "-1", "true", "null", "::1", "[::1]", "all", "control-plane", "master", CONTROL_PLANE, "a/b", "/", "/x", "HTTP", "HTTPS", "http", "TCP", "UDP", "RollingUpdate", "OnDelete", "Exists", "Equal", "DoesNotExist", "In", "NotIn", "Gt", "Lt", "0%", "10%", "x:ro", *TAINT_EFFECTS]),
)  # fmt: skip
# Fields that decide what becomes of a value, in the values that are likely there.
LIKELY = {
    "operator": ["Exists", "DoesNotExist", "In", "NotIn", "Gt", "Lt", "Equal"],
    "effect": ["", *TAINT_EFFECTS],
    "scheme": ["HTTP", "HTTPS"],
    "protocol": ["TCP", "UDP"],
    "type": ["RollingUpdate", "OnDelete"],
}


def of(notation: str, depth: int = 0) -> st.SearchStrategy[Any]:
    """Return values of a type, as a manifest has them: text is no number."""
    if notation.startswith("["):
        return st.lists(of(notation[1:-1], depth), max_size=3).map(List)
    if notation.startswith("{"):
        return st.dictionaries(words, of(notation[1:-1], depth), max_size=2).map(Map)
    text = words.map(lambda word: Text.at(word, None))
    number = st.integers(-2, 70000).map(lambda each: Integer.at(each, None))
    if notation == "bool":
        return st.booleans().map(lambda each: Boolean.at(each, None))
    if notation in ("int32", "int64"):
        return number
    if notation == "IntOrString":
        return st.one_of(number, text)
    if notation == "Quantity":
        return st.sampled_from(["1", "1m"]).map(lambda each: Text.at(each, None))
    known = fields_of(notation)
    if not known:
        return text
    names = [name for name in known if depth < 2 or not fields_of(known[name].strip("[]"))]
    if not names:
        return st.just(Map((), None, notation))
    chosen = st.lists(st.sampled_from(names), unique=True, max_size=4)
    return chosen.flatmap(lambda some: st.tuples(*(field(name, known[name], depth) for name in some))).map(
        lambda items: Map(items, None, notation)
    )


def field(name: str, notation: str, depth: int) -> st.SearchStrategy[Any]:
    likely = st.sampled_from(LIKELY.get(name, [""])).map(lambda word: Text.at(word, None))
    value = of(notation, depth + 1)
    return st.tuples(st.just(name), st.one_of(likely, likely, value) if name in LIKELY else value)


def expanded(value: Value, type: str) -> Any:
    """Return what a short form stands for, once it is read from a profile."""
    return converter(type)(as_written(value), REPORT)


def same(one: Any, other: Any, type: str) -> bool:
    if type == "Mount":
        return semantic_equal(one, other)
    return semantic_equal(defaulted(one, kind=type), defaulted(other, kind=type))


@pytest.mark.long
@pytest.mark.parametrize("type", SHORT_FORMS)
@given(data=st.data())
def test_a_short_form_stands_for_what_it_is_made_of(type: str, data: st.DataObject) -> None:
    value = data.draw(of(type))
    shortened = SHORT_FORMS[type].shorten(value)
    if shortened is not None:
        assert same(expanded(shortened, type), value, type)


@pytest.mark.parametrize("type", ["EnvVar", "EnvFromSource", "PreferredSchedulingTerm"])
@given(data=st.data())
def test_and_so_it_does_with_short_forms_inside(type: str, data: st.DataObject) -> None:
    value = data.draw(of(type))
    assert same(expanded(short(value, type), type), value, type)


# Of a map that merges with the one beneath it, a layer may state a part.
@pytest.mark.long
@pytest.mark.parametrize("type", ["ConfigMapVolumeSource", "HTTPGetAction", "TCPSocketAction", "ContainerPort", "EnvVar", "Mount"])  # fmt: skip
@given(data=st.data())
def test_of_a_part_of_an_object_it_stands_for_no_more(type: str, data: st.DataObject) -> None:
    value = data.draw(of(type))
    long = expanded(short(value, type, whole=False), type)
    assert long.keys() == value.keys()
    assert same(long, value, type)


@pytest.mark.parametrize("type", SHORT_FORMS)
def test_every_form_has_a_way_back(type: str) -> None:
    root, problems = source.read(f"x: {SHORT_FORMS[type].example}", "")
    assert not problems
    assert isinstance(root, Map)
    long = converter(type)(root["x"], REPORT)
    assert isinstance(long, Map)
    shortened = SHORT_FORMS[type].shorten(long)
    assert shortened is not None
    assert plain(expanded(shortened, type)) == plain(long)
    assert not isinstance(root["x"], Text) or shortened == root["x"]


@given(of("[NodeSelectorTerm]").filter(bool))
def test_terms(value: Any) -> None:
    shortened = shorten_terms(short(value, "[NodeSelectorTerm]"))
    read = converter("[NodeSelectorTerm]")(require(as_written(shortened), REPORT), REPORT)
    assert semantic_equal(read, value)


names = st.one_of(st.sampled_from(["get", "list", "use", "*", "pods", "nodes/proxy", "daemonsets", "apps", "", "/metrics", "a.b", "podz"]), words)  # fmt: skip
texts = st.lists(names.map(lambda word: Text.at(word, None)), max_size=3).map(List)


@given(
    st.lists(st.dictionaries(st.sampled_from(sorted(fields_of("PolicyRule"))), texts).map(Map), max_size=2).map(List)
)
def test_rules(value: Any) -> None:
    assert plain(rules(as_written(shorten_rules(value)), REPORT)) == plain(value)


def test_a_rule_as_text() -> None:
    rule = Map([("apiGroups", List(["apps"])), ("resources", List(["daemonsets"])), ("verbs", List(["get", "list"]))])
    assert plain(shorten_rules(List([rule]))) == ["get,list daemonsets.apps"]
