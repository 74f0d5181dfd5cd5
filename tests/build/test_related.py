"""What commands say about objects of several files, of one file, of each environment, and from a cache."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

import dsgen
from dsgen.kubernetes.references import Reference
from dsgen.kubernetes.relations.check import relations
from dsgen.kubernetes.relations.excerpt import Excerpt, excerpts
from dsgen.kubernetes.relations.selector import Selector
from tests.cli.test_commands import GOOD, Run, folder, run, written
from tests.kubernetes.relations.objects import namespace, objects, workload

__all__ = ["folder", "run"]

SPACE = "name: space\nnamespace: {name: agents, create: true, podSecurity: %s}\ncontainers: {a: {image: 'x:1'}}\n"
AGENT = "name: agent\nnamespace: agents\nhostPID: true\ncontainers: {a: {image: 'x:1'}}\n"
REJECTED = "forbidden-by-pod-security"
ENFORCED = "pod-security.kubernetes.io/enforce: baseline"


@pytest.fixture(autouse=True)
def project(folder: Path) -> Path:
    """A namespace of one profile that rejects the pods of another."""
    (folder / "dsgen.yaml").write_text('kubernetes: "1.37"\n')
    (folder / "profiles/agent.yaml").write_text(AGENT)
    (folder / "profiles/space.yaml").write_text(SPACE % "baseline")
    return folder


def reported(run: Run, *arguments: str) -> list[tuple[str, str, int]]:
    problems = json.loads(run(*arguments, "--format", "json").stdout)["problems"]
    return [(each["code"], each["file"], each["line"]) for each in problems]


class TestGenerate:
    def test_nothing_is_written_of_a_profile_whose_pods_would_be_rejected(self, folder: Path, run: Run) -> None:
        result = run("generate")
        assert result.exit_code == 1
        assert f"[{REJECTED}]" in result.stderr
        assert "which Namespace agents (profiles/space.yaml:2) enforces" in result.stderr
        assert written(folder / "out") == ["space/daemonset-space.yaml", "space/namespace-agents.yaml"]
        assert "1 profile failed" in result.stderr

    def test_what_it_had_before_is_kept(self, folder: Path, run: Run) -> None:
        (folder / "profiles/space.yaml").write_text(SPACE % "privileged")
        assert run("generate").exit_code == 0
        before = (folder / "out/agent/daemonset-agent.yaml").read_text()
        (folder / "profiles/space.yaml").write_text(SPACE % "baseline")
        for _ in range(2):  # the second time, the results of both are cached
            assert reported(run, "generate") == [(REJECTED, "profiles/agent.yaml", 3)]
            assert (folder / "out/agent/daemonset-agent.yaml").read_text() == before

    def test_to_standard_output(self, run: Run) -> None:
        result = run("generate", "-o", "-")
        names = [each["metadata"]["name"] for each in yaml.safe_load_all(result.stdout)]
        assert (result.exit_code, names) == (1, ["agents", "space"])
        assert f"[{REJECTED}]" in result.stderr

    def test_one_profile_alone(self, run: Run) -> None:
        assert run("generate", "agent", "-o", "-").exit_code == 0

    def test_from_python(self, folder: Path) -> None:
        made = dsgen.generate_project(folder)
        assert [each.code for each in made.problems] == [REJECTED]

    def test_a_default_of_the_cluster(self, folder: Path, run: Run) -> None:
        (folder / "profiles/space.yaml").unlink()
        (folder / "dsgen.yaml").write_text('kubernetes: "1.37"\npodSecurityDefault: baseline\n')
        assert ("unknown-pod-security-level", "profiles/agent.yaml", 1) in reported(run, "generate")
        (folder / "profiles/space.yaml").write_text(SPACE.replace("podSecurity: %s", ""))
        assert (REJECTED, "profiles/agent.yaml", 3) in reported(run, "generate")

    def test_each_environment_is_a_cluster(self, folder: Path, run: Run) -> None:
        (folder / "environments").mkdir()
        (folder / "environments/dev.yaml").write_text("overrides: {space: {namespace: {podSecurity: privileged}}}\n")
        (folder / "environments/prod.yaml").write_text('kubernetes: "1.37"\n')
        result = run("generate")
        assert result.stderr.count(REJECTED) == 1
        assert "(in prod)" in result.stderr
        assert [name for name in written(folder / "out") if "daemonset-agent" in name] == [
            "dev/agent/daemonset-agent.yaml"
        ]


class TestIncomplete:
    """While a profile has errors, it is not known what it would generate."""

    @pytest.fixture(autouse=True)
    def profiles(self, folder: Path, project: Path) -> None:
        (folder / "profiles/agent.yaml").write_text(
            GOOD.format("agent") + "serviceAccount: reader\nnamespace: agents\n"
        )
        (folder / "profiles/space.yaml").write_text(
            GOOD.format("space") + "namespace: other\nserviceAccount: {name: reader, create: true}\n"
        )
        (folder / "profiles/third.yaml").write_text(GOOD.format("third") + "namespace: third\n")

    @pytest.mark.parametrize("command", ["generate", "validate"])
    @pytest.mark.parametrize("fault", ["hostPIDs: true\n", "name: other\n", "\t"])
    def test_a_profile_with_errors(self, folder: Path, run: Run, command: str, fault: str) -> None:
        place = "profiles/agent.yaml"
        assert [each[:2] for each in reported(run, command)] == [("mismatched-reference-namespace", place)]
        (folder / "profiles/third.yaml").write_text(GOOD.format("third") + fault)
        codes = [code for code, _, _ in reported(run, command)]
        assert len(codes) == 1
        assert "mismatched-reference-namespace" not in codes

    @pytest.mark.parametrize("command", ["generate", "validate"])
    def test_some_profiles_of_a_project(self, run: Run, command: str) -> None:
        assert reported(run, command, "agent", "space") == []
        (problem,) = reported(run, command, "profiles")
        assert problem[0] == "mismatched-reference-namespace"

    def test_profiles_without_a_project(self, folder: Path, run: Run) -> None:
        (folder / "dsgen.yaml").unlink()
        found = reported(run, "validate", "profiles/agent.yaml", "profiles/space.yaml")
        assert [code for code, _, _ in found] == ["mismatched-reference-namespace"]

    def test_a_shard(self, run: Run) -> None:
        assert reported(run, "generate", "--shard", "1/1") == []

    def test_an_environment_is_a_whole_cluster(self, folder: Path, run: Run) -> None:
        (folder / "environments").mkdir()
        (folder / "environments/prod.yaml").write_text('kubernetes: "1.37"\n')
        expected = ["mismatched-reference-namespace"]
        assert [code for code, _, _ in reported(run, "validate", "environments/prod.yaml")] == expected


class TestSourcesOfKustomize:
    """Kustomize sets names and namespaces, and adds objects."""

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("resources: [a.yaml]\n", ["mismatched-reference-namespace"]),
            ("resources: [a.yaml]\nnamespace: agents\n", []),
            ("configMapGenerator: [{name: c, files: [a]}]\n", []),
        ],
    )
    def test_a_folder(self, folder: Path, run: Run, text: str, expected: list[str]) -> None:
        (folder / "manifests").mkdir()
        account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: reader, namespace: system}\n"
        (folder / "manifests/a.yaml").write_text(f"{account}---\n{workload('serviceAccountName: reader')}")
        header = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
        (folder / "manifests/kustomization.yaml").write_text(header + text)
        assert [code for code, _, _ in reported(run, "validate", "manifests")] == expected


class TestValidate:
    def test_a_namespace_by_itself(self, folder: Path, run: Run) -> None:
        (folder / "alone.yaml").write_text(namespace("pod-security.kubernetes.io/enforce: strict"))
        assert reported(run, "validate", "alone.yaml") == [("invalid-pod-security-label", "alone.yaml", 3)]
        profile = "name: space\nnamespace: {name: a, create: true, labels: {pod-security.kubernetes.io/warn: x}}\ncontainers: {a: {image: 'x:1'}}\n"
        (folder / "profiles/space.yaml").write_text(profile)
        assert reported(run, "generate", "space") == [("invalid-pod-security-label", "profiles/space.yaml", 2)]

    def test_a_project(self, run: Run) -> None:
        assert reported(run, "validate") == [(REJECTED, "profiles/agent.yaml", 3)]
        assert run("validate").stderr.endswith("3 objects validated, 1 file with errors\n")

    def test_a_part_of_a_project(self, run: Run) -> None:
        assert reported(run, "validate", "agent") == []

    def test_a_stream(self, run: Run) -> None:
        text = f"{namespace(ENFORCED)}---\n{workload('hostPID: true')}"
        assert run("validate", "-", input=text).exit_code == 1
        assert run("validate", "-", input=text.replace("baseline", "privileged")).exit_code == 0

    def test_a_folder(self, folder: Path, run: Run) -> None:
        (folder / "manifests").mkdir()
        (folder / "manifests/a.yaml").write_text(namespace(ENFORCED))
        (folder / "manifests/b.yaml").write_text(workload("hostPID: true"))
        assert reported(run, "validate", "manifests") == [(REJECTED, "manifests/b.yaml", 4)]
        assert reported(run, "validate", "manifests/b.yaml") == []

    def test_manifests_and_profiles(self, folder: Path, run: Run) -> None:
        (folder / "space.yaml").write_text(namespace(ENFORCED))
        (folder / "profiles/space.yaml").unlink()
        assert reported(run, "validate", "space.yaml", "profiles/agent.yaml") == [(REJECTED, "profiles/agent.yaml", 3)]

    def test_profiles_as_objects(self, run: Run) -> None:
        text = (
            namespace(ENFORCED)
            + "---\napiVersion: dsgen/v1\nkind: DaemonSetProfile\nmetadata: {name: a}\nspec:\n  namespace: agents\n  hostPID: true\n  containers: {a: {image: 'x:1'}}\n"
        )
        result = run("validate", "-", input=text)
        assert "-:10:12: error: spec.template.spec.hostPID: `hostPID` is true" in result.stderr

    def test_warnings(self, folder: Path, run: Run) -> None:
        account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: reader, namespace: default}\n"
        result = run("validate", "-", input=f"{account}---\n{workload('serviceAccountName: reader')}")
        assert (result.exit_code, "[mismatched-reference-namespace]" in result.stderr) == (0, True)

    def test_from_python(self) -> None:
        text = f"{namespace(ENFORCED)}---\n{workload('hostPID: true')}"
        assert [each.code for each in dsgen.validate_manifest(text)] == [REJECTED]
        profile = "name: a\nserviceAccount: reader\npriorityClass: {name: agents-high, value: 1}\ncontainers: {a: {image: 'x:1'}}\n"
        assert dsgen.validate(dsgen.loads(profile)) == []


def test_10_000_objects_of_one_name() -> None:
    """An object is compared with few others, however many there are: otherwise this would take minutes."""
    count = 10_000
    accounts = [Excerpt("ServiceAccount", f"a{number}", "reader", None) for number in range(count // 2)]
    pods = [
        Excerpt("DaemonSet", f"b{number}", "agent", None, "", (Reference("ServiceAccount", name, f"b{number}"),))
        for number in range(count // 2)
        for name in ("reader", "raeder")
    ]
    found = [each.problem.code for each in relations([*accounts, *pods], lambda _: None)]
    assert found == ["mismatched-reference-namespace"] * (count // 2)


def test_10_000_selectors() -> None:
    count = 10_000
    services = [
        Excerpt("Service", "a", f"s{number}", None, selector=Selector({"app": "agent", "number": str(number)}))
        for number in range(count // 2)
    ]
    pods = [Excerpt("DaemonSet", "a", f"d{number}", None, labels={"app": "agent"}) for number in range(count // 2)]
    found = [each.problem.code for each in relations([*services, *pods], lambda _: None)]
    assert found == ["ineffective-selector"] * (count // 2)


def test_what_the_cache_keeps_of_an_object() -> None:
    text = "---\n".join([
        namespace(ENFORCED), workload("serviceAccountName: a, volumes: [{name: v, configMap: {name: c, items: [{key: k}]}}]"),
        "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: a}\nspec: {minAvailable: 1, selector: {matchExpressions: [{key: a, operator: In, values: [b]}]}}\n",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {k: v}\n",
    ])  # fmt: skip
    made = excerpts(objects(text), "a.yaml", "1.36", with_levels=True)
    assert [Excerpt.from_json(json.loads(json.dumps(each.to_json()))) for each in made] == made
    assert len(made) == 4
