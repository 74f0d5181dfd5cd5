"""PersistentVolumeClaims. The rules for their spec are those of claims in pods."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dsgen.kubernetes.schema import quantity
from dsgen.kubernetes.schema.paths import STORAGE_CLASS_ANNOTATION
from dsgen.kubernetes.semantics.feature_gates import IN_SPEC
from dsgen.kubernetes.semantics.normalize import canonical
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.kubernetes.validation.update import changed_value
from dsgen.tree import Map, Null

UPDATE = "pkg/apis/core/validation: ValidatePersistentVolumeClaimUpdate"
ATTRIBUTES: Final = "volumeAttributesClassName"


@rule("PersistentVolumeClaim", source="pkg/api/persistentvolumeclaim: warnings", when="metadata", severity="warning")
def deprecated_storage_class_annotation(claim: FieldRef) -> Iterator[FieldError]:
    """The annotation `volume.beta.kubernetes.io/storage-class` is deprecated: use `storageClassName`."""
    if STORAGE_CLASS_ANNOTATION in _annotations(claim.value):
        printed = f"metadata.annotations[{STORAGE_CLASS_ANNOTATION}]"
        yield claim.warning(
            ("metadata", "annotations", STORAGE_CLASS_ANNOTATION),
            "is deprecated: use `storageClassName`",
            field=printed,
        )


@rule("PersistentVolumeClaim-update", source=UPDATE, immutable=True)
def changed_volume_claim(claim: FieldRef) -> Iterator[FieldError]:
    """The `spec` of a PersistentVolumeClaim cannot be changed, with these exceptions: a bound claim can request more storage and another
    `volumeAttributesClassName`, and `volumeName` and `storageClassName` can be set if they are not. For anything else, delete the claim
    and create it again.
    """
    old, new = _old(claim), claim.value
    minor = f"1.{claim.pod.minor}"
    before, after = (canonical(root.map("spec"), "PersistentVolumeClaimSpec", minor) for root in (old, new))
    if not before.get("volumeName"):
        after.pop("volumeName", None)
    if _takes_over_annotation(old, new):
        after.pop("storageClassName", None)
    elif _sets_class(old, new):
        before["storageClassName"] = after["storageClassName"]
    if _is_bound(old):
        _allow_more(before, after, claim.pod.minor)
    if _stated(before) != _stated(after):
        yield claim.forbidden("spec", "cannot be changed, except for the storage that a bound claim requests")


@rule("PersistentVolumeClaim-update", source=UPDATE, immutable=True)
def changed_storage_class_annotation(claim: FieldRef) -> Iterator[FieldError]:
    """The annotation `volume.beta.kubernetes.io/storage-class` of a PersistentVolumeClaim cannot be changed; `storageClassName`
    can replace it.
    """
    old, new = _old(claim), claim.value
    value, before = (_annotations(root).get(STORAGE_CLASS_ANNOTATION) or "" for root in (new, old))
    if value != before and not _takes_over_annotation(old, new):
        detail = f"cannot be changed; it was {str(before)!r}"
        printed = f"metadata.annotations.{STORAGE_CLASS_ANNOTATION}"
        yield claim.invalid(("metadata", "annotations", STORAGE_CLASS_ANNOTATION), detail, field=printed)


@rule("PersistentVolumeClaim-update", source=UPDATE, immutable=True)
def insufficient_volume_claim_storage(claim: FieldRef) -> Iterator[FieldError]:
    """A PersistentVolumeClaim can request less storage than before only if it then still requests more than its volume has, so
    that an expansion that fails can be reduced.
    """
    path, old = ("spec", "resources", "requests"), _old(claim)
    wanted = _amount(claim.value.map(*path))
    if wanted < _amount(old.map(*path)) and wanted <= _amount(old.map("status", "capacity")):
        yield claim.forbidden((*path, "storage"), "cannot be less than before, unless it is more than the volume has")


@rule("PersistentVolumeClaim-update", source=UPDATE, immutable=True)
def changed_volume_claim_mode(claim: FieldRef) -> Iterator[FieldError]:
    """The `volumeMode` of a PersistentVolumeClaim cannot be changed."""
    yield from changed_value(claim, "spec", "volumeMode", field="volumeMode")


@rule("PersistentVolumeClaim-update", source=UPDATE)
def changed_volume_attributes_class(claim: FieldRef) -> Iterator[FieldError]:
    """`volumeAttributesClassName` cannot be taken away after a class has been applied to the volume. Before 1.34, it cannot be
    changed.
    """
    old = _old(claim)
    value, before = (_set(root.map("spec"), ATTRIBUTES) for root in (claim.value, old))
    if value == before:
        return
    path = ("spec", ATTRIBUTES)
    if claim.pod.minor < IN_SPEC["PersistentVolumeClaim"][ATTRIBUTES].on:
        yield claim.forbidden(path, "cannot be changed in this version")
        applied = before
    else:
        applied = _set(old.map("status"), "currentVolumeAttributesClassName")
    if applied is not None and not value:
        yield claim.forbidden(path, "cannot be taken away, because a class has been applied to the volume")


def _old(claim: FieldRef) -> Map:
    old: Map = claim.pod.old.root.value
    return old


def _annotations(claim: Map) -> Map:
    return claim.map("metadata", "annotations")


def _takes_over_annotation(old: Map, new: Map) -> bool:
    """Return whether an update replaces the annotation by the field, with the same class."""
    named = _annotations(old).get(STORAGE_CLASS_ANNOTATION)
    is_same = named is not None and _set(new.map("spec"), "storageClassName") == named
    return is_same and not _has_class(old) and _annotations(new).get(STORAGE_CLASS_ANNOTATION, named) == named


def _sets_class(old: Map, new: Map) -> bool:
    """Return whether an update sets the class of a claim without one."""
    named = _annotations(old).get(STORAGE_CLASS_ANNOTATION)
    wanted = _set(new.map("spec"), "storageClassName")
    return wanted is not None and not _has_class(old) and (named is None or named == wanted)


def _has_class(claim: Map) -> bool:
    return _set(claim.map("spec"), "storageClassName") is not None


def _is_bound(claim: Map) -> bool:
    return claim.map("status").get("phase") == "Bound"


def _allow_more(before: Map, after: Map, minor: int) -> None:
    """Take what a bound claim can change from the old spec."""
    requests = after.map("resources", "requests")
    storage = before.map("resources", "requests").get("storage")
    if requests and storage is not None:
        requests["storage"] = storage
    if minor >= IN_SPEC["PersistentVolumeClaim"][ATTRIBUTES].on or ATTRIBUTES in after:
        after[ATTRIBUTES] = before.get(ATTRIBUTES)  # type: ignore[assignment]


def _stated(spec: Map) -> dict[str, Any]:
    """Return what is set in a spec, with amounts that are equal if they are the same, however they are written."""
    amounts = {
        side: {name: quantity.parse(amount) for name, amount in spec.map("resources", side).items()}
        for side in ("requests", "limits")
    }
    return {**{key: value for key, value in spec.items() if value is not None}, "resources": amounts}


def _set(holder: Map, name: str) -> Any:
    value = holder.get(name)
    return None if isinstance(value, Null) else value


def _amount(resources: Map) -> quantity.Quantity:
    return quantity.parse(resources.get("storage") or "0")
