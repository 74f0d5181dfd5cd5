from __future__ import annotations

import pytest

from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.validate import validate
from dsgen.kubernetes.validation import overlapping_paths, projected
from tests.kubernetes.manifests import daemonset
from tests.kubernetes.pods import check, found, refused, table, untested

PROJECTED = table(
    "volumes: [{name: v, projected: {sources: [*]}}]",
    """
    conflicting-projection-sources | {secret: {name: a}}, {configMap: {name: a}} | {secret: {name: a}, configMap: {name: a}} | Forbidden volumes[0].projected.sources[0]
    conflicting-projection-sources | {secret: {name: a}, downwardAPI: ~} | {secret: {name: a}, downwardAPI: {}} | Forbidden volumes[0].projected.sources[0]
    empty-projection | {downwardAPI: {}} | {downwardAPI: ~} | Warning volumes[0].projected.sources[0]
    empty-projection | {secret: {name: a}} | {secret: {name: a}}, {} | Warning volumes[0].projected.sources[1]
    missing-projection-name | {secret: {name: Any text}} | {secret: {}} | Required volumes[0].projected.sources[0].secret.name
    missing-projection-name | {configMap: {name: Any text}} | {configMap: {name: ''}} | Required volumes[0].projected.sources[0].configMap.name
    missing-volume-item-field | {secret: {name: a, items: []}} | {secret: {name: a, items: [{key: a}]}} | Required volumes[0].projected.sources[0].secret.items[0].path
    invalid-volume-item-path | {configMap: {name: a, items: [{key: a, path: a}]}} | {configMap: {name: a, items: [{key: a, path: /a}]}} | Invalid volumes[0].projected.sources[0].configMap.items[0].path
    out-of-range-volume-item-mode | {configMap: {name: a, items: [{key: a, path: a, mode: 0444}]}} | {configMap: {name: a, items: [{key: a, path: a, mode: 444444}]}} | Invalid volumes[0].projected.sources[0].configMap.items[0].mode
    invalid-downward-api-path | {downwardAPI: {items: [{path: a, fieldRef: {fieldPath: metadata.uid}}]}} | {downwardAPI: {items: [{path: /a, fieldRef: {fieldPath: metadata.uid}}]}} | Invalid volumes[0].projected.sources[0].downwardAPI.path
    invalid-downward-api-field-path | {downwardAPI: {items: [{path: a, fieldRef: {fieldPath: metadata.uid}}]}} | {downwardAPI: {items: [{path: a, fieldRef: {fieldPath: spec.host}}]}} | NotSupported volumes[0].projected.sources[0].downwardAPI.fieldRef.fieldPath
    out-of-range-token-expiration | {serviceAccountToken: {path: a, expirationSeconds: 600}} | {serviceAccountToken: {path: a, expirationSeconds: 599}} | Invalid volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds
    out-of-range-token-expiration | {serviceAccountToken: {path: a, expirationSeconds: 4294967296}} | {serviceAccountToken: {path: a, expirationSeconds: 4294967297}} | Invalid volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds
    missing-token-path | {serviceAccountToken: {path: a}} | {serviceAccountToken: {}} | Required volumes[0].projected.path
    invalid-token-path | {serviceAccountToken: {path: a/..b}} | {serviceAccountToken: {path: a/../b}} | Invalid volumes[0].projected.path
    invalid-token-path | {serviceAccountToken: {path: .a}} | {serviceAccountToken: {path: ..a}} | Invalid volumes[0].projected.path
    duplicate-projection-path | {secret: {name: a, items: [{key: a, path: a}, {key: a, path: b}]}} | {secret: {name: a, items: [{key: a, path: a}, {key: a, path: a}]}} | Invalid volumes[0].projected
    duplicate-projection-path | {secret: {name: a, items: [{key: a, path: a}]}}, {configMap: {name: a, items: [{key: a, path: a/}]}} | {secret: {name: a, items: [{key: a, path: a}]}}, {configMap: {name: a, items: [{key: a, path: a}]}} | Invalid volumes[0].projected
    duplicate-projection-path | {secret: {name: a, items: [{key: a, path: a}]}}, {serviceAccountToken: {path: a}} | {secret: {name: a, items: [{key: a, path: a}]}}, {downwardAPI: {items: [{path: a, fieldRef: {fieldPath: metadata.uid}}]}} | Invalid volumes[0].projected
    overlapping-paths | {secret: {name: a, items: [{key: a, path: a}]}}, {configMap: {name: a, items: [{key: a, path: ab}]}} | {secret: {name: a, items: [{key: a, path: a}]}}, {configMap: {name: a, items: [{key: a, path: a/b}]}} | Warning volumes[0].projected.sources[1].configMap.items[0].path
    overlapping-paths | {secret: {name: a}}, {serviceAccountToken: {path: a}} | {secret: {name: a, items: [{key: a, path: a}]}}, {serviceAccountToken: {path: a}} | Warning volumes[0].projected.sources[1].serviceAccountToken.path
    """,
)
ROWS = PROJECTED


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, projected, overlapping_paths) == set()


@pytest.mark.parametrize(("code", "passes", "refuses", "says"), ROWS)
def test_rule(code: str, passes: str, refuses: str, says: str) -> None:
    check(code, passes, refuses, says)


def test_a_projected_volume_without_sources() -> None:
    assert found("volumes: [{name: v, projected: {}}]") == set()


def test_an_update_may_keep_a_foreign_token_path() -> None:
    pod = "volumes: [{name: v, projected: {sources: [{serviceAccountToken: {path: %s}}]}}]"
    assert refused(pod % "/b", old=pod % "/a") == set()
    assert refused(pod % "/b", old=pod % "a") == {("invalid-token-path", "Invalid volumes[0].projected.path")}


def test_of_many_files_that_overlap_each_is_told_once() -> None:
    items = ", ".join(
        f"{{key: k{number}, path: {path}}}" for number, path in enumerate(["a", "a/b", "a/b", "c", "a"] * 40)
    )
    pod = f"volumes: [{{name: v, configMap: {{name: c, items: [{items}]}}}}]"
    warnings = [each for each in validate(read_first(daemonset(pod=pod)).root) if each.code == "overlapping-paths"]
    assert len(warnings) == 200 - 2
    first = warnings[0]
    assert first.field.endswith("configMap.items[1].path")
    assert "`a/b` and `a` overlap" in first.message
