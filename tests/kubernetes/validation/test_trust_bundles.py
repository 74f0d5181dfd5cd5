from __future__ import annotations

import pytest

from dsgen.kubernetes.validation import trust_bundles
from tests.kubernetes.pods import check, refused, table, untested

POD = "volumes: [{name: v, projected: {sources: [{clusterTrustBundle: {*}}]}}]"
# The server drops trust bundles unless the object that an update replaces has one.
OLD = POD.replace("*", "name: old, path: old")
BUNDLES = table(
    POD,
    """
    invalid-trust-bundle-source | path: a, name: a | path: a, name: a, signerName: a.b/c | Invalid AT
    invalid-trust-bundle-source | path: a, signerName: a.b/c | path: a | Required AT
    invalid-trust-bundle-name | path: a, name: <253> | path: a, name: <254> | Invalid AT.name
    invalid-trust-bundle-name | path: a, name: 'a.b:c:d' | path: a, name: 'a.b:c:' | Invalid AT.name
    invalid-trust-bundle-name | path: a, name: 'a:b:c' | path: a, name: 'a/b:c' | Invalid AT.name
    invalid-trust-bundle-name | path: a, name: 'a:b' | path: a, name: ':b' | Invalid AT.name
    invalid-trust-bundle-name | path: a, name: a.b | path: a, name: '' | Required AT.name, Invalid AT.name
    invalid-trust-bundle-selector | path: a, signerName: a.b/c, labelSelector: {} | path: a, name: a, labelSelector: {} | Invalid AT.labelSelector
    invalid-trust-bundle-selector | path: a, signerName: a.b/c, labelSelector: {matchLabels: {a: b}} | path: a, signerName: a.b/c, labelSelector: {matchLabels: {a: -b}} | Invalid AT.labelSelector.matchLabels
    invalid-trust-bundle-signer-name | path: a, signerName: a.b/c.d | path: a, signerName: a.b/c..d | Invalid AT.signerName
    invalid-trust-bundle-signer-name | path: a, signerName: a.b/c | path: a, signerName: a/b | Invalid AT.signerName
    invalid-trust-bundle-signer-name | path: a, signerName: a.b/c | path: a, signerName: a.b/c/d | Invalid AT.signerName
    invalid-trust-bundle-signer-name | path: a, signerName: a.b/c | path: a, signerName: a.b | Invalid AT.signerName
    invalid-trust-bundle-signer-name | path: a, signerName: a.b/c | path: a, signerName: '' | Required AT.signerName
    invalid-trust-bundle-signer-name | path: a, signerName: a.b/<253> | path: a, signerName: a.b/<254> | Invalid AT.signerName
    invalid-trust-bundle-signer-name | path: a, signerName: a.<63>/b | path: a, signerName: a.<64>/b | Invalid AT.signerName
    invalid-trust-bundle-path | path: a/b, name: a | path: '', name: a | Required AT.path
    invalid-trust-bundle-path | path: a/..b, name: a | path: a/.., name: a | Invalid AT.path
    """.replace(" AT", " volumes[0].projected.sources[0].clusterTrustBundle"),
)
ROWS = BUNDLES


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, trust_bundles) == set()


@pytest.mark.parametrize(("code", "passes", "refuses", "says"), ROWS)
def test_rule(code: str, passes: str, refuses: str, says: str) -> None:
    check(code, passes, refuses, says, OLD)


LABELS = ".".join(["a" * 63] * 4)
LONG = [
    (f"{LABELS[:253]}/b", set()),
    (f"{LABELS[:254]}/b", {"TooLong"}),
    (f"{LABELS[:253]}/{'b' * 253}.{'c' * 63}", set()),
    (f"{LABELS[:253]}/{'b' * 253}.{'c' * 64}", {"TooLong"}),
]


@pytest.mark.parametrize(("name", "kinds"), LONG)
def test_the_length_of_a_signer_name(name: str, kinds: set[str]) -> None:
    found = refused(POD.replace("*", f"path: a, signerName: {name}"), old=OLD)
    assert {says.split()[0] for _, says in found} == kinds


def test_trust_bundles_without_path_have_the_same() -> None:
    pod = (
        "volumes: [{name: v, projected: {sources: [{clusterTrustBundle: {name: a}}, {clusterTrustBundle: {name: b}}]}}]"
    )
    assert ("duplicate-projection-path", "Invalid volumes[0].projected") in refused(pod, old=OLD)
