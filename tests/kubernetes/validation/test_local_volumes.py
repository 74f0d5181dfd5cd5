from __future__ import annotations

import pytest

from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.validate import validate
from dsgen.kubernetes.validation import local_volumes
from tests.kubernetes.pods import check, manifest, refused, table, untested

LOCAL = table(
    "volumes: [{name: v, *}]",
    """
    out-of-range-size-limit | emptyDir: {sizeLimit: 0} | emptyDir: {sizeLimit: -1} | Forbidden volumes[0].emptyDir.sizeLimit
    out-of-range-size-limit | emptyDir: {sizeLimit: 1Gi, medium: Any} | emptyDir: {sizeLimit: -0.1n} | Forbidden volumes[0].emptyDir.sizeLimit
    out-of-range-size-limit | emptyDir: {sizeLimit: ~} | emptyDir: {sizeLimit: -1Ki} | Forbidden volumes[0].emptyDir.sizeLimit
    invalid-host-path | hostPath: {path: /a/..b} | hostPath: {path: /a/../b} | Invalid volumes[0].hostPath.path
    invalid-host-path | hostPath: {path: a} | hostPath: {path: ..} | Invalid volumes[0].hostPath.path
    invalid-host-path-type | hostPath: {path: /a, type: DirectoryOrCreate} | hostPath: {path: /a, type: directoryOrCreate} | NotSupported volumes[0].hostPath.type
    invalid-host-path-type | hostPath: {path: /a, type: ''} | hostPath: {path: /a, type: Link} | NotSupported volumes[0].hostPath.type
    invalid-git-repo-directory | gitRepo: {repository: a, directory: ..a} | gitRepo: {repository: a, directory: ..} | Invalid volumes[0].gitRepo.directory
    invalid-git-repo-directory | gitRepo: {repository: a, directory: a/b} | gitRepo: {repository: a, directory: /a} | Invalid volumes[0].gitRepo.directory
    missing-image-volume-reference | image: {reference: a} | image: {} | Required volumes[0].image.reference
    missing-image-volume-reference | image: {reference: a} | image: {reference: ''} | Required volumes[0].image.reference
    invalid-image-volume-pull-policy | image: {reference: a, pullPolicy: Never} | image: {reference: a, pullPolicy: never} | NotSupported volumes[0].image.pullPolicy
    invalid-image-volume-pull-policy | image: {reference: a} | image: {reference: a, pullPolicy: Sometimes} | NotSupported volumes[0].image.pullPolicy
    """,
)
# The server drops the mode unless the object that an update replaces has one.
KEPT = table(
    "volumes: [{name: v, emptyDir: {mode: *}}]",
    """
    out-of-range-empty-dir-mode | 0 | -1 | Invalid volumes[0].emptyDir.mode
    out-of-range-empty-dir-mode | 1023 | 1024 | Invalid volumes[0].emptyDir.mode
    """,
)
ROWS = [*LOCAL, *KEPT]


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, local_volumes) == set()


@pytest.mark.parametrize(("code", "passes", "refuses", "says"), ROWS)
def test_rule(code: str, passes: str, refuses: str, says: str) -> None:
    check(code, passes, refuses, says, "volumes: [{name: v, emptyDir: {mode: 0}}]" if "mode" in code else "")


@pytest.mark.parametrize("pod", ["volumes: [{name: v, image: {}}]", "volumes: [{name: v, image: {reference: ''}}]"])
def test_an_image_volume_without_a_reference(pod: str) -> None:
    missing = {("missing-image-volume-reference", "Required volumes[0].image.reference")}
    assert (refused(pod), refused(pod, "1.36"), refused(pod, old=pod)) == (missing, set(), set())
    assert refused(pod, old="volumes: [{name: v, image: {reference: a}}]") == missing


def test_behind_a_dropped_image_volume_a_problem_stands_at_its_own_line() -> None:
    text = manifest("volumes:\n- {name: image, image: {reference: a}}\n- {name: data, hostPath: {}}\n")
    line = text.splitlines().index("      - {name: data, hostPath: {}}") + 1
    problems = {(problem.field, problem.line) for problem in validate(read_first(text).root, "1.34") if problem.type}
    assert ("spec.template.spec.volumes[0].hostPath.path", line) in problems


def test_before_1_35_an_image_volume_that_an_update_keeps_has_no_default_policy() -> None:
    pod = "volumes: [{name: v, image: {reference: a}}]"
    assert refused(pod, "1.35", pod) == set()
    assert refused(pod, "1.34", pod) == {("invalid-image-volume-pull-policy", "Required volumes[0].image.pullPolicy")}
