"""Where an agent runs and what it may do: its namespace, service account and rights, and its priority."""

from __future__ import annotations

import re
from typing import Final

from dsgen.problem import code, did_you_mean
from dsgen.profile.coercion import is_switch, no_name
from dsgen.profile.json_schema import notation
from dsgen.profile.key import Schema, key, own, with_appending
from dsgen.profile.problems import INVALID_TYPE, UNKNOWN_KEY, Report
from dsgen.profile.typed import converter
from dsgen.source import describe
from dsgen.tree import List, Map, Text, Value, as_map

POD_SECURITY = code(
    "invalid-pod-security-level",
    """`podSecurity` takes the levels of the Pod Security Standards: `privileged`, `baseline` and `restricted`. A version is `latest` or a
    minor version of Kubernetes, such as `v1.36`.""",
)
LEVELS: Final = ("privileged", "baseline", "restricted")
MODES: Final = ("enforce", "audit", "warn")
_VERSION: Final = r"latest|v1\.(0|[1-9][0-9]*)"


def existing(name: Text) -> Map:
    """Return the long form of a name alone: it is that of something which exists, and nothing is made."""
    return Map([("name", name), ("create", Text.at("false", name.origin, plain=True))], name.origin)


def account_name(value: Value, report: Report) -> Value:
    """Take the name of a service account that exists."""
    converter("str")(value, report)
    if not isinstance(value, Text):
        return value
    if is_switch(value):
        report(INVALID_TYPE, value, *no_name("serviceAccount", value))
    stated = existing(value)
    return Map([("name", value), ("create", converter("bool")(stated["create"], report))], value.origin, "account")


def pod_security(value: Value, report: Report) -> Value:
    """Take the level to enforce, or a map of modes to levels and versions."""
    if isinstance(value, Text):
        value = Map([("enforce", value)], value.origin)
    levels = converter("{str}")(value, report)
    for mode, level in as_map(levels).items():
        version = mode.endswith("-version")
        if mode.removesuffix("-version") not in MODES:
            modes = [*MODES, *(f"{mode}-version" for mode in MODES)]
            hint = did_you_mean(mode, modes) or f"write one of {', '.join(modes)}"
            report(UNKNOWN_KEY, mode, f"`{mode}` is no mode of Pod Security", hint)
        elif isinstance(level, Text) and version and not re.fullmatch(_VERSION, level):
            report(POD_SECURITY, level, f"{describe(level)} is no version", "write `latest`, or such as `v1.36`")
        elif isinstance(level, Text) and not version and level not in LEVELS:
            report(POD_SECURITY, level, f"{describe(level)} is no level", f"write one of {', '.join(LEVELS)}")
    return levels


def rules(value: Value, report: Report) -> Value:
    """Take rules of RBAC as text or in Kubernetes' form; always Kubernetes' in the long form."""
    if isinstance(value, Text):
        report(INVALID_TYPE, value, f"{describe(value)} where a list of rules is wanted", f'write `["{value}"]`')
        return value
    if isinstance(value, List):
        # Only a profile with rights needs to know the resources of Kubernetes.
        from dsgen.profile.shorthand.rules import expand

        value = expand(value, report)
    return converter("[PolicyRule]")(value, report)


def _rules(name: str, description: str, example: str, field: str) -> Schema:
    text = {"type": "string", "pattern": r"^\s*\S+\s+\S+\s*$"}
    json = {"type": ["array", "null"], "items": {"anyOf": [text, notation("PolicyRule")]}}
    return {name: key(description, f"{name}: {example}", field, form=rules, json=json, type="list")}


NAMESPACE: Final[Schema] = {
    "name": key("Its name. Default, with `create`: the profile's.", "name: agents", "metadata.name", kubernetes="str"),
    "create": key("Whether the Namespace is made. Default: false.", "create: true", kubernetes="bool"),
    "podSecurity": key(
        """The Pod Security Standard of its pods: the level to enforce, or a map of `enforce`, `audit` and `warn` to levels, and of
        `enforce-version`, `audit-version` and `warn-version`.""",
        "podSecurity: {enforce: baseline, warn: restricted}",
        "metadata.labels[pod-security.kubernetes.io/enforce]",
        form=pod_security,
        json={
            "anyOf": [
                {"enum": list(LEVELS)},
                {
                    "type": ["object", "null"],
                    "properties": {
                        **{mode: {"enum": [*LEVELS, None]} for mode in MODES},
                        **{f"{mode}-version": {"type": ["string", "null"]} for mode in MODES},
                    },
                    "additionalProperties": False,
                },
            ]
        },
    ),
    **own("Namespace"),
}
ACCOUNT: Final[Schema] = with_appending(
    {
        "create": key(
            "Whether the ServiceAccount is made. Default: false, it exists.", "create: true", kubernetes="bool"
        ),
        "name": key(
            "Its name. Default, with `create`: the profile's.",
            "name: node-exporter",
            "metadata.name",
            kubernetes="str",
        ),
        **_rules(
            "clusterRules",
            """What it may do in the whole cluster: `VERBS RESOURCES`, each a list with commas. A resource is
            `RESOURCE[.GROUP][/SUBRESOURCE]`, a target that begins with `/` is a URL. Or Kubernetes' rules. Makes a ClusterRole and its
            binding.""",
            '["get,list,watch nodes,pods", "get daemonsets.apps/status", get /metrics]',
            "rules",
        ),
        **_rules(
            "namespaceRules",
            "What it may do in its namespace, as in `clusterRules`. Makes a Role and its binding.",
            '["get,update configmaps"]',
            "rules",
        ),
        "clusterRoles": key(
            "ClusterRoles that exist, to bind it to in the whole cluster.",
            'clusterRoles: ["system:node-proxier"]',
            "roleRef.name",
            kubernetes="[str]",
        ),
        "roleName": key(
            "The name of its roles. Default: its own, or the profile's for an account that exists.",
            "roleName: read-nodes",
            "roleRef.name",
            kubernetes="str",
        ),
        "bindingName": key(
            "The name of the roles' bindings. Default: as `roleName`'s.",
            "bindingName: agent-reads-nodes",
            "metadata.name",
            kubernetes="str",
        ),
        "automountServiceAccountToken": key(
            "Whether pods get its token by themselves; the same key at the top level is the pods' own.",
            "automountServiceAccountToken: false",
            "automountServiceAccountToken",
            kubernetes="bool",
        ),
        **own("ServiceAccount"),
    }
)
KEYS: Final[Schema] = {
    "namespace": key(
        """The namespace of everything made: the name of one that exists, or with `create: true` one that is made too. Without it, the
        namespace of whoever applies the manifest.""",
        "namespace: {name: agents, create: true, podSecurity: privileged}",
        "metadata.namespace",
        type="namespace",
        text=existing,
        schema=NAMESPACE,
    ),
    "serviceAccount": key(
        """The service account of the pods: the name of one that exists, or with `create: true` one that is made too, with its rights.
        Without it, the namespace's default.""",
        'serviceAccount: {create: true, clusterRules: ["get,list,watch nodes,pods"]}',
        "spec.template.spec.serviceAccountName",
        type="account",
        excludes="serviceAccountName",
        text=existing,
        schema=ACCOUNT,
    ),
    "serviceAccountName": key(
        "Kubernetes' name of `serviceAccount`: the name of one that exists.",
        "serviceAccountName: node-exporter",
        "spec.template.spec.serviceAccountName",
        means="serviceAccount",
        form=account_name,
        json=notation("str"),
    ),
    "priorityClass": key(
        """A PriorityClass that is made and used: `value`, `globalDefault`, `preemptionPolicy`, `description`, and `name` (the profile's by
        default), `labels` and `annotations`. For one that exists there is `priorityClassName`.""",
        "priorityClass: {value: 1000000, description: Node agents}",
        kubernetes="priorityClass",
    ),
}
