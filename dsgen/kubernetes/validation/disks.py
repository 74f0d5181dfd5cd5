"""Volumes that are disks: gcePersistentDisk, awsElasticBlockStore, azureDisk, iscsi, fc."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

LOADED_FOR: Final = ("awsElasticBlockStore", "azureDisk", "fc", "gcePersistentDisk", "iscsi")

AZURE_SOURCE = "pkg/apis/core/validation: validateAzureDisk"
ISCSI_SOURCE = "pkg/apis/core/validation: validateISCSIVolumeSource"
ISCSI_NAME_AND_PORTAL_MAX_LENGTH: Final = 64

# By the first three letters. Only the first form allows text before it.
ISCSI_NAMES: Final = {
    "iqn": re.compile(r"iqn\.[0-9]{4}-[0-9]{2}\.[A-Za-z0-9.-]+:[^,;*&$|\t\n\f\r ]+\Z").search,
    "eui": re.compile(r"eui.[A-Za-z0-9]{16}").fullmatch,
    "naa": re.compile(r"naa.[A-Za-z0-9]{32}").fullmatch,
}


GCE_DISK = Fields(
    "gcePersistentDisk", "`gcePersistentDisk`", "pkg/apis/core/validation: validateGCEPersistentDiskVolumeSource"
)
GCE_DISK.in_range("out-of-range-gce-partition", "partition", 0, 255)
EBS = Fields(
    "awsElasticBlockStore",
    "`awsElasticBlockStore`",
    "pkg/apis/core/validation: validateAWSElasticBlockStoreVolumeSource",
)
EBS.in_range("out-of-range-ebs-partition", "partition", 0, 255)


AZURE_DISK = Fields("azureDisk", "`azureDisk`", AZURE_SOURCE)
AZURE_DISK.one_of(
    "invalid-azure-disk-caching-mode", "cachingMode", ("None", "ReadOnly", "ReadWrite"), default="ReadWrite", empty=True
)
AZURE_DISK.one_of("invalid-azure-disk-kind", "kind", ("Shared", "Dedicated", "Managed"), default="Shared", empty=True)


@rule("azureDisk", source=AZURE_SOURCE)
def invalid_azure_disk_uri(disk: FieldRef) -> Iterator[FieldError]:
    """`azureDisk.diskURI` must begin with `/subscriptions/` if `kind` is `Managed`, and with `https://` otherwise. The
    default `kind` is `Shared`.
    """
    kind = disk.get("kind", "Shared")
    start = "/subscriptions/" if kind == "Managed" else "https://"
    uri = disk.get("diskURI", "")
    if not uri.startswith(start):
        yield disk.error("NotSupported", "diskURI", f"must begin with `{start}` for kind `{kind}`, got {str(uri)!r}")


@rule("iscsi", source=ISCSI_SOURCE)
def invalid_iscsi_name(iscsi: FieldRef) -> Iterator[FieldError]:
    """`iscsi.iqn` and `iscsi.initiatorName` must be iSCSI names: `iqn.2001-04.com.example:disk1`, `eui.` and 16 letters
    or digits, or `naa.` and 32.
    """
    if iscsi.get("iqn", "") and not _is_iscsi_name(iscsi.get("iqn")):
        yield iscsi.invalid(
            "iqn", f"{str(iscsi.get('iqn'))!r} is not a valid iSCSI name, such as `iqn.2001-04.com.example:disk1`"
        )
    initiator = iscsi.get("initiatorName")
    if initiator is not None and not _is_iscsi_name(initiator):
        message = f"{str(initiator)!r} is not a valid iSCSI name, such as `iqn.2001-04.com.example:node1`"
        yield iscsi.invalid("initiatorName", message, field="initiatorname")


def _is_iscsi_name(name: str) -> bool:
    matches = ISCSI_NAMES.get(name[:3])
    return matches is not None and matches(name) is not None


ISCSI = Fields("iscsi", "`iscsi`", ISCSI_SOURCE)
ISCSI.in_range("out-of-range-iscsi-lun", "lun", 0, 255)


@rule("iscsi", source=ISCSI_SOURCE)
def missing_iscsi_secret(iscsi: FieldRef) -> Iterator[FieldError]:
    """An `iscsi` volume with `chapAuthDiscovery` or `chapAuthSession` must have a `secretRef`."""
    if (iscsi.get("chapAuthDiscovery") or iscsi.get("chapAuthSession")) and iscsi.get("secretRef") is None:
        yield iscsi.required("secretRef", "must be set for CHAP authentication")


@rule("volume", source="pkg/apis/core/validation: validateVolumeSource", when="iscsi")
def too_long_iscsi_volume_name(volume: FieldRef) -> Iterator[FieldError]:
    """If `iscsi.initiatorName` is set, the volume's name and `iscsi.targetPortal` must have at most 63 characters
    together.
    """
    iscsi = volume.child("iscsi") if "iscsi" in volume.value else None
    if iscsi and iscsi.get("initiatorName") is not None:
        both = f"{volume.get('name', '')}:{iscsi.get('targetPortal', '')}"
        if formats.byte_length(both) > ISCSI_NAME_AND_PORTAL_MAX_LENGTH:
            yield volume.invalid(
                "name", f"{both!r} (name and portal) must have at most {ISCSI_NAME_AND_PORTAL_MAX_LENGTH} characters"
            )


@rule("fc", source="pkg/apis/core/validation: validateFCVolumeSource")
def invalid_fc_target(fc: FieldRef) -> Iterator[FieldError]:
    """An `fc` volume must have either `targetWWNs` or `wwids`."""
    names, ids = fc.get("targetWWNs", ()), fc.get("wwids", ())
    if not names and not ids:
        yield fc.required("targetWWNs", "must be set, or `wwids`")
    elif names and ids:
        yield fc.invalid("targetWWNs", "is not allowed together with `wwids`: remove one of the two")


@rule("fc", source="pkg/apis/core/validation: validateFCVolumeSource")
def invalid_fc_lun(fc: FieldRef) -> Iterator[FieldError]:
    """An `fc` volume with `targetWWNs` must have a `lun` between 0 and 255."""
    number = fc.get("lun")
    if fc.get("targetWWNs", ()) and number is None:
        yield fc.required("lun", "must be set together with `targetWWNs`")
    elif fc.get("targetWWNs", ()) and not 0 <= number <= 255:
        yield fc.invalid("lun", f"must be between 0 and 255, got {number}")
