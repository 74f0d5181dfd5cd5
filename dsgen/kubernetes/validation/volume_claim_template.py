"""Ephemeral volumes: the template of the claim that is made for each pod."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats, quantity
from dsgen.kubernetes.validation.labels import label_errors, selector_errors
from dsgen.kubernetes.validation.metadata import annotation_key_errors, annotation_size_errors
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SPEC = "pkg/apis/core/validation: ValidatePersistentVolumeClaimSpec"
DATA_SOURCE = "pkg/apis/core/validation: validateDataSource"
ACCESS_MODES: Final = ("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod")
VOLUME_MODES: Final = ("Block", "Filesystem")
# What a template's metadata may not state, and whether zero is as good as nothing. The server prints `uid` as `uID`.
FOREIGN_METADATA: Final = {
    "name": True,
    "generateName": True,
    "namespace": True,
    "selfLink": True,
    "uid": True,
    "resourceVersion": True,
    "generation": True,
    "creationTimestamp": False,
    "deletionTimestamp": False,
    "deletionGracePeriodSeconds": False,
    "ownerReferences": False,
    "finalizers": False,
    "managedFields": False,
}


@rule(
    "forbidden-volume-claim-metadata", "claim-template", source="pkg/apis/core/validation: ValidateTemplateObjectMeta"
)
def forbidden_volume_claim_metadata(template: FieldRef) -> Iterator[FieldError]:
    """The metadata of a `volumeClaimTemplate` holds labels and annotations only: the claim's name is made from the pod's."""
    metadata = template.child("metadata")
    for name in metadata.value if metadata else ():
        found = metadata.get(name) if metadata else None
        if metadata and name in FOREIGN_METADATA and found is not None and (found or not FOREIGN_METADATA[name]):
            yield metadata.forbidden(name, "labels and annotations only", field="uID" if name == "uid" else None)


@rule("invalid-volume-claim-label", "claim-template", source="pkg/apis/core/validation: ValidateTemplateObjectMeta")
def invalid_volume_claim_label(template: FieldRef) -> Iterator[FieldError]:
    """Labels of a `volumeClaimTemplate` have label keys, such as `example.com/app`, and label values."""
    metadata = template.child("metadata")
    if metadata:
        yield from label_errors(metadata, "labels")


@rule(
    "invalid-volume-claim-annotation-key",
    "claim-template",
    source="pkg/apis/core/validation: ValidateTemplateObjectMeta",
)
def invalid_volume_claim_annotation_key(template: FieldRef) -> Iterator[FieldError]:
    """The key of a `volumeClaimTemplate`'s annotation has the form of a label key, in upper or lower case. Its value is free."""
    metadata = template.child("metadata")
    if metadata:
        yield from annotation_key_errors(metadata)


@rule(
    "too-large-volume-claim-annotations",
    "claim-template",
    source="apimachinery/pkg/api/validation: ValidateAnnotationsSize",
)
def too_large_volume_claim_annotations(template: FieldRef) -> Iterator[FieldError]:
    """All annotations of a `volumeClaimTemplate` together, keys and values, have at most 262144 bytes."""
    metadata = template.child("metadata")
    if metadata:
        yield from annotation_size_errors(metadata)


@rule("missing-volume-claim-access-modes", "volume-claim", source=SPEC)
def missing_volume_claim_access_modes(claim: FieldRef) -> Iterator[FieldError]:
    """A claim states at least one access mode."""
    if not claim.get("accessModes", ()):
        yield claim.required("accessModes", f"needs one of {', '.join(ACCESS_MODES)}")


@rule("invalid-volume-claim-access-mode", "volume-claim", source=SPEC)
def invalid_volume_claim_access_mode(claim: FieldRef) -> Iterator[FieldError]:
    """An access mode is `ReadWriteOnce`, `ReadOnlyMany`, `ReadWriteMany` or `ReadWriteOncePod`."""
    for index, mode in enumerate(claim.get("accessModes", ())):
        if mode not in ACCESS_MODES:
            yield claim.not_supported(("accessModes", index), mode, ACCESS_MODES, field="accessModes")


@rule("conflicting-volume-claim-access-modes", "volume-claim", source=SPEC)
def conflicting_volume_claim_access_modes(claim: FieldRef) -> Iterator[FieldError]:
    """The access mode `ReadWriteOncePod` stands alone."""
    modes = {mode for mode in claim.get("accessModes", ()) if mode in ACCESS_MODES}
    if "ReadWriteOncePod" in modes and len(modes) > 1:
        yield claim.forbidden("accessModes", "`ReadWriteOncePod` allows no other mode beside it")


@rule("invalid-volume-claim-selector", "volume-claim", source=SPEC)
def invalid_volume_claim_selector(claim: FieldRef) -> Iterator[FieldError]:
    """The `selector` of a claim is a valid label selector."""
    selector = claim.child("selector")
    if selector:
        yield from selector_errors(selector)


@rule("invalid-volume-claim-storage", "volume-claim", source=SPEC)
def invalid_volume_claim_storage(claim: FieldRef) -> Iterator[FieldError]:
    """A claim requests storage: `resources.requests.storage` is stated and more than 0. Limits are not checked."""
    resources = claim.child("resources")
    requests = resources.child("requests") if resources else None
    below, printed = ("resources", "requests", "storage"), "resources[storage]"
    if requests is None or "storage" not in requests.value:
        yield claim.required(below, "must be stated, such as `1Gi`", field=printed)
    elif quantity.parse(requests.get("storage", 0)).number <= 0:
        yield claim.invalid(below, f"{requests.get('storage', 0)} is not more than 0", field=printed)


@rule(
    "fractional-volume-claim-storage",
    "volume-claim",
    source="pkg/api/persistentvolumeclaim: GetWarningsForPersistentVolumeClaimSpec",
    severity="warning",
)
def fractional_volume_claim_storage(claim: FieldRef) -> Iterator[FieldError]:
    """Storage is a whole number of bytes: `100m` is a tenth of one."""
    resources = claim.child("resources")
    for side in ("requests", "limits"):
        amounts = resources.child(side) if resources else None
        amount = amounts.get("storage") if amounts else None
        if amount is not None and not quantity.parse(amount).is_whole:
            message = f"{amount} is not a whole number of bytes"
            yield claim.warning(("resources", side, "storage"), message, field=f"resources.{side}[storage]")


@rule("invalid-volume-claim-class-name", "volume-claim", source=SPEC)
def invalid_volume_claim_class_name(claim: FieldRef) -> Iterator[FieldError]:
    """`storageClassName` and (from 1.34) `volumeAttributesClassName` are DNS subdomains, or empty. The class need not exist."""
    names = ("storageClassName", "volumeAttributesClassName") if claim.pod.minor >= 34 else ("storageClassName",)
    for name in names:
        text = claim.get(name, "")
        for message in formats.dns_subdomain(text) if text else ():
            yield claim.invalid(name, message)


@rule("invalid-volume-claim-volume-mode", "volume-claim", source=SPEC)
def invalid_volume_claim_volume_mode(claim: FieldRef) -> Iterator[FieldError]:
    """`volumeMode` is `Filesystem` (the default) or `Block`."""
    mode = claim.get("volumeMode", "Filesystem")
    if mode not in VOLUME_MODES:
        yield claim.not_supported("volumeMode", mode, VOLUME_MODES)


@rule("missing-data-source-field", "data-source", source=DATA_SOURCE)
def missing_data_source_field(source: FieldRef) -> Iterator[FieldError]:
    """`dataSource` and `dataSourceRef` of a claim state `kind` and `name`."""
    for name in ("name", "kind"):
        if not source.get(name, ""):
            yield source.required(name)


@rule("invalid-data-source-kind", "data-source", source=DATA_SOURCE)
def invalid_data_source_kind(source: FieldRef) -> Iterator[FieldError]:
    """A data source without `apiGroup` is a `PersistentVolumeClaim`; other kinds state their group."""
    if not source.get("apiGroup", "") and source.get("kind", "") != "PersistentVolumeClaim":
        yield source.invalid("", "without `apiGroup` the kind is `PersistentVolumeClaim`")


@rule("invalid-data-source-api-group", "data-source", source=DATA_SOURCE)
def invalid_data_source_api_group(source: FieldRef) -> Iterator[FieldError]:
    """The `apiGroup` of a data source is a DNS subdomain: `snapshot.storage.k8s.io`."""
    group = source.get("apiGroup", "")
    for message in formats.dns_subdomain(group) if group else ():
        yield source.invalid("apiGroup", message)


@rule("invalid-data-source-namespace", "data-source", source="pkg/apis/core/validation: validateDataSourceRef")
def invalid_data_source_namespace(source: FieldRef) -> Iterator[FieldError]:
    """The `namespace` of `dataSourceRef` is a DNS label."""
    namespace = source.get("namespace", "")
    for message in formats.dns_label(namespace) if namespace else ():
        yield source.invalid("namespace", message)


@rule("conflicting-data-sources", "volume-claim", source=SPEC)
def conflicting_data_sources(claim: FieldRef) -> Iterator[FieldError]:
    """`dataSource` and `dataSourceRef`, when both are stated, name the same object; and with `dataSourceRef.namespace`,
    `dataSource` is absent.
    """
    source, reference = claim.child("dataSource"), claim.child("dataSourceRef")
    if source and reference:
        if reference.get("namespace", ""):
            yield claim.error("Invalid", ("dataSource",), "not beside `dataSourceRef.namespace`", field="")
        elif _names(source) != _names(reference):
            yield claim.error("Invalid", ("dataSource",), "names another object than `dataSourceRef`", field="")


def _names(source: FieldRef) -> tuple[str | None, str, str]:
    return source.get("apiGroup"), source.get("kind", ""), source.get("name", "")
