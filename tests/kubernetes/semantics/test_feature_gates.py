from __future__ import annotations

import pytest

from tests.kubernetes.manifests import daemonset, said


def container(fields: str) -> str:
    return daemonset().replace("image: 'registry.example/agent:1'", f"image: a, {fields}")


@pytest.mark.parametrize(
    ("text", "field", "off", "on"),
    [
        (daemonset(pod="schedulingGroup: {podGroupName: '-'}"), "spec.template.spec.schedulingGroup", "1.36", ""),
        (container("lifecycle: {stopSignal: x}"), "spec.template.spec.containers[0].lifecycle.stopSignal", "1.36", ""),
        (daemonset(pod="hostUsers: false"), "spec.template.spec.hostUsers", "1.32", "1.33"),
        (daemonset(pod="resources: {limits: {cpu: 1}}"), "spec.template.spec.resources", "1.33", "1.34"),
        (daemonset(pod="hostnameOverride: a"), "spec.template.spec.hostnameOverride", "1.34", "1.35"),
        (daemonset(pod="resourceClaims: [{name: a, resourceClaimName: a}]"), "spec.template.spec.resourceClaims", "1.33", "1.34"),
        (container("resizePolicy: [{resourceName: cpu, restartPolicy: NotRequired}]"), "spec.template.spec.containers[0].resizePolicy", "1.32", "1.33"),
        (daemonset(pod="securityContext: {supplementalGroupsPolicy: Merge}"), "spec.template.spec.securityContext.supplementalGroupsPolicy", "1.32", "1.33"),
        (daemonset(pod="volumes: [{name: a, image: {reference: a}}]"), "spec.template.spec.volumes[0].image", "1.34", "1.35"),
    ],
)  # fmt: skip
def test_a_field_behind_a_gate_is_dropped(text: str, field: str, off: str, on: str) -> None:
    assert f"dropped-field {field}" in said(text, off)
    if on:
        assert said(text, on) == set()


def test_a_volume_that_is_dropped_takes_its_mounts_along() -> None:
    text = container("volumeMounts: [{name: a, mountPath: /a}]").replace(
        "containers:", "volumes: [{name: a, image: {reference: b}}], containers:"
    )
    assert said(text, "1.34") == {"dropped-field spec.template.spec.volumes[0].image"}
    assert said(text, "1.36") == set()
