"""Containers and init containers."""

from __future__ import annotations

from typing import Final

from dsgen.profile.key import Rules, Schema, described_fields, key, with_appending
from dsgen.profile.tables import types
from dsgen.profile.typed import NAMED

_SPEC: Final = "spec.template.spec.containers[]"
_MOUNTS: Final = "{/host/proc: {hostPath: /proc, readOnly: true}, /etc/agent: config:ro}"

# Every field of Container but its name, which is the key, in output order: the description and an example.
FIELDS: Final = described_fields()["Container"]


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
