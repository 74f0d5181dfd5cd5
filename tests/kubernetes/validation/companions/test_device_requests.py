from __future__ import annotations

import pytest

from dsgen.kubernetes.lint.validate_and_lint import validate_and_lint
from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.validate import validate
from dsgen.kubernetes.validation.companions import (
    device_constraints,
    device_requests,
    resource_claim,
    resource_claim_template,
)
from tests.kubernetes.manifests import said, untested
from tests.kubernetes.objects import check, fill, said_of_update, table

CLAIM = "{apiVersion: resource.k8s.io/v1, kind: ResourceClaim, metadata: {name: a}, spec: {devices: {*}}}"
TEMPLATE = (
    "{apiVersion: resource.k8s.io/v1, kind: ResourceClaimTemplate, metadata: {name: a}, spec: {spec: {devices: {*}}}}"
)
OF_TEMPLATE = "{apiVersion: resource.k8s.io/v1, kind: ResourceClaimTemplate, metadata: {name: a}, spec: {*}}"
REQUEST = "{name: a, exactly: {deviceClassName: x}}"
FIRST = "{name: b, firstAvailable: [{name: c, deviceClassName: x}]}"
EXACT = "requests: [{name: a, exactly: {deviceClassName: x, *}}]"
EXACTLY = fill(CLAIM, EXACT)
REFERRING = fill(CLAIM, f"requests: [{REQUEST}, {FIRST}], constraints: [{{matchAttribute: a/b, requests: [*]}}]")
CONSTRAINED = fill(CLAIM, "constraints: [{*}]")


def _many(item: str, count: int) -> str:
    return ", ".join(item.replace("#", str(number)) for number in range(count))


ROWS = [
    *table(
        CLAIM,
        f"""
        invalid-device-request-name | requests: [{REQUEST}] | requests: [{REQUEST.replace("a,", "A,")}] | Invalid spec.devices.requests[0].name
        invalid-device-request-name | requests: [{FIRST}] | requests: [{FIRST.replace("c,", "C,")}] | Invalid spec.devices.requests[0].firstAvailable[0].name
        duplicate-device-request | requests: [{REQUEST}, {FIRST}] | requests: [{REQUEST}, {REQUEST}] | Duplicate spec.devices.requests[1]
        missing-device-request-form | requests: [{REQUEST}] | requests: [{{name: a}}] | Required spec.devices.requests[0]
        conflicting-device-request-forms | requests: [{REQUEST}] | requests: [{FIRST.replace("}]}", "}], exactly: {deviceClassName: x}}")}] | Invalid spec.devices.requests[0]
        too-many-device-requests | constraints: [{_many("{matchAttribute: a/b}", 32)}] | constraints: [{_many("{matchAttribute: a/b}", 33)}] | TooMany spec.devices.constraints
        too-many-device-requests | requests: [{_many(REQUEST.replace("a,", "a#,"), 32)}] | requests: [{_many("{name: A}", 33)}] | TooMany spec.devices.requests
        """,
    ),
    *table(
        EXACTLY,
        """
        invalid-allocation-mode | allocationMode: All | allocationMode: all | NotSupported spec.devices.requests[0].exactly.allocationMode
        out-of-range-device-count | count: 0 | count: -1 | Invalid spec.devices.requests[0].exactly.count
        out-of-range-device-count | allocationMode: All, count: 0 | allocationMode: All, count: 1 | Invalid spec.devices.requests[0].exactly.count
        invalid-device-toleration-key | tolerations: [{key: a/b}] | tolerations: [{key: a/b/c}] | Invalid spec.devices.requests[0].exactly.tolerations[0].key
        invalid-device-toleration-operator | tolerations: [{operator: Exists}] | tolerations: [{operator: Gt}] | NotSupported spec.devices.requests[0].exactly.tolerations[0].operator
        invalid-device-toleration-value | tolerations: [{value: a}] | tolerations: [{value: a b}] | Invalid spec.devices.requests[0].exactly.tolerations[0].value
        invalid-device-toleration-value | tolerations: [{operator: Exists}] | tolerations: [{operator: Exists, value: a}] | Invalid spec.devices.requests[0].exactly.tolerations[0].value
        invalid-device-toleration-effect | tolerations: [{effect: None}] | tolerations: [{effect: PreferNoSchedule}] | NotSupported spec.devices.requests[0].exactly.tolerations[0].effect
        """,
    ),
    *table(
        fill(CLAIM, "requests: [{name: a, exactly: {*}}]"),
        """
        missing-device-class-name | deviceClassName: a | count: 1 | Required spec.devices.requests[0].exactly.deviceClassName
        invalid-device-class-name | deviceClassName: a.b | deviceClassName: a_b | Invalid spec.devices.requests[0].exactly.deviceClassName
        """,
    ),
    *table(
        REFERRING,
        f"""
        unknown-device-request | a, b/c, b | a/c | Invalid spec.devices.constraints[0].requests[0]
        duplicate-request-reference | a, b | a, b, a | Duplicate spec.devices.constraints[0].requests[2]
        too-many-request-references | a | {_many("x#", 33)} | TooMany spec.devices.constraints[0].requests
        """,
    ),
    *table(
        CONSTRAINED,
        """
        missing-device-attribute | distinctAttribute: a/b | requests: [] | Required spec.devices.constraints[0]
        invalid-device-attribute | matchAttribute: a/b | matchAttribute: b | Invalid spec.devices.constraints[0].matchAttribute
        invalid-device-attribute | matchAttribute: a/_1 | matchAttribute: a/1 | Invalid spec.devices.constraints[0].matchAttribute
        invalid-device-attribute | distinctAttribute: a/<32> | distinctAttribute: a/<33> | TooLong spec.devices.constraints[0].distinctAttribute
        invalid-device-attribute | matchAttribute: <63>/a | matchAttribute: <64>/a | TooLong spec.devices.constraints[0].matchAttribute
        """,
    ),
    *table(
        OF_TEMPLATE,
        """
        forbidden-resource-claim-metadata | metadata: {name: ''} | metadata: {name: a} | Forbidden spec.metadata.name
        invalid-resource-claim-label | metadata: {labels: {a: b}} | metadata: {labels: {a: -b}} | Invalid spec.metadata.labels
        invalid-resource-claim-annotation-key | metadata: {annotations: {A/b: -}} | metadata: {annotations: {-: b}} | Invalid spec.metadata.annotations
        too-large-resource-claim-annotations | metadata: {annotations: {a: <262143>}} | metadata: {annotations: {a: <262144>}} | TooLong spec.metadata.annotations
        """,
    ),
]


def test_every_rule_has_a_row() -> None:
    modules = (device_requests, device_constraints, resource_claim, resource_claim_template)
    assert untested(ROWS, *modules) == {"changed-resource-claim", "changed-resource-claim-template"}


@pytest.mark.parametrize(("code", "right", "wrong", "says"), ROWS)
def test_rule(code: str, right: str, wrong: str, says: str) -> None:
    check(code, right, wrong, says)


def test_a_template_has_the_rules_of_a_claim() -> None:
    wrong = "requests: [{name: A}], config: [{}], constraints: [{}]"
    found = {each.replace("spec.spec", "spec") for each in said(fill(TEMPLATE, wrong))}
    assert found == said(fill(CLAIM, wrong))
    assert len(found) == 4


FLAT = CLAIM.replace("/v1,", "/v1beta1,")
DEPRECATED = "deprecated-device-api-version Warning kind"
BELOW = "spec.devices.requests[0]"


@pytest.mark.parametrize(
    ("wanted", "minor", "says"),
    [
        ("deviceClassName: x", "1.34", set()),
        ("deviceClassName: x, allocationMode: x", "1.34", {f"invalid-allocation-mode NotSupported {BELOW}.exactly.allocationMode"}),
        ("deviceClassName: x, allocationMode: x", "1.37", {f"invalid-allocation-mode NotSupported {BELOW}.allocationMode", DEPRECATED}),
        ("deviceClassName: A", "1.37", {f"invalid-device-class-name Invalid {BELOW}.exactly.deviceClassName", DEPRECATED}),
        ("count: 0", "1.37", {f"missing-device-request-form Required {BELOW}", DEPRECATED}),
        (
            "adminAccess: false",
            "1.34",
            {
                f"invalid-allocation-mode NotSupported {BELOW}.exactly.allocationMode",
                f"missing-device-class-name Required {BELOW}.exactly.deviceClassName",
            },
        ),
        ("deviceClassName: x, adminAccess: false", "1.33", {f"dropped-field {BELOW}.adminAccess"}),
    ],
)  # fmt: skip
def test_an_older_version_without_exactly(wanted: str, minor: str, says: set[str]) -> None:
    assert said(fill(FLAT, f"requests: [{{name: a, {wanted}}}]"), minor) == says


def test_a_problem_is_where_the_older_version_has_it() -> None:
    text = """\
apiVersion: resource.k8s.io/v1beta1
kind: ResourceClaim
metadata: {name: a}
spec:
  devices:
    requests:
      - name: a
        deviceClassName: x
        count: -1
"""
    (found,) = (each for each in validate(read_first(text).root, "1.34") if each.severity == "error")
    assert (found.line, found.column) == (9, 16)


BOTH = "requests: [{name: a, exactly: {deviceClassName: A, allocationMode: x}, firstAvailable: [{name: B, deviceClassName: A}]}]"


@pytest.mark.parametrize(
    ("minor", "fields"),
    [
        ("1.34", {"", ".exactly.deviceClassName", ".exactly.allocationMode", ".firstAvailable[0].name", ".firstAvailable[0].deviceClassName"}),
        ("1.36", {""}),
        ("1.37", {"", ".exactly.allocationMode", ".firstAvailable[0].deviceClassName"}),
    ],
)  # fmt: skip
def test_what_follows_from_two_forms_is_skipped_by_later_versions(minor: str, fields: set[str]) -> None:
    """But for the rules that are declared with the fields of the API, once these are enforced."""
    assert {each.rpartition(" ")[2] for each in said(fill(CLAIM, BOTH), minor)} == {f"{BELOW}{each}" for each in fields}


@pytest.mark.parametrize(
    ("field", "dropped", "kept"),
    [
        ("exactly: {deviceClassName: x, tolerations: [{key: a}]}", "1.35", "1.34"),
        ("exactly: {deviceClassName: x, capacity: {}}", "1.35", "1.36"),
        ("exactly: {deviceClassName: x, derivedAttributes: [{name: a/b}]}", "1.37", ""),
    ],
)
def test_a_version_drops_fields_of_gates(field: str, dropped: str, kept: str) -> None:
    text = fill(CLAIM, f"requests: [{{name: a, {field}}}]")
    assert {each.partition(" ")[0] for each in said(text, dropped)} == {"dropped-field"}
    assert not kept or said(text, kept) == set()


def test_a_dropped_field_leaves_nothing() -> None:
    first = fill(FLAT, f"requests: [{FIRST}]")
    assert said(first, "1.33") == {
        f"dropped-field {BELOW}.firstAvailable",
        f"missing-device-request-form Required {BELOW}",
    }
    distinct = fill(CLAIM, "constraints: [{distinctAttribute: a/b}]")
    assert said(distinct, "1.34") == set()
    place = "spec.devices.constraints[0]"
    found = {f"dropped-field {place}.distinctAttribute", f"missing-device-attribute Required {place}.matchAttribute"}
    assert said(distinct, "1.35") == found


def test_the_spec_of_a_claim_cannot_be_changed() -> None:
    old, new = (fill(EXACTLY, each) for each in ("count: 1", "count: -2"))
    assert said_of_update(old, old) == said_of_update(old, fill(EXACTLY, "")) == set()
    assert said_of_update(old, new) == {"changed-resource-claim Invalid spec"}
    count = "out-of-range-device-count Invalid spec.devices.requests[0].exactly.count"
    assert said_of_update(old, new, "1.34") == {"changed-resource-claim Invalid spec", count}


def test_nor_can_that_of_a_template() -> None:
    old = fill(TEMPLATE, fill(EXACT, "count: 1"))
    new = fill(TEMPLATE, fill(EXACT, "count: 2"))
    labelled = old.replace("spec: {spec", "spec: {metadata: {labels: {a: b}}, spec")
    assert said_of_update(old, old) == said_of_update(old, old.replace("{spec: {d", "{metadata: {}, spec: {d")) == set()
    assert said_of_update(old, new) == said_of_update(old, labelled)
    assert said_of_update(old, new) == {"changed-resource-claim-template Invalid spec"}


@pytest.mark.parametrize(
    "manifest",
    [
        fill(CLAIM, fill(EXACT, "selectors: [{cel: {expression: 'nonsense('}}]")),
        fill(CLAIM, fill(EXACT, "selectors: [{cel: {expression: 'nonsense('}}]")).replace("/v1,", "/v1beta2,"),
        fill(TEMPLATE, fill(EXACT, "selectors: [{cel: {expression: 'nonsense('}}]")),
        fill(FLAT, "requests: [{name: a, deviceClassName: x, selectors: [{cel: {expression: 'nonsense('}}]}]"),
        fill(CLAIM, f"requests: [{FIRST}]").replace(
            "deviceClassName", "selectors: [{cel: {expression: 'nonsense('}}], deviceClassName"
        ),
    ],
)
def test_of_its_expressions_there_is_a_note(manifest: str) -> None:
    """With and without the library for CEL, which is given a way to compile everything."""
    for library in (None, object()):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("dsgen.kubernetes.cel.library.cel", lambda found=library: found)
            notes = [each for each in validate_and_lint(read_first(manifest).root) if each.severity == "note"]
        codes = [each.code for each in notes if each.code != "missing-runtime-config"]
        assert codes == ["unvalidated-expression"]
