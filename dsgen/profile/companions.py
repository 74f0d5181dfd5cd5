"""An agent's configuration and network: config maps, service, monitor and network policy."""

from __future__ import annotations

from typing import Final

from dsgen.problem import code
from dsgen.profile.key import Rules, Schema, key, own, with_appending
from dsgen.profile.shape_problems import ReportPart
from dsgen.source import describe
from dsgen.tree import Value

INVALID_ON_CHANGE = code(
    "invalid-on-change",
    "`onChange` of a config map must be `restart`, or `none` if the agent reloads its configuration itself.",
)


def on_change(value: Value, report: ReportPart) -> Value:
    """Accept `restart` or `none`."""
    if value not in ("restart", "none"):
        report(
            INVALID_ON_CHANGE, value, f"expected `restart` or `none`, got {describe(value)}", "write `onChange: none`"
        )
    return value


CONFIG_MAP: Final[Rules] = key(
    "One config map.",
    "agent: {data: {agent.conf: level info}}",
    type="configMap",
    schema=with_appending(
        {
            "name": key(
                """The name of the config map. Default: its key, by which layers and references of the profile refer to it in any case.
                `$(name)` in it is the name of the profile.""",
                "name: $(name)-config",
                "metadata.name",
                kubernetes="str",
            ),
            "data": key(
                "Texts by key. They override files of the same name.",
                "data: {agent.conf: level info}",
                "data",
                kubernetes="{str}",
            ),
            "binaryData": key(
                "Binary data by key, in base64.",
                "binaryData: {logo.png: iVBORw0KGgo=}",
                "binaryData",
                kubernetes="{bytes}",
            ),
            "files": key(
                """Files whose names become keys: paths or patterns, relative to the profile that sets them. Files that are not
                UTF-8 go to `binaryData`.""",
                'files: ["conf/*.conf"]',
                "data",
                kubernetes="[str]",
            ),
            "onChange": key(
                """`restart` adds a hash of the data to the pods (annotation `checksum/NAME`), so that they are replaced when the data
                changes, and only then. `none` does not. Default: restart.""",
                "onChange: none",
                "spec.template.metadata.annotations[checksum/NAME]",
                form=on_change,
                json={"enum": ["restart", "none", None]},
            ),
            "immutable": key(
                "Whether the data cannot be changed in the cluster.",
                "immutable: true",
                "immutable",
                kubernetes="bool",
            ),
            **own("ConfigMap"),
        }
    ),
)

KEYS: Final[Schema] = {
    "configMaps": key(
        "Config maps by name, from texts and files. Pods are replaced when the data changes.",
        'configMaps: {agent: {data: {level: info}, files: ["conf/*.conf"]}}',
        named=CONFIG_MAP,
        type="<name:configMap>",
    ),
    "service": key(
        """A Service for the pods. `ports` are names of container ports, or Kubernetes' list; the other keys are those of ServiceSpec, and
        `name` (default: the profile's), `labels` and `annotations`. It is headless unless `type` or `clusterIP` is set.""",
        "service: {ports: [metrics]}",
        kubernetes="service",
    ),
    "podMonitor": key(
        """A PodMonitor, so that the Prometheus operator scrapes the pods. The keys are those of one endpoint (`port`, `interval`, `path`,
        …) and of PodMonitorSpec, and `name` (default: the profile's), `labels` and `annotations`.""",
        "podMonitor: {port: metrics, interval: 30s}",
        kubernetes="podMonitor",
    ),
    "networkPolicy": key(
        """A NetworkPolicy for the pods. The keys are those of NetworkPolicySpec, and `name` (default: the profile's), `labels` and
        `annotations`. `policyTypes` follows from whether `ingress` and `egress` are set.""",
        "networkPolicy: {ingress: [{ports: [{port: metrics}]}]}",
        kubernetes="networkPolicy",
    ),
}
