"""Volumes that are disks: gcePersistentDisk, awsElasticBlockStore, azureDisk, iscsi, fc."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

CACHING_MODES: Final = ("None", "ReadOnly", "ReadWrite")
DISK_KINDS: Final = ("Shared", "Dedicated", "Managed")
ISCSI_NAME_AND_PORTAL_MAX_LENGTH: Final = 64

# By the first three letters. Only the first form may have anything before it.
ISCSI_NAMES: Final = {
    "iqn": re.compile(r"iqn\.[0-9]{4}-[0-9]{2}\.[A-Za-z0-9.-]+:[^,;*&$|\t\n\f\r ]+\Z").search,
    "eui": re.compile(r"eui.[A-Za-z0-9]{16}").fullmatch,
    "naa": re.compile(r"naa.[A-Za-z0-9]{32}").fullmatch,
}


@rule(
    "out-of-range-gce-partition",
    "gcePersistentDisk",
    source="pkg/apis/core/validation: validateGCEPersistentDiskVolumeSource",
)
def out_of_range_gce_partition(disk: FieldRef) -> Iterator[FieldError]:
    """The `partition` of a `gcePersistentDisk` is a number from 0 to 255."""
    yield from _in_a_byte(disk, "partition")


@rule(
    "out-of-range-ebs-partition",
    "awsElasticBlockStore",
    source="pkg/apis/core/validation: validateAWSElasticBlockStoreVolumeSource",
)
def out_of_range_ebs_partition(disk: FieldRef) -> Iterator[FieldError]:
    """The `partition` of an `awsElasticBlockStore` volume is a number from 0 to 255."""
    yield from _in_a_byte(disk, "partition")


def _in_a_byte(disk: FieldRef, name: str) -> Iterator[FieldError]:
    number = disk.get(name, 0)
    if not 0 <= number <= 255:
        yield disk.invalid(name, f"{number} is not from 0 to 255")


@rule("invalid-azure-disk-caching-mode", "azureDisk", source="pkg/apis/core/validation: validateAzureDisk")
def invalid_azure_disk_caching_mode(disk: FieldRef) -> Iterator[FieldError]:
    """`azureDisk.cachingMode` is `None`, `ReadOnly` or `ReadWrite` (the default)."""
    mode = disk.get("cachingMode", "ReadWrite")
    if mode not in CACHING_MODES:
        yield disk.not_supported("cachingMode", mode, CACHING_MODES)


@rule("invalid-azure-disk-kind", "azureDisk", source="pkg/apis/core/validation: validateAzureDisk")
def invalid_azure_disk_kind(disk: FieldRef) -> Iterator[FieldError]:
    """`azureDisk.kind` is `Shared` (the default), `Dedicated` or `Managed`."""
    kind = disk.get("kind", "Shared")
    if kind not in DISK_KINDS:
        yield disk.not_supported("kind", kind, DISK_KINDS)


@rule("invalid-azure-disk-uri", "azureDisk", source="pkg/apis/core/validation: validateAzureDisk")
def invalid_azure_disk_uri(disk: FieldRef) -> Iterator[FieldError]:
    """`azureDisk.diskURI` begins with `/subscriptions/` if `kind` is `Managed`, and with `https://` for the other kinds.
    The kind is `Shared` unless stated.
    """
    kind = disk.get("kind", "Shared")
    start = "/subscriptions/" if kind == "Managed" else "https://"
    uri = disk.get("diskURI", "")
    if not uri.startswith(start):
        yield disk.error("NotSupported", "diskURI", f"with kind `{kind}` it begins with `{start}`, not {str(uri)!r}")


@rule("invalid-iscsi-name", "iscsi", source="pkg/apis/core/validation: validateISCSIVolumeSource")
def invalid_iscsi_name(iscsi: FieldRef) -> Iterator[FieldError]:
    """`iscsi.iqn` and `iscsi.initiatorName` are iSCSI names: `iqn.2001-04.com.example:disk1`, `eui.` and 16 letters or digits, or
    `naa.` and 32.
    """
    if iscsi.get("iqn", "") and not _is_iscsi_name(iscsi.get("iqn")):
        yield iscsi.invalid(
            "iqn", f"{str(iscsi.get('iqn'))!r} is no iSCSI name, such as `iqn.2001-04.com.example:disk1`"
        )
    initiator = iscsi.get("initiatorName")
    if initiator is not None and not _is_iscsi_name(initiator):
        message = f"{str(initiator)!r} is no iSCSI name, such as `iqn.2001-04.com.example:node1`"
        yield iscsi.invalid("initiatorName", message, field="initiatorname")


def _is_iscsi_name(name: str) -> bool:
    matches = ISCSI_NAMES.get(name[:3])
    return matches is not None and matches(name) is not None


@rule("out-of-range-iscsi-lun", "iscsi", source="pkg/apis/core/validation: validateISCSIVolumeSource")
def out_of_range_iscsi_lun(iscsi: FieldRef) -> Iterator[FieldError]:
    """`iscsi.lun` is a number from 0 to 255."""
    yield from _in_a_byte(iscsi, "lun")


@rule("missing-iscsi-secret", "iscsi", source="pkg/apis/core/validation: validateISCSIVolumeSource")
def missing_iscsi_secret(iscsi: FieldRef) -> Iterator[FieldError]:
    """An `iscsi` volume with `chapAuthDiscovery` or `chapAuthSession` has a `secretRef`."""
    if (iscsi.get("chapAuthDiscovery") or iscsi.get("chapAuthSession")) and iscsi.get("secretRef") is None:
        yield iscsi.required("secretRef", "CHAP authentication needs it")


@rule("too-long-iscsi-volume-name", "volume", source="pkg/apis/core/validation: validateVolumeSource", when="iscsi")
def too_long_iscsi_volume_name(volume: FieldRef) -> Iterator[FieldError]:
    """When `iscsi.initiatorName` is stated, the volume's name and `iscsi.targetPortal` have at most 63 characters together."""
    iscsi = volume.child("iscsi") if "iscsi" in volume.value else None
    if iscsi and iscsi.get("initiatorName") is not None:
        both = f"{volume.get('name', '')}:{iscsi.get('targetPortal', '')}"
        if formats.byte_length(both) > ISCSI_NAME_AND_PORTAL_MAX_LENGTH:
            yield volume.invalid(
                "name", f"{both!r} (name and portal) has more than {ISCSI_NAME_AND_PORTAL_MAX_LENGTH} characters"
            )


@rule("invalid-fc-target", "fc", source="pkg/apis/core/validation: validateFCVolumeSource")
def invalid_fc_target(fc: FieldRef) -> Iterator[FieldError]:
    """An `fc` volume has either `targetWWNs` or `wwids`."""
    names, ids = fc.get("targetWWNs", ()), fc.get("wwids", ())
    if not names and not ids:
        yield fc.required("targetWWNs", "`fc` needs `targetWWNs` or `wwids`")
    elif names and ids:
        yield fc.invalid("targetWWNs", "not beside `wwids`: state one of the two")


@rule("invalid-fc-lun", "fc", source="pkg/apis/core/validation: validateFCVolumeSource")
def invalid_fc_lun(fc: FieldRef) -> Iterator[FieldError]:
    """An `fc` volume with `targetWWNs` has a `lun` from 0 to 255."""
    if fc.get("targetWWNs", ()):
        if fc.get("lun") is None:
            yield fc.required("lun", "`targetWWNs` needs a `lun`")
        else:
            yield from _in_a_byte(fc, "lun")
