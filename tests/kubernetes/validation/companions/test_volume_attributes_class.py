from __future__ import annotations

import pytest

from dsgen.kubernetes.validation.companions import volume_attributes_class
from tests.kubernetes.manifests import said, untested
from tests.kubernetes.objects import check, said_of_update, table

FRAME = "{apiVersion: storage.k8s.io/v1, kind: VolumeAttributesClass, metadata: {name: a}, *}"
CLASS = FRAME.replace("*", "driverName: x.io/a, *")
VALID = CLASS.replace("*", "parameters: {a: b}")
MANY = ", ".join(f"k{number}: ''" for number in range(512))

ROWS = [
    *table(
        FRAME.replace("*", "parameters: {a: b}, *"),
        """
        invalid-volume-attributes-driver | driverName: X.io/a | driverName: a b | Invalid driverName
        invalid-volume-attributes-driver | driverName: a | driverName: '' | Required driverName
        """,
    ),
    *table(
        CLASS,
        f"""
        missing-volume-attributes | parameters: {{a: ''}} | parameters: {{}} | Required parameters
        missing-volume-attributes | parameters: {{a: null}} | parameters: null | Required parameters
        too-large-storage-class-parameters | parameters: {{{MANY}}} | parameters: {{{MANY}, a: b}} | TooLong parameters
        empty-storage-class-parameter | parameters: {{a: ''}} | parameters: {{'': a}} | Invalid parameters
        """,
    ),
]


@pytest.mark.parametrize(("code", "right", "wrong", "says"), ROWS)
def test_rule(code: str, right: str, wrong: str, says: str) -> None:
    check(code, right, wrong, says)


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, volume_attributes_class) == {
        "changed-volume-attributes",
        "deprecated-volume-attributes-api-version",
    }


@pytest.mark.parametrize(
    ("minor", "version", "warns"),
    [("1.33", "v1alpha1", True), ("1.33", "v1beta1", False), ("1.34", "v1beta1", True), ("1.34", "v1", False)],
)
def test_older_versions_are_deprecated(minor: str, version: str, warns: bool) -> None:
    expected = {"deprecated-volume-attributes-api-version Warning kind"} if warns else set()
    assert said(VALID.replace("/v1,", f"/{version},"), minor) == expected


def test_older_versions_have_the_rules_too() -> None:
    text = CLASS.replace(", *", "").replace("/v1,", "/v1beta1,")
    assert said(text, "1.33") == {"missing-volume-attributes Required parameters"}


def test_update() -> None:
    assert said_of_update(VALID, VALID.replace("name: a}", "name: a, labels: {a: b}}")) == set()
    other_driver, other_parameters = VALID.replace("x.io/a", "x.io/b"), VALID.replace("a: b", "a: c")
    assert said_of_update(VALID, other_driver) == {"changed-volume-attributes Forbidden driverName"}
    assert said_of_update(VALID, other_parameters) == {"changed-volume-attributes Forbidden parameters"}


def test_an_update_excuses_nothing() -> None:
    wrong = VALID.replace("x.io/a", "a b")
    assert said_of_update(wrong, wrong) == said(wrong) != set()
