from __future__ import annotations

import pytest

from dsgen.kubernetes.validation.companions import resource_quota
from tests.kubernetes.manifests import said, untested
from tests.kubernetes.objects import check, fill, said_of_update, table

FRAME = "{apiVersion: v1, kind: ResourceQuota, metadata: {name: a}, spec: *}"
HARD = FRAME.replace("*", "{hard: {*}}")
SCOPES = FRAME.replace("*", "{hard: {pods: 1}, scopes: [*]}")
SELECTOR = FRAME.replace("*", "{hard: {pods: 1}, scopeSelector: {matchExpressions: [*]}}")
CHOSEN = "spec.scopeSelector.matchExpressions"

ROWS = [
    *table(
        HARD,
        """
        invalid-quota-resource | requests.storage: 1 | storage: 1 | Invalid spec.hard[storage]
        invalid-quota-resource | count/pods: 1 | gpu: 1 | Invalid spec.hard[gpu]
        out-of-range-quota | cpu: 0 | cpu: -1m | Invalid spec.hard[cpu]
        out-of-range-quota | cpu: 1m | pods: 1m | Invalid spec.hard[pods]
        out-of-range-quota | x.io/a: 1k | x.io/a: 1.5 | Invalid spec.hard[x.io/a]
        excessive-quota-request | requests.cpu: 2, limits.cpu: 2 | requests.cpu: 3, limits.cpu: 2 | Warning spec.hard[requests.cpu]
        excessive-quota-request | cpu: 3, requests.cpu: 1, limits.cpu: 2 | memory: 3, limits.memory: 2 | Warning spec.hard[memory]
        """,
    ),
    *table(
        FRAME,
        """
        mismatched-quota-scope | {hard: {cpu: 1}, scopes: [NotBestEffort]} | {hard: {cpu: 1}, scopes: [BestEffort]} | Invalid spec.scopes
        mismatched-quota-scope | {hard: {x.io/a: 1}, scopes: [PriorityClass]} | {hard: {secrets: 1}, scopes: [PriorityClass]} | Invalid spec.scopes
        mismatched-quota-scope | {hard: {requests.storage: 1}, scopes: [VolumeAttributesClass]} | {hard: {pods: 1}, scopes: [VolumeAttributesClass]} | Invalid spec.scopes
        """,
    ),
    *table(
        SCOPES,
        """
        invalid-quota-scope | PriorityClass | priorityClass | Invalid spec.scopes
        conflicting-quota-scopes | BestEffort, Terminating | Terminating, NotTerminating | Invalid spec.scopes
        """,
    ),
    *table(
        SELECTOR,
        """
        invalid-quota-scope | {scopeName: Terminating, operator: Exists} | {operator: Exists} | Invalid CHOSEN.scopeName
        conflicting-quota-scopes | {scopeName: BestEffort, operator: Exists} | {scopeName: BestEffort, operator: Exists}, {scopeName: NotBestEffort, operator: Exists} | Invalid CHOSEN
        invalid-quota-scope-operator | {scopeName: PriorityClass, operator: In, values: [a]} | {scopeName: Terminating, operator: In, values: [a]} | Invalid CHOSEN.operator
        invalid-quota-scope-operator | {scopeName: PriorityClass, operator: DoesNotExist} | {scopeName: PriorityClass} | Invalid CHOSEN.operator
        invalid-quota-scope-values | {scopeName: PriorityClass, operator: NotIn, values: ['']} | {scopeName: PriorityClass, operator: NotIn} | Required CHOSEN.values
        invalid-quota-scope-values | {scopeName: PriorityClass, operator: Exists, values: []} | {scopeName: PriorityClass, operator: Exists, values: [a]} | Invalid CHOSEN.values
        """.replace("CHOSEN", CHOSEN),
    ),
]
ELSEWHERE = {"changed-quota-scopes"}


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, resource_quota) == ELSEWHERE


@pytest.mark.parametrize(("code", "right", "wrong", "says"), ROWS)
def test_rule(code: str, right: str, wrong: str, says: str) -> None:
    check(code, right, wrong, says)


def test_before_1_35_the_server_does_not_compare_requests_with_limits() -> None:
    text = fill(HARD, "cpu: 3, limits.cpu: 2")
    assert said(text, "1.34") == set()
    assert said(text, "1.35") == {"excessive-quota-request Warning spec.hard[cpu]"}
    assert said_of_update(text, text) == set()


def test_scopes_cannot_be_changed() -> None:
    old = fill(SCOPES, "PriorityClass, Terminating")
    assert said_of_update(old, fill(SCOPES, "Terminating, PriorityClass, Terminating")) == set()
    assert said_of_update(old, fill(SCOPES, "Terminating")) == {"changed-quota-scopes Invalid spec.scopes"}
    assert said_of_update(fill(SELECTOR, "{scopeName: Terminating, operator: Exists}"), fill(FRAME, "{}")) == set()
