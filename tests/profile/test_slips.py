"""Slips that are errors of a profile; and that each hint, when it is followed, leaves no problem."""

from __future__ import annotations

import pytest

from tests.factories import made

FRAME = "name: agent\n%s\ncontainers: {agent: {image: 'example.com/agent:1.0'}}\n"
ACCOUNT = "write `serviceAccount: {create: true}`; if this is a name, quote it"
NAMESPACE = "write `namespace: {create: true}`; if this is a name, quote it"
NOTHING = "remove it, or write `null` to override a layer that sets it; if this is a name, quote it"
SELECT = "if nodes have this label, write `select: {%s}`"
# What stands in the profile, the hint, and what stands there when it was followed.
SLIPS = [
    ("nodes: {os: Linux}", ["write `linux`"], "nodes: {os: linux}"),
    ("nodes: {os: [linux, win]}", ["write `windows`"], "nodes: {os: [linux, windows]}"),
    ("nodes: {arch: x86_64}", ["write `amd64`"], "nodes: {arch: amd64}"),
    ("nodes: {arch+: [AMD64, aarch64]}", ["write `amd64`", "write `arm64`"], "nodes: {arch+: [amd64, arm64]}"),
    ("nodes: {arch: ppc64el}", ["write `ppc64le`"], "nodes: {arch: ppc64le}"),
    ("nodes: {arch: sparc}", [SELECT % "kubernetes.io/arch: sparc"], "nodes: {select: {kubernetes.io/arch: sparc}}"),
    ("nodes: {os: plan9}", [SELECT % "kubernetes.io/os: plan9"], "nodes: {select: {kubernetes.io/os: plan9}}"),
    ("serviceAccount: true", [ACCOUNT], "serviceAccount: {create: true}"),
    ("serviceAccount: on", [ACCOUNT], "serviceAccount: 'on'"),
    ("serviceAccountName: True", [ACCOUNT], "serviceAccount: {create: true}"),
    ("serviceAccount: no", [NOTHING], ""),
    ("namespace: true", [NAMESPACE], "namespace: {create: true}"),
    ("namespace: false", [NOTHING], ""),
    ("namespace: yes", [NAMESPACE], "namespace: 'yes'"),
]


@pytest.mark.parametrize(("slip", "hints", "right"), SLIPS)
def test_slips(slip: str, hints: list[str], right: str) -> None:
    problems = made(FRAME % slip).problems
    assert [problem.hint for problem in problems] == hints
    assert {(problem.severity, problem.line) for problem in problems} == {("error", 2)}
    assert made(FRAME % right).problems == ()


def test_null_over_a_layer_that_states_it() -> None:
    files = {"base.yaml": "namespace: agents\nserviceAccount: agents\n"}
    result = made(FRAME % "extends: ./base.yaml\nnamespace: null\nserviceAccount: null", files)
    assert result.problems == ()
    assert "agents" not in result.objects[0].text


@pytest.mark.parametrize("name", ["n", "'true'", '"no"', "truth"])
def test_names(name: str) -> None:
    assert made(FRAME % f"namespace: {name}\nserviceAccount: {name}").problems == ()
