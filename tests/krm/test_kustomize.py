"""dsgen as a generator and a validator of the real Kustomize."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.build.test_kustomize import TOOLS

KUSTOMIZE = TOOLS["kustomize"][0]
pytestmark = [pytest.mark.long, pytest.mark.skipif(not KUSTOMIZE, reason="there is no kustomize")]

FUNCTION = "annotations: {config.kubernetes.io/function: 'exec: {path: dsgen, args: [kustomize]}'}"
GENERATOR = f"""\
apiVersion: dsgen/v1
kind: DaemonSetProfile
metadata:
  name: agent
  {FUNCTION}
spec:
  namespace: agents
  containers: {{agent: {{image: "example.com/agent:1.0"}}}}
  serviceAccount: {{create: true}}
"""
VALIDATOR = f"""\
apiVersion: dsgen/v1
kind: Validator
metadata:
  name: dsgen
  {FUNCTION}
"""
OVERLAY = """\
generators: [agent.yaml]
transformers: [validator.yaml]
images: [{name: example.com/agent, newTag: "2.0"}]
patches:
  - target: {kind: DaemonSet}
    patch: '[{"op": "add", "path": "/spec/template/spec/hostNetwork", "value": true}]'
"""


def build(folder: Path, **files: str) -> subprocess.CompletedProcess[str]:
    texts = {"kustomization": OVERLAY, "agent": GENERATOR, "validator": VALIDATOR, **files}
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = [KUSTOMIZE, "build", "--enable-alpha-plugins", "--enable-exec", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "PATH": path})


def test_generator_and_validator(tmp_path: Path) -> None:
    done = build(tmp_path)
    assert done.returncode == 0, done.stderr
    account, daemonset = sorted(yaml.safe_load_all(done.stdout), key=lambda each: -len(each["kind"]))
    assert (account["kind"], account["metadata"]["name"]) == ("ServiceAccount", "agent")
    pod = daemonset["spec"]["template"]["spec"]
    assert (daemonset["metadata"]["name"], pod["hostNetwork"], pod["serviceAccountName"]) == (
        "agent",
        True,
        "agent",
    )
    assert pod["containers"][0]["image"] == "example.com/agent:2.0"
    assert "annotations" not in daemonset["metadata"]


def test_a_label_leaves_every_port(tmp_path: Path) -> None:
    ports = "{dns: 53/UDP, dns-tcp: 53, metrics: 9253}"
    agent = GENERATOR.replace('agent:1.0"', f'agent:1.0", ports: {ports}') + "  service: {ports: [dns, dns-tcp]}\n"
    (tmp_path / "base").mkdir()
    assert build(tmp_path / "base", agent=agent, kustomization="generators: [agent.yaml]\n").returncode == 0
    kinds = {"DaemonSet": "apps/v1", "Service": "v1"}
    labels = "namespace: agents, labels: {x: y}}"
    patches = [
        f"{{apiVersion: {group}, kind: {kind}, metadata: {{name: agent, {labels}}}" for kind, group in kinds.items()
    ]
    kustomization = {"resources": ["base"], "patches": [{"patch": patch} for patch in patches]}
    done = build(tmp_path, kustomization=yaml.dump(kustomization))
    assert done.returncode == 0, done.stderr
    objects = {each["kind"]: each for each in yaml.safe_load_all(done.stdout)}
    (container,) = objects["DaemonSet"]["spec"]["template"]["spec"]["containers"]
    found = [(each["name"], each["containerPort"], each.get("protocol")) for each in container["ports"]]
    assert found == [("dns", 53, "UDP"), ("dns-tcp", 53, "TCP"), ("metrics", 9253, None)]
    assert [(each["port"], each["protocol"]) for each in objects["Service"]["spec"]["ports"]] == [
        (53, "UDP"),
        (53, "TCP"),
    ]
    assert {objects[kind]["metadata"]["labels"]["x"] for kind in kinds} == {"y"}


def test_names_and_labels_of_an_overlay(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    assert build(tmp_path / "base").returncode == 0
    more = "resources: [base]\ntransformers: [validator.yaml]\nnamePrefix: eu-\nlabels: [{pairs: {team: nodes}}]\n"
    done = build(tmp_path, kustomization=more)
    assert done.returncode == 0, done.stderr
    objects = {each["kind"]: each for each in yaml.safe_load_all(done.stdout)}
    assert {each["metadata"]["name"] for each in objects.values()} == {"eu-agent"}
    assert objects["DaemonSet"]["spec"]["template"]["spec"]["serviceAccountName"] == "eu-agent"
    assert objects["DaemonSet"]["metadata"]["labels"]["team"] == "nodes"


def test_a_faulty_profile(tmp_path: Path) -> None:
    done = build(tmp_path, agent=GENERATOR.replace("namespace: agents", "hostNetwrok: true"))
    assert done.returncode
    assert "DaemonSetProfile/agent: error: spec.hostNetwrok: unknown key" in done.stderr


def test_a_patch_that_the_server_would_refuse(tmp_path: Path) -> None:
    done = build(tmp_path, kustomization=OVERLAY.replace(": true}", ': "maybe"}'))
    assert done.returncode
    assert "spec.template.spec.hostNetwork: TypeInvalid: must be true or false" in done.stderr


def test_a_validator(tmp_path: Path) -> None:
    # Beside a generator or a prefix, Kustomize says of every validator that it changes something. A transformer judges as well.
    daemonset = {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "mine"}}
    daemonset |= {"spec": {"selector": {"matchLabels": {"a": "b"}}, "template": {"metadata": {"labels": {"a": "c"}}}}}
    done = build(
        tmp_path, kustomization="resources: [mine.yaml]\nvalidators: [validator.yaml]\n", mine=yaml.dump(daemonset)
    )
    assert done.returncode
    assert "spec.template.metadata.labels: Invalid" in done.stderr


def test_profiles_as_resources_that_an_overlay_patches(tmp_path: Path) -> None:
    kustomization = """\
resources: [agent.yaml]
transformers: [validator.yaml]
patches: [{target: {kind: DaemonSetProfile}, patch: '[{"op": "add", "path": "/spec/hostPID", "value": true}]'}]
"""
    done = build(tmp_path, kustomization=kustomization, agent=GENERATOR.replace(FUNCTION, ""))
    assert done.returncode == 0, done.stderr
    objects = {each["kind"]: each for each in yaml.safe_load_all(done.stdout)}
    assert sorted(objects) == ["DaemonSet", "ServiceAccount"]
    assert objects["DaemonSet"]["spec"]["template"]["spec"]["hostPID"] is True
