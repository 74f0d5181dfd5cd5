"""Claims for devices with administrators' access, and the namespace that must allow it."""

from __future__ import annotations

import pytest

from tests.kubernetes.relations.objects import codes, found, namespace

LABEL = "resource.kubernetes.io/admin-access"
ALLOWING = namespace(f"{LABEL}: 'true'")
FORBIDDEN, UNKNOWN = "forbidden-admin-access", "unknown-admin-access"


def claim(access: str = "true", where: str = "agents", version: str = "v1") -> str:
    asked = f"deviceClassName: a, adminAccess: {access}"
    request = asked if version == "v1beta1" else f"exactly: {{{asked}}}"
    return (
        f"apiVersion: resource.k8s.io/{version}\nkind: ResourceClaim\nmetadata: {{name: a{where and f', namespace: {where}'}}}\n"
        f"spec:\n  devices:\n    requests: [{{name: a, {request}}}]\n"
    )


def template(where: str = "agents") -> str:
    text = claim(where=where).replace("kind: ResourceClaim", "kind: ResourceClaimTemplate")
    return text.replace("spec:\n  devices:\n    requests", "spec:\n  spec: {devices: {requests").replace(
        "}]\n", "}]}}\n"
    )


@pytest.mark.parametrize(
    ("manifests", "expected"),
    [
        ([ALLOWING, claim()], []),
        ([namespace(), claim()], [FORBIDDEN]),
        ([namespace(f"{LABEL}: 'false'"), claim()], [FORBIDDEN]),
        ([namespace("resource.k8s.io/admin-access: 'true'"), claim()], [FORBIDDEN]),
        ([namespace(), claim("false")], []),
        ([namespace(), claim("'true'")], []),
        ([namespace(), claim(version="v1beta1")], [FORBIDDEN]),
        ([namespace(), template()], [FORBIDDEN]),
        ([ALLOWING, template()], []),
        ([claim()], [UNKNOWN]),
        ([claim(where="")], [UNKNOWN]),
        ([namespace(name="others"), template()], [UNKNOWN]),
    ],
)
def test_the_label_of_the_namespace_decides(manifests: list[str], expected: list[str]) -> None:
    assert codes(*manifests) == expected


def test_both_lines_are_named() -> None:
    (problem,) = found(namespace(), claim())
    assert (problem.severity, problem.file, problem.line, problem.column) == ("error", "1.yaml", 6, 69)
    assert problem.message == f'Namespace agents (0.yaml:3) does not have the label `{LABEL}: "true"`'
    (problem,) = found(claim())
    assert problem.severity == "warning"
    assert "on Namespace agents, which is not among" in problem.message


def test_of_some_objects_only_errors_are_reported() -> None:
    assert [each.code for each in found(namespace(), claim(), partial=True)] == [FORBIDDEN]
    assert found(claim(), partial=True) == []


def test_before_1_34_the_server_drops_the_field() -> None:
    assert found(namespace(), claim(version="v1beta2"), minor="1.33") == []
    assert [each.code for each in found(namespace(), claim(version="v1beta2"), minor="1.34")] == [FORBIDDEN]
