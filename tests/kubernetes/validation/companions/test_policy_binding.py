from __future__ import annotations

import pytest

from dsgen.kubernetes.validation.companions import policy_binding, policy_matching
from tests.kubernetes.manifests import said, untested
from tests.kubernetes.objects import check, said_of_update, table

FRAME = "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicyBinding, metadata: {name: a}, spec: {*}}"
BOUND = FRAME.replace("*", "policyName: a, validationActions: [Deny], *")
REFERENCE = BOUND.replace("*", "paramRef: {*}")
MATCH = BOUND.replace("*", "matchResources: {*}")
RULE = "operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]"

ROWS = [
    *table(
        FRAME,
        """
        invalid-policy-name | policyName: a.b, validationActions: [Deny] | policyName: A, validationActions: [Deny] | Invalid spec.policyName
        invalid-policy-name | policyName: a, validationActions: [Deny] | policyName: '', validationActions: [Deny] | Required spec.policyName
        missing-validation-actions | policyName: a, validationActions: [Audit] | policyName: a, validationActions: [] | Required spec.validationActions
        invalid-validation-action | policyName: a, validationActions: [Audit] | policyName: a, validationActions: [audit] | NotSupported spec.validationActions[0]
        duplicate-validation-action | policyName: a, validationActions: [Audit, Warn] | policyName: a, validationActions: [Audit, Audit] | Duplicate spec.validationActions[1]
        conflicting-validation-actions | policyName: a, validationActions: [Audit, Deny] | policyName: a, validationActions: [Warn, Deny] | Invalid spec.validationActions
        """,
    ),
    *table(
        REFERENCE,
        """
        invalid-parameters-name | name: A b, parameterNotFoundAction: Deny | name: a/b, parameterNotFoundAction: Deny | Invalid spec.paramRef.name
        missing-parameter-not-found-action | name: a, parameterNotFoundAction: Deny | name: a, parameterNotFoundAction: '' | Required spec.paramRef.parameterNotFoundAction
        invalid-parameter-not-found-action | name: a, parameterNotFoundAction: Allow | name: a, parameterNotFoundAction: allow | NotSupported spec.paramRef.parameterNotFoundAction
        missing-parameters-source | selector: {}, parameterNotFoundAction: Deny | name: '', parameterNotFoundAction: Deny | Required spec.paramRef
        conflicting-parameters-sources | name: a, parameterNotFoundAction: Deny | name: a, selector: {}, parameterNotFoundAction: Deny | Forbidden spec.paramRef.name, Forbidden spec.paramRef.selector
        invalid-parameters-selector | selector: {matchLabels: {a: b}}, parameterNotFoundAction: Deny | selector: {matchLabels: {a: b c}}, parameterNotFoundAction: Deny | Invalid spec.paramRef.selector.matchLabels
        """,
    ),
    *table(
        MATCH,
        f"""
        invalid-policy-match-policy | matchPolicy: Exact | matchPolicy: '' | NotSupported spec.matchResources.matchPolicy
        invalid-policy-selector | objectSelector: {{matchLabels: {{a: b}}}} | objectSelector: {{matchLabels: {{a: b c}}}} | Invalid spec.matchResources.objectSelector.matchLabels
        invalid-policy-selector | namespaceSelector: {{}} | namespaceSelector: {{matchLabels: {{a b: c}}}} | Invalid spec.matchResources.namespaceSelector.matchLabels
        invalid-policy-resource-name | resourceRules: [{{{RULE}, resourceNames: [a b]}}] | resourceRules: [{{{RULE}, resourceNames: [a/b]}}] | Invalid spec.matchResources.resourceRules[0].resourceNames[0]
        duplicate-policy-resource-name | excludeResourceRules: [{{{RULE}, resourceNames: [a, b]}}] | excludeResourceRules: [{{{RULE}, resourceNames: [a, a]}}] | Duplicate spec.matchResources.excludeResourceRules[0].resourceNames[1]
        """,
    ),
]


@pytest.mark.parametrize(("code", "right", "wrong", "says"), ROWS)
def test_rule(code: str, right: str, wrong: str, says: str) -> None:
    check(code, right, wrong, says)


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, policy_binding, policy_matching) == {"invalid-mutating-operation"}


def test_the_rules_for_resources_are_those_of_webhooks() -> None:
    wrong = MATCH.replace("*", f"resourceRules: [{{{RULE.replace('CREATE', 'create')}, scope: cluster}}]")
    assert said(wrong) == {
        "invalid-webhook-operation NotSupported spec.matchResources.resourceRules[0].operations[0]",
        "invalid-webhook-scope NotSupported spec.matchResources.resourceRules[0].scope",
    }


def test_rules_for_reviews_have_an_effect_in_policies() -> None:
    reviews = RULE.replace("''", "authentication.k8s.io").replace("pods", "tokenreviews")
    assert said(MATCH.replace("*", f"resourceRules: [{{{reviews}}}]")) == set()


def test_reserved_name() -> None:
    text = BOUND.replace("*", "").replace("name: a}", "name: a.static.k8s.io}")
    assert said(text) == {"reserved-webhook-configuration-name Invalid metadata.name"}
    assert said(text, "1.36") == {"deprecated-webhook-configuration-name Warning metadata.name"}
    assert said(text, "1.35") == set()
    assert said_of_update(text, text) == {"deprecated-webhook-configuration-name Warning metadata.name"}


def test_the_beta_version_is_deprecated_and_has_the_rules_too() -> None:
    text = BOUND.replace("*", "").replace("/v1,", "/v1beta1,")
    deprecated = "deprecated-policy-api-version Warning kind"
    assert said(text, "1.33") == {deprecated}
    wrong = text.replace("Deny", "deny")
    assert said(wrong, "1.33") == {deprecated, "invalid-validation-action NotSupported spec.validationActions[0]"}


def test_an_update_changes_what_it_wants_and_excuses_nothing() -> None:
    text = BOUND.replace("*", "")
    assert said_of_update(text, text.replace("policyName: a", "policyName: b")) == set()
    wrong = text.replace("Deny", "deny")
    assert said_of_update(wrong, wrong) == said(wrong) != set()


class TestMutating:
    BOUND = FRAME.replace("Validating", "Mutating").replace("*", "policyName: a, *")

    def test_it_has_no_actions(self) -> None:
        assert said(self.BOUND.replace("*", "")) == set()
        assert said(self.BOUND.replace("policyName: a, *", "")) == {"invalid-policy-name Required spec.policyName"}

    def test_operations(self) -> None:
        text = self.BOUND.replace("*", f"matchResources: {{resourceRules: [{{{RULE}}}]}}")
        code = "invalid-mutating-operation NotSupported spec.matchResources.resourceRules.operations"
        assert said(text) == set()
        assert said(text.replace("CREATE", "DELETE")) == {code}

    def test_only_in_v1alpha1_the_action_without_parameters_has_a_default(self) -> None:
        text = self.BOUND.replace("*", "paramRef: {name: a}")
        missing = "missing-parameter-not-found-action Required spec.paramRef.parameterNotFoundAction"
        assert said(text) == {missing}
        assert said(text.replace("/v1,", "/v1alpha1,"), "1.34") == set()
        assert said(text.replace("/v1,", "/v1beta1,"), "1.34") == {missing}
