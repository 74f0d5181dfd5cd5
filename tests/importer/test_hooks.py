"""Objects that Helm creates only at certain times are no part of a release, and are left out."""

from __future__ import annotations

import pytest

from tests.importer.imports import daemonset, imports

ACCOUNT = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: agent, annotations: {helm.sh/hook: pre-install}}\n"


@pytest.mark.parametrize(
    ("stage", "times"),
    [
        ("post-delete", "after an uninstall"),
        ("pre-install,pre-upgrade", "before an install and before an upgrade"),
        ("test", "on `helm test`"),
        ("crd-install", "at certain times"),
    ],
)
def test_a_daemonset(stage: str, times: str) -> None:
    clean_up = daemonset(metadata=f'annotations: {{helm.sh/hook: "{stage}"}}').replace("name: agent", "name: clean-up")
    outcome = imports(f"{clean_up}---\n{daemonset()}")
    assert [each.name for each in outcome.imported] == ["agent"]
    (problem,) = outcome.problems
    assert (problem.code, problem.severity, problem.line) == ("helm-hook", "warning", 5)
    assert problem.message == (
        f"DaemonSet clean-up is not imported: it is a Helm hook ({stage.replace(',', ', ')}), which Helm creates {times}, but the objects "
        "of a profile are permanent"
    )
    assert "helm template --no-hooks" in problem.hint


def test_an_object_that_would_be_folded_in() -> None:
    outcome = imports(daemonset("serviceAccountName: agent") + "---\n" + ACCOUNT)
    assert [problem.code for problem in outcome.problems] == ["helm-hook"]
    assert outcome.imported[0].folded == ()
    assert "serviceAccount: agent\n" in outcome.text


def test_nothing_but_hooks() -> None:
    outcome = imports(ACCOUNT)
    assert outcome.imported == []
    assert [problem.code for problem in outcome.problems] == ["missing-daemonset", "helm-hook"]


def test_another_annotation() -> None:
    assert imports(daemonset(metadata="annotations: {helm.sh/resource-policy: keep}")).problems == []
