from __future__ import annotations

import pytest

from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.semantics.normalize import normalized
from dsgen.kubernetes.validate import validate
from dsgen.kubernetes.validation.companions import csi_driver
from dsgen.plain import plain
from tests.kubernetes.manifests import said, untested
from tests.kubernetes.objects import check, said_of_update, table

SPEC = "{apiVersion: storage.k8s.io/v1, kind: CSIDriver, metadata: {name: a}, spec: {*}}"
IN_SECRETS = "spec.serviceAccountTokenInSecrets"
TOKEN = "serviceAccountTokenInSecrets: true, tokenRequests: [*]"

ROWS = [
    *table(
        SPEC,
        f"""
        invalid-fs-group-policy | fsGroupPolicy: None | fsGroupPolicy: '' | NotSupported spec.fsGroupPolicy
        out-of-range-allocatable-update-period | nodeAllocatableUpdatePeriodSeconds: 10 | nodeAllocatableUpdatePeriodSeconds: 9 | Invalid spec.nodeAllocatableUpdatePeriodSeconds
        invalid-volume-lifecycle-mode | volumeLifecycleModes: [Ephemeral] | volumeLifecycleModes: [Ephemeral, x] | NotSupported spec.volumeLifecycleModes
        missing-token-requests | serviceAccountTokenInSecrets: null | serviceAccountTokenInSecrets: false | Invalid {IN_SECRETS}
        missing-token-in-secrets | tokenRequests: [{{audience: a}}], serviceAccountTokenInSecrets: false | tokenRequests: [{{audience: a}}] | Warning {IN_SECRETS}
        """,
    ),
    *table(
        SPEC.replace("*", TOKEN),
        """
        duplicate-token-audience | {audience: a}, {audience: ''} | {audience: ''}, {} | Duplicate spec.tokenRequests[1].audience
        out-of-range-csi-token-expiration | {expirationSeconds: 600} | {expirationSeconds: 599} | Invalid spec.tokenRequests[0].expirationSeconds
        out-of-range-csi-token-expiration | {expirationSeconds: 4294967296} | {expirationSeconds: 4294967297} | Invalid spec.tokenRequests[0].expirationSeconds
        """,
    ),
]


@pytest.mark.parametrize(("code", "right", "wrong", "says"), ROWS)
def test_rule(code: str, right: str, wrong: str, says: str) -> None:
    check(code, right, wrong, says)


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, csi_driver) == {"changed-csi-driver"}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("attachRequired: null", "attachRequired: true", ""),
        ("storageCapacity: true", "podInfoOnMount: true", ""),
        ("attachRequired: true", "attachRequired: false", "Invalid spec.attachedRequired"),
        ("", "volumeLifecycleModes: [Ephemeral]", "Invalid spec.volumeLifecycleModes"),
    ],
)
def test_update(old: str, new: str, says: str) -> None:
    before, after = (SPEC.replace("*", part) for part in (old, new))
    assert said_of_update(before, after) == ({f"changed-csi-driver {says}"} if says else set())


def test_an_update_that_keeps_its_tokens_is_not_warned_about() -> None:
    old, new = (SPEC.replace("*", f"tokenRequests: [{{audience: {name}}}]") for name in ("a", "b"))
    assert said_of_update(old, old) == set()
    assert said_of_update(old, new) == {f"missing-token-in-secrets Warning {IN_SECRETS}"}


def test_what_a_gate_drops_is_not_validated() -> None:
    text = SPEC.replace("*", "nodeAllocatableUpdatePeriodSeconds: 1")
    assert [each.code for each in validate(read_first(text).root, "1.34")] == ["dropped-field"]
    assert said(SPEC.replace("*", "tokenRequests: [{audience: a}]"), "1.34") == set()


def test_the_defaults_are_those_of_the_version() -> None:
    root = read_first(SPEC.replace("*", "")).root
    specs = {minor: plain(normalized(root, minor).map("spec")) for minor in ("1.36", "1.37")}
    assert specs["1.37"] == {**dict(specs["1.36"]), "preventPodSchedulingIfMissing": False}  # type: ignore[call-overload]
