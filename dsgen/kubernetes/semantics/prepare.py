"""What the API server drops from an object without pods before it validates it (pkg/registry: PrepareForCreate, PrepareForUpdate)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import is_not
from typing import Final

from dsgen.kubernetes.schema.fields import minor_number
from dsgen.kubernetes.semantics.drop_disabled_fields import Dropped
from dsgen.kubernetes.semantics.equality import semantic_equal
from dsgen.kubernetes.semantics.feature_gates import IN_HINTS, IN_LEASE, IN_SCALING_RULES, Gate
from dsgen.record import Record
from dsgen.tree import List, Map, Null, Path, origin_of

TOPOLOGY: Final = "deprecatedTopology"
# The directions in which an autoscaler scales.
DIRECTIONS: Final = ("scaleDown", "scaleUp")


class Prepared(Record):
    """An object as the server validates it, and what it drops: fields of gates, and others."""

    root: Map
    dropped: list[Dropped]
    others: list[Path]


def prepared(root: Map, kind: str, minor: str, old: Map | None = None) -> Prepared:
    """Return an object of a `kind` as the server of `minor` validates it when it replaces `old`, if there is one."""
    prepare = _PREPARE.get(kind)
    return prepare(root, minor_number(minor), old) if prepare else Prepared(root, [], [])


def _lease(root: Map, minor: int, old: Map | None) -> Prepared:
    spec, before = root.map("spec"), Map() if old is None else old.map("spec")
    found = [(name, gate) for name, gate in IN_LEASE.items() if _is_off(gate, minor) and not _is_set(before, name)]
    off = [Dropped(("spec", name), gate) for name, gate in found if _is_set(spec, name)]
    names = [str(each.path[-1]) for each in off]
    return Prepared(root.replaced("spec", spec.without(*names)) if off else root, off, [])


def _autoscaler(root: Map, minor: int, old: Map | None) -> Prepared:
    name, gate = "tolerance", IN_SCALING_RULES["tolerance"]
    spec = root.map("spec")
    behavior = spec.map("behavior")
    used = [] if old is None else [old.map("spec", "behavior", each) for each in DIRECTIONS]
    if not _is_off(gate, minor) or any(_is_set(each, name) for each in used):
        return Prepared(root, [], [])
    off = [Dropped(("spec", "behavior", each, name), gate) for each in DIRECTIONS if _is_set(behavior.map(each), name)]
    changes = {each: behavior.map(each).without(name) for each in DIRECTIONS if _is_set(behavior.map(each), name)}
    changed = root.replaced("spec", spec.replaced("behavior", behavior.updated(changes))) if off else root
    return Prepared(changed, off, [])


def _endpoint_slice(root: Map, minor: int, old: Map | None) -> Prepared:
    name, gate = "forNodes", IN_HINTS["forNodes"]
    before = [] if old is None else old.maps("endpoints")
    endpoints, off = root.maps("endpoints"), list[Dropped]()
    others: list[Path] = []
    if _is_off(gate, minor) and not any(_is_set(each.map("hints"), name) for each in before):
        off = [Dropped(("endpoints", index, "hints", name), gate) for index in _setting(endpoints, "hints", name)]
        endpoints = [
            each.replaced("hints", each.map("hints").without(name)) if _is_set(each.map("hints"), name) else each
            for each in endpoints
        ]
    if old is None or not semantic_equal(List(endpoints), old.get("endpoints"), "endpoints"):
        others = [("endpoints", index, TOPOLOGY) for index, each in enumerate(endpoints) if each.get(TOPOLOGY)]
        endpoints = [each.without(TOPOLOGY) if TOPOLOGY in each else each for each in endpoints]
    if not any(map(is_not, endpoints, root.maps("endpoints"))):
        return Prepared(root, [], [])
    return Prepared(root.replaced("endpoints", List(endpoints, origin_of(root["endpoints"]))), off, others)


def _setting(items: list[Map], field: str, name: str) -> Iterator[int]:
    return (index for index, each in enumerate(items) if _is_set(each.map(field), name))


def _is_off(gate: Gate, minor: int) -> bool:
    return gate.since <= minor < gate.on


def _is_set(holder: Map, name: str) -> bool:
    value = holder.get(name)
    return value is not None and not isinstance(value, Null)


_PREPARE: Final[dict[str, Callable[[Map, int, Map | None], Prepared]]] = {
    "EndpointSlice": _endpoint_slice,
    "HorizontalPodAutoscaler": _autoscaler,
    "Lease": _lease,
}
