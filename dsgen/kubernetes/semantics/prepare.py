"""What the API server changes in an object without pods before it validates it: it merges the values of a Secret, drops fields whose
feature gate is off, and sets both data sources of a claim (pkg/apis/core/v1: Convert_v1_Secret_To_core_Secret, pkg/registry:
PrepareForCreate, PrepareForUpdate).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from operator import is_not
from typing import Final

from dsgen.kubernetes.schema.fields import minor_number
from dsgen.kubernetes.semantics.device_requests import DEVICES, without_disabled
from dsgen.kubernetes.semantics.drop_disabled_fields import Dropped
from dsgen.kubernetes.semantics.equality import semantic_equal
from dsgen.kubernetes.semantics.feature_gates import (
    IN_HINTS,
    IN_LEASE,
    IN_SCALING_RULES,
    IN_SPEC,
    OTHER_NAMESPACES,
)
from dsgen.record import Record
from dsgen.tree import List, Map, Path, Text, origin_of, place_of

CLAIM: Final = "PersistentVolumeClaim"
SNAPSHOT: Final = ("snapshot.storage.k8s.io", "VolumeSnapshot")
_SHARED: Final = ("apiGroup", "kind", "name")
TOPOLOGY: Final = "deprecatedTopology"
# The directions in which an autoscaler scales.
DIRECTIONS: Final = ("scaleDown", "scaleUp")


class Ignored(Record):
    """A field that the server drops although no gate is off: why, and what to do."""

    path: Path
    why: str
    hint: str


class Prepared(Record):
    """An object as the server validates it, and what it drops: fields of gates, and others."""

    root: Map
    dropped: list[Dropped]
    ignored: list[Ignored]


def prepared(root: Map, kind: str, minor: str, old: Map | None = None) -> Prepared:
    """Return a decoded object of a `kind` as the server of `minor` validates it when it replaces `old`, if there is one."""
    prepare = _PREPARE.get(kind)
    return prepare(root, minor_number(minor), old) if prepare else Prepared(root, [], [])


def as_stored(root: Map, kind: str) -> Map:
    """Return an object that the server has stored as it compares it with what replaces it."""
    if kind == "Secret":
        return _with_merged_data(root)
    spec = root.child("spec")
    return root if spec is None or kind != CLAIM else root.replaced("spec", _with_both_sources(spec))


def _lease(root: Map, minor: int, old: Map | None) -> Prepared:
    spec, before = root.map("spec"), Map() if old is None else old.map("spec")
    found = [(name, gate) for name, gate in IN_LEASE.items() if gate.is_off(minor) and not before.is_set(name)]
    off = [Dropped(("spec", name), gate) for name, gate in found if spec.is_set(name)]
    names = [str(each.path[-1]) for each in off]
    return Prepared(root.replaced("spec", spec.without(*names)) if off else root, off, [])


def _autoscaler(root: Map, minor: int, old: Map | None) -> Prepared:
    name, gate = "tolerance", IN_SCALING_RULES["tolerance"]
    spec = root.map("spec")
    behavior = spec.map("behavior")
    used = [] if old is None else [old.map("spec", "behavior", each) for each in DIRECTIONS]
    if not gate.is_off(minor) or any(each.is_set(name) for each in used):
        return Prepared(root, [], [])
    off = [Dropped(("spec", "behavior", each, name), gate) for each in DIRECTIONS if behavior.map(each).is_set(name)]
    changes = {each: behavior.map(each).without(name) for each in DIRECTIONS if behavior.map(each).is_set(name)}
    changed = root.replaced("spec", spec.replaced("behavior", behavior.updated(changes))) if off else root
    return Prepared(changed, off, [])


def _endpoint_slice(root: Map, minor: int, old: Map | None) -> Prepared:
    name, gate = "forNodes", IN_HINTS["forNodes"]
    before = [] if old is None else old.maps("endpoints")
    endpoints, off = root.maps("endpoints"), list[Dropped]()
    others: list[Ignored] = []
    if gate.is_off(minor) and not any(each.map("hints").is_set(name) for each in before):
        off = [Dropped(("endpoints", index, "hints", name), gate) for index in _setting(endpoints, "hints", name)]
        endpoints = [
            each.replaced("hints", each.map("hints").without(name)) if each.map("hints").is_set(name) else each
            for each in endpoints
        ]
    if old is None or not semantic_equal(List(endpoints), old.get("endpoints"), "endpoints"):
        others = [_old_topology(index) for index, each in enumerate(endpoints) if each.get(TOPOLOGY)]
        endpoints = [each.without(TOPOLOGY) if TOPOLOGY in each else each for each in endpoints]
    if not any(map(is_not, endpoints, root.maps("endpoints"))):
        return Prepared(root, [], [])
    return Prepared(root.replaced("endpoints", List(endpoints, origin_of(root["endpoints"]))), off, others)


def _old_topology(index: int) -> Ignored:
    why = "which only the removed version `v1beta1` has"
    return Ignored(("endpoints", index, TOPOLOGY), why, "use `nodeName` and `zone`")


def _setting(items: list[Map], field: str, name: str) -> Iterator[int]:
    return (index for index, each in enumerate(items) if each.map(field).is_set(name))


def _claim(kind: str, root: Map, minor: int, old: Map | None) -> Prepared:
    changed, off = without_disabled(root, kind, minor, old)
    return Prepared(changed, off, [])


def _secret(root: Map, minor: int, old: Map | None) -> Prepared:
    return Prepared(_with_merged_data(root), [], [])


def _of_storage(kind: str, root: Map, minor: int, old: Map | None) -> Prepared:
    spec = root.child("spec")
    if spec is None:
        return Prepared(root, [], [])
    before = Map() if old is None else old.map("spec")
    gates = {name: gate for name, gate in IN_SPEC[kind].items() if gate.is_off(minor)}
    if spec.map("dataSourceRef").get("namespace"):
        gates["dataSourceRef"] = OTHER_NAMESPACES
    off = [
        Dropped(("spec", name), gate) for name, gate in gates.items() if spec.is_set(name) and not before.is_set(name)
    ]
    kept = spec.without(*(str(each.path[-1]) for each in off))
    ignored: list[Ignored] = []
    if kind == CLAIM:
        if not _has_source(before) and not kept.is_set("dataSourceRef") and _is_foreign(kept.child("dataSource")):
            kept = kept.without("dataSource")
            why = "because it is neither a PersistentVolumeClaim nor a VolumeSnapshot"
            hint = "use `dataSourceRef`, which can refer to other kinds"
            ignored.append(Ignored(("spec", "dataSource"), why, hint))
        kept = _with_both_sources(kept)
    return Prepared(root.replaced("spec", kept), off, ignored)


def _with_both_sources(spec: Map) -> Map:
    """Return the spec of a claim with `dataSource` and `dataSourceRef`, each of which the server derives from the other."""
    source, reference = spec.child("dataSource"), spec.child("dataSourceRef")
    if source is not None and reference is None:
        return spec.replaced("dataSourceRef", _shared(source))
    if reference is not None and source is None and not reference.get("namespace"):
        return spec.replaced("dataSource", _shared(reference))
    return spec


def _shared(source: Map) -> Map:
    return source.with_items((name, value) for name, value in source.items() if name in _SHARED)


def _has_source(spec: Map) -> bool:
    return spec.is_set("dataSource") or spec.is_set("dataSourceRef")


def _is_foreign(source: Map | None) -> bool:
    """Return whether a data source is neither a claim nor a snapshot."""
    return source is not None and (source.get("apiGroup") or "", source.get("kind")) not in (("", CLAIM), SNAPSHOT)


def _with_merged_data(secret: Map) -> Map:
    """Return a Secret with the values of its `stringData` in its `data`."""
    texts = secret.map("stringData")
    if not texts:
        return secret.without("stringData")
    import base64

    merged = dict(secret.map("data"))
    for key, text in texts.items():
        merged.pop(key, None)  # the key of `stringData` has its own position
        encoded = base64.b64encode(str(text).encode("utf-8", "surrogatepass")).decode()
        merged[key] = Text.at(encoded, place_of(text))
    data = secret.child("data")
    place = place_of(texts if data is None else data)
    return secret.without("stringData").updated({"data": Map(merged, place)})


_PREPARE: Final[dict[str, Callable[[Map, int, Map | None], Prepared]]] = {
    "EndpointSlice": _endpoint_slice,
    "HorizontalPodAutoscaler": _autoscaler,
    "Lease": _lease,
    "Secret": _secret,
    **{kind: partial(_claim, kind) for kind in DEVICES},
    **{kind: partial(_of_storage, kind) for kind in IN_SPEC},
}
