"""Shorten a layer: from its long form to the short forms of the profile language."""

from __future__ import annotations

from typing import Any, Final

from dsgen.importer.shorten.extension import is_name_alone
from dsgen.importer.shorten.nodes import require_terms
from dsgen.importer.shorten.profile import COMPANIONS, with_mounts
from dsgen.importer.shorten.short import is_unambiguous, named, short, short_rules
from dsgen.profile.schema import PROFILE
from dsgen.resolve.layers import WHOLE
from dsgen.tree import List, Map, Null, Text, Value, origin_of

_FIRST: Final = ("extends", "name", "namespace", "labels", "daemonSetLabels", "annotations", "daemonSetAnnotations", "standardLabels", "selector", "podLabels",
                 "podAnnotations", "nodes", "updateStrategy", "minReadySeconds", "revisionHistoryLimit", "initContainers", "containers",
                 "volumes")  # fmt: skip
_LAST: Final = (*COMPANIONS, "manifest", "variants")


def short_layer(layer: Map) -> Map:
    """Return a layer with short forms, and its keys in the order of the profile language."""
    result = Map((), layer.origin, "profile")
    for key, value in sorted(layer.items(), key=lambda item: _place(item[0].removesuffix("+"))):
        name = Text.at("update", origin_of(key)) if key == "updateStrategy" else key
        result[name] = value if isinstance(value, Null) else _short(key.removesuffix("+"), value)
    return result


def _place(key: str) -> int:
    if key in _FIRST:
        return _FIRST.index(key)
    return len(_FIRST) + (1 + _LAST.index(key) if key in _LAST else 0)


def _short(key: str, value: Any) -> Any:
    if key in ("containers", "initContainers"):
        return with_mounts(named(value, "Container", "name", whole=False))
    if key == "volumes":
        return named(value, "Volume", "name", whole=False)
    if key == "nodes":
        return _nodes(value)
    if key == "variants":
        return value.with_items((name, short_layer(each)) for name, each in value.items())
    if key == "selector":
        return next(iter(value.values())) if value.keys() in ({"matchLabels"}, {"names"}) else value
    if key in ("namespace", "serviceAccount"):
        return _existing(value)
    notation = PROFILE["schema"][key].get("kubernetes", "")
    return short(value, notation, ("profile", key) in WHOLE) if notation and key not in _LAST else value


def _nodes(nodes: Map) -> Map:
    result = Map((), nodes.origin, "nodes")
    for key, value in nodes.items():
        if isinstance(value, List):
            plain = key.removesuffix("+")
            if plain in ("os", "arch") and len(value) == 1 and plain == key:
                result[key] = value[0]
            elif plain == "require":
                result[key] = require_terms(value)
            else:
                notation = {"tolerate": "[Toleration]", "prefer": "[PreferredSchedulingTerm]"}.get(plain, "[str]")
                result[key] = short(value, notation)
        else:
            result[key] = value
    return result


def _existing(value: Map) -> Value:
    """Return the name of an existing namespace or service account, or its map with rules in their short form."""
    if is_name_alone(value) and is_unambiguous(value["name"]):
        return value["name"]
    rules = ("clusterRules", "namespaceRules")
    items = (
        (key, short_rules(child) if key.removesuffix("+") in rules and isinstance(child, List) else child)
        for key, child in value.items()
    )
    return value.with_items(items)
