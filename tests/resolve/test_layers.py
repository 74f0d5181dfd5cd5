"""The rules of layers, one by one: two layers, and the one layer that says the same."""

from __future__ import annotations

import json
from textwrap import dedent
from typing import Any

import pytest

from dsgen.plain import plain
from dsgen.problem import Problem
from dsgen.profile.compile import long_form
from dsgen.resolve.layers import merge_all
from dsgen.tree import Map
from tests.factories import daemonset, made
from tests.profile.layers import container, layer, nodes


def merged(*layers: str) -> tuple[Map, list[Problem]]:
    problems: list[Problem] = []
    return merge_all([long_form(layer(text)) for text in layers], problems.append), problems


def written(value: Map) -> str:
    """Return a layer as text, so that the order of its keys counts."""
    return json.dumps(plain(value), indent=1)


def same(lower: str, upper: str, single: str, warnings: tuple[str, ...] = ()) -> None:
    result, problems = merged(lower, upper)
    assert written(result) == written(merged(single)[0])
    assert tuple(problem.code for problem in problems) == warnings


MAPS = [
    pytest.param("labels: {a: x}", "labels: {b: y}", "labels: {a: x, b: y}", id="maps merge key by key"),
    pytest.param("labels: {a: x, b: y}", "labels: {a: z}", "labels: {a: z, b: y}", id="a scalar replaces, in its place"),
    pytest.param("labels: {a: x, b: y}", "labels: {a: ~}", "labels: {b: y}", id="null removes"),
    pytest.param("labels: {a: x}", "labels: {a: ~}", "{}", id="the last entry takes the map with it"),
    pytest.param("volumes: {v: {emptyDir: {medium: Memory}}}", "volumes: {v: {emptyDir: {medium: ~}}}", "volumes: {v: {emptyDir: {}}}", id="an object may be left empty"),
    pytest.param("labels: {}", "hostPID: true", "labels: {}\nhostPID: true", id="an empty map that is stated stays"),
    pytest.param("values: {a: {b: 1}}", "values: {a: {b: ~}}", "values: {a: {}}", id="values may be left empty"),
    pytest.param("labels: {a: x}", "labels: ~", "{}", id="null removes a whole map"),
    pytest.param("hostPID: true", "hostNetwork: null", "hostPID: true", id="null where there is nothing"),
    pytest.param("labels: {a: x}", "labels: {}", "labels: {a: x}", id="an empty map adds nothing"),
    pytest.param("annotations: {a: x}", "labels: {a: x}", "annotations: {a: x}\nlabels: {a: x}", id="new keys follow"),
    pytest.param("labels: {a+: x}", "labels: {a+: y}", "labels: {a+: y}", id="+ is a letter in a free map"),
    pytest.param(
        "securityContext: {}", "securityContext: {runAsUser: 1}", "securityContext: {runAsUser: 1}", id="into an empty map"
    ),
    pytest.param("hostNetwork: true", "hostNetwork: false", "hostNetwork: false", id="a boolean replaces"),
    pytest.param("priorityClassName: a", 'priorityClassName: ""', 'priorityClassName: ""', id="empty text replaces"),
    pytest.param("values: {a: {b: 1}}", "values: {a: {c: 2}}", "values: {a: {b: 1, c: 2}}", id="values merge"),
    pytest.param("values: {a: {b: 1}}", "values: {a: 2}", "values: {a: 2}", id="a scalar over a map in values"),
    pytest.param("values: {a: 2}", "values: {a: {b: 1}}", "values: {a: {b: 1}}", id="a map over a scalar in values"),
    pytest.param("templates: [a]", "templates+: [b]", "templates: [a, b]", id="templates append"),
    pytest.param("values: {selector: {b: 1}}", "values: {selector: {c: 2}}", "values: {selector: {b: 1, c: 2}}", id="selector is a word in values"),
    pytest.param(
        "containers: {selector: {image: x}}", "containers: {selector: {tty: true}}",
        "containers: {selector: {image: x, tty: true}}", id="a container called selector",
    ),
    pytest.param(
        "volumes: {updateStrategy: {hostPath: {path: /a, type: File}}}", "volumes: {updateStrategy: {hostPath: /b}}",
        "volumes: {updateStrategy: {hostPath: {path: /b, type: File}}}", id="a volume called updateStrategy",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("lower", "upper", "single"), MAPS)
def test_maps(lower: str, upper: str, single: str) -> None:
    same(lower, upper, single)


CONTAINERS = [
    pytest.param("image: a:1", "image: a:2", "image: a:2", id="scalar"),
    pytest.param("env: {A: x, B: y}", "env: {B: z, C: w}", "env: {A: x, B: z, C: w}", id="env by name"),
    pytest.param("env: [{name: A, value: x}]", "env: {A: y}", "env: {A: y}", id="a list is brought to names, below"),
    pytest.param("env: {A: x}", "env: [{name: A, value: y}]", "env: {A: y}", id="a list is brought to names, above"),
    pytest.param("env: {A: x, B: y}", "env: {A: ~}", "env: {B: y}", id="null removes a variable"),
    pytest.param("env: {A: x}", "env: {A: {fieldRef: f}}", "env: {A: {fieldRef: f}}", id="one of value and reference"),
    pytest.param("env: {A: {fieldRef: f}}", "env: {A: x}", "env: {A: x}", id="one of reference and value"),
    pytest.param("env: {A: {secretKeyRef: s/k}}", "env: {A: {fieldRef: f}}", "env: {A: {fieldRef: f}}", id="one source"),
    pytest.param(
        "env: {A: {secretKeyRef: s/k}}", "env: {A: {secretKeyRef: {optional: true}}}",
        "env: {A: {secretKeyRef: {name: s, key: k, optional: true}}}", id="the same source merges",
    ),
    pytest.param("ports: {m: 9100}", "ports: {m: 9101}", "ports: {m: 9101}", id="a port's short form over another"),
    pytest.param(
        "ports: {m: 9100/UDP}", "ports: {m: {hostPort: 1}}",
        "ports: {m: {containerPort: 9100, protocol: UDP, hostPort: 1}}", id="short forms are expanded first",
    ),
    pytest.param("ports: {m: 514/UDP}", "ports: {m: 9100}", "ports: {m: {containerPort: 9100, protocol: UDP}}", id="port"),
    pytest.param("mounts: {/a: v:ro}", "mounts: {/a: w}", "mounts: {/a: {name: w, readOnly: true}}", id="mount"),
    pytest.param("mounts: {/a: {hostPath: /x}}", "mounts: {/a: {emptyDir: {}}}", "mounts: {/a: {emptyDir: {}}}", id="source"),
    pytest.param("volumeMounts: {/a: v}", "mounts: {/b: w}", "mounts: {/a: v, /b: w}", id="two names of one thing"),
    pytest.param("args: [a]", "args+: [b]", "args: [a, b]", id="args append"),
    pytest.param("args: [a]", "args+: [a]", "args: [a, a]", id="args are no set"),
    pytest.param("image: x", "args+: [a]", "image: x\nargs: [a]", id="nothing to append to"),
    pytest.param("args+: [a]", "args+: [b]", "args: [a, b]", id="the lowest + is the plain key"),
    pytest.param("command: [a]", "command+: [a, b]", "command: [a, a, b]", id="command appends"),
    pytest.param("envFrom: [{secretRef: a}]", "envFrom+: [{secretRef: a}, {secretRef: b}]",
                 "envFrom: [{secretRef: a}, {secretRef: b}]", id="envFrom is a set"),
    pytest.param("securityContext: {capabilities: {add: [A], drop: [ALL]}}",
                 "securityContext: {capabilities: {add+: [A, B]}}",
                 "securityContext: {capabilities: {add: [A, B], drop: [ALL]}}", id="capabilities are a set"),
    pytest.param("livenessProbe: {httpGet: m/a, periodSeconds: 5}", "livenessProbe: {exec: [x]}",
                 "livenessProbe: {periodSeconds: 5, exec: [x]}", id="one handler of a probe"),
    pytest.param("livenessProbe: {httpGet: m/a}", "livenessProbe: {httpGet: m/b}",
                 "livenessProbe: {httpGet: m/b}", id="the same handler merges"),
    pytest.param("livenessProbe: {httpGet: m/a}", "livenessProbe: {periodSeconds: 5}",
                 "livenessProbe: {httpGet: m/a, periodSeconds: 5}", id="beside a handler"),
    pytest.param("livenessProbe: {httpGet: m/a}", "livenessProbe: {exec: ~}",
                 "livenessProbe: {httpGet: m/a}", id="null for another handler removes none"),
    pytest.param("lifecycle: {preStop: {exec: [x]}}", "lifecycle: {preStop: {sleep: {seconds: 5}}}",
                 "lifecycle: {preStop: {sleep: {seconds: 5}}}", id="one handler of a hook"),
    pytest.param("resources: {requests: {cpu: 1}}", "resources: {requests: {memory: 1Gi}, limits: {cpu: 2}}",
                 "resources: {requests: {cpu: 1, memory: 1Gi}, limits: {cpu: 2}}", id="resources merge deeply"),
    pytest.param("livenessProbe: {tcpSocket: 80}", "livenessProbe: ~", "{}", id="null removes a probe"),
]  # fmt: skip


@pytest.mark.parametrize(("lower", "upper", "single"), CONTAINERS)
def test_containers(lower: str, upper: str, single: str) -> None:
    expected = "containers: {agent: {}}" if single == "{}" else container(single)
    same(container(lower), container(upper), expected)


NODES = [
    pytest.param("tolerate: [all]", "tolerate+: [control-plane]", "tolerate: [all, control-plane]", id="tolerate appends"),
    pytest.param("tolerate: [gpu]", 'tolerate+: ["gpu"]', "tolerate: [gpu]", id="tolerate is a set"),
    pytest.param("tolerate: [all]", "tolerate+: [{operator: Exists}]", "tolerate: [all]", id="equal in the long form"),
    pytest.param("os: linux", "tolerate+: [all]", "os: linux\ntolerate: [all]", id="nothing to append to"),
    pytest.param("select: {a: x}", "select: {b: y}", "select: {a: x, b: y}", id="select merges"),
    pytest.param('require: ["a=x"]', 'require+: ["b=y"]', 'require: ["a=x", "b=y"]', id="require+ adds a condition"),
    pytest.param('require: ["a=x"]', 'require+: ["a=x"]', 'require: ["a=x"]', id="require is a set"),
    pytest.param('require: [["a=x"], [b]]', 'require+: ["c=z"]', 'require: [["a=x", "c=z"], [b, "c=z"]]', id="to all below"),
    pytest.param(
        'require: [["a=x"], [b]]', "require+: [[c], [d]]", 'require: [["a=x", c], ["a=x", d], [b, c], [b, d]]',
        id="alternatives above",
    ),
    pytest.param("os: linux", 'require+: ["c=z"]', 'os: linux\nrequire: ["c=z"]', id="no requirement below"),
    pytest.param("arch: amd64", "arch+: [arm64, amd64]", "arch: [amd64, arm64]", id="arch appends, a set"),
    pytest.param("os: [linux]", "os+: windows", "os: [linux, windows]", id="os appends"),
    pytest.param("require: []", "require+: [c]", "require: [c]", id="an empty requirement below"),
    pytest.param("require: [[a], [b]]", "require+: []", "require: [[a], [b]]", id="nothing to require"),
    pytest.param("require: {nodeSelectorTerms: []}", "require+: [c]", "require: [c]", id="no terms below"),
    pytest.param("tolerate: [all, gpu]", "tolerate: [gpu, all]", "tolerate: [gpu, all]", id="a list replaces"),
    pytest.param("tolerate: [all]", "tolerate: ~", "{}", id="null removes a list"),
]  # fmt: skip


@pytest.mark.parametrize(("lower", "upper", "single"), NODES)
def test_nodes(lower: str, upper: str, single: str) -> None:
    same(nodes(lower), nodes(upper), "nodes: {}" if single == "{}" else nodes(single))


VOLUMES = [
    pytest.param("volumes: {a: {hostPath: /a}}", "volumes: {a: {emptyDir: {}}}", "volumes: {a: {emptyDir: {}}}", id="source"),
    pytest.param("volumes: {a: {hostPath: /a}}", "volumes: {a: {hostPath: {type: File}}}",
                 "volumes: {a: {hostPath: {path: /a, type: File}}}", id="the same source merges"),
    pytest.param("volumes: [{name: a, hostPath: /a}]", "volumes: {b: {hostPath: /b}}",
                 "volumes: {a: {hostPath: /a}, b: {hostPath: /b}}", id="a list is brought to names"),
    pytest.param("volumes: {a: {hostPath: /a}}", "volumes: {a: ~}", "{}", id="null removes a volume"),
]  # fmt: skip


@pytest.mark.parametrize(("lower", "upper", "single"), VOLUMES)
def test_volumes(lower: str, upper: str, single: str) -> None:
    same(lower, upper, single)


@pytest.mark.parametrize(
    ("lower", "upper", "single"),
    [
        ("update: {maxUnavailable: 1}", "update: {maxSurge: 2}", "update: {maxSurge: 2}"),
        ("update: {maxUnavailable: 1}", "updateStrategy: {type: OnDelete}", "update: OnDelete"),
        ("selector: {a: x}", "selector: {b: y}", "selector: {b: y}"),
        ("selector: {a: x}", "selector: [b]", "selector: [b]"),
        ("selector: {a: x}", "selector: {matchLabels: {b: y}}", "selector: {b: y}"),
    ],
)
def test_update_and_selector_are_replaced_whole(lower: str, upper: str, single: str) -> None:
    same(lower, upper, single)


def test_what_loses_its_last_entry_is_not_written() -> None:
    base = """
        name: agent
        nodes: {select: {a: b}}
        volumes: {v: {emptyDir: {}}}
        containers:
          agent:
            image: x
            env: {A: b}
            ports: {metrics: 9100}
            mounts: {/a: {hostPath: /a}}
            resources: {limits: {memory: 1Gi}}
        """
    taken = """
        extends: ./base.yaml
        nodes: {select: {a: null}}
        volumes: {v: null}
        containers:
          agent: {env: {A: null}, ports: {metrics: null}, mounts: {/a: null}, resources: {limits: {memory: null}}}
        """
    pod = daemonset(taken, {"base.yaml": base})["spec"]["template"]["spec"]
    assert pod == {"containers": [{"name": "agent", "image": "x", "resources": {}}]}


def test_removed_and_stated_anew_it_goes_last() -> None:
    result, _ = merged("labels: {a: x, b: y}", "labels: {a: ~}", "labels: {a: z}")
    assert written(result) == written(merged("labels: {b: y, a: z}")[0])


def test_three_layers_append_in_their_order() -> None:
    result, _ = merged(container("args: [a]"), container("args+: [b]"), container("args+: [c]"))
    assert plain(result)["containers"]["agent"]["args"] == ["a", "b", "c"]  # type: ignore[index]


class TestStar:
    """In each layer the container `"*"` comes first, for every container of its group, and then the container itself."""

    def agent(self, *layers: str, group: str = "containers") -> object:
        result, problems = merged(*layers)
        assert not problems
        value = plain(result)
        assert isinstance(value, dict)
        assert "*" not in value[group]
        return value[group]

    def test_beneath_every_container(self) -> None:
        star = 'containers: {"*": {image: i, env: {A: x}}, a: {env: {A: y}}, b: {}}'
        assert self.agent(star) == {
            "a": {"image": "i", "env": {"A": {"value": "y"}}},
            "b": {"image": "i", "env": {"A": {"value": "x"}}},
        }

    def test_of_an_upper_layer_lies_over_containers_of_a_lower_one(self) -> None:
        assert self.agent("containers: {a: {image: i}}", 'containers: {"*": {image: j, tty: true}}') == {
            "a": {"image": "j", "tty": True}
        }

    def test_of_an_upper_layer_lies_beneath_containers_of_its_own(self) -> None:
        assert self.agent("containers: {a: {image: i}}", 'containers: {"*": {image: j}, a: {image: k}}') == {
            "a": {"image": "k"}
        }

    def test_of_a_lower_layer_holds_for_a_container_that_an_upper_one_adds(self) -> None:
        layers = ('containers: {"*": {tty: true, image: i}}', "containers: {a: {image: j}, b: {}}")
        assert self.agent(*layers) == {"a": {"tty": True, "image": "j"}, "b": {"tty": True, "image": "i"}}

    def test_brings_back_no_container(self) -> None:
        layers = ("containers: {a: {image: i}, b: {image: i}}", "containers: {a: ~}", 'containers: {"*": {tty: true}}')
        assert self.agent(*layers) == {"b": {"image": "i", "tty": True}}

    def test_a_container_stated_anew(self) -> None:
        """What lower layers say of it is gone; what they say of all containers is not."""
        layers = (
            'containers: {"*": {tty: true}, a: {image: i, stdin: true}, b: {}}',
            "containers: {a: ~}",
            "containers: {a: {image: j}}",
        )
        assert self.agent(*layers) == {"b": {"tty": True}, "a": {"tty": True, "image": "j"}}
        assert list(self.agent(*layers)) == ["b", "a"]  # type: ignore[call-overload]

    def test_takes_away(self) -> None:
        layers = ("containers: {a: {env: {A: x, B: y}, tty: true}}", 'containers: {"*": {env: {A: ~}, tty: ~}}')
        assert self.agent(*layers) == {"a": {"env": {"B": {"value": "y"}}}}

    def test_appends(self) -> None:
        layers = ("containers: {a: {args: [x]}, b: {}}", 'containers: {"*": {args+: [y]}, a: {args+: [z]}}')
        assert self.agent(*layers) == {"a": {"args": ["x", "y", "z"]}, "b": {"args": ["y"]}}

    def test_variables_keep_their_places(self) -> None:
        layers = ("containers: {a: {env: {A: x, B: y}}}", 'containers: {"*": {env: {B: z, C: z}}}')
        made: Any = self.agent(*layers)
        assert list(made["a"]["env"].items()) == [
            ("A", {"value": "x"}),
            ("B", {"value": "z"}),
            ("C", {"value": "z"}),
        ]

    def test_containers_taken_away_all_at_once(self) -> None:
        layers = ('containers: {"*": {tty: true}, a: {}}', "containers: ~", "containers: {a: {image: i}}")
        assert self.agent(*layers) == {"a": {"image": "i"}}

    def test_the_profile_keeps_the_order_of_its_keys(self) -> None:
        layers = 'name: x\ncontainers: {"*": {tty: true}, a: {image: i}}\nhostPID: true'
        assert list(plain(merged(layers)[0])) == ["name", "containers", "hostPID"]  # type: ignore[call-overload]

    def test_not_beneath_the_other_group(self) -> None:
        layers = 'containers: {"*": {tty: true}, a: {image: i}}\ninitContainers: {b: {image: i}}'
        assert self.agent(layers) == {"a": {"tty": True, "image": "i"}}
        assert plain(merged(layers)[0])["initContainers"] == {"b": {"image": "i"}}  # type: ignore[index]

    def test_a_container_may_append(self) -> None:
        assert self.agent('containers: {"*": {args: [a]}, a: {args+: [b]}}') == {"a": {"args": ["a", "b"]}}

    def test_appending_in_several_layers(self) -> None:
        lower, upper = 'containers: {"*": {args: [a]}, a: {args+: [b]}}', "containers: {a: {args+: [c]}}"
        assert self.agent(lower, upper) == {"a": {"args": ["a", "b", "c"]}}

    def test_a_plain_list_replaces_what_was_appended(self) -> None:
        result, problems = merged("containers: {a: {args+: [b], tty: true}}", "containers: {a: {args: [c]}}")
        assert written(result) == written(merged("containers: {a: {args: [c], tty: true}}")[0])
        assert [problem.code for problem in problems] == ["replaced-list"]

    def test_deep_inside_a_container(self) -> None:
        star = "{securityContext: {capabilities: {add: [A]}}}"
        layer = f'containers: {{"*": {star}, a: {{securityContext: {{capabilities: {{add+: [B]}}}}}}}}'
        assert self.agent(layer) == {"a": {"securityContext": {"capabilities": {"add": ["A", "B"]}}}}

    def test_a_container_may_take_away(self) -> None:
        assert self.agent('containers: {"*": {tty: true, env: {A: x}}, a: {tty: ~, env: {A: ~, B: y}}}') == {
            "a": {"env": {"B": {"value": "y"}}}
        }

    def test_null_above_hides_the_star_below(self) -> None:
        """What an upper layer takes away stays away, even where the star states it."""
        assert self.agent('containers: {"*": {tty: true}, a: {stdin: true}}', "containers: {a: {tty: ~}}") == {
            "a": {"stdin": True}
        }

    def test_one_of_removes_what_the_star_states(self) -> None:
        star = 'containers: {"*": {livenessProbe: {httpGet: m/x, periodSeconds: 3}}, a: {livenessProbe: {exec: [x]}}}'
        assert self.agent(star) == {"a": {"livenessProbe": {"periodSeconds": 3, "exec": {"command": ["x"]}}}}

    def test_removed(self) -> None:
        assert self.agent('containers: {"*": {tty: true}, a: {}}', 'containers: {"*": ~}') == {"a": {}}

    def test_problems_stand_at_the_star(self) -> None:
        result = made('name: agent\ncontainers:\n  "*":\n    image: x\n    tty: maybe\n  a: {}\n')
        assert [(problem.line, problem.column) for problem in result.problems] == [(5, 10)]


class TestListReplaced:
    """A plain list that drops entries of a lower layer is a warning."""

    @pytest.mark.parametrize(
        ("lower", "upper", "warned"),
        [
            ("args: [a, b]", "args: [b]", True),
            ("args: [a, b]", "args: [b, a]", False),
            ("args: [a]", "args: [a, b]", False),
            ("args: [a]", "args: []", True),
            ("args: []", "args: [a]", False),
            ("args: [a]", "args: ~", False),
            ("args: [a]", "args+: [b]", False),
            ("args: [9100]", 'args: ["9100"]', False),
            ("args: [--v=2, b]", "args: [b, --v=4]", False),
            ("args: [--v=2, b]", "args: [b, -v=4]", True),
            ("args: [--v=2, b]", "args: [b, --v]", True),
            ("args: [--set=a, --set=b]", "args: [--set=c]", True),
            ("args: [--set=a, --set=b]", "args: [--set=c, --set=b]", False),
            ("args: [v=2]", "args: [v=4]", True),
        ],
    )
    def test_warning(self, lower: str, upper: str, warned: bool) -> None:
        _, problems = merged(container(lower), container(upper))
        assert [(problem.code, problem.severity) for problem in problems] == [("replaced-list", "warning")] * warned

    @pytest.mark.parametrize(
        ("lower", "upper", "lost"),
        [
            ("[a, b]", "[b, c, a]", ""),
            ("[a, b]", "[a]", "1 of its 2"),
            ("[a, b]", "[]", "2 of its 2"),
            ("[]", "[a]", ""),
            ("[a, b]", "[[a], [b]]", "2 of its 2"),
            ("[[a], [b]]", "[[b], [a]]", ""),
            ("[[a], [b]]", "[a, b]", "2 of its 2"),
        ],
    )
    def test_requirements_count_singly(self, lower: str, upper: str, lost: str) -> None:
        _, problems = merged(nodes(f"require: {lower}"), nodes(f"require: {upper}"))
        assert [problem.message for problem in problems] == (
            [f"`require` replaces the list of the layer below and drops {lost} entries"] if lost else []
        )

    @pytest.mark.parametrize("beside", ["", "volumes: [{}, {}]\n", "selector: [nothing]\n"])
    def test_its_path_is_whole(self, beside: str) -> None:
        """Also where the profile has errors, so that nothing is rendered."""
        lower = "name: a\nnodes: {tolerate: [x]}\ncontainers: {a: {image: i, args: [x]}}\n"
        upper = "extends: lower.yaml\nnodes: {tolerate: [y]}\ncontainers: {a: {args: [y]}}\n"
        found = made(upper + beside, {"lower.yaml": lower}).problems
        assert [problem.path for problem in found if problem.code == "replaced-list"] == [
            "nodes.tolerate",
            "containers.a.args",
        ]

    def test_it_stands_at_the_list_and_says_how_many(self) -> None:
        _, (problem,) = merged(nodes("tolerate: [all, gpu]"), nodes("tolerate: [gpu]"))
        assert problem.message == "`tolerate` replaces the list of the layer below and drops 1 of its 2 entries"
        assert (problem.line, problem.column) == (2, 13)


class TestUnnamedLists:
    """Merging onto a list without unique names is an error that says so."""

    @pytest.mark.parametrize(
        ("lower", "upper"),
        [
            ("ports: [{containerPort: 1}]", "ports: {m: 2}"),
            ("ports: {m: 2}", "ports: [{containerPort: 1}]"),
            ("ports: [{containerPort: 1}]", "ports: [{containerPort: 1}]"),
            ("ports: [{name: m, containerPort: 1}, {name: m, containerPort: 2}]", "ports: {m: 2}"),
            ("env: [{name: A, value: x}, {name: A, value: y}]", "env: {A: z}"),
            ("mounts: [{name: v, mountPath: /a}, {name: w, mountPath: /a}]", "mounts: {/a: x}"),
        ],
    )
    def test_refused(self, lower: str, upper: str) -> None:
        _, problems = merged(container(lower), container(upper))
        assert [problem.code for problem in problems] == ["unmergeable-list"]

    def test_containers(self) -> None:
        twice = "containers: [{name: a, image: x}, {name: a, image: y}]"
        assert [problem.code for problem in merged(twice, "containers: {a: {image: z}}")[1]] == ["unmergeable-list"]

    @pytest.mark.parametrize("upper", ["hostNetwork: true", container("tty: true")])
    def test_in_one_layer_only_they_are_fine(self, upper: str) -> None:
        lower = container("ports: [{containerPort: 1}, {containerPort: 2}]")
        _, problems = merged(lower, upper)
        assert problems == []


class TestNullAtTheBottom:
    """In the lowest layer, where nothing lies below, null is an error with a hint."""

    @pytest.mark.parametrize(
        "bottom", ["hostNetwork: ~", "labels: {a: }", container("env: {A: }"), "containers: {a: }", "values: {a: {b: ~}}", nodes("tolerate:")]
    )  # fmt: skip
    def test_refused(self, bottom: str) -> None:
        _, (problem,) = merged(bottom)
        assert problem.code == "forbidden-null-in-lowest-layer"
        assert '`""`' in problem.hint

    def test_of_the_lowest_layer_only(self) -> None:
        _, problems = merged("hostNetwork: true", "hostPID: ~", "hostIPC: ~")
        assert problems == []

    def test_inside_a_container_beside_a_star_it_may_hide_something(self) -> None:
        _, problems = merged('containers: {"*": {tty: true}, a: {tty: ~}}')
        assert problems == []

    def test_a_star_of_an_upper_layer_lies_over_it(self) -> None:
        _, problems = merged("containers: {a: {tty: ~}}", 'containers: {"*": {tty: true}}')
        assert [problem.code for problem in problems] == ["forbidden-null-in-lowest-layer"]

    def test_a_container_that_is_nowhere(self) -> None:
        _, problems = merged('containers: {"*": {tty: true}, a: ~, b: {}}')
        assert [problem.code for problem in problems] == ["forbidden-null-in-lowest-layer"]


def test_problems_of_the_whole_stand_at_the_layer_of_the_leaf() -> None:
    base = "containers: {agent: {image: x, mounts: {/a: nowhere}}}"
    (problem,) = made("name: agent\nextends: ./base.yaml", {"base.yaml": base}).problems
    assert (problem.code, problem.file, problem.line) == ("unknown-volume", "base.yaml", 1)


def test_layers_are_not_changed_by_merging() -> None:
    """A parent is read once, for all the profiles that extend it."""
    texts = [container("args: [a]\nenv: {A: x}"), container("args+: [b]\nenv: {A: ~, B: y}")]
    layers = [long_form(layer(text)) for text in texts]
    before = [written(each) for each in layers]
    for _ in range(2):
        merge_all(layers, list[Problem]().append)
    assert [written(each) for each in layers] == before


def test_in_the_end_the_manifest_is_merged_by_the_same_rules() -> None:
    profile = dedent(
        """
        name: agent
        containers: {agent: {image: x, env: {A: x}, args: [a]}, other: {image: y}}
        nodes: {tolerate: [all]}
        manifest:
          metadata: {labels: {app.kubernetes.io/managed-by: ~}}
          spec:
            template:
              spec:
                containers: [{name: agent, env: [{name: B, value: y}], args: [b]}]
                tolerations: [{key: gpu, operator: Exists}]
                hostUsers: false
        """
    )
    made = daemonset(profile)
    spec = made["spec"]["template"]["spec"]
    assert made["metadata"] == {"name": "agent", "labels": {"app.kubernetes.io/name": "agent"}}
    assert spec["containers"] == [
        {
            "name": "agent",
            "image": "x",
            "env": [{"name": "A", "value": "x"}, {"name": "B", "value": "y"}],
            "args": ["b"],
        },
        {"name": "other", "image": "y"},
    ]
    assert spec["tolerations"] == [{"key": "gpu", "operator": "Exists"}]
    assert spec["hostUsers"] is False
