"""What several profiles have in common, and the rest of each: merged again, they equal the originals."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsgen import source
from dsgen.importer.daemonset import Imported
from dsgen.importer.importing import import_objects
from dsgen.importer.read.objects import given_objects
from dsgen.importer.variants import split
from dsgen.plain import plain
from dsgen.problem import Problem, has_errors
from dsgen.profile.compile import long_form
from dsgen.resolve.layers import merge
from dsgen.tree import Map
from tests.factories import generator, made
from tests.importer.imports import daemonset


def layer(text: str) -> Map:
    root, problems = source.read(text, "x.yaml")
    assert not problems
    assert root is not None
    return long_form(root)


def order(whole: Map) -> list[list[str]]:
    """Return the names of ordered values."""
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
    pytest.param("update: {maxUnavailable: 1}\n", "update: OnDelete\n", {}, None, id="replaced as a whole"),
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
def test_merged_variants_equal_the_originals(variants: list[Any]) -> None:
    texts = []
    for pairs, args, labels, image in variants:
        variables = ", ".join(f"{name}: {value}" for name, value in pairs)
        texts.append(
            f"labels: {{{', '.join(f'{label}: x' for label in sorted(labels))}}}\n"
            f"containers: {{m: {{image: {image}, args: [{', '.join(args)}], env: {{{variables}}}}}}}\n"
        )
    checked(*texts)


PROFILE = """\
name: agent
namespace: tools
labels: {app: agent}
standardLabels: false
podLabels: {tier: node}
containers:
  agent:
    image: x:1
    args: [--a]
    env: {A: 1}
    mounts: {/log: {hostPath: /log}}
serviceAccount: {create: true, clusterRules: ["get pods"]}
variants:
  large:
    name: agent-large
    selector: {app: agent-large}
    nodes: {select: {pool: large}}
    containers:
      agent:
        args+: [--big]
        resources: {requests: {cpu: 500m}}
  default:
    name: agent
    selector: {app: agent-small}
    nodes: {require: [pool!=large]}
    containers:
      agent: {resources: {requests: {cpu: 100m}}}
"""


def imported(text: str, name: str = "agent") -> tuple[Imported, list[Problem]]:
    objects, _ = given_objects(text.encode(), "given.yaml")
    (only,), problems = import_objects(objects, generator(), "1.37", variants=name)
    return only, problems


def another(text: str) -> str:
    """Return the DaemonSet with another name and other pods."""
    return text.replace("metadata:\n  name: agent", "metadata:\n  name: agent-b").replace("app: agent", "app: b")


def test_variants_survive_a_round_trip() -> None:
    result = made(PROFILE)
    assert not has_errors(result.problems), result.problems
    only, problems = imported("---\n".join(each.text for each in result.objects))
    assert only.same, only.problems
    assert problems == []
    assert sorted(only.text.splitlines()) == sorted(PROFILE.splitlines())
    assert [each.kind for each in only.folded] == ["ServiceAccount", "ClusterRole", "ClusterRoleBinding"]


def test_volume_is_set_as_a_whole() -> None:
    one = daemonset(
        "volumes: [{name: v, hostPath: {path: /a, type: Directory}}]\nnodeSelector: {p: a}",
        "volumeMounts: [{name: v, mountPath: /v}]",
    )
    other = one.replace("path: /a", "path: /b").replace("{p: a}", "{p: b}")
    only, _ = imported(one + "---\n" + another(other))
    assert only.same, only.problems
    assert "/v: {name: v, hostPath: {path: /b, type: Directory}}" in only.text


def test_two_service_accounts() -> None:
    one = daemonset("serviceAccountName: a\nnodeSelector: {p: a}")
    only, _ = imported(one + "---\n" + another(one.replace("Name: a", "Name: b").replace("p: a", "p: b")))
    assert only.same is None
    assert [problem.code for problem in only.problems if problem.severity == "error"] == [
        "conflicting-variant-companions"
    ]


def test_no_container_in_common() -> None:
    """As for Linux and Windows."""
    linux = daemonset(pod="nodeSelector: {kubernetes.io/os: linux}", metadata="namespace: tools")
    windows = linux.replace("os: linux", "os: windows").replace("name: agent\n", "name: agent-win\n")
    windows = windows.replace("app: agent", "app: agent-win")
    (one, problems) = imported(f"{linux}---\n{windows}")
    assert problems == []
    assert one.same
    assert (
        one.text
        == """\
name: agent
namespace: tools
standardLabels: false
variants:
  default:
    name: agent
    selector: {app: agent}
    nodes: {os: linux}
    containers:
      agent: {image: x}
  win:
    name: agent-win
    selector: {app: agent-win}
    nodes: {os: windows}
    containers:
      agent-win: {image: x}
"""
    )


def test_overlapping_variants() -> None:
    only, _ = imported(daemonset() + "---\n" + another(daemonset()))
    assert only.same is None
    assert "overlapping-variants" in {problem.code for problem in only.problems}


def test_variants_of_one_key_are_numbered() -> None:
    texts = [
        daemonset(pod=f"nodeSelector: {{pool: p{number}}}")
        .replace("name: agent\n", f"name: agent{end}\n", 1)
        .replace("app: agent", f"app: a{number}")
        for number, end in enumerate(("-x", ".x", "--x"))
    ]
    result, problems = imported("---\n".join(texts))
    assert result.same, problems
    assert [word for word in ("  x:", "  x-2:", "  x-3:") if f"\n{word}" in result.text] == ["  x:", "  x-2:", "  x-3:"]


def test_one_daemonset_has_no_variants() -> None:
    only, _ = imported(daemonset(), "other")
    assert only.name == "agent"
    assert "variants" not in only.text
