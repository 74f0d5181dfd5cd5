from __future__ import annotations

import pytest

from dsgen.kubernetes.validation import resource_claims
from tests.kubernetes.pods import check, refused, table, untested

CLAIMS = table(
    "resourceClaims: [*]",
    """
    missing-resource-claim-name | {name: a, resourceClaimName: a} | {resourceClaimName: a} | Required resourceClaims[0].name
    invalid-resource-claim-name | {name: <63>, resourceClaimName: a} | {name: <64>, resourceClaimName: a} | Invalid resourceClaims[0].name
    duplicate-resource-claim | {name: a, resourceClaimName: a}, {name: b, resourceClaimName: a} | {name: a, resourceClaimName: a}, {name: a, resourceClaimName: b} | Duplicate resourceClaims[1].name
    invalid-resource-claim-source | {name: a, resourceClaimTemplateName: a} | {name: a} | Invalid resourceClaims[0]
    invalid-resource-claim-source | {name: a, resourceClaimName: a, resourceClaimTemplateName: ~} | {name: a, resourceClaimName: a, resourceClaimTemplateName: a} | Invalid resourceClaims[0]
    invalid-resource-claim-source-name | {name: a, resourceClaimName: a.b} | {name: a, resourceClaimName: ''} | Invalid resourceClaims[0].resourceClaimName
    invalid-resource-claim-source-name | {name: a, resourceClaimTemplateName: <253>} | {name: a, resourceClaimTemplateName: <254>} | Invalid resourceClaims[0].resourceClaimTemplateName
    """,
)
USED = table(
    """\
    resourceClaims: [{name: a, resourceClaimName: a}, {name: b, resourceClaimName: b}]
    containers: [{name: c, image: i, resources: {claims: [*]}}]
    """,
    """
    missing-container-claim-name | {name: a} | {request: a} | Required containers[0].resources.claims[0]
    unknown-container-claim | {name: b} | {name: c} | NotFound containers[0].resources.claims[0]
    invalid-container-claim-request | {name: a, request: <63>} | {name: a, request: <64>} | Invalid containers[0].resources.claims[0].request
    invalid-container-claim-request | {name: a, request: ''} | {name: a, request: a.b} | Invalid containers[0].resources.claims[0].request
    duplicate-container-claim | {name: a}, {name: b} | {name: a}, {name: a} | Duplicate containers[0].resources.claims[1]
    duplicate-container-claim | {name: a, request: a}, {name: a, request: b} | {name: a, request: a}, {name: a, request: a} | Duplicate containers[0].resources.claims[1]
    duplicate-container-claim | {name: a, request: a}, {name: b} | {name: a, request: a}, {name: a} | Duplicate containers[0].resources.claims[1]
    duplicate-container-claim | {name: a}, {name: b, request: a} | {name: a}, {name: a, request: a} | Duplicate containers[0].resources.claims[1]
    """,
)
ROWS = CLAIMS + USED


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, resource_claims) == set()


@pytest.mark.parametrize(("code", "passes", "refuses", "says"), ROWS)
def test_rule(code: str, passes: str, refuses: str, says: str) -> None:
    check(code, passes, refuses, says)


def test_a_name_with_a_slash_is_told_apart_from_a_request() -> None:
    pod = """\
    resourceClaims: [{name: a, resourceClaimName: a}]
    containers: [{name: c, image: i, resources: {claims: [{name: a, request: b}, {name: a/b, request: A}]}}]
    """
    assert refused(pod) == {
        ("duplicate-container-claim", "Duplicate containers[0].resources.claims[1]"),
        ("unknown-container-claim", "NotFound containers[0].resources.claims[1]"),
    }
