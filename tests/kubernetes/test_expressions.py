"""The note about expressions in CEL, which nobody has evaluated: here, because the library is not installed."""

from __future__ import annotations

import pytest

from dsgen.kubernetes.lint.validate_and_lint import validate_and_lint
from dsgen.kubernetes.manifest import read_first

WEBHOOKS = """\
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: agent}
webhooks:
- name: a.b.c
  clientConfig: {url: "https://a"}
  sideEffects: None
  admissionReviewVersions: [v1]
  matchConditions:
  - name: first
    expression: nonsense(
"""


@pytest.fixture(autouse=True)
def without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dsgen.kubernetes.cel.library.cel", lambda: None)


def notes(text: str) -> list[tuple[int, str]]:
    found = validate_and_lint(read_first(text).root)
    assert {each.severity for each in found if each.code == "unvalidated-expression"} <= {"note"}
    return [(each.line, each.message) for each in found]


def test_an_expression_is_not_passed_over_in_silence() -> None:
    assert notes(WEBHOOKS) == [(11, "dsgen does not evaluate this expression (CEL)")]


def test_every_line_is_named_in_one_note() -> None:
    more = "".join(f"  - name: a{index}\n    expression: x\n" for index in range(6))
    assert notes(WEBHOOKS + more[: more.index("  - name: a2")]) == [
        (11, "dsgen does not evaluate this expression (CEL), nor those on lines 13, 15")
    ]
    assert notes(WEBHOOKS + more) == [
        (11, "dsgen does not evaluate this expression (CEL), nor those on lines 13, 15, 17, 19 and 2 more")
    ]


def test_without_expressions_there_is_nothing_to_say() -> None:
    assert notes(WEBHOOKS[: WEBHOOKS.index("  matchConditions")]) == []
