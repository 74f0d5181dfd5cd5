"""What a cluster must provide for objects: each thing that they refer to, and not what they bring along."""

from __future__ import annotations

import pytest

from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.requires import more_requirements, requires
from dsgen.tree import Map

DAEMONSET = """
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: agents}
spec: {template: {spec: {%s}}}
"""
NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: agents}\n"


def found(*manifests: str) -> list[str]:
    """Return what is required, one text each: kind, namespace/name, keys, and `?` where it is optional."""
    objects = []
    for text in (NAMESPACE, *manifests):
        root = read_first(text).root
        assert isinstance(root, Map)
        objects.append(root)
    return [
        f"{each.kind} {each.namespace + '/' if each.namespace else ''}{each.name}"
        + (f" {','.join(each.keys)}" if each.keys else "")
        + ("?" if each.optional else "")
        for each in (required.reference for required in requires(objects))
    ]


def container(fields: str) -> str:
    return f"containers: [{{name: a, {fields}}}]"


@pytest.mark.parametrize(
    ("spec", "wanted"),
    [
        ("containers: []", []),
        ("serviceAccountName: reader", ["ServiceAccount agents/reader"]),
        ("serviceAccountName: default", []),
        ("priorityClassName: high", ["PriorityClass high"]),
        ("priorityClassName: system-node-critical", []),
        ("priorityClassName: system-cluster-critical", []),
        ("runtimeClassName: nvidia", ["RuntimeClass nvidia"]),
        ("imagePullSecrets: [{name: registry}]", ["Secret agents/registry"]),
        (container("env: [{name: A, value: b}]"), []),
        (container("env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}]"), ["Secret agents/s k"]),
        (
            container("env: [{name: A, valueFrom: {configMapKeyRef: {name: c, key: k, optional: true}}}]"),
            ["ConfigMap agents/c k?"],
        ),
        (
            container("envFrom: [{configMapRef: {name: c}}, {secretRef: {name: s, optional: true}}]"),
            ["ConfigMap agents/c", "Secret agents/s?"],
        ),
        (
            container("env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}, {name: B, valueFrom: {secretKeyRef: {name: s, key: l}}}]"),
            ["Secret agents/s k,l"],
        ),
        (
            container("env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}], envFrom: [{secretRef: {name: s, optional: true}}]"),
            ["Secret agents/s k"],
        ),
        (
            container("env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k, optional: true}}}, {name: B, valueFrom: {secretKeyRef: {name: s, key: l}}}]"),
            ["Secret agents/s l"],
        ),
        ("initContainers: [{name: a, envFrom: [{secretRef: {name: s}}]}]", ["Secret agents/s"]),
        ("volumes: [{name: v, secret: {secretName: s, items: [{key: k, path: p}]}}]", ["Secret agents/s k"]),
        ("volumes: [{name: v, configMap: {name: c, optional: true}}]", ["ConfigMap agents/c?"]),
        (
            "volumes: [{name: v, projected: {sources: [{secret: {name: s, items: [{key: k, path: p}]}}, {configMap: {name: c}}]}}]",
            ["ConfigMap agents/c", "Secret agents/s k"],
        ),
        ("volumes: [{name: v, persistentVolumeClaim: {claimName: p}}]", ["PersistentVolumeClaim agents/p"]),
        (
            "volumes: [{name: v, csi: {driver: d.example.com, nodePublishSecretRef: {name: s}}}]",
            ["CSIDriver d.example.com", "Secret agents/s"],
        ),
        ("volumes: [{name: v, cephfs: {monitors: [a], secretRef: {name: s}}}]", ["Secret agents/s"]),
        (
            "volumes: [{name: v, ephemeral: {volumeClaimTemplate: {spec: {storageClassName: fast}}}}]",
            ["StorageClass fast"],
        ),
        (
            "resourceClaims: [{name: a, resourceClaimName: c}, {name: b, resourceClaimTemplateName: t}]",
            ["ResourceClaim agents/c", "ResourceClaimTemplate agents/t"],
        ),
        ("nodeSelector: {disktype: ssd, kubernetes.io/os: linux}", ["NodeLabel disktype=ssd"]),
    ],
)  # fmt: skip
def test_what_a_pod_refers_to(spec: str, wanted: list[str]) -> None:
    assert found(DAEMONSET % spec) == wanted


@pytest.mark.parametrize(
    ("terms", "wanted"),
    [
        ("[{matchExpressions: [{key: a, operator: Exists}, {key: b, operator: DoesNotExist}]}]", ["NodeLabel a"]),
        ("[{matchExpressions: [{key: a, operator: In, values: [b]}]}]", ["NodeLabel a=b"]),
        ("[{matchExpressions: [{key: a, operator: In, values: [b, c]}]}]", ["NodeLabel a in (b, c)"]),
        ("[{matchExpressions: [{key: a, operator: NotIn, values: [b, c]}]}]", []),
        ("[{matchExpressions: [{key: a, operator: Gt, values: ['8']}]}]", ["NodeLabel a > 8"]),
        ("[{matchExpressions: [{key: kubernetes.io/arch, operator: In, values: [amd64]}]}]", []),
        (
            "[{matchExpressions: [{key: a, operator: Exists}, {key: b, operator: Exists}]}, {matchExpressions: [{key: c, operator: Exists}]}]",
            ["NodeLabel a and b or c"],
        ),
        (
            "[{matchExpressions: [{key: a, operator: Exists}]}, {matchExpressions: [{key: c, operator: DoesNotExist}]}]",
            [],
        ),
    ],
)
def test_labels_of_nodes(terms: str, wanted: list[str]) -> None:
    required = f"{{requiredDuringSchedulingIgnoredDuringExecution: {{nodeSelectorTerms: {terms}}}}}"
    assert found(DAEMONSET % f"affinity: {{nodeAffinity: {required}}}") == wanted


def test_what_is_brought_along_is_not_required() -> None:
    config_map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: %s}\n"
    daemonset = DAEMONSET % "volumes: [{name: v, configMap: {name: c}}]"
    assert found(daemonset, config_map % "agents") == []
    assert found(daemonset, config_map % "default") == ["ConfigMap agents/c"]


@pytest.mark.parametrize(("name", "wanted"), [("monitoring", ["Namespace monitoring"]), ("kube-system", [])])
def test_namespaces(name: str, wanted: list[str]) -> None:
    assert found((DAEMONSET % "containers: []").replace("agents", name)) == wanted


def test_custom_resources_need_their_api() -> None:
    monitor = "apiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nmetadata: {name: a, namespace: agents}\n"
    policy = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a, namespace: agents}\n"
    assert found(monitor, policy) == ["API monitoring.coreos.com/v1 PodMonitor"]


def test_what_a_monitor_authenticates_with() -> None:
    tls = "{ca: {configMap: {name: c, key: ca.crt}}, keySecret: {name: s, key: tls.key}}"
    endpoint = f"{{port: a, basicAuth: {{password: {{name: s, key: password}}}}, tlsConfig: {tls}}}"
    monitor = f"apiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nmetadata: {{name: a, namespace: agents}}\nspec: {{podMetricsEndpoints: [{endpoint}], selector: {{matchExpressions: [{{key: a, operator: Exists}}]}}}}\n"
    assert found(monitor) == [
        "API monitoring.coreos.com/v1 PodMonitor",
        "ConfigMap agents/c ca.crt",
        "Secret agents/s password,tls.key",
    ]


def test_where_it_is_referred_to() -> None:
    root = read_first(DAEMONSET % "runtimeClassName: nvidia", "agent.yaml").root
    assert isinstance(root, Map)
    namespace, runtime = (required.reference for required in requires([root]))
    assert str(namespace.origin) == "agent.yaml:4:36"
    assert str(runtime.origin) == "agent.yaml:5:44"


@pytest.mark.parametrize(
    ("role", "wanted"),
    [
        ("{kind: ClusterRole, name: reader}", ["ClusterRole reader"]),
        ("{kind: Role, name: reader}", ["Role agents/reader"]),
        ("{kind: ClusterRole, name: view}", []),
        ("{kind: ClusterRole, name: 'system:node-proxier'}", []),
    ],
)
def test_roles_that_are_bound(role: str, wanted: list[str]) -> None:
    kind = "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding"
    assert found(f"{kind}\nmetadata: {{name: a, namespace: agents}}\nroleRef: {role}\n") == wanted


@pytest.mark.parametrize(
    ("version", "wanted"),
    [
        ("gateway.networking.k8s.io/v1", ["API gateway.networking.k8s.io/v1 Thing"]),
        ("networking.k8s.io/v1", []),
        ("flowcontrol.apiserver.k8s.io/v1", []),
        ("batch/v1", []),
    ],
)
def test_groups_of_others_may_end_in_k8s_io(version: str, wanted: list[str]) -> None:
    assert found(f"apiVersion: {version}\nkind: Thing\nmetadata: {{name: a}}\n") == wanted


def more(*manifests: str) -> list[str]:
    """Return what else is required, in the same way, with the Pod Security level of namespaces."""
    objects = [root for text in manifests if isinstance(root := read_first(text, "agent.yaml").root, Map)]
    return [
        f"{each.reference.kind} {each.reference.name}{'?' if each.reference.optional else ''} {each.level}".strip()
        for each in more_requirements(objects)
    ]


VALID = """
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: agents}
spec:
  selector: {matchLabels: {a: b}}
  template:
    metadata: {labels: {a: b}}
    spec:
      %s
      containers: [{name: a, image: "x:1", terminationMessagePolicy: File%s}]
"""


@pytest.mark.parametrize(
    ("spec", "wanted"),
    [
        ("dnsPolicy: Default", ["Image x:1"]),
        ("initContainers: [{name: i, image: 'y:1'}, {name: j, image: 'x:1'}]", ["Image x:1", "Image y:1"]),
        ("volumes: [{name: v, image: {reference: 'z:1'}}]", ["Image x:1", "Image z:1"]),
        ("tolerations: [{operator: Exists}]", ["Image x:1", "Taint *?"]),
        ("tolerations: [{key: a, operator: Exists, effect: NoExecute}]", ["Image x:1", "Taint a:NoExecute?"]),
        (
            "tolerations: [{key: a, value: b}, {operator: Exists, effect: NoSchedule}]",
            ["Image x:1", "Taint *:NoSchedule?", "Taint a=b?"],
        ),
    ],
)
def test_images_and_taints(spec: str, wanted: list[str]) -> None:
    assert [each for each in more(VALID % (spec, "")) if not each.startswith("Kubernetes")] == wanted


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ("", []),
        (
            ", restartPolicy: Never, restartPolicyRules: [{action: Restart, exitCodes: {operator: In, values: [1]}}]",
            ["Kubernetes 1.35 or later"],
        ),
    ],
)
def test_versions_of_kubernetes(fields: str, wanted: list[str]) -> None:
    assert [each for each in more(VALID % ("dnsPolicy: Default", fields)) if each.startswith("Kubernetes")] == wanted


def test_where_a_version_is_needed() -> None:
    rules = ", restartPolicy: Never,\n        restartPolicyRules: [{action: Restart, exitCodes: {operator: In, values: [1]}}]"
    root = read_first(VALID % ("dnsPolicy: Default", rules), "agent.yaml").root
    assert isinstance(root, Map)
    version = next(each.reference for each in more_requirements([root]) if each.reference.kind == "Kubernetes")
    assert version.origin is not None
    assert (version.origin.file, version.origin.line) == ("agent.yaml", 12)


def test_where_a_version_is_the_last() -> None:
    """Of what no later version accepts, the next one decides: an IP address since 1.36, the name since 1.37."""
    named = read_first(
        "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: a.static.k8s.io}\n",
        "webhooks.yaml",
    ).root
    padded = read_first(VALID % ("hostAliases: [{ip: 010.0.0.1, hostnames: [a]}]", ""), "agent.yaml").root
    assert isinstance(named, Map)
    assert isinstance(padded, Map)
    for objects in ([named, padded], [padded, named]):
        version = next(each.reference for each in more_requirements(objects) if each.reference.kind == "Kubernetes")
        assert version.name == "1.35 or earlier"
        assert version.origin is not None
        assert (version.origin.file, version.origin.line) == ("agent.yaml", 10)


def test_an_object_that_no_version_accepts_needs_none() -> None:
    assert not [each for each in more(VALID % ("dnsPolicy: Wrong", "")) if each.startswith("Kubernetes")]


@pytest.mark.parametrize(
    ("namespace", "wanted"),
    [
        ("namespace: kube-system", ["Namespace kube-system privileged"]),
        ("labels: {}", ["Namespace  privileged"]),
        ("namespace: agents", []),
    ],
)
def test_the_level_of_what_every_cluster_has(namespace: str, wanted: list[str]) -> None:
    text = (VALID % ("hostNetwork: true", "")).replace("namespace: agents", namespace)
    assert [each for each in more(text) if each.startswith("Namespace")] == wanted
