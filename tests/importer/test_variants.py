"""What several profiles have in common, and the rest: merged again, each is what it was."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsgen import source
from dsgen.importer.variants import split
from dsgen.profile.accept import long_form
from dsgen.resolve.layers import merge
from dsgen.tree import Map, plain


def layer(text: str) -> Map:
    root, problems = source.read(text, "x.yaml")
    assert not problems
    assert root is not None
    return long_form(root)


def order(whole: Map) -> list[list[str]]:
    """Return the names of what is in order in the manifest."""
    containers: Any = whole.get("containers", Map())
    return [list(containers), *(list(container.get("env", ())) for container in containers.values())]


def checked(*texts: str) -> tuple[Any, list[Any]]:
    wholes = [layer(text) for text in texts]
    common, rests = split(wholes)
    problems: list[object] = []
    for whole, rest in zip(wholes, rests, strict=True):
        merged = merge(common, rest, problems.append)
        assert plain(merged) == plain(whole)
        assert order(merged) == order(whole)
    assert not problems
    return plain(common), [plain(rest) for rest in rests]


SPLITS = [
    pytest.param("hostPID: true\n", "hostPID: true\n", {"hostPID": True}, [{}, {}], id="the same"),
    pytest.param("hostPID: true\n", "hostIPC: true\n", {}, [{"hostPID": True}, {"hostIPC": True}], id="nothing in common"),
    pytest.param("priorityClassName: a\n", "priorityClassName: b\n", {}, [{"priorityClassName": "a"}, {"priorityClassName": "b"}], id="two values"),
    pytest.param("labels: {a: b, c: d}\n", "labels: {a: b, c: e}\n", {"labels": {"a": "b"}}, [{"labels": {"c": "d"}}, {"labels": {"c": "e"}}], id="labels"),
    pytest.param(
        "containers: {a: {args: [x, y]}}\n", "containers: {a: {args: [x, z]}}\n",
        {"containers": {"a": {"args": ["x"]}}}, [{"containers": {"a": {"args+": ["y"]}}}, {"containers": {"a": {"args+": ["z"]}}}], id="arguments",
    ),
    pytest.param(
        "containers: {a: {env: {A: 1, B: 2}}}\n", "containers: {a: {env: {B: 2, A: 1}}}\n",
        {}, [{"containers": {"a": {"env": {"A": {"value": "1"}, "B": {"value": "2"}}}}}, {"containers": {"a": {"env": {"B": {"value": "2"}, "A": {"value": "1"}}}}}],
        id="another order",
    ),
    pytest.param(
        "containers: {a: {env: {A: 1, B: 2}}}\n", "containers: {a: {env: {A: 1, C: 2}}}\n",
        {"containers": {"a": {"env": {"A": {"value": "1"}}}}},
        [{"containers": {"a": {"env": {"B": {"value": "2"}}}}}, {"containers": {"a": {"env": {"C": {"value": "2"}}}}}], id="variables",
    ),
    pytest.param("update: {maxUnavailable: 1}\n", "update: OnDelete\n", {}, None, id="replaced whole"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "common", "rests"), SPLITS)
def test_split(one: str, other: str, common: Any, rests: Any) -> None:
    found = checked(one, other)
    assert found[0] == common
    assert rests is None or found[1] == rests


words = st.sampled_from(["a", "b", "c"])
env = st.lists(words, unique=True).flatmap(
    lambda names: st.tuples(*[st.tuples(st.just(name), words) for name in names])
)


@given(st.lists(st.tuples(env, st.lists(words, max_size=3), st.sets(words), words), min_size=2, max_size=3))
def test_each_is_what_it_was(variants: list[Any]) -> None:
    texts = []
    for pairs, args, labels, image in variants:
        variables = ", ".join(f"{name}: {value}" for name, value in pairs)
        texts.append(
            f"labels: {{{', '.join(f'{label}: x' for label in sorted(labels))}}}\n"
            f"containers: {{m: {{image: {image}, args: [{', '.join(args)}], env: {{{variables}}}}}}}\n"
        )
    checked(*texts)
