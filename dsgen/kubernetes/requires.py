"""What a cluster must provide for objects to work: everything that they refer to and that is not among them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from dsgen.kubernetes.built_in import DROPPED_FIELD
from dsgen.kubernetes.pod_security import LEVELS, level
from dsgen.kubernetes.pod_security.template import pods_of
from dsgen.kubernetes.references import Reference, references
from dsgen.kubernetes.schema import fields
from dsgen.kubernetes.schema.fields.versions import Words, span
from dsgen.kubernetes.schema.paths import pod_template
from dsgen.kubernetes.validate import validate
from dsgen.origin import Origin
from dsgen.problem import Problem
from dsgen.record import Record
from dsgen.tree import Map, origin_of

_SPANS: Final[Words] = ("{first} or later", "{last} or earlier", "only {first}", "{first} to {last}")
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
    made = {(each.text("kind"), _namespace(each), each.map("metadata").text("name")) for each in objects}
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


def more_requirements(objects: Sequence[Map], minor: str = fields.DEFAULT) -> list[RequiredObject]:
    """Return what the objects need of the cluster besides other objects, by kind and name.

    That is the `Kubernetes` versions, if not every one that dsgen knows accepts the objects as they are; each `Image` of a container or a volume;
    each `Taint` that pods tolerate, which is `optional`; and of the namespaces that every cluster has, or that are not set, the `Namespace`
    with its level.
    """
    found: dict[tuple[str, str], Reference] = {}
    for each in (need for object in objects for need in _of_pods(object)):
        found.setdefault((each.kind, each.name), each)
    made = {each.map("metadata").text("name") for each in objects if each.get("kind") == "Namespace"}
    result = [RequiredObject(found[key]) for key in sorted(found)]
    for namespace, strictest in sorted(_levels(objects, minor).items()):
        if namespace in _NAMESPACES - made or not namespace:
            result.append(RequiredObject(Reference("Namespace", namespace), strictest))
    versions = _versions(objects)
    return [RequiredObject(versions), *result] if versions else result


def _of_pods(object: Map) -> Iterator[Reference]:
    template = pod_template(object)
    pod = object.map(*template, "spec") if template is not None else Map()
    for group in ("initContainers", "containers"):
        for container in pod.maps(group):
            image = container.get("image")
            if isinstance(image, str):
                yield Reference("Image", str(image), origin=origin_of(image))
    for volume in pod.maps("volumes"):
        image = volume.map("image").get("reference")
        if isinstance(image, str):
            yield Reference("Image", str(image), origin=origin_of(image))
    for toleration in pod.maps("tolerations"):
        yield Reference("Taint", _taint(toleration), optional=True, origin=origin_of(toleration))


def _taint(toleration: Map) -> str:
    """Return the taints that a toleration is for, as `kubectl` writes them; `*` is any key."""
    key, value, effect = (toleration.text(name) for name in ("key", "value", "effect"))
    return f"{key or '*'}{'=' if value else ''}{value}{':' if effect else ''}{effect}"


def _versions(objects: Sequence[Map]) -> Reference | None:
    """Return which versions accept the objects and drop nothing of them; None if all do, or none."""
    refused: dict[str, Problem] = {}
    for minor in fields.MINORS:
        problems = (problem for each in objects for problem in validate(each, minor))
        first = next((each for each in problems if each.severity == "error" or each.code == DROPPED_FIELD.name), None)
        if first:
            refused[minor] = first
    suited = [minor for minor in fields.MINORS if minor not in refused]
    if not refused or not suited:
        return None
    oldest, newest = (fields.MINORS.index(suited[end]) for end in (0, -1))
    if len(suited) != newest - oldest + 1:
        return None
    # Where what the nearest older version, or else the next newer one, does not know is set.
    why = refused[fields.MINORS[oldest - 1 if oldest else newest + 1]]
    place = Origin(why.file, why.line, why.column, why.end_line, why.end_column) if why.line else None
    return Reference("Kubernetes", span(suited, _SPANS), origin=place)


def _levels(objects: Sequence[Map], minor: str) -> dict[str, str]:
    """Return the strictest level that admits all pods of a namespace."""
    found: dict[str, set[str]] = {}
    for each in objects:
        pods = pods_of(each, minor)
        if pods:
            found.setdefault(_namespace(each), set()).add(level(pods.root, minor, kind=pods.kind))
    return {namespace: next(each for each in LEVELS if each in levels) for namespace, levels in found.items()}


def _namespace(object: Map) -> str:
    return object.map("metadata").text("namespace")
