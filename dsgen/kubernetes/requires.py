"""What a cluster must provide for objects to work: everything that they refer to and that is not among them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dsgen.kubernetes.pod_security import LEVELS, level
from dsgen.kubernetes.pod_security.template import pods_of
from dsgen.kubernetes.references import Reference, references
from dsgen.kubernetes.schema import fields
from dsgen.record import Record
from dsgen.tree import Map, Value

# What every cluster has.
_NAMESPACES: Final = frozenset({"default", "kube-system", "kube-public", "kube-node-lease"})


class RequiredObject(Record):
    """Something that must be there, and if it is a namespace, the strictest Pod Security level that it may enforce; empty without pods.

    The origin of the `reference` is where it is first referred to, and where it may not be missing, first needed.
    """

    reference: Reference
    level: str = ""


def requires(objects: Sequence[Map], minor: str = fields.DEFAULT) -> list[RequiredObject]:
    """Return what the objects need and none of them is, by kind and name."""
    made = {(_text(each.get("kind")), _namespace(each), _text(each.map("metadata").get("name"))) for each in objects}
    found: dict[tuple[str, str, str], Reference] = {}
    for each in (need for object in objects for need in references(object)):
        if (each.kind, each.namespace, each.name) in made or (each.kind == "Namespace" and each.name in _NAMESPACES):
            continue
        key = (each.kind, each.namespace, each.name)
        known = found.get(key, each)
        if known.optional == each.optional:
            found[key] = known._replace(keys=tuple(dict.fromkeys((*known.keys, *each.keys))))
        elif known.optional:
            # A key of an optional object is not needed either.
            found[key] = each
    levels = _levels(objects, minor)
    return [
        RequiredObject(found[key], levels.get(key[2], "") if key[0] == "Namespace" else "") for key in sorted(found)
    ]


def _levels(objects: Sequence[Map], minor: str) -> dict[str, str]:
    """Return the strictest level that admits all pods of a namespace."""
    found: dict[str, set[str]] = {}
    for each in objects:
        pods = pods_of(each, minor)
        if pods:
            found.setdefault(_namespace(each), set()).add(level(pods.root, minor, kind=pods.kind))
    return {namespace: next(each for each in LEVELS if each in levels) for namespace, levels in found.items()}


def _namespace(object: Map) -> str:
    return _text(object.map("metadata").get("namespace"))


def _text(value: Value | None) -> str:
    return str(value) if isinstance(value, str) else ""
