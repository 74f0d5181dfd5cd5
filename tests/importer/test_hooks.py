"""Objects that Helm creates only at certain times are not agents."""

from __future__ import annotations

import pytest

from tests.importer.imports import daemonset, imports


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
    outcome = imports(daemonset(metadata=f'annotations: {{helm.sh/hook: "{stage}"}}'))
    (problem,) = outcome.problems
    assert (problem.code, problem.severity, problem.line) == ("helm-hook", "warning", 5)
    assert (
        f"is a Helm hook ({stage.replace(',', ', ')}): Helm creates it {times}, but the objects of a profile are permanent"
        in problem.message
    )
    assert "helm template --no-hooks" in problem.hint


def test_folded_object() -> None:
    account = (
        "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: agent, annotations: {helm.sh/hook: pre-install}}\n"
    )
    outcome = imports(daemonset("serviceAccountName: agent") + "---\n" + account)
    assert [problem.code for problem in outcome.problems] == ["helm-hook"]
    assert len(outcome.imported[0].folded) == 1


def test_another_annotation() -> None:
    assert imports(daemonset(metadata="annotations: {helm.sh/resource-policy: keep}")).problems == []
