"""The metadata in a ResourceClaimTemplate, which are those of the claims."""

from __future__ import annotations

from collections.abc import Iterator

from dsgen.kubernetes.validation.labels import label_errors
from dsgen.kubernetes.validation.metadata import annotation_key_errors, annotation_size_errors
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.kubernetes.validation.volume_claim_template import foreign_metadata

SOURCE = "pkg/apis/core/validation: ValidateTemplateObjectMeta"


@rule("ResourceClaimTemplate.spec", source=SOURCE, when="metadata")
def forbidden_resource_claim_metadata(spec: FieldRef) -> Iterator[FieldError]:
    """The metadata in the `spec` of a ResourceClaimTemplate can only have labels and annotations. The claim's name is derived from the pod's."""
    yield from foreign_metadata(spec)


@rule("ResourceClaimTemplate.spec", source=SOURCE, when="metadata")
def invalid_resource_claim_label(spec: FieldRef) -> Iterator[FieldError]:
    """The labels in the `spec` of a ResourceClaimTemplate must have valid keys, such as `example.com/app`, and values."""
    yield from label_errors(spec.child("metadata"), "labels")


@rule("ResourceClaimTemplate.spec", source=SOURCE, when="metadata")
def invalid_resource_claim_annotation_key(spec: FieldRef) -> Iterator[FieldError]:
    """The key of an annotation in the `spec` of a ResourceClaimTemplate must be a label key, in upper or lower case."""
    yield from annotation_key_errors(spec.child("metadata"))


@rule("ResourceClaimTemplate.spec", source="apimachinery/pkg/api/validation: ValidateAnnotationsSize", when="metadata")
def too_large_resource_claim_annotations(spec: FieldRef) -> Iterator[FieldError]:
    """The keys and values of all annotations in the `spec` of a ResourceClaimTemplate must not exceed 262144 bytes together."""
    yield from annotation_size_errors(spec.child("metadata"))
