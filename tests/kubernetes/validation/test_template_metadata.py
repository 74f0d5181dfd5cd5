from __future__ import annotations

import pytest

from dsgen.kubernetes.validation import profile_annotations, template_metadata
from tests.kubernetes.manifests import check, daemonset, said, table, untested

LABELS = "labels: {app: agent, *}"
ANNOTATIONS = "labels: {app: agent}, annotations: {*}"
APP_ARMOR = "container.apparmor.security.beta.kubernetes.io"
SECCOMP = "seccomp.security.alpha.kubernetes.io"
ROWS = [
    *table(
        "template",
        LABELS,
        """
        invalid-pod-template-label | b: <63> | b: <64> | Invalid spec.template.labels
        invalid-pod-template-label | a.b/<63>: x | a.b/<64>: x | Invalid spec.template.labels
        """,
    ),
    *table(
        "template",
        ANNOTATIONS,
        f"""
        invalid-pod-template-annotation-key | A.b/C: x | A b: x | Invalid spec.template.annotations
        too-large-pod-template-annotations | a: <262143> | a: <262144> | TooLong spec.template.annotations
        forbidden-mirror-annotation | a: b | kubernetes.io/config.mirror: x | Invalid spec.template.annotations[kubernetes.io/config.mirror]
        invalid-pod-deletion-cost | controller.kubernetes.io/pod-deletion-cost: '-08' | controller.kubernetes.io/pod-deletion-cost: '008' | Invalid spec.template.annotations[controller.kubernetes.io/pod-deletion-cost]
        invalid-pod-deletion-cost | controller.kubernetes.io/pod-deletion-cost: '2147483647' | controller.kubernetes.io/pod-deletion-cost: '2147483648' | Invalid spec.template.annotations[controller.kubernetes.io/pod-deletion-cost]
        invalid-pod-deletion-cost | controller.kubernetes.io/pod-deletion-cost: '0' | controller.kubernetes.io/pod-deletion-cost: '' | Invalid spec.template.annotations[controller.kubernetes.io/pod-deletion-cost]
        invalid-tolerations-annotation | scheduler.alpha.kubernetes.io/tolerations: '[]' | scheduler.alpha.kubernetes.io/tolerations: '{{}}' | Invalid spec.template.annotations
        invalid-tolerations-annotation | scheduler.alpha.kubernetes.io/tolerations: '[{{"Key": "a", "x": 1}}]' | scheduler.alpha.kubernetes.io/tolerations: '[{{"key": "-"}}]' | Invalid spec.template.annotations.scheduler.alpha.kubernetes.io/tolerations[0].key
        invalid-tolerations-annotation | scheduler.alpha.kubernetes.io/tolerations: '' | scheduler.alpha.kubernetes.io/tolerations: '[{{"key": 1}}]' | Invalid spec.template.annotations
        invalid-app-armor-annotation | a: b | {APP_ARMOR}/other: unconfined | Invalid spec.template.annotations[{APP_ARMOR}/other]
        deprecated-annotation | a: b | scheduler.alpha.kubernetes.io/critical-pod: '' | Warning spec.template.metadata.annotations[scheduler.alpha.kubernetes.io/critical-pod]
        deprecated-app-armor-annotation | a: b | {APP_ARMOR}/agent: unconfined | Warning spec.template.metadata.annotations[{APP_ARMOR}/agent]
        ineffective-seccomp-annotation | a: b | {SECCOMP}/pod: unconfined | Warning spec.template.metadata.annotations[{SECCOMP}/pod]
        ineffective-seccomp-annotation | container.{SECCOMP}/other: unconfined | container.{SECCOMP}/agent: unconfined | Warning spec.template.metadata.annotations[container.{SECCOMP}/agent]
        """,
    ),
]
PROFILES = [
    pytest.param("invalid-seccomp-annotation", f"{SECCOMP}/pod: docker/default", f"{SECCOMP}/pod: default", "", f"spec.template.annotations.{SECCOMP}/pod"),
    pytest.param("invalid-seccomp-annotation", f"{SECCOMP}/pod: localhost/a", f"{SECCOMP}/pod: localhost//a", "", f"spec.template.annotations.{SECCOMP}/pod"),
    pytest.param("invalid-app-armor-annotation", f"{APP_ARMOR}/agent: localhost/", f"{APP_ARMOR}/agent: other", "", f"spec.template.annotations[{APP_ARMOR}/agent]"),
    pytest.param(
        "mismatched-seccomp-annotation", f"{SECCOMP}/pod: docker/default", f"{SECCOMP}/pod: unconfined",
        "securityContext: {seccompProfile: {type: RuntimeDefault}}", "spec.template.spec.securityContext.seccompProfile.type",
    ),
    pytest.param(
        "mismatched-seccomp-annotation", f"{SECCOMP}/pod: localhost/a", f"{SECCOMP}/pod: localhost/b",
        "securityContext: {seccompProfile: {type: Localhost, localhostProfile: a}}",
        "spec.template.spec.securityContext.seccompProfile.localhostProfile",
    ),
    pytest.param(
        "mismatched-app-armor-annotation", f"{APP_ARMOR}/agent: unconfined", f"{APP_ARMOR}/agent: runtime/default",
        "securityContext: {appArmorProfile: {type: Unconfined}}",
        "spec.template.spec.containers[0].securityContext.appArmorProfile.type",
    ),
]  # fmt: skip


def test_every_rule_has_a_row() -> None:
    assert untested([*ROWS, *PROFILES], template_metadata, profile_annotations) == {"invalid-app-armor-container"}


@pytest.mark.parametrize(("code", "right", "wrong", "says"), ROWS)
def test_rule(code: str, right: str, wrong: str, says: str) -> None:
    if code == "invalid-tolerations-annotation" and "tolerations[0]" in says:
        code = "invalid-toleration-key"
    found = said(wrong)
    if "scheduler.alpha.kubernetes.io/tolerations[0]" in says:
        assert {each.partition(" ")[2] for each in found} >= {says}
    elif code == "invalid-app-armor-annotation":
        assert f"{code} {says}" in found
    else:
        check(code, right, wrong, says)


@pytest.mark.parametrize(("code", "right", "wrong", "pod", "field"), PROFILES)
def test_profile_annotations(code: str, right: str, wrong: str, pod: str, field: str) -> None:
    for stated, expected in ((right, False), (wrong, True)):
        errors = {
            each
            for each in said(daemonset(template=ANNOTATIONS.replace("*", stated), pod=pod))
            if "Warning" not in each
        }
        assert errors == (
            {f"{code} {'Forbidden' if 'mismatched' in code else 'Invalid'} {field}"} if expected else set()
        )


def test_a_deeply_nested_annotation_is_refused() -> None:
    nested = "[" * 100_000 + "]" * 100_000
    text = daemonset(template=ANNOTATIONS.replace("*", f"scheduler.alpha.kubernetes.io/tolerations: '{nested}'"))
    assert said(text) == {"invalid-tolerations-annotation Invalid spec.template.annotations"}
