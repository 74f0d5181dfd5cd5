"""The kinds of objects that the rules know, and what sets one kind apart from another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.schema.fields import minor_number
from dsgen.kubernetes.validation.rule import FieldRef
from dsgen.record import Record
from dsgen.tree import Map


class Kind(Record):
    """A kind of object: the `modules` of `companions` hold the rules that it has of its own.

    They are run on the whole object in the scope that is called like the kind, and below it as `walk.PARTS` says.
    `counts_generation` tells whether the server writes the generation of a new object itself, whatever stands there;
    a `custom` kind is made known by a CustomResourceDefinition.
    """

    name: str
    modules: tuple[str, ...] = ()
    name_format: Callable[[str], list[str]] = formats.dns_subdomain
    namespaced: bool = True
    counts_generation: bool = False
    custom: bool = False


KINDS: Final = {
    kind.name: kind
    for kind in (
        Kind("DaemonSet", counts_generation=True),
        Kind("Namespace", ("namespace",), formats.dns_label, namespaced=False),
        Kind("ServiceAccount", ("service_account",)),
        Kind("ConfigMap", ("config_map",)),
        Kind("PriorityClass", ("priority_class",), namespaced=False, counts_generation=True),
        Kind(
            "Service",
            ("service", "service_addresses", "service_ports", "service_traffic", "service_allocation"),
            formats.dns_label,
        ),
        Kind("ClusterRole", ("roles", "aggregation"), formats.path_segment, namespaced=False),
        Kind("Role", ("roles",), formats.path_segment),
        Kind("ClusterRoleBinding", ("bindings",), formats.path_segment, namespaced=False),
        Kind("RoleBinding", ("bindings",), formats.path_segment),
        Kind("NetworkPolicy", ("network_policy", "ip_blocks"), counts_generation=True),
        Kind("PodMonitor", ("pod_monitor",), counts_generation=True, custom=True),
    )
}


class Subject:
    """An object of a kind other than DaemonSet: what its rules find as the `pod` of their nodes.

    `minor` is the number of the minor version, 36 for `1.36`.
    """

    old: Final = None

    def __init__(self, root: Map, kind: Kind, minor: str) -> None:
        self.kind = kind
        self.minor = minor_number(minor)
        self.root = FieldRef(root, None, (), self)
