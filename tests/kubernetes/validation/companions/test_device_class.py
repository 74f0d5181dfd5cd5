from __future__ import annotations

import pytest

from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.semantics.normalize import normalized
from dsgen.kubernetes.validation.companions import device_class, device_configuration
from tests.kubernetes.manifests import said, untested
from tests.kubernetes.objects import check, fill, said_of_update, table

FRAME = "{apiVersion: resource.k8s.io/v1, kind: DeviceClass, metadata: {name: gpu.example.com}, spec: {*}}"
TRUE = "{cel: {expression: 'true'}}"
OPAQUE = "opaque: {driver: a.io, parameters: {}}"

ROWS = table(
    FRAME,
    f"""
    invalid-extended-resource-name | extendedResourceName: a/b | extendedResourceName: cpu | Invalid spec.extendedResourceName
    missing-device-selector | selectors: [{TRUE}] | selectors: [{{}}] | Required spec.selectors[0].cel
    empty-device-expression | selectors: [{TRUE}] | selectors: [{{cel: {{expression: ' '}}}}] | Invalid spec.selectors[0].cel.expression
    too-long-device-expression | selectors: [{{cel: {{expression: <10240>}}}}] | selectors: [{{cel: {{expression: <10241>}}}}] | TooLong spec.selectors[0].cel.expression
    too-many-device-settings | selectors: [{", ".join([TRUE] * 32)}] | selectors: [{", ".join([TRUE] * 33)}] | TooMany spec.selectors
    too-many-device-settings | config: [{{{OPAQUE}}}] | config: [{", ".join(["{}"] * 33)}] | TooMany spec.config
    missing-opaque-configuration | config: [{{{OPAQUE}}}] | config: [{{}}] | Required spec.config[0].opaque
    invalid-device-driver | config: [{{opaque: {{driver: A.io, parameters: {{}}}}}}] | config: [{{opaque: {{driver: a_b, parameters: {{}}}}}}] | Invalid spec.config[0].opaque.driver
    invalid-device-driver | config: [{{opaque: {{driver: <63>, parameters: {{}}}}}}] | config: [{{opaque: {{driver: <64>, parameters: {{}}}}}}] | TooLong spec.config[0].opaque.driver
    invalid-device-driver | config: [{{{OPAQUE}}}] | config: [{{opaque: {{parameters: {{}}}}}}] | Required spec.config[0].opaque.driver
    invalid-device-parameters | config: [{{{OPAQUE}}}] | config: [{{opaque: {{driver: a}}}}] | Required spec.config[0].opaque.parameters
    invalid-device-parameters | config: [{{{OPAQUE}}}] | config: [{{opaque: {{driver: a, parameters: []}}}}] | Invalid spec.config[0].opaque.parameters
    too-long-device-parameters | config: [{{opaque: {{driver: a, parameters: {{a: <10232>}}}}}}] | config: [{{opaque: {{driver: a, parameters: {{a: <10233>}}}}}}] | TooLong spec.config[0].opaque.parameters
    """,
)


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, device_class, device_configuration) == {"deprecated-device-api-version"}


@pytest.mark.parametrize(("code", "right", "wrong", "says"), ROWS)
def test_rule(code: str, right: str, wrong: str, says: str) -> None:
    check(code, right, wrong, says)


@pytest.mark.parametrize(
    ("version", "minor", "warned"),
    [
        *(("v1", "1.37", False), ("v1beta1", "1.34", False), ("v1beta1", "1.35", True)),
        *(("v1beta2", "1.35", False), ("v1beta2", "1.36", True)),
    ],
)
def test_older_versions_are_deprecated(version: str, minor: str, warned: bool) -> None:
    found = said(fill(FRAME, "").replace("v1,", f"{version},"), minor)
    assert found == ({"deprecated-device-api-version Warning kind"} if warned else set())


def test_the_length_of_parameters_is_that_of_gos_json() -> None:
    """Go writes `<` as six characters."""
    frame = fill(FRAME, "config: [{opaque: {driver: a, parameters: {a: '*'}}}]")
    assert said(fill(frame, "<" * 1705)) == set()
    assert said(fill(frame, "<" * 1706)) == {"too-long-device-parameters TooLong spec.config[0].opaque.parameters"}


def test_an_update_may_keep_a_long_expression_and_long_parameters() -> None:
    """They are only compared as a whole list."""
    long = fill(
        FRAME,
        "selectors: [{cel: {expression: <10241>}}], config: [{opaque: {driver: a, parameters: {a: <10241>}}}]",
    )
    assert said_of_update(long, long) == set()
    changed = long.replace("selectors: [", f"selectors: [{TRUE}, ").replace("config: [", f"config: [{{{OPAQUE}}}, ")
    expected = {
        "too-long-device-expression TooLong spec.selectors[1].cel.expression",
        "too-long-device-parameters TooLong spec.config[1].opaque.parameters",
    }
    assert said_of_update(long, changed) == expected
    assert len(said_of_update(long, long, "1.34")) == 2


def test_an_older_version_also_calls_an_empty_driver_invalid() -> None:
    text = fill(FRAME, "config: [{opaque: {parameters: {}}}]").replace("v1,", "v1beta2,")
    place = "spec.config[0].opaque.driver"
    assert said(text, "1.34") == {f"invalid-device-driver {type} {place}" for type in ("Required", "Invalid")}


def test_an_older_version_drops_the_name_of_an_extended_resource() -> None:
    named = fill(FRAME, "extendedResourceName: cpu")
    assert said(named, "1.35") == {"dropped-field spec.extendedResourceName"}
    rule = "invalid-extended-resource-name Invalid spec.extendedResourceName"
    assert said_of_update(named, named, "1.35") == {rule}


@pytest.mark.parametrize("version", ["v1", "v1beta2", "v1beta1"])
def test_what_the_server_drops_is_no_difference(version: str) -> None:
    bare, named = (fill(FRAME, spec).replace("v1,", f"{version},") for spec in ("", "extendedResourceName: a.io/b"))
    one, other = (normalized(read_first(text).root, "1.35") for text in (bare, named))
    assert one == other
    assert normalized(read_first(named).root, "1.36") != one
