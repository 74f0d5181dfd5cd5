"""What a profile stands for: names and labels, nodes, mounts and their volumes."""

from __future__ import annotations

from textwrap import indent
from typing import Any

import pytest
import yaml

from tests.factories import codes, daemonset, made, pod

AGENT = "containers: {agent: {image: x}}\n"


def read(text: str) -> Any:
    return yaml.safe_load(text)


NAME = "app.kubernetes.io/name: agent"
MANAGED = "app.kubernetes.io/managed-by: dsgen"


@pytest.mark.parametrize(
    ("profile", "labels", "selector", "pod_labels"),
    [
        pytest.param("", f"{{{NAME}, {MANAGED}}}", f"{{{NAME}}}", f"{{{NAME}}}", id="standard"),
        pytest.param("labels: {team: a}", f"{{{NAME}, {MANAGED}, team: a}}", f"{{{NAME}}}", f"{{{NAME}}}", id="labels"),
        pytest.param("podLabels: {t: a}", f"{{{NAME}, {MANAGED}}}", f"{{{NAME}}}", f"{{{NAME}, t: a}}", id="podLabels"),
        pytest.param(
            "labels: {app.kubernetes.io/managed-by: hand}",
            f"{{{NAME}, app.kubernetes.io/managed-by: hand}}", f"{{{NAME}}}", f"{{{NAME}}}", id="labels that are stated win",
        ),
        pytest.param("selector: {app: a}", f"{{{NAME}, {MANAGED}}}", "{app: a}", "{app: a}", id="selector"),
        pytest.param(
            "labels: {app: a, c: d, e: f}\nselector: [app, c]",
            f"{{{NAME}, {MANAGED}, app: a, c: d, e: f}}", "{app: a, c: d}", "{app: a, c: d}", id="selector by names of labels",
        ),
        pytest.param(
            "selector: [app.kubernetes.io/name]", f"{{{NAME}, {MANAGED}}}", f"{{{NAME}}}", f"{{{NAME}}}",
            id="selector by the name of a standard label",
        ),
        pytest.param("standardLabels: false", None, f"{{{NAME}}}", f"{{{NAME}}}", id="no standard labels: still a selector"),
        pytest.param("standardLabels: false\nselector: {app: a}", None, "{app: a}", "{app: a}", id="nothing but the selector"),
        pytest.param(
            "selector: {app: a}\npodLabels: {tier: b}", f"{{{NAME}, {MANAGED}}}", "{app: a}", "{app: a, tier: b}",
            id="selector and podLabels",
        ),
        pytest.param(
            "selector: {matchLabels: {app: a}}", f"{{{NAME}, {MANAGED}}}", "{app: a}", "{app: a}", id="Kubernetes' selector",
        ),
    ],
)  # fmt: skip
def test_labels(profile: str, labels: str | None, selector: str, pod_labels: str) -> None:
    made = daemonset(f"name: agent\n{AGENT}{profile}")
    assert made["metadata"].get("labels") == (labels and read(labels))
    assert made["spec"]["selector"] == {"matchLabels": read(selector)}
    assert made["spec"]["template"]["metadata"].get("labels") == read(pod_labels)


def test_a_selector_by_expressions_leaves_the_labels_to_the_profile() -> None:
    made = daemonset(
        f"name: agent\n{AGENT}podLabels: {{app: a}}\n"
        "selector: {matchExpressions: [{key: app, operator: In, values: [a, b]}]}"
    )
    assert made["spec"]["selector"] == {"matchExpressions": [{"key": "app", "operator": "In", "values": ["a", "b"]}]}
    assert made["spec"]["template"]["metadata"]["labels"] == {"app": "a"}


def test_annotations_of_the_object_and_of_the_pods() -> None:
    made = daemonset(f"name: agent\n{AGENT}annotations: {{a: 1}}\npodAnnotations: {{b: yes}}\nnamespace: tools")
    assert made["metadata"]["annotations"] == {"a": "1"}
    assert made["metadata"]["namespace"] == "tools"
    assert made["spec"]["template"]["metadata"]["annotations"] == {"b": "yes"}


NODES = [
    pytest.param("os: linux", "nodeSelector: {kubernetes.io/os: linux}", id="one operating system"),
    pytest.param("os: linux\narch: amd64\nselect: {a: b}",
                 "nodeSelector: {kubernetes.io/os: linux, kubernetes.io/arch: amd64, a: b}", id="all selectors"),
    pytest.param("os: []", "{}", id="no operating system"),
    pytest.param("os: linux\nselect: {kubernetes.io/os: linux}", "nodeSelector: {kubernetes.io/os: linux}", id="said twice"),
    pytest.param("tolerate: [all]", "tolerations: [{operator: Exists}]", id="tolerate"),
    pytest.param("tolerate: []", "{}", id="nothing tolerated"),
    pytest.param(
        "arch: [amd64, arm64]",
        """
        affinity:
          nodeAffinity:
            requiredDuringSchedulingIgnoredDuringExecution:
              nodeSelectorTerms:
                - matchExpressions: [{key: kubernetes.io/arch, operator: In, values: [amd64, arm64]}]
        """,
        id="several architectures",
    ),
    pytest.param(
        "arch: [amd64, arm64]\nos: [linux, windows]\nrequire: [[a], [b]]",
        """
        affinity:
          nodeAffinity:
            requiredDuringSchedulingIgnoredDuringExecution:
              nodeSelectorTerms:
                - matchExpressions:
                    - {key: kubernetes.io/os, operator: In, values: [linux, windows]}
                    - {key: kubernetes.io/arch, operator: In, values: [amd64, arm64]}
                    - {key: a, operator: Exists}
                - matchExpressions:
                    - {key: kubernetes.io/os, operator: In, values: [linux, windows]}
                    - {key: kubernetes.io/arch, operator: In, values: [amd64, arm64]}
                    - {key: b, operator: Exists}
        """,
        id="several come before what is required, in every alternative",
    ),
    pytest.param(
        "arch: [amd64, arm64]\nrequire: {nodeSelectorTerms: [{matchFields: [{key: metadata.name, operator: In, values: [n]}]}]}",
        """
        affinity:
          nodeAffinity:
            requiredDuringSchedulingIgnoredDuringExecution:
              nodeSelectorTerms:
                - matchExpressions: [{key: kubernetes.io/arch, operator: In, values: [amd64, arm64]}]
                  matchFields: [{key: metadata.name, operator: In, values: [n]}]
        """,
        id="beside fields",
    ),
    pytest.param(
        "prefer: [{weight: 1, require: [a]}]",
        """
        affinity:
          nodeAffinity:
            preferredDuringSchedulingIgnoredDuringExecution:
              - weight: 1
                preference: {matchExpressions: [{key: a, operator: Exists}]}
        """,
        id="preferred",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("nodes", "expected"), NODES)
def test_nodes(nodes: str, expected: str) -> None:
    spec = pod(f"name: agent\n{AGENT}nodes:\n{indent(nodes, '  ')}")
    assert spec == {**read(expected), "containers": [{"name": "agent", "image": "x"}]}


def test_pod_affinity_stands_beside_node_affinity() -> None:
    term = "{topologyKey: zone, labelSelector: {matchLabels: {a: b}}}"
    affinity = f"podAntiAffinity: {{requiredDuringSchedulingIgnoredDuringExecution: [{term}]}}"
    spec = pod(f"name: agent\n{AGENT}nodes: {{require: [a, b]}}\naffinity: {{{affinity}}}")
    assert list(spec["affinity"]) == ["nodeAffinity", "podAntiAffinity"]


class TestMounts:
    """A mount may declare its volume; mounts with the same source share it."""

    def spec(self, mounts: str, rest: str = "") -> Any:
        return pod(f"name: agent\ncontainers:\n  agent:\n    image: x\n    mounts:\n{indent(mounts, '      ')}\n{rest}")

    @pytest.mark.parametrize(
        ("mount", "name", "source"),
        [
            ("/x: {hostPath: /var/log}", "var-log", "hostPath: {path: /var/log}"),
            ("/x: {hostPath: /}", "root", "hostPath: {path: /}"),
            ("/x: {hostPath: /Var/lib//Docker_Data.d/}", "var-lib-docker-data-d", "hostPath: {path: /Var/lib//Docker_Data.d/}"),
            ("/x: {configMap: agent.config}", "agent-config", "configMap: {name: agent.config}"),
            ("/x: {secret: agent-keys}", "agent-keys", "secret: {secretName: agent-keys}"),
            ("/x: {persistentVolumeClaim: cache}", "cache", "persistentVolumeClaim: {claimName: cache}"),
            ("/var/cache: {emptyDir: {}}", "var-cache", "emptyDir: {}"),
            ("/: {emptyDir: {}}", "root", "emptyDir: {}"),
            ("/x: {name: data, hostPath: /y}", "data", "hostPath: {path: /y}"),
            ("/x: {hostPath: {path: /run/a.sock, type: Socket}}", "run-a-sock", "hostPath: {path: /run/a.sock, type: Socket}"),
            ("/x: {projected: {sources: [{configMap: {name: a}}]}}", "x", "projected: {sources: [{configMap: {name: a}}]}"),
        ],
    )  # fmt: skip
    def test_the_volume_is_named_after(self, mount: str, name: str, source: str) -> None:
        spec = self.spec(mount)
        assert spec["volumes"] == [{"name": name, **read(source)}]
        assert spec["containers"][0]["volumeMounts"] == [{"name": name, "mountPath": mount.partition(":")[0]}]

    def test_the_fields_of_a_mount_stay_with_the_mount(self) -> None:
        spec = self.spec("/x: {hostPath: /y, readOnly: true, subPath: z, mountPropagation: HostToContainer}")
        assert spec["volumes"] == [{"name": "y", "hostPath": {"path": "/y"}}]
        assert spec["containers"][0]["volumeMounts"] == [
            {"name": "y", "mountPath": "/x", "readOnly": True, "subPath": "z", "mountPropagation": "HostToContainer"}
        ]

    def test_one_source_is_one_volume(self) -> None:
        spec = self.spec("/a: {hostPath: /y}\n/b: {hostPath: /y, readOnly: true}")
        assert [volume["name"] for volume in spec["volumes"]] == ["y"]
        assert [mount["name"] for mount in spec["containers"][0]["volumeMounts"]] == ["y", "y"]

    def test_a_declared_volume_counts(self) -> None:
        spec = self.spec("/a: {hostPath: /y}", "volumes: {data: {hostPath: /y}}")
        assert spec["volumes"] == [{"name": "data", "hostPath": {"path": "/y"}}]
        assert spec["containers"][0]["volumeMounts"] == [{"name": "data", "mountPath": "/a"}]

    def test_a_volume_that_another_mount_names_counts(self) -> None:
        spec = self.spec("/a: {hostPath: /y}\n/b: {name: data, hostPath: /y}")
        assert [mount["name"] for mount in spec["containers"][0]["volumeMounts"]] == ["data", "data"]
        assert len(spec["volumes"]) == 1

    def test_another_type_is_another_source(self) -> None:
        spec = self.spec("/a: {hostPath: /y}\n/b: {name: d, hostPath: {path: /y, type: Directory}}")
        assert [volume["name"] for volume in spec["volumes"]] == ["y", "d"]

    def test_private_folders_are_shared_only_by_name(self) -> None:
        spec = self.spec(
            "/a: {emptyDir: {}}\n/b: {emptyDir: {}}\n/c: {name: d, emptyDir: {}}\n/e: {name: d, emptyDir: {}}"
        )
        assert [volume["name"] for volume in spec["volumes"]] == ["a", "b", "d"]
        assert [mount["name"] for mount in spec["containers"][0]["volumeMounts"]] == ["a", "b", "d", "d"]

    def test_a_name_alone_refers_to_a_volume_of_another_mount(self) -> None:
        spec = self.spec("/a: data:ro\n/b: {name: data, emptyDir: {}}")
        assert [mount["name"] for mount in spec["containers"][0]["volumeMounts"]] == ["data", "data"]

    def test_order(self) -> None:
        """`volumes`, then by first mount, init containers before containers."""
        spec = pod(
            """
            name: agent
            containers: {agent: {image: x, mounts: {/a: {hostPath: /a}, /z: z, /b: {hostPath: /b}}}}
            initContainers: {setup: {image: x, mounts: {/b: {hostPath: /b}, /c: {hostPath: /c}}}}
            volumes: {z: {emptyDir: {}}, y: {emptyDir: {}}}
            """
        )
        assert [volume["name"] for volume in spec["volumes"]] == ["z", "y", "b", "c", "a"]

    def test_kubernetes_lists(self) -> None:
        spec = pod(
            """
            name: agent
            containers: [{name: agent, image: x, volumeMounts: [{name: a, mountPath: /a}]}]
            volumes: [{name: a, hostPath: {path: /a}}]
            """
        )
        assert spec["volumes"] == [{"name": "a", "hostPath": {"path": "/a"}}]

    def test_one_folder_mounted_twice_in_kubernetes_lists(self) -> None:
        """Which is wrong, but is for the API server's rules to say."""
        text = "name: a\ncontainers: {a: {image: x, mounts: [{name: v, mountPath: /a}, {name: v, mountPath: /a}]}}\nvolumes: {v: {emptyDir: {}}}"
        (problem,) = made(text).problems
        assert problem.field == "spec.template.spec.containers[0].volumeMounts[1].mountPath"

    @pytest.mark.parametrize("length", [63, 64])
    def test_the_limit_of_a_name(self, length: int) -> None:
        text = f"name: a\ncontainers: {{a: {{image: x, mounts: {{/a: {{hostPath: /{'a' * length}}}}}}}}}"
        assert [code for _, _, code in codes(made(text).problems)] == ["invalid-mounted-volume-name"] * (length > 63)

    def test_a_block_device_uses_a_volume(self) -> None:
        text = """
            name: a
            containers: {a: {image: x, volumeDevices: [{name: d, devicePath: /dev/x}]}}
            volumes: {d: {persistentVolumeClaim: c}}
            """
        assert made(text).problems == ()

    def test_a_mount_of_a_lower_layer_brings_its_volume(self) -> None:
        spec = pod(
            "name: agent\nextends: ./b.yaml\ncontainers: {agent: {mounts: {/a: {readOnly: true}}}}",
            {"b.yaml": "containers: {agent: {image: x, mounts: {/a: {hostPath: /y}}}}"},
        )
        assert spec["volumes"] == [{"name": "y", "hostPath": {"path": "/y"}}]
        assert spec["containers"][0]["volumeMounts"] == [{"name": "y", "mountPath": "/a", "readOnly": True}]


def test_env_in_its_order_as_the_list_that_kubernetes_takes() -> None:
    spec = pod("name: a\ncontainers: {a: {image: x, env: {B: 1, A: $(B), C: {fieldRef: spec.nodeName}}}}")
    assert spec["containers"][0]["env"] == [
        {"name": "B", "value": "1"},
        {"name": "A", "value": "$(B)"},
        {"name": "C", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}},
    ]


def test_a_service_account() -> None:
    assert pod(f"name: a\n{AGENT}serviceAccount: b")["serviceAccountName"] == "b"


@pytest.mark.parametrize("empty", ["securityContext: {}", "dnsConfig: {}", "affinity: {}"])
def test_an_empty_object_of_kubernetes_is_written_as_it_stands(empty: str) -> None:
    assert pod(f"name: a\n{AGENT}{empty}")[empty.partition(":")[0]] == {}


@pytest.mark.parametrize(
    "empty", ["resources: {}", "securityContext: {}", "livenessProbe: {exec: {command: [x]}}", "args: []"]
)
def test_and_in_a_container(empty: str) -> None:
    key = empty.partition(":")[0]
    assert pod(f"name: a\ncontainers: {{a: {{image: x, {empty}}}}}")["containers"][0][key] == read(empty)[key]
