"""An object as the API server stores it and returns it: with its defaults, both names of the service account, and canonical quantities.

Server-side apply compares values as they are written, so a field that the server writes in another way is a conflict.
"""

from __future__ import annotations

from operator import is_
from typing import Any

from dsgen.kubernetes.schema import fields, quantity
from dsgen.kubernetes.semantics.defaults import defaulted
from dsgen.tree import List, Map, Null, Text, origin_of


def stored(root: Map, minor: str, kind: str) -> Map:
    """Return a decoded object of a `kind` as the API server writes what it sets. `root` is not changed."""
    whole = _written(defaulted(root, minor, kind), kind, fields.of(kind, minor).types)
    assert isinstance(whole, Map)
    return whole


def _written(value: Any, type: str, types: dict[str, dict[str, str]]) -> Any:
    if type == "Quantity":
        return value if isinstance(value, Null) else _quantity(value)
    if isinstance(value, Map):
        inner, known = type[1:-1] if type.startswith("{") else "", types.get(type, {})
        changes = {}
        for key, child in value.items():
            written = _written(child, inner or known.get(key, "any"), types)
            if written is not child:
                changes[key] = written
        if type == "PodSpec":
            changes |= _account(value)
        elif type == "StatefulSetSpec" and "volumeClaimTemplates" in value:
            claims = changes.get("volumeClaimTemplates", value["volumeClaimTemplates"])
            changes["volumeClaimTemplates"] = claims.with_maps(_claim) if isinstance(claims, List) else claims
        return value.updated(changes) if changes else value
    if isinstance(value, List):
        items = [_written(each, type[1:-1] if type.startswith("[") else "any", types) for each in value]
        return value if all(map(is_, items, value)) else List(items, value.origin)
    return value


def _quantity(value: Any) -> Any:
    """Return a quantity as a string in its canonical form: `1000m` is "1"."""
    text = str(quantity.parse(value))
    if isinstance(value, Text) and value == text and not value.plain:
        return value
    return Text.at(text, origin_of(value))


def _claim(claim: Map) -> Map:
    """Return a claim template with what the server sets in it (pkg/apis/apps/v1: Convert_apps_StatefulSetSpec_To_v1_StatefulSetSpec)."""
    status = Map([("phase", Text("Pending")), *claim.map("status").items()])
    return claim.updated({"apiVersion": Text("v1"), "kind": Text("PersistentVolumeClaim"), "status": status})


def _account(pod: Map) -> dict[str, Any]:
    """Return the service account under its old and its new name (pkg/apis/core/v1: Convert_core_PodSpec_To_v1_PodSpec)."""
    name = pod.get("serviceAccountName") or pod.get("serviceAccount")
    return {"serviceAccountName": name, "serviceAccount": name} if name else {}
