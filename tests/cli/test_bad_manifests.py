"""Manifests that are unusual as a whole: kinds of some versions, lists in lists, names that differ by case, many objects, a namespace twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_commands import Run, folder, run

__all__ = ["folder", "run"]

CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {0}, namespace: agents}}\n"
POLICY = """\
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicy
metadata: {name: a}
spec:
  reinvocationPolicy: Never
  matchConstraints: {resourceRules: [{operations: [CREATE], apiGroups: [""], apiVersions: [v1], resources: [pods]}]}
  mutations: [{patchType: JSONPatch, jsonPatch: {expression: "[]"}}]
"""
BUDGET = "apiVersion: policy/{0}\nkind: PodDisruptionBudget\nmetadata: {{name: a, namespace: agents}}\nspec: {{minAvailable: 1, selector: {{matchLabels: {{app: a}}}}}}\n"
ROLE = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {{name: {0}}}\nrules: []\n"
LEVEL = (
    "apiVersion: v1\nkind: Namespace\nmetadata: {{name: agents, labels: {{pod-security.kubernetes.io/enforce: {0}}}}}\n"
)
AGENT = """\
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: agents}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec: {hostNetwork: true, containers: [{name: agent, image: "example.com/agent:1"}]}
"""
LISTS = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: List\n  items: []\n- apiVersion: v1\n  kind: ConfigMapList\n  items: []\n"
NODES = '{"kind": "NodeList", "items": [{"metadata": {"name": "a"}}]}'
INPUTS = {
    "one-minor": POLICY,
    "beta": "---\n".join(BUDGET.format(each) for each in ("v1beta1", "v1")),
    "lists": LISTS,
    "case": "---\n".join(ROLE.format(each) for each in ("reader", "Reader")),
    "twice": "---\n".join((LEVEL.format("privileged"), LEVEL.format("restricted"), AGENT)),
}


@pytest.fixture
def written(folder: Path) -> Path:
    (folder / "nodes.json").write_text(NODES)
    for name, text in INPUTS.items():
        (folder / f"{name}.yaml").write_text(text)
    return folder


@pytest.mark.parametrize(
    ("name", "options", "codes"),
    [
        ("one-minor", ("--kubernetes", "1.37"), []),
        ("one-minor", ("--kubernetes", "1.33"), ["unknown-kind"]),
        ("beta", (), ["removed-kind", "duplicate-manifest"]),
        ("lists", (), ["unknown-kind"] * 2),
        ("case", (), []),
        ("twice", (), ["duplicate-manifest", *["forbidden-by-pod-security"] * 5]),
    ],
)
def test_validate(written: Path, run: Run, name: str, options: tuple[str, ...], codes: list[str]) -> None:
    result = run("validate", f"{name}.yaml", *options)
    known = ("unknown-kind", "removed-kind", "duplicate-manifest", "forbidden-by-pod-security")
    assert [code for code in known for _ in range(result.output.count(f"[{code}]"))] == sorted(codes, key=known.index)
    assert result.exit_code == (1 if codes else 0)


@pytest.mark.parametrize("name", INPUTS)
@pytest.mark.parametrize("command", ["diff {0} {0}", "plan {0} --nodes nodes.json", "import {0}", "generate"])
def test_other_commands_report_and_do_not_fail(written: Path, run: Run, name: str, command: str) -> None:
    if command == "generate":
        (written / "dsgen.yaml").write_text(f"profiles: []\nmanifests: [{name}.yaml]\n")
    result = run(*command.format(f"{name}.yaml").split())
    assert result.exit_code in (0, 1, 2)
    assert "Traceback" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_kustomize(run: Run) -> None:
    items = "".join(
        "- " + each.replace("\n", "\n  ").rstrip() + "\n"
        for each in (POLICY, BUDGET.format("v1beta1"), *map(ROLE.format, ("a", "A")))
    )
    result = run("kustomize", input=f"apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n{items}")
    assert result.exit_code == 1
    assert result.stderr.count("[removed-kind]") == 1
    assert result.stderr.count("error:") == 1


def test_the_last_of_two_levels_counts_in_a_plan(written: Path, run: Run) -> None:
    result = run("plan", "twice.yaml", "--nodes", "nodes.json")
    assert "which Namespace agents (twice.yaml:7) enforces" in result.output


def test_ten_thousand_objects_in_one_stream(folder: Path, run: Run) -> None:
    objects = "---\n".join(CONFIG_MAP.format(f"a{number}") for number in range(10_000))
    (folder / "many.yaml").write_text(objects + "---\n" + CONFIG_MAP.format("a1"))
    result = run("validate", "many.yaml")
    assert "10001 objects validated" in result.output
    assert result.output.count("[duplicate-manifest]") == 1
