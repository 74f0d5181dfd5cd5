"""Every short form beside the long form that it stands for."""

from __future__ import annotations

import pytest

from tests.profile.layers import container, long, nodes

NODES = [
    ("os: linux", "os: [linux]"),
    ("arch: arm64", "arch: [arm64]"),
    ("tolerate: [all]", "tolerate: [{operator: Exists}]"),
    ("tolerate: [all:NoSchedule]", "tolerate: [{operator: Exists, effect: NoSchedule}]"),
    (
        "tolerate: [control-plane]",
        "tolerate: [{key: node-role.kubernetes.io/control-plane, operator: Exists, effect: NoSchedule}]",
    ),
    (
        "tolerate: [control-plane:NoExecute]",
        "tolerate: [{key: node-role.kubernetes.io/control-plane, operator: Exists, effect: NoExecute}]",
    ),
    ("tolerate: [gpu]", "tolerate: [{key: gpu, operator: Exists}]"),
    ("tolerate: [gpu:PreferNoSchedule]", "tolerate: [{key: gpu, operator: Exists, effect: PreferNoSchedule}]"),
    ("tolerate: [a.io/b=c]", "tolerate: [{key: a.io/b, operator: Equal, value: c}]"),
    ("tolerate: [gpu=1:NoExecute]", 'tolerate: [{key: gpu, operator: Equal, value: "1", effect: NoExecute}]'),
    ('tolerate: ["gpu="]', 'tolerate: [{key: gpu, operator: Equal, value: ""}]'),
    ("tolerate: [{key: gpu, effect: NoExecute}]", "tolerate: [{key: gpu, effect: NoExecute}]"),
    ('require: ["zone=a"]', "require: [{matchExpressions: [{key: zone, operator: In, values: [a]}]}]"),
    ('require: ["zone==a"]', "require: [{matchExpressions: [{key: zone, operator: In, values: [a]}]}]"),
    ('require: ["zone = a"]', "require: [{matchExpressions: [{key: zone, operator: In, values: [a]}]}]"),
    ('require: ["zone!=a"]', "require: [{matchExpressions: [{key: zone, operator: NotIn, values: [a]}]}]"),
    ('require: ["zone="]', 'require: [{matchExpressions: [{key: zone, operator: In, values: [""]}]}]'),
    ('require: ["zone in (a, b)"]', "require: [{matchExpressions: [{key: zone, operator: In, values: [a, b]}]}]"),
    ('require: ["zone in (b,a,b)"]', "require: [{matchExpressions: [{key: zone, operator: In, values: [b, a, b]}]}]"),
    ('require: ["zone notin (a)"]', "require: [{matchExpressions: [{key: zone, operator: NotIn, values: [a]}]}]"),
    ('require: ["a.io/n > 8"]', 'require: [{matchExpressions: [{key: a.io/n, operator: Gt, values: ["8"]}]}]'),
    ('require: ["a.io/n<8"]', 'require: [{matchExpressions: [{key: a.io/n, operator: Lt, values: ["8"]}]}]'),
    ("require: [zone]", "require: [{matchExpressions: [{key: zone, operator: Exists}]}]"),
    ('require: ["!zone"]', "require: [{matchExpressions: [{key: zone, operator: DoesNotExist}]}]"),
    ("require: [in]", "require: [{matchExpressions: [{key: in, operator: Exists}]}]"),
    (
        'require: ["zone=a", disk]',
        "require: [{matchExpressions: [{key: zone, operator: In, values: [a]}, {key: disk, operator: Exists}]}]",
    ),
    (
        "require: []",
        "require: {nodeSelectorTerms: []}",
    ),
    (
        'require: [["zone=a"], [disk]]',
        """require: [{matchExpressions: [{key: zone, operator: In, values: [a]}]},
                     {matchExpressions: [{key: disk, operator: Exists}]}]""",
    ),
    (
        "require: {nodeSelectorTerms: [{matchFields: [{key: metadata.name, operator: In, values: [n]}]}]}",
        "require: [{matchFields: [{key: metadata.name, operator: In, values: [n]}]}]",
    ),
    (
        "require: [{key: zone, operator: Exists}]",
        "require: [{matchExpressions: [{key: zone, operator: Exists}]}]",
    ),
    (
        'prefer: [{weight: 10, require: ["zone=a"]}]',
        "prefer: [{weight: 10, preference: {matchExpressions: [{key: zone, operator: In, values: [a]}]}}]",
    ),
]
CONTAINER = [
    ("env: {A: text}", "env: {A: {value: text}}"),
    ("env: {A: 9200}", 'env: {A: {value: "9200"}}'),
    ('env: {A: ""}', 'env: {A: {value: ""}}'),
    ("env: {A: {fieldRef: spec.nodeName}}", "env: {A: {valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}}"),
    ("env: {A: {fieldRef: {fieldPath: b}}}", "env: {A: {valueFrom: {fieldRef: {fieldPath: b}}}}"),
    ("env: {A: {valueFrom: {fieldRef: b}}}", "env: {A: {valueFrom: {fieldRef: {fieldPath: b}}}}"),
    ("env: {A: {resourceFieldRef: limits.cpu}}", "env: {A: {valueFrom: {resourceFieldRef: {resource: limits.cpu}}}}"),
    ("env: {A: {secretKeyRef: n/k}}", "env: {A: {valueFrom: {secretKeyRef: {name: n, key: k}}}}"),
    ("env: {A: {secretKeyRef: n/k/l}}", "env: {A: {valueFrom: {secretKeyRef: {name: n, key: k/l}}}}"),
    ("env: {A: {configMapKeyRef: n/k.y}}", "env: {A: {valueFrom: {configMapKeyRef: {name: n, key: k.y}}}}"),
    (
        "env: {A: {secretKeyRef: {name: n, key: k, optional: true}}}",
        "env: {A: {valueFrom: {secretKeyRef: {name: n, key: k, optional: true}}}}",
    ),
    ("env: [{name: A, value: x}, {name: B, fieldRef: y}]", "env: {A: {value: x}, B: {fieldRef: y}}"),
    ("envFrom: [{configMapRef: a}]", "envFrom: [{configMapRef: {name: a}}]"),
    (
        "envFrom: [{secretRef: a, prefix: P_}, {secretRef: {name: b, optional: true}}]",
        "envFrom: [{secretRef: {name: a}, prefix: P_}, {secretRef: {name: b, optional: true}}]",
    ),
    ("ports: {metrics: 9100}", "ports: {metrics: {containerPort: 9100}}"),
    ("ports: {syslog: 514/UDP}", "ports: {syslog: {containerPort: 514, protocol: UDP}}"),
    ("ports: [{name: a, containerPort: 1, hostPort: 2}]", "ports: {a: {containerPort: 1, hostPort: 2}}"),
    ("mounts: {/a: data}", "mounts: {/a: {name: data}}"),
    ("mounts: {/a: data:ro}", "mounts: {/a: {name: data, readOnly: true}}"),
    ("mounts: {/a: {hostPath: /b}}", "mounts: {/a: {hostPath: {path: /b}}}"),
    ("mounts: {/a: {configMap: b}}", "mounts: {/a: {configMap: {name: b}}}"),
    ("mounts: {/a: {secret: b}}", "mounts: {/a: {secret: {secretName: b}}}"),
    ("mounts: {/a: {persistentVolumeClaim: b}}", "mounts: {/a: {persistentVolumeClaim: {claimName: b}}}"),
    ("mounts: [{name: data, mountPath: /a}]", "mounts: {/a: {name: data}}"),
    ("volumeMounts: {/a: data}", "mounts: {/a: {name: data}}"),
    ("livenessProbe: {httpGet: m/healthz}", "livenessProbe: {httpGet: {port: m, path: /healthz}}"),
    ("livenessProbe: {httpGet: 80/}", "livenessProbe: {httpGet: {port: 80, path: /}}"),
    ("livenessProbe: {httpGet: 80}", "livenessProbe: {httpGet: {port: 80, path: /}}"),
    ("livenessProbe: {httpGet: m/a/b?c=d:e}", 'livenessProbe: {httpGet: {port: m, path: "/a/b?c=d:e"}}'),
    (
        "livenessProbe: {httpGet: 'https://127.0.0.1:9121/livez'}",
        "livenessProbe: {httpGet: {port: 9121, path: /livez, scheme: HTTPS, host: 127.0.0.1}}",
    ),
    (
        "livenessProbe: {httpGet: 'http://localhost:metrics'}",
        "livenessProbe: {httpGet: {port: metrics, path: /, scheme: HTTP, host: localhost}}",
    ),
    (
        "livenessProbe: {httpGet: 'https://[::1]:80/x'}",
        'livenessProbe: {httpGet: {port: 80, path: /x, scheme: HTTPS, host: "::1"}}',
    ),
    (
        "livenessProbe: {httpGet: 'https://:80/x'}",
        "livenessProbe: {httpGet: {port: 80, path: /x, scheme: HTTPS}}",
    ),
    ("readinessProbe: {tcpSocket: metrics}", "readinessProbe: {tcpSocket: {port: metrics}}"),
    ("readinessProbe: {tcpSocket: 80}", "readinessProbe: {tcpSocket: {port: 80}}"),
    ("startupProbe: {grpc: 9000}", "startupProbe: {grpc: {port: 9000}}"),
    ("startupProbe: {exec: [cat, 1]}", 'startupProbe: {exec: {command: [cat, "1"]}}'),
    ("lifecycle: {preStop: {exec: [drain]}}", "lifecycle: {preStop: {exec: {command: [drain]}}}"),
    ("lifecycle: {postStart: {httpGet: 80/up}}", "lifecycle: {postStart: {httpGet: {port: 80, path: /up}}}"),
]
TOP = [
    ("extends: a", "extends: [a]"),
    ("update: OnDelete", "updateStrategy: {type: OnDelete}"),
    (
        "update: {maxUnavailable: 10%}",
        "updateStrategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 10%}}",
    ),
    (
        "update: {maxSurge: 1}",
        "updateStrategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}",
    ),
    ("update: {maxSurge: 0}", "updateStrategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 0}}"),
    (
        "update: {maxSurge: 1, maxUnavailable: 2}",
        "updateStrategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 2}}",
    ),
    ("selector: {app: a}", "selector: {matchLabels: {app: a}}"),
    ("serviceAccount: a", "serviceAccountName: a"),
    ("volumes: {a: {hostPath: /a}}", "volumes: {a: {hostPath: {path: /a}}}"),
    ("volumes: [{name: a, secret: b}]", "volumes: {a: {secret: {secretName: b}}}"),
    ("containers: [{name: a, image: b}]", "containers: {a: {image: b}}"),
]


def pairs(table: list[tuple[str, str]]) -> list[object]:
    return [pytest.param(short, full, id=short) for short, full in table]


@pytest.mark.parametrize(("short", "full"), pairs(NODES))
def test_nodes(short: str, full: str) -> None:
    assert long(nodes(short)) == long(nodes(full))


@pytest.mark.parametrize(("short", "full"), pairs(CONTAINER))
def test_container(short: str, full: str) -> None:
    assert long(container(short)) == long(container(full))


@pytest.mark.parametrize(("short", "full"), pairs(TOP))
def test_top_level(short: str, full: str) -> None:
    assert long(short) == long(full)
