"""`dsgen plan` on the command line."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dsgen.cli import main
from tests.kubernetes.relations.objects import namespace

PROFILE = (
    "name: agent\nnamespace: tools\nnodes: {select: {disk: ssd}}\ncontainers: {agent: {image: example.com/agent:1.0}}\n"
)
MANIFEST = """\
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: other}
spec:
  selector: {matchLabels: {app: other}}
  template:
    metadata: {labels: {app: other}}
    spec: {containers: [{name: other, image: example.com/other:1.0, readinessProbe: {exec: {command: [a]}}}]}
"""
NODES = json.dumps(
    {
        "kind": "List",
        "items": [
            {"kind": "Node", "metadata": {"name": name, "labels": {"disk": disk}}}
            for name, disk in (("a", "ssd"), ("b", "hdd"))
        ],
    }
)
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    Path("agent.yaml").write_text(PROFILE)
    Path("other.yaml").write_text(MANIFEST)
    Path("nodes.json").write_text(NODES)
    return lambda *arguments, input=None: CliRunner().invoke(main, ["plan", *arguments], input=input)


def test_profiles_and_manifests(run: Run) -> None:
    result = run("agent.yaml", "other.yaml", "--nodes", "nodes.json", "--start-up", "90")
    assert result.exit_code == 0
    assert result.stdout.startswith(
        "tools/agent: 1 of 2 nodes\n  not on 1 node (b) of nodes: label disk is hdd, required: ssd (agent.yaml:3:24)\n"
    )
    assert (
        "default/other: 2 of 2 nodes\n  rollout: 1 pod at a time, 2 waves, about 3 min, at most 4 min\n"
        in result.stdout
    )
    assert "[missing-readiness-probe]" in result.stderr


def test_pods_that_their_namespace_rejects_are_not_planned(run: Run) -> None:
    manifest = MANIFEST.replace("name: other", "name: other, namespace: agents", 1)
    enforced = namespace("pod-security.kubernetes.io/enforce: baseline")
    Path("other.yaml").write_text(f"{enforced}---\n{manifest}")
    assert "agents/other: 2 of 2 nodes" in run("other.yaml", "--nodes", "nodes.json").stdout
    Path("other.yaml").write_text(f"{enforced.replace('baseline', 'restricted')}---\n{manifest}")
    result = run("other.yaml", "--nodes", "nodes.json")
    assert (result.exit_code, "agents/other" in result.stdout) == (1, False)
    assert "[forbidden-by-pod-security]" in result.stderr


def test_json(run: Run) -> None:
    result = run("agent.yaml", "--nodes", "-", "--format", "json", input=NODES)
    assert result.exit_code == 0
    data = json.loads(result.stdout)
    assert [(each["name"], each["namespace"], each["nodes"], each["excluded"]) for each in data["daemonsets"]] == [
        ("agent", "tools", ["a"], {"b": "label disk is hdd, required: ssd"})
    ]
    assert [problem["code"] for problem in data["problems"]] == ["missing-readiness-probe"]


def test_what_else_runs(run: Run) -> None:
    nodes = json.loads(NODES)
    nodes["items"][0]["status"] = {"allocatable": {"cpu": "1", "pods": "1"}}
    Path("nodes.json").write_text(json.dumps(nodes))
    pod = {"kind": "Pod", "metadata": {"name": "x"}, "spec": {"nodeName": "a", "containers": []}}
    Path("pods.json").write_text(json.dumps(pod))
    assert run("other.yaml", "--nodes", "nodes.json").exit_code == 0
    result = run("other.yaml", "--nodes", "nodes.json", "--pods", "pods.json")
    assert result.exit_code == 1
    assert "agents request 1 pods and other pods 1, but 1 is allocatable" in result.stderr


def test_a_profile_with_errors_is_left_out(run: Run) -> None:
    Path("bad.yaml").write_text("name: bad\n")
    result = run("bad.yaml", "other.yaml", "--nodes", "nodes.json")
    assert result.exit_code == 1
    assert result.stdout.startswith("default/other")
    assert "bad.yaml" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(["agent.yaml"], 2, "--nodes", id="no-nodes"),
        pytest.param(["agent.yaml", "--nodes", "gone.json"], 2, "cannot read gone.json", id="gone"),
        pytest.param(["gone.yaml", "--nodes", "nodes.json"], 2, "cannot read gone.yaml", id="no-profile"),
        pytest.param(["-", "--nodes", "-"], 2, "only one file can be standard input", id="twice"),
        pytest.param(["agent.yaml", "--nodes", "agent.yaml"], 1, "[invalid-cluster-list]", id="not-nodes"),
    ],
)
def test_wrong_usage(run: Run, arguments: list[str], code: int, said: str) -> None:
    result = run(*arguments, input="")
    assert (result.exit_code, said in result.stderr) == (code, True)


def kubectl(folder: Path, script: str) -> None:
    program = folder / "bin" / "kubectl"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def test_a_live_cluster(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kubectl(tmp_path, f'test "$*" = "get --context=prod -o json -- nodes" && cat {tmp_path}/nodes.json')
    monkeypatch.setenv("PATH", f"{tmp_path}/bin{os.pathsep}{os.environ['PATH']}")
    result = run("agent.yaml", "--nodes", "kubectl", "--context", "prod")
    assert result.output == run("agent.yaml", "--nodes", "kubectl:prod").output
    assert result.exit_code == 0
    assert result.stdout.startswith("tools/agent: 1 of 2 nodes\n")


def test_a_cluster_that_cannot_be_reached(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kubectl(tmp_path, "echo 'The connection to the server was refused' >&2; exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path}/bin{os.pathsep}{os.environ['PATH']}")
    result = run("agent.yaml", "--nodes", "kubectl")
    assert result.exit_code == 2
    assert result.stderr.endswith("dsgen: kubectl get -o json -- nodes: The connection to the server was refused\n")


def test_no_kubectl(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    result = run("agent.yaml", "--nodes", "kubectl")
    assert result.exit_code == 2
    assert "cannot run kubectl: No such file or directory" in result.stderr


def test_one_environment(run: Run) -> None:
    Path("environments").mkdir()
    for name in ("test", "prod"):
        Path(f"environments/{name}.yaml").write_text("{}")
    result = run("agent.yaml", "--nodes", "nodes.json")
    assert result.exit_code == 2
    assert result.stderr.endswith("dsgen: `--nodes` is for one cluster: select one of prod, test with -e\n")
    assert run("agent.yaml", "--nodes", "nodes.json", "-e", "prod").stdout.startswith("tools/agent: 1 of 2 nodes\n")


def test_a_page(run: Run) -> None:
    assert run("agent.yaml", "--nodes", "nodes.json", "--html", "pages/plan.html").exit_code == 0
    assert "tools/agent" in Path("pages/plan.html").read_text("utf-8")
    result = run("agent.yaml", "--nodes", "nodes.json", "--html", "agent.yaml/plan.html")
    assert (result.exit_code, "cannot write agent.yaml/plan.html" in result.stderr) == (2, True)
