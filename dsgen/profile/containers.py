"""Containers and init containers."""

from __future__ import annotations

from typing import Final

from dsgen.profile.key import Rules, Schema, key, with_appending
from dsgen.profile.tables import types
from dsgen.profile.typed import NAMED

_SPEC: Final = "spec.template.spec.containers[]"
_MOUNTS: Final = "{/host/proc: {hostPath: /proc, readOnly: true}, /etc/agent: config:ro}"

# Every field of Container but its name, which is the key, in output order: the description and an example.
FIELDS: Final[dict[str, tuple[str, str]]] = {
    "image": (
        "The image to run. Required after all layers are merged.",
        "image: quay.io/prometheus/node-exporter:v1.9.1",
    ),
    "imagePullPolicy": (
        "When to pull the image: `Always`, `IfNotPresent` or `Never`.",
        "imagePullPolicy: IfNotPresent",
    ),
    "command": ("The program; overrides the image's entry point.", "command: [/bin/agent]"),
    "args": ("The arguments; overrides the image's.", "args: [--port, 9100]"),
    "workingDir": ("The working directory of the program.", "workingDir: /var/lib/agent"),
    "env": (
        """Environment variables by name: text, or `{fieldRef}`, `{resourceFieldRef}`, `{secretKeyRef: name/key}`, `{configMapKeyRef: name/key}`;
        or Kubernetes' list.""",
        "env: {NODE_NAME: {fieldRef: spec.nodeName}, PORT: 9200}",
    ),
    "envFrom": (
        "Config maps and secrets, all of whose entries become variables.",
        "envFrom: [{configMapRef: agent-env}]",
    ),
    "ports": (
        "Ports by name: a number, `NUMBER/PROTOCOL`, or Kubernetes' fields; or Kubernetes' list.",
        "ports: {metrics: 9100, syslog: 514/UDP}",
    ),
    "resources": (
        "Resource requests and limits of the container.",
        "resources: {requests: {cpu: 100m}, limits: {memory: 64Mi}}",
    ),
    "resizePolicy": (
        "Whether a resize of resources restarts the container.",
        "resizePolicy: [{resourceName: cpu, restartPolicy: NotRequired}]",
    ),
    "livenessProbe": ("When to restart the container.", "livenessProbe: {httpGet: metrics/healthz, periodSeconds: 10}"),
    "readinessProbe": (
        "When the container is ready; a rolling update waits for it.",
        "readinessProbe: {tcpSocket: metrics}",
    ),
    "startupProbe": (
        "When the container has started; the other probes begin after that.",
        "startupProbe: {exec: [cat, /ready]}",
    ),
    "lifecycle": (
        "What to run after the container starts and before it stops.",
        "lifecycle: {preStop: {exec: [/bin/drain]}}",
    ),
    "securityContext": (
        "Privileges, user, capabilities, and seccomp, AppArmor and SELinux options.",
        "securityContext: {privileged: true}",
    ),
    "volumeMounts": ("Kubernetes' name for `mounts`.", f"volumeMounts: {_MOUNTS}"),
    "volumeDevices": ("Block devices from claims.", "volumeDevices: [{name: disk, devicePath: /dev/xvda}]"),
    "restartPolicy": ("`Always` makes an init container a sidecar.", "restartPolicy: Always"),
    "restartPolicyRules": (
        "When to restart the container, by exit code.",
        "restartPolicyRules: [{action: Restart, exitCodes: {operator: In, values: [42]}}]",
    ),
    "terminationMessagePath": (
        "The file with the program's termination message.",
        "terminationMessagePath: /dev/termination-log",
    ),
    "terminationMessagePolicy": (
        "Where the termination message comes from.",
        "terminationMessagePolicy: FallbackToLogsOnError",
    ),
    "stdin": ("Whether to keep standard input open.", "stdin: true"),
    "stdinOnce": ("Whether to close standard input after the first session.", "stdinOnce: true"),
    "tty": ("Whether to allocate a terminal.", "tty: true"),
}


def _container() -> Schema:
    known = types()["Container"]
    schema: Schema = {}
    for name, (description, example) in FIELDS.items():
        notation = known[name]
        if ("Container", name) in NAMED:
            entry = "Mount" if name == "volumeMounts" else notation[1:-1]
            notation = f"<{NAMED['Container', name]}:{entry}>"
        schema[name] = key(description, example, f"{_SPEC}.{name}", kubernetes=notation)
    schema["mounts"] = key(
        """Mounts by path: `VOLUME`, `VOLUME:ro`, or VolumeMount's fields, optionally with a volume source, which
        declares the volume too; or Kubernetes' list.""",
        f"mounts: {_MOUNTS}",
        f"{_SPEC}.volumeMounts",
        means="volumeMounts",
        excludes="volumeMounts",
        kubernetes="<mountPath:Mount>",
    )
    return with_appending(schema)


CONTAINER: Final[Rules] = key(
    "One container.", "agent: {image: example.com/agent:1.0}", _SPEC, type="Container", schema=_container()
)

KEYS: Final[Schema] = {
    "containers": key(
        """Containers by name, in the order of the file; or Kubernetes' list. At least one is required. `"*"` sets defaults for all of them;
        within one layer, the container's own values win.""",
        "containers: {agent: {image: example.com/agent:1.0}}",
        "spec.template.spec.containers",
        named=CONTAINER,
        type="<name:Container>",
    ),
    "initContainers": key(
        "Containers that run before the others, by name; or Kubernetes' list.",
        "initContainers: {setup: {image: busybox:1.36, command: [sh, -c, 'echo 1']}}",
        "spec.template.spec.initContainers",
        named=CONTAINER,
        type="<name:Container>",
    ),
}
