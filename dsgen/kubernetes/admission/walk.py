"""Walks a DaemonSet once, and runs the rules of each scope on the parts that are in it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Final, NamedTuple

import dsgen.kubernetes.admission as package
from dsgen.kubernetes.admission.pod import Pod, part
from dsgen.kubernetes.admission.rule import RULES, Check, Error, Node, Rule
from dsgen.tree import List, Map


class Part(NamedTuple):
    """A field that has rules of its own. A list is walked item by item. `name` is the `scope` of its nodes."""

    field: str
    scopes: tuple[str, ...]
    name: str


# Scope → the parts below it. A part that is absent is not visited.
PARTS: Final[dict[str, tuple[Part, ...]]] = {
    "pod": (
        Part("securityContext", ("security-context",), "pod"),
        Part("resources", ("resources",), "pod"),
        Part("volumes", ("volume",), "volumes"),
        Part("tolerations", ("toleration",), "tolerations"),
    ),
    "container": (
        Part("ports", ("port",), "ports"),
        Part("env", ("env",), "env"),
        Part("envFrom", ("env-from",), "envFrom"),
        Part("resources", ("resources",), "container"),
        Part("volumeMounts", ("mount",), "volumeMounts"),
        Part("volumeDevices", ("device",), "volumeDevices"),
        Part("livenessProbe", ("probe", "handler"), "livenessProbe"),
        Part("readinessProbe", ("probe", "handler"), "readinessProbe"),
        Part("startupProbe", ("probe", "handler"), "startupProbe"),
        Part("lifecycle", ("lifecycle",), "lifecycle"),
        Part("securityContext", ("security-context",), "container"),
    ),
    "lifecycle": (
        Part("postStart", ("handler",), "postStart"),
        Part("preStop", ("handler",), "preStop"),
    ),
}

Found = list[tuple[Rule, Error]]
Plan = dict[str, list[tuple[Rule, Check]]]


def run(root: Map, minor: str, old: Pod | None = None) -> Found:
    """Return what each rule of `minor` finds in the decoded and defaulted DaemonSet `root`, in the order of the rules' scopes."""
    plan = plan_for(minor)
    pod = Pod(root, minor, old)
    found: Found = []
    _check(plan, "daemonset", pod.root, found)
    _check(plan, "metadata", Node(part(root, "metadata"), pod.root, ("metadata",), pod), found)
    _visit(plan, "pod", pod.node, found)
    for container in pod.all_containers:
        _visit(plan, "container", container, found)
    return found


def _check(plan: Plan, scope: str, node: Node, found: Found) -> None:
    for rule, check in plan.get(scope, ()):
        for error in check(node):
            found.append((rule, error))


def _visit(plan: Plan, scope: str, node: Node, found: Found) -> None:
    _check(plan, scope, node, found)
    value = node.value
    for field, scopes, name in PARTS.get(scope, ()):
        child: Any = value.get(field)
        if isinstance(child, List):
            nodes: Iterable[Node] = [
                Node(item, node, (field, index), node.pod, name) for index, item in enumerate(child)
            ]
        elif isinstance(child, Map):
            nodes = (Node(child, node, (field,), node.pod, name),)
        else:
            continue
        for below in nodes:
            for each in scopes:
                _visit(plan, each, below, found)


@cache
def plan_for(minor: str) -> Plan:
    """Return the rules that hold in `minor`, by scope."""
    plan: Plan = {}
    for rule in catalogue():
        if rule.holds(minor):
            plan.setdefault(rule.scope, []).append((rule, rule.check))
    return plan


@cache
def catalogue() -> tuple[Rule, ...]:
    """Return every rule of every module of this package."""
    for module in iter_modules(package.__path__):
        import_module(f"{package.__name__}.{module.name}")
    return tuple(RULES)
