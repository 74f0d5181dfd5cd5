"""`manifest`, the escape hatch: merged over a rendered object, in Kubernetes' form, by the rules of layers."""

from __future__ import annotations

from dsgen.kubernetes.schema import fields
from dsgen.problem import Reporter
from dsgen.profile.typed import NAMED, by_name, to_kubernetes_list
from dsgen.resolve.layers import merge, plain_key
from dsgen.tree import List, Map, Null, Value


def merge_manifest(tree: Map, manifest: Map, report: Reporter) -> Map:
    """Return the DaemonSet `tree` with `manifest` merged over it: named lists by name, other lists replaced."""
    return _without_names(merge(_typed(tree, "DaemonSet"), manifest, report))


def _keyed(value: Value, notation: str, name: str) -> Value:
    """Return the value with types added, and with lists of named entries as maps by name."""
    if isinstance(value, List) and notation.startswith("["):
        entries = List((_keyed(entry, notation[1:-1], "") for entry in value), value.origin)
        return by_name(entries, name, f"<{name}:{notation[1:-1]}>") if name else entries
    return _typed(value, notation) if isinstance(value, Map) else value


def _typed(value: Map, notation: str) -> Map:
    known = fields.any_version().get(notation, {})
    inner = notation[1:-1] if notation.startswith("{") else ""
    items = (
        (key, _keyed(child, known.get(key, inner), NAMED.get((notation, key), ""))) for key, child in value.items()
    )
    return Map(items, value.origin, notation)


def _listed(value: Value) -> Value:
    """Return the value with maps by name converted back to lists, and without nulls."""
    if isinstance(value, List):
        return List((_listed(entry) for entry in value), value.origin)
    if not isinstance(value, Map):
        return value
    result = _without_names(value)
    return to_kubernetes_list(result) if value.type.startswith("<") else result


def _without_names(value: Map) -> Map:
    return value.with_items(
        (plain_key(key, value), _listed(child)) for key, child in value.items() if not isinstance(child, Null)
    )
