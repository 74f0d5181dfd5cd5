"""Lists that are merged by keys, one of which has a default.

The ports of a container are identified by `containerPort` and `protocol`, those of a Service by `port` and `protocol`
(`+listMapKey` in k8s.io/api, core/v1/types.go), and a port without a protocol is a TCP port (`+default`). The API
server knows that. Tools that merge patches without it do not: Kustomize (kyaml/yaml/walk: mergeValues) matches a port
without a protocol with any other of its number, and drops one of the two. No other list in these kinds has such a key,
except for the name of a LocalObjectReference, whose default is empty.
"""

from __future__ import annotations

from operator import is_not
from typing import Any, Final

from dsgen.kubernetes.schema.paths import CONTAINER_LISTS
from dsgen.tree import List, Map, as_map, is_integer

PROTOCOL: Final = "protocol"
TCP: Final = "TCP"
# The paths of a pod spec: in a DaemonSet and other workloads, in a CronJob, in a Pod.
_POD_SPECS: Final = (("spec", "template", "spec"), ("spec", "jobTemplate", "spec", "template", "spec"), ("spec",))


def with_protocols(root: Map) -> Map:
    """Return an object of any kind with `protocol: TCP` at ports without a protocol, if the list has their number with another one too.

    `root` is not changed; what needs nothing is shared with it.
    """
    if (root.get("apiVersion"), root.get("kind")) == ("v1", "Service"):
        return _within(root, ("spec", "ports"), "port")
    for spec in _POD_SPECS:
        pod = root.map(*spec)
        for group in CONTAINER_LISTS:
            if group in pod and any("ports" in each and len(each.entries("ports")) > 1 for each in pod.maps(group)):
                root = _within(root, (*spec, group, "ports"), "containerPort")
    return root


def _within(value: Map, path: tuple[str, ...], number: str) -> Map:
    """Return a map in which the ports at `path`, in a list on the way those of each entry, state their protocols where they must."""
    key, below = path[0], path[1:]
    child: Any = value.get(key)
    written = child
    if isinstance(child, List):
        changed = (
            child.with_maps(lambda each: _within(each, below, number))
            if below
            else List(_stated(child, number), child.place)
        )
        written = changed if any(map(is_not, changed, child)) else child
    elif below and (inner := value.child(key)) is not None:
        written = _within(inner, below, number)
    return value if written is child else value.replaced(key, written)


def _stated(ports: List, number: str) -> list[Any]:
    protocols: dict[int, set[str]] = {}
    for port in ports:
        if is_integer(found := as_map(port).get(number)):
            protocols.setdefault(found, set()).add(str(as_map(port).get(PROTOCOL) or TCP))
    several = [found for found, those in protocols.items() if len(those) > 1]
    if not several:
        return ports
    return [_with_tcp(as_map(each), number) if as_map(each).get(number) in several else each for each in ports]


def _with_tcp(port: Map, number: str) -> Map:
    if port.get(PROTOCOL):
        return port
    result = port.with_items()
    for key, value in port.items():
        if key != PROTOCOL:
            result[key] = value
        if key == number:
            result[PROTOCOL] = TCP
    return result
