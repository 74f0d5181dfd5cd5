from __future__ import annotations

import pytest

from dsgen.kubernetes.validation.companions import flow_schema, flow_schema_rules
from tests.kubernetes.manifests import said, untested
from tests.kubernetes.objects import check, said_of_update, table

FRAME = "{apiVersion: flowcontrol.apiserver.k8s.io/v1, kind: FlowSchema, metadata: {name: a}, spec: {*}}"
LEVEL = "priorityLevelConfiguration: {name: a}"
SET = FRAME.replace("*", f"{LEVEL}, *")
GROUP = "{kind: Group, group: {name: a}}"
URLS = "nonResourceRules: [{verbs: [get], nonResourceURLs: [/]}]"
RULE = SET.replace("*", "rules: [{*}]")
SUBJECT = RULE.replace("*", f"subjects: [{{*}}], {URLS}")
RESOURCES = RULE.replace("*", f"subjects: [{GROUP}], resourceRules: [{{*}}]")
OTHERS = RULE.replace("*", f"subjects: [{GROUP}], nonResourceRules: [{{*}}]")
ALL = "verbs: [get], apiGroups: [''], resources: [pods]"
EVERY = "['*']"
WHOLE = (
    "{apiVersion: flowcontrol.apiserver.k8s.io/v1, kind: FlowSchema, metadata: {name: exempt}, spec: {"
    "priorityLevelConfiguration: {name: exempt}, matchingPrecedence: 1, rules: [{"
    "subjects: [{kind: Group, group: {name: 'system:masters'}}], resourceRules: [{"
    f"verbs: {EVERY}, apiGroups: {EVERY}, resources: {EVERY}, namespaces: {EVERY}, clusterScope: true}}], "
    f"nonResourceRules: [{{verbs: {EVERY}, nonResourceURLs: {EVERY}}}]}}]}}}}"
)

ROWS = [
    *table(
        FRAME,
        f"""
        out-of-range-matching-precedence | {LEVEL}, matchingPrecedence: 10000 | {LEVEL}, matchingPrecedence: 10001 | Invalid spec.matchingPrecedence
        out-of-range-matching-precedence | {LEVEL}, matchingPrecedence: 0 | {LEVEL}, matchingPrecedence: -1 | Invalid spec.matchingPrecedence
        reserved-matching-precedence | {LEVEL}, matchingPrecedence: 2 | {LEVEL}, matchingPrecedence: 1 | Invalid spec.matchingPrecedence
        invalid-distinguisher-method | {LEVEL}, distinguisherMethod: {{type: ByUser}} | {LEVEL}, distinguisherMethod: {{}} | NotSupported spec.distinguisherMethod.type
        invalid-priority-level-name | priorityLevelConfiguration: {{name: a.b}} | priorityLevelConfiguration: {{name: A}} | Invalid spec.priorityLevelConfiguration.name
        invalid-priority-level-name | {LEVEL} | matchingPrecedence: 5 | Required spec.priorityLevelConfiguration.name
        """,
    ),
    *table(
        RULE,
        f"""
        missing-flow-rules | subjects: [{GROUP}], {URLS} | subjects: [{GROUP}] | Required spec.rules[0]
        missing-flow-subjects | subjects: [{GROUP}], {URLS} | subjects: [], {URLS} | Required spec.rules[0].subjects
        """,
    ),
    *table(
        SUBJECT,
        """
        invalid-flow-subject-kind | kind: User, user: {name: a} | kind: user, user: {name: a} | NotSupported spec.rules[0].subjects[0].kind
        missing-flow-subject | kind: Group, group: {name: a} | kind: Group | Required spec.rules[0].subjects[0].group
        missing-flow-subject | kind: User, user: {name: a} | kind: User, user: {} | Required spec.rules[0].subjects[0].user.name
        conflicting-flow-subjects | kind: User, user: {name: a} | kind: User, user: {name: a}, group: {} | Forbidden spec.rules[0].subjects[0].group
        invalid-flow-service-account | kind: ServiceAccount, serviceAccount: {name: a.b, namespace: c} | kind: ServiceAccount, serviceAccount: {name: A, namespace: c} | Invalid spec.rules[0].subjects[0].serviceAccount.name
        invalid-flow-service-account | kind: ServiceAccount, serviceAccount: {name: a, namespace: c} | kind: ServiceAccount, serviceAccount: {name: a} | Required spec.rules[0].subjects[0].serviceAccount.namespace
        invalid-flow-service-account | kind: ServiceAccount, serviceAccount: {name: a, namespace: c} | kind: ServiceAccount, serviceAccount: {name: a, namespace: a.b} | Invalid spec.rules[0].subjects[0].serviceAccount.namespace
        """,
    ),
    *table(
        RESOURCES,
        f"""
        missing-flow-resource-rule-field | {ALL}, namespaces: [a] | verbs: [get], resources: [pods], namespaces: [a] | Required spec.rules[0].resourceRules[0].apiGroups
        missing-flow-verbs | {ALL}, namespaces: [a] | apiGroups: [''], resources: [pods], namespaces: [a] | Required spec.rules[0].resourceRules[0].verbs
        invalid-flow-verb | {ALL}, namespaces: [a] | {ALL.replace("get", "get, head")}, namespaces: [a] | NotSupported spec.rules[0].resourceRules[0].verbs
        invalid-flow-namespaces | {ALL}, clusterScope: true | {ALL} | Required spec.rules[0].resourceRules[0].namespaces
        invalid-flow-namespaces | {ALL}, namespaces: [a] | {ALL}, namespaces: [a, a.b] | Invalid spec.rules[0].resourceRules[0].namespaces[1]
        """,
    ),
    *table(
        OTHERS,
        """
        missing-flow-urls | verbs: [get], nonResourceURLs: [/] | verbs: [get] | Required spec.rules[0].nonResourceRules[0].nonResourceURLs
        invalid-flow-url | verbs: [get], nonResourceURLs: [/a] | verbs: [get], nonResourceURLs: [a] | Invalid spec.rules[0].nonResourceRules[0].nonResourceURLs[0]
        invalid-flow-url | verbs: [get], nonResourceURLs: [/a/b] | verbs: [get], nonResourceURLs: [/a//b] | Invalid spec.rules[0].nonResourceRules[0].nonResourceURLs[0]
        """,
    ),
]


@pytest.mark.parametrize(("code", "right", "wrong", "says"), ROWS)
def test_rule(code: str, right: str, wrong: str, says: str) -> None:
    check(code, right, wrong, says)


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, flow_schema, flow_schema_rules) == {
        "changed-mandatory-flow-schema",
        "conflicting-flow-wildcard",
    }


@pytest.mark.parametrize(
    ("field", "items", "is_valid"),
    [
        *(("nonResourceURLs", items, True) for items in ("/*", "/a/*", "*")),
        *(("nonResourceURLs", items, False) for items in ("/a*", "/*/*", "/*/a", "/a, *")),
        *(("verbs", items, is_valid) for items, is_valid in (("*", True), ("get, list", True), ("*, get", False))),
    ],
)
def test_wildcards(field: str, items: str, is_valid: bool) -> None:
    quoted = ", ".join(f"'{item}'" for item in items.split(", "))
    lists = {"verbs": "[get]", "nonResourceURLs": "[/]"} | {field: f"[{quoted}]"}
    rule = ", ".join(f"{name}: {value}" for name, value in lists.items())
    codes = {each.partition(" ")[0] for each in said(OTHERS.replace("{*}", f"{{{rule}}}"))}
    wrong = "conflicting-flow-wildcard" if ", " in items else "invalid-flow-url"
    assert codes == (set() if is_valid else {wrong})


def test_the_spec_of_a_mandatory_flow_schema_is_fixed() -> None:
    code = "changed-mandatory-flow-schema Invalid spec"
    assert said(WHOLE) == set()
    for wrong in ("matchingPrecedence: 2", "matchingPrecedence: 1, distinguisherMethod: {type: ByUser}"):
        assert said(WHOLE.replace("matchingPrecedence: 1", wrong)) == {code}
    assert said_of_update(WHOLE, WHOLE.replace("clusterScope: true", "clusterScope: false")) == {code}


def test_an_update_is_checked_like_a_new_object() -> None:
    wrong = SET.replace("*", "matchingPrecedence: 1")
    assert said_of_update(wrong, wrong) == {"reserved-matching-precedence Invalid spec.matchingPrecedence"}
