"""The values of the variables of expressions, and what of them is not known before an object is in the cluster."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import count
from typing import Any, Final

from dsgen.kubernetes.cel.activation import Activation, Shared
from dsgen.kubernetes.cel.sizes import Scale
from dsgen.kubernetes.policies.evaluator import PolicyInputs
from dsgen.kubernetes.policies.matching import CREATE, UPDATE, Request
from dsgen.kubernetes.policies.seen import Seen
from dsgen.kubernetes.relations.selector import labels_in
from dsgen.kubernetes.schema.words import NAMESPACE_NAME
from dsgen.tree import Map, Path

Gaps = frozenset[tuple[Path, str]]
_NOTHING: Final = Shared(None)
_LATER: Final = "which the API server sets"
_OLD: Final = "the object before an update, which only the cluster has"
# Of a Namespace: what its manifest does not have.
_OF_NAMESPACE: Final[tuple[Path, ...]] = (
    ("status",),
    ("spec",),
    *(
        ("metadata", name)
        for name in (
            "UID",
            "uid",
            "creationTimestamp",
            "resourceVersion",
            "generation",
            "finalizers",
            "deletionTimestamp",
        )
    ),
)


class Values:
    """The values of variables where an object is created or updated; a policy matches it in a `version` of its kind.

    They hold for all `operations`, but for that of the request, which is the first.
    """

    def __init__(
        self,
        object: Seen,
        request: Request,
        namespace: Callable[[str], Map | None],
        version: str,
        operations: Sequence[str] = (CREATE,),
    ) -> None:
        shared = object.shared
        if version != request.version:
            group = f"{request.group}/" if request.group else ""
            shared = Shared({**object.value, "apiVersion": f"{group}{version}"})
        unknown: dict[Path, str] = {("object", *path): _LATER for path in object.unknown}
        if UPDATE in operations:
            unknown |= {("oldObject",): _OLD, ("object", "metadata", "generation"): _LATER}
        space = _space(request, namespace, unknown)
        of_request = _request(request, version, operations[0], unknown)
        self._unknown = unknown
        self._gaps = _same(frozenset(unknown.items()))
        self._shared = {
            "object": shared,
            "oldObject": _NOTHING,
            "request": Shared(of_request),
            "namespaceObject": _NOTHING if space is None else Shared(space),
        }

    def inputs(self, parameter: Seen | None) -> PolicyInputs:
        """Return the inputs of a policy with a parameter, or with none."""
        shared = {**self._shared, "params": parameter.shared if parameter else _NOTHING}
        values = {name: each.value for name, each in shared.items()}
        unknown, gaps = self._unknown, self._gaps
        if parameter is not None:
            unknown = {**unknown, **_unknown_of(parameter.unknown)}
            gaps = _joined(gaps, parameter.unknown)
        activation = Activation(shared)
        return PolicyInputs(
            values, unknown, gaps, activation, _number(gaps, activation.scale) if activation.is_usable else 0
        )


@lru_cache(maxsize=256)
def _unknown_of(parameter: tuple[Path, ...]) -> dict[Path, str]:
    """Return the paths of a parameter that are not known."""
    found: dict[Path, str] = {("params", *path): _LATER for path in parameter}
    return found | {("params", "metadata", name): _LATER for name in ("resourceVersion", "generation")}


@lru_cache(maxsize=256)
def _joined(gaps: Gaps, parameter: tuple[Path, ...]) -> Gaps:
    return _same(gaps.union(_unknown_of(parameter).items()))


_NUMBERS: Final = count(1)


@lru_cache(maxsize=4096)
def _number(gaps: Gaps, scale: Scale) -> int:
    return next(_NUMBERS)


@lru_cache(maxsize=256)
def _same(gaps: Gaps) -> Gaps:
    """Return the first of equal sets: it takes long to compare others."""
    return gaps


def _request(request: Request, version: str, operation: str, unknown: dict[Path, str]) -> dict[str, Any]:
    """Return the value of `request` (apiserver/pkg/admission/plugin/cel: CreateAdmissionRequest)."""
    stated = {"group": request.group, "version": request.version}
    matched = {**stated, "version": version}
    result: dict[str, Any] = {
        "kind": {**matched, "kind": request.kind},
        "resource": {**matched, "resource": request.resource},
        "requestKind": {**stated, "kind": request.kind},
        "requestResource": {**stated, "resource": request.resource},
        "operation": operation,
        "dryRun": False,
    }
    for name, known in (("name", request.name), ("namespace", request.namespace)):
        if known is None:
            unknown["request", name] = f"and the object has no `metadata.{name}`"
        elif known:
            result[name] = known
    return result


def _space(request: Request, namespace: Callable[[str], Map | None], unknown: dict[Path, str]) -> dict[str, Any] | None:
    """Return the value of `namespaceObject`: of the Namespace of the object, if it is in one."""
    if not request.is_namespaced:
        return None
    if request.namespace is None:
        unknown["namespaceObject",] = "and the object has no `metadata.namespace`"
        return None
    root = namespace(request.namespace)
    unknown |= {("namespaceObject", *path): _LATER for path in _OF_NAMESPACE}
    metadata: dict[str, Any] = {"name": request.namespace, "labels": {NAMESPACE_NAME: request.namespace}}
    if root is None:
        why = f"and Namespace {request.namespace} is not among the objects"
        unknown["namespaceObject", "metadata", "annotations"] = why
        unknown["namespaceObject", "metadata", "labels"] = why
    else:
        stated = root.map("metadata")
        metadata["labels"] = {**labels_in(stated.map("labels")), NAMESPACE_NAME: request.namespace}
        if stated.map("annotations"):
            metadata["annotations"] = labels_in(stated.map("annotations"))
    return {"metadata": metadata}
