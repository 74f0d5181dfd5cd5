"""Claims for devices with administrators' access, which only some namespaces allow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.relations.excerpt import Excerpt
from dsgen.kubernetes.relations.view import OwnedProblem, Trees, View
from dsgen.kubernetes.schema.fields import minor_number
from dsgen.kubernetes.semantics.device_requests import DEVICES
from dsgen.kubernetes.semantics.feature_gates import IN_DEVICE_REQUEST
from dsgen.origin import Origin
from dsgen.problem import code
from dsgen.tree import Boolean, Map, origin_of

FORBIDDEN_ADMIN_ACCESS = code(
    "forbidden-admin-access",
    """A claim for devices with `adminAccess: true`, or a template for one, must be in a namespace with the label
    `resource.kubernetes.io/admin-access: "true"`. The API server rejects it in other namespaces. Source: pkg/registry/resource:
    AuthorizedForAdmin.""",
)
UNKNOWN_ADMIN_ACCESS = code(
    "unknown-admin-access",
    """A claim for devices with `adminAccess: true`, or a template for one, must be in a namespace with the label
    `resource.kubernetes.io/admin-access: "true"`. The namespace is not among the objects. Pass its manifest too, or ignore
    this warning if it has the label.""",
    "warning",
)
LABEL: Final = "resource.kubernetes.io/admin-access"
KINDS: Final = frozenset(DEVICES)
# Before this minor, the server drops the field.
_SINCE: Final = IN_DEVICE_REQUEST["adminAccess"].on
_HINT: Final = f'add the label `{LABEL}: "true"` to the namespace'


def findings(view: View, trees: Trees, minor: str) -> Iterator[OwnedProblem]:
    """Yield the claims whose namespace does not allow administrators' access, or may not."""
    if minor_number(minor) < _SINCE:
        return
    for kind in sorted(KINDS):
        for namespace, claims in view.kinds.get(kind, {}).items():
            spaces = [each for some in view.named.get(("Namespace", namespace), {}).values() for each in some]
            if any(each.labels.get(LABEL) == "true" for each in spaces):
                continue
            for claim in claims:
                root = trees(claim)
                place = _admin_access(root, DEVICES[kind]) if root else None
                if place:
                    yield _finding(claim, namespace, spaces, place)


def _admin_access(root: Map, path: tuple[str, ...]) -> Origin | None:
    """Return where a claim asks for administrators' access, or None."""
    for request in root.map(*path).maps("requests"):
        for each in (request, request.map("exactly")):
            asked = each.get("adminAccess")
            if isinstance(asked, Boolean) and asked:
                return origin_of(asked) or root.origin
    return None


def _finding(claim: Excerpt, namespace: str, spaces: list[Excerpt], place: Origin) -> OwnedProblem:
    if spaces:
        found = f'{spaces[-1].shown}{spaces[-1].place} does not have the label `{LABEL}: "true"`'
        return OwnedProblem(claim, FORBIDDEN_ADMIN_ACCESS.at(place, found, hint=_HINT, file=claim.file))
    found = f'requires the label `{LABEL}: "true"` on {f"Namespace {namespace}" if namespace else "its namespace"}, which is not among these objects'
    return OwnedProblem(claim, UNKNOWN_ADMIN_ACCESS.at(place, found, hint=_HINT, file=claim.file))
