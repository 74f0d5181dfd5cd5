"""What an update must not change. These rules are only run if there is an old object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dsgen.kubernetes.schema.template_generation import GENERATION_NOTE, template_generation
from dsgen.kubernetes.semantics.equality import differ, semantic_equal
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.plain import plain
from dsgen.traversal import value_at
from dsgen.tree import List, Map, Null

LOADED_FOR: Final = ()

# Kinds whose label selector cannot be changed.
SELECTING: Final = frozenset({"DaemonSet", "Deployment", "ReplicaSet"})
META = "apimachinery/pkg/api/validation: ValidateObjectMetaAccessorUpdate"


def _metadata(daemonset: FieldRef) -> tuple[Map, Map]:
    """Return the metadata of the new and the old object."""
    return daemonset.value.map("metadata"), daemonset.pod.old.root.value.map("metadata")


@rule("update", source=META)
def changed_name(daemonset: FieldRef) -> Iterator[FieldError]:
    """The `name` and `namespace` of an object cannot be changed. Under another name it is another object."""
    new, old = _metadata(daemonset)
    # The server ignores the namespace of a cluster-scoped object.
    namespace = [("namespace", "default")] if daemonset.pod.kind.namespaced else []
    for name, unset in (("name", ""), *namespace):
        if (new.get(name) or unset) != (old.get(name) or unset):
            yield daemonset.invalid(("metadata", name), f"cannot be changed; it was {str(old.get(name) or unset)!r}")


@rule("update", source="pkg/apis/apps/validation: ValidateDaemonSetSpecUpdate", immutable=True)
def changed_selector(daemonset: FieldRef) -> Iterator[FieldError]:
    """The `spec.selector` of a DaemonSet, Deployment or ReplicaSet cannot be changed. To change it, delete the object and
    create it again.
    """
    kind = daemonset.pod.kind.name
    if kind not in SELECTING:
        return
    new = daemonset.value.map("spec").get("selector")
    old = daemonset.pod.old.root.value.map("spec").get("selector")
    if not same_selector(old, new):
        yield daemonset.invalid(
            ("spec", "selector"), f"cannot be changed; delete the {kind} first, or choose another name"
        )


def changed_value(node: FieldRef, *path: str, field: str) -> Iterator[FieldError]:
    """Yield an error if the value at a path of an object is not that of the old one; the server prints it as `field`."""
    value, before = (value_at(root.value, path) for root in (node, node.pod.old.root))
    if value != before:
        yield node.invalid(path, f"cannot be changed; it was {str(before)!r}", field=field)


def same_selector(old: Any, new: Any) -> bool:
    """Return whether two label selectors are the same to the server."""
    return bool(_bare(new) == _bare(old) and isinstance(new, Map) == isinstance(old, Map))


def _bare(value: Any) -> Any:
    """Return a selector as plain data without empty values and nulls: `null`, `{}` and `[]` are equivalent."""
    if isinstance(value, Map):
        bare = {key: _bare(child) for key, child in value.items()}
        return {key: child for key, child in bare.items() if child not in (None, {}, [], "")} or None
    if isinstance(value, List):
        return [_bare(child) or {} if isinstance(child, Map) else plain(child) for child in value] or None
    return None if isinstance(value, Null) else value


@rule("update", source=META)
def changed_deletion(daemonset: FieldRef) -> Iterator[FieldError]:
    """An update must not change whether and how an object is deleted: `deletionTimestamp` and its grace period."""
    new, old = _metadata(daemonset)
    if new.get("deletionTimestamp") and not old.get("deletionTimestamp"):
        yield daemonset.invalid(("metadata", "deletionTimestamp"), "cannot be set in an update")
    name = "deletionGracePeriodSeconds"
    stated, before = (None if isinstance(each.get(name), Null) else each.get(name) for each in (new, old))
    if stated is not None and stated != before:
        yield daemonset.invalid(("metadata", name), "cannot be changed")


@rule("update", source="apimachinery/pkg/api/validation: ValidateNoNewFinalizers")
def forbidden_finalizer(daemonset: FieldRef) -> Iterator[FieldError]:
    """A finalizer cannot be added to an object that is being deleted."""
    new, old = _metadata(daemonset)
    added = set(_texts(new, "finalizers")) - set(_texts(old, "finalizers"))
    if added and old.get("deletionTimestamp"):
        yield daemonset.forbidden(
            ("metadata", "finalizers"),
            f"cannot be added to an object that is being deleted: {', '.join(sorted(added))}",
        )


def _texts(holder: Map, name: str) -> list[str]:
    found = holder.get(name)
    return [str(each) for each in found] if isinstance(found, List) else []


@rule("DaemonSet-update", source="pkg/apis/apps/validation: ValidateDaemonSetSpec")
def out_of_range_template_generation(daemonset: FieldRef) -> Iterator[FieldError]:
    """The template generation, an old annotation that the server increments, must be 0 or more."""
    old = daemonset.pod.old.root.value
    # No API server has stored an object in which this is not a number.
    generation = template_generation(old) or 0
    changed = not semantic_equal(old.map("spec").get("template"), daemonset.value.map("spec").get("template"))
    if generation + changed < 0:
        path = ("metadata", "annotations", GENERATION_NOTE)
        yield daemonset.invalid(
            path, f"must be 0 or more, but the old object has {generation}", field="spec.templateGeneration"
        )


@rule("update", source="apimachinery/pkg/api/validation: ValidateObjectMetaAccessor")
def out_of_range_next_generation(daemonset: FieldRef) -> Iterator[FieldError]:
    """An update keeps `metadata.generation`, or increments it when the `spec` changes. It must stay a 64-bit number, 0 or
    more.
    """
    kind, old = daemonset.pod.kind, daemonset.pod.old.root.value
    before: Any = old.map("metadata").get("generation") or 0
    after = before + (kind.counts(daemonset.pod.minor) and differ(old, daemonset.value, kind.counted))
    if not 0 <= after < 2**63:
        yield daemonset.invalid(
            ("metadata", "generation"), f"must be a 64-bit number, 0 or more, but the old object has {before}"
        )
