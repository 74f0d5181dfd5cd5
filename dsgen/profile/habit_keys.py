"""Keys that people guess for what a profile, a container, a mount or an environment says in another way."""

from __future__ import annotations

from typing import Final

from dsgen.profile.tables import fields_of
from dsgen.tree import Path, Text

_PROBE: Final = "write `livenessProbe: …`, `readinessProbe: …` or `startupProbe: …`"
_SIDECAR: Final = "write `restartPolicy: Always` for a container under `initContainers`"
_DEVICE: Final = (
    "mount it, as in `mounts: {/dev/fuse: {hostPath: /dev/fuse}}`, with `securityContext: {privileged: true}`"
)
_OF_CONTAINER: Final = {
    **dict.fromkeys(("probe", "healthcheck", "healthCheck"), _PROBE),
    **dict.fromkeys(
        ("probes", "healthChecks"), "each probe has its own key: `livenessProbe`, `readinessProbe`, `startupProbe`"
    ),
    **dict.fromkeys(("sidecar", "isSidecar"), _SIDECAR),
    **dict.fromkeys(("device", "devices"), _DEVICE),
}
_OF_PORT: Final = dict.fromkeys(("port", "number", "targetPort"), "write `containerPort: …`")
_OF_PROBE: Final = {
    **dict.fromkeys(("tcp", "tcpsocket"), "write `tcpSocket: …`"),
    **dict.fromkeys(("get", "http", "url", "httpget"), "write `httpGet: …`"),
}
_OF_VARIANT: Final = dict.fromkeys(("default", "others", "otherwise", "fallback"), "write `nodes: {rest: true}`")
_OF_ENVIRONMENT: Final = {
    **dict.fromkeys(("default", "defaults", "common", "global", "globals", "*"), "write `all: …`"),
    **dict.fromkeys(("version", "k8s", "k8sVersion"), "write `kubernetes: …`"),
    **dict.fromkeys(("exclude", "skip", "disable", "disabled"), "write `profiles: [\"!NAME\"]`, with the profiles to leave out"),
    **dict.fromkeys(("include", "enable", "enabled", "agents"), "write `profiles: [NAME]`, with the profiles to use"),
    **dict.fromkeys(
        ("extends", "base", "parent", "from"),
        "environments have no parents: put what several share into the profile, or into `all` of each",
    ),
}  # fmt: skip
# What generates an object without `create`, and what it needs.
_MADE: Final = {"service": "ports: [NAME]", "podMonitor": "port: NAME", "networkPolicy": "ingress: […]", "priorityClass": "value: NUMBER"}  # fmt: skip
_NOT_NODES: Final = ("exclude", "not", "avoid", "except", "deny")


def hint_for_habit(path: Path, value: object, is_environment: bool) -> str:
    """Return what to write instead of the unknown or misplaced key at the end of `path`, or an empty string."""
    key = str(path[-1]) if path else ""
    above = path[-2] if len(path) > 1 else ""
    group = path[-3] if len(path) > 2 else ""
    if is_environment and len(path) == 1:
        return _OF_ENVIRONMENT.get(key, "")
    if group in ("containers", "initContainers"):
        return _OF_CONTAINER.get(key) or _within(key, "Container")
    if group == "mounts" or group == "volumeMounts":
        return _of_mount(above, key, value)
    if group == "volumes":
        return _of_volume(key, value)
    if group == "ports" and key in _OF_PORT and not isinstance(above, int):
        return _OF_PORT[key]
    if group == "ports" and isinstance(above, int) and isinstance(value, Text) and value.partition("/")[0].isdecimal():
        return f"write a map instead of the list: `{{{key}: {value}}}`"
    if group == "variants":
        return _OF_VARIANT.get(key, "")
    if above in _MADE and key in ("create", "enabled", "enable"):
        return f"write `{_MADE[str(above)]}`; it is generated without `{key}`"
    if above == "service" and key == "port":
        return "write `ports: [NAME]`, with the name of a container's port"
    if above == "hostPath" and key in ("create", "mkdir"):
        return "write `type: DirectoryOrCreate`"
    if str(above).endswith("Probe"):
        return _OF_PROBE.get(key, "")
    return _within(key, "PodSpec") if len(path) == 1 else ""


def hint_for_label(path: Path, value: object) -> str:
    """Return what to write instead of an unknown key of `nodes`, which may be a label."""
    if len(path) < 2 or path[-2] != "nodes":
        return ""
    key = str(path[-1])
    if key in _NOT_NODES:
        return 'write `require: ["KEY!=VALUE"]`, or `"!KEY"` for nodes without the label'
    if key in ("pool", "pools", "nodePool", "nodePools", "nodeGroup"):
        return "write `select: {LABEL: VALUE}`, with the label that the nodes of the pool have"
    return f"if this is a label of the nodes, write `select: {{{key}: {value}}}`" if isinstance(value, Text) else ""


def _within(key: str, type: str) -> str:
    """Return the place of a field within the map of a container or a pod that it belongs to, or an empty string."""
    context = "SecurityContext" if type == "Container" else "PodSecurityContext"
    if key in fields_of(context) and key not in fields_of(type):
        return f"write `securityContext: {{{key}: …}}`"
    if type == "Container" and key in ("limits", "requests"):
        return f"write `resources: {{{key}: …}}`"
    return ""


def _of_mount(place: object, key: str, value: object) -> str:
    text = str(value) if isinstance(value, Text) else ""
    if key in ("ro", "readonly", "read_only"):
        return "write `readOnly: …`"
    if key == "mode" and text in ("ro", "readOnly"):
        return "write `readOnly: true`"
    if key in ("volume", "volumeName"):
        return "write `name: …`"
    if key in ("key", "file", "item"):
        return "write `subPath: …`"
    if key in ("type", "hostPathType"):
        return f"it belongs to the volume: `hostPath: {{path: PATH, type: {text or 'TYPE'}}}`"
    if key in ("path", "mountPath", "target") and isinstance(place, int):
        return "write `mountPath: …`"
    if key in ("path", "mountPath", "target") and text.startswith("/") and not str(place).startswith("/"):
        return f"make the path the key: `{text}: {place}`"
    if key in ("path", "host", "source", "src", "device", "from") and text.startswith("/"):
        return "write `hostPath: …`"
    return ""


def _of_volume(key: str, value: object) -> str:
    if key in ("path", "host", "source") and isinstance(value, Text) and value.startswith("/"):
        return "write `hostPath: …`"
    if key in ("type", "kind") and isinstance(value, Text):
        return f"the kind of a volume is its key: `{{{value}: …}}`"
    return ""
