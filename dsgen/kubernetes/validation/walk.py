"""Walks an object once, and runs the rules of each scope on the parts of the object in that scope."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from typing import Any, Final

from dsgen.kubernetes.validation.kinds import KINDS, Kind, Subject
from dsgen.kubernetes.validation.modules import FIELDS, loaded
from dsgen.kubernetes.validation.pod import Pod, is_long_running
from dsgen.kubernetes.validation.rule import RULES, Check, FieldError, FieldRef, Rule
from dsgen.kubernetes.validation.scopes import Child, children
from dsgen.kubernetes.validation.volumes import first_source
from dsgen.tree import List, Map

Found = list[tuple[Rule, FieldError]]
Rules = list[tuple[Rule, Check]]


class Scope:
    """The rules for a node: `rules` are always run, those `waiting` for a field only if it is set.

    Each of the `parts` below is a field, the scopes and the name of its nodes, and whether it is always visited.
    """

    __slots__ = ("parts", "rules", "waiting")

    def __init__(self) -> None:
        self.rules: Rules = []
        self.waiting: dict[str, Rules] = {}
        self.parts: list[tuple[str, list[Scope], str, bool]] = []

    def __bool__(self) -> bool:
        return bool(self.rules or self.waiting or self.parts)


NOTHING: Final = Scope()
# Before this minor version, the server validates nothing but the metadata of the pods of a StatefulSet (pkg/apis/apps/validation:
# ValidatePodTemplateSpecForStatefulSet).
VALIDATES_STATEFUL_PODS: Final = 34
Plan = dict[str, Scope]


def run(
    root: Map, minor: str, old: Map | None = None, stated: set[str] | None = None, kind: Kind = KINDS["DaemonSet"]
) -> Found:
    """Return what each rule of `minor` finds in the decoded and defaulted `root`, an object of a `kind`, in the order of the rules' scopes.

    `old` is the decoded and defaulted object that it replaces. `stated` are the fields that it sets, anywhere; modules that are only for other fields are not loaded.
    """
    if stated is None or kind.template is None:
        plan = plan_for(minor, kind)
    else:
        plan = plan_for(minor, kind, _stated_so_far(minor, FIELDS & stated))
    found: Found = []
    subject = Subject(root, kind, minor, old) if kind.template is None else Pod(root, minor, old, kind)
    if old is not None:
        _visit(plan["update"], subject.root, found)
        _visit(plan.get(f"{kind.name}-update", NOTHING), subject.root, found)
    else:
        _visit(plan.get(f"{kind.name}-create", NOTHING), subject.root, found)
    _visit(plan["metadata"], FieldRef(root.map("metadata"), subject.root, ("metadata",)), found)
    for scope in (kind.name, *kind.scopes):
        _visit(plan.get(scope, NOTHING), subject.root, found)
    if isinstance(subject, Pod):
        _visit_template(plan, subject, found)
    elif kind.inner:
        _INNER[kind.name](plan, subject, found)
    if old is not None and any(rule.ratcheting for rule, _ in found):
        excused = {rule for rule, _ in run(old, minor, kind=kind) if rule.ratcheting}
        found = [(rule, error) for rule, error in found if rule not in excused]
    if kind.name == "StatefulSet" and (old is not None or subject.minor < VALIDATES_STATEFUL_PODS):
        found = [(rule, error) for rule, error in found if rule.severity == "warning" or not _in_claims(error)]
    # It and its nodes refer to each other. Without this reference they are freed at once, even without garbage collection.
    subject.__dict__.clear()
    return found


# By minor version, the fields that objects have set.
_so_far: dict[str, frozenset[str]] = {}


def _stated_so_far(minor: str, stated: frozenset[str]) -> frozenset[str]:
    """Return the fields that this object or an earlier one sets: rules for more of them find nothing more, and so few plans are needed."""
    known = _so_far.get(minor, frozenset())
    if not stated <= known:
        _so_far[minor] = known = known | stated
    return known


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


def _visit_template(plan: Plan, pod: Pod, found: Found) -> None:
    """Run the rules of the pod template of a workload, or of a Pod."""
    stateful = pod.kind.name == "StatefulSet"
    if pod.is_validated or stateful:
        _visit(plan["pod-lifetime"], pod.node, found)
    if not pod.is_validated:
        return
    if pod.kind.template:
        _visit(plan["template-metadata"], pod.template, found)
    _visit(plan["template"], pod.template, found)
    start = len(found)
    _visit_pod(plan, pod, found)
    if stateful and not _validates_pods(pod):
        found[start:] = [(rule, error) for rule, error in found[start:] if rule.severity == "warning"]


def _validates_pods(pod: Pod) -> bool:
    """Return whether the server validates the pods of a StatefulSet: not when it replaces one that is wrong already."""
    if pod.minor < VALIDATES_STATEFUL_PODS or pod.old is None:
        return pod.minor >= VALIDATES_STATEFUL_PODS
    old = pod.old.root.value
    # An object that replaces itself is asked whether the server takes it.
    return old is pod.root.value or not any(
        rule.severity == "error" and error.path[:1] == ("spec",) and not _in_claims(error)
        for rule, error in run(old, f"1.{pod.minor}", old, kind=pod.kind)
    )


def _in_claims(error: FieldError) -> bool:
    return error.field.startswith("spec.volumeClaimTemplates[")


def _visit_source(plan: Plan, subject: Subject, found: Found) -> None:
    """Run the rules of the source of a PersistentVolume."""
    from dsgen.kubernetes.validation.companions.persistent_volume import validated_sources

    spec = subject.root.child("spec")
    for source in validated_sources(spec) if spec else ():
        _visit(plan["volume-source"], source, found)
        _visit(plan.get(source.scope, NOTHING), source, found)


def _visit_schemas(plan: Plan, subject: Subject, found: Found) -> None:
    """Run the rules of the schemas in a CustomResourceDefinition."""
    from dsgen.kubernetes.validation.companions import definition_schemas

    def run(scope: str, node: FieldRef, kept: bool) -> bool:
        here: Found = []
        _visit(plan.get(scope, NOTHING), node, here)
        if kept:
            found.extend(here)
        return any(rule.severity == "error" for rule, _ in here)

    definition_schemas.visit(subject, run)


# What visits the parts of an object to which only its own module leads.
_INNER: Final[dict[str, Callable[[Plan, Subject, Found], None]]] = {
    "CustomResourceDefinition": _visit_schemas,
    "PersistentVolume": _visit_source,
}


def _visit_pod(plan: Plan, pod: Pod, found: Found) -> None:
    """Run the rules of the spec of the pods: first of the volumes, which others refer to, last of the containers."""
    _visit_volumes(plan, pod, found)
    _visit(plan["pod"], pod.node, found)
    long_running = plan.get("long-running", NOTHING)
    for container in pod.all_containers:
        _visit(plan["container"], container, found)
        if is_long_running(container):
            _visit(long_running, container, found)


def _visit_volumes(plan: Plan, pod: Pod, found: Found) -> None:
    """Run the rules of all volumes, and record the valid ones in the pod: for mounts and devices the others do not exist."""
    if pod.claims:
        _visit_claimed_volumes(plan, pod, found)
        return
    for volume in pod.node.children("volumes"):
        _visit_volume(plan, volume, found)


def _visit_claimed_volumes(plan: Plan, pod: Pod, found: Found) -> None:
    """Run the rules of the volumes of a StatefulSet: first those for its claims, instead of others with their names.

    So the server counts the volumes; it warns of the pod template as it is.
    """
    for number, (name, index) in enumerate(pod.claims.items()):
        added = Map([("name", name), ("persistentVolumeClaim", Map([("claimName", name)]))])
        start = len(found)
        _visit_volume(plan, FieldRef(added, pod.node, ("volumes", number), pod), found)
        path = ("spec", "volumeClaimTemplates", index, "metadata", "name")
        found[start:] = [(rule, error._replace(path=path)) for rule, error in found[start:] if rule.severity == "error"]
    number = len(pod.claims)
    for volume in pod.node.children("volumes"):
        start, stated, known = len(found), volume.field, dict(pod.volumes)
        volume.printed = f"{pod.node.field}.volumes[{number}]"
        _visit_volume(plan, volume, found)
        told = found[start:]
        del found[start:]
        for rule, error in told:
            if rule.severity == "warning":
                found.append((rule, error._replace(field=error.field.replace(volume.printed, stated))))
            elif volume.get("name", "") not in pod.claims:
                found.append((rule, error))
        if volume.get("name", "") in pod.claims:
            pod.volumes = known
        else:
            number += 1


def _visit_volume(plan: Plan, volume: FieldRef, found: Found) -> None:
    """Run the rules of a volume, and record it in the pod if it is valid."""
    pod, before = volume.pod, len(found)
    _visit(plan["volume"], volume, found)
    source = first_source(volume)
    if source is not None:
        _visit(plan["volume-source"], source, found)
        _visit(plan.get(source.scope, NOTHING), source, found)
    if all(rule.severity == "warning" for rule, _ in found[before:]):
        pod.volumes[volume.get("name", "")] = volume.value


@lru_cache(maxsize=1024)  # objects can set any of many fields
def plan_for(minor: str, kind: Kind = KINDS["DaemonSet"], stated: frozenset[str] | None = None) -> Plan:
    """Return the rules for a kind that are in force in `minor`, by scope and by the field they wait for."""
    plan: Plan = {}
    for rule in _of(loaded(kind, stated)):
        if rule.holds(minor):
            scope = plan.setdefault(rule.scope, Scope())
            rules = scope.waiting.setdefault(rule.when, []) if rule.when else scope.rules
            rules.append((rule, rule.check))
    parts = children(plan)
    for name in parts:
        _link(plan, name, parts)
    return plan


def _link(plan: Plan, name: str, parts: dict[str, list[Child]]) -> Scope:
    """Return a scope with those of its parts that have rules."""
    scope = plan.setdefault(name, Scope())
    for field, scopes, of_nodes, always in () if scope.parts else parts.get(name, ()):
        below = [found for each in scopes if (found := _link(plan, each, parts))]
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
    """Return every rule for objects of a kind."""
    return _of(loaded(kind))


def _of(modules: list[str]) -> list[Rule]:
    """Return the rules of some modules, in an order that does not depend on which was loaded first."""
    found: dict[str, list[Rule]] = {module: [] for module in modules}
    for rule in RULES:
        found.get(rule.check.__module__, []).append(rule)
    return [rule for rules in found.values() for rule in rules]
