"""Objects of a cluster that the cluster creates itself, so that nobody has to apply them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from dsgen.importer.read.objects import SourceObject
from dsgen.kubernetes.apply.allotted import is_live
from dsgen.kubernetes.schema.words import NAMESPACE_NAME
from dsgen.problem import Problem, code, comma_list
from dsgen.tree import Map, origin_of

CREATED_OBJECT = code(
    "created-object",
    """A controller or the API server creates some objects of a cluster itself, such as the pods of a DaemonSet or the ClusterRole `view`.
    `dsgen import` leaves them out.""",
    severity="note",
)
_SERVER: Final = "the API server"
_CONTROLLER: Final = "the controller manager"
# The label of the roles and bindings that every API server creates.
_BOOTSTRAPPING: Final = "kubernetes.io/bootstrapping"
# By kind, what every cluster, or every namespace, has.
_IN_EVERY_CLUSTER: Final = {
    "Namespace": ({"default", "kube-system", "kube-public", "kube-node-lease"}, _SERVER),
    "ServiceAccount": ({"default"}, _CONTROLLER),
    "ConfigMap": ({"kube-root-ca.crt"}, _CONTROLLER),
}
_DATA: Final = frozenset({"data"})


def creator(root: Map) -> str:
    """Return what creates an object of a cluster, or an empty string if somebody applies it.

    An object that somebody has changed, such as a namespace with labels, is not left to its creator.
    """
    metadata = root.map("metadata")
    for reference in metadata.maps("ownerReferences"):
        if reference.get("controller"):
            return f"{reference.get('kind')} {reference.get('name')}"
    if not is_live(root):
        return ""
    labels = metadata.map("labels")
    if _BOOTSTRAPPING in labels:
        return _SERVER
    kind = str(root.get("kind"))
    names, who = _IN_EVERY_CLUSTER.get(kind, (set[str](), ""))
    if metadata.get("name") not in names:
        return ""
    own = root.keys() - {"apiVersion", "kind", "metadata", "spec", "status"}
    is_changed = labels.keys() - {NAMESPACE_NAME} or (own - _DATA if kind == "ConfigMap" else own)
    return "" if is_changed else who


def created(given: Iterable[SourceObject]) -> Iterator[tuple[SourceObject, str]]:
    """Yield each object that the cluster creates itself, and what creates it."""
    for each in given:
        if who := creator(each.root):
            yield each, who


def left_to_creators(given: Iterable[tuple[SourceObject, str]]) -> Iterator[Problem]:
    """Yield a note for each creator about its objects."""
    of_each: dict[str, list[SourceObject]] = {}
    for each, who in given:
        of_each.setdefault(who, []).append(each)
    for who, objects in of_each.items():
        names = [f"{each.kind} {each.namespace}{each.namespace and '/'}{each.name}" for each in objects]
        verb = "it is" if len(names) == 1 else "they are"
        yield CREATED_OBJECT.at(
            origin_of(objects[0].root.get("kind")), f"{who} creates {comma_list(names)}, so {verb} not imported"
        )
