from __future__ import annotations

import pytest

from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.validate import validate_update
from dsgen.kubernetes.validation.companions import api_service
from tests.kubernetes.manifests import untested
from tests.kubernetes.objects import check, table

FRAME = "{apiVersion: apiregistration.k8s.io/v1, kind: APIService, metadata: {META}, spec: {PART}}"
SPEC = FRAME.replace("META", "name: v1.a.b").replace("PART", "group: a.b, version: v1, groupPriorityMinimum: 1, *")
SERVICE = SPEC.replace("*", "versionPriority: 1, service: {*}")
FREE = FRAME.replace("META", "name: N").replace("PART", "groupPriorityMinimum: 1, versionPriority: 1, *")

ROWS = [
    *table(
        SPEC,
        """
        out-of-range-version-priority | versionPriority: 1000 | versionPriority: 1001 | Invalid spec.versionPriority
        out-of-range-version-priority | versionPriority: 1 | service: null | Invalid spec.versionPriority
        forbidden-api-service-tls | versionPriority: 1, insecureSkipTLSVerify: false | versionPriority: 1, insecureSkipTLSVerify: true | Invalid spec.insecureSkipTLSVerify
        forbidden-api-service-tls | versionPriority: 1, caBundle: '' | versionPriority: 1, caBundle: eA== | Invalid spec.caBundle
        conflicting-api-service-tls | versionPriority: 1, service: {name: a, namespace: b}, caBundle: eA== | versionPriority: 1, service: {name: a, namespace: b}, caBundle: eA==, insecureSkipTLSVerify: true | Invalid spec.insecureSkipTLSVerify
        """,
    ),
    *table(
        SPEC.replace("groupPriorityMinimum: 1", "versionPriority: 1"),
        """
        out-of-range-group-priority | groupPriorityMinimum: 20000 | groupPriorityMinimum: 20001 | Invalid spec.groupPriorityMinimum
        """,
    ),
    *table(
        SERVICE,
        """
        missing-api-service-reference | name: a, namespace: b | name: a | Required spec.service.namespace
        missing-api-service-reference | name: a, namespace: b | namespace: a | Required spec.service.name
        out-of-range-api-service-port | name: a, namespace: b | name: a, namespace: b, port: 0 | Invalid spec.service.port
        """,
    ),
    *table(
        FREE.replace("N", "v1."),
        """
        mismatched-api-service-name | version: v1 | version: v1, group: a | Invalid metadata.name
        """,
    ),
]
OTHERS = [
    ("invalid-api-service-group", "version: v1", "v1.", "version: v1, group: A", "v1.A", "Invalid spec.group"),
    ("invalid-api-service-group", "version: v1, group: a", "v1.a", "version: v2", "v2.", "Required spec.group"),
    ("invalid-api-service-version", "version: v1a, group: a", "v1a.a", "version: 1a, group: a", "1a.a", "Invalid spec.version"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "right", "wrong", "says"), ROWS)
def test_rule(code: str, right: str, wrong: str, says: str) -> None:
    check(code, right, wrong, says)


@pytest.mark.parametrize(("code", "right", "name", "wrong", "other", "says"), OTHERS)
def test_rule_of_what_the_name_is_made_of(code: str, right: str, name: str, wrong: str, other: str, says: str) -> None:
    check(code, FREE.replace("N", name).replace("*", right), FREE.replace("N", other).replace("*", wrong), says)


def test_every_rule_has_a_case() -> None:
    named = {code for code, *_ in OTHERS}
    assert untested(ROWS, api_service) == named


def test_a_generated_name_is_never_the_right_one() -> None:
    frame = FRAME.replace("PART", "group: a.b, version: v1, groupPriorityMinimum: 1, versionPriority: 1")
    check("mismatched-api-service-name", frame.replace("META", "name: v1.a.b"), frame.replace("META", "generateName: v1."), "Invalid metadata.name, Invalid metadata.generateName")  # fmt: skip


def test_an_update_is_validated_like_a_new_object() -> None:
    right = SPEC.replace("*", "versionPriority: 1")
    wrong = right.replace("versionPriority: 1", "versionPriority: 0")
    old, new = read_first(right).root, read_first(wrong).root
    assert [each.code for each in validate_update(old, new)] == ["out-of-range-version-priority"]
    assert [each.code for each in validate_update(new, new)] == ["out-of-range-version-priority"]
    assert validate_update(new, old) == []
