from __future__ import annotations

import pytest

from dsgen.kubernetes.validation.companions import storage_class
from tests.kubernetes.manifests import untested
from tests.kubernetes.objects import check, said_of_update, table

FRAME = "{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: a}, *}"
CLASS = FRAME.replace("*", "provisioner: x.io/a, *")
TERMS = CLASS.replace("*", "allowedTopologies: [*]")
EXPRESSIONS = TERMS.replace("*", "{matchLabelExpressions: [*]}")
MANY = ", ".join(f"k{number}: ''" for number in range(512))

ROWS = [
    *table(
        FRAME,
        """
        invalid-provisioner | provisioner: X.io/a | provisioner: a b | Invalid provisioner
        invalid-provisioner | provisioner: a | provisioner: '' | Required provisioner
        """,
    ),
    *table(
        CLASS,
        f"""
        too-large-storage-class-parameters | parameters: {{{MANY}}} | parameters: {{{MANY}, a: b}} | TooLong parameters
        too-large-storage-class-parameters | parameters: {{a: <262143>}} | parameters: {{a: <262144>}} | TooLong parameters
        empty-storage-class-parameter | parameters: {{a: ''}} | parameters: {{'': a}} | Invalid parameters
        invalid-reclaim-policy | reclaimPolicy: '' | reclaimPolicy: Recycle | NotSupported reclaimPolicy
        invalid-volume-binding-mode | volumeBindingMode: WaitForFirstConsumer | volumeBindingMode: '' | NotSupported volumeBindingMode
        """,
    ),
    *table(
        TERMS,
        """
        duplicate-allowed-topology | {matchLabelExpressions: [{key: a, values: [b]}]} | {} | Duplicate allowedTopologies[0].matchLabelExpressions
        """,
    ),
    *table(
        EXPRESSIONS,
        """
        duplicate-topology-key | {key: a, values: [b]}, {key: b, values: [b]} | {key: a, values: [b]}, {key: a, values: [c]} | Duplicate allowedTopologies[0].matchLabelExpressions[1].key
        missing-topology-values | {key: a, values: ['']} | {key: a} | Required allowedTopologies[0].matchLabelExpressions[0].values
        invalid-topology-key | {key: <63>, values: [a]} | {key: <64>, values: [a]} | Invalid allowedTopologies[0].matchLabelExpressions[0].key
        invalid-topology-key | {key: a, values: [a]} | {values: [a]} | Invalid allowedTopologies[0].matchLabelExpressions[0].key
        duplicate-topology-value | {key: a, values: [a, A]} | {key: a, values: [a, b, a]} | Duplicate allowedTopologies[0].matchLabelExpressions[0].values[2]
        deprecated-topology-label | {key: kubernetes.io/arch, values: [a]} | {key: beta.kubernetes.io/arch, values: [a]} | Warning allowedTopologies[0].matchLabelExpressions[0].key
        """,
    ),
]


@pytest.mark.parametrize(("code", "right", "wrong", "says"), ROWS)
def test_rule(code: str, right: str, wrong: str, says: str) -> None:
    check(code, right, wrong, says)


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, storage_class) == {"changed-storage-class"}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("reclaimPolicy: null", "reclaimPolicy: Delete", ""),
        ("allowVolumeExpansion: true", "mountOptions: [a]", ""),
        ("parameters: {a: b}", "parameters: {a: c}", "parameters"),
        ("reclaimPolicy: null", "reclaimPolicy: Retain", "reclaimPolicy"),
    ],
)
def test_update(old: str, new: str, says: str) -> None:
    before, after = (CLASS.replace("*", part) for part in (old, new))
    for minor, kind in (("1.37", "Invalid"), ("1.35", "Forbidden")):
        expected = {f"changed-storage-class {kind} {says}"} if says else set()
        assert said_of_update(before, after, minor) == expected


def test_the_binding_mode_is_invalid_in_every_version() -> None:
    before, after = (CLASS.replace("*", f"volumeBindingMode: {mode}") for mode in ("Immediate", "WaitForFirstConsumer"))
    for minor in ("1.33", "1.37"):
        assert said_of_update(before, after, minor) == {"changed-storage-class Invalid volumeBindingMode"}
