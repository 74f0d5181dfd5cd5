"""Volumes that live on the node: emptyDir, hostPath, gitRepo, image."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats, quantity
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SOURCE = "pkg/apis/core/validation: validateVolumeSource"

HOST_PATH_TYPES: Final = (
    "",
    "DirectoryOrCreate",
    "Directory",
    "FileOrCreate",
    "File",
    "Socket",
    "CharDevice",
    "BlockDevice",
)
PULL_POLICIES: Final = ("Always", "IfNotPresent", "Never")


@rule("out-of-range-size-limit", "emptyDir", source=SOURCE)
def out_of_range_size_limit(empty: FieldRef) -> Iterator[FieldError]:
    """`emptyDir.sizeLimit` is 0 or more."""
    limit = empty.get("sizeLimit")
    if limit is not None and quantity.parse(limit).number < 0:
        yield empty.forbidden("sizeLimit", f"{limit} is less than 0")


@rule("invalid-host-path", "hostPath", source="pkg/apis/core/validation: validateHostPathVolumeSource", when="path")
def invalid_host_path(host: FieldRef) -> Iterator[FieldError]:
    """`hostPath.path` has no element `..`. It may be relative, though that is hardly meant."""
    for message in formats.no_backsteps(host.get("path", "")):
        yield host.invalid("path", message)


@rule("invalid-host-path-type", "hostPath", source="pkg/apis/core/validation: validateHostPathType", when="type")
def invalid_host_path_type(host: FieldRef) -> Iterator[FieldError]:
    """`hostPath.type` is empty (no check), `DirectoryOrCreate`, `Directory`, `FileOrCreate`, `File`, `Socket`, `CharDevice`
    or `BlockDevice`.
    """
    kind = host.get("type", "")
    if kind not in HOST_PATH_TYPES and host.get("path", ""):
        yield host.not_supported("type", kind, HOST_PATH_TYPES)


@rule("invalid-git-repo-directory", "gitRepo", source="pkg/apis/core/validation: validateGitRepoVolumeSource")
def invalid_git_repo_directory(repo: FieldRef) -> Iterator[FieldError]:
    """`gitRepo.directory` is a relative path without `..`."""
    for message in formats.local_path(repo.get("directory", "")):
        yield repo.invalid("directory", message)


@rule("invalid-image-volume-pull-policy", "image", source="pkg/apis/core/validation: validateImageVolumeSource")
def invalid_image_volume_pull_policy(image: FieldRef) -> Iterator[FieldError]:
    """The `pullPolicy` of an image volume is `Always`, `IfNotPresent` or `Never`. Since 1.35 it has a default."""
    policy = image.get("pullPolicy", "")
    if not policy:
        yield image.required("pullPolicy", "must be stated: before 1.35 it has no default")
    elif policy not in PULL_POLICIES:
        yield image.not_supported("pullPolicy", policy, PULL_POLICIES)
