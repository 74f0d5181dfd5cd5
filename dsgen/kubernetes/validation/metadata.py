"""The metadata of the object itself: its name, labels, annotations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.labels import label_errors
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SOURCE = "apimachinery/pkg/api/validation: ValidateObjectMeta"
# pkg/api/validation: TotalAnnotationSizeLimitB
TOTAL_ANNOTATION_SIZE_LIMIT: Final = 256 * 1024
# apiserver/pkg/storage/names: a generated name is cut so that five random characters still fit.
MAX_GENERATED_NAME_LENGTH: Final = 58


def annotation_key_errors(node: FieldRef) -> Iterator[FieldError]:
    """Yield what is wrong with the keys of the annotations of `node`; the server prints the map, not the key."""
    for key in node.get("annotations", ()):
        for message in formats.qualified_name(formats.lower_case(key)):
            yield node.invalid(("annotations", key), message, field="annotations")


def annotation_size_errors(node: FieldRef) -> Iterator[FieldError]:
    """Yield an error if the annotations of `node` are too large together."""
    annotations = node.get("annotations", {})
    size = sum(formats.byte_length(key) + formats.byte_length(value) for key, value in annotations.items())
    if size > TOTAL_ANNOTATION_SIZE_LIMIT:
        detail = f"keys and values have {size} bytes together, and may have {TOTAL_ANNOTATION_SIZE_LIMIT}"
        yield node.error("TooLong", "annotations", detail)


@rule("missing-object-name", "metadata", source=SOURCE)
def missing_object_name(metadata: FieldRef) -> Iterator[FieldError]:
    """An object has a `name`, or a `generateName` from which the server makes one."""
    if not metadata.get("name") and (metadata.pod.old or not metadata.get("generateName")):
        yield metadata.required("name", "a name, or `generateName`, must be stated")


@rule("invalid-object-name", "metadata", source="apimachinery/pkg/api/validation: NameIsDNSSubdomain")
def invalid_object_name(metadata: FieldRef) -> Iterator[FieldError]:
    """
    An object's name is a DNS subdomain: lower-case letters, digits, and `-` or `.` inside, at most 253 characters. That
    of a Namespace or Service is a DNS label, without dots and of at most 63 characters; that of a role or a binding has no
    `/` or `%`. In an update, which cannot change it, it only has to fit into a path (since 1.34).
    """
    name = metadata.get("name") or ""
    prefix = metadata.get("generateName") or ""
    if metadata.pod.old and metadata.pod.minor >= 34:
        for message in formats.path_segment(name):
            yield metadata.invalid("name", message)
        return
    if not name and prefix and not metadata.pod.old:
        name = prefix.encode()[:MAX_GENERATED_NAME_LENGTH].decode("utf-8", "replace") + "xxxxx"
    for message in metadata.pod.kind.name_format(name) if name else ():
        yield metadata.invalid("name", message)


@rule("invalid-generate-name", "metadata", source=SOURCE, when="generateName")
def invalid_generate_name(metadata: FieldRef) -> Iterator[FieldError]:
    """`generateName` is the beginning of a name, such as `agent-`."""
    prefix = metadata.get("generateName") or ""
    named = prefix and not (metadata.pod.old and metadata.pod.minor >= 34)
    wrong = formats.name_prefix(prefix, metadata.pod.kind.name_format) if named else []
    for message in wrong or formats.path_segment_prefix(prefix):
        yield metadata.invalid("generateName", message)


@rule("out-of-range-generation", "metadata", source=SOURCE, when="generation")
def out_of_range_generation(metadata: FieldRef) -> Iterator[FieldError]:
    """`generation` is 0 or more, where the server does not count it itself; leave it out."""
    number = metadata.get("generation", 0)
    if number < 0 and not metadata.pod.kind.counts_generation:
        yield metadata.invalid("generation", f"{int(number)} is negative")


@rule(
    "invalid-namespace-name",
    "metadata",
    source="apimachinery/pkg/api/validation: ValidateNamespaceName",
    when="namespace",
)
def invalid_namespace_name(metadata: FieldRef) -> Iterator[FieldError]:
    """A namespace is a DNS label: lower-case letters, digits and `-` inside, at most 63 characters."""
    namespace = metadata.get("namespace")
    # What belongs to no namespace is cleared of one in silence.
    for message in formats.dns_label(namespace) if namespace and metadata.pod.kind.namespaced else ():
        yield metadata.invalid("namespace", message)


@rule("invalid-label", "metadata", source="apimachinery/pkg/apis/meta/v1/validation: ValidateLabels", when="labels")
def invalid_label(metadata: FieldRef) -> Iterator[FieldError]:
    """A label's key is a name of 63 characters at most, with an optional prefix (`example.com/tier`); its value has 63 at most."""
    yield from label_errors(metadata, "labels")


@rule(
    "invalid-annotation-key",
    "metadata",
    source="apimachinery/pkg/api/validation: ValidateAnnotations",
    when="annotations",
)
def invalid_annotation_key(metadata: FieldRef) -> Iterator[FieldError]:
    """An annotation's key is a name of 63 characters at most, with an optional prefix: `example.com/note`. Its value is free."""
    yield from annotation_key_errors(metadata)


@rule(
    "too-large-annotations",
    "metadata",
    source="apimachinery/pkg/api/validation: ValidateAnnotationsSize",
    when="annotations",
)
def too_large_annotations(metadata: FieldRef) -> Iterator[FieldError]:
    """All annotations together, keys and values, have at most 262144 bytes."""
    yield from annotation_size_errors(metadata)
