"""Which kinds Kubernetes has, and what is said of those that it has not."""

from __future__ import annotations

import re
from itertools import islice, product

import pytest

from dsgen.kubernetes.schema import api_resources, fields
from dsgen.kubernetes.schema.decode import decode, identify
from dsgen.kubernetes.schema.errors import DecodeError
from dsgen.tree import Map

MINORS = [int(minor.split(".")[1]) for minor in fields.MINORS]


def fault(version: str, kind: str, minor: str = "1.37") -> DecodeError | None:
    return identify(Map({"apiVersion": version, "kind": kind}), minor).fault


def said(version: str, kind: str, minor: str = "1.37") -> str:
    found = fault(version, kind, minor)
    return f"{found.code.name} {found.path[0]}: {found.message}; {found.hint}" if found else ""


@pytest.mark.parametrize(
    ("version", "kind", "says"),
    [
        ("apps/v1", "Daemonset", "unknown-kind kind: `apps/v1` has no kind `Daemonset`; did you mean `DaemonSet`?"),
        ("apps/v1", "daemon-set", "unknown-kind kind: `apps/v1` has no kind `daemon-set`; did you mean `DaemonSet`?"),
        ("apps/v1", "DaemonSets", "unknown-kind kind: `apps/v1` has no kind `DaemonSets`; did you mean `DaemonSet`?"),
        ("v1", "ServiceAcount", "unknown-kind kind: `v1` has no kind `ServiceAcount`; did you mean `ServiceAccount`?"),
        ("v1", "Configmap", "unknown-kind kind: `v1` has no kind `Configmap`; did you mean `ConfigMap`?"),
        ("apps/v1", "Pod", "unknown-kind apiVersion: `apps/v1` has no kind `Pod`; write `apiVersion: v1`"),
        ("v1", "Deployment", "unknown-kind apiVersion: `v1` has no kind `Deployment`; write `apiVersion: apps/v1`"),
        ("apps/v1", "configmap", "unknown-kind kind: `apps/v1` has no kind `configmap`; write `apiVersion: v1` and `kind: ConfigMap`"),
        ("authorization.k8s.io/v1", "Role", "unknown-kind apiVersion: `authorization.k8s.io/v1` has no kind `Role`; write `apiVersion: rbac.authorization.k8s.io/v1`"),
        ("apps/v1", "Xyz", "unknown-kind kind: `apps/v1` has no kind `Xyz`; it has ControllerRevision, DaemonSet, Deployment, ReplicaSet, StatefulSet"),
        ("v1", "Xyz", "unknown-kind kind: `v1` has no kind `Xyz`; see `kubectl api-resources`"),
        ("apps/v2", "DaemonSet", "unknown-kind apiVersion: Kubernetes 1.37 serves no `apps/v2`: its group has `apps/v1`; write `apiVersion: apps/v1`"),
        ("app/v1", "DaemonSet", "unknown-group apiVersion: Kubernetes has no API group `app`; write `apiVersion: apps/v1`"),
        ("app/v1", "Xyz", "unknown-group apiVersion: Kubernetes has no API group `app`; did you mean `apps`?"),
        ("apps/v1/x", "DaemonSet", "unknown-kind apiVersion: `apps/v1/x` is not a valid apiVersion; write GROUP/VERSION, such as `apps/v1`"),
        ("apps", "DaemonSet", "unknown-kind apiVersion: Kubernetes 1.37 serves no `apps`: its group has `v1`; write `apiVersion: apps/v1`"),
        ("extensions/v1beta1", "DaemonSet", "removed-kind apiVersion: Kubernetes 1.16 removed `DaemonSet` of `extensions/v1beta1`; write `apiVersion: apps/v1`"),
        ("extensions/v1beta1", "Ingress", "removed-kind apiVersion: Kubernetes 1.22 removed `Ingress` of `extensions/v1beta1`; write `apiVersion: networking.k8s.io/v1`"),
        ("policy/v1beta1", "PodSecurityPolicy", "removed-kind apiVersion: Kubernetes 1.25 removed `PodSecurityPolicy` of `policy/v1beta1`; leave it out: no other API has this kind"),
        ("batch/v1beta1", "CronJob", "removed-kind apiVersion: Kubernetes 1.25 removed `CronJob` of `batch/v1beta1`; write `apiVersion: batch/v1`"),
        ("autoscaling/v2beta2", "HorizontalPodAutoscaler", "removed-kind apiVersion: Kubernetes 1.26 removed `HorizontalPodAutoscaler` of `autoscaling/v2beta2`; write `apiVersion: autoscaling/v2`"),
        ("settings.k8s.io/v1alpha1", "PodPreset", "removed-kind apiVersion: Kubernetes 1.20 removed `PodPreset` of `settings.k8s.io/v1alpha1`; leave it out: no other API has this kind"),
        ("extensions/v1beta1", "Deploymnet", "unknown-kind apiVersion: Kubernetes 1.37 serves no `extensions/v1beta1`; write `apiVersion: apps/v1` and `kind: Deployment`"),
        ("policy/v1", "Eviction", "unknown-kind kind: `Eviction` cannot be applied: the API server creates no objects of this kind; leave it out"),
        ("v1", "Status", "unknown-kind kind: `Status` cannot be applied: the API server creates no objects of this kind; leave it out"),
        ("apps/v1", "DeleteOptions", "unknown-kind kind: `DeleteOptions` cannot be applied: the API server creates no objects of this kind; leave it out"),
        ("v1", "ComponentStatus", "unknown-kind kind: `ComponentStatus` cannot be applied: the API server creates no objects of this kind; leave it out"),
        ("apps/v1", "DaemonSetList", "unknown-kind kind: `DaemonSetList` is a list, not an object; write its objects under `items`, in no other list"),
        ("v1", "List", "unknown-kind kind: `List` is a list, not an object; write its objects under `items`, in no other list"),
        ("rbac.authorisation.k8s.io/v1", "ClusterRole", "unknown-group apiVersion: Kubernetes has no API group `rbac.authorisation.k8s.io`; did you mean `rbac.authorization.k8s.io/v1`?"),
        ("networking.k8s.oi/v1", "NetworkPolicy", "unknown-group apiVersion: Kubernetes has no API group `networking.k8s.oi`; did you mean `networking.k8s.io/v1`?"),
        ("monitoring.coreos.com/v1", "Podmonitor", "unknown-kind kind: `monitoring.coreos.com` has no kind `Podmonitor`; write `apiVersion: monitoring.coreos.com/v1` and `kind: PodMonitor`"),
        ("monitoring.coreos.com/v1beta1", "PodMonitor", "unknown-kind apiVersion: `PodMonitor` has no `monitoring.coreos.com/v1beta1`; write `apiVersion: monitoring.coreos.com/v1` and `kind: PodMonitor`"),
        ("Example.com/v1", "Thing", "unknown-kind apiVersion: `Example.com/v1` is not a valid apiVersion; write GROUP/VERSION in small letters"),
        ("example.com/v1", "--help", "unknown-kind kind: '--help' is not a valid kind; a kind is letters, digits and hyphens"),
        ("example.com/v1", "A\n::b", "unknown-kind kind: 'A\\n::b' is not a valid kind; a kind is letters, digits and hyphens"),
    ],
)  # fmt: skip
def test_no_kind_of_kubernetes(version: str, kind: str, says: str) -> None:
    assert said(version, kind) == says
    assert decode(Map({"apiVersion": version, "kind": kind})).faults == [fault(version, kind)]


@pytest.mark.parametrize(
    ("version", "kind", "minor", "says"),
    [
        ("resource.k8s.io/v1", "DeviceClass", "1.33", "unknown-kind apiVersion: Kubernetes 1.33 has no `DeviceClass` of `resource.k8s.io/v1`; it was added in 1.34; write `apiVersion: resource.k8s.io/v1beta2`"),
        ("resource.k8s.io/v1", "DeviceClass", "1.34", ""),
        ("lifecycle.k8s.io/v1alpha1", "EvictionRequest", "1.36", "unknown-kind apiVersion: Kubernetes 1.36 has no `EvictionRequest` of `lifecycle.k8s.io/v1alpha1`; it was added in 1.37; select Kubernetes 1.37, or leave it out"),
        ("lifecycle.k8s.io/v1alpha1", "EvictionRequest", "1.37", ""),
        ("flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema", "1.31", ""),
        ("flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema", "1.32", "removed-kind apiVersion: Kubernetes 1.32 removed `FlowSchema` of `flowcontrol.apiserver.k8s.io/v1beta3`; write `apiVersion: flowcontrol.apiserver.k8s.io/v1`"),
    ],
)  # fmt: skip
def test_versions(version: str, kind: str, minor: str, says: str) -> None:
    assert said(version, kind, minor) == says


@pytest.mark.parametrize(
    ("version", "kind"),
    [
        # Kinds of other groups, whatever they are called.
        ("crd.projectcalico.org/v1", "NetworkPolicy"),
        ("serving.knative.dev/v1", "Service"),
        ("apps.kruise.io/v1alpha1", "DaemonSet"),
        ("gateway.networking.k8s.io/v1", "HTTPRoute"),
        ("snapshot.storage.k8s.io/v1", "VolumeSnapshot"),
        ("metrics.k8s.io/v1beta1", "NodeMetrics"),
        ("scheduling.x-k8s.io/v1alpha1", "PodGroup"),
        ("monitoring.coreos.com/v1", "ServiceMonitor"),
        # Near a group of Kubernetes, but its kind is not.
        ("nodes.k8s.io/v1", "Thing"),
        ("builtin", "LabelTransformer"),
    ],
)
def test_other_objects(version: str, kind: str) -> None:
    assert identify(Map({"apiVersion": version, "kind": kind})).is_other


@pytest.mark.parametrize("minor", fields.MINORS)
def test_the_fields_of_every_kind_are_known(minor: str) -> None:
    served = {f"{each.version} {each.kind}" for each in api_resources.load().every(int(minor.split(".")[1]))}
    table = fields.every_kind(minor)
    assert table.kinds.keys() == served | fields.CUSTOM_RESOURCES.keys()
    for type, known in table.types.items():
        for field, notation in known.items():
            assert notation.strip("[]{}") in fields.SCALARS | table.types.keys(), (type, field)


@pytest.mark.parametrize("version", ["v1", "/v1"])
def test_a_kind_without_rules(version: str) -> None:
    assert identify(Map({"apiVersion": version, "kind": "Secret"})).type == "Secret"


@pytest.mark.parametrize("minor", fields.MINORS)
def test_every_kind_with_rules_is_one_of_kubernetes(minor: str) -> None:
    resources = api_resources.load().resources
    for known in fields.load(minor).kinds:
        version, kind = known.split()
        assert known in fields.CUSTOM_RESOURCES or resources[version][kind].served(int(minor.split(".")[1]))


@pytest.mark.parametrize(
    ("minor", "step"),
    [("1.37", 7), *(pytest.param(minor, 1, marks=pytest.mark.long) for minor in ("1.31", "1.36"))],
)
def test_what_a_hint_says_is_right_when_it_is_followed(minor: str, step: int) -> None:
    table = api_resources.load()
    kinds = sorted({kind for kinds in table.resources.values() for kind in kinds} | {"Daemonset", "config-map", "Xyz"})
    followed = 0
    for version, kind in islice(product((*table.resources, "apps/v2", "app/v1", "V1"), kinds), 0, None, step):
        found = fault(version, kind, minor)
        if found is None:
            continue
        stated = dict(re.findall(r"`(apiVersion|kind): (.*?)`", found.hint))
        meant = re.fullmatch("did you mean `(.*)`[?]", found.hint)
        if meant and found.path == ("kind",):
            stated["kind"] = meant[1]
        if stated:
            followed += 1
            assert fault(stated.get("apiVersion", version), stated.get("kind", kind), minor) is None, (version, kind)
    assert followed > 1000 // step


@pytest.mark.parametrize("word", ["aple", "appple", "apple.", "bpple", "papple", "paple", "appel", "applf"])
def test_a_slip_is_one_letter_or_two_that_change_places(word: str) -> None:
    assert api_resources._is_a_slip(word, "apple")


@pytest.mark.parametrize("word", ["apple", "ale", "elppa", "apple..", "plape", "aplpey", ""])
def test_no_slip(word: str) -> None:
    assert not api_resources._is_a_slip(word, "apple")
