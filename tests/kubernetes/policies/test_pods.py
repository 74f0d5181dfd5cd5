"""Policies about pods: those that a controller creates are not evaluated, and that is noted."""

from __future__ import annotations

from tests.kubernetes.policies.setups import binding, needs_cel, policy, said

PODS = {"resourceRules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}]}


@needs_cel
def test_a_policy_about_pods_is_noted_for_an_agent() -> None:
    [note] = said(policy("false", matchConstraints=PODS), binding())
    assert (note.code, note.file, note.field) == ("unvalidated-policy", "policies.yaml", "spec.matchConstraints")
    elsewhere = {**PODS, "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "other"}}}
    assert said(policy("false", matchConstraints=elsewhere), binding()) == []
    assert said(policy("false", matchConstraints=PODS), binding(matchResources=elsewhere)) == []


@needs_cel
def test_a_pod_itself_is_evaluated() -> None:
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b}\nspec: {containers: [{name: a, image: x}]}\n"
    assert [each.code for each in said(policy("false", matchConstraints=PODS), binding(), agent=pod)] == [
        "forbidden-by-policy"
    ]
