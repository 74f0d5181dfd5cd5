"""An environment's layers over a profile: the same rules of merging as everywhere, and which profiles it takes."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

import pytest

from dsgen.resolve.environment import Environment, read_environment
from dsgen.resolve.file import File
from tests.factories import made_in, plain_daemonset

PROFILE = """
name: agent
labels: {team: infra, tier: node}
nodes: {tolerate: [control-plane]}
containers:
  agent:
    image: example.com/agent:1.0
    args: [--a]
    env: {LEVEL: info, PORT: 9100}
    ports: {metrics: 9100}
"""


def agent(environment: str, profile: str = PROFILE) -> Any:
    """Return the DaemonSet that the profile makes for an environment."""
    return plain_daemonset(made_in(dedent(environment), profile))


def container(environment: str, profile: str = PROFILE) -> Any:
    return agent(environment, profile)["spec"]["template"]["spec"]["containers"][0]


ENV = [{"name": "LEVEL", "value": "info"}, {"name": "PORT", "value": "9100"}]


class TestMerging:
    """Each row: what the environment states of the container, and what becomes of it."""

    @pytest.mark.parametrize(
        ("stated", "key", "becomes"),
        [
            pytest.param("image: x", "image", "x", id="a scalar replaces"),
            pytest.param("env: {LEVEL: null}", "env", [ENV[1]], id="null removes an entry"),
            pytest.param("env: null", "env", None, id="null removes a map"),
            pytest.param("env: {NEW: null}", "env", ENV, id="null removes what is not there"),
            pytest.param("env: {NEW: 1}", "env", [*ENV, {"name": "NEW", "value": "1"}], id="a map merges"),
            pytest.param("env: [{name: LEVEL, value: debug}]", "env", [{"name": "LEVEL", "value": "debug"}, ENV[1]], id="a list over a map"),
            pytest.param("env: {}", "env", ENV, id="an empty map changes nothing"),
            pytest.param("args: [--b]", "args", ["--b"], id="a list replaces"),
            pytest.param("args+: [--a]", "args", ["--a", "--a"], id="a list appends"),
            pytest.param("args: []", "args", [], id="an empty list replaces"),
            pytest.param("command+: [x]", "command", ["x"], id="appending to nothing"),
            pytest.param("ports: {metrics: {hostPort: 9100}}", "ports", [{"name": "metrics", "containerPort": 9100, "hostPort": 9100}], id="an entry merges"),
            pytest.param("env: {LEVEL: {fieldRef: spec.nodeName}}", "env", [{"name": "LEVEL", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}, ENV[1]], id="one of several keys removes the others"),
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("where", ["all", "overrides"])
    def test_rules(self, stated: str, key: str, becomes: Any, where: str) -> None:
        layer = f"{{containers: {{agent: {{{stated}}}}}}}"
        environment = f"all: {layer}" if where == "all" else f"overrides: {{agent: {layer}}}"
        assert container(environment).get(key) == becomes

    def test_a_map_over_a_list(self) -> None:
        listed = PROFILE.replace("env: {LEVEL: info, PORT: 9100}", "env: [{name: LEVEL, value: info}]")
        environment = "all: {containers: {agent: {env: {LEVEL: debug, X: 1}}}}"
        assert container(environment, listed)["env"] == [
            {"name": "LEVEL", "value": "debug"},
            {"name": "X", "value": "1"},
        ]

    def test_the_override_lies_over_all(self) -> None:
        environment = """
            all: {labels: {team: all, zone: all}, nodes: {tolerate+: [a:NoSchedule]}}
            overrides: {agent: {labels: {team: own}, nodes: {tolerate+: [b:NoSchedule]}}}
        """
        made = agent(environment)
        assert made["metadata"]["labels"] == {
            "app.kubernetes.io/name": "agent",
            "app.kubernetes.io/managed-by": "dsgen",
            "team": "own",
            "tier": "node",
            "zone": "all",
        }
        keys = [each["key"] for each in made["spec"]["template"]["spec"]["tolerations"]]
        assert keys == ["node-role.kubernetes.io/control-plane", "a", "b"]

    def test_the_environment_lies_over_what_the_profile_extends(self) -> None:
        result = made_in(
            "all: {containers: {agent: {image: over}}}",
            "extends: ./base.yaml\nname: agent\n",
            {"base.yaml": "name: base\ncontainers: {agent: {image: under}}\n"},
        )
        assert plain_daemonset(result)["spec"]["template"]["spec"]["containers"][0]["image"] == "over"

    def test_all_lies_over_a_container_that_only_some_profiles_have(self) -> None:
        """The container `"*"` changes every container, and brings none."""
        made = agent('all: {containers: {"*": {imagePullPolicy: Always}}}')
        assert [each["imagePullPolicy"] for each in made["spec"]["template"]["spec"]["containers"]] == ["Always"]

    def test_the_star_of_all_wins_over_what_the_profile_states(self) -> None:
        made = container('all: {containers: {"*": {image: x, env: {PORT: 1, NEW: 2}}}}')
        assert made["image"] == "x"
        assert made["env"] == [ENV[0], {"name": "PORT", "value": "1"}, {"name": "NEW", "value": "2"}]

    def test_an_override_wins_over_the_star_of_all(self) -> None:
        environment = """
            all: {containers: {"*": {image: x}}}
            overrides: {agent: {containers: {agent: {image: y}}}}
        """
        assert container(environment)["image"] == "y"

    def test_a_star_of_a_group_that_a_profile_does_not_have(self) -> None:
        spec = agent('all: {initContainers: {"*": {imagePullPolicy: Always}}}')["spec"]["template"]["spec"]
        assert "initContainers" not in spec

    def test_a_profile_is_known_by_its_own_name(self) -> None:
        environment = "overrides: {agent: {name: other, hostNetwork: true}}"
        made = agent(environment)
        assert (made["metadata"]["name"], made["spec"]["template"]["spec"]["hostNetwork"]) == ("other", True)


def environment(text: str) -> Environment:
    found, problems = read_environment(File("environments/prod.yaml", text.encode(), "prod"), "prod", "1.37")
    assert found is not None, problems
    return found


@pytest.mark.parametrize(
    ("profiles", "taken"),
    [
        ("", ["agent", "log-a", "log-b"]),
        ("profiles: [agent]", ["agent"]),
        ("profiles: [log-*]", ["log-a", "log-b"]),
        ("profiles: [log-*, '!log-a']", ["log-b"]),
        ("profiles: ['!log-*']", ["agent"]),
        ("profiles: ['!log-a', '*']", ["agent", "log-b"]),
        ("profiles: [Agent]", []),
        ("profiles: ['log-[ab]', '?gent']", ["agent", "log-a", "log-b"]),
    ],
)
def test_profiles_are_taken_by_name(profiles: str, taken: list[str]) -> None:
    assert [name for name in ("agent", "log-a", "log-b") if environment(profiles).takes(name)] == taken


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "---\n", "{}\n"])
def test_an_empty_file_changes_nothing(text: str) -> None:
    assert environment(text).takes("agent")
    assert list(environment(text).layers("agent")) == []


def test_the_version_is_that_of_the_project_where_none_is_stated() -> None:
    assert environment("").kubernetes == "1.37"
    assert environment("kubernetes: 1.34").kubernetes == "1.34"
