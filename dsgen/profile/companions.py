"""What an agent reads and how it is reached: config maps, service, monitor and network policy."""

from __future__ import annotations

from typing import Final

from dsgen.problem import code
from dsgen.profile.key import Rules, Schema, key, own, with_appending
from dsgen.profile.problems import Report
from dsgen.source import describe
from dsgen.tree import Value

INVALID_ON_CHANGE = code(
    "invalid-on-change",
    "`onChange` of a config map is `restart`, or `none` where the agent itself notices new configuration.",
)


def on_change(value: Value, report: Report) -> Value:
    """Take `restart` or `none`."""
    if value not in ("restart", "none"):
        report(
            INVALID_ON_CHANGE, value, f"{describe(value)} where `restart` or `none` is wanted", "write `onChange: none`"
        )
    return value


CONFIG_MAP: Final[Rules] = key(
    "One config map.",
    "agent: {data: {agent.conf: level info}}",
    type="configMap",
    schema=with_appending(
        {
            "data": key(
                "Texts by key. They win over files of the same name.",
                "data: {agent.conf: level info}",
                "data",
                kubernetes="{str}",
            ),
            "binaryData": key(
                "Bytes by key, in base64.", "binaryData: {logo.png: iVBORw0KGgo=}", "binaryData", kubernetes="{bytes}"
            ),
            "files": key(
                """Files whose names become keys: paths or patterns, relative to the profile that states them. What is not UTF-8
                goes to `binaryData`.""",
                'files: ["conf/*.conf"]',
                "data",
                kubernetes="[str]",
            ),
            "onChange": key(
                """`restart` puts a hash of the data on the pods (`checksum/NAME`), so that they are replaced when it changes and only
                then; `none` does not. Default: restart.""",
                "onChange: none",
                "spec.template.metadata.annotations[checksum/NAME]",
                form=on_change,
                json={"enum": ["restart", "none", None]},
            ),
            "immutable": key(
                "Whether the data can never be changed in the cluster.",
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
        "Config maps by name, from texts and files. The pods are replaced when the data changes.",
        'configMaps: {agent: {data: {level: info}, files: ["conf/*.conf"]}}',
        named=CONFIG_MAP,
        type="<name:configMap>",
    ),
    "service": key(
        """A Service for the pods. `ports` are names of the containers' ports, or Kubernetes'; the other keys are those of ServiceSpec, and
        `name` (the profile's by default), `labels` and `annotations`. It is headless unless `type` or `clusterIP` says otherwise.""",
        "service: {ports: [metrics]}",
        kubernetes="service",
    ),
    "podMonitor": key(
        """A PodMonitor, by which the Prometheus operator scrapes the pods. The keys are those of one endpoint (`port`, `interval`, `path`,
        …) and of PodMonitorSpec, and `name` (the profile's by default), `labels` and `annotations`.""",
        "podMonitor: {port: metrics, interval: 30s}",
        kubernetes="podMonitor",
    ),
    "networkPolicy": key(
        """A NetworkPolicy for the pods: NetworkPolicySpec, and `name` (the profile's by default), `labels` and `annotations`.
        `policyTypes` follow from whether `ingress` and `egress` are stated.""",
        "networkPolicy: {ingress: [{ports: [{port: metrics}]}]}",
        kubernetes="networkPolicy",
    ),
}
