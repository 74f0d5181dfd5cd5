from __future__ import annotations

import pytest

from dsgen.kubernetes.validation import pod_certificates
from tests.kubernetes.pods import check, table, untested

# The server drops certificates unless the object that an update replaces has one.
OLD = (
    "volumes: [{name: v, projected: {sources: [{podCertificate: {signerName: a.b/c, keyType: ED25519, keyPath: a}}]}}]"
)
CERTIFICATES = table(
    "volumes: [{name: v, projected: {sources: [{podCertificate: {*}}]}}]",
    """
    invalid-certificate-signer-name | signerName: a.b/c, keyType: RSA3072, keyPath: a | signerName: a.b, keyType: RSA3072, keyPath: a | Invalid AT.signerName
    invalid-certificate-signer-name | signerName: a.b/c, keyType: RSA3072, keyPath: a | keyType: RSA3072, keyPath: a | Required AT.signerName
    invalid-certificate-key-type | signerName: a.b/c, keyType: ECDSAP521, keyPath: a | signerName: a.b/c, keyType: ecdsap521, keyPath: a | NotSupported AT.keyType
    invalid-certificate-key-type | signerName: a.b/c, keyType: ED25519, keyPath: a | signerName: a.b/c, keyPath: a | NotSupported AT.keyType
    out-of-range-certificate-expiration | signerName: a.b/c, keyType: RSA4096, keyPath: a, maxExpirationSeconds: 3600 | signerName: a.b/c, keyType: RSA4096, keyPath: a, maxExpirationSeconds: 3599 | Invalid AT.maxExpirationSeconds
    out-of-range-certificate-expiration | signerName: a.b/c, keyType: RSA4096, keyPath: a, maxExpirationSeconds: 7862400 | signerName: a.b/c, keyType: RSA4096, keyPath: a, maxExpirationSeconds: 7862401 | Invalid AT.maxExpirationSeconds
    out-of-range-certificate-expiration | signerName: a.kubernetes.io/c, keyType: RSA4096, keyPath: a, maxExpirationSeconds: 86400 | signerName: a.kubernetes.io/c, keyType: RSA4096, keyPath: a, maxExpirationSeconds: 86401 | Invalid AT.maxExpirationSeconds
    out-of-range-certificate-expiration | signerName: akubernetes.io/c, keyType: RSA4096, keyPath: a, maxExpirationSeconds: 86401 | signerName: kubernetes.io/c, keyType: RSA4096, keyPath: a, maxExpirationSeconds: 86401 | Invalid AT.maxExpirationSeconds
    invalid-certificate-path | signerName: a.b/c, keyType: ECDSAP256, certificateChainPath: a | signerName: a.b/c, keyType: ECDSAP256 | Required AT
    invalid-certificate-path | signerName: a.b/c, keyType: ECDSAP384, credentialBundlePath: a/..b | signerName: a.b/c, keyType: ECDSAP384, credentialBundlePath: a/.. | Invalid AT.credentialBundlePath
    invalid-certificate-path | signerName: a.b/c, keyType: ECDSAP384, keyPath: a | signerName: a.b/c, keyType: ECDSAP384, keyPath: ..a | Invalid AT.keyPath
    duplicate-projection-path | signerName: a.b/c, keyType: ECDSAP384, keyPath: a, certificateChainPath: b | signerName: a.b/c, keyType: ECDSAP384, keyPath: a, certificateChainPath: a | Invalid volumes[0].projected
    overlapping-paths | signerName: a.b/c, keyType: ECDSAP384, keyPath: a, certificateChainPath: ab | signerName: a.b/c, keyType: ECDSAP384, keyPath: a/b, certificateChainPath: a | Warning AT.keyPath
    invalid-certificate-annotation-key | signerName: a.b/c, keyType: ECDSAP384, keyPath: a, userAnnotations: {A.b/C: a} | signerName: a.b/c, keyType: ECDSAP384, keyPath: a, userAnnotations: {C: a} | Invalid AT.userAnnotations
    invalid-certificate-annotation-key | signerName: a.b/c, keyType: ECDSAP384, keyPath: a, userAnnotations: {a.b/c: a} | signerName: a.b/c, keyType: ECDSAP384, keyPath: a, userAnnotations: {a.b/: a} | Invalid AT.userAnnotations
    invalid-certificate-annotation-key | signerName: a.b/c, keyType: ECDSAP384, keyPath: a, userAnnotations: {} | signerName: a.b/c, keyType: ECDSAP384, keyPath: a, userAnnotations: {'': a} | Required AT.userAnnotations
    too-large-certificate-annotations | signerName: a.b/c, keyType: ECDSAP384, keyPath: a, userAnnotations: {a/b: <262141>} | signerName: a.b/c, keyType: ECDSAP384, keyPath: a, userAnnotations: {a/b: <262142>} | TooLong AT.userAnnotations
    """.replace(" AT", " volumes[0].projected.sources[0].podCertificate"),
)
ROWS = CERTIFICATES


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, pod_certificates) == set()


@pytest.mark.parametrize(("code", "passes", "refuses", "says"), ROWS)
def test_rule(code: str, passes: str, refuses: str, says: str) -> None:
    check(code, passes, refuses, says, OLD)
