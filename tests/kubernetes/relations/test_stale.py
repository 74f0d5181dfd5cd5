"""Hashes of config maps in the annotations of pods, which something else than dsgen has made stale."""

from __future__ import annotations

import pytest

from dsgen.kubernetes.checksums import checksum
from dsgen.kubernetes.relations.excerpt import Excerpt, excerpt
from tests.kubernetes.relations.objects import codes, found, objects

LONG = "a" * 70


def config_map(data: str = "{a: x}", name: str = "conf", where: str = "agents") -> str:
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: {where}}}\ndata: {data}\n"


def hash_of(data: str) -> str:
    (root,) = objects(config_map(data))
    return checksum(root)


def daemonset(value: str, key: str = "conf", manager: str = "dsgen", mounts: str = "conf") -> str:
    labels = f"labels: {{app.kubernetes.io/managed-by: {manager}}}"
    return (
        f"apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {{name: agent, namespace: agents, {labels}}}\n"
        "spec:\n  selector: {matchLabels: {a: b}}\n  template:\n"
        f"    metadata:\n      labels: {{a: b}}\n      annotations: {{checksum/{key}: {value!r}}}\n"
        f"    spec: {{volumes: [{{name: c, configMap: {{name: {mounts}}}}}], containers: [{{name: a, image: 'x:1'}}]}}\n"
    )


CURRENT = hash_of("{a: x}")
STALE = hash_of("{a: y}")


@pytest.mark.parametrize(
    ("pods", "other", "expected"),
    [
        pytest.param(daemonset(CURRENT), config_map(), [], id="current"),
        pytest.param(daemonset(STALE), config_map(), ["mismatched-checksum"], id="stale"),
        pytest.param(daemonset(STALE, manager="Helm"), config_map(), [], id="of another tool"),
        pytest.param(daemonset(STALE), config_map(where="other"), [], id="another namespace"),
        pytest.param(daemonset(STALE, mounts="other"), config_map(name="other"), [], id="another config map"),
        pytest.param(
            daemonset(STALE, mounts="eu-conf"), config_map(name="eu-conf"), ["mismatched-checksum"], id="with a prefix"
        ),
        pytest.param(daemonset(CURRENT, mounts="eu-conf"), config_map(name="eu-conf"), [], id="current, with a prefix"),
        pytest.param(daemonset(hash_of("{a: '${X} $$ $'}")), config_map("{a: '$${X} $$$$ $'}"), [], id="for Flux"),
        pytest.param(
            daemonset(STALE), config_map("{a: '$${X}'}"), ["mismatched-checksum"], id="stale, and for Flux"
        ),
    ],
)  # fmt: skip
def test_both_sides(pods: str, other: str, expected: list[str]) -> None:
    assert [each for each in codes(f"{pods}---\n{other}") if "checksum" in each] == expected


def test_a_name_that_does_not_fit_into_an_annotation() -> None:
    from dsgen.kubernetes.checksums import annotation

    key = annotation(LONG).removeprefix("checksum/")
    pods = daemonset(STALE, key=key, mounts=LONG)
    assert "mismatched-checksum" in codes(f"{pods}---\n{config_map(name=LONG)}")


def test_what_is_said() -> None:
    (problem,) = [each for each in found(daemonset(STALE), config_map()) if each.code == "mismatched-checksum"]
    assert (problem.file, problem.line, problem.severity) == ("0.yaml", 9, "warning")
    assert problem.field == "spec.template.metadata.annotations[checksum/conf]"
    assert "ConfigMap agents/conf (1.yaml:3)" in problem.message
    assert f"write `{CURRENT}`" in problem.hint


def test_an_excerpt_is_kept() -> None:
    for root in objects(f"{daemonset(STALE)}---\n{config_map()}"):
        whole = excerpt(root, with_content=True)
        assert whole is not None
        assert whole.checksums
        assert Excerpt.from_json(whole.to_json()) == whole
