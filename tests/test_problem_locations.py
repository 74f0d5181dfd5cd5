"""What Kubernetes refuses is shown at the line of the profile that caused it.

Such a line is marked here by a comment, `# <- FIELD`, with the field as the server names it; fields of the pod's spec are
written without `spec.template.spec`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from textwrap import dedent

import pytest

from tests.factories import made

Marks = list[tuple[str, int, str]]


def marked(texts: Mapping[str, str]) -> Marks:
    """Return file, line and field of each mark."""
    return sorted(
        (name, number, field)
        for name, text in texts.items()
        for number, line in enumerate(dedent(text).split("\n"), 1)
        for field in re.findall(r"<- (\S+)", line)
    )


def check(profile: str, files: Mapping[str, str] | None = None, templates: Mapping[str, str] | None = None) -> None:
    texts = {"profile.yaml": profile, **(files or {})}
    texts.update({f"templates/{name}": text for name, text in (templates or {}).items()})
    problems = [problem for problem in made(profile, files, templates).problems if problem.severity == "error"]
    found = [(problem.file, problem.line, problem.field.removeprefix("spec.template.spec.")) for problem in problems]

    assert sorted(found) == marked(texts)


# Short forms and long ones, scalars, keys, maps, lists, and what is not there.
FAULTY = """
name: agent
namespace: Tools                                              # <- metadata.namespace
labels:
  team: infra
  bad label: x                                                # <- metadata.labels
annotations:
  "a/b/c": x                                                  # <- metadata.annotations
podLabels:
  fine: x
  "ok": "not ok!"                                             # <- spec.template.labels
containers:
  agent:
    image: example.com/agent:1.0
    imagePullPolicy: Sometimes                                # <- containers[0].imagePullPolicy
    env:
      GOOD: x
      "BAD=": y                                               # <- containers[0].env[1].name
      NODE: {fieldRef: spec.nodeNam}                          # <- containers[0].env[2].valueFrom.fieldRef.fieldPath
      TOKEN:
        secretKeyRef: agent/"k"                               # <- containers[0].env[3].valueFrom.secretKeyRef.key
    ports:
      metrics: 9100
      far: 70000                                              # <- containers[0].ports[1].containerPort
      other: {containerPort: 1,
              hostPort: -1}                                   # <- containers[0].ports[2].hostPort
    livenessProbe:
      httpGet: metrics/healthz
      periodSeconds: -1                                       # <- containers[0].livenessProbe.periodSeconds
    readinessProbe:
      tcpSocket: nowhere!                                     # <- containers[0].readinessProbe.tcpSocket.port
    resources:
      requests:
        cpu: 2                                                # <- containers[0].resources.requests
      limits:
        cpu: 1
        memory: 1GB                                           # <- containers[0].resources.limits.memory
    securityContext:                                          # <- containers[0].securityContext
      privileged: true
      allowPrivilegeEscalation: false
    mounts:
      /data: {name: data, emptyDir: {},
              subPath: /abs}                                  # <- containers[0].volumeMounts.subPath
      /socket: {hostPath: {path: /x,                           # <- containers[0].volumeMounts[1].name
                           type: Pipe}}                       # <- volumes[1].hostPath.type
  Agent_2: {image: x}                                         # <- containers[1].name
nodes:
  select:
    a: b
    "a b": c                                                  # <- nodeSelector
  tolerate:
    - {key: a, operator: Exists,
       value: b}                                              # <- tolerations[0].operator
    - {key: b,
       effect: Sometimes}                                     # <- tolerations[1].effect
update:
  maxUnavailable: 0                                           # <- spec.updateStrategy.rollingUpdate.maxUnavailable
dnsPolicy: None                                               # <- dnsConfig
restartPolicy: Never                                          # <- restartPolicy
"""


def test_through_the_shipped_template() -> None:
    check(FAULTY)


def test_through_kubernetes_own_forms() -> None:
    check(
        """
        name: agent
        selector:
          matchLabels:
            app: "not ok!"                                    # <- spec.selector.matchLabels # <- spec.template.labels
        containers:
          - name: agent
            image: x
            env:
              - name: A
                value: x
                valueFrom: {fieldRef: {fieldPath: spec.nodeName}}         # <- containers[0].env[0].valueFrom
            ports:
              - containerPort: 0                              # <- containers[0].ports[0].containerPort
            volumeMounts:
              - {name: a,
                 mountPath: /b}
              - {name: a,
                 mountPath: /b}                               # <- containers[0].volumeMounts[1].mountPath
        volumes:
          - name: a
            hostPath: {path: /a}
          - name: B                                           # <- volumes[1].name
            emptyDir: {}
        """
    )


def test_through_two_layers_of_parents() -> None:
    """Each at the layer that brought it in."""
    check(
        """
        name: agent
        extends: ./middle.yaml
        containers:
          agent:
            env:
              B: {fieldRef: y}                                # <- containers[0].env[1].valueFrom.fieldRef.fieldPath
            imagePullPolicy: Never
        """,
        {
            "middle.yaml": """
                extends: sub/base.yaml
                nodes:
                  tolerate+: [{effect: Often, key: x}]        # <- tolerations[1].effect
                containers:
                  agent:
                    ports: {m: 0}                             # <- containers[0].ports[0].containerPort
                    imagePullPolicy: Sometimes
                """,
            "sub/base.yaml": """
                nodes:
                  tolerate: [{effect: Seldom, key: x}]        # <- tolerations[0].effect
                containers:
                  "*":
                    terminationMessagePolicy: Shout           # <- containers[0].terminationMessagePolicy
                  agent:
                    image: x
                    imagePullPolicy: Always
                    env:
                      A: {fieldRef: x}                        # <- containers[0].env[0].valueFrom.fieldRef.fieldPath
                """,
        },
    )


def test_through_a_template_that_moves_renames_and_joins() -> None:
    check(
        """
        name: agent
        values:
          registry: registry.example.com
          level: "Very High"                                  # <- spec.template.labels
          user: -1                                            # <- securityContext.runAsUser
          port: 99999                                         # <- containers[0].ports[0].containerPort
          prefix: "bad prefix"                                # <- metadata.annotations
          volume: Upper                                       # <- volumes[0].name
          grace: 5
        containers: {agent: {image: agent}}
        """,
        templates={
            "daemonset.yaml.j2": """
                apiVersion: apps/v1
                kind: DaemonSet
                metadata:
                  name: {{ metadata.name }}
                  annotations:
                    {{ values.prefix }}/level: high
                spec:
                  selector: {{ selector }}
                  template:
                    metadata:
                      labels:
                        app.kubernetes.io/name: {{ metadata.name }}
                        level: {{ values.level }}-
                    spec:
                      terminationGracePeriodSeconds: {{ values.grace }}
                      securityContext:
                        runAsUser: {{ values.user }}
                      restartPolicy: Never                      # <- restartPolicy
                      containers:
                {% for container in containers %}
                        - name: {{ container.name }}
                          image: {{ values.registry }}/{{ container.image }}
                          ports:
                            - containerPort: {{ values.port }}
                {% endfor %}
                      volumes:
                        - name: {{ values.volume }}
                          emptyDir: {}
                """
        },
    )


def test_through_a_block_of_the_shipped_template() -> None:
    check(
        """
        name: agent
        values: {host: "not ok!"}                             # <- hostname
        containers: {agent: {image: x,
                             tty: true,
                             workingDir: /,
                             imagePullPolicy: Sometimes}}     # <- containers[0].imagePullPolicy
        """,
        templates={
            "daemonset.yaml.j2": """
                {% extends "dsgen/daemonset.yaml.j2" %}
                {% block pod %}
                {{ super() }}
                      hostname: {{ values.host }}
                      dnsPolicy: Sometimes                    # <- dnsPolicy
                {% endblock %}
                """
        },
    )


def test_through_the_manifest() -> None:
    check(
        """
        name: agent
        containers: {agent: {image: x}}
        manifest:
          metadata: {name: Agent}                             # <- metadata.name
          spec:
            template:
              spec:
                containers:
                  - name: agent
                    imagePullPolicy: Sometimes                # <- containers[0].imagePullPolicy
        """
    )


@pytest.mark.parametrize(
    ("profile", "place"),
    [
        pytest.param("ports: {m: 99999}", (1, 12), id="a short form"),
        pytest.param("ports: {m: {containerPort: 99999}}", (1, 28), id="a long form"),
        pytest.param('env: {"A=": x}', (1, 7), id="a key"),
        pytest.param("imagePullPolicy: Sometimes", (1, 18), id="a scalar"),
    ],
)
def test_the_column(profile: str, place: tuple[int, int]) -> None:
    (problem,) = made(f"name: agent\ncontainers:\n  agent:\n    image: x\n    {profile}").problems
    assert (problem.line - 4, problem.column - 4) == place
