"""The short forms: what may stand where Kubernetes wants a map, and the map that it stands for.

Each expands one type of the field tables. Whatever is written in Kubernetes' own form passes through unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from dsgen.kubernetes import fields
from dsgen.profile.report import NOT_PARSED, Report
from dsgen.tree import List, Map, Text, Value, origin_of

Expand = Callable[[Value, Report], Value]

ENV_SOURCES: Final = ("fieldRef", "resourceFieldRef", "secretKeyRef", "configMapKeyRef", "fileKeyRef")
EFFECTS: Final = ("NoSchedule", "PreferNoSchedule", "NoExecute")
CONTROL_PLANE: Final = "node-role.kubernetes.io/control-plane"


@dataclass(frozen=True)
class ShortForm:
    """A short form of the type `type`: what it looks like, what it means, and the JSON Schema of what it accepts.

    `more` are the keys that the short form takes beside the type's own fields, with their notation.
    """

    type: str
    example: str
    means: str
    expand: Expand
    json: dict[str, Any] | None
    more: dict[str, str]


SHORT_FORMS: Final[dict[str, ShortForm]] = {}


def short_form(
    type: str, example: str, means: str, json: dict[str, Any] | None = None, more: dict[str, str] | None = None
) -> Callable[[Expand], Expand]:
    """Enter the decorated function as the short form of `type`."""

    def enter(expand: Expand) -> Expand:
        SHORT_FORMS[type] = ShortForm(type, example, means, expand, json, more or {})
        return expand

    return enter


def pattern(text: str, *types: str) -> dict[str, Any]:
    """Return the JSON Schema of text that has a form, or is one of the other `types`."""
    return {"type": ["string", *types], "pattern": f"^(?:{text})$"}


def of(short: Value, /, **fields: Value) -> Map:
    """Return the long form of `short`: each field at the place where the short form stands."""
    return Map(fields, origin_of(short))


def said(text: str, value: Value) -> Text:
    """Return a piece of `value` as text that was written where `value` stands."""
    return Text.at(text, origin_of(value))


def plain_said(text: str, value: Value) -> Text:
    """Return a piece of `value` that may be a number: unquoted text, which the field table decides on."""
    return Text.at(text, origin_of(value), plain=True)


def _single(type: str, field: str, example: str, means: str) -> None:
    @short_form(type, example, means, {"type": ["string", "number", "boolean"]})
    def expand(value: Value, report: Report) -> Value:
        return of(value, **{field: value}) if isinstance(value, Text) else value


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
        return of(value, name=said(name, value), key=said(key, value))


_key_reference("SecretKeySelector", "Secret")
_key_reference("ConfigMapKeySelector", "ConfigMap")


@short_form(
    "ExecAction",
    "[cat, /ready]",
    "{command: [cat, /ready]}",
    {"type": "array", "items": {"type": ["string", "number", "boolean"]}},
)
def exec_action(value: Value, report: Report) -> Value:
    """Take a command as a list."""
    return of(value, command=value) if isinstance(value, List) else value


@short_form(
    "HTTPGetAction",
    "metrics/healthz",
    "{port: metrics, path: /healthz}; https://127.0.0.1:9121/livez states scheme and host too",
    {"type": ["string", "integer"]},
)
def http_get(value: Value, report: Report) -> Value:
    """Take `PORT[/PATH]` or `SCHEME://HOST:PORT[/PATH]`."""
    if not isinstance(value, Text):
        return value
    match = re.fullmatch(
        r"(?:(?P<scheme>https?)://(?P<host>\[[^\]]*\]|[^:/]*):)?(?P<port>[^/:]+)(?P<path>/.*)?", value, re.DOTALL
    )
    if match is None:
        report(
            NOT_PARSED, value, f"{str(value)!r} is not a request",
            "write PORT/PATH, such as `metrics/healthz`, or https://HOST:PORT/PATH",
        )  # fmt: skip
        return of(value)
    action = of(value, port=plain_said(match["port"], value), path=said(match["path"] or "/", value))
    if match["scheme"]:
        action["scheme"] = said(match["scheme"].upper(), value)
        if match["host"]:
            action["host"] = said(match["host"].strip("[]"), value)
    return action


@short_form(
    "ContainerPort",
    "514/UDP",
    "{containerPort: 514, protocol: UDP}; 9100 alone is {containerPort: 9100}",
    pattern("[0-9]+(/(TCP|UDP|SCTP))?", "integer"),
)
def container_port(value: Value, report: Report) -> Value:
    """Take `PORT[/PROTOCOL]`."""
    if not isinstance(value, Text):
        return value
    number, slash, protocol = value.partition("/")
    if not re.fullmatch(r"[0-9]+", number) or (slash and protocol not in ("TCP", "UDP", "SCTP")):
        report(
            NOT_PARSED,
            value,
            f"{str(value)!r} is not a port",
            "write PORT, or PORT/PROTOCOL with TCP, UDP or SCTP: `514/UDP`",
        )
        return of(value)
    port = of(value, containerPort=plain_said(number, value))
    if slash:
        port["protocol"] = said(protocol, value)
    return port


@short_form(
    "EnvVar",
    "{fieldRef: spec.nodeName}",
    "{valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}; text alone is {value: text}",
    {"type": ["string", "number", "boolean"]},
    more={source: fields.load().types["EnvVarSource"][source] for source in ENV_SOURCES},
)
def env_var(value: Value, report: Report) -> Value:
    """Take text, or a source of the value without `valueFrom` around it."""
    if isinstance(value, Text):
        return of(value, value=value)
    if not isinstance(value, Map):
        return value
    sources = [key for key in value if key in ENV_SOURCES]
    if not sources:
        return value
    result = Map((), value.origin)
    for key, child in value.items():
        if key not in ENV_SOURCES:
            result[key] = child
    if "value" in value or "valueFrom" in value or len(sources) > 1:
        report(
            NOT_PARSED, sources[-1], f"`{sources[-1]}` beside another value of the same variable",
            "state one of `value` and the sources",
        )  # fmt: skip
        return result
    result[Text.at("valueFrom", origin_of(sources[0]))] = Map([(sources[0], value[sources[0]])], value.origin)
    return result


@short_form(
    "EnvFromSource",
    "{configMapRef: agent-env, optional: true}",
    "{configMapRef: {name: agent-env, optional: true}}",
    more={"optional": "bool"},
)
def env_from(value: Value, report: Report) -> Value:
    """Take `optional` beside the name."""
    if not isinstance(value, Map) or "optional" not in value:
        return value
    result = Map(((key, child) for key, child in value.items() if key != "optional"), value.origin)
    named = [key for key in ("configMapRef", "secretRef") if isinstance(value.get(key), Text)]
    if len(named) != 1:
        report(
            NOT_PARSED, value.key("optional"), "`optional` stands beside the name of one config map or secret",
            "write {configMapRef: NAME, optional: true}, or `optional` in Kubernetes' form: {configMapRef: {name: NAME, optional: true}}",
        )  # fmt: skip
        return result
    name = value[named[0]]
    result[result.key(named[0])] = of(name, name=name, optional=value["optional"])
    return result


@short_form("Mount", "varlog:ro", "{name: varlog, readOnly: true}", pattern("[^:]+(:ro)?"))
def mount(value: Value, report: Report) -> Value:
    """Take `VOLUME[:ro]`."""
    if not isinstance(value, Text):
        return value
    name, colon, mode = value.partition(":")
    if not name or (colon and mode != "ro"):
        report(
            NOT_PARSED,
            value,
            f"{str(value)!r} is not a mount",
            "write VOLUME or VOLUME:ro, or a map such as {hostPath: /proc, readOnly: true}",
        )
    result = of(value, name=said(name, value))
    if colon:
        result["readOnly"] = plain_said("true", value)
    return result


@short_form(
    "DaemonSetUpdateStrategy",
    "{maxUnavailable: 10%}",
    "{type: RollingUpdate, rollingUpdate: {maxUnavailable: 10%}}; a word is the `type`",
    {"enum": ["RollingUpdate", "OnDelete"]},
    more=dict.fromkeys(("maxUnavailable", "maxSurge"), "IntOrString"),
)
def update_strategy(value: Value, report: Report) -> Value:
    """Take a type, or the settings of a rolling update without their nesting."""
    if isinstance(value, Text):
        return of(value, type=value)
    if not isinstance(value, Map):
        return value
    settings = [key for key in value if key in ("maxUnavailable", "maxSurge")]
    if not settings:
        rolling = value.get("rollingUpdate")
        if isinstance(rolling, Map):
            value = Map(value, value.origin)
            value["rollingUpdate"] = _surge(rolling)
        return value
    if "rollingUpdate" in value:
        report(
            NOT_PARSED,
            settings[0],
            f"`{settings[0]}` beside `rollingUpdate`",
            "state it in `rollingUpdate`, or leave `rollingUpdate` out",
        )
    result = Map((), value.origin)
    result["type"] = value.get("type", said("RollingUpdate", value))
    rolling = Map([(key, value[key]) for key in settings], value.origin)
    result["rollingUpdate"] = _surge(rolling)
    result.update((key, child) for key, child in value.items() if key not in (*settings, "type"))
    return result


def _surge(rolling: Map) -> Map:
    surge = rolling.get("maxSurge")
    if surge is None or "maxUnavailable" in rolling or surge in ("0", "0%"):
        return rolling
    return Map([*rolling.items(), ("maxUnavailable", plain_said("0", surge))], rolling.origin)


@short_form(
    "Toleration",
    "dedicated=gpu:NoExecute",
    "{key: dedicated, operator: Equal, value: gpu, effect: NoExecute}",
    pattern(f"[^:=]+(=[^:=]*)?(:({'|'.join(EFFECTS)}))?"),
)
def toleration(value: Value, report: Report) -> Value:
    """Take `KEY[=VALUE][:EFFECT]`, `all[:EFFECT]`, or `control-plane`."""
    if not isinstance(value, Text):
        return value
    form = "write KEY[=VALUE][:EFFECT], all[:EFFECT] or control-plane; EFFECT is " + ", ".join(EFFECTS)
    rest, colon, effect = value.partition(":")
    key, equals, wanted = rest.partition("=")
    if colon and effect not in EFFECTS:
        found = f"{str(value)!r} is not a toleration: {effect!r} is no effect"
        report(NOT_PARSED, value, found, form)
        return of(value)
    if not key or ("=" in wanted):
        report(NOT_PARSED, value, f"{str(value)!r} is not a toleration", form)
        return of(value)
    if key in ("all", "control-plane") and equals:
        report(
            NOT_PARSED,
            value,
            f"`{key}` is a word and takes no value",
            "write a taint whose key is that word in Kubernetes' form: {key: …, value: …}",
        )
        return of(value)
    if key == "control-plane":
        return of(
            value, key=said(CONTROL_PLANE, value), operator=said("Exists", value), effect=said(effect or "NoSchedule", value)
        )  # fmt: skip
    if key == "all":
        result = of(value, operator=said("Exists", value))
    elif equals:
        result = of(value, key=said(key, value), operator=said("Equal", value), value=said(wanted, value))
    else:
        if not colon and _like_a_word(key):
            report(
                NOT_PARSED, value, f"{str(value)!r} could be a word or the key of a taint",
                f"write `control-plane` for {CONTROL_PLANE}:NoSchedule, `all` for every taint, "
                f"`node-role.kubernetes.io/master:NoSchedule` for the old taint, or {{key: {key}, operator: Exists}}",
            )  # fmt: skip
        result = of(value, key=said(key, value), operator=said("Exists", value))
    if colon:
        result["effect"] = said(effect, value)
    return result


def _like_a_word(key: str) -> bool:
    plain = re.sub(r"[^a-z]", "", key.lower())
    return plain in {
        "master",
        "controlplane",
        "controlplanes",
        "contolplane",
        "controlplan",
        "any",
        "every",
        "everything",
        "alltaints",
    } or (key.lower() in {"all", "control-plane"} and key not in {"all", "control-plane"})


_REQUIREMENT: Final = r"""\s*(?:
      !\s*(?P<absent>[^\s!=<>(),]+)
    | (?P<set>[^\s!=<>(),]+)\s+(?P<word>in|notin)\s*\((?P<values>[^()]*)\)
    | (?P<key>[^\s!=<>(),]+)\s*(?P<sign>==|=|!=|>|<)\s*(?P<value>[^\s!=<>(),]*)
    | (?P<present>[^\s!=<>(),]+)
    )\s*\Z"""
_SIGNS: Final = {"=": "In", "==": "In", "!=": "NotIn", ">": "Gt", "<": "Lt", "in": "In", "notin": "NotIn"}


@short_form(
    "NodeSelectorRequirement",
    "zone in (a, b)",
    "{key: zone, operator: In, values: [a, b]}; also zone=a, zone!=a, cores > 8, zone, !zone",
    pattern(r"\s*(!\s*[^\s!=<>(),]+|[^\s!=<>(),]+(\s+(in|notin)\s*\([^()]+\)|\s*(==?|!=|>|<)\s*[^\s!=<>(),]*)?)\s*"),
)
def requirement(value: Value, report: Report) -> Value:
    """Take one requirement in Kubernetes' label selector syntax."""
    if not isinstance(value, Text):
        return value
    form = 'write one of `key=a`, `key!=a`, `key in (a, b)`, `key notin (a, b)`, `key > 8`, `key`, `"!key"`'
    match = re.match(_REQUIREMENT, value, re.VERBOSE)
    if match is None:
        if "," in re.sub(r"\([^()]*\)", "", value):
            report(
                NOT_PARSED,
                value,
                f"{str(value)!r} joins requirements by a comma",
                "write each requirement as an entry of its own",
            )
        else:
            report(NOT_PARSED, value, f"{str(value)!r} is not a requirement", form)
        return of(value)
    if match["absent"] or match["present"]:
        operator = "DoesNotExist" if match["absent"] else "Exists"
        return of(value, key=said(match["absent"] or match["present"], value), operator=said(operator, value))
    if match["set"]:
        words = [word.strip() for word in match["values"].split(",")]
        if words == [""] or any(re.search(r"\s", word) for word in words):
            report(NOT_PARSED, value, f"{str(value)!r} needs values in its brackets, separated by commas", form)
    else:
        words = [match["value"]]
    operator = _SIGNS[match["word"] or match["sign"]]
    values = List((said(word, value) for word in words), origin_of(value))
    return of(value, key=said(match["set"] or match["key"], value), operator=said(operator, value), values=values)


def require(value: Value, report: Report) -> Value:
    """Take one term (a list of requirements), alternatives (a list of such lists) or Kubernetes' `nodeSelectorTerms`."""
    if isinstance(value, Map):
        terms = value.get("nodeSelectorTerms")
        if not isinstance(terms, List) or len(value) > 1:
            report(
                NOT_PARSED,
                value,
                "`require` takes a list of requirements",
                "write a list, or Kubernetes' {nodeSelectorTerms: [...]}",
            )
            return List((), value.origin)
        return terms
    if isinstance(value, Text):
        report(NOT_PARSED, value, "`require` takes a list of requirements", f'write `["{value}"]`')
        return List((), value.origin)
    if not isinstance(value, List):
        return value
    if not value:
        # A term without requirements would match no node at all.
        return value
    if all(isinstance(entry, List) for entry in value):
        empty = [entry for entry in value if not entry]
        if empty:
            found = "an alternative without requirements, which would match no node"
            report(NOT_PARSED, empty[0], found, "take it out, or state what it requires")
        return List((of(entry, matchExpressions=entry) for entry in value), value.origin)
    if any(isinstance(entry, List) for entry in value):
        report(
            NOT_PARSED,
            value,
            "requirements and alternatives are mixed",
            "write all entries as requirements (all must hold), or all as lists (one must hold)",
        )
        return List((), value.origin)
    if all(isinstance(entry, Map) and ("matchExpressions" in entry or "matchFields" in entry) for entry in value):
        return value
    return List([of(value, matchExpressions=value)], value.origin)


@short_form(
    "PreferredSchedulingTerm",
    '{weight: 10, require: ["zone=a"]}',
    "{weight: 10, preference: {matchExpressions: [...]}}",
    more={"require": "[NodeSelectorRequirement]"},
)
def preferred(value: Value, report: Report) -> Value:
    """Take `require` in the place of `preference`."""
    if not isinstance(value, Map) or "require" not in value:
        return value
    result = Map((), value.origin)
    for key, child in value.items():
        if key != "require":
            result[key] = child
            continue
        terms = require(child, report)
        if not isinstance(terms, List) or len(terms) != 1:
            report(
                NOT_PARSED,
                key,
                "a preference is one term",
                "write one list of requirements; for alternatives, several entries of `prefer`",
            )
            continue
        result[Text.at("preference", origin_of(key))] = terms[0]
    return result
