from __future__ import annotations

import pytest

from dsgen.kubernetes.validation.companions import aggregation, roles
from tests.kubernetes.manifests import said, untested
from tests.kubernetes.objects import check, fill, table

FRAME = "{apiVersion: rbac.authorization.k8s.io/v1, kind: KIND, metadata: {name: 'a:b'}, PART}"
ROLE = FRAME.replace("KIND", "Role").replace("PART", "rules: [*]")
CLUSTER_ROLE = FRAME.replace("KIND", "ClusterRole").replace("PART", "rules: [*]")
GATHERING = FRAME.replace("KIND", "ClusterRole").replace("PART", "aggregationRule: *")

ROWS = [
    *table(
        ROLE,
        """
        missing-role-verbs | {apiGroups: [''], resources: [a], verbs: ['']} | {apiGroups: [''], resources: [a], verbs: []} | Required rules[0].verbs
        missing-role-verbs | {apiGroups: [''], resources: [a], verbs: [b]} | {apiGroups: [''], resources: [a]} | Required rules[0].verbs
        missing-role-api-groups | {apiGroups: [''], resources: [a], verbs: [b]} | {resources: [a], verbs: [b]} | Required rules[0].apiGroups
        missing-role-resources | {apiGroups: [''], resources: [''], verbs: [b]} | {apiGroups: [''], resources: [], verbs: [b]} | Required rules[0].resources
        missing-role-resources | {apiGroups: [a], resources: [b], resourceNames: [c], verbs: [d]} | {apiGroups: [a], resourceNames: [c], verbs: [d]} | Required rules[0].resources
        missing-role-resources |  | null | Required rules[0].verbs, Required rules[0].apiGroups, Required rules[0].resources
        forbidden-non-resource-urls | {apiGroups: [''], resources: [a], verbs: [b], nonResourceURLs: []} | {nonResourceURLs: [/a], verbs: [b]} | Invalid rules[0].nonResourceURLs
        """,
    ),
    *table(
        CLUSTER_ROLE,
        """
        conflicting-non-resource-urls | {nonResourceURLs: [/a], verbs: [b], resources: []} | {nonResourceURLs: [/a], verbs: [b], resources: [c]} | Invalid rules[0].nonResourceURLs
        conflicting-non-resource-urls | {nonResourceURLs: [/a], verbs: [b]} | {nonResourceURLs: [/a], verbs: [b], apiGroups: ['']} | Invalid rules[0].nonResourceURLs
        conflicting-non-resource-urls | {nonResourceURLs: [/a], verbs: [b]} | {nonResourceURLs: [/a], verbs: [b], resourceNames: [c]} | Invalid rules[0].nonResourceURLs
        missing-role-verbs | {nonResourceURLs: [/a], verbs: [b]} | {nonResourceURLs: [/a]} | Required rules[0].verbs
        """,
    ),
    *table(
        GATHERING,
        """
        empty-aggregation-rule | {clusterRoleSelectors: [{}]} | {} | Required aggregationRule.clusterRoleSelectors
        empty-aggregation-rule | null | {clusterRoleSelectors: []} | Required aggregationRule.clusterRoleSelectors
        invalid-aggregation-selector | {clusterRoleSelectors: [{matchLabels: {a: <63>}}]} | {clusterRoleSelectors: [{matchLabels: {a: <64>}}]} | Invalid aggregationRule.clusterRoleSelectors[0].matchLabels, Invalid aggregationRule.clusterRoleSelectors[0]
        invalid-aggregation-selector | {clusterRoleSelectors: [{}, {matchExpressions: [{key: a, operator: Exists}]}]} | {clusterRoleSelectors: [{}, {matchExpressions: [{key: a, operator: In}]}]} | Required aggregationRule.clusterRoleSelectors[1].matchExpressions[0].values, Invalid aggregationRule.clusterRoleSelectors[1]
        """,
    ),
]


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, roles, aggregation) == set()


@pytest.mark.parametrize(("code", "right", "wrong", "says"), ROWS)
def test_rule(code: str, right: str, wrong: str, says: str) -> None:
    check(code, right, wrong, says)


NAMED = "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: *}"


@pytest.mark.parametrize("name", ["system:a", "A b", "é", "...", "<300>"])
def test_names_are_nearly_free(name: str) -> None:
    assert said(fill(NAMED, f"{{name: '{name}'}}")) == set()
    assert said(fill(NAMED, f"{{generateName: '{name}'}}")) == set()


@pytest.mark.parametrize("name", ["a/b", "a%", ".", ".."])
def test_names_fit_into_a_path(name: str) -> None:
    assert said(fill(NAMED, f"{{name: '{name}'}}")) == {"invalid-object-name Invalid metadata.name"}
    # What the server would make of the last two is fine, but not what it is made of.
    assert "invalid-generate-name Invalid metadata.generateName" in said(fill(NAMED, f"{{generateName: '{name}'}}"))


def test_the_namespace_of_a_role_is_one() -> None:
    assert said(fill(NAMED, "{name: a, namespace: A_}")) == {"invalid-namespace-name Invalid metadata.namespace"}


def test_a_cluster_role_loses_its_namespace_in_silence() -> None:
    assert said(fill(NAMED.replace("Role", "ClusterRole"), "{name: a, namespace: A_}")) == set()


def test_the_generation_of_a_role_is_not_negative() -> None:
    assert said(fill(NAMED, "{name: a, generation: 0}")) == set()
    assert said(fill(NAMED, "{name: a, generation: -1}")) == {"out-of-range-generation Invalid metadata.generation"}
