"""Claims: their spec, and the template of the claim that is created for each pod with an ephemeral volume."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats, quantity
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.labels import label_errors, selector_errors
from dsgen.kubernetes.validation.metadata import annotation_key_errors, annotation_size_errors
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

LOADED_FOR: Final = ("ephemeral", "volumeClaimTemplates")

VALIDATE_CLAIM = "pkg/apis/core/validation: ValidatePersistentVolumeClaimSpec"
VALIDATE_DATA_SOURCE = "pkg/apis/core/validation: validateDataSource"
CLAIM_KIND: Final = "PersistentVolumeClaim"
ACCESS_MODES: Final = ("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod")
# Fields that a template's metadata must not have, and whether their zero value is allowed. The server prints `uid` as `uID`.
FOREIGN_METADATA: Final = {
    **dict.fromkeys(("name", "generateName", "namespace", "selfLink", "uid", "resourceVersion", "generation"), True),
    **dict.fromkeys(("creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"), False),
    **dict.fromkeys(("ownerReferences", "finalizers", "managedFields"), False),
}


@rule("ephemeral.volumeClaimTemplate", source="pkg/apis/core/validation: ValidateTemplateObjectMeta")
def forbidden_volume_claim_metadata(template: FieldRef) -> Iterator[FieldError]:
    """The metadata of a `volumeClaimTemplate` can only have labels and annotations. The claim's name is derived from
    the pod's.
    """
    yield from foreign_metadata(template)


def foreign_metadata(template: FieldRef) -> Iterator[FieldError]:
    """Yield the metadata that a template must not have."""
    metadata = template.child("metadata")
    for name in metadata.value if metadata else ():
        found = metadata.get(name) if metadata else None
        if metadata and name in FOREIGN_METADATA and found is not None and (found or not FOREIGN_METADATA[name]):
            printed = "uID" if name == "uid" else None
            yield metadata.forbidden(name, "is not allowed: only labels and annotations are", field=printed)


@rule("ephemeral.volumeClaimTemplate", source="pkg/apis/core/validation: ValidateTemplateObjectMeta")
def invalid_volume_claim_label(template: FieldRef) -> Iterator[FieldError]:
    """The labels of a `volumeClaimTemplate` must have valid keys, such as `example.com/app`, and values."""
    yield from label_errors(template.child("metadata"), "labels")


@rule("ephemeral.volumeClaimTemplate", source="pkg/apis/core/validation: ValidateTemplateObjectMeta")
def invalid_volume_claim_annotation_key(template: FieldRef) -> Iterator[FieldError]:
    """The key of an annotation of a `volumeClaimTemplate` must be a label key, in upper or lower case. Its value can be
    anything.
    """
    yield from annotation_key_errors(template.child("metadata"))


@rule("ephemeral.volumeClaimTemplate", source="apimachinery/pkg/api/validation: ValidateAnnotationsSize")
def too_large_volume_claim_annotations(template: FieldRef) -> Iterator[FieldError]:
    """The keys and values of all annotations of a `volumeClaimTemplate` must not exceed 262144 bytes together."""
    yield from annotation_size_errors(template.child("metadata"))


CLAIM = Fields("volume-claim", "a volume claim", VALIDATE_CLAIM)
CLAIM.required("missing-volume-claim-access-modes", "accessModes", f"must be set: one of {', '.join(ACCESS_MODES)}")


@rule("volume-claim", source=VALIDATE_CLAIM)
def invalid_volume_claim_access_mode(claim: FieldRef) -> Iterator[FieldError]:
    """An access mode must be `ReadWriteOnce`, `ReadOnlyMany`, `ReadWriteMany` or `ReadWriteOncePod`."""
    for index, mode in enumerate(claim.get("accessModes", ())):
        if mode not in ACCESS_MODES:
            yield claim.not_supported(("accessModes", index), mode, ACCESS_MODES, field="accessModes")


@rule("volume-claim", source=VALIDATE_CLAIM)
def conflicting_volume_claim_access_modes(claim: FieldRef) -> Iterator[FieldError]:
    """The access mode `ReadWriteOncePod` must be the only one."""
    modes = {mode for mode in claim.get("accessModes", ()) if mode in ACCESS_MODES}
    if "ReadWriteOncePod" in modes and len(modes) > 1:
        yield claim.forbidden("accessModes", "must have no other mode with `ReadWriteOncePod`")


@rule("volume-claim", source=VALIDATE_CLAIM)
def invalid_volume_claim_selector(claim: FieldRef) -> Iterator[FieldError]:
    """The `selector` of a claim must be a valid label selector. An update can keep wrong values if the old selector is
    invalid.
    """
    old = _old_claim(claim)
    yield from selector_errors(claim.child("selector"), any_values=any(selector_errors(old and old.child("selector"))))


@rule("volume-claim", source=VALIDATE_CLAIM)
def invalid_volume_claim_storage(claim: FieldRef) -> Iterator[FieldError]:
    """A claim must request storage: `resources.requests.storage` must be set, and more than 0. Limits are not checked."""
    requests = claim.child("resources", "requests")
    below, printed = ("resources", "requests", "storage"), "resources[storage]"
    if requests is None or "storage" not in requests.value:
        yield claim.required(below, "must be set, such as `1Gi`", field=printed)
    elif quantity.parse(requests.get("storage", 0)).number <= 0:
        yield claim.invalid(below, f"must be more than 0, got {requests.get('storage', 0)}", field=printed)


@rule(
    "volume-claim", source="pkg/api/persistentvolumeclaim: GetWarningsForPersistentVolumeClaimSpec", severity="warning"
)
def fractional_volume_claim_storage(claim: FieldRef) -> Iterator[FieldError]:
    """Storage should be a whole number of bytes. `100m` is a tenth of a byte."""
    for side in ("requests", "limits"):
        amounts = claim.child("resources", side)
        amount = amounts.get("storage") if amounts else None
        if amount is not None and not quantity.parse(amount).is_whole:
            message, printed = f"must be a whole number of bytes, got {amount}", f"resources.{side}[storage]"
            if claim.up is not None and claim.up.step[:1] == ("volumeClaimTemplates",):
                # Of a StatefulSet, the server leaves `spec` out of the path, or capitalizes it in an update.
                printed = f"Spec.{printed}" if claim.pod.old else printed
                yield claim.up.warning(("spec", "resources", side, "storage"), message, field=printed)
            else:
                yield claim.warning(("resources", side, "storage"), message, field=printed)


@rule("volume-claim", source=VALIDATE_CLAIM)
def invalid_volume_claim_class_name(claim: FieldRef) -> Iterator[FieldError]:
    """`storageClassName` and (from 1.34) `volumeAttributesClassName` must be DNS subdomains, or empty. The class need
    not exist.
    """
    # Of a claim by itself, the server has dropped the second one if it does not check it.
    both = claim.pod.minor >= 34 or claim.pod.kind.name == CLAIM_KIND
    for name in ("storageClassName", "volumeAttributesClassName") if both else ("storageClassName",):
        text = claim.get(name, "")
        for message in formats.dns_subdomain(text) if text else ():
            yield claim.invalid(name, message)


CLAIM.one_of(
    "invalid-volume-claim-volume-mode", "volumeMode", ("Filesystem", "Block"), default="Filesystem", empty=True
)
DATA_SOURCE = Fields("data-source", "a data source", VALIDATE_DATA_SOURCE)
DATA_SOURCE.required("missing-data-source-field", ("name", "kind"))


@rule("data-source", source=VALIDATE_DATA_SOURCE)
def invalid_data_source_kind(source: FieldRef) -> Iterator[FieldError]:
    """A data source without `apiGroup` must be a `PersistentVolumeClaim`. Other kinds must set their group."""
    if not source.get("apiGroup", "") and source.get("kind", "") != "PersistentVolumeClaim":
        yield source.invalid("", "without `apiGroup`, the kind must be `PersistentVolumeClaim`")


@rule("data-source", source=VALIDATE_DATA_SOURCE, when="apiGroup")
def invalid_data_source_api_group(source: FieldRef) -> Iterator[FieldError]:
    """The `apiGroup` of a data source must be a DNS subdomain. An update can keep a wrong one."""
    old, group = _old_claim(source), source.get("apiGroup", "")
    sources = [each for name in ("dataSource", "dataSourceRef") if old and (each := old.child(name))]
    if group and not any(each.get("apiGroup") is not None for each in sources):
        yield from source.invalid_each("apiGroup", formats.dns_subdomain(group))


DATA_SOURCE.has_format(
    "invalid-data-source-namespace",
    "namespace",
    formats.dns_label,
    source="pkg/apis/core/validation: validateDataSourceRef",
)


@rule("volume-claim", source=VALIDATE_CLAIM)
def conflicting_data_sources(claim: FieldRef) -> Iterator[FieldError]:
    """`dataSource` and `dataSourceRef`, if both are set, must refer to the same object. With `dataSourceRef.namespace`,
    `dataSource` must be unset.
    """
    source, reference = claim.child("dataSource"), claim.child("dataSourceRef")
    if source and reference:
        if reference.get("namespace", ""):
            yield claim.error(
                "Invalid", ("dataSource",), "is not allowed together with `dataSourceRef.namespace`", field=""
            )
        elif _names(source) != _names(reference):
            yield claim.error("Invalid", ("dataSource",), "must refer to the same object as `dataSourceRef`", field="")


def _old_claim(node: FieldRef) -> FieldRef | None:
    """Return the spec of the claim that an update replaces; None for the claims of pods."""
    old = node.pod.old if node.pod.kind.name == CLAIM_KIND else None
    return old.root.child("spec") if old else None


def _names(source: FieldRef) -> tuple[str | None, str, str]:
    return source.get("apiGroup"), source.get("kind", ""), source.get("name", "")
