"""A name or a path where Kubernetes wants a map around it."""

from __future__ import annotations

from dsgen.profile.problems import NOT_PARSED, Report
from dsgen.profile.shorthand.form import expand_to, pattern, short_form, text_at
from dsgen.tree import Text, Value


def _single(type: str, field: str, example: str, means: str) -> None:
    @short_form(type, example, means, {"type": ["string", "number", "boolean"]})
    def expand(value: Value, report: Report) -> Value:
        return expand_to(value, **{field: value}) if isinstance(value, Text) else value


_single("HostPathVolumeSource", "path", "/var/log", "{path: /var/log}")
_single("ConfigMapVolumeSource", "name", "agent-config", "{name: agent-config}")
_single("SecretVolumeSource", "secretName", "agent-keys", "{secretName: agent-keys}")
_single("PersistentVolumeClaimVolumeSource", "claimName", "cache", "{claimName: cache}")
_single("ConfigMapEnvSource", "name", "agent-env", "{name: agent-env}")
_single("SecretEnvSource", "name", "agent-secret", "{name: agent-secret}")
_single("ObjectFieldSelector", "fieldPath", "spec.nodeName", "{fieldPath: spec.nodeName}")
_single("ResourceFieldSelector", "resource", "limits.memory", "{resource: limits.memory}")
_single("TCPSocketAction", "port", "metrics", "{port: metrics}")
_single("GRPCAction", "port", "9000", "{port: 9000}")


def _key_reference(type: str, kind: str) -> None:
    @short_form(type, "agent/level", "{name: agent, key: level}", pattern("[^/]+/.+"))
    def expand(value: Value, report: Report) -> Value:
        if not isinstance(value, Text):
            return value
        name, slash, key = value.partition("/")
        if not (name and slash and key):
            report(
                NOT_PARSED,
                value,
                f"{str(value)!r} does not name a key of a {kind}",
                "write NAME/KEY, such as `agent/level`",
            )
        return expand_to(value, name=text_at(name, value), key=text_at(key, value))


_key_reference("SecretKeySelector", "Secret")
_key_reference("ConfigMapKeySelector", "ConfigMap")
