"""What an object in a cluster becomes when a manifest is applied to it: what the manifest does not set, and did not set before, stays.

Client-side apply compares with the annotation `last-applied-configuration`, server-side apply with the managed fields.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from dsgen.kubernetes.apply.managed_fields import (
    CLIENT_SIDE_APPLY,
    Fields,
    last_applied,
    managers,
    overlap,
    union,
)
from dsgen.kubernetes.apply.merge import Merge
from dsgen.kubernetes.lint import CLIENT_SIDE, SERVER_SIDE
from dsgen.kubernetes.lint.apply import LAST_APPLIED
from dsgen.kubernetes.schema.decode import identify
from dsgen.record import Record
from dsgen.tree import Map

# What tools add to the objects that they apply, to find them again.
_TRACKING: Final = {
    "labels": ("applyset.kubernetes.io/part-of", "argocd.argoproj.io/instance", "kustomize.toolkit.fluxcd.io/name",
               "kustomize.toolkit.fluxcd.io/namespace", "helm.toolkit.fluxcd.io/name", "helm.toolkit.fluxcd.io/namespace"),
    "annotations": (LAST_APPLIED, "argocd.argoproj.io/tracking-id", "meta.helm.sh/release-name", "meta.helm.sh/release-namespace"),
}  # fmt: skip


class Conflict(Record):
    """A field that another manager has set to another value, written as in `containers[agent].image`."""

    field: str
    manager: str


class Applied(Record):
    """The object as it is afterwards, and the fields for which server-side apply needs force."""

    root: Map
    conflicts: list[Conflict]


def applied(live: Map, new: Map, minor: str, how: str = "") -> Applied | None:
    """Return what becomes of the object `live` in a cluster when `new` is applied to it.

    `how` is `server-side`, `client-side`, or empty, which means as it was applied last. None if the object does not say who set what.
    """
    known = managers(live)
    noted = last_applied(live)
    appliers = [each for each in known if each.applies]
    if noted is None and not known:
        return None
    if not how:
        how = SERVER_SIDE if noted is None and appliers else CLIENT_SIDE
    kind = identify(new, minor).type
    if how == CLIENT_SIDE:
        merge = Merge(kind, minor, True)
        # `kubectl` adds its own annotation to what it applies.
        metadata = new.map("metadata")
        new = new.replaced("metadata", metadata.replaced("annotations", metadata.map("annotations")))
        merged = merge.map(live, new, kind, merge.fields_of(noted or {}, kind), _tracking(live), ())
        return Applied(_restored(merged, live), [])
    own = max(appliers, key=lambda each: overlap(each.fields, new), default=None)
    # `kubectl apply --server-side` takes over what it applied client-side.
    last = union(*(each.fields for each in known if each is own or each.name == CLIENT_SIDE_APPLY))
    others = [each for each in known if each is not own]
    kept = union(_tracking(live), *(each.fields for each in others if each.name != CLIENT_SIDE_APPLY))
    merge = Merge(kind, minor, False)
    merged = merge.map(live, new, kind, last, kept, ())
    owners = ((steps, [each.name for each in others if _has(each.fields, steps)]) for steps in merge.changed)
    return Applied(_restored(merged, live), [Conflict(_field(steps), names[0]) for steps, names in owners if names])


def _tracking(live: Map) -> Fields:
    """Return the labels and annotations that are their tool's, as what others have set."""
    found: Fields = {
        f"f:{part}": {f"f:{each}": {} for each in names if each in live.map("metadata", part)}
        for part, names in _TRACKING.items()
    }
    return {"f:metadata": {step: inner for step, inner in found.items() if inner}}


def _restored(merged: Map, live: Map) -> Map:
    """Return an object without managed fields, of the version and in the place that it has."""
    metadata = merged.map("metadata").without("managedFields")
    namespace = live.map("metadata").get("namespace")
    if namespace is not None:
        metadata = metadata.updated({"namespace": namespace})
    return merged.replaced("metadata", metadata)


def _field(steps: Sequence[Any]) -> str:
    names = (
        f".{step[2:]}" if isinstance(step, str) else f"[{'/'.join(str(each) for _, each in step)}]" for step in steps
    )
    return "".join(names).removeprefix(".")


def _has(fields: Fields, steps: Sequence[Any]) -> bool:
    for step in steps:
        if step not in fields:
            return False
        fields = fields[step]
    return True
