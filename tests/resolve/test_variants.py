"""Variants: the DaemonSets that a profile with some becomes, that none of them shares a node, and what they share."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsgen.kubernetes.scheduling import node_sets
from dsgen.kubernetes.scheduling.placement import Node, Placement, Taint
from dsgen.kubernetes.schema.decode import decode
from dsgen.plain import plain
from dsgen.problem import has_errors
from dsgen.resolve.variants.disjoint import MAX_OVERLAPS
from dsgen.resolve.variants.layers import MAX_VARIANTS
from tests.factories import made, made_in

PROFILE = """
name: agent
namespace: {name: platform, create: true}
labels: {team: infra}
nodes: {tolerate: [control-plane], require: ["!virtual"]}
containers:
  agent: {image: x, args: [--a], env: {LEVEL: info}, ports: {metrics: 9100}, resources: {requests: {cpu: 100m}}}
configMaps: {agent-config: {data: {a: b}}}
service: {ports: [metrics]}
podMonitor: {port: metrics}
networkPolicy: {ingress: [{ports: [{port: metrics}]}]}
variants:
  large:
    nodes: {require+: ["pool in (large)"]}
    containers: {agent: {args+: [--b], env: {LEVEL: null}, resources: {requests: {cpu: 500m}}}}
    update: OnDelete
  default:
    nodes: {rest: true}
"""


def objects(profile: str, environment: str | None = None) -> dict[str, Any]:
    """Return what a profile makes without errors, by kind and name."""
    result = made(profile) if environment is None else made_in(environment, profile)
    assert not has_errors(result.problems), result.problems
    return {f"{each.kind} {each.name}": plain(each.tree) for each in result.objects}


def terms(daemonset: Any) -> Any:
    affinity = daemonset["spec"]["template"]["spec"]["affinity"]["nodeAffinity"]
    return affinity["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]


NOT_VIRTUAL = {"key": "virtual", "operator": "DoesNotExist"}


class TestWhatIsMade:
    def test_companions_are_made_once(self) -> None:
        assert list(objects(PROFILE)) == [
            "Namespace platform", "ConfigMap agent-config", "NetworkPolicy agent", "Service agent", "DaemonSet agent-large",
            "DaemonSet agent-default", "PodMonitor agent",
        ]  # fmt: skip

    def test_names_and_labels(self) -> None:
        large = objects(PROFILE)["DaemonSet agent-large"]
        pods = {"app.kubernetes.io/name": "agent", "dsgen.dev/variant": "large"}
        assert large["metadata"]["labels"] == {**pods, "app.kubernetes.io/managed-by": "dsgen", "team": "infra"}
        assert large["metadata"]["namespace"] == "platform"
        assert large["spec"]["selector"] == {"matchLabels": pods}
        assert large["spec"]["template"]["metadata"]["labels"] == pods

    def test_companions_select_all_of_them(self) -> None:
        made = objects(PROFILE)
        labels = {"app.kubernetes.io/name": "agent"}
        assert made["Service agent"]["spec"]["selector"] == labels
        assert made["PodMonitor agent"]["spec"]["selector"] == {"matchLabels": labels}
        assert made["NetworkPolicy agent"]["spec"]["podSelector"] == {"matchLabels": labels}
        assert made["Service agent"]["metadata"]["labels"] == {
            "app.kubernetes.io/name": "agent", "app.kubernetes.io/managed-by": "dsgen", "team": "infra",
        }  # fmt: skip

    def test_the_variant_is_the_last_layer(self) -> None:
        made = objects(PROFILE)
        large, default = (made[f"DaemonSet agent-{name}"]["spec"] for name in ("large", "default"))
        container = large["template"]["spec"]["containers"][0]
        assert (container["args"], "env" in container) == (["--a", "--b"], False)
        assert container["resources"] == {"requests": {"cpu": "500m"}}
        assert (large["updateStrategy"], "updateStrategy" in default) == ({"type": "OnDelete"}, False)
        assert default["template"]["spec"]["containers"][0]["args"] == ["--a"]

    def test_the_rest_is_added_to_the_profiles_own_conditions(self) -> None:
        made = objects(PROFILE)
        large = {"key": "pool", "operator": "In", "values": ["large"]}
        assert terms(made["DaemonSet agent-large"]) == [{"matchExpressions": [NOT_VIRTUAL, large]}]
        assert terms(made["DaemonSet agent-default"]) == [
            {"matchExpressions": [NOT_VIRTUAL, {**large, "operator": "NotIn"}]}
        ]

    def test_a_hash_of_the_configuration_is_on_every_pod(self) -> None:
        found = {
            plain["spec"]["template"]["metadata"]["annotations"]["checksum/agent-config"]
            for name, plain in objects(PROFILE).items()
            if name.startswith("DaemonSet")
        }
        assert len(found) == 1

    @pytest.mark.parametrize(
        ("stated", "name", "selector"),
        [
            pytest.param("name: old", "old", {"app.kubernetes.io/name": "agent", "dsgen.dev/variant": "large"}, id="name"),
            pytest.param("selector: {app: old}", "agent-large", {"app": "old"}, id="selector"),
            pytest.param("name: old, selector: {app: old}", "old", {"app": "old"}, id="both"),
        ],
    )  # fmt: skip
    def test_what_runs_already_can_be_adopted(self, stated: str, name: str, selector: dict[str, str]) -> None:
        profile = f"""
            name: agent
            containers: {{agent: {{image: x}}}}
            variants:
              large: {{{stated}, nodes: {{select: {{pool: large}}}}}}
              default: {{nodes: {{rest: true}}}}
        """
        made = objects(profile)
        assert list(made) == [f"DaemonSet {name}", "DaemonSet agent-default"]
        spec = made[f"DaemonSet {name}"]["spec"]
        assert spec["selector"] == {"matchLabels": selector}
        assert spec["template"]["metadata"]["labels"] == selector
        labelled = "dsgen.dev/variant" in selector
        assert ("dsgen.dev/variant" in made[f"DaemonSet {name}"]["metadata"]["labels"]) == labelled

    def test_a_service_selects_by_what_all_pods_share(self) -> None:
        profile = """
            name: agent
            podLabels: {tier: node}
            containers: {agent: {image: x, ports: {metrics: 9100}}}
            service: {ports: [metrics]}
            variants:
              large: {selector: {app: old}, nodes: {select: {pool: large}}}
              default: {nodes: {rest: true}}
        """
        assert objects(profile)["Service agent"]["spec"]["selector"] == {"tier": "node"}

    def test_a_selector_of_the_profile_is_that_of_its_variants_too(self) -> None:
        profile = """
            name: agent
            selector: {app: agent}
            containers: {agent: {image: x}}
            variants: {large: {nodes: {select: {pool: large}}}, default: {nodes: {rest: true}}}
        """
        spec = objects(profile)["DaemonSet agent-default"]["spec"]
        assert spec["selector"] == {"matchLabels": {"app": "agent", "dsgen.dev/variant": "default"}}

    def test_every_variant_may_state_what_the_profile_lacks(self) -> None:
        profile = """
            name: agent
            containers: {agent: {env: {A: b}}}
            variants:
              old: {nodes: {select: {pool: old}}, containers: {agent: {image: "x:1"}}}
              new: {nodes: {rest: true}, containers: {agent: {image: "x:2"}}}
        """
        made = objects(profile)
        images = [each["spec"]["template"]["spec"]["containers"][0]["image"] for each in made.values()]
        assert images == ["x:1", "x:2"]

    APART = """
        name: agent
        podLabels: {all: agents}
        configMaps: {settings: {data: {a: b}}}
        service: {ports: [{port: 80, targetPort: 9100}]}
        variants:
          default: {name: agent, selector: {app: agent}, nodes: {os: linux}, containers: {agent: {image: "x:1"}}}
          win: {name: agent-win, selector: {app: win}, nodes: {os: windows}, containers: {agent-win: {image: "x:2"}}}
    """

    def test_they_need_no_container_in_common(self) -> None:
        made = objects(self.APART)
        names = {
            key: [each["name"] for each in root["spec"]["template"]["spec"]["containers"]]
            for key, root in made.items()
            if key.startswith("DaemonSet")
        }
        assert names == {"DaemonSet agent": ["agent"], "DaemonSet agent-win": ["agent-win"]}
        assert made["Service agent"]["spec"]["selector"] == {"all": "agents"}
        assert "ConfigMap settings" in made

    def test_each_needs_a_container(self) -> None:
        profile = self.APART.replace(', containers: {agent-win: {image: "x:2"}}', "")
        (problem,) = made(profile).problems
        assert (problem.code, problem.message) == ("missing-key", "the variant `win` has no containers")
        assert problem.hint == "add `containers: {NAME: {image: …}}`"
        assert problem.line == 8

    def test_one_problem_if_none_has_a_container(self) -> None:
        profile = self.APART.replace(', containers: {agent-win: {image: "x:2"}}', "")
        (problem,) = made(profile.replace(', containers: {agent: {image: "x:1"}}', "")).problems
        assert (problem.message, problem.line) == ("the profile has no containers", 2)

    def test_no_variants_are_the_profile_itself(self) -> None:
        plain_profile = "name: agent\ncontainers: {agent: {image: x}}\n"
        assert objects(f"{plain_profile}variants: {{}}\n") == objects(plain_profile)


class TestLayers:
    """What layers state of variants merges by the rules of layers."""

    def test_an_environment_changes_one(self) -> None:
        environment = """
            all: {containers: {agent: {args+: [--all]}}}
            overrides:
              agent:
                variants:
                  large: {nodes: {require+: ["size=l"]}, containers: {agent: {args+: [--c], env: {NEW: 1}}}}
        """
        made = objects(PROFILE, environment)
        large = made["DaemonSet agent-large"]
        container = large["spec"]["template"]["spec"]["containers"][0]
        assert container["args"] == ["--a", "--all", "--b", "--c"]
        assert container["env"] == [{"name": "NEW", "value": "1"}]
        assert [each["key"] for each in terms(large)[0]["matchExpressions"]] == ["virtual", "pool", "size"]
        assert len(terms(made["DaemonSet agent-default"])) == 2

    def test_its_star_is_a_later_layer(self) -> None:
        profile = """
            name: agent
            containers: {a: {image: x, tty: true, env: {A: 1, B: 1}}}
            variants:
              large: {nodes: {select: {pool: large}}, containers: {"*": {tty: false, env: {B: 2, C: 2}}}}
              default: {nodes: {rest: true}}
        """
        (large,) = objects(profile)["DaemonSet agent-large"]["spec"]["template"]["spec"]["containers"]
        env = [(each["name"], each["value"]) for each in large["env"]]
        assert (large["tty"], env) == (False, [("A", "1"), ("B", "2"), ("C", "2")])
        (rest,) = objects(profile)["DaemonSet agent-default"]["spec"]["template"]["spec"]["containers"]
        assert rest["tty"]

    def test_the_star_of_an_environment_wins_over_its_container(self) -> None:
        profile = """
            name: agent
            containers: {a: {image: x}, b: {image: x}}
            variants:
              large: {nodes: {select: {pool: large}}, containers: {a: {image: y}, "*": {args: [x]}}}
              default: {nodes: {rest: true}}
        """
        environment = 'overrides: {agent: {variants: {large: {containers: {"*": {image: z}, b: {args+: [y]}}}}}}'
        made = objects(profile, environment)["DaemonSet agent-large"]["spec"]["template"]["spec"]["containers"]
        assert [(each["image"], each["args"]) for each in made] == [("z", ["x"]), ("z", ["x", "y"])]

    def test_taken_away_and_stated_anew(self) -> None:
        profile = """
            name: agent
            extends: ./base.yaml
            variants: {large: {nodes: {select: {pool: big}}}}
        """
        base = """
            name: base
            containers: {a: {image: x}}
            variants: {large: {nodes: {select: {pool: large}}, hostPID: true}}
        """
        between = "variants: {large: null}\nextends: ./base.yaml\n"
        files = {"base.yaml": base, "between.yaml": between}
        result = made(profile.replace("./base.yaml", "./between.yaml"), files)
        (spec,) = (plain(each.tree)["spec"]["template"]["spec"] for each in result.objects)  # type: ignore[index]
        assert spec["nodeSelector"] == {"pool": "big"}
        assert "hostPID" not in spec

    @pytest.mark.parametrize("patch", ["variants: null", "variants: {large: null, default: null}"])
    def test_null_removes_them(self, patch: str) -> None:
        assert "DaemonSet agent" in objects(PROFILE, f"overrides: {{agent: {{{patch}}}}}")

    def test_null_removes_one_and_the_rest_grows(self) -> None:
        made = objects(PROFILE, "overrides: {agent: {variants: {large: null}}}")
        assert terms(made["DaemonSet agent-default"]) == [{"matchExpressions": [NOT_VIRTUAL]}]

    def test_a_plain_list_of_a_later_layer_replaces_what_was_appended(self) -> None:
        environment = "overrides: {agent: {variants: {large: {containers: {agent: {args: [--only]}}}}}}"
        container = objects(PROFILE, environment)["DaemonSet agent-large"]["spec"]["template"]["spec"]["containers"][0]
        assert container["args"] == ["--only"]


@pytest.mark.parametrize("proof", ["overlapping", "uncovered"])
def test_what_cannot_be_proven_is_said(proof: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_long(*given: object) -> object:
        raise node_sets.NotProvenError

    monkeypatch.setattr(f"dsgen.resolve.variants.disjoint.{proof}", too_long)
    assert [problem.code for problem in made(PROFILE).problems if "variants" in problem.code] == ["unproven-variants"]


@pytest.mark.long
@pytest.mark.parametrize("last", ["rest: true", "select: {pool: other}"])
def test_many_variants(last: str) -> None:
    """As many as a profile may have, with an end in sight."""
    some = "".join(f"  v{i}: {{nodes: {{select: {{pool: p{i}}}}}}}\n" for i in range(MAX_VARIANTS - 1))
    profile = f"name: agent\ncontainers: {{agent: {{image: x}}}}\nvariants:\n{some}  last: {{nodes: {{{last}}}}}\n"
    result = made(profile)
    assert len(result.objects) == MAX_VARIANTS
    assert {problem.code for problem in result.problems} <= {"uncovered-nodes"}
    more = made(f"{profile}  more: {{nodes: {{select: {{pool: more}}}}}}\n")
    assert [(problem.code, problem.line) for problem in more.problems] == [("too-many-variants", MAX_VARIANTS + 4)]


@pytest.mark.long
def test_large_variants() -> None:
    values = ", ".join(f"a{i}: b" for i in range(3000))
    some = "".join(f"  v{i}: {{nodes: {{select: {{pool: p{i}}}}}}}\n" for i in range(200))
    found = made(f"name: agent\nvalues: {{{values}}}\ncontainers: {{agent: {{image: x}}}}\nvariants:\n{some}").problems
    assert [(each.code, each.path) for each in found if each.severity == "error"] == [
        ("too-many-variants", "variants.v167")
    ]


def test_of_many_overlaps_some_are_told() -> None:
    profile = (
        "name: agent\ncontainers: {agent: {image: x}}\nvariants: {" + ", ".join(f"v{i}: {{}}" for i in range(40)) + "}"
    )
    assert [problem.code for problem in made(profile).problems] == ["overlapping-variants"] * MAX_OVERLAPS


CONDITIONS = st.sampled_from(
    ["a", "!a", "a=x", "a!=x", "a in (x, y)", "a notin (x, y)", "b=x", "b!=x", "b", "!b", "b in (y)"]
)
NODES = [
    {key: value for key, value in zip("ab", values, strict=True) if value is not None}
    for values in product((None, "x", "y", "z"), repeat=2)
]
# Alternatives, each of a few conditions.
REQUIRED = st.lists(st.lists(CONDITIONS, min_size=1, max_size=2), min_size=1, max_size=2)


def placed(profile: str) -> list[Placement]:
    """Return where the DaemonSets of a profile run."""
    return [Placement(decode(each.tree).root) for each in made(profile).objects if each.kind == "DaemonSet"]


@given(REQUIRED, REQUIRED, st.lists(CONDITIONS, max_size=1))
def test_each_node_runs_just_one(one: list[list[str]], two: list[list[str]], base: list[str]) -> None:
    """With a variant for the rest, on every node that the profile reaches; or dsgen refuses, and there is a node that shows why."""
    base_alone = f"name: agent\nnodes: {{require: {base}}}\ncontainers: {{agent: {{image: x}}}}\n"
    head = f"{base_alone}variants:\n  "
    profile = f"{head}one: {{nodes: {{require+: {one}}}}}\n  two: {{nodes: {{require+: {two}}}}}\n  three: {{nodes: {{rest: true}}}}\n"
    result = made(profile)
    codes = {problem.code for problem in result.problems if problem.severity == "error"}
    if not codes:
        (whole,), every = placed(base_alone), placed(profile)
        for labels in NODES:
            node = Node("n", labels)
            assert sum(each.decide(node).runs for each in every) == int(whole.decide(node).runs), labels
        assert not {problem.code for problem in result.problems} & {"uncovered-nodes", "unproven-variants"}
        return
    assert codes <= {"overlapping-variants", "invalid-variant-rest"}
    if "overlapping-variants" in codes:
        alone = [placed(f"{head}one: {{nodes: {{require+: {each}}}}}") for each in (one, two)]
        assert any(all(each.decide(Node("n", labels)).runs for (each,) in alone) for labels in NODES)


def test_a_taint_is_looked_at() -> None:
    node = Node("n", {"pool": "large"}, (Taint("node-role.kubernetes.io/control-plane", "", "NoSchedule"),))
    assert [each.decide(node).runs for each in placed(PROFILE)] == [True, False]
