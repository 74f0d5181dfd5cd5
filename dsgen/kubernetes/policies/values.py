"""The values of the variables of expressions, and what of them is not known before an object is created."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from dsgen.kubernetes.cel.activation import Activation, Shared
from dsgen.kubernetes.policies.evaluate import Inputs
from dsgen.kubernetes.policies.matching import NAMESPACE_NAME, Request
from dsgen.kubernetes.policies.seen import Seen
from dsgen.kubernetes.relations.selector import labels_in
from dsgen.tree import Map, Path

_LATER: Final = "which the API server sets"
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


def inputs_of(
    object: Seen, request: Request, namespace: Callable[[str], Map | None], parameter: Seen | None, version: str
) -> Inputs:
    """Return the values of variables where an object is created; the policy matches it in a `version` of its kind."""
    shared = object.shared
    if version != request.version:
        group = f"{request.group}/" if request.group else ""
        shared = Shared({**object.value, "apiVersion": f"{group}{version}"})
    unknown = {("object", *path): _LATER for path in object.unknown}
    if parameter is not None:
        unknown |= {("params", *path): _LATER for path in parameter.unknown}
        unknown |= {("params", "metadata", name): _LATER for name in ("resourceVersion", "generation")}
    space = _space(request, namespace, unknown)
    values = {
        "object": shared.value,
        "oldObject": None,
        "request": _request(request, version, unknown),
        "namespaceObject": space,
        "params": parameter.value if parameter else None,
    }
    every = {name: Shared(value) for name, value in values.items()} | {"object": shared}
    if parameter is not None:
        every["params"] = parameter.shared
    return Inputs(values, unknown, _same(frozenset(unknown.items())), Activation(every))


@lru_cache(maxsize=256)
def _same(gaps: frozenset[tuple[Path, str]]) -> frozenset[tuple[Path, str]]:
    """Return the first of equal sets: it takes long to compare others."""
    return gaps


def _request(request: Request, version: str, unknown: dict[Path, str]) -> dict[str, Any]:
    """Return the value of `request` (apiserver/pkg/admission/plugin/cel: CreateAdmissionRequest)."""
    stated = {"group": request.group, "version": request.version}
    matched = {**stated, "version": version}
    result: dict[str, Any] = {
        "kind": {**matched, "kind": request.kind},
        "resource": {**matched, "resource": request.resource},
        "requestKind": {**stated, "kind": request.kind},
        "requestResource": {**stated, "resource": request.resource},
        "operation": "CREATE",
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
