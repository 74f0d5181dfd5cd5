"""The same N DaemonSets for both sides: profiles for dsgen, a chart with N values for Helm."""

from __future__ import annotations

from pathlib import Path

PROFILE = """\
name: fluentd-{n}
namespace: kube-system
labels: {{k8s-app: fluentd-logging}}
selector: {{name: fluentd-{n}}}
nodes:
  tolerate: [control-plane, "node-role.kubernetes.io/master:NoSchedule"]
containers:
  fluentd:
    image: fluent/fluentd-kubernetes-daemonset:v1.16-debian-elasticsearch7-1.0
    env:
      FLUENT_ELASTICSEARCH_HOST: elasticsearch-logging.kube-system.svc.cluster.local
      FLUENT_ELASTICSEARCH_PORT: 9200
      NODE_NAME: {{fieldRef: spec.nodeName}}
    resources:
      requests: {{cpu: 100m, memory: 200Mi}}
      limits: {{memory: 200Mi}}
    mounts:
      /var/log: varlog
      /var/lib/docker/containers: varlibdockercontainers:ro
volumes:
  varlog: {{hostPath: /var/log}}
  varlibdockercontainers: {{hostPath: /var/lib/docker/containers}}
terminationGracePeriodSeconds: 30
"""
VALUES = """\
  - name: fluentd-{n}
    namespace: kube-system
    labels: {{k8s-app: fluentd-logging}}
    tolerations:
      - {{key: node-role.kubernetes.io/control-plane, operator: Exists, effect: NoSchedule}}
      - {{key: node-role.kubernetes.io/master, operator: Exists, effect: NoSchedule}}
    image: fluent/fluentd-kubernetes-daemonset:v1.16-debian-elasticsearch7-1.0
    env:
      FLUENT_ELASTICSEARCH_HOST: elasticsearch-logging.kube-system.svc.cluster.local
      FLUENT_ELASTICSEARCH_PORT: "9200"
    resources:
      requests: {{cpu: 100m, memory: 200Mi}}
      limits: {{memory: 200Mi}}
    mounts:
      - {{name: varlog, mountPath: /var/log}}
      - {{name: varlibdockercontainers, mountPath: /var/lib/docker/containers, readOnly: true}}
    volumes:
      - {{name: varlog, hostPath: {{path: /var/log}}}}
      - {{name: varlibdockercontainers, hostPath: {{path: /var/lib/docker/containers}}}}
    terminationGracePeriodSeconds: 30
"""
CHART = """\
{{- range .Values.agents }}
---
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: {{ .name }}
  namespace: {{ .namespace }}
  labels:
    app.kubernetes.io/name: {{ .name }}
    app.kubernetes.io/managed-by: {{ $.Release.Service }}
    {{- with .labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  selector:
    matchLabels:
      name: {{ .name }}
  template:
    metadata:
      labels:
        name: {{ .name }}
    spec:
      {{- with .tolerations }}
      tolerations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: fluentd
          image: {{ .image | quote }}
          env:
            {{- range $name, $value := .env }}
            - name: {{ $name }}
              value: {{ $value | quote }}
            {{- end }}
            - name: NODE_NAME
              valueFrom:
                fieldRef:
                  fieldPath: spec.nodeName
          resources:
            {{- toYaml .resources | nindent 12 }}
          volumeMounts:
            {{- toYaml .mounts | nindent 12 }}
      terminationGracePeriodSeconds: {{ .terminationGracePeriodSeconds }}
      volumes:
        {{- toYaml .volumes | nindent 8 }}
{{- end }}
"""
ENVIRONMENT = """\
overrides:
  fluentd-0:
    labels: {{team: t{n}}}
    containers: {{fluentd: {{image: "example.com/fluentd:{n}"}}}}
"""
OVERLAY = """\
resources: [../../base]
nameSuffix: "-{n}"
labels: [{{pairs: {{team: t{n}}}}}]
images: [{{name: fluent/fluentd-kubernetes-daemonset, newName: example.com/fluentd, newTag: "{n}"}}]
"""


def write(folder: Path, number: int) -> None:
    """Write the inputs of `number` DaemonSets below `folder`: `profiles/` and `chart/`."""
    (folder / "profiles").mkdir(parents=True)
    for n in range(number):
        (folder / "profiles" / f"p{n:06}.yaml").write_text(PROFILE.format(n=n))
    (folder / "dsgen.yaml").write_text("")
    templates = folder / "chart" / "templates"
    templates.mkdir(parents=True)
    (folder / "chart" / "Chart.yaml").write_text("apiVersion: v2\nname: agents\nversion: 0.1.0\n")
    (folder / "chart" / "values.yaml").write_text("agents:\n" + "".join(VALUES.format(n=n) for n in range(number)))
    (templates / "daemonsets.yaml").write_text(CHART)


def write_overlays(folder: Path, number: int, base: str) -> None:
    """Write one DaemonSet for `number` clusters: a profile and `environments/`, and `base/`, whose manifest is `base`, and `overlays/`."""
    (folder / "profiles").mkdir(parents=True)
    (folder / "profiles" / "fluentd.yaml").write_text(PROFILE.format(n=0))
    (folder / "dsgen.yaml").write_text("")
    (folder / "environments").mkdir()
    (folder / "base").mkdir()
    (folder / "base" / "daemonset.yaml").write_text(base)
    (folder / "base" / "kustomization.yaml").write_text("resources: [daemonset.yaml]\n")
    names = [f"c{n:05}" for n in range(number)]
    for n, name in enumerate(names):
        (folder / "environments" / f"{name}.yaml").write_text(ENVIRONMENT.format(n=n))
        (folder / "overlays" / name).mkdir(parents=True)
        (folder / "overlays" / name / "kustomization.yaml").write_text(OVERLAY.format(n=n))
    listed = "".join(f"  - {name}\n" for name in names)
    (folder / "overlays" / "kustomization.yaml").write_text(f"resources:\n{listed}")


CLUSTERS = ("dev", "prod-eu", "prod-us")
AGENT = """\
---
apiVersion: v1
kind: ServiceAccount
metadata: {{name: agent-{n}, namespace: agents}}
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: agent-{n}, namespace: agents}}
data: {{agent.conf: "level: info"}}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {{name: agent-{n}, namespace: agents, labels: {{team: infra}}}}
spec:
  selector: {{matchLabels: {{app: agent-{n}}}}}
  template:
    metadata: {{labels: {{app: agent-{n}}}}}
    spec:
      serviceAccountName: agent-{n}
      tolerations: [{{operator: Exists}}]
      containers:
        - name: agent
          image: {registry}/agent-{n}:v1.{n}
          args: [--quiet, --port={port}]
          env:
            - {{name: CLUSTER, value: {cluster}}}
            - {{name: NODE, valueFrom: {{fieldRef: {{fieldPath: spec.nodeName}}}}}}
          ports: [{{name: metrics, containerPort: {port}}}]
          resources: {{requests: {{cpu: {cpu}m, memory: 64Mi}}, limits: {{memory: 128Mi}}}}
          volumeMounts:
            - {{name: config, mountPath: /etc/agent}}
            - {{name: log, mountPath: /var/log, readOnly: true}}
      volumes:
        - {{name: config, configMap: {{name: agent-{n}}}}}
        - {{name: log, hostPath: {{path: /var/log}}}}
"""


def write_fleet(folder: Path, number: int) -> None:
    """Write the manifests of `number` agents in each cluster, with other registries, variables and requests, and an empty project."""
    (folder / "dsgen.yaml").write_text("")
    for place, cluster in enumerate(CLUSTERS):
        registry = "quay.io/example" if not place else f"mirror-{place}.example.com/example"
        texts = (
            AGENT.format(n=n, cluster=cluster, registry=registry, port=9000 + n, cpu=10 + place * (n % 3))
            for n in range(number)
        )
        (folder / f"{cluster}.yaml").write_text("".join(texts))


NODE = """\
- apiVersion: v1
  kind: Node
  metadata:
    name: node-{n}
    labels: {{kubernetes.io/hostname: node-{n}, kubernetes.io/os: linux, kubernetes.io/arch: amd64, pool: p{pool}}}
  spec: {{{taints}}}
  status:
    allocatable: {{cpu: "8", memory: 32Gi, pods: "110"}}
    conditions: [{{type: Ready, status: "True"}}]
"""


def write_nodes(path: Path, number: int) -> None:
    """Write a list of `number` nodes in twelve pools, a quarter of which have a taint."""
    taint = "taints: [{key: dedicated, value: gpu, effect: NoSchedule}]"
    nodes = (NODE.format(n=n, pool=n % 12, taints=taint if n % 4 == 0 else "") for n in range(number))
    path.write_text(f"apiVersion: v1\nkind: List\nitems:\n{''.join(nodes)}")
