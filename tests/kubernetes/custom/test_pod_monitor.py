"""Pod monitors: the schema of their shipped definition, and how the server reads a custom kind."""

from __future__ import annotations

import pytest

from conformance.dsgen_outcome import verdict
from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.schema import fields
from dsgen.kubernetes.semantics.defaults import defaulted
from dsgen.kubernetes.validate import validate_update
from dsgen.plain import plain
from tests.kubernetes.manifests import said
from tests.kubernetes.objects import check, fill, table

HEAD = "apiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nmetadata: {name: agent}\n"
SPEC = HEAD + "spec: {selector: {}, *}"
ENDPOINT = HEAD + "spec: {selector: {}, podMetricsEndpoints: [{port: metrics}, {*}]}"
OAUTH = "oauth2: {clientId: {}, clientSecret: {key: a}"
ROWS = [
    *table(
        HEAD + "*",
        """
        missing-custom-resource-field | spec: {selector: {}} | spec: {} | Required spec.selector
        missing-custom-resource-field | spec: {selector: {}} | spec: {selector: null} | Required spec.selector
        missing-custom-resource-field | spec: {selector: {}} | spec: null | Required spec
        missing-custom-resource-field | spec: {selector: {matchExpressions: [{key: '', operator: x}]}} | spec: {selector: {matchExpressions: [{operator: x}]}} | Required spec.selector.matchExpressions[0].key
        """,
    ),
    *table(
        SPEC,
        """
        invalid-custom-resource-value | selectorMechanism: RoleSelector | selectorMechanism: roleSelector | NotSupported spec.selectorMechanism
        invalid-custom-resource-value | scrapeProtocols: [PrometheusProto] | scrapeProtocols: [Prometheus] | NotSupported spec.scrapeProtocols[0]
        invalid-custom-resource-format | bodySizeLimit: 1.5KB | bodySizeLimit: 1K | Invalid spec.bodySizeLimit
        invalid-custom-resource-format | nativeHistogramMinBucketFactor: '1.1' | nativeHistogramMinBucketFactor: a | Invalid spec.nativeHistogramMinBucketFactor
        invalid-custom-resource-length | scrapeClass: a | scrapeClass: '' | Invalid spec.scrapeClass
        duplicate-custom-resource-item | scrapeProtocols: [PrometheusProto, PrometheusText1.0.0] | scrapeProtocols: [PrometheusProto, PrometheusProto, PrometheusProto] | Duplicate spec.scrapeProtocols[1]
        """,
    ),
    *table(
        ENDPOINT,
        f"""
        missing-custom-resource-field | bearerTokenSecret: {{key: a}} | bearerTokenSecret: {{name: a}} | Required spec.podMetricsEndpoints[1].bearerTokenSecret.key
        missing-custom-resource-field | proxyConnectHeader: {{a: [{{key: b}}]}} | proxyConnectHeader: {{a: [{{name: b}}]}} | Required spec.podMetricsEndpoints[1].proxyConnectHeader.a[0].key
        missing-custom-resource-field | {OAUTH}, tokenUrl: a}} | {OAUTH}}} | Required spec.podMetricsEndpoints[1].oauth2.tokenUrl
        invalid-custom-resource-value | scheme: https | scheme: HTTPS | NotSupported spec.podMetricsEndpoints[1].scheme
        invalid-custom-resource-value | relabelings: [{{action: Keep}}] | relabelings: [{{action: KEEP}}] | NotSupported spec.podMetricsEndpoints[1].relabelings[0].action
        invalid-custom-resource-format | interval: 1m30s | interval: 30s1m | Invalid spec.podMetricsEndpoints[1].interval
        invalid-custom-resource-format | scrapeTimeout: '0' | scrapeTimeout: '10' | Invalid spec.podMetricsEndpoints[1].scrapeTimeout
        invalid-custom-resource-format | interval: 1s | interval: "1s\\n" | Invalid spec.podMetricsEndpoints[1].interval
        invalid-custom-resource-format | proxyUrl: 'socks5://a' | proxyUrl: 'ftp://a' | Invalid spec.podMetricsEndpoints[1].proxyUrl
        invalid-custom-resource-format | relabelings: [{{sourceLabels: [_a0]}}] | relabelings: [{{sourceLabels: [a, 0a]}}] | Invalid spec.podMetricsEndpoints[1].relabelings[0].sourceLabels[1]
        out-of-range-custom-resource-number | portNumber: 1 | portNumber: 0 | Invalid spec.podMetricsEndpoints[1].portNumber
        out-of-range-custom-resource-number | portNumber: 65535 | portNumber: 65536 | Invalid spec.podMetricsEndpoints[1].portNumber
        invalid-custom-resource-length | {OAUTH}, tokenUrl: a}} | {OAUTH}, tokenUrl: ''}} | Invalid spec.podMetricsEndpoints[1].oauth2.tokenUrl
        """,
    ),
]


@pytest.mark.parametrize(("code", "right", "wrong", "says"), ROWS)
def test_rule(code: str, right: str, wrong: str, says: str) -> None:
    check(code, right, wrong, says)


@pytest.mark.parametrize(
    ("part", "stage", "errors"),
    [
        ("sampleLimit: '1'", "validate", {("TypeInvalid", "spec.sampleLimit")}),
        ("podMetricsEndpoints: [null, {port: 1}]", "validate", {("TypeInvalid", "spec.podMetricsEndpoints[0]"), ("TypeInvalid", "spec.podMetricsEndpoints[1].port")}),
        ("scrapeClass: 1", "validate", {("TypeInvalid", "spec.scrapeClass")}),
        ("podMetricsEndpoints: [{targetPort: 1.5}]", "validate", {("TypeInvalid", "spec.podMetricsEndpoints[0].targetPort")}),
        ("podMetricsEndpoints: [{params: {a: null}, targetPort: 4294967296, portNumber: null}]", "", set()),
        ("endpoints: []", "strict", {("strict", "")}),
        ("scrapeClass: {a: b}", "strict", {("strict", "")}),
    ],
)  # fmt: skip
def test_a_custom_kind_is_read_by_its_schema(part: str, stage: str, errors: set[tuple[str, str]]) -> None:
    found = verdict(fill(SPEC, part))
    assert (found.stage, set(found.errors)) == (stage, errors)


def test_metadata_is_kubernetes_own() -> None:
    assert verdict(HEAD.replace("agent", "1") + "spec: {selector: {}}").stage == "decode"
    assert said(HEAD.replace("agent", "A") + "spec: {selector: {}}") == {"invalid-object-name Invalid metadata.name"}


@pytest.mark.parametrize("minor", ["1.33", "1.37"])
def test_an_update_may_keep_any_name_that_is_a_path_segment(minor: str) -> None:
    kept, wrong = (
        read_first(
            f"{{apiVersion: monitoring.coreos.com/v1, kind: PodMonitor, metadata: {{name: {name}}}, spec: {{selector: {{}}}}}}"
        ).root
        for name in ("A_b", "a/b")
    )
    assert validate_update(kept, kept, minor) == []
    assert {(each.code, each.field) for each in validate_update(wrong, wrong, minor)} == {
        ("invalid-object-name", "metadata.name")
    }


def test_a_bare_finalizer_is_only_warned_about() -> None:
    text = HEAD.replace("name: agent", "name: agent, finalizers: [a]") + "spec: {selector: {}}"
    assert said(text) == {"unprefixed-finalizer Warning metadata.finalizers"}
    assert verdict(text).ok


def test_defaults_of_the_schema() -> None:
    endpoint = "relabelings: [{regex: a}], bearerTokenSecret: {key: a}"
    tree = plain(defaulted(read_first(fill(ENDPOINT, endpoint)).root, kind="PodMonitor"))
    assert isinstance(tree, dict)
    assert tree["spec"]["podMetricsEndpoints"][1] == {
        "relabelings": [{"regex": "a", "action": "replace"}],
        "bearerTokenSecret": {"key": "a", "name": ""},
    }


def test_a_stray_field_is_led_back() -> None:
    assert said(fill(SPEC, "endpoints: []")) == {"unknown-field spec.endpoints"}
    assert said(fill(SPEC, "scrapeClass: {a: b}")) == {
        "unknown-field spec.scrapeClass.a",
        "invalid-field-type spec.scrapeClass",
    }


def test_a_pod_monitor_is_the_same_in_all_minors() -> None:
    assert {minor: verdict(fill(ENDPOINT, "interval: 1s"), minor).ok for minor in fields.MINORS} == dict.fromkeys(
        fields.MINORS, True
    )


@pytest.mark.parametrize(("before", "after"), [("1", "true"), ("0", "false")])
def test_a_boolean_does_not_replace_a_number(before: str, after: str) -> None:
    """An update may keep what is wrong already, and Python takes the two for equal."""
    old, new = (read_first(fill(SPEC, f"labelLimit: {value}")).root for value in (before, after))
    assert [each.code for each in validate_update(old, new) if each.field == "spec.labelLimit"] == [
        "invalid-field-type"
    ]
