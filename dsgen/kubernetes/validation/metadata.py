"""The metadata of the object itself: its name, labels, annotations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.schema.names import generated_name
from dsgen.kubernetes.validation.labels import label_errors
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.tree import Map

SOURCE = "apimachinery/pkg/api/validation: ValidateObjectMeta"
# pkg/api/validation: TotalAnnotationSizeLimitB
TOTAL_ANNOTATION_SIZE_LIMIT: Final = 256 * 1024
# Kinds of which a name becomes a part of a host name.
NAMING_HOSTS: Final = frozenset({"Deployment", "ReplicaSet", "ReplicationController", "Pod", "Job", "CronJob"})


def annotation_key_errors(node: FieldRef | None) -> Iterator[FieldError]:
    """Yield the errors of the annotation keys of `node`, if there is one; the server prints the map, not the key."""
    if node is None:
        return
    for key in node.get("annotations", ()):
        for message in formats.qualified_name(formats.lower_case(key)):
            yield node.invalid(("annotations", key), message, field="annotations")


def annotation_size_errors(node: FieldRef | None) -> Iterator[FieldError]:
    """Yield an error if all annotations of `node`, if there is one, are too large together."""
    if node is None:
        return
    annotations = node.get("annotations", {})
    size = sum(formats.byte_length(key) + formats.byte_length(value) for key, value in annotations.items())
    if size > TOTAL_ANNOTATION_SIZE_LIMIT:
        detail = f"must have at most {TOTAL_ANNOTATION_SIZE_LIMIT} bytes in all keys and values, got {size}"
        yield node.error("TooLong", "annotations", detail)


def takes_any_segment(metadata: FieldRef) -> bool:
    """Return whether the name is that of an old object, and no longer has to be of the format for its kind."""
    return bool(metadata.pod.old) and metadata.pod.minor >= metadata.pod.kind.path_name_since


@rule("metadata", source=SOURCE)
def missing_object_name(metadata: FieldRef) -> Iterator[FieldError]:
    """An object must have a `name`, or a `generateName` from which the server generates one. Only a new LimitRange needs
    neither.
    """
    named = metadata.get("generateName") or metadata.pod.kind.named_by_server
    if not metadata.get("name") and (metadata.pod.old or not named):
        yield metadata.required("name", "must be set, or `generateName`")


@rule("metadata", source="apimachinery/pkg/api/validation: NameIsDNSSubdomain")
def invalid_object_name(metadata: FieldRef) -> Iterator[FieldError]:
    """The name of an object must be a DNS subdomain: lower-case letters, digits, and inner `-` or `.`, at most 253
    characters. That of a Namespace or Service must be a DNS label, without dots and of at most 63 characters; that of a
    role or a binding must not contain `/` or `%`. In an update, which cannot change it, it only has to be a valid path
    segment for most kinds.
    """
    name = metadata.get("name") or ""
    if takes_any_segment(metadata):
        yield from metadata.invalid_each("name", formats.path_segment(name))
        return
    if not metadata.pod.old:
        name = given_name(metadata)
    for message in metadata.pod.kind.name_format(name) if name else ():
        yield metadata.invalid("name", message)


def given_name(metadata: FieldRef | Map) -> str:
    """Return the name of a new object, or one such as the server generates."""
    name, prefix = (metadata.get(field) or "" for field in ("name", "generateName"))
    if name or not prefix:
        return str(name)
    return generated_name(str(prefix))


@rule("metadata", source="pkg/registry/apps/deployment, core/pod, batch/job: WarningsOnCreate", severity="warning")
def non_canonical_workload_name(metadata: FieldRef) -> Iterator[FieldError]:
    """The names of pods and of most of their controllers are used in host names. They should be DNS labels: at most 63 lower-case letters,
    digits and inner `-`.
    """
    if metadata.pod.kind.name in NAMING_HOSTS and not metadata.pod.old:
        for message in formats.dns_label(given_name(metadata))[:1]:
            yield metadata.warning("name", f"is used in host names: {message}")


@rule("metadata", source=SOURCE, when="generateName")
def invalid_generate_name(metadata: FieldRef) -> Iterator[FieldError]:
    """`generateName` must be the beginning of a valid name, such as `agent-`."""
    prefix, kind = metadata.get("generateName") or "", metadata.pod.kind
    named = prefix and not takes_any_segment(metadata) and metadata.pod.minor < kind.any_prefix_since
    wrong = formats.name_prefix(prefix, kind.name_format) if named else []
    yield from metadata.invalid_each("generateName", wrong or formats.path_segment_prefix(prefix))


@rule("metadata", source=SOURCE, when="generation")
def out_of_range_generation(metadata: FieldRef) -> Iterator[FieldError]:
    """`generation` must be 0 or more, unless the server sets it itself. Leave it out."""
    number = metadata.get("generation", 0)
    # In an update, the server ignores what the manifest sets.
    if number < 0 and not metadata.pod.kind.counts(metadata.pod.minor) and not metadata.pod.old:
        yield metadata.invalid("generation", f"must be 0 or more, got {int(number)}")


@rule("metadata", source="apimachinery/pkg/api/validation: ValidateNamespaceName", when="namespace")
def invalid_namespace_name(metadata: FieldRef) -> Iterator[FieldError]:
    """A namespace must be a DNS label: at most 63 lower-case letters, digits and inner `-`."""
    namespace = metadata.get("namespace")
    # The server silently drops the namespace of a cluster-scoped object.
    for message in formats.dns_label(namespace) if namespace and metadata.pod.kind.namespaced else ():
        yield metadata.invalid("namespace", message)


@rule("metadata", source="apimachinery/pkg/apis/meta/v1/validation: ValidateLabels", when="labels")
def invalid_label(metadata: FieldRef) -> Iterator[FieldError]:
    """The key of a label must be a name of at most 63 characters with an optional prefix (`example.com/tier`); its
    value must have at most 63 characters.
    """
    yield from label_errors(metadata, "labels")


@rule("metadata", source="apimachinery/pkg/api/validation: ValidateAnnotations", when="annotations")
def invalid_annotation_key(metadata: FieldRef) -> Iterator[FieldError]:
    """The key of an annotation must be a name of at most 63 characters with an optional prefix, such as
    `example.com/note`. Its value can be anything.
    """
    yield from annotation_key_errors(metadata)


@rule("metadata", source="apimachinery/pkg/api/validation: ValidateAnnotationsSize", when="annotations")
def too_large_annotations(metadata: FieldRef) -> Iterator[FieldError]:
    """The keys and values of all annotations must not exceed 262144 bytes together."""
    yield from annotation_size_errors(metadata)
