"""Which versions of Kubernetes have a field: what `explain` and the JSON Schema say of it."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from dsgen.cli import main
from dsgen.profile.explain import explain
from dsgen.profile.json_schema import json_schema
from dsgen.profile.schema import PROFILE


@pytest.mark.parametrize(
    ("key", "versions"),
    [
        ("evictionResponders", "since 1.37"),
        ("workloadRef", "only 1.35"),
        ("containers.restartPolicyRules", "since 1.34"),
        ("volumes.emptyDir.mode", "since 1.37"),
        ("hostNetwork", ""),
        ("containers.image", ""),
        ("volumes.emptyDir.medium", ""),
    ],
)
def test_explain(key: str, versions: str) -> None:
    assert explain(key).versions == versions
    output = CliRunner().invoke(main, ["explain", key]).output
    assert (f"VERSIONS: Kubernetes {versions}\n" in output) is bool(versions)


def test_the_keys_below() -> None:
    assert explain("volumes.emptyDir").keys == {
        "medium": "string",
        "mode": "integer  (Kubernetes since 1.37)",
        "sizeLimit": "Quantity",
    }


def test_json_schema() -> None:
    schema = json_schema(PROFILE)
    assert (
        schema["properties"]["workloadRef"]["description"].partition(" Example: ")[0].endswith("(Kubernetes only 1.35)")
    )
    mode = schema["definitions"]["EmptyDirVolumeSource"]
    properties = mode["properties"] if "properties" in mode else mode["anyOf"][1]["properties"]
    assert properties["mode"]["description"].endswith(" (Kubernetes since 1.37)")
    assert "Kubernetes" not in properties["medium"]["description"]
