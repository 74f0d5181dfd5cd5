"""Short forms in containers: commands, requests, ports, variables and mounts."""

from __future__ import annotations

import re
from typing import Final

from dsgen.kubernetes.schema.words import ENV_SOURCES, PROTOCOLS
from dsgen.profile.shape_problems import NOT_PARSED, ReportPart
from dsgen.profile.shorthand.form import (
    expand_to,
    not_parsed,
    pattern,
    port_text,
    short_form,
    text_at,
    text_of,
    unquoted_at,
)
from dsgen.profile.shorthand.references import shorten_to
from dsgen.profile.tables import types
from dsgen.tree import List, Map, Text, Value, as_map, is_boolean, is_integer

# The last is one of profiles only.
_SOURCES: Final = (*ENV_SOURCES, "portRef")


@short_form(
    "ExecAction",
    "[cat, /ready]",
    "{command: [cat, /ready]}",
    {"type": "array", "items": {"type": ["string", "number", "boolean"]}},
    shorten=shorten_to("command"),
)
def exec_action(value: Value, report: ReportPart) -> Value:
    """Expand a command written as a list."""
    return expand_to(value, command=value) if isinstance(value, List) else value


def _shorten_http_get(action: Map) -> Value | None:
    port, path, host = port_text(action.get("port")), text_of(action, "path"), text_of(action, "host")
    scheme = action.get("scheme", "HTTP")
    if not action.keys() <= {"port", "path", "host", "scheme"} or not port or re.search("[:/]", port):
        return None
    if path is None or host is None or path[:1] not in ("", "/") or re.search(r"[/\[\]]", host):
        return None
    request = port if path == "/" else f"{port}{path}"
    if not host:  # a URL without one is hard to read
        return unquoted_at(request, action["port"]) if scheme == "HTTP" else None
    place = f"[{host}]" if ":" in host else host
    return unquoted_at(f"{scheme.lower()}://{place}:{request}", action["port"]) if scheme in ("HTTP", "HTTPS") else None


@short_form(
    "HTTPGetAction",
    "metrics/healthz",
    "{port: metrics, path: /healthz}; https://127.0.0.1:9121/livez sets scheme and host too",
    {"type": ["string", "integer"]},
    shorten=_shorten_http_get,
)
def http_get(value: Value, report: ReportPart) -> Value:
    """Expand `PORT[/PATH]` or `SCHEME://HOST:PORT[/PATH]`."""
    if not isinstance(value, Text):
        return value
    match = re.fullmatch(
        r"(?:(?P<scheme>https?)://(?P<host>\[[^\]]*\]|[^:/]*):)?(?P<port>[^/:]+)(?P<path>/.*)?", value, re.DOTALL
    )
    if match is None:
        hint = "write PORT/PATH, such as `metrics/healthz`, or https://HOST:PORT/PATH"
        return not_parsed(value, "HTTP request", hint, report)
    action = expand_to(value, port=unquoted_at(match["port"], value), path=text_at(match["path"] or "/", value))
    if match["scheme"]:
        action["scheme"] = text_at(match["scheme"].upper(), value)
        if match["host"]:
            action["host"] = text_at(match["host"].strip("[]"), value)
    return action


def _shorten_probe(value: Map) -> Value | None:
    # The short form of the request, `httpGet: 8080/healthz`, is the shortest.
    action = value.child("httpGet")
    if action is None or action.keys() != {"path", "port"} or not value.keys().isdisjoint(action):
        return None
    return Map([*value.without("httpGet").items(), *action.items()], value.place, "Probe")


@short_form(
    "Probe",
    "{path: /healthz, port: 8080}",
    "{httpGet: {path: /healthz, port: 8080}}",
    more={"path": "str", "port": "IntOrString"},
    shorten=_shorten_probe,
)
def probe(value: Value, report: ReportPart) -> Value:
    """Expand an HTTP request without `httpGet` around it."""
    stated = as_map(value)
    request = [key for key in stated if key in ("path", "port")]
    if len(request) < 2 or "httpGet" in stated:
        for key in request:
            report(NOT_PARSED, key, f"`{key}` alone in a probe", "write `{httpGet: PORT/PATH}`, or `{tcpSocket: PORT}`")
        return stated.without(*request) if request else value
    action = Map([(key, stated[key]) for key in request], stated.place)
    return stated.without(*request).updated({text_at("httpGet", request[0]): action})


def _shorten_container_port(port: Map) -> Value | None:
    number, protocol = port.get("containerPort"), port.get("protocol")
    if not is_integer(number) or number < 0 or not port.keys() <= {"containerPort", "protocol"}:
        return None
    if protocol is None:
        return unquoted_at(str(int(number)), number)
    return unquoted_at(f"{int(number)}/{protocol}", number) if protocol in PROTOCOLS else None


@short_form(
    "ContainerPort",
    "514/UDP",
    "{containerPort: 514, protocol: UDP}; 9100 alone is {containerPort: 9100}",
    pattern("[0-9]+(/(TCP|UDP|SCTP))?", "integer"),
    shorten=_shorten_container_port,
)
def container_port(value: Value, report: ReportPart) -> Value:
    """Expand `PORT[/PROTOCOL]`."""
    if not isinstance(value, Text):
        return value
    number, slash, protocol = value.partition("/")
    if not re.fullmatch(r"[0-9]+", number) or (slash and protocol not in PROTOCOLS):
        return not_parsed(value, "port", "write PORT, or PORT/PROTOCOL with TCP, UDP or SCTP: `514/UDP`", report)
    port = expand_to(value, containerPort=unquoted_at(number, value))
    if slash:
        port["protocol"] = text_at(protocol, value)
    return port


def _shorten_env_var(variable: Map) -> Value | None:
    value, source = variable.get("value"), variable.child("valueFrom")
    if not variable:
        return Text.at("", variable.place)
    if len(variable) == 1 and isinstance(value, str):
        return value
    if "value" in variable or source is None or len(source) != 1 or not source.keys() < set(_SOURCES):
        return None
    rest = [(key, child) for key, child in variable.items() if key != "valueFrom"]
    return Map([*rest, *source.items()], variable.place, "EnvVar")


@short_form(
    "EnvVar",
    "{fieldRef: spec.nodeName}",
    "{valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}; text alone is {value: text}",
    {"type": ["string", "number", "boolean"]},
    more={source: types()["EnvVarSource"][source] for source in _SOURCES},
    shorten=_shorten_env_var,
)
def env_var(value: Value, report: ReportPart) -> Value:
    """Expand text, or a source of the value without `valueFrom` around it."""
    if isinstance(value, Text):
        return expand_to(value, value=value)
    stated = as_map(value)
    sources = [key for key in stated if key in _SOURCES]
    if not sources:
        return value
    result = stated.without(*sources)
    if "value" in stated or "valueFrom" in stated or len(sources) > 1:
        found = f"`{sources[-1]}` and another value of the same variable"
        report(NOT_PARSED, sources[-1], found, "set only one of `value` and the sources")
    else:
        result[text_at("valueFrom", sources[0])] = Map([(sources[0], stated[sources[0]])], stated.place)
    return result


def _shorten_env_from(source: Map) -> Value | None:
    named = [key for key in ("configMapRef", "secretRef") if key in source]
    reference = source.child(named[0]) if len(named) == 1 else None
    if reference is None or reference.keys() != {"name", "optional"}:
        return None
    if not isinstance(reference["name"], str) or not is_boolean(reference["optional"]):
        return None
    return source.updated({named[0]: reference["name"], "optional": reference["optional"]})


@short_form(
    "EnvFromSource",
    "{configMapRef: agent-env, optional: true}",
    "{configMapRef: {name: agent-env, optional: true}}",
    more={"optional": "bool"},
    shorten=_shorten_env_from,
)
def env_from(value: Value, report: ReportPart) -> Value:
    """Expand `optional` next to the name."""
    stated = as_map(value)
    if "optional" not in stated:
        return value
    result = stated.without("optional")
    named = [key for key in ("configMapRef", "secretRef") if isinstance(stated.get(key), Text)]
    if len(named) != 1:
        found = "`optional` requires the name of exactly one config map or secret"
        hint = "write {configMapRef: NAME, optional: true}, or `optional` in Kubernetes' form: {configMapRef: {name: NAME, optional: true}}"
        report(NOT_PARSED, stated.key("optional"), found, hint)
        return result
    name = stated[named[0]]
    return result.replaced(named[0], expand_to(name, name=name, optional=stated["optional"]))


def _shorten_mount(mount: Map) -> Value | None:
    name, mode = text_of(mount, "name"), mount.get("readOnly")
    if not name or ":" in name or not mount.keys() <= {"name", "readOnly"} or not (mode is None or is_boolean(mode)):
        return None
    if mode is None:
        return unquoted_at(name, mount["name"])
    return unquoted_at(f"{name}:ro", mount["name"]) if mode else None


@short_form("Mount", "varlog:ro", "{name: varlog, readOnly: true}", pattern("[^:]+(:ro)?"), shorten=_shorten_mount)
def mount(value: Value, report: ReportPart) -> Value:
    """Expand `VOLUME[:ro]`."""
    if not isinstance(value, Text):
        return value
    name, colon, mode = value.partition(":")
    if not name or (colon and mode != "ro"):
        hint = "write VOLUME or VOLUME:ro, or a map such as {hostPath: /proc, readOnly: true}"
        not_parsed(value, "mount", hint, report)
    result = expand_to(value, name=text_at(name, value))
    if colon:
        result["readOnly"] = unquoted_at("true", value)
    return result
