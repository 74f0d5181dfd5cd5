"""Objects that are there twice, and controllers that select the pods of each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.relations.excerpt import Excerpt
from dsgen.kubernetes.relations.view import OwnedProblem, View
from dsgen.problem import code

DUPLICATE_MANIFEST = code(
    "duplicate-manifest",
    """A file or a stream contains two manifests of the same object (kind, namespace and name). `kubectl apply` applies both, and
    the last one wins. Helm, Kustomize and Flux reject both.""",
    "warning",
)
CONFLICTING_MANIFESTS = code(
    "conflicting-manifests",
    """Two files contain the same object (kind, namespace and name) with different content: whichever is applied last wins. Validate
    files for different clusters separately. This is reported once. dsgen then checks the relations between objects for each file
    separately, except for Pod Security.""",
    "warning",
)
OVERLAPPING_SELECTORS = code(
    "overlapping-pod-selectors",
    """Two workloads in one namespace select the pods of one of them. While both exist, each manages only its own pods, because of
    their owner references. But either of them can adopt a pod without an owner, and a Service, a budget or `kubectl logs
    --selector` for one of them selects the pods of both. A selector is immutable. Source: pkg/controller: ClaimObject.""",
    "warning",
)
# The kinds that find their pods by a selector that users write.
_CONTROLLERS: Final = ("DaemonSet", "Deployment", "StatefulSet", "ReplicaSet", "ReplicationController")
_LET_ONE: Final = "remove or rename one of the two"
_APART: Final = "remove one of the two; if they are for different clusters, validate each cluster separately"


def findings(view: View) -> Iterator[OwnedProblem]:
    """Yield the objects that one file has twice, and the workloads whose selectors overlap."""
    for same in _same(view):
        first: dict[str, Excerpt] = {}
        for each in same:
            before = first.setdefault(each.source, each)
            if before is not each:
                line = before.origin.line if before.origin else 0
                found = f"duplicate manifest of {each.shown}, first in line {line}"
                yield OwnedProblem(each, DUPLICATE_MANIFEST.at(each.origin, found, hint=_LET_ONE, file=each.file))
    yield from _overlapping(view)


def conflict(view: View) -> OwnedProblem | None:
    """Return a problem if files have the same objects with different content; they are hardly all for one cluster."""
    pairs = []
    for same in _same(view):
        other = next((each for each in same if each.source != same[0].source and each.content != same[0].content), None)
        if other:
            pairs.append((same[0], other))
    if not pairs:
        return None
    before, each = pairs[0]
    others = len(pairs) - 1
    more = f"; {others} more {'object differs' if others == 1 else 'objects differ'} too" if others else ""
    found = f"{each.shown} has different content in {before.place[2:-1]}{more}"
    return OwnedProblem(each, CONFLICTING_MANIFESTS.at(each.origin, found, hint=_APART, file=each.file))


def _same(view: View) -> Iterator[list[Excerpt]]:
    """Yield the manifests of each object that has several."""
    for (_, name), namespaces in view.named.items():
        for same in namespaces.values():
            stated = [each for each in same if each.content] if name and len(same) > 1 else []
            if len(stated) > 1:
                yield stated


def _overlapping(view: View) -> Iterator[OwnedProblem]:
    seen: set[tuple[int, int]] = set()
    for kind in _CONTROLLERS:
        for namespace, objects in view.kinds.get(kind, {}).items():
            for each in objects:
                selector = None if each.owned else each.selector
                if selector and selector.labels and view.pods.fewest(selector) < 2:
                    continue  # nearly always: nothing but its own pods has the label
                selected = view.pods.select(selector, (namespace,)) if selector and not selector.is_empty else ()
                other = next((other for other in selected if _is_another(each, other)), None)
                if other is None or (id(other), id(each)) in seen:
                    continue
                seen.add((id(each), id(other)))
                found = f"also selects the pods of {other.shown}{other.place}"
                hint = "add a label that the other does not have to the selector and the pods of one of the two"
                place = selector.origin if selector else None
                yield OwnedProblem(each, OVERLAPPING_SELECTORS.at(place, found, hint=hint, file=each.file))


def _is_another(each: Excerpt, other: Excerpt) -> bool:
    same = (each.kind, each.name) == (other.kind, other.name)
    return not same and not other.owned and other.kind in _CONTROLLERS and each.namespace == other.namespace
