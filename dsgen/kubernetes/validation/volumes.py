"""Volumes: their names, and that each has one source. The rules for each source are in their own modules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.metadata import given_name
from dsgen.kubernetes.validation.pod import Pod
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.problem import comma_list

LOADED_FOR: Final = ("volumes", "volumeClaimTemplates")

SOURCE = "pkg/apis/core/validation: ValidateVolumes"

# The sources in the order in which the server looks for them: it validates the first, and forbids the others.
SOURCES: Final = (
    "emptyDir", "hostPath", "gitRepo", "gcePersistentDisk", "awsElasticBlockStore", "secret", "nfs", "iscsi",
    "glusterfs", "flocker", "persistentVolumeClaim", "rbd", "cinder", "cephfs", "quobyte", "downwardAPI", "fc",
    "flexVolume", "configMap", "azureFile", "vsphereVolume", "photonPersistentDisk", "portworxVolume", "azureDisk",
    "storageos", "projected", "scaleIO", "csi", "ephemeral", "image",
)  # fmt: skip

# Where the server's own spelling of a source is odd: in errors below it, and if it is forbidden.
PRINTED: Final = {"gcePersistentDisk": "persistentDisk"}
PRINTED_AS_FURTHER: Final = {"cephfs": "cephFS", "downwardAPI": "downwarAPI"}

# The minor in which the server began to call a source deprecated is long past; the text says what has become of it.
DEPRECATED: Final = {
    "gitRepo": "deprecated since 1.11 and disabled since 1.33: let an init container clone into an `emptyDir`",
    "photonPersistentDisk": "deprecated since 1.11 and non-functional since 1.16",
    "scaleIO": "deprecated since 1.16 and non-functional since 1.22",
    "flocker": "deprecated since 1.22 and non-functional since 1.25",
    "storageos": "deprecated since 1.22 and non-functional since 1.25",
    "quobyte": "deprecated since 1.22 and non-functional since 1.25",
    "glusterfs": "deprecated since 1.25 and non-functional since 1.26",
    "cephfs": "deprecated since 1.28 and non-functional since 1.31: use the CSI driver",
    "rbd": "deprecated since 1.28 and non-functional since 1.31: use the CSI driver",
}
PRINTED_AS_DEPRECATED: Final = {"storageos": "storageOS"}


def first_source(volume: FieldRef) -> FieldRef | None:
    """Return the source that the server validates: the first in its order. The `scope` of the node is the source's name."""
    stated = volume.value
    for name in SOURCES:
        if name in stated:
            found = volume.get(name)
            if found is not None:
                printed = f"{volume.field}.{PRINTED[name]}" if name in PRINTED else ""
                return FieldRef(found, volume, (name,), scope=name, printed=printed)
    return None


def why_missing(pod: Pod, name: str) -> str:
    """Return why mounts and devices find no volume of that `name`: there is none, or it is invalid."""
    stated = pod.stated_volumes
    if name in stated:
        return f"the volume {str(name)!r} is invalid: fix it first"
    hint = pod.suggestions.did_you_mean(name, stated) or f"the pod has {comma_list(stated) or 'none'}"
    return f"no volume has the name {str(name)!r}: {hint}"


VOLUME = Fields("volume", "a volume", SOURCE)
VOLUME.required("missing-volume-name", "name")
VOLUME.has_format("invalid-volume-name", "name", formats.dns_label)


@rule("volume", source=SOURCE)
def duplicate_volume_name(volume: FieldRef) -> Iterator[FieldError]:
    """The names of volumes must be unique in the pod. A volume that is invalid for another reason does not count."""
    name = volume.get("name", "")
    if name in volume.pod.volumes:
        yield volume.duplicate("name", f"another volume has the name {str(name)!r}")


@rule("volume", source="pkg/apis/core/validation: validateVolumeSource")
def conflicting_volume_sources(volume: FieldRef) -> Iterator[FieldError]:
    """A volume must have only one source; `emptyDir: {}` and `hostPath` are two. Only the first, in the server's order,
    is validated.
    """
    if len(volume.value) - ("name" in volume.value) > 1:
        stated = [name for name in SOURCES if volume.get(name) is not None]
        for name in stated[1:]:
            message = f"is not allowed together with `{stated[0]}`: remove one of the two"
            yield volume.forbidden(name, message, field=PRINTED_AS_FURTHER.get(name))


@rule("volume", source="pkg/api/pod: warningsForPodSpecAndMeta", severity="warning")
def deprecated_volume_source(volume: FieldRef) -> Iterator[FieldError]:
    """Some volume sources are still decoded, but have no function any longer: gitRepo, photonPersistentDisk, scaleIO,
    flocker, storageos, quobyte, glusterfs, cephfs and rbd.
    """
    for name in volume.value:
        if name in DEPRECATED and volume.get(name) is not None:
            yield volume.warning(name, DEPRECATED[name], field=PRINTED_AS_DEPRECATED.get(name))


@rule("volume", source="pkg/apis/core/validation: validateVolumeSource", when="ephemeral")
def invalid_ephemeral_claim_name(volume: FieldRef) -> Iterator[FieldError]:
    """The claim of an ephemeral volume is called like the Pod and the volume, `POD-VOLUME`: that must be a DNS subdomain."""
    name, pod = volume.get("name", ""), volume.pod
    source = first_source(volume)
    if pod.kind.template or not name or source is None or source.scope != "ephemeral":
        return
    whole = given_name(pod.metadata)
    if whole:
        yield from volume.invalid_each("name", formats.dns_subdomain(f"{whole}-{name}"))
