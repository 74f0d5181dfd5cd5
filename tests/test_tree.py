"""Maps that know where they were written: what is taken out of one, and copies that keep its place and type."""

from __future__ import annotations

import pytest

from dsgen import source
from dsgen.plain import frozen
from dsgen.traversal import children, value_at
from dsgen.tree import Boolean, Integer, List, Map, Null, as_map, origin_of

TEXT = """\
metadata: {labels: {app: agent}, annotations: null}
containers: [{name: a}, text, [], {name: b}]
name: agent
"""


@pytest.fixture
def root() -> Map:
    read, problems = source.read(TEXT.encode(), "agent.yaml")
    assert isinstance(read, Map)
    assert not problems
    read.type = "profile"
    return read


def place(value: object) -> str:
    return str(origin_of(value))


def test_map_under_keys(root: Map) -> None:
    assert root.map("metadata") is root["metadata"]
    assert root.map("metadata", "labels") == {"app": "agent"}


@pytest.mark.parametrize(
    "keys", [("absent",), ("name",), ("containers",), ("metadata", "annotations"), ("name", "x"), ("absent", "x", "y")]
)
def test_no_map_under_keys(root: Map, keys: tuple[str, ...]) -> None:
    empty = root.map(*keys)
    assert empty == {}
    assert origin_of(empty) is None
    empty["x"] = "1"
    assert root.map(*keys) == {}


def test_maps_of_a_list(root: Map) -> None:
    assert [each["name"] for each in root.maps("containers")] == ["a", "b"]
    assert root.maps("containers")[1] is root["containers"][3]  # type: ignore[index]


def test_a_list(root: Map) -> None:
    assert root.entries("containers") is root["containers"]
    assert root.texts("containers") == ["text"]


@pytest.mark.parametrize("key", ["absent", "name", "metadata"])
def test_no_list(root: Map, key: str) -> None:
    assert root.maps(key) == []
    assert root.entries(key) == []
    assert root.texts(key) == []


def test_child(root: Map) -> None:
    assert root.child("metadata") is root["metadata"]
    assert root.child("containers") is None
    assert root.child("absent") is None


@pytest.mark.parametrize("value", [None, Null(), "text", 5, List([Map({"a": "b"})]), {"a": "b"}])
def test_no_map(value: object) -> None:
    assert as_map(value) == {}


def test_as_map_is_the_map(root: Map) -> None:
    assert as_map(root) is root


def test_updated_keeps_order_place_and_keys(root: Map) -> None:
    before = dict(root)
    copy = root.updated({"metadata": "m", "more": "x"})
    assert list(copy.items()) == [("metadata", "m"), *list(root.items())[1:], ("more", "x")]
    assert (place(copy), copy.type) == ("agent.yaml:1:1", "profile")
    assert place(copy.key("metadata")) == "agent.yaml:1:1"
    assert root == before


def test_replaced(root: Map) -> None:
    copy = root.replaced("name", "other")
    assert list(copy) == ["metadata", "containers", "name"]
    assert (copy["name"], place(copy.key("name")), place(copy), copy.type) == (
        "other", "agent.yaml:3:1", "agent.yaml:1:1", "profile",
    )  # fmt: skip
    assert root["name"] == "agent"
    assert list(root.replaced("more", "x")) == ["metadata", "containers", "name", "more"]


def test_replaced_by_the_value_that_is_there(root: Map) -> None:
    assert root.replaced("name", root["name"]) is root


def test_without(root: Map) -> None:
    copy = root.without("name", "absent", "metadata")
    assert copy == {"containers": root["containers"]}
    assert (place(copy), copy.type) == ("agent.yaml:1:1", "profile")
    assert "name" in root


def test_with_items(root: Map) -> None:
    items = {"a": "b"}
    copy = root.with_items(items)
    assert copy == items
    assert (place(copy), copy.type) == ("agent.yaml:1:1", "profile")
    assert root.with_items() == {}
    assert place(root.with_items([("x", "y")])) == "agent.yaml:1:1"


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ((), None),
        (("metadata", "labels", "app"), "agent"),
        (("containers", 3, "name"), "b"),
        (("containers", 1), "text"),
    ],
)
def test_value_at(root: Map, path: tuple[str | int, ...], found: str | None) -> None:
    assert value_at(root, path) == (root if found is None else found)


@pytest.mark.parametrize(
    "path", [("x",), ("containers", 4), ("containers", -1), ("name", 0), ("metadata", 0), ("x", "y")]
)
def test_nothing_at(root: Map, path: tuple[str | int, ...]) -> None:
    assert value_at(root, path) is None


def test_children(root: Map) -> None:
    assert list(children(root.map("metadata", "labels"))) == [("app", "agent")]
    assert [step for step, _ in children(root["containers"])] == [0, 1, 2, 3]
    assert [list(children(each)) for each in ("text", Null(), None, 5)] == [[]] * 4


def test_named(root: Map) -> None:
    assert root.named("metadata") == [("labels", root.map("metadata", "labels"))]
    assert root.named("containers") == root.named("absent") == []


def test_a_boolean_is_not_a_number() -> None:
    """Unlike in Python: `true` and 1 are two values to Kubernetes, where a type allows both."""
    true, one = Boolean.at(True, None), Integer.at(1, None)
    assert (true == one, one == true, true != one, one != true) == (False, False, True, True)
    assert (true == True, one == 1, true != False, one != 2) == (True, True, True, True)  # noqa: E712
    assert (true == 1, one == True) == (False, False)  # noqa: E712
    assert frozen(true) != frozen(one)
    assert frozen(true) == frozen(True)
    assert frozen(Map([("a", one)])) != frozen(Map([("a", true)]))
