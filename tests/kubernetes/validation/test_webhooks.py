from __future__ import annotations

from collections.abc import Iterator

import pytest

from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.schema import urls
from dsgen.kubernetes.validate import validate_update
from dsgen.kubernetes.validation.companions import (
    match_conditions,
    resource_rules,
    static_names,
    webhook_clients,
    webhook_rules,
    webhooks,
)
from dsgen.kubernetes.validation.rule import FieldRef
from tests.kubernetes.manifests import said, untested
from tests.kubernetes.objects import check, table

FRAME = "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: NAME}, webhooks: [PART]}"
HOOK = "{name: a.b.c, clientConfig: {url: 'https://a'}, sideEffects: None, admissionReviewVersions: [v1], PART}"
NAMED = FRAME.replace("NAME", "agent")
WEBHOOK = NAMED.replace("PART", HOOK.replace("PART", "*"))
MUTATING = WEBHOOK.replace("Validating", "Mutating")
CLIENT = NAMED.replace("PART", "{name: a.b.c, clientConfig: {*}, sideEffects: None, admissionReviewVersions: [v1]}")
SERVICE = CLIENT.replace("*", "service: {*}")
RULE = NAMED.replace(
    "PART",
    HOOK.replace("PART", "rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods], *}]"),
)
BARE = "{name: a.b.c, clientConfig: {url: 'https://a'}, sideEffects: None, *}"

ROWS = [
    *table(
        NAMED.replace("PART", HOOK.replace("name: a.b.c, ", "").replace("PART", "*")),
        """
        invalid-webhook-name | name: a.b.c | name: a.b | Invalid webhooks[0].name
        invalid-webhook-name | name: a.b.c | name: A.b.c | Invalid webhooks[0].name
        invalid-webhook-name | name: a.b.c.d | name: '' | Required webhooks[0].name
        """,
    ),
    *table(
        WEBHOOK,
        """
        invalid-webhook-failure-policy | failurePolicy: Ignore | failurePolicy: ignore | NotSupported webhooks[0].failurePolicy
        invalid-webhook-match-policy | matchPolicy: Exact | matchPolicy: '' | NotSupported webhooks[0].matchPolicy
        out-of-range-webhook-timeout | timeoutSeconds: 30 | timeoutSeconds: 31 | Invalid webhooks[0].timeoutSeconds
        out-of-range-webhook-timeout | timeoutSeconds: 1 | timeoutSeconds: 0 | Invalid webhooks[0].timeoutSeconds
        invalid-webhook-selector | namespaceSelector: {matchLabels: {a: b}} | namespaceSelector: {matchLabels: {a: b c}} | Invalid webhooks[0].namespaceSelector.matchLabels
        invalid-webhook-selector | objectSelector: {} | objectSelector: {matchExpressions: [{key: a, operator: Gt}]} | Invalid webhooks[0].objectSelector.matchExpressions[0].operator
        too-many-match-conditions | matchConditions: [] | matchConditions: &m [MANY] | TooMany webhooks[0].matchConditions
        invalid-match-condition | matchConditions: [{name: a, expression: 'true'}] | matchConditions: [{name: a, expression: ' '}] | Required webhooks[0].matchConditions[0].expression
        invalid-match-condition | matchConditions: [{name: a/b, expression: 'true'}] | matchConditions: [{expression: 'true'}] | Required webhooks[0].matchConditions[0].name
        duplicate-match-condition | matchConditions: [{name: a, expression: x}, {name: b, expression: x}] | matchConditions: [{name: a, expression: x}, {name: a, expression: x}] | Duplicate webhooks[0].matchConditions[1].name
        """.replace("MANY", ", ".join(f"{{name: a{index}, expression: x}}" for index in range(65))),
    ),
    *table(
        MUTATING,
        """
        invalid-reinvocation-policy | reinvocationPolicy: IfNeeded | reinvocationPolicy: Always | NotSupported webhooks[0].reinvocationPolicy
        """,
    ),
    *table(
        NAMED.replace("PART", BARE),
        """
        invalid-review-versions | admissionReviewVersions: [v2, v1] | admissionReviewVersions: [v2] | Invalid webhooks[0].admissionReviewVersions
        invalid-review-versions | admissionReviewVersions: [v1beta1] | admissionReviewVersions: [v1, v1] | Invalid webhooks[0].admissionReviewVersions[1]
        invalid-review-versions | admissionReviewVersions: [v1, a1] | admissionReviewVersions: [v1, 1a] | Invalid webhooks[0].admissionReviewVersions[1]
        invalid-review-versions | admissionReviewVersions: [v1] | timeoutSeconds: 1 | Required webhooks[0].admissionReviewVersions
        """,
    ),
    *table(
        NAMED.replace("PART", BARE.replace("sideEffects: None", "admissionReviewVersions: [v1]")),
        """
        missing-side-effects | sideEffects: None | timeoutSeconds: 1 | Required webhooks[0].sideEffects
        invalid-side-effects | sideEffects: NoneOnDryRun | sideEffects: Some | NotSupported webhooks[0].sideEffects
        """,
    ),
    *table(
        NAMED.replace("PART", f"{HOOK.replace('PART', '')}, {HOOK.replace('a.b.c', '*').replace('PART', '')}"),
        """
        duplicate-webhook | b.b.c | a.b.c | Duplicate webhooks[1].name
        """,
    ),
    *table(
        FRAME.replace("NAME", "*").replace("PART", ""),
        """
        reserved-webhook-configuration-name | static.k8s.io | a.static.k8s.io | Invalid metadata.name
        """,
    ),
    *table(
        CLIENT,
        """
        conflicting-webhook-client | url: 'https://a' | caBundle: eA== | Required webhooks[0].clientConfig
        conflicting-webhook-client | service: {name: a, namespace: b} | url: 'https://a', service: {} | Required webhooks[0].clientConfig
        invalid-webhook-url | url: 'https://a:443/b' | url: 'http://a' | Invalid webhooks[0].clientConfig.url
        invalid-webhook-url | url: 'https://a' | url: 'https://' | Invalid webhooks[0].clientConfig.url
        invalid-webhook-url | url: 'https://a?' | url: 'https://a?b' | Invalid webhooks[0].clientConfig.url
        invalid-webhook-url | url: 'https://a#' | url: 'https://a#b' | Invalid webhooks[0].clientConfig.url
        invalid-webhook-url | url: 'https://a/b@c' | url: 'https://b@a' | Invalid webhooks[0].clientConfig.url
        invalid-webhook-url | url: 'https://[::1]' | url: 'https://[::1' | Required webhooks[0].clientConfig.url
        """,
    ),
    *table(
        SERVICE,
        """
        missing-webhook-service | name: a, namespace: b | namespace: b | Required webhooks[0].clientConfig.service.namespace
        missing-webhook-service | name: a, namespace: b | name: a, namespace: '' | Required webhooks[0].clientConfig.service.name
        out-of-range-webhook-port | name: a, namespace: b, port: 65535 | name: a, namespace: b, port: 65536 | Invalid webhooks[0].clientConfig.service.port
        invalid-webhook-path | name: a, namespace: b, path: /a/b/ | name: a, namespace: b, path: /a//b | Invalid webhooks[0].clientConfig.service.path
        invalid-webhook-path | name: a, namespace: b, path: / | name: a, namespace: b, path: aa | Invalid webhooks[0].clientConfig.service.path
        """,
    ),
    *table(
        RULE,
        """
        missing-webhook-rule-field | scope: '*' | operations: [] | Required webhooks[0].rules[0].operations
        empty-webhook-rule-item | apiGroups: [''] | apiVersions: [''] | Required webhooks[0].rules[0].apiVersions[0]
        conflicting-webhook-wildcard | apiGroups: ['*'] | apiGroups: ['*', a] | Invalid webhooks[0].rules[0].apiGroups
        invalid-webhook-operation | operations: [CREATE, DELETE] | operations: [create] | NotSupported webhooks[0].rules[0].operations[0]
        invalid-webhook-scope | scope: Cluster | scope: cluster | NotSupported webhooks[0].rules[0].scope
        conflicting-webhook-resources | resources: [pods, pods/*] | resources: [pods/*, pods/log] | Invalid webhooks[0].rules[0].resources[1]
        conflicting-webhook-resources | resources: ['*/scale', 'a/log'] | resources: ['*/scale', a/scale] | Invalid webhooks[0].rules[0].resources[1]
        conflicting-webhook-resources | resources: ['*/*'] | resources: ['*/*', pods] | Invalid webhooks[0].rules[0].resources
        conflicting-webhook-resources | resources: ['*', pods/log] | resources: ['*', pods] | Invalid webhooks[0].rules[0].resources
        ineffective-webhook-rule | apiGroups: [authentication.k8s.io], resources: ['*'] | apiGroups: [authentication.k8s.io], resources: [tokenreviews] | Warning webhooks[0].rules[0]
        """,
    ),
]  # fmt: skip


def merged(text: str) -> str:
    """Let what is stated last in a rule win."""
    for field in ("operations", "apiGroups", "apiVersions", "resources"):
        if text.count(f"{field}: ") > 1:
            first = text.index(f"{field}: ")
            text = text[:first] + text[text.index("],", first) + 3 :]
    return text


@pytest.mark.parametrize(("code", "right", "wrong", "says"), ROWS)
def test_rule(code: str, right: str, wrong: str, says: str) -> None:
    check(code, merged(right), merged(wrong), says)


def test_every_rule_has_a_case() -> None:
    warned = {"deprecated-webhook-configuration-name"}
    assert (
        untested(ROWS, webhooks, webhook_clients, webhook_rules, match_conditions, resource_rules, static_names)
        == warned
    )


def test_a_name_that_will_be_reserved() -> None:
    text = FRAME.replace("NAME", "a.static.k8s.io").replace("PART", "")
    assert said(text, "1.35") == set()
    assert said(text, "1.36") == {"deprecated-webhook-configuration-name Warning metadata.name"}


def updated(old: str, new: str, minor: str = "1.37") -> set[str]:
    """Return what is said when webhooks replace others."""
    one, other = (read_first(NAMED.replace("PART", part)).root for part in (old, new))
    return {f"{each.type} {each.field}" for each in validate_update(one, other, minor)}


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [
        ("sideEffects: Some", "sideEffects: Unknown", "NotSupported webhooks[0].sideEffects"),
        ("admissionReviewVersions: [v3]", "admissionReviewVersions: [v4]", "Invalid webhooks[0].admissionReviewVersions"),
        ("objectSelector: {matchExpressions: [{key: a, operator: In, values: ['-']}]}",
         "objectSelector: {matchExpressions: [{key: a, operator: In, values: ['+']}]}",
         "Invalid webhooks[0].objectSelector.matchExpressions[0].values[0]"),
    ],
)  # fmt: skip
def test_what_an_update_keeps(before: str, after: str, field: str) -> None:
    fields = {"sideEffects": "None", "admissionReviewVersions": "[v1]", "timeoutSeconds": "5"}
    name = before.partition(":")[0]

    def hook(stated: str) -> str:
        rest = ", ".join(f"{key}: {value}" for key, value in fields.items() if key != name)
        return f"{{name: a.b.c, clientConfig: {{url: 'https://a'}}, {rest}, {stated}}}"

    fine = f"{name}: {fields.get(name, '{}')}"
    assert updated(hook(before), hook(after)) == set()
    assert updated(hook(fine), hook(after)) == {field}


def test_an_update_keeps_wrong_conditions_and_names() -> None:
    wrong = HOOK.replace("PART", "matchConditions: [{name: a b, expression: x}]")
    assert updated(wrong, wrong.replace("sideEffects: None", "sideEffects: NoneOnDryRun")) == set()
    assert updated(HOOK.replace("PART", ""), wrong) == {"Invalid webhooks[0].matchConditions[0].name"}
    twice = ", ".join([HOOK.replace("PART", "")] * 2)
    assert updated(twice, twice) == set()
    assert updated("", twice) == {"Duplicate webhooks[1].name"}


def test_an_update_of_many_webhooks_reads_each_as_often_as_one_of_few(monkeypatch: pytest.MonkeyPatch) -> None:
    children = FieldRef.children
    webhooks_read = []

    def spied(node: FieldRef, name: str) -> Iterator[FieldRef]:
        for child in children(node, name):
            webhooks_read.extend([child] if name == "webhooks" else [])
            yield child

    monkeypatch.setattr(FieldRef, "children", spied)

    def times_read(count: int) -> int:
        webhooks_read.clear()
        stated = HOOK.replace("PART", "objectSelector: {}, matchConditions: [{name: a, expression: x}]")
        text = ", ".join(stated.replace("a.b.c", f"a{index}.b.c") for index in range(count))
        assert updated(text, text.replace("[v1]", "[v1, v2]")) == set()
        return len(webhooks_read)

    assert times_read(40) == 10 * times_read(4)


@pytest.mark.parametrize(
    ("text", "scheme", "host"),
    [("HTTPS://a:1/b", "https", "a:1"), ("https://u@a", "https", "a"), ("a/b:c", "", ""), ("https:a", "https", ""), ("https://a:b:1", "https", "")],
)  # fmt: skip
def test_urls(text: str, scheme: str, host: str) -> None:
    found = urls.parse(text, 37)
    assert isinstance(found, str) if text.endswith("b:1") else (found.scheme, found.host) == (scheme, host)  # type: ignore[union-attr]


def test_more_than_one_colon_in_a_host() -> None:
    assert isinstance(urls.parse("https://a:b:80", 36), str)
    assert not isinstance(urls.parse("https://a:b:80", 35), str)
