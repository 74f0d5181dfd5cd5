"""What the API server changes in an object without pods before it validates it: it merges the values of a Secret, drops fields whose
feature gate is off, and sets both data sources of a claim (pkg/apis/core/v1: Convert_v1_Secret_To_core_Secret, pkg/registry:
PrepareForCreate, PrepareForUpdate).
"""

from __future__ import annotations

from typing import Final

from dsgen.kubernetes.schema.fields import minor_number
from dsgen.kubernetes.semantics.drop_disabled_fields import Dropped
from dsgen.kubernetes.semantics.feature_gates import IN_SPEC, OTHER_NAMESPACES
from dsgen.record import Record
from dsgen.tree import Map, Null, Path, Text, place_of

SECRET: Final = "Secret"
CLAIM: Final = "PersistentVolumeClaim"
SNAPSHOT: Final = ("snapshot.storage.k8s.io", "VolumeSnapshot")
_SHARED: Final = ("apiGroup", "kind", "name")


class Stored(Record):
    """An object as the server validates it: what it drops since a gate is off, and where there was something else that it drops."""

    root: Map
    dropped: list[Dropped]
    ignored: list[Path]


def stored(root: Map, minor: str, old: Map | None = None) -> Stored:
    """Return the decoded object as the server of `minor` stores it. What the object `old`, which it replaces, uses is kept."""
    kind, spec = str(root.get("kind")), root.child("spec")
    if kind == SECRET:
        return Stored(_with_merged_data(root), [], [])
    if kind not in IN_SPEC or spec is None:
        return Stored(root, [], [])
    before = Map() if old is None else old.map("spec")
    number = minor_number(minor)
    gates = {name: gate for name, gate in IN_SPEC[kind].items() if gate.since <= number < gate.on}
    if spec.map("dataSourceRef").get("namespace"):
        gates["dataSourceRef"] = OTHER_NAMESPACES
    off = [Dropped(("spec", name), gate) for name, gate in gates.items() if _is_new(spec, before, name)]
    kept = spec.without(*(str(each.path[-1]) for each in off))
    ignored: list[Path] = []
    if kind == CLAIM:
        if not _in_use(before) and not _is_set(kept, "dataSourceRef") and _is_foreign(kept.child("dataSource")):
            kept = kept.without("dataSource")
            ignored.append(("spec", "dataSource"))
        kept = _with_both_sources(kept)
    return Stored(root.replaced("spec", kept), off, ignored)


def as_stored(root: Map) -> Map:
    """Return an object that the server has stored as it compares it with what replaces it."""
    kind, spec = root.get("kind"), root.child("spec")
    if kind == SECRET:
        return _with_merged_data(root)
    return root if spec is None or kind != CLAIM else root.replaced("spec", _with_both_sources(spec))


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


def _in_use(spec: Map) -> bool:
    return _is_set(spec, "dataSource") or _is_set(spec, "dataSourceRef")


def _is_new(spec: Map, before: Map, name: str) -> bool:
    return _is_set(spec, name) and not _is_set(before, name)


def _is_set(spec: Map, name: str) -> bool:
    value = spec.get(name)
    return value is not None and not isinstance(value, Null)


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
