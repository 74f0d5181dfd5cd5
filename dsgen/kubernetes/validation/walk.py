"""Walks an object once, and runs the rules of each scope on the parts that are in it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any, Final

from dsgen.kubernetes.validation.kinds import KINDS, Kind, Subject
from dsgen.kubernetes.validation.modules import FIELDS, loaded
from dsgen.kubernetes.validation.pod import Pod, is_long_running, part
from dsgen.kubernetes.validation.rule import RULES, Check, FieldError, FieldRef, Rule
from dsgen.kubernetes.validation.volumes import first_source
from dsgen.record import Record
from dsgen.tree import List, Map


class Child(Record):
    """A field that has rules of its own. A list is walked item by item. `name` is the `scope` of its nodes.

    A part that is absent is not visited, unless it is `always` there: an object that Kubernetes keeps without a pointer.
    """

    field: str
    scopes: tuple[str, ...]
    name: str
    always: bool = False


# Scope → the parts below it. Of a volume, the first source is visited, in the scope of its own name.
PARTS: Final[dict[str, tuple[Child, ...]]] = {
    "Service": (Child("spec", ("service-spec",), "spec"),),
    "service-spec": (Child("ports", ("service-port",), "ports"),),
    "spec": (
        Child("selector", ("selector",), "selector"),
        Child("updateStrategy", ("update-strategy",), "updateStrategy"),
    ),
    "pod": (
        Child("securityContext", ("security-context",), "pod"),
        Child("resources", ("resources", "pod-resources"), "pod"),
        Child("overhead", ("resources",), "overhead"),
        Child("affinity", ("affinity",), "affinity"),
        Child("hostAliases", ("host-alias",), "hostAliases"),
        Child("resourceClaims", ("resource-claim",), "resourceClaims"),
        Child("tolerations", ("toleration",), "tolerations"),
        Child("topologySpreadConstraints", ("topology-spread",), "topologySpreadConstraints"),
    ),
    "affinity": (
        Child("nodeAffinity", ("node-affinity",), "nodeAffinity"),
        Child("podAffinity", ("pod-affinity",), "podAffinity"),
        Child("podAntiAffinity", ("pod-affinity",), "podAntiAffinity"),
    ),
    "node-affinity": (
        Child("requiredDuringSchedulingIgnoredDuringExecution", ("required-nodes",), "required"),
        Child("preferredDuringSchedulingIgnoredDuringExecution", ("preferred-nodes",), "preferred"),
    ),
    "required-nodes": (Child("nodeSelectorTerms", ("node-term",), "required"),),
    "preferred-nodes": (Child("preference", ("node-term",), "preferred"),),
    "node-term": (
        Child("matchExpressions", ("node-expression",), "matchExpressions"),
        Child("matchFields", ("node-field",), "matchFields"),
    ),
    "pod-affinity": (
        Child("requiredDuringSchedulingIgnoredDuringExecution", ("pod-term",), "required"),
        Child("preferredDuringSchedulingIgnoredDuringExecution", ("preferred-pods",), "preferred"),
    ),
    "preferred-pods": (Child("podAffinityTerm", ("pod-term",), "preferred", always=True),),
    "secret": (Child("items", ("key-to-path",), "secret"),),
    "configMap": (Child("items", ("key-to-path",), "configMap"),),
    "downwardAPI": (Child("items", ("downward-file",), "downwardAPI"),),
    "projected": (Child("sources", ("projection",), "sources"),),
    "projection": (
        Child("secret", ("projected-keys",), "secret"),
        Child("configMap", ("projected-keys",), "configMap"),
        Child("downwardAPI", ("downwardAPI",), "projected"),
        Child("serviceAccountToken", ("token-projection",), "serviceAccountToken"),
        Child("clusterTrustBundle", ("trust-bundle-projection",), "clusterTrustBundle"),
        Child("podCertificate", ("certificate-projection",), "podCertificate"),
    ),
    "projected-keys": (Child("items", ("key-to-path",), "projected"),),
    "ephemeral": (Child("volumeClaimTemplate", ("claim-template",), "volumeClaimTemplate"),),
    "claim-template": (Child("spec", ("volume-claim",), "spec", always=True),),
    "volume-claim": (
        Child("dataSource", ("data-source",), "dataSource"),
        Child("dataSourceRef", ("data-source",), "dataSourceRef"),
    ),
    "container": (
        Child("ports", ("port",), "ports"),
        Child("env", ("env",), "env"),
        Child("envFrom", ("env-from",), "envFrom"),
        Child("resources", ("resources",), "container"),
        Child("volumeMounts", ("mount",), "volumeMounts"),
        Child("volumeDevices", ("device",), "volumeDevices"),
        Child("securityContext", ("security-context",), "container"),
    ),
    "env": (Child("valueFrom", ("value-from",), "env"),),
    "value-from": (
        Child("fieldRef", ("field-ref",), "env"),
        Child("resourceFieldRef", ("resource-field-ref",), "env"),
        Child("configMapKeyRef", ("key-ref",), "configMapKeyRef"),
        Child("secretKeyRef", ("key-ref",), "secretKeyRef"),
        Child("fileKeyRef", ("file-key-ref",), "fileKeyRef"),
    ),
    "env-from": (
        Child("configMapRef", ("env-from-ref",), "configMapRef"),
        Child("secretRef", ("env-from-ref",), "secretRef"),
    ),
    "security-context": (
        Child("appArmorProfile", ("app-armor-profile",), "appArmorProfile"),
        Child("seccompProfile", ("seccomp-profile",), "seccompProfile"),
        Child("sysctls", ("sysctl",), "sysctls"),
        Child("windowsOptions", ("windows-options",), "windowsOptions"),
    ),
    "long-running": (
        Child("livenessProbe", ("probe", "handler"), "livenessProbe"),
        Child("readinessProbe", ("probe", "handler"), "readinessProbe"),
        Child("startupProbe", ("probe", "handler"), "startupProbe"),
        Child("lifecycle", ("lifecycle",), "lifecycle"),
    ),
    "lifecycle": (
        Child("postStart", ("handler",), "postStart"),
        Child("preStop", ("handler",), "preStop"),
    ),
    "Role": (Child("rules", ("policy-rule",), "Role"),),
    "ClusterRole": (
        Child("rules", ("policy-rule",), "ClusterRole"),
        Child("aggregationRule", ("aggregation-rule",), "ClusterRole"),
    ),
    "RoleBinding": (
        Child("roleRef", ("role-ref",), "RoleBinding", always=True),
        Child("subjects", ("subject",), "RoleBinding"),
    ),
    "ClusterRoleBinding": (
        Child("roleRef", ("role-ref",), "ClusterRoleBinding", always=True),
        Child("subjects", ("subject",), "ClusterRoleBinding"),
    ),
    "NetworkPolicy": (Child("spec", ("network-policy",), "NetworkPolicy"),),
    "network-policy": (
        Child("ingress", ("policy-ingress",), "ingress"),
        Child("egress", ("policy-egress",), "egress"),
    ),
    "policy-ingress": (Child("ports", ("policy-port",), "ports"), Child("from", ("policy-peer",), "from")),
    "policy-egress": (Child("ports", ("policy-port",), "ports"), Child("to", ("policy-peer",), "to")),
    "policy-peer": (Child("ipBlock", ("ip-block",), "ipBlock"),),
}

Found = list[tuple[Rule, FieldError]]
Rules = list[tuple[Rule, Check]]


class Scope:
    """What is asked of a node: `rules` always, those `waiting` for a field where it is stated, and the rules of the parts below.

    Each of the `parts` is a field, the scopes and the name of its nodes, and whether it is always there.
    """

    __slots__ = ("parts", "rules", "waiting")

    def __init__(self) -> None:
        self.rules: Rules = []
        self.waiting: dict[str, Rules] = {}
        self.parts: list[tuple[str, list[Scope], str, bool]] = []

    def __bool__(self) -> bool:
        return bool(self.rules or self.waiting or self.parts)


NOTHING: Final = Scope()
Plan = dict[str, Scope]


def run(root: Map, minor: str, old: Pod | None = None, stated: set[str] | None = None) -> Found:
    """Return what each rule of `minor` finds in the decoded and defaulted DaemonSet `root`, in the order of the rules' scopes.

    Where the fields that it has `stated`, anywhere, are given, rules that wait for others are not asked.
    """
    plan = plan_for(minor, stated=None if stated is None else FIELDS & stated)
    pod = Pod(root, minor, old)
    found: Found = []
    if old is not None:
        _visit(plan["update"], pod.root, found)
    _visit(plan["metadata"], FieldRef(part(root, "metadata"), pod.root, ("metadata",), pod), found)
    _visit(plan["spec"], FieldRef(part(root, "spec"), pod.root, ("spec",), pod), found)
    _visit(plan["template"], pod.template, found)
    _visit_volumes(plan, pod, found)
    _visit(plan["pod"], pod.node, found)
    long_running = plan.get("long-running", NOTHING)
    for container in pod.all_containers:
        _visit(plan["container"], container, found)
        if is_long_running(container):
            _visit(long_running, container, found)
    if old is not None:
        excused = {rule for rule, _ in run(old.root.value, minor) if rule.ratcheting}
        found = [(rule, error) for rule, error in found if rule not in excused]
    # The pod and its nodes know each other: parted, they are gone at once, with garbage collection off too.
    pod.__dict__.clear()
    return found


def run_companion(root: Map, kind: Kind, minor: str) -> Found:
    """Return what each rule of `minor` finds in the decoded and defaulted `root`, an object of a `kind` other than DaemonSet."""
    plan = plan_for(minor, kind)
    subject = Subject(root, kind, minor)
    found: Found = []
    _visit(plan["metadata"], FieldRef(part(root, "metadata"), subject.root, ("metadata",)), found)
    _visit(plan.get(kind.name, NOTHING), subject.root, found)
    subject.__dict__.clear()
    return found


def _visit(scope: Scope, node: FieldRef, found: Found) -> None:
    for rule, check in scope.rules:
        for error in check(node):
            found.append((rule, error))
    value = node.value
    waiting = scope.waiting
    if waiting:
        for field in value:
            if field in waiting:
                for rule, check in waiting[field]:
                    for error in check(node):
                        found.append((rule, error))
    for field, scopes, name, always in scope.parts:
        child: Any = value.get(field)
        if type(child) is List:
            nodes: Iterable[FieldRef] = [
                FieldRef(item, node, (field, index), node.pod, name) for index, item in enumerate(child)
            ]
        elif type(child) is Map or always:
            nodes = (FieldRef(child if type(child) is Map else Map(), node, (field,), node.pod, name),)
        else:
            continue
        for below in nodes:
            for each in scopes:
                _visit(each, below, found)


def _visit_volumes(plan: Plan, pod: Pod, found: Found) -> None:
    """Run the rules of all volumes, and tell the pod which of them are valid: mounts and devices know no others."""
    for volume in pod.node.children("volumes"):
        before = len(found)
        _visit(plan["volume"], volume, found)
        source = first_source(volume)
        if source is not None:
            _visit(plan["volume-source"], source, found)
            _visit(plan.get(source.scope, NOTHING), source, found)
        if all(rule.severity == "warning" for rule, _ in found[before:]):
            pod.volumes[volume.get("name", "")] = volume.value


@lru_cache(maxsize=1024)  # objects may state any of many fields
def plan_for(minor: str, kind: Kind = KINDS["DaemonSet"], stated: frozenset[str] | None = None) -> Plan:
    """Return the rules for a kind that hold in `minor`, by scope and by the field they wait for."""
    plan: Plan = {}
    for rule in _of(loaded(kind, stated)):
        if rule.holds(minor):
            scope = plan.setdefault(rule.scope, Scope())
            rules = scope.waiting.setdefault(rule.when, []) if rule.when else scope.rules
            rules.append((rule, rule.check))
    for name in PARTS:
        _link(plan, name)
    return plan


def _link(plan: Plan, name: str) -> Scope:
    """Return a scope with those of its parts that some rule is about."""
    scope = plan.setdefault(name, Scope())
    for field, scopes, of_nodes, always in () if scope.parts else PARTS.get(name, ()):
        below = [found for each in scopes if (found := _link(plan, each))]
        if below:
            scope.parts.append((field, below, of_nodes, always))
    return scope


@cache
def catalogue() -> tuple[Rule, ...]:
    """Return every rule of every kind."""
    for kind in KINDS.values():
        loaded(kind)
    return tuple(RULES)


def rules_of(kind: Kind) -> list[Rule]:
    """Return every rule that is asked of objects of a kind."""
    return _of(loaded(kind))


def _of(modules: list[str]) -> list[Rule]:
    """Return the rules of some modules, in an order that does not depend on which was loaded first."""
    found: dict[str, list[Rule]] = {module: [] for module in modules}
    for rule in RULES:
        found.get(rule.check.__module__, []).append(rule)
    return [rule for rules in found.values() for rule in rules]
