"""What the API server takes in pods and is hardly meant; and that each hint, when it is followed, leaves no problem."""

from __future__ import annotations

import pytest

from dsgen.kubernetes.lint import Checks
from dsgen.kubernetes.lint.validate_and_lint import validate_and_lint
from dsgen.kubernetes.manifest import read_first
from dsgen.problem import Problem
from tests.kubernetes.manifests import daemonset

WINDOWS = "nodeSelector: {kubernetes.io/os: windows}"
CONTEXT = "securityContext"


def found(pod: str, checks: Checks = Checks()) -> list[Problem]:  # noqa: B008
    return validate_and_lint(read_first(daemonset(pod=pod)).root, checks=checks)


def said(pod: str) -> list[str]:
    return [f"{each.code} {each.field.removeprefix('spec.template.spec.')}: {each.hint}" for each in found(pod)]


def container(part: str) -> str:
    return f"initContainers: [{{name: a, image: 'i:1', {part}}}]"


def affinity(expression: str) -> str:
    required = "requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{%s}]}]}"
    return f"affinity: {{nodeAffinity: {{{required % expression}}}}}"


REQUIRED = (
    "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0]"
)
CAPABILITIES = "initContainers[0].securityContext.capabilities"
# A pod, what is said of it, and the pod in which the hint was followed.
SLIPS = [
    ("nodeSelector: {kubernetes.io/os: Linux}", ["unknown-node-label-value nodeSelector[kubernetes.io/os]: write `linux`"], "nodeSelector: {kubernetes.io/os: linux}"),
    ("nodeSelector: {kubernetes.io/arch: x86_64}", ["unknown-node-label-value nodeSelector[kubernetes.io/arch]: write `amd64`"], "nodeSelector: {kubernetes.io/arch: amd64}"),
    ("nodeSelector: {kubernetes.io/arch: aarch64}", ["unknown-node-label-value nodeSelector[kubernetes.io/arch]: write `arm64`"], "nodeSelector: {kubernetes.io/arch: arm64}"),
    (affinity("key: kubernetes.io/arch, operator: In, values: [amd64, armv7l]"), [f"unknown-node-label-value {REQUIRED}.values[1]: write `arm`"],
     affinity("key: kubernetes.io/arch, operator: In, values: [amd64, arm]")),
    (container("resources: {limits: {memory: 128}}"), ["few-bytes initContainers[0].resources.limits.memory: `128Mi` may be intended"],
     container("resources: {limits: {memory: 128Mi}}")),
    (container("resources: {limits: {memory: '512'}}"), ["few-bytes initContainers[0].resources.limits.memory: `512Mi` may be intended"],
     container("resources: {limits: {memory: 512Mi}}")),
    (container("resources: {limits: {memory: 64k}}"), ["few-bytes initContainers[0].resources.limits.memory: `64M` may be intended"],
     container("resources: {limits: {memory: 64M}}")),
    (container("resources: {limits: {memory: 64Ki}}"), ["few-bytes initContainers[0].resources.limits.memory: `64Mi` may be intended"],
     container("resources: {limits: {memory: 64Mi}}")),
    (container("resources: {limits: {ephemeral-storage: 10}}"), ["few-bytes initContainers[0].resources.limits.ephemeral-storage: `10Mi` may be intended"],
     container("resources: {limits: {ephemeral-storage: 10Mi}}")),
    ("volumes: [{name: a, emptyDir: {sizeLimit: 64}}]", ["few-bytes volumes[0].emptyDir.sizeLimit: `64Mi` may be intended"], "volumes: [{name: a, emptyDir: {sizeLimit: 64Mi}}]"),
    (container("securityContext: {capabilities: {add: [CAP_NET_ADMIN]}}"), [f"invalid-capability-name {CAPABILITIES}.add[0]: write `NET_ADMIN`"],
     container("securityContext: {capabilities: {add: [NET_ADMIN]}}")),
    (container("securityContext: {capabilities: {drop: [cap_net_raw]}}"), [f"invalid-capability-name {CAPABILITIES}.drop[0]: write `NET_RAW`"],
     container("securityContext: {capabilities: {drop: [NET_RAW]}}")),
    (container("securityContext: {capabilities: {add: [SYS_ADMN]}}"), [f"invalid-capability-name {CAPABILITIES}.add[0]: did you mean `SYS_ADMIN`?"],
     container("securityContext: {capabilities: {add: [SYS_ADMIN]}}")),
    (f"{WINDOWS}, securityContext: {{runAsUser: 0, runAsNonRoot: false}}", ["ineffective-linux-field securityContext.runAsUser: remove it"],
     f"{WINDOWS}, securityContext: {{runAsNonRoot: false}}"),
    (f"{WINDOWS}, hostPID: true, hostIPC: false, shareProcessNamespace: false",
     ["ineffective-linux-field shareProcessNamespace: remove it", "ineffective-linux-field hostPID: remove it"], WINDOWS),
    (f"{affinity('key: kubernetes.io/os, operator: In, values: [windows]')}, securityContext: {{fsGroup: 1}}",
     ["ineffective-linux-field securityContext.fsGroup: remove it"], affinity("key: kubernetes.io/os, operator: In, values: [windows]")),
    ("nodeSelector: {kubernetes.io/os: linux}, securityContext: {windowsOptions: {runAsUserName: a}}", ["ineffective-windows-options securityContext.windowsOptions: remove it"],
     "nodeSelector: {kubernetes.io/os: linux}"),
]  # fmt: skip


@pytest.mark.parametrize(("pod", "expected", "right"), SLIPS)
def test_slips(pod: str, expected: list[str], right: str) -> None:
    assert said(pod) == expected
    assert {each.severity for each in found(pod)} == {"warning"}
    assert said(right) == []


def test_every_setting_that_windows_lacks() -> None:
    """As the API server says of `os: {name: windows}`; that it is stated makes them its errors, and ours silent."""
    context = "runAsUser: 0, privileged: true, capabilities: {add: [SYS_PTRACE]}, readOnlyRootFilesystem: false, windowsOptions: {hostProcess: false}"
    pod = (
        container(f"securityContext: {{{context}}}")
        + ", securityContext: {sysctls: [{name: a, value: b}], supplementalGroups: []}"
    )
    ours = {each.field for each in found(f"{WINDOWS}, {pod}") if each.code == "ineffective-linux-field"}
    theirs = found(f"{WINDOWS}, os: {{name: windows}}, {pod}")
    assert ours == {each.field for each in theirs if each.code == "forbidden-linux-security-field"}
    assert len(ours) == 6
    assert {each.severity for each in theirs} == {"error"}


@pytest.mark.parametrize(
    "pod",
    [
        "nodeSelector: {kubernetes.io/os: windows, kubernetes.io/arch: riscv64}",
        "nodeSelector: {kubernetes.io/arch: quantum}",  # somebody else's label
        "nodeSelector: {example.com/arch: x86_64}",
        affinity("key: kubernetes.io/arch, operator: Exists"),
        container("resources: {requests: {memory: 0, cpu: 1}, limits: {memory: 1Mi}}"),
        container("resources: {requests: {memory: 134217728}, limits: {ephemeral-storage: 64Ki}}"),
        "volumes: [{name: a, emptyDir: {sizeLimit: 64Ki}}]",
        container("securityContext: {capabilities: {add: [net_admin, ALL, EXAMPLE]}}"),
        container("securityContext: {privileged: true}"),
        f"{WINDOWS}, securityContext: {{windowsOptions: {{runAsUserName: a}}}}",
        # Nodes of both systems.
        affinity("key: kubernetes.io/os, operator: In, values: [linux, windows]") + ", securityContext: {runAsUser: 1}",
        affinity("key: kubernetes.io/os, operator: NotIn, values: [windows]") + ", securityContext: {runAsUser: 1}",
        "",
    ],
)
def test_no_slips(pod: str) -> None:
    assert said(pod) == []


@pytest.mark.parametrize("memory", ["128m", "[]", "x", "-1", "true", "null"])
def test_what_others_say_of_an_amount(memory: str) -> None:
    assert "few-bytes" not in {each.code for each in found(container(f"resources: {{limits: {{memory: {memory}}}}}"))}


class TestImageWithoutTag:
    POD = "initContainers: [{name: a, image: %s}]"

    @pytest.mark.parametrize(
        ("image", "told"),
        [
            ("busybox", True), ("localhost:5000/a", True), ("a.example/b/c", True),
            ("busybox:latest", False), ("busybox:1", False), ("'busybox@sha256:%s'" % ("0" * 64), False), ("localhost:5000/a:1", False),
        ],
    )  # fmt: skip
    def test_images(self, image: str, told: bool) -> None:
        pod = self.POD % image
        assert said(pod) == []
        assert [each.severity for each in found(pod, Checks(untagged="warning"))] == ["warning"] * told
        assert [each.severity for each in found(pod, Checks(untagged="error"))] == ["error"] * told

    def test_its_hint(self) -> None:
        (problem,) = found(self.POD % "busybox", Checks(untagged="warning"))
        assert (problem.code, problem.hint) == ("missing-image-tag", "add one, such as `busybox:1.0`")
        assert not found(self.POD % "busybox:1.0", Checks(untagged="warning"))

    def test_volumes(self) -> None:
        (problem,) = found("volumes: [{name: a, image: {reference: a/b}}]", Checks(untagged="warning"))
        assert problem.field == "spec.template.spec.volumes[0].image.reference"
