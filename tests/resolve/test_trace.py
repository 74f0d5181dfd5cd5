"""Which layer each value comes from."""

from __future__ import annotations

from textwrap import dedent

from dsgen.plain import plain
from dsgen.problem import Problem
from dsgen.resolve.environment import read_environment
from dsgen.resolve.file import File
from dsgen.resolve.trace import Traced, below, trace
from dsgen.traversal import locate
from dsgen.tree import Value
from tests.factories import generator

FILES = {
    "base.yaml": """
        name: base
        containers:
          "*": {imagePullPolicy: Always}
          agent: {image: "busybox:1", args: [--a], env: {LEVEL: info, PORT: 1}}
    """
}
PROFILE = """
extends: ./base.yaml
name: agent
containers:
  agent: {args+: [--b], env: {LEVEL: debug}}
"""
ENVIRONMENT = """
all: {nodes: {tolerate+: [control-plane]}}
overrides:
  agent:
    containers: {agent: {env: {LEVEL: warn, PORT: null, NEW: null}}}
images: {mirrors: {docker.io: m.io}}
"""


def traced(key: str = "", text: str = ENVIRONMENT) -> list[Traced]:
    problems: list[Problem] = []
    environment, problems = read_environment(File("prod.yaml", text.encode(), "prod"), "prod", "1.37")
    assert environment is not None
    profile = File("profile.yaml", dedent(PROFILE).encode(), "profile.yaml")
    merged = generator(FILES).merged(profile, problems, environment)
    assert merged is not None
    found = list(trace(merged.whole, merged.layers, environment.images))
    return below(found, key) if key else found


def said(value: Value) -> tuple[object, str]:
    origin = locate(value, ())
    return plain(value), f"{origin.file}:{origin.line}" if origin else ""


def rows(key: str = "", text: str = ENVIRONMENT) -> list[tuple[object, ...]]:
    return [(each.path, *said(each.value), *map(said, each.over)) for each in traced(key, text)]


def test_a_value_and_what_it_lies_over() -> None:
    assert rows("containers.agent.env.LEVEL") == [
        ("containers.agent.env.LEVEL.value", "warn", "prod.yaml:5", ("debug", "profile.yaml:5"), ("info", "base.yaml:5"))
    ]  # fmt: skip


def test_what_is_taken_away() -> None:
    """Only what was there: `NEW` is nowhere below."""
    assert rows("containers.agent.env")[1:] == [
        ("containers.agent.env.PORT", None, "prod.yaml:5", ({"value": "1"}, "base.yaml:5"))
    ]


def test_entries_of_a_list_come_from_their_own_layers() -> None:
    assert rows("containers.agent.args") == [
        ("containers.agent.args[0]", "--a", "base.yaml:5"),
        ("containers.agent.args[1]", "--b", "profile.yaml:5"),
    ]


def test_a_short_form_is_one_value() -> None:
    toleration = {"key": "node-role.kubernetes.io/control-plane", "operator": "Exists", "effect": "NoSchedule"}
    assert rows("nodes.tolerate") == [("nodes.tolerate[0]", toleration, "prod.yaml:2")]


def test_what_every_container_has() -> None:
    assert rows("containers.agent.imagePullPolicy") == [
        ("containers.agent.imagePullPolicy", "Always", "base.yaml:4"),
    ]


def test_what_every_container_has_lies_over_lower_layers() -> None:
    environment = 'all: {containers: {"*": {env: {LEVEL: warn, PORT: null}, imagePullPolicy: Never}}}'
    assert rows("containers.agent", environment) == [
        ("containers.agent.imagePullPolicy", "Never", "prod.yaml:1", ("Always", "base.yaml:4")),
        ("containers.agent.image", "busybox:1", "base.yaml:5"),
        ("containers.agent.args[0]", "--a", "base.yaml:5"),
        ("containers.agent.args[1]", "--b", "profile.yaml:5"),
        ("containers.agent.env.LEVEL.value", "warn", "prod.yaml:1", ("debug", "profile.yaml:5"), ("info", "base.yaml:5")),
        ("containers.agent.env.PORT", None, "prod.yaml:1", ({"value": "1"}, "base.yaml:5")),
    ]  # fmt: skip


def test_a_container_lies_over_the_star_of_its_layer() -> None:
    environment = 'all: {containers: {"*": {imagePullPolicy: Never}, agent: {imagePullPolicy: Always}}}'
    assert rows("containers.agent.imagePullPolicy", environment) == [
        ("containers.agent.imagePullPolicy", "Always", "prod.yaml:1", ("Never", "prod.yaml:1"), ("Always", "base.yaml:4"))
    ]  # fmt: skip


def test_images_lie_over_everything() -> None:
    assert rows("containers.agent.image") == [
        ("containers.agent.image", "m.io/library/busybox:1", "prod.yaml:6", ("busybox:1", "base.yaml:5"))
    ]


def test_every_value_has_a_place() -> None:
    assert all(place for _, _, place, *_ in rows())


def test_a_key_by_its_other_name() -> None:
    assert below([Traced("containers.a.volumeMounts[/x].name", "v")], "containers.a.mounts")
    assert below([Traced("updateStrategy.type", "OnDelete")], "update")
    assert not below([Traced("nodesx", "v")], "nodes")
