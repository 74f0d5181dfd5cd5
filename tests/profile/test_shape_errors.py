"""Putting problems into words takes time in proportion to the problems."""

from __future__ import annotations

import pytest
from cerberus.errors import ValidationError

from dsgen.profile import coercion, compile, shape_errors, typed
from dsgen.profile.shape_problems import ReportPart
from dsgen.resolve.file import File
from dsgen.resolve.parents import read_layer
from dsgen.tree import Value
from tests.profile.layers import refusals


def test_problems_are_not_compared_with_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def compared(*_: object) -> bool:
        raise AssertionError("a profile of thousands of unknown keys would take minutes")

    refusals("zzz: x\nname: a\n")  # Cerberus compares when it checks the schema, once
    monkeypatch.setattr(ValidationError, "__lt__", compared)
    keys = [f"zzz{number}" for number in range(9)]
    found = refusals("\n".join(f"{key}: x" for key in ("name", *keys)))
    assert [problem.path for problem in found] == keys


@pytest.mark.parametrize("text", ["receivers: {}\nexporters: {}\n", "- a\n"])
def test_another_file(text: str) -> None:
    found = read_layer(File("otel.yaml", text.encode(), "otel.yaml"))[1]
    assert [(problem.line, problem.code) for problem in found] == [(1, "invalid-type")]
    assert "a folder whose name begins with `_`" in found[0].hint


@pytest.mark.parametrize("key", ["image", "replicas", "tolerations", "runAsUser"])
def test_one_key_that_might_be_meant_makes_a_profile(key: str) -> None:
    found = read_layer(File("a.yaml", f"zzz: 1\n{key}: x\n".encode(), "a.yaml"))[1]
    assert "unknown key `zzz` in a profile" in [problem.message for problem in found]


def test_keys_that_are_like_those_of_a_profile() -> None:
    found = read_layer(File("a.yaml", b"containerz: {}\nnamespce: x\n", "a.yaml"))[1]
    assert [problem.code for problem in found] == ["unknown-key"] * 2


def test_so_many_unknown_keys_have_a_suggestion(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shape_errors, "SUGGESTIONS", 2)
    found = read_layer(File("a.yaml", b"containerz: {}\nnamespce: x\nlabelz: {}\npodLabelz: {}\n", "a.yaml"))[1]
    near = [problem.hint.startswith("did you mean") for problem in found]
    assert near == [True, True, False, False]


def test_a_layer_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Value] = []
    boolean = coercion.boolean

    def counted(value: Value, report: ReportPart) -> Value:
        read.append(value)
        return boolean(value, report)

    monkeypatch.setattr(coercion, "boolean", counted)
    monkeypatch.setattr(compile, "_COMPILED", {})
    typed.converter.cache_clear()
    found = refusals("hostNetwork: yes\nhostPID: true\nhostIPX: true\nnodes: {zzz: 1}\n")
    typed.converter.cache_clear()
    assert [problem.path for problem in found] == ["hostNetwork", "nodes.zzz", "hostIPX"]
    assert read == ["yes", "true"]


def test_every_problem_has_its_path() -> None:
    text = "serviceAccount: {clusterRules: ['get nodez', 'get podz', 'gett pods']}\n"
    assert [problem.path for problem in refusals(text)] == [
        f"serviceAccount.clusterRules[{index}]" for index in range(3)
    ]
    entries = "containers:\n- {name: a, imag: x}\n- {image: x, stdin: 1}\n- b\n"
    assert [problem.path for problem in refusals(entries)] == [
        "containers[1]",
        "containers[1].stdin",
        "containers[2]",
        "containers[0].imag",
    ]


def test_excluding_keys_are_reported_whatever_their_values() -> None:
    found = refusals("update: null\nupdateStrategy: {type: Never, typ: x}\n")
    assert [(problem.code, problem.path) for problem in found] == [
        ("unknown-key", "updateStrategy.typ"),
        ("conflicting-keys", "update"),
    ]
