"""The parameters of a binding (apiserver/pkg/admission/plugin/policy/generic: CollectParams)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsgen.kubernetes.policies.matching import Request
from dsgen.kubernetes.policies.policy import Binding, Parameters, Policy
from dsgen.kubernetes.policies.request import request_of
from dsgen.kubernetes.policies.seen import Seen, seen
from dsgen.kubernetes.policies.view import LayeredObjects
from dsgen.kubernetes.relations.selector import labels_in
from dsgen.record import Record
from dsgen.tree import Map

if TYPE_CHECKING:
    from dsgen.kubernetes.custom.definitions import Definitions


class NotFound(Record):
    """Why there are no parameters. If it is `unknown` what the API server does, it is not that it refuses the object."""

    why: str
    unknown: bool = False
    hint: str = ""


def parameters(
    view: LayeredObjects,
    policy: Policy,
    binding: Binding,
    request: Request,
    minor: str,
    definitions: Definitions | None,
) -> list[Seen | None] | NotFound:
    """Return the parameters of a binding for a request: None for one without."""
    if policy.param_kind is None or binding.parameters is None:
        return [None]
    # The same for all objects in a namespace. The binding is kept: its identity is part of the key.
    key = id(binding.root), minor, request.namespace
    if key not in view.known:
        view.known[key] = _parameters(view, policy, binding.parameters, request, minor, definitions)
    found: list[Seen | None] | NotFound = view.known[key]
    return found


def _parameters(
    view: LayeredObjects,
    policy: Policy,
    reference: Parameters,
    request: Request,
    minor: str,
    definitions: Definitions | None,
) -> list[Seen | None] | NotFound:
    version, kind = policy.param_kind or ("", "")
    known = [each for each in view.objects(kind) if each.get("apiVersion") == version]
    is_namespaced = _is_namespaced(version, kind, known, view, minor, definitions)
    if reference.namespace and is_namespaced is False:
        return NotFound("paramRef.namespace must not be provided for a cluster-scoped `paramKind`")
    namespace: str | None = ""
    if is_namespaced is not False:
        namespace = reference.namespace or request.namespace
        if namespace is None:
            return NotFound(
                "the parameters are those of the object's namespace, and it has no `metadata.namespace`", unknown=True
            )
        if not namespace and is_namespaced:
            return NotFound("cannot use namespaced paramRef in policy binding that matches cluster-scoped resources")
    found = [each for each in known if _is_referred(each, reference, namespace)]
    if not found:
        hint = f"list the file with the {kind} under `policies` in dsgen.yaml, or pass it together with the objects"
        if reference.denies and policy.fails:
            return NotFound("no params found for policy binding with `Deny` parameterNotFoundAction", hint=hint)
        what = f"{kind} {reference.name}" if reference.name else f"a {kind} that the selector matches"
        return NotFound(f"this binding is not evaluated: {what} is not among the objects", unknown=True, hint=hint)
    values = []
    for each in found:
        key = id(each), minor, namespace
        if key not in view.known:
            view.known[key] = seen(each, minor, definitions, namespace)
        values.append(view.known[key])
    if any(each is None for each in values):
        return NotFound(f"this binding is not evaluated: the form of a {kind} is not known", unknown=True)
    return list(values)


def _is_namespaced(
    version: str, kind: str, known: list[Map], view: LayeredObjects, minor: str, definitions: Definitions | None
) -> bool | None:
    """Return whether a kind of parameters is in a namespace, or None if that is not known."""
    example = known[0] if known else Map([("apiVersion", version), ("kind", kind), ("metadata", Map())])
    found = request_of(example, minor, definitions, view.namespace)
    return None if found is None else found.is_namespaced


def _is_referred(root: Map, reference: Parameters, namespace: str | None) -> bool:
    """Return whether a binding refers to an object; one without a namespace may be in any."""
    metadata = root.map("metadata")
    if namespace and metadata.get("namespace") not in (None, "", namespace):
        return False
    if reference.name:
        return metadata.get("name") == reference.name
    return reference.selector.matches(labels_in(metadata.map("labels")))
