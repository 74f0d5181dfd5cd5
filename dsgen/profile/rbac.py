"""An agent's namespace, service account, permissions and priority."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from dsgen.kubernetes.schema.words import LEVELS, MODES
from dsgen.problem import code, did_you_mean
from dsgen.profile.coercion import is_switch, no_name
from dsgen.profile.json_schema import notation
from dsgen.profile.key import Schema, key, own, with_appending
from dsgen.profile.shape_problems import INVALID_TYPE, UNKNOWN_KEY, ReportPart
from dsgen.profile.typed import converter
from dsgen.source import describe
from dsgen.tree import List, Map, Text, Value, as_map

POD_SECURITY = code(
    "invalid-pod-security-level",
    """`podSecurity` must be a level of the Pod Security Standards: `privileged`, `baseline` or `restricted`. A version must be `latest` or a
    minor version of Kubernetes, such as `v1.36`.""",
)
_VERSION: Final = r"latest|v1\.(0|[1-9][0-9]*)"


def existing(key: str) -> Callable[[Text, ReportPart], Map]:
    """Return the conversion of a name under `key` to its long form: it refers to an existing object, and nothing is generated."""

    def expand(name: Text, report: ReportPart) -> Map:
        if is_switch(name):
            report(INVALID_TYPE, name, *no_name(key, name))
        return Map([("name", name), ("create", Text.at("false", name.place, plain=True))], name.place)

    return expand


def account_name(value: Value, report: ReportPart) -> Value:
    """Accept the name of an existing service account."""
    converter("str")(value, report)
    if not isinstance(value, Text):
        return value
    stated = existing("serviceAccount")(value, report)
    return Map([("name", value), ("create", converter("bool")(stated["create"], report))], value.origin, "account")


def pod_security(value: Value, report: ReportPart) -> Value:
    """Accept the level to enforce, or a map of modes to levels and versions."""
    if isinstance(value, Text):
        value = Map([("enforce", value)], value.place)
    levels = converter("{str}")(value, report)
    for mode, level in as_map(levels).items():
        version = mode.endswith("-version")
        if mode.removesuffix("-version") not in MODES:
            modes = [*MODES, *(f"{mode}-version" for mode in MODES)]
            hint = did_you_mean(mode, modes) or f"write one of {', '.join(modes)}"
            report(UNKNOWN_KEY, mode, f"unknown mode `{mode}` of Pod Security", hint)
        elif isinstance(level, Text) and version and not re.fullmatch(_VERSION, level):
            hint = "write `latest`, or a minor version such as `v1.36`"
            report(POD_SECURITY, level, f"{describe(level)} is not a valid version", hint)
        elif isinstance(level, Text) and not version and level not in LEVELS:
            report(POD_SECURITY, level, f"{describe(level)} is not a valid level", f"write one of {', '.join(LEVELS)}")
    return levels


def rules(value: Value, report: ReportPart) -> Value:
    """Accept RBAC rules as text or in Kubernetes' form; always Kubernetes' form in the long form."""
    if isinstance(value, Text):
        report(INVALID_TYPE, value, f"expected a list of rules, got {describe(value)}", f'write `["{value}"]`')
        return value
    if isinstance(value, List):
        # Imported only for a profile with RBAC rules.
        from dsgen.profile.shorthand.rules import expand

        value = expand(value, report)
    return converter("[PolicyRule]")(value, report)


def _rules(name: str, description: str, example: str, field: str) -> Schema:
    text = {"type": "string", "pattern": r"^\s*\S+\s+\S+\s*$"}
    json = {"type": ["array", "null"], "items": {"anyOf": [text, notation("PolicyRule")]}}
    return {name: key(description, f"{name}: {example}", field, form=rules, json=json, type="list")}


_ABOUT_MODES: Final = {
    "enforce": "The level that pods must meet.",
    "audit": "The level below which the audit log has an entry.",
    "warn": "The level below which the server warns.",
}
_VERSION_OF_MODE: Final = {
    "type": ["string", "null"],
    "description": "The version of Kubernetes whose rules are used, such as `v1.36`. Default: `latest`.",
}
NAMESPACE: Final[Schema] = {
    "name": key("The name. Default with `create`: the profile's.", "name: agents", "metadata.name", kubernetes="str"),
    "create": key("Whether to generate the Namespace. Default: false.", "create: true", kubernetes="bool"),
    "podSecurity": key(
        """The Pod Security Standard of the namespace: the level to enforce, or a map of `enforce`, `audit` and `warn` to levels, and of
        `enforce-version`, `audit-version` and `warn-version` to versions.""",
        "podSecurity: {enforce: baseline, warn: restricted}",
        "metadata.labels[pod-security.kubernetes.io/enforce]",
        form=pod_security,
        json={
            "anyOf": [
                {"enum": list(LEVELS)},
                {
                    "type": ["object", "null"],
                    "properties": {
                        **{
                            mode: {"enum": [*LEVELS, None], "description": about}
                            for mode, about in _ABOUT_MODES.items()
                        },
                        **{f"{mode}-version": _VERSION_OF_MODE for mode in MODES},
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
            "Whether to generate the ServiceAccount. `false`, the default, means that it exists.",
            "create: true",
            kubernetes="bool",
        ),
        "name": key(
            "The name. Default with `create`: the profile's.",
            "name: node-exporter",
            "metadata.name",
            kubernetes="str",
        ),
        **_rules(
            "clusterRules",
            """Permissions in the whole cluster: `VERBS RESOURCES`, each a comma-separated list. A resource is `RESOURCE[.GROUP][/SUBRESOURCE]`;
            a target that begins with `/` is a URL. Or Kubernetes' rules. Generates a ClusterRole and a ClusterRoleBinding.""",
            '["get,list,watch nodes,pods", "get daemonsets.apps/status", get /metrics]',
            "rules",
        ),
        **_rules(
            "namespaceRules",
            "Permissions in its namespace, written as in `clusterRules`. Generates a Role and a RoleBinding.",
            '["get,update configmaps"]',
            "rules",
        ),
        "clusterRoles": key(
            "Existing ClusterRoles to bind to the service account, in the whole cluster.",
            'clusterRoles: ["system:node-proxier"]',
            "roleRef.name",
            kubernetes="[str]",
        ),
        "roleName": key(
            "The name of the generated roles. Default: the service account's, or the profile's for an existing account.",
            "roleName: read-nodes",
            "roleRef.name",
            kubernetes="str",
        ),
        "bindingName": key(
            "The name of the generated role bindings. Default: as for `roleName`.",
            "bindingName: agent-reads-nodes",
            "metadata.name",
            kubernetes="str",
        ),
        "namespaceRoleName": key(
            "The name of the generated Role, if it differs from that of the ClusterRole.",
            "namespaceRoleName: read-settings",
            "roleRef.name",
            kubernetes="str",
        ),
        "namespaceBindingName": key(
            "The name of the generated RoleBinding, if it differs from that of the ClusterRoleBinding.",
            "namespaceBindingName: agent-reads-settings",
            "metadata.name",
            kubernetes="str",
        ),
        "rbacLabels": key(
            "Labels of the generated roles and role bindings, in addition to those of the profile.",
            "rbacLabels: {team: infra}",
            "metadata.labels",
            kubernetes="{str}",
        ),
        "rbacAnnotations": key(
            "Annotations of the generated roles and role bindings, in addition to those of the profile.",
            "rbacAnnotations: {example.com/owner: infra}",
            "metadata.annotations",
            kubernetes="{str}",
        ),
        "namespaceRbacLabels": key(
            "Labels of the generated Role and RoleBinding instead of `rbacLabels`, if they differ from those of the ClusterRole.",
            "namespaceRbacLabels: {component: settings}",
            "metadata.labels",
            kubernetes="{str}",
        ),
        "namespaceRbacAnnotations": key(
            "Annotations of the generated Role and RoleBinding instead of `rbacAnnotations`, if they differ from those of the ClusterRole.",
            "namespaceRbacAnnotations: {example.com/owner: settings}",
            "metadata.annotations",
            kubernetes="{str}",
        ),
        "automountServiceAccountToken": key(
            "Whether pods mount its token by default; the key of this name at the top level overrides it for the pods.",
            "automountServiceAccountToken: false",
            "automountServiceAccountToken",
            kubernetes="bool",
        ),
        "imagePullSecrets": key(
            """The secrets with which images of pods are pulled that set none themselves; those of the profile's own pods are at the top level.""",
            "imagePullSecrets: [{name: registry}]",
            "imagePullSecrets",
            kubernetes="[LocalObjectReference]",
        ),
        **own("ServiceAccount"),
    }
)
KEYS: Final[Schema] = {
    "namespace": key(
        """The namespace of all generated objects: the name of an existing one, or with `create: true` one that is generated too. If it is not
        set, objects go to the namespace that they are applied with.""",
        "namespace: {name: agents, create: true, podSecurity: privileged}",
        "metadata.namespace",
        type="namespace",
        text=existing("namespace"),
        schema=NAMESPACE,
    ),
    "serviceAccount": key(
        """The service account of the pods: the name of an existing one, or with `create: true` one that is generated too. Its keys grant
        permissions. Default: the namespace's default account.""",
        'serviceAccount: {create: true, clusterRules: ["get,list,watch nodes,pods"]}',
        "spec.template.spec.serviceAccountName",
        type="account",
        excludes="serviceAccountName",
        text=existing("serviceAccount"),
        schema=ACCOUNT,
    ),
    "serviceAccountName": key(
        "Kubernetes' name for `serviceAccount`: the name of an existing one.",
        "serviceAccountName: node-exporter",
        "spec.template.spec.serviceAccountName",
        means="serviceAccount",
        form=account_name,
        json=notation("str"),
    ),
    "priorityClass": key(
        """A PriorityClass to generate and use: `value`, `globalDefault`, `preemptionPolicy`, `description`, and `name` (default: the
        profile's), `labels` and `annotations`. For an existing one, use `priorityClassName`.""",
        "priorityClass: {value: 1000000, description: Node agents}",
        kubernetes="priorityClass",
    ),
}
