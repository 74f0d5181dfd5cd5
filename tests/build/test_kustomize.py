"""What dsgen writes, built by the real Kustomize: alone, and within kubectl."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from benchmarks.peers import CACHE
from dsgen.build.output import kustomization
from dsgen.cli import main

ROOT = Path(__file__).parents[2]
TOOLS = {
    "kustomize": [shutil.which("kustomize") or shutil.which("kustomize", path=str(CACHE)) or "", "build"],
    "kubectl": [shutil.which("kubectl") or "", "kustomize"],
}
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# A share of the folders of the output, and in the long run all.
PARTS = 6
SHARES = pytest.mark.parametrize(
    "share", [pytest.param(share, marks=pytest.mark.long if share else ()) for share in range(PARTS)]
)
AGENT = """
name: {name}
namespace: {{name: agents, create: true}}
containers: {{agent: {{image: "example.com/{name}:1.0", env: {{A: "yes", B: "1e3"}}}}}}
configMaps: {{{name}-config: {{data: {{a: "x: 1"}}}}}}
"""


@pytest.fixture(params=[pytest.param(name, marks=pytest.mark.long) for name in TOOLS])
def tool(request: pytest.FixtureRequest) -> list[str]:
    command = TOOLS[request.param]
    if not command[0]:
        pytest.skip(f"there is no {request.param}")
    return command


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two profiles that make one Namespace alike, in two environments."""
    monkeypatch.chdir(tmp_path)
    for folder in ("profiles", "environments"):
        (tmp_path / folder).mkdir()
    (tmp_path / "dsgen.yaml").write_text("")
    for name in ("one", "on"):
        (tmp_path / f"profiles/{name}.yaml").write_text(AGENT.format(name=name))
    for name in ("prod", "test"):
        (tmp_path / f"environments/{name}.yaml").write_text("")
    generate()
    return tmp_path


def generate() -> None:
    done = CliRunner().invoke(main, ["generate", "-q"])
    assert done.exit_code == 0, done.output


def built(tool: list[str], folder: Path) -> dict[tuple[str, str], Any]:
    done = subprocess.run([*tool, str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return by_name(list(yaml.load_all(done.stdout, LOADER)))


def written(folder: Path) -> dict[tuple[str, str], Any]:
    files = (path for path in folder.rglob("*.yaml") if path.name != kustomization.NAME)
    return by_name([yaml.load(path.read_text(), LOADER) for path in files])


def by_name(objects: list[Any]) -> dict[tuple[str, str], Any]:
    return {(each["kind"], each["metadata"]["name"]): each for each in objects}


@SHARES
def test_every_folder_of_the_output_is_a_base(tool: list[str], share: int) -> None:
    for folder in sorted((ROOT / "out").iterdir())[share::PARTS]:
        assert built(tool, folder) == written(folder), folder


def labelled(objects: dict[tuple[str, str], Any]) -> list[dict[str, str]]:
    """Return patches that add a label to each object, and nothing else; the label is added to the objects too."""
    patches = []
    for each in objects.values():
        place = {key: value for key, value in each["metadata"].items() if key in ("name", "namespace")}
        patch = {"apiVersion": each["apiVersion"], "kind": each["kind"], "metadata": {**place, "labels": {"x": "y"}}}
        patches.append({"patch": json.dumps(patch)})
        each["metadata"].setdefault("labels", {})["x"] = "y"
    return patches


def overlay(folder: Path, base: Path, patches: list[dict[str, str]]) -> Path:
    folder.mkdir(exist_ok=True)
    kustomization = {"resources": [os.path.relpath(base, folder)], "patches": patches}
    (folder / "kustomization.yaml").write_text(json.dumps(kustomization))
    return folder


@SHARES
def test_a_label_over_every_folder_of_the_output(tool: list[str], tmp_path: Path, share: int) -> None:
    for folder in sorted((ROOT / "out").iterdir())[share::PARTS]:
        wanted = written(folder)
        over = overlay(tmp_path / folder.name, folder, labelled(wanted))
        assert built(tool, over) == wanted, folder


PORTS = [
    "53/UDP 53",
    "53 53/UDP",
    "53/UDP 53 9253",
    "9253 53 80/UDP 53/SCTP 53/UDP",
    "53/TCP 53/UDP 80",
    "1/UDP 2 3/SCTP",
]


@pytest.mark.parametrize("ports", PORTS)
def test_a_label_leaves_every_port(tool: list[str], project: Path, ports: str) -> None:
    stated = {f"p{index}": port if "/" in port else int(port) for index, port in enumerate(ports.split())}
    profile = {
        "name": "dns",
        "containers": {"dns": {"image": "x:1", "ports": stated}},
        "initContainers": {
            "first": {"image": "x:1", "restartPolicy": "Always", "ports": {f"i-{k}": v for k, v in stated.items()}}
        },
        "service": {"ports": list(stated)},
    }
    (project / "profiles/dns.yaml").write_text(json.dumps(profile))
    generate()
    wanted = written(project / "out/prod/dns")
    over = overlay(project / "over", project / "out/prod/dns", labelled(wanted))
    found = built(tool, over)
    assert found == wanted
    (container,) = found["DaemonSet", "dns"]["spec"]["template"]["spec"]["containers"]
    assert len(container["ports"]) == len(found["Service", "dns"]["spec"]["ports"]) == len(stated)


def test_a_patch_of_a_port_names_the_protocol_as_the_base_does(tool: list[str], project: Path) -> None:
    """See docs/how-to/use-kustomize.md."""
    (project / "profiles/dns.yaml").write_text(
        "name: dns\ncontainers: {dns: {image: x, ports: {dns: 53/UDP, dns-tcp: 53, metrics: 9253}}}\n"
    )
    generate()
    wanted = written(project / "out/prod/dns")
    (container,) = wanted["DaemonSet", "dns"]["spec"]["template"]["spec"]["containers"]
    ports = [{"containerPort": 53, "protocol": "TCP", "hostPort": 53}, {"containerPort": 9253, "hostPort": 9253}]
    container["ports"][1]["hostPort"], container["ports"][2]["hostPort"] = 53, 9253
    spec = {"template": {"spec": {"containers": [{"name": "dns", "ports": ports}]}}}
    patch = {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "dns"}, "spec": spec}
    over = overlay(project / "over", project / "out/prod/dns", [{"patch": json.dumps(patch)}])
    found = built(tool, over)["DaemonSet", "dns"]["spec"]["template"]["spec"]["containers"][0]["ports"]
    assert sorted(found, key=lambda port: port["name"]) == sorted(container["ports"], key=lambda port: port["name"])


def test_a_patch_that_adds_a_protocol_to_a_number(tool: list[str], project: Path) -> None:
    (project / "profiles/a.yaml").write_text("name: a\ncontainers: {a: {image: x, ports: {metrics: 9100/TCP}}}\n")
    generate()
    spec = {
        "template": {"spec": {"containers": [{"name": "a", "ports": [{"containerPort": 9100, "protocol": "UDP"}]}]}}
    }
    patch = {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "a"}, "spec": spec}
    over = overlay(project / "over", project / "out/prod/a", [{"patch": json.dumps(patch)}])
    ports = built(tool, over)["DaemonSet", "a"]["spec"]["template"]["spec"]["containers"][0]["ports"]
    assert sorted(port["protocol"] for port in ports) == ["TCP", "UDP"]


def test_an_environment_is_built_as_a_whole(tool: list[str], project: Path) -> None:
    whole = built(tool, project / "out/prod")
    assert whole == written(project / "out/prod")
    assert sorted(whole) == [
        ("ConfigMap", "on-config"),
        ("ConfigMap", "one-config"),
        ("DaemonSet", "on"),
        ("DaemonSet", "one"),
        ("Namespace", "agents"),
    ]


def test_when_another_profile_makes_what_they_shared(tool: list[str], project: Path) -> None:
    (project / "profiles/on.yaml").unlink()
    generate()
    assert built(tool, project / "out/prod") == written(project / "out/prod")
    # A profile that was not asked for, and is read from its folder.
    (project / "profiles/one.yaml").write_text(AGENT.format(name="one"))
    (project / "profiles/a.yaml").write_text(AGENT.format(name="a"))
    done = CliRunner().invoke(main, ["generate", "-q", "a"])
    assert done.exit_code == 0, done.output
    assert len(built(tool, project / "out/prod")) == 5


def test_an_overlay(tool: list[str], project: Path) -> None:
    (project / "overlay").mkdir()
    (project / "overlay/kustomization.yaml").write_text(
        """
resources: [../out/prod]
namePrefix: eu-
labels: [{pairs: {team: nodes}, includeSelectors: false}]
images: [{name: example.com/one, newTag: "2.0"}]
patches:
  - target: {kind: DaemonSet, name: "on"}
    patch: |-
      - op: add
        path: /spec/template/spec/hostNetwork
        value: true
"""
    )
    whole = built(tool, project / "overlay")
    one, other = whole["DaemonSet", "eu-one"], whole["DaemonSet", "eu-on"]
    assert one["spec"]["template"]["spec"]["containers"][0]["image"] == "example.com/one:2.0"
    assert other["spec"]["template"]["spec"]["hostNetwork"] is True
    assert one["metadata"]["labels"]["team"] == "nodes"
    assert one["spec"]["selector"] == {"matchLabels": {"app.kubernetes.io/name": "one"}}
