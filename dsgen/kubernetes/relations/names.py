"""References to objects that are in view under another name, in another namespace, or without the key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.references import Reference
from dsgen.kubernetes.relations.excerpt import Excerpt
from dsgen.kubernetes.relations.near import NearNames
from dsgen.kubernetes.relations.view import OwnedProblem, View
from dsgen.problem import Problem, code, comma_list, did_you_mean

MISMATCHED_NAMESPACE = code(
    "mismatched-reference-namespace",
    """An object refers by name to an object that is in another namespace. A pod can only use service accounts, config maps, secrets
    and claims in its own namespace, and a RoleBinding only roles in its own namespace; a binding finds an account in the namespace
    that its subject sets. If an object with this name exists in the right namespace too, also pass its manifest to dsgen.
    `optional: true` allows it.""",
    "warning",
)
UNKNOWN_REFERENCE = code(
    "unknown-reference",
    """An object refers to a name that no object has. Another object, which nothing refers to, has a similar name, or is a role of
    the other kind. If the object exists in the cluster, also pass its manifest to dsgen, or ignore this. `optional: true` allows
    it.""",
    "warning",
)
UNKNOWN_REFERENCE_KEY = code(
    "unknown-reference-key",
    """A variable or a volume refers to a key that the config map or secret does not have. The kubelet does not start the container.
    `optional: true` allows it. Objects without any keys are not checked, because something in the cluster fills them.""",
    "warning",
)
# Things that no object is.
_NOT_OBJECTS: Final = frozenset({"API", "NodeLabel"})
_OTHER_KIND: Final = {"Role": "ClusterRole", "ClusterRole": "Role"}


def findings(view: View) -> Iterator[OwnedProblem]:
    """Yield what is wrong with references, each to the same object once for each object that refers to it."""
    near = _Unused(view)
    for each in view.all:
        seen: set[Reference] = set()
        for reference in each.references:
            which = reference._replace(origin=None)
            if reference.kind not in _NOT_OBJECTS and not reference.optional and which not in seen:
                seen.add(which)
                problem = _problem(view, each, reference, near)
                if problem:
                    yield OwnedProblem(each, problem)


def _problem(view: View, each: Excerpt, reference: Reference, near: _Unused) -> Problem | None:
    kind, name, namespace = reference.kind, reference.name, reference.namespace
    known = view.find(kind, namespace, name)
    if known:
        return _missing_key(each, reference, known)
    if namespace:
        other = next(view.elsewhere(kind, namespace, name), None)
        if other:
            found = f"{kind} {name} is in the namespace {other.namespace}{other.place}, not in {namespace}"
            hint = f"use one namespace for both, or create {kind} {name} in {namespace} too"
            return MISMATCHED_NAMESPACE.at(reference.origin, found, hint=hint, file=each.file)
    if kind in _OTHER_KIND:
        wrong = view.find(_OTHER_KIND[kind], each.namespace if kind == "ClusterRole" else "", name)
        if wrong:
            found = f"there is no {kind} {name}, but there is {wrong[0].shown}{wrong[0].place}"
            hint = f"write `kind: {_OTHER_KIND[kind]}`, or rename one of the two"
            return UNKNOWN_REFERENCE.at(reference.origin, found, hint=hint, file=each.file)
    close = near.find(kind, namespace, name)
    if close:
        found = f"there is no {kind} {name}, and nothing refers to {close.shown}{close.place}"
        return UNKNOWN_REFERENCE.at(reference.origin, found, hint=f"did you mean `{close.name}`?", file=each.file)
    return None


def _missing_key(each: Excerpt, reference: Reference, known: list[Excerpt]) -> Problem | None:
    keys = list(dict.fromkeys(key for other in known for key in other.keys))
    missing = (
        next((key for key in reference.keys if key not in keys), None) if all(each.keys for each in known) else None
    )
    if missing is None:
        return None
    found = f"{known[0].shown}{known[0].place} has no key `{missing}`"
    hint = did_you_mean(missing, keys) or f"known keys: {comma_list(keys)}"
    return UNKNOWN_REFERENCE_KEY.at(reference.origin, found, hint=hint, file=each.file)


class _Unused:
    """The objects that nothing refers to, by names close to theirs."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._used: set[tuple[str, str, str]] | None = None
        self._near: dict[tuple[str, str], NearNames] = {}

    def find(self, kind: str, namespace: str, name: str) -> Excerpt | None:
        """Return an object of this kind and namespace whose name is close to `name`, or None."""
        objects = self._view.kinds.get(kind, {}).get(namespace)
        if not objects:
            return None
        if self._used is None:
            every = (reference for each in self._view.all for reference in each.references)
            self._used = {(each.kind, each.namespace, each.name) for each in every}
        if (kind, namespace) not in self._near:
            unused = (each.name for each in objects if (kind, namespace, each.name) not in self._used)
            self._near[kind, namespace] = NearNames(unused)
        close = self._near[kind, namespace].near(name)
        return next(iter(self._view.find(kind, namespace, close)), None) if close else None
