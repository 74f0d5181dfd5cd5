"""Volumes on the node: emptyDir, hostPath, gitRepo, image."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats, quantity
from dsgen.kubernetes.schema.words import HOST_PATH_TYPES, PULL_POLICIES
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.kinds import asked_once
from dsgen.kubernetes.validation.pod import Pod
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

LOADED_FOR: Final = ("emptyDir", "gitRepo", "hostPath", "image")

SOURCE = "pkg/apis/core/validation: validateVolumeSource"


EMPTY_DIR = Fields("emptyDir", "`emptyDir`", SOURCE)
EMPTY_DIR.in_range(
    "out-of-range-empty-dir-mode",
    "mode",
    0,
    0o1777,
    note="In octal that is 01777. The field needs a feature gate that is off by default.",
    since="1.37",
)


@rule("emptyDir", source=SOURCE)
def out_of_range_size_limit(empty: FieldRef) -> Iterator[FieldError]:
    """`emptyDir.sizeLimit` must be 0 or more."""
    limit = empty.get("sizeLimit")
    if limit is not None and quantity.parse(limit).number < 0:
        yield empty.forbidden("sizeLimit", f"must be 0 or more, got {limit}")


HOST_PATH = Fields("hostPath", "`hostPath`", "pkg/apis/core/validation: validateHostPathVolumeSource")
HOST_PATH.has_format(
    "invalid-host-path", "path", formats.no_backsteps, note="A relative path is accepted, but hardly intended."
)


@rule("hostPath", source="pkg/apis/core/validation: validateHostPathType", when="type")
def invalid_host_path_type(host: FieldRef) -> Iterator[FieldError]:
    """
    `hostPath.type` must be empty (no check), `DirectoryOrCreate`, `Directory`, `FileOrCreate`, `File`, `Socket`,
    `CharDevice` or `BlockDevice`.
    """
    kind = host.get("type", "")
    if kind not in HOST_PATH_TYPES and host.get("path", ""):
        yield host.not_supported("type", kind, HOST_PATH_TYPES)


GIT_REPO = Fields("gitRepo", "`gitRepo`", "pkg/apis/core/validation: validateGitRepoVolumeSource")
GIT_REPO.has_format("invalid-git-repo-directory", "directory", formats.local_path)


@rule(
    "image",
    source="pkg/apis/core/validation: validateImageVolumeSource",
    since="1.37",
)
def missing_image_volume_reference(image: FieldRef) -> Iterator[FieldError]:
    """
    The `reference` of an image volume must be set: the image. Before 1.37, the server accepts a DaemonSet without it, and
    refuses its pods. An update is exempt if the old object has such a volume.
    """
    if not image.get("reference", "") and not _has_image_without_reference(image.pod.old):
        yield image.required("reference", "must be set: an image, such as `quay.io/example/data:v1`")


@rule(
    "image",
    source="pkg/apis/core/validation: validateImageVolumeSource",
    until="1.36",
    code="missing-image-volume-reference",
)
def missing_image_volume_reference_of_a_pod(image: FieldRef) -> Iterator[FieldError]:
    """The `reference` of an image volume must be set: the image. Before 1.37, the server accepts a DaemonSet without it, and
    rejects all its pods.
    """
    if not image.get("reference", "") and not image.pod.kind.template:
        yield image.required("reference", "must be set: an image, such as `quay.io/example/data:v1`")


@asked_once
def _has_image_without_reference(old: Pod) -> bool:
    images = (volume.child("image") for volume in old.node.children("volumes"))
    return any(image is not None and not image.get("reference", "") for image in images)


IMAGE = Fields("image", "an image volume", "pkg/apis/core/validation: validateImageVolumeSource")
IMAGE.one_of(
    "invalid-image-volume-pull-policy",
    "pullPolicy",
    PULL_POLICIES,
    required="must be set: it has no default before 1.35",
    note="Since 1.35 it has a default.",
)
