"""The form of each value in a profile: the short form if it means the same, or else Kubernetes' own."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tests.importer.imports import HEAD, daemonset, imports, written

PODS = [
    pytest.param("hostNetwork: true", "", id="a field of the pod"),
    pytest.param("hostNetwork: false\nrestartPolicy: Always\ndnsPolicy: ClusterFirst\nsecurityContext: {}", "", id="defaults"),
    pytest.param("terminationGracePeriodSeconds: 0", "", id="a zero that is not the default"),
    pytest.param("nodeSelector: {kubernetes.io/os: linux, disktype: ssd}", "nodes: {os: linux, select: {disktype: ssd}}\n", id="a selector"),
    pytest.param("tolerations: [{operator: Exists}]", "nodes: {tolerate: [all]}\n", id="all taints"),
    pytest.param("tolerations: [{operator: Exists, effect: NoSchedule}]", 'nodes: {tolerate: [all:NoSchedule]}\n', id="an effect"),
    pytest.param(
        "tolerations: [{key: node-role.kubernetes.io/control-plane, operator: Exists, effect: NoSchedule}]",
        "nodes: {tolerate: [control-plane]}\n", id="the control plane",
    ),
    pytest.param(
        "tolerations: [{key: a, operator: Equal, value: b, effect: NoExecute}, {key: c, operator: Exists}]",
        'nodes: {tolerate: [a=b:NoExecute, c]}\n', id="a value, and every effect",
    ),
    pytest.param("tolerations: [{key: a, value: b}]", "nodes: {tolerate: [{key: a, value: b}]}\n", id="no operator is no short form"),
    pytest.param("tolerations: [{key: all, operator: Exists}]", "nodes: {tolerate: [{key: all, operator: Exists}]}\n", id="a key that is a word"),
    pytest.param("tolerations: [{key: master, operator: Exists}]", "nodes: {tolerate: [{key: master, operator: Exists}]}\n", id="a key like a word"),
    pytest.param(
        "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: ["
        "{key: a, operator: NotIn, values: [b]}, {key: c, operator: DoesNotExist}, {key: d, operator: Gt, values: ['8']}]}]}}}",
        'nodes: {require: [a!=b, "!c", "d > 8"]}\n', id="requirements",
    ),
    pytest.param(
        "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: ["
        "{matchExpressions: [{key: a, operator: Exists}]}, {matchExpressions: [{key: b, operator: Exists}]}]}}}",
        "nodes:\n  require:\n    - [a]\n    - [b]\n", id="alternatives",
    ),
    pytest.param(
        "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: ["
        "{matchFields: [{key: metadata.name, operator: In, values: [m]}]}]}}}",
        "nodes:\n  require:\n    nodeSelectorTerms: [{matchFields: [metadata.name=m]}]\n", id="fields of nodes",
    ),
    pytest.param(
        "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: ["
        "{key: kubernetes.io/arch, operator: In, values: [amd64, arm64]}]}]}}}",
        "nodes: {arch: [amd64, arm64]}\n", id="architectures",
    ),
    pytest.param(
        "nodeSelector: {kubernetes.io/os: linux, kubernetes.io/arch: x86_64}", "nodes: {os: linux, select: {kubernetes.io/arch: x86_64}}\n",
        id="a value that no kubelet sets",
    ),
    pytest.param(
        "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: ["
        "{key: kubernetes.io/arch, operator: In, values: [amd64, aarch64]}]}]}}}",
        'nodes: {require: ["kubernetes.io/arch in (amd64, aarch64)"]}\n', id="values of which no kubelet sets one",
    ),
    pytest.param(
        "affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, preference: "
        "{matchExpressions: [{key: a, operator: Exists}]}}]}}",
        "nodes:\n  prefer: [{weight: 1, require: [a]}]\n", id="a preference",
    ),
]  # fmt: skip


# What the server tells from nothing, though it is empty: without it, every pod would be replaced.
CLAIMED = "volumes: [{name: a, csi: {driver: x.y, %s}}]"
EMPTY = [
    pytest.param("affinity: {}", "affinity: {}\n", id="affinity"),
    pytest.param("affinity: {podAffinity: {}}", "affinity: {podAffinity: {}}\n", id="pod affinity"),
    pytest.param("affinity: {nodeAffinity: {}}", "manifest:\n  spec:\n    template: {spec: {affinity: {nodeAffinity: {}}}}\n", id="node affinity"),
    pytest.param("resources: {}", "resources: {}\n", id="resources of the pod"),
    pytest.param("dnsConfig: {}", "dnsConfig: {}\n", id="DNS"),
    pytest.param('dnsConfig: {options: [{name: a, value: ""}]}', 'dnsConfig: {options: [{name: a, value: ""}]}\n', id="the value of an option"),
    pytest.param(CLAIMED % 'fsType: ""', "volumes:\n  a: {csi: {driver: x.y, fsType: \"\"}}\n", id="a file system"),
    pytest.param(CLAIMED % "readOnly: false", "volumes:\n  a: {csi: {driver: x.y, readOnly: false}}\n", id="whether a driver may write"),
]  # fmt: skip


@pytest.mark.parametrize(("pod", "expected"), EMPTY)
def test_empty_values_that_matter_are_kept(pod: str, expected: str) -> None:
    assert written(pod=pod) == f"{HEAD}containers:\n  agent: {{image: x}}\n{expected}"


@pytest.mark.parametrize("stated", ["uid: a", "generation: 3", "resourceVersion: abc", "creationTimestamp: 2026-01-01T00:00:00Z"])  # fmt: skip
def test_server_fields_are_kept_in_the_pod_template(stated: str) -> None:
    """In a pod template, the server does not write these fields, and they are part of the pods."""
    text = daemonset().replace("labels: {app: agent}\n    spec", f"labels: {{app: agent}}\n      {stated}\n    spec")
    outcome = imports(text)
    assert outcome.imported[0].same
    assert f"metadata: {{{stated}}}" in outcome.text


@pytest.mark.parametrize(("pod", "expected"), PODS)
def test_a_pod(pod: str, expected: str) -> None:
    text = written(pod=pod)
    tail = "containers:\n  agent: {image: x}\n"
    assert text.startswith(HEAD + expected + tail)


@pytest.mark.parametrize("name", ["true", "no", "on"])
def test_names_that_look_like_booleans(name: str) -> None:
    text = written(metadata=f"namespace: '{name}'", pod=f"serviceAccountName: '{name}'")
    shown = name if name == "true" else f'"{name}"'
    assert f"namespace: {{name: {shown}}}\n" in text
    assert f"serviceAccount: {{name: {shown}}}\n" in text


CONTAINERS = [
    pytest.param("env: [{name: A, value: 'yes'}, {name: B, value: '1.10'}]", "env:\n  A: \"yes\"\n  B: 1.10", id="text that looks like other things"),
    pytest.param("env: [{name: A}, {name: B, value: 'null'}, {name: C, value: ' x'}]", 'env:\n  A: ""\n  B: "null"\n  C: " x"', id="text that needs quotes"),
    pytest.param("env: [{name: A, value: 'a: b'}, {name: B, value: '\\d \"x\"'}]", "env:\n  A: \"a: b\"\n  B: \\d \"x\"", id="a colon, a backslash"),
    pytest.param("env: [{name: A, valueFrom: {fieldRef: {apiVersion: v1, fieldPath: spec.nodeName}}}]", "env: {A: {fieldRef: spec.nodeName}}", id="a field"),
    pytest.param("env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}]", "env: {A: {secretKeyRef: s/k}}", id="a secret's key"),
    pytest.param(
        "env: [{name: A, valueFrom: {configMapKeyRef: {name: s, key: k, optional: true}}}]",
        "env:\n  A: {configMapKeyRef: {name: s, key: k, optional: true}}", id="a key that may be missing",
    ),
    pytest.param("env: [{name: A, value: a}, {name: A, value: b}]", "env:\n  - {name: A, value: a}\n  - {name: A, value: b}", id="a duplicate name"),
    pytest.param("envFrom: [{configMapRef: {name: a, optional: true}}]", "envFrom: [{configMapRef: a, optional: true}]", id="all of a config map"),
    pytest.param("ports: [{name: a, containerPort: 80, protocol: TCP}, {name: b, containerPort: 53, protocol: UDP}]", "ports: {a: 80, b: 53/UDP}", id="ports"),
    pytest.param("ports: [{containerPort: 80}, {containerPort: 53, protocol: UDP}]", "ports: [80, 53/UDP]", id="ports without names"),
    pytest.param("ports: [{name: a, containerPort: 53, protocol: UDP}, {name: b, containerPort: 53}]", "ports: {a: 53/UDP, b: 53}", id="a number with two protocols"),
    pytest.param(
        "ports: [{name: a, containerPort: 80}, {containerPort: 81, hostPort: 81}]",
        "ports:\n  - {name: a, containerPort: 80}\n  - {containerPort: 81, hostPort: 81}", id="a port with a name and one without",
    ),
    pytest.param("livenessProbe: {httpGet: {path: /healthz, port: 80, scheme: HTTP}, periodSeconds: 10}", "livenessProbe: {httpGet: 80/healthz}", id="a request"),
    pytest.param(
        "livenessProbe: {httpGet: {host: 127.0.0.1, path: /x, port: 80, scheme: HTTPS}}",
        "livenessProbe: {httpGet: https://127.0.0.1:80/x}", id="a host",
    ),
    pytest.param(
        "livenessProbe: {httpGet: {path: /x, port: 80, scheme: HTTPS}}",
        "livenessProbe: {httpGet: {path: /x, port: 80, scheme: HTTPS}}", id="a scheme without a host",
    ),
    pytest.param("livenessProbe: {httpGet: {port: 80, path: x}}", "livenessProbe: {path: x, port: 80}", id="a path without a slash"),
    pytest.param("livenessProbe: {exec: {command: [a, b c]}}", 'livenessProbe: {exec: [a, "b c"]}', id="a command"),
    pytest.param("readinessProbe: {tcpSocket: {port: 80}, initialDelaySeconds: 0}", "readinessProbe: {tcpSocket: 80}", id="a socket"),
    pytest.param("resources: {limits: {cpu: 0.1, memory: 1e3}}", "resources: {limits: {cpu: 0.1, memory: 1000}}", id="numbers for quantities"),
    pytest.param("resources: {}\nimagePullPolicy: Always", "", id="defaults"),
    pytest.param("args: [--a=b:80, http://x:80/y, 'c:', ':80', a b]", 'args: [--a=b:80, http://x:80/y, "c:", ":80", "a b"]', id="colons in a list"),
    pytest.param("securityContext: {}", "securityContext: {}", id="an empty object that is not unset"),
    pytest.param('args: ["a\\n\\n  b\\n", c]', "args:\n  - |\n    a\n\n      b\n  - c", id="text of several lines"),
    pytest.param('args: [" a\\nb"]', "args:\n  - |2-\n     a\n    b", id="text that begins with a blank"),
    pytest.param('args: ["a \\n\\tb"]', "args:\n  - |-\n    a\x20\n    \tb", id="blanks at the end, a tab at the beginning"),
]  # fmt: skip


@pytest.mark.parametrize(("container", "expected"), CONTAINERS)
def test_a_container(container: str, expected: str) -> None:
    text = written(container=container)
    body = "".join(f"    {line}\n" if line else "\n" for line in expected.split("\n")) if expected else ""
    assert text == HEAD + (
        "containers:\n  agent:\n    image: x\n" + body if body else "containers:\n  agent: {image: x}\n"
    )


def test_string_port_stays_a_string() -> None:
    text = imports(daemonset(container="livenessProbe: {httpGet: {path: /, port: '80'}}")).text
    assert 'livenessProbe: {httpGet: {port: "80"}}' in text


def test_container_begins_with_what_it_runs() -> None:
    text = written(
        container="workingDir: /w\nargs: [b]\nports: [{name: a, containerPort: 1}]\nimagePullPolicy: Never\ncommand: [a]\ntty: true"
    )
    assert text.endswith(
        "    image: x\n    imagePullPolicy: Never\n    command: [a]\n    args: [b]\n    workingDir: /w\n    ports: {a: 1}\n    tty: true\n"
    )


ALPHABETICAL = """\
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      containers:
        - args: [a]
          image: x
          livenessProbe: {exec: {command: [b]}}
          name: agent
          ports: [{name: a, containerPort: 1}]
          readinessProbe: {exec: {command: [b]}}
          resources: {limits: {cpu: 1}}
      dnsPolicy: Default
      hostNetwork: true
      hostPID: true
"""


def test_alphabetical_keys_get_the_order_of_the_language() -> None:
    text = imports(ALPHABETICAL).text
    assert text.endswith(
        "    image: x\n    args: [a]\n    ports: {a: 1}\n    resources: {limits: {cpu: 1}}\n    livenessProbe: {exec: [b]}\n"
        "    readinessProbe: {exec: [b]}\nhostNetwork: true\nhostPID: true\ndnsPolicy: Default\n"
    )


def test_keys_have_the_order_of_the_language() -> None:
    text = written(
        "hostPID: true\nhostNetwork: true", "ports: [{name: a, containerPort: 1}]\nenv: [{name: A, value: b}]"
    )
    assert text.endswith("    image: x\n    env: {A: b}\n    ports: {a: 1}\nhostNetwork: true\nhostPID: true\n")


@pytest.mark.parametrize(("image", "kept"), [("FILLED IN LATER", True), ("$(IMAGE)", True), ("busybox:1", False)])
def test_pull_policy_of_an_image_placeholder(image: str, kept: bool) -> None:
    given = daemonset(container="imagePullPolicy: IfNotPresent").replace("image: x", f"image: {image}")
    assert ("imagePullPolicy: IfNotPresent" in imports(given).text) is kept


SPECS = [
    pytest.param("updateStrategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 1, maxSurge: 0}}\nrevisionHistoryLimit: 10", "", id="defaults"),
    pytest.param("updateStrategy: {rollingUpdate: {maxUnavailable: 10%}}", "update: {maxUnavailable: 10%}\n", id="unavailable"),
    pytest.param("updateStrategy: {rollingUpdate: {maxUnavailable: 0, maxSurge: 1}}", "update: {maxSurge: 1}\n", id="surge"),
    pytest.param("updateStrategy: {type: OnDelete}", "update: OnDelete\n", id="by hand"),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "expected"), SPECS)
def test_a_spec(spec: str, expected: str) -> None:
    assert written(spec=spec) == HEAD + expected + "containers:\n  agent: {image: x}\n"


VOLUMES = """
    volumes:
      - {name: log, hostPath: {path: /log, type: ""}}
      - {name: conf, configMap: {name: a, defaultMode: 0644}}
      - {name: keys, secret: {secretName: b, defaultMode: 0400}}
"""


def test_volumes_are_declared_at_their_mounts() -> None:
    text = written(
        VOLUMES,
        "volumeMounts: [{name: log, mountPath: /log}, {name: conf, mountPath: /c, readOnly: true}, {name: keys, mountPath: /k}]",
    )
    assert text.endswith(
        dedent("""\
            containers:
              agent:
                image: x
                mounts:
                  /log: {hostPath: /log}
                  /c: {name: conf, configMap: a, readOnly: true}
                  /k: {name: keys, secret: {secretName: b, defaultMode: 0400}}
            """)
    )


def test_volumes_stay_in_the_list_if_their_order_would_change() -> None:
    text = written(
        VOLUMES,
        "volumeMounts: [{name: conf, mountPath: /c, readOnly: true}, {name: log, mountPath: /log}, {name: keys, mountPath: /k}]",
    )
    assert text.endswith(
        dedent("""\
                mounts:
                  /c: conf:ro
                  /log: log
                  /k: keys
            volumes:
              log: {hostPath: /log}
              conf: {configMap: a}
              keys: {secret: {secretName: b, defaultMode: 0400}}
            """).replace("\n      ", "\n      ")
    )


def test_volumes_stay_in_the_list_if_one_is_not_mounted() -> None:
    text = written(VOLUMES, "volumeMounts: [{name: conf, mountPath: /c}, {name: keys, mountPath: /k, subPath: x}]")
    assert "      /c: conf\n" in text
    assert "volumes:\n  log: {hostPath: /log}\n  conf: {configMap: a}\n" in text


MOUNTS = "volumeMounts: [{name: log, mountPath: /log}, {name: conf, mountPath: /c}, {name: keys, mountPath: /k}]"


@pytest.mark.parametrize("shared", ["conf", "keys"])
def test_volumes_stay_in_the_list_if_containers_share_one(shared: str) -> None:
    """One of these needs its name, and the other one has a source of more than one word."""
    other = f"        - {{name: other, image: y, volumeMounts: [{{name: {shared}, mountPath: /l}}]}}\n"
    text = imports(daemonset(VOLUMES, MOUNTS) + other).text
    assert "      /log: log\n      /c: conf\n      /k: keys\n" in text
    assert "volumes:\n  log: {hostPath: /log}\n  conf: {configMap: a}\n" in text


def test_shared_volume_of_one_word_is_declared_in_each_container() -> None:
    other = "        - {name: other, image: y, volumeMounts: [{name: log, mountPath: /l}]}\n"
    text = imports(daemonset(VOLUMES, MOUNTS) + other).text
    assert text.count("{hostPath: /log}") == 2
    assert "volumes:" not in text


def test_two_mounts_of_one_path_stay_in_a_list() -> None:
    mounts = "volumeMounts: [{name: log, mountPath: /a}, {name: conf, mountPath: /a}, {name: keys, mountPath: /k}]"
    text = imports(daemonset(VOLUMES, mounts)).text
    assert "    mounts:\n      - {name: log, mountPath: /a}\n      - {name: conf, mountPath: /a}\n" in text


def test_empty_dir_is_never_shared() -> None:
    pod = "volumes: [{name: a, emptyDir: {}}, {name: b, emptyDir: {}}]"
    text = written(pod, "volumeMounts: [{name: a, mountPath: /a}, {name: b, mountPath: /b}, {name: b, mountPath: /c}]")
    assert "/a: {name: a, emptyDir: {}}\n      /b: {name: b, emptyDir: {}}\n      /c: b\n" in text


def test_fields_without_a_short_form_are_kept() -> None:
    text = imports(
        """
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: agent, labels: {app: agent, tier: node}, finalizers: [example.com/x]}
        spec:
          selector: {matchLabels: {app: agent}, matchExpressions: [{key: tier, operator: Exists}]}
          template:
            metadata: {name: agent, labels: {app: agent, tier: node}}
            spec: {containers: [{name: agent, image: x}]}
        """
    ).text
    assert text == dedent("""\
        name: agent
        labels: {app: agent, tier: node}
        standardLabels: false
        selector: {matchLabels: {app: agent}, matchExpressions: [{key: tier, operator: Exists}]}
        podLabels: {tier: node}
        containers:
          agent: {image: x}
        manifest:
          metadata: {finalizers: [example.com/x]}
          spec: {template: {metadata: {name: agent}}}
        """)


def test_selector_lists_names_of_shared_labels() -> None:
    text = written(metadata="labels: {app: agent, team: infra}")
    assert text.startswith("name: agent\nlabels: {app: agent, team: infra}\nstandardLabels: false\nselector: [app]\n")


def test_service_account_is_after_the_pod() -> None:
    text = written("hostPID: true\nserviceAccountName: agent\nhostNetwork: true")
    assert text.endswith("hostNetwork: true\nhostPID: true\nserviceAccount: agent\n")


@pytest.mark.parametrize(
    ("labels", "needed"),
    [
        pytest.param("app.kubernetes.io/name: x, app.kubernetes.io/managed-by: Helm", False, id="both"),
        pytest.param("app.kubernetes.io/name: x", True, id="one"),
    ],
)
def test_standard_labels_that_the_manifest_sets(labels: str, needed: bool) -> None:
    text = written(metadata=f"labels: {{app: agent, {labels}}}")
    assert ("standardLabels: false" in text) == needed


def test_a_long_requirement_keeps_a_list_of_its_values() -> None:
    """A value more is then one line of a diff, not a change of a line of two thousand characters."""
    values = ", ".join(f"family{number}.large" for number in range(40))
    affinity = (
        "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: "
        f"[{{key: type, operator: In, values: [{values}]}}, {{key: gpu, operator: DoesNotExist}}]}}]}}}}}}"
    )
    text = written(affinity)
    assert "  require:\n    - key: type\n      operator: In\n      values:\n        - family0.large\n" in text
    assert '    - "!gpu"\n' in text
    assert max(map(len, text.splitlines())) < 100


def test_words_that_others_read_as_booleans_keep_their_quotes() -> None:
    text = written(
        pod="nodeSelector: {gpu: 'on'}", container="env: [{name: A, value: 'off'}, {name: B, value: 'true'}]"
    )
    assert 'nodes: {select: {gpu: "on"}}\n' in text
    assert 'A: "off"\n      B: true\n' in text


def test_a_port_is_beside_its_path() -> None:
    text = written(
        container="livenessProbe: {httpGet: {httpHeaders: [{name: a, value: b}], path: /x, port: 80, scheme: HTTPS}}"
    )
    assert "httpGet: {path: /x, port: 80, httpHeaders: [{name: a, value: b}], scheme: HTTPS}\n" in text


def test_words_over_several_lines_are_folded() -> None:
    words = (
        "set -e; while true; do echo something that is so long that no line of a profile has room for all of it; done"
    )
    halves = words.replace("; do ", ";\n    do ")
    text = written(container=f"command:\n  - sh\n  - -c\n  - {halves}")
    assert (
        "      - >-\n        set -e; while true; do echo something that is so long that no line of a profile has room for\n"
        "        all of it; done\n"
    ) in text
    # What was one line, or has blanks that folding would lose, stays on one.
    for line in (words, words.replace("echo ", "echo  ")):
        quoted = "'" + line.replace("; do ", ";\n    do ") + "'" if "  " in line else line
        assert ">-" not in written(container=f"command:\n  - sh\n  - -c\n  - {quoted}")
