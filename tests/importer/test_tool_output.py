"""Manifests as tools print them."""

from __future__ import annotations

import json

from tests.importer.imports import HEAD, daemonset, imports

FROM_A_CLUSTER = """\
apiVersion: v1
items:
- apiVersion: apps/v1
  kind: DaemonSet
  metadata:
    annotations:
      deprecated.daemonset.template.generation: "3"
      kubectl.kubernetes.io/last-applied-configuration: |
        {"apiVersion":"apps/v1","kind":"DaemonSet"}
    creationTimestamp: "2026-01-31T12:00:00Z"
    generation: 3
    managedFields:
    - apiVersion: apps/v1
      fieldsType: FieldsV1
      fieldsV1: {"f:spec": {}}
      manager: kubectl
      operation: Update
    name: agent
    namespace: default
    resourceVersion: "12345"
    uid: 3f1b0a0e-0000-4000-8000-000000000000
  spec:
    revisionHistoryLimit: 10
    selector:
      matchLabels:
        app: agent
    template:
      metadata:
        annotations:
          kubectl.kubernetes.io/restartedAt: "2026-02-01T08:00:00Z"
        creationTimestamp: null
        labels:
          app: agent
      spec:
        containers:
        - env:
          - name: NODE
            valueFrom:
              fieldRef:
                apiVersion: v1
                fieldPath: spec.nodeName
          image: example.com/agent:1.0
          imagePullPolicy: IfNotPresent
          name: agent
          resources: {}
          terminationMessagePath: /dev/termination-log
          terminationMessagePolicy: File
        dnsPolicy: ClusterFirst
        restartPolicy: Always
        schedulerName: default-scheduler
        securityContext: {}
        serviceAccount: agent
        serviceAccountName: agent
        terminationGracePeriodSeconds: 30
    updateStrategy:
      rollingUpdate:
        maxSurge: 0
        maxUnavailable: 1
      type: RollingUpdate
  status:
    currentNumberScheduled: 1
    desiredNumberScheduled: 1
    numberMisscheduled: 0
    numberReady: 1
kind: List
metadata:
  resourceVersion: ""
"""


def test_from_a_cluster() -> None:
    outcome = imports(FROM_A_CLUSTER)
    assert outcome.problems == []
    assert outcome.imported[0].same
    assert outcome.text == (
        "name: agent\nnamespace: default\nstandardLabels: false\nselector: {app: agent}\n"
        "podAnnotations: {kubectl.kubernetes.io/restartedAt: 2026-02-01T08:00:00Z}\n"
        "containers:\n  agent:\n    image: example.com/agent:1.0\n    env: {NODE: {fieldRef: spec.nodeName}}\n"
        "serviceAccount: agent\n"
    )


def test_from_helm() -> None:
    text = "---\n# Source: chart/templates/sa.yaml\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: other}\n---\n# Source: chart/templates/ds.yaml\n"
    outcome = imports(text + daemonset("hostPID: true"))
    assert outcome.text == HEAD + "containers:\n  agent: {image: x}\nhostPID: true\n"
    assert [problem.code for problem in outcome.problems] == ["unimported-object"]


def test_json() -> None:
    given = {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": "agent"},
        "spec": {
            "selector": {"matchLabels": {"app": "agent"}},
            "template": {
                "metadata": {"labels": {"app": "agent"}},
                "spec": {"containers": [{"name": "agent", "image": "x", "args": ["a # b", "é"]}]},
            },
        },
    }
    expected = HEAD + 'containers:\n  agent:\n    image: x\n    args: ["a # b", é]\n'
    assert imports(json.dumps(given)).text == expected
    assert imports(json.dumps(given, indent=2)).text == expected


def test_anchors_are_written_out() -> None:
    setup = (
        "      initContainers:\n        - {name: setup, image: x, env: &e [{name: A, value: b}]}\n      containers:\n"
    )
    outcome = imports(daemonset(container="env: *e").replace("      containers:\n", setup))
    assert outcome.imported[0].same
    assert outcome.text.count("A: b") == 2
