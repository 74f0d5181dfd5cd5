"""`manifest`, the last resort: merged over a finished object, in its own form, by the rules of layers."""

from __future__ import annotations

from dsgen.kubernetes.schema import fields
from dsgen.problem import Reporter
from dsgen.profile.typed import NAMED, by_name, listed
from dsgen.resolve.layers import merge, plain_key
from dsgen.tree import List, Map, Null, Value


def merge_manifest(tree: Map, manifest: Value, report: Reporter) -> Map:
    """Return the DaemonSet `tree` with `manifest` merged over it: named lists by name, other lists replaced."""
    assert isinstance(manifest, Map)
    keyed = _keyed(tree, "DaemonSet")
    assert isinstance(keyed, Map)
    result = _listed(merge(keyed, manifest, report))
    assert isinstance(result, Map)
    return result


def _keyed(value: Value, notation: str, name: str = "") -> Value:
    """Return the value with its types noted, and with lists of named things as maps by name."""
    if isinstance(value, List) and notation.startswith("["):
        entries = List((_keyed(entry, notation[1:-1]) for entry in value), value.origin)
        return by_name(entries, name, f"<{name}:{notation[1:-1]}>") if name else entries
    if isinstance(value, Map):
        known = fields.load().types.get(notation, {})
        inner = notation[1:-1] if notation.startswith("{") else ""
        items = (
            (key, _keyed(child, known.get(key, inner), NAMED.get((notation, key), ""))) for key, child in value.items()
        )
        return Map(items, value.origin, notation)
    return value


def _listed(value: Value) -> Value:
    """Return the value with maps by name as lists again, and without nulls."""
    if isinstance(value, List):
        return List((_listed(entry) for entry in value), value.origin)
    if not isinstance(value, Map):
        return value
    items = [(plain_key(key, value), _listed(child)) for key, child in value.items() if not isinstance(child, Null)]
    result = value.with_items(items)
    return listed(result) if value.type.startswith("<") else result
