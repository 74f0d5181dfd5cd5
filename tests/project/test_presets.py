"""The presets: each is right, says so at its head, and meets the Pod Security level that it claims."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import dsgen
from dsgen.cli import main
from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.pod_security import LEVELS, level
from dsgen.plain import plain
from dsgen.project import shipped
from dsgen.project.presets import presets, read
from dsgen.tree import Map

PRESETS = {preset.name: preset for preset in presets()}
# What no project releases has no version. The tag of the last image of Gluster spells its version in another way.
WITHOUT_VERSION = {"agent", "node-tuner"}
SPELT_OTHERWISE = {"glusterfs"}


@cache
def made(name: str) -> tuple[dsgen.Object, ...]:
    return dsgen.render(dsgen.load(shipped.profiles()[name]))


def trees(name: str, kind: str) -> list[Map]:
    return [read_first(each.text).root for each in made(name) if each.kind == kind]


@pytest.mark.parametrize("name", PRESETS)
class TestEach:
    def test_nothing_is_wrong_with_it(self, name: str) -> None:
        assert dsgen.validate(dsgen.load(shipped.profiles()[name])) == []

    def test_its_first_line(self, name: str) -> None:
        """It is a line of `dsgen presets`."""
        preset = PRESETS[name]
        assert preset.text.startswith(f"# {preset.summary}\n#\n")
        assert len(preset.summary) <= 118
        assert preset.about.endswith(".")

    def test_its_changes(self, name: str) -> None:
        """The newest is first; its page lists them."""
        versions = [tuple(map(int, version.split("."))) for version in PRESETS[name].changes]
        assert versions == sorted(versions, reverse=True)
        page = (Path(__file__).parents[2] / f"docs/presets/{name}.md").read_text("utf-8")
        for version, change in PRESETS[name].changes.items():
            assert change.endswith(".")
            assert f"- dsgen {version}: {change}\n" in page

    def test_its_version_is_that_of_an_image(self, name: str) -> None:
        preset = PRESETS[name]
        assert bool(preset.version) == (name not in WITHOUT_VERSION)
        spec = plain(trees(name, "DaemonSet")[0])["spec"]["template"]["spec"]  # type: ignore[index]
        tags = [each["image"] for each in spec["containers"]]
        assert name in SPELT_OTHERWISE or any(preset.version.removeprefix("v") in tag for tag in tags)

    def test_every_image_is_pinned(self, name: str) -> None:
        spec = plain(trees(name, "DaemonSet")[0])["spec"]["template"]["spec"]  # type: ignore[index]
        for container in (*spec.get("initContainers", ()), *spec["containers"]):
            tag = container["image"].rpartition("/")[2].partition(":")[2]
            assert tag not in ("", "latest"), container["image"]

    def test_its_pod_security_level(self, name: str) -> None:
        """The head says it, the pods meet it, and the Namespace enforces it where the preset makes one."""
        said = PRESETS[name].level
        assert said in LEVELS
        assert [level(each) for each in trees(name, "DaemonSet")] == [said]
        for namespace in trees(name, "Namespace"):
            labels = plain(namespace)["metadata"]["labels"]  # type: ignore[index]
            assert labels["pod-security.kubernetes.io/enforce"] == said


def test_no_two_make_one_object() -> None:
    """A project may take them all."""
    found = [
        (each.kind, metadata.get("namespace"), each.name)
        for name, preset in PRESETS.items()
        if "\nname: " in preset.text  # the others only exchange the output of one of these
        for each in made(name)
        for metadata in [each.tree["metadata"]]
    ]
    assert sorted(map(str, found)) == sorted(map(str, set(found)))


HEAD = """\
# Project v1.2, agent: does this.
#
# Needs from the node: one thing,
# and another.
# Pod Security: baseline, for a capability
# Change: the address
# Change: the secret
# Differs from the chart, version 2: this and: that
"""


def test_a_head_is_read() -> None:
    preset = read("agent", f"{HEAD}\nname: agent\n# not of the head\n")
    assert (preset.summary, preset.project, preset.version) == (
        "Project v1.2, agent: does this.",
        "Project, agent",
        "v1.2",
    )
    assert (preset.about, preset.needs) == ("does this.", "one thing, and another.")
    assert (preset.level, preset.security) == ("baseline", "baseline, for a capability")
    assert preset.change == ("the address", "the secret")
    assert preset.differs == {"the chart, version 2": "this and: that"}
    assert preset.body == "name: agent\n# not of the head\n"


@pytest.mark.parametrize("label", ["Needs from the node", "Pod Security", "Change", "Differs from"])
def test_a_head_that_lacks_something(label: str) -> None:
    with pytest.raises(ValueError, match="agent: "):
        read("agent", HEAD.replace(f"# {label}", "# Of something else"))


@pytest.mark.parametrize(
    "text", ["", "name: agent\n", HEAD.replace(": does", " does"), HEAD.replace("#\n", "# Well.\n")]
)
def test_a_head_that_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="agent: "):
        read("agent", text)


# A cluster has one of them, or their agents look for a config map, an account or a service by a fixed name.
WITH_FIXED_NAMES = {"calico-node", "cilium", "haproxy-ingress", "node-local-dns"}


def in_project(tmp_path: Path, profiles: dict[str, str]) -> Result:
    """Return what `dsgen generate` says of a project with these profiles."""
    (tmp_path / "profiles").mkdir()
    (tmp_path / "dsgen.yaml").write_text('kubernetes: "1.37"\n')
    for name, text in profiles.items():
        (tmp_path / f"profiles/{name}.yaml").write_text(text)
    return CliRunner().invoke(main, ["-C", str(tmp_path), "generate", "--jobs", "1"])


def test_two_agents_of_each_preset_are_side_by_side(tmp_path: Path) -> None:
    profiles = {
        f"{name}-{each}": f"extends: {name}\nname: {name}-{each}\n" for name in PRESETS for each in ("one", "two")
    }
    found = in_project(tmp_path, profiles)
    wrong = {line.partition(".yaml")[0] for line in found.stderr.splitlines() if "error:" in line}
    assert wrong == {f"profiles/{name}-two" for name in WITH_FIXED_NAMES}


def test_400_agents_over_one_preset(tmp_path: Path) -> None:
    profiles = {f"logs-{i}": f"extends: fluent-bit\nname: logs-{i}\n" for i in range(400)}
    found = in_project(tmp_path, profiles)
    assert (found.exit_code, "error" in found.stderr) == (0, False)
    assert len(list((tmp_path / "out").glob("logs-*/configmap-logs-*.yaml"))) == 400


@pytest.mark.parametrize("name", ["node-exporter", "windows-exporter"])
def test_another_port_is_set_once(name: str) -> None:
    """Nothing of the agent still has the former number, and its flag and its probes have the new one."""
    (spec,) = [each.map("spec", "template", "spec") for each in trees(name, "DaemonSet")]
    (port,) = spec.maps("containers")[0].maps("ports")
    profile = f"extends: {name}\nname: other\ncontainers: {{{name}: {{ports: {{metrics: 19101}}}}}}\n"
    texts = [each.text for each in dsgen.render(dsgen.loads(profile))]
    (daemonset,) = [text for text in texts if "kind: DaemonSet" in text]
    assert str(port["containerPort"]) not in daemonset
    assert "--web.listen-address=:$(METRICS_PORT)" in daemonset
    assert 'value: "19101"' in daemonset
    assert "containerPort: 19101" in daemonset
