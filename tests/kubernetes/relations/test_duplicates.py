"""Objects that are there twice, and workloads that select the pods of each other."""

from __future__ import annotations

import pytest

from dsgen.kubernetes.relations.check import relations
from dsgen.kubernetes.relations.excerpt import excerpts
from tests.kubernetes.relations.objects import codes, found, namespace, objects, workload

CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s, namespace: %s}\ndata: {a: %s}\n"
SAME = CONFIG % ("a", "agents", "x")


class TestInOneFile:
    @pytest.mark.parametrize(
        ("other", "expected"),
        [
            pytest.param(SAME, ["duplicate-manifest"], id="the same"),
            pytest.param(CONFIG % ("a", "agents", "y"), ["duplicate-manifest"], id="other content"),
            pytest.param(CONFIG % ("b", "agents", "x"), [], id="another name"),
            pytest.param(CONFIG % ("a", "other", "x"), [], id="another namespace"),
            pytest.param(CONFIG % ("A", "agents", "x"), [], id="another case"),
            pytest.param(SAME.replace("ConfigMap", "Secret"), [], id="another kind"),
            pytest.param(SAME.replace(": v1", ": example.com/v1"), [], id="another group"),
            pytest.param(SAME.replace("name: a,", "generateName: a,"), [], id="a name that the server makes"),
            pytest.param(SAME.replace("agents}", "agents, annotations: {helm.sh/hook: test}}"), [], id="a hook"),
        ],
    )
    def test_both_sides(self, other: str, expected: list[str]) -> None:
        assert codes(f"{SAME}---\n{other}") == expected

    def test_both_lines_are_named(self) -> None:
        (problem,) = found(f"{SAME}---\n{SAME}")
        assert (problem.line, problem.severity) == (8, "warning")
        assert problem.message == "duplicate manifest of ConfigMap agents/a, first in line 3"

    def test_a_namespace_with_two_levels(self) -> None:
        label = "pod-security.kubernetes.io/enforce: "
        text = f"{namespace(label + 'privileged')}---\n{namespace(label + 'baseline')}---\n{workload('hostPID: true')}"
        assert codes(text) == ["forbidden-by-pod-security", "duplicate-manifest"]


class TestInSeveralFiles:
    def test_the_same_content(self) -> None:
        assert codes(SAME, SAME) == []

    def test_other_content_is_reported_once(self) -> None:
        other = CONFIG % ("a", "agents", "y")
        more = CONFIG % ("b", "agents", "x"), CONFIG % ("b", "agents", "y")
        (problem,) = found(SAME, other, *more)
        assert (problem.code, problem.severity, problem.file, problem.line) == (
            "conflicting-manifests",
            "warning",
            "1.yaml",
            3,
        )
        assert problem.message == "ConfigMap agents/a has different content in 0.yaml:3; 1 more object differs too"

    def test_then_each_file_is_taken_by_itself(self) -> None:
        account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: reader, namespace: default}\n"
        pods = workload("serviceAccountName: reader")
        assert codes(account, pods) == ["mismatched-reference-namespace"]
        assert codes(account, f"{pods}---\n{SAME}", CONFIG % ("a", "agents", "y")) == ["conflicting-manifests"]
        assert codes(f"{account}---\n{pods}---\n{SAME}", CONFIG % ("a", "agents", "y")) == [
            "conflicting-manifests",
            "mismatched-reference-namespace",
        ]

    def test_what_profiles_generate_is_compared_elsewhere(self) -> None:
        other = CONFIG % ("a", "agents", "y")
        made = [
            *excerpts(objects(SAME), "a.yaml", "1.36", with_levels=False, generated=True),
            *excerpts(objects(other), "b.yaml", "1.36", with_levels=False, generated=True),
        ]
        assert list(relations(made, lambda _: None)) == []


class TestSelectors:
    @pytest.mark.parametrize(
        ("labels", "selector", "where", "expected"),
        [
            pytest.param("app: agent", "app: agent", "agents", 1, id="the same"),
            pytest.param("app: agent, b: c", "b: c", "agents", 1, id="the first selects the second's"),
            pytest.param("app: other", "app: other", "agents", 0, id="others"),
            pytest.param("app: agent", "app: agent", "other", 0, id="another namespace"),
        ],
    )
    def test_both_sides(self, labels: str, selector: str, where: str, expected: int) -> None:
        other = workload(name="other", labels=labels, selector=selector, where=where)
        assert codes(workload(), other) == ["overlapping-pod-selectors"] * expected
        assert codes(other, workload()) == ["overlapping-pod-selectors"] * expected

    def test_both_lines_are_named(self) -> None:
        (problem,) = found(workload(), workload(name="other", kind="Deployment"))
        assert (problem.file, problem.line, problem.severity) == ("0.yaml", 4, "warning")
        assert problem.message == "also selects the pods of Deployment agents/other (1.yaml:3)"

    def test_one_more_for_each_further_one(self) -> None:
        three = [workload(name=name) for name in ("a", "b", "c")]
        assert codes(*three) == ["overlapping-pod-selectors"] * 2

    @pytest.mark.parametrize("kind", ["Pod", "Job"])
    def test_pods_that_end(self, kind: str) -> None:
        assert codes(workload(), workload(name="other", kind=kind)) == []

    def test_what_a_controller_created(self) -> None:
        """As in `kubectl get all -o yaml`."""
        owner = "ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: agent, uid: a, controller: true}]"
        owned = workload(name="agent-1", kind="ReplicaSet").replace("{name: agent-1", f"{{{owner}, name: agent-1")
        assert codes(workload(kind="Deployment"), owned) == []
