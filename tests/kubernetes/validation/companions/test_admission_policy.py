from __future__ import annotations

import pytest

from dsgen.kubernetes.validation.companions import admission_policy, mutating_policy, validating_policy
from tests.kubernetes.manifests import said, untested
from tests.kubernetes.objects import check, fill, said_of_update, table

RULE = "{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}"
CONSTRAINTS = f"matchConstraints: {{resourceRules: [{RULE}]}}"
RIGHT = "validations: [{expression: 'true'}]"
FRAME = (
    "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicy, metadata: {name: a.b}, spec: {*}}"
)
POLICY = FRAME.replace("*", f"{CONSTRAINTS}, {RIGHT}, *")
VALIDATION = FRAME.replace("*", f"{CONSTRAINTS}, validations: [{{expression: 'true', *}}]")
AUDIT = FRAME.replace("*", f"{CONSTRAINTS}, auditAnnotations: [*]")
VALUE = "valueExpression: \"'a'\""
PATCH = "jsonPatch: {expression: '[]'}"
APPLY = "applyConfiguration: {expression: 'Object{}'}"
MUTATING = FRAME.replace("Validating", "Mutating").replace("*", f"{CONSTRAINTS}, *")
MUTATION = MUTATING.replace("*", "reinvocationPolicy: Never, mutations: [{*}]")

ROWS = [
    *table(
        FRAME,
        f"""
        missing-match-constraints | {CONSTRAINTS}, {RIGHT} | {RIGHT} | Required spec.matchConstraints
        missing-match-constraints | {CONSTRAINTS}, {RIGHT} | matchConstraints: {{}}, {RIGHT} | Required spec.matchConstraints.resourceRules
        missing-policy-validations | {CONSTRAINTS}, {RIGHT} | {CONSTRAINTS}, validations: [] | Required spec.validations, Required spec.auditAnnotations
        """,
    ),
    *table(
        POLICY,
        """
        invalid-policy-failure-policy | failurePolicy: Ignore | failurePolicy: '' | NotSupported spec.failurePolicy
        invalid-parameters-api-version | paramKind: {apiVersion: a.b/v1, kind: A} | paramKind: {apiVersion: a.b/1, kind: A} | Invalid spec.paramKind.apiVersion
        invalid-parameters-api-version | paramKind: {apiVersion: v1, kind: A} | paramKind: {apiVersion: a/b/v1, kind: A} | Invalid spec.paramKind.apiVersion
        invalid-parameters-api-version | paramKind: {apiVersion: /v1, kind: A} | paramKind: {apiVersion: A/v1, kind: A} | Invalid spec.paramKind.apiVersion
        invalid-parameters-api-version | paramKind: {apiVersion: v1, kind: A} | paramKind: {kind: A} | Required spec.paramKind.apiVersion
        invalid-parameters-kind | paramKind: {apiVersion: v1, kind: A-b} | paramKind: {apiVersion: v1, kind: A.b} | Invalid spec.paramKind.kind
        invalid-parameters-kind | paramKind: {apiVersion: v1, kind: A} | paramKind: {apiVersion: v1} | Required spec.paramKind.kind
        invalid-variable-name | variables: [{name: _a1, expression: 'true'}] | variables: [{name: a-1, expression: 'true'}] | Invalid spec.variables[0].name
        invalid-variable-name | variables: [{name: int, expression: 'true'}] | variables: [{name: in, expression: 'true'}] | Invalid spec.variables[0].name
        invalid-variable-name | variables: [{name: a, expression: 'true'}] | variables: [{name: ' ', expression: 'true'}] | Required spec.variables[0].name
        missing-variable-expression | variables: [{name: a, expression: 'true'}] | variables: [{name: a, expression: ' '}] | Required spec.variables[0].expression
        """,
    ),
    *table(
        VALIDATION,
        r"""
        missing-validation-expression | message: a | expression: ' ' | Required spec.validations[0].expression
        invalid-validation-message | message: "a\t b\n" | message: "a\nb" | Invalid spec.validations[0].message
        invalid-validation-message | message: '' | message: ' ' | Invalid spec.validations[0].message
        invalid-validation-message | messageExpression: '' | messageExpression: ' ' | Invalid spec.validations[0].messageExpression
        invalid-validation-reason | reason: Forbidden | reason: Unauthorized | NotSupported spec.validations[0].reason
        """,
    ),
    *table(
        AUDIT,
        f"""
        too-many-audit-annotations | {", ".join(f"{{key: a{each}, {VALUE}}}" for each in range(20))} | {", ".join(f"{{key: a{each}, {VALUE}}}" for each in range(21))} | Invalid spec.auditAnnotations
        duplicate-audit-annotation | {{key: a, {VALUE}}}, {{key: b, {VALUE}}} | {{key: a, {VALUE}}}, {{key: a, {VALUE}}} | Duplicate spec.auditAnnotations[1].key
        invalid-audit-annotation-key | {{key: <63>, {VALUE}}} | {{key: <64>, {VALUE}}} | Invalid spec.auditAnnotations[0].key
        invalid-audit-annotation-key | {{key: a, {VALUE}}} | {{key: a/b, {VALUE}}} | Invalid spec.auditAnnotations[0].key
        invalid-audit-annotation-expression | {{key: a, {VALUE}}} | {{key: a}} | Required spec.auditAnnotations[0].valueExpression
        invalid-audit-annotation-expression | {{key: a, valueExpression: <5120>}} | {{key: a, valueExpression: <5121>}} | Required spec.auditAnnotations[0].valueExpression
        """,
    ),
    *table(
        MUTATING,
        f"""
        missing-mutations | reinvocationPolicy: Never, mutations: [{{patchType: JSONPatch, {PATCH}}}] | reinvocationPolicy: Never, mutations: [] | Required spec.mutations
        invalid-policy-reinvocation | reinvocationPolicy: IfNeeded, mutations: [{{patchType: JSONPatch, {PATCH}}}] | mutations: [{{patchType: JSONPatch, {PATCH}}}] | Required spec.reinvocationPolicy
        invalid-policy-reinvocation | reinvocationPolicy: Never, mutations: [{{patchType: JSONPatch, {PATCH}}}] | reinvocationPolicy: never, mutations: [{{patchType: JSONPatch, {PATCH}}}] | NotSupported spec.reinvocationPolicy
        """,
    ),
    *table(
        MUTATION,
        f"""
        missing-patch-type | patchType: JSONPatch, {PATCH} | {PATCH} | Required spec.mutations[0].patchType
        invalid-patch-type | patchType: JSONPatch, {PATCH} | patchType: jsonPatch, {PATCH} | NotSupported spec.mutations[0].patchType
        missing-patch | patchType: ApplyConfiguration, {APPLY} | patchType: ApplyConfiguration | Required spec.mutations[0].applyConfiguration
        missing-patch | patchType: JSONPatch, {PATCH} | patchType: JSONPatch, jsonPatch: {{expression: ' '}} | Required spec.mutations[0].jsonPatch.expression
        conflicting-patches | patchType: JSONPatch, {PATCH} | patchType: JSONPatch, {PATCH}, {APPLY} | Invalid spec.mutations[0].applyConfiguration
        """,
    ),
]


@pytest.mark.parametrize(("code", "right", "wrong", "says"), ROWS)
def test_rule(code: str, right: str, wrong: str, says: str) -> None:
    if "expression: ' '" in wrong and "validations: [{expression: 'true', " in wrong:
        wrong = wrong.replace("{expression: 'true', ", "{")
    check(code, right, wrong, says)


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, admission_policy, validating_policy, mutating_policy) == {"deprecated-policy-api-version"}


@pytest.mark.parametrize(
    ("kind", "version", "minor", "warned"),
    [
        *(("Validating", "v1", "1.37", False), ("Validating", "v1beta1", "1.33", True)),
        *(("Mutating", "v1alpha1", "1.34", False), ("Mutating", "v1alpha1", "1.35", True)),
        *(("Mutating", "v1beta1", "1.36", False), ("Mutating", "v1beta1", "1.37", True), ("Mutating", "v1", "1.37", False)),
    ],
)  # fmt: skip
def test_older_versions_are_deprecated(kind: str, version: str, minor: str, warned: bool) -> None:
    right = fill(MUTATION, f"patchType: JSONPatch, {PATCH}") if kind == "Mutating" else fill(POLICY, "")
    found = said(right.replace("/v1,", f"/{version},"), minor)
    assert found == ({"deprecated-policy-api-version Warning kind"} if warned else set())


def test_a_mutating_policy_matches_no_deletion() -> None:
    text = fill(MUTATION, f"patchType: JSONPatch, {PATCH}")
    field = "spec.matchConstraints.resourceRules.operations"
    assert said(text.replace("CREATE", "CONNECT, UPDATE")) == set()
    assert said(text.replace("CREATE", "CREATE, DELETE")) == {f"invalid-mutating-operation NotSupported {field}"}


def test_a_key_has_the_generated_name_before_it() -> None:
    text = fill(AUDIT, f"{{key: a, {VALUE}}}")
    assert said(text.replace("name: a.b", "generateName: a-")) == set()
    assert "invalid-audit-annotation-key Invalid spec.auditAnnotations[0].key" in said(
        text.replace("{name: a.b}", "{}")
    )


class TestConditions:
    """They are checked again only if they or the kind of the parameters change."""

    TWICE = fill(POLICY, "matchConditions: [{name: a, expression: 'true'}, {name: a, expression: 'true'}]")
    CODE = "duplicate-match-condition Duplicate spec.matchConditions[1].name"

    def test_a_new_policy(self) -> None:
        assert said(self.TWICE) == {self.CODE}

    def test_an_update_that_keeps_them(self) -> None:
        assert said_of_update(self.TWICE, self.TWICE.replace("name: a.b", "name: a.b, labels: {a: b}")) == set()

    def test_an_update_of_the_parameters(self) -> None:
        new = self.TWICE.replace("matchConditions", "paramKind: {apiVersion: v1, kind: A}, matchConditions")
        assert said_of_update(self.TWICE, new) == {self.CODE}
        assert said_of_update(new, new) == set()
