from __future__ import annotations

import pytest

from dsgen.kubernetes.built_in import DROPPED_FIELD
from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.schema import fields
from dsgen.kubernetes.validate import validate
from tests.kubernetes.manifests import daemonset, said


def container(fields: str) -> str:
    return daemonset().replace("image: 'registry.example/agent:1'", f"image: a, {fields}")


@pytest.mark.parametrize(
    ("text", "field", "off", "on"),
    [
        (daemonset(pod="schedulingGroup: {podGroupName: '-'}"), "spec.template.spec.schedulingGroup", "1.37", ""),
        (container("lifecycle: {stopSignal: x}"), "spec.template.spec.containers[0].lifecycle.stopSignal", "1.37", ""),
        (daemonset(pod="evictionResponders: [{}]"), "spec.template.spec.evictionResponders", "1.37", ""),
        (daemonset(pod="volumes: [{name: a, emptyDir: {mode: 5000}}]"), "spec.template.spec.volumes[0].emptyDir.mode", "1.37", ""),
        (daemonset(pod="volumes: [{name: a, secret: {secretName: a, defaultUser: -1}}]"), "spec.template.spec.volumes[0].secret.defaultUser", "1.37", ""),
        (daemonset(pod="volumes: [{name: a, configMap: {name: a, items: [{key: a, path: a, user: -1}]}}]"), "spec.template.spec.volumes[0].configMap.items[0].user", "1.37", ""),
        (daemonset(pod="volumes: [{name: a, projected: {sources: [{serviceAccountToken: {path: a, user: -1}}]}}]"), "spec.template.spec.volumes[0].projected.sources[0].serviceAccountToken.user", "1.37", ""),
        (container("livenessProbe: {httpGet: {port: 1, protocol: x}}"), "spec.template.spec.containers[0].livenessProbe.httpGet.protocol", "1.37", ""),
        (container("lifecycle: {preStop: {httpGet: {port: 1, protocol: x}}}"), "spec.template.spec.containers[0].lifecycle.preStop.httpGet.protocol", "1.37", ""),
        (container("startupProbe: {grpc: {port: 1, mode: x}}"), "spec.template.spec.containers[0].startupProbe.grpc.mode", "1.37", ""),
        (daemonset(pod="volumes: [{name: a, projected: {sources: [{clusterTrustBundle: {name: a, path: a}}]}}]"), "spec.template.spec.volumes[0].projected.sources[0].clusterTrustBundle", "1.36", "1.37"),
        (daemonset(pod="volumes: [{name: a, projected: {sources: [{podCertificate: {signerName: a.b/c, keyType: ED25519, keyPath: a}}]}}]"), "spec.template.spec.volumes[0].projected.sources[0].podCertificate", "1.36", "1.37"),
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


def test_a_mount_loses_its_options() -> None:
    text = container("volumeMounts: [{name: a, mountPath: /a, bindMountOptions: [x]}]").replace(
        "containers:", "volumes: [{name: a, emptyDir: {}}], containers:"
    )
    assert said(text, "1.37") == {"dropped-field spec.template.spec.containers[0].volumeMounts[0].bindMountOptions"}


@pytest.mark.parametrize(
    ("pod", "minor", "message", "hint"),
    [
        (
            "schedulingGroup: {podGroupName: a}",
            "1.37",
            "Kubernetes 1.37 silently drops this field, because the feature gate GenericWorkload is beta and off by default",
            f"the gate is off by default in every version up to {fields.MINORS[-1]}",
        ),
        (
            "schedulingGroup: {podGroupName: a}",
            "1.36",
            "Kubernetes 1.36 silently drops this field, because the feature gate GenericWorkload is alpha and off by default",
            f"the gate is off by default in every version up to {fields.MINORS[-1]}",
        ),
        (
            "resources: {limits: {cpu: 1}}",
            "1.33",
            "Kubernetes 1.33 silently drops this field, because the feature gate PodLevelResources is alpha and off by default",
            "the gate has been on by default since 1.34",
        ),
    ],
)
def test_what_is_said_of_a_gate_is_what_its_table_says(pod: str, minor: str, message: str, hint: str) -> None:
    (problem,) = (
        each for each in validate(read_first(daemonset(pod=pod)).root, minor) if each.code == DROPPED_FIELD.name
    )
    assert (problem.message, problem.hint) == (message, hint)
