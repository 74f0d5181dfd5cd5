"""Values and names that nobody means, and that a reader may stumble over: each ends in a result or a problem."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from dsgen.cli import nodes
from dsgen.plan import conflicts
from tests.cli.test_commands import GOOD, Run, folder, run
from tests.importer.imports import daemonset

__all__ = ["folder", "run"]

not_on_macos = pytest.mark.skipif(sys.platform == "darwin", reason="names of files are UTF-8 there")


def ended(result: Result) -> bool:
    """Tell whether a run has ended by itself, with a result or with problems."""
    return result.exit_code in (0, 1) and (result.exception is None or isinstance(result.exception, SystemExit))


def items(*every: dict[str, Any]) -> str:
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": every})


def node(name: str, **allocatable: str) -> dict[str, Any]:
    metadata = {"name": name, "labels": {"node.kubernetes.io/instance-type": "m"}}
    return {"apiVersion": "v1", "kind": "Node", "metadata": metadata, "status": {"allocatable": allocatable}}


@pytest.mark.parametrize("name", [{"a": "b"}, ["a"], None, 5])
def test_a_pod_whose_owner_has_an_odd_name(name: object, folder: Path, run: Run) -> None:
    owner = {"kind": "DaemonSet", "name": name}
    metadata = {"name": "p", "namespace": "default", "ownerReferences": [owner]}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {"nodeName": "n", "containers": []}}
    (folder / "nodes.json").write_text(items(node("n", cpu="4", memory="8Gi", pods="9")))
    (folder / "pods.json").write_text(items(pod))
    (folder / "a.yaml").write_text(GOOD.format("agent"))
    assert ended(run("plan", "a.yaml", "--nodes", "nodes.json", "--pods", "pods.json"))


def test_nodes_of_which_one_has_more_than_there_is(folder: Path, run: Run) -> None:
    (folder / "nodes.json").write_text(items(node("n", cpu="1"), node("m", cpu="1e4400")))
    (folder / "a.yaml").write_text(GOOD.format("agent"))
    result = run("plan", "a.yaml", "--nodes", "nodes.json", "--format", "json")
    assert ended(result)
    assert len(json.loads(result.stdout)["pools"][0]["allocatable"]["cpu"]) < 100


@pytest.mark.parametrize("number", ["0o" + "7" * 9000, "0x" + "f" * 9000, "9" * 9000])
def test_a_number_of_thousands_of_digits(number: str, folder: Path, run: Run) -> None:
    result = run("import", "-", input=daemonset(metadata=f"generation: {number}"))
    assert ended(result)
    assert len(result.stderr) < 3000


@not_on_macos
def test_a_file_of_a_config_map_whose_name_is_no_text(folder: Path, run: Run) -> None:
    (folder / "conf").mkdir()
    Path(os.fsdecode(b"conf/\xff.conf")).write_text("x")
    text = GOOD.format("agent") + "configMaps: {c: {files: ['conf/*']}}\n"
    (folder / "a.yaml").write_text(text)
    result = run("generate", "a.yaml", "-o", "-")
    assert result.exit_code == 1
    assert "\\udcff.conf" in result.stderr


@not_on_macos
@pytest.mark.parametrize("name", [b"\xff", b"prod$(touch x)", b"a\nb", b"a b", b"Prod"])
def test_an_environment_whose_name_is_none(name: bytes, folder: Path, run: Run) -> None:
    (folder / "dsgen.yaml").touch()
    (folder / "profiles/a.yaml").write_text(GOOD.format("a"))
    (folder / "environments").mkdir()
    Path(os.fsdecode(b"environments/" + name + b".yaml")).touch()
    result = run("generate")
    assert result.exit_code == 1
    assert "[invalid-profile-name]" in result.stderr


@not_on_macos
def test_a_page_of_a_profile_whose_name_is_no_text(folder: Path, run: Run) -> None:
    Path(os.fsdecode(b"\xff.yaml")).write_text(GOOD.format("agent").replace("image", "imge"))
    (folder / "nodes.json").write_text(items(node("n", cpu="4")))
    result = run("plan", os.fsdecode(b"\xff.yaml"), "--nodes", "nodes.json", "--html", "plan.html")
    assert ended(result)


@pytest.mark.parametrize("command", [["plan", "a.yaml"], ["diff", "a.yaml", "b.yaml"]])
def test_so_many_daemonsets_on_so_many_nodes(
    command: list[str], folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nodes, "MAX_PAIRS", 4)
    (folder / "pools.yaml").write_text("pools: {a: {count: 5}}\n")
    for name in "ab":
        (folder / f"{name}.yaml").write_text(GOOD.format("agent"))
    result = run(*command, "--nodes", "pools.yaml")
    assert result.exit_code == 2
    assert " on 5 nodes are too many: pass at most 0 at a time, or fewer nodes" in result.stderr
    monkeypatch.setattr(nodes, "MAX_PAIRS", 10)
    assert run(*command, "--nodes", "pools.yaml").exit_code == 0


def test_of_many_daemonsets_that_take_one_port_some_are_told(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conflicts, "MOST", 3)
    text = "name: a{0}\ncontainers: {{a: {{image: x, ports: [{{containerPort: 80, hostPort: 80}}]}}}}\n"
    for number in range(6):
        (folder / f"a{number}.yaml").write_text(text.format(number))
    (folder / "pools.yaml").write_text("pools: {a: {count: 2}, b: {taints: ['x=y:NoSchedule']}}\n")
    result = run("plan", *(f"a{number}.yaml" for number in range(6)), "--nodes", "pools.yaml", "--format", "json")
    clashes = [each for each in json.loads(result.stdout)["problems"] if each["code"] == "conflicting-host-ports"]
    assert len(clashes) == 3
    assert all("2 nodes" in each["message"] for each in clashes)
