"""One DaemonSet, with the parts that a plan needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from dsgen.kubernetes.scheduling.node_selection import text
from dsgen.kubernetes.scheduling.placement import Placement
from dsgen.kubernetes.scheduling.pod_requests import Amounts, HostPort, host_ports, limits, requests
from dsgen.kubernetes.schema import fields
from dsgen.kubernetes.schema.decode import identify
from dsgen.kubernetes.schema.words import PRIORITIES
from dsgen.origin import Origin
from dsgen.record import Record
from dsgen.tree import Map


class Agent(Record):
    """A DaemonSet: its tree, and what its pods need. `priority` is None if the value of its class is unknown.

    `own` is where problems are placed that only a preset of its profile causes.
    """

    name: str
    namespace: str
    root: Map
    placement: Placement
    requests: Amounts
    limits: Amounts
    ports: list[HostPort]
    priority_class: str
    priority: int | None
    own: Origin | None = None

    @property
    def shown(self) -> str:
        """Namespace and name."""
        return f"{self.namespace}/{self.name}"


def agents(
    roots: Iterable[Map], minor: str = fields.DEFAULT, own: Mapping[int, Origin | None] = MappingProxyType({})
) -> list[Agent]:
    """Return the DaemonSets among (decoded) objects of a cluster; PriorityClasses among them give the values of the classes.

    `own` are the places of their profiles' own lines, by the identity of the object.
    """
    # A kind of the same name in another group is a different kind.
    objects = [each for each in roots if not identify(each).is_other]
    known: dict[str, Any] = dict(PRIORITIES)
    default: tuple[str, int] = ("", 0)
    for each in objects:
        if each.get("kind") == "PriorityClass":
            name, value = text(each.map("metadata").get("name")), each.get("value") or 0
            known[name] = value
            if each.get("globalDefault"):
                default = (name, int(str(value)))
    return [
        _agent(each, known, default, minor)._replace(own=own.get(id(each)))
        for each in objects
        if each.get("kind") == "DaemonSet"
    ]


def _agent(root: Map, priorities: Mapping[str, int], default: tuple[str, int], minor: str) -> Agent:
    metadata = root.map("metadata")
    pod = root.map("spec", "template", "spec")
    named = text(pod.get("priorityClassName"))
    priority_class, priority = (named, priorities.get(named)) if named else default
    return Agent(
        text(metadata.get("name")),
        text(metadata.get("namespace")) or "default",
        root,
        Placement(root),
        requests(pod),
        limits(pod, minor),
        host_ports(pod),
        priority_class,
        priority,
    )
