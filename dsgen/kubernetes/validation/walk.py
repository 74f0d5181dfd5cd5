"""Walks an object once, and runs the rules of each scope on the parts that are in it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any, Final

from dsgen.kubernetes.validation.kinds import KINDS, Kind, Subject
from dsgen.kubernetes.validation.modules import FIELDS, loaded
from dsgen.kubernetes.validation.pod import Pod, is_long_running, part
from dsgen.kubernetes.validation.rule import RULES, Check, Error, Node, Rule
from dsgen.kubernetes.validation.volumes import first_source
from dsgen.record import Record
from dsgen.tree import List, Map


class Part(Record):
    """A field that has rules of its own. A list is walked item by item. `name` is the `scope` of its nodes.

    A part that is absent is not visited, unless it is `always` there: an object that Kubernetes keeps without a pointer.
    """

    field: str
    scopes: tuple[str, ...]
    name: str
    always: bool = False


# Scope → the parts below it. Of a volume, the first source is visited, in the scope of its own name.
PARTS: Final[dict[str, tuple[Part, ...]]] = {
    "Service": (Part("spec", ("service-spec",), "spec"),),
    "service-spec": (Part("ports", ("service-port",), "ports"),),
    "spec": (
        Part("selector", ("selector",), "selector"),
        Part("updateStrategy", ("update-strategy",), "updateStrategy"),
    ),
    "pod": (
        Part("securityContext", ("security-context",), "pod"),
        Part("resources", ("resources", "pod-resources"), "pod"),
        Part("overhead", ("resources",), "overhead"),
        Part("affinity", ("affinity",), "affinity"),
        Part("hostAliases", ("host-alias",), "hostAliases"),
        Part("resourceClaims", ("resource-claim",), "resourceClaims"),
        Part("tolerations", ("toleration",), "tolerations"),
        Part("topologySpreadConstraints", ("topology-spread",), "topologySpreadConstraints"),
    ),
    "affinity": (
        Part("nodeAffinity", ("node-affinity",), "nodeAffinity"),
        Part("podAffinity", ("pod-affinity",), "podAffinity"),
        Part("podAntiAffinity", ("pod-affinity",), "podAntiAffinity"),
    ),
    "node-affinity": (
        Part("requiredDuringSchedulingIgnoredDuringExecution", ("required-nodes",), "required"),
        Part("preferredDuringSchedulingIgnoredDuringExecution", ("preferred-nodes",), "preferred"),
    ),
    "required-nodes": (Part("nodeSelectorTerms", ("node-term",), "required"),),
    "preferred-nodes": (Part("preference", ("node-term",), "preferred"),),
    "node-term": (
        Part("matchExpressions", ("node-expression",), "matchExpressions"),
        Part("matchFields", ("node-field",), "matchFields"),
    ),
    "pod-affinity": (
        Part("requiredDuringSchedulingIgnoredDuringExecution", ("pod-term",), "required"),
        Part("preferredDuringSchedulingIgnoredDuringExecution", ("preferred-pods",), "preferred"),
    ),
    "preferred-pods": (Part("podAffinityTerm", ("pod-term",), "preferred", always=True),),
    "secret": (Part("items", ("key-to-path",), "secret"),),
    "configMap": (Part("items", ("key-to-path",), "configMap"),),
    "downwardAPI": (Part("items", ("downward-file",), "downwardAPI"),),
    "projected": (Part("sources", ("projection",), "sources"),),
    "projection": (
        Part("secret", ("projected-keys",), "secret"),
        Part("configMap", ("projected-keys",), "configMap"),
        Part("downwardAPI", ("downwardAPI",), "projected"),
        Part("serviceAccountToken", ("token-projection",), "serviceAccountToken"),
        Part("clusterTrustBundle", ("trust-bundle-projection",), "clusterTrustBundle"),
        Part("podCertificate", ("certificate-projection",), "podCertificate"),
    ),
    "projected-keys": (Part("items", ("key-to-path",), "projected"),),
    "ephemeral": (Part("volumeClaimTemplate", ("claim-template",), "volumeClaimTemplate"),),
    "claim-template": (Part("spec", ("volume-claim",), "spec", always=True),),
    "volume-claim": (
        Part("dataSource", ("data-source",), "dataSource"),
        Part("dataSourceRef", ("data-source",), "dataSourceRef"),
    ),
    "container": (
        Part("ports", ("port",), "ports"),
        Part("env", ("env",), "env"),
        Part("envFrom", ("env-from",), "envFrom"),
        Part("resources", ("resources",), "container"),
        Part("volumeMounts", ("mount",), "volumeMounts"),
        Part("volumeDevices", ("device",), "volumeDevices"),
        Part("securityContext", ("security-context",), "container"),
    ),
    "env": (Part("valueFrom", ("value-from",), "env"),),
    "value-from": (
        Part("fieldRef", ("field-ref",), "env"),
        Part("resourceFieldRef", ("resource-field-ref",), "env"),
        Part("configMapKeyRef", ("key-ref",), "configMapKeyRef"),
        Part("secretKeyRef", ("key-ref",), "secretKeyRef"),
        Part("fileKeyRef", ("file-key-ref",), "fileKeyRef"),
    ),
    "env-from": (
        Part("configMapRef", ("env-from-ref",), "configMapRef"),
        Part("secretRef", ("env-from-ref",), "secretRef"),
    ),
    "security-context": (
        Part("appArmorProfile", ("app-armor-profile",), "appArmorProfile"),
        Part("seccompProfile", ("seccomp-profile",), "seccompProfile"),
        Part("sysctls", ("sysctl",), "sysctls"),
        Part("windowsOptions", ("windows-options",), "windowsOptions"),
    ),
    "long-running": (
        Part("livenessProbe", ("probe", "handler"), "livenessProbe"),
        Part("readinessProbe", ("probe", "handler"), "readinessProbe"),
        Part("startupProbe", ("probe", "handler"), "startupProbe"),
        Part("lifecycle", ("lifecycle",), "lifecycle"),
    ),
    "lifecycle": (
        Part("postStart", ("handler",), "postStart"),
        Part("preStop", ("handler",), "preStop"),
    ),
    "Role": (Part("rules", ("policy-rule",), "Role"),),
    "ClusterRole": (
        Part("rules", ("policy-rule",), "ClusterRole"),
        Part("aggregationRule", ("aggregation-rule",), "ClusterRole"),
    ),
    "RoleBinding": (
        Part("roleRef", ("role-ref",), "RoleBinding", always=True),
        Part("subjects", ("subject",), "RoleBinding"),
    ),
    "ClusterRoleBinding": (
        Part("roleRef", ("role-ref",), "ClusterRoleBinding", always=True),
        Part("subjects", ("subject",), "ClusterRoleBinding"),
    ),
    "NetworkPolicy": (Part("spec", ("network-policy",), "NetworkPolicy"),),
    "network-policy": (
        Part("ingress", ("policy-ingress",), "ingress"),
        Part("egress", ("policy-egress",), "egress"),
    ),
    "policy-ingress": (Part("ports", ("policy-port",), "ports"), Part("from", ("policy-peer",), "from")),
    "policy-egress": (Part("ports", ("policy-port",), "ports"), Part("to", ("policy-peer",), "to")),
    "policy-peer": (Part("ipBlock", ("ip-block",), "ipBlock"),),
}

Found = list[tuple[Rule, Error]]
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
    _visit(plan["metadata"], Node(part(root, "metadata"), pod.root, ("metadata",), pod), found)
    _visit(plan["spec"], Node(part(root, "spec"), pod.root, ("spec",), pod), found)
    _visit(plan["template"], pod.template, found)
    _visit_volumes(plan, pod, found)
    _visit(plan["pod"], pod.node, found)
    long_running = plan.get("long-running", NOTHING)
    for container in pod.all_containers:
        _visit(plan["container"], container, found)
        if is_long_running(container):
            _visit(long_running, container, found)
    if old is not None:
        excused = {rule for rule, _ in run(old.root.value, minor) if rule.excusable}
        found = [(rule, error) for rule, error in found if rule not in excused]
    # The pod and its nodes know each other: parted, they are gone at once, with garbage collection off too.
    pod.__dict__.clear()
    return found


def run_companion(root: Map, kind: Kind, minor: str) -> Found:
    """Return what each rule of `minor` finds in the decoded and defaulted `root`, an object of a `kind` other than DaemonSet."""
    plan = plan_for(minor, kind)
    subject = Subject(root, kind, minor)
    found: Found = []
    _visit(plan["metadata"], Node(part(root, "metadata"), subject.root, ("metadata",)), found)
    _visit(plan.get(kind.name, NOTHING), subject.root, found)
    subject.__dict__.clear()
    return found


def _visit(scope: Scope, node: Node, found: Found) -> None:
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
            nodes: Iterable[Node] = [
                Node(item, node, (field, index), node.pod, name) for index, item in enumerate(child)
            ]
        elif type(child) is Map or always:
            nodes = (Node(child if type(child) is Map else Map(), node, (field,), node.pod, name),)
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
