"""Volumes on the network or from a driver: nfs, flocker, quobyte, storageos, flexVolume, csi."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

LOADED_FOR: Final = ("csi", "flexVolume", "flocker", "nfs", "quobyte", "storageos")

QUOBYTE_TENANT_MAX_LENGTH: Final = 64
CSI_DRIVER_NAME_MAX_LENGTH: Final = 63
RESERVED_NAMESPACES: Final = (".kubernetes.io", ".k8s.io")


@rule("nfs", source="pkg/apis/core/validation: validateNFSVolumeSource")
def invalid_nfs_path(nfs: FieldRef) -> Iterator[FieldError]:
    """`nfs.path` must be absolute: it begins with `/`."""
    path = nfs.get("path", "")
    if not path.startswith("/"):
        yield nfs.invalid("path", f"must begin with `/`, got {str(path)!r}")


@rule("flocker", source="pkg/apis/core/validation: validateFlockerVolumeSource")
def invalid_flocker_dataset(flocker: FieldRef) -> Iterator[FieldError]:
    """A `flocker` volume must have either `datasetName`, without `/`, or `datasetUUID`."""
    name, uuid = flocker.get("datasetName", ""), flocker.get("datasetUUID", "")
    if not name and not uuid:
        yield flocker.required("", "must have `datasetName` or `datasetUUID`")
    if name and uuid:
        yield flocker.invalid("", "must not have both `datasetName` and `datasetUUID`")
    if "/" in name:
        yield flocker.invalid("datasetName", f"must not contain `/`, got {str(name)!r}")


@rule("quobyte", source="pkg/apis/core/validation: validateQuobyteVolumeSource")
def too_long_quobyte_tenant(quobyte: FieldRef) -> Iterator[FieldError]:
    """`quobyte.tenant` must have at most 64 characters."""
    if quobyte.get("registry", "") and formats.byte_length(quobyte.get("tenant", "")) > QUOBYTE_TENANT_MAX_LENGTH:
        yield quobyte.required("tenant", f"must have at most {QUOBYTE_TENANT_MAX_LENGTH} characters")


@rule("quobyte", source="pkg/apis/core/validation: validateQuobyteVolumeSource")
def invalid_quobyte_registry(quobyte: FieldRef) -> Iterator[FieldError]:
    """`quobyte.registry` must be `host:port`, or a comma-separated list of them."""
    registry = quobyte.get("registry", "")
    if registry and formats.byte_length(quobyte.get("tenant", "")) <= QUOBYTE_TENANT_MAX_LENGTH:
        for pair in registry.split(","):
            if not _is_host_and_port(pair):
                yield quobyte.invalid("registry", f"must be `host:port`, got {pair!r}")


def _is_host_and_port(pair: str) -> bool:
    """Return whether Go's net.SplitHostPort accepts `pair`: one colon outside brackets, and either side may be empty."""
    host, colon, port = pair.rpartition(":")
    if host.startswith("["):
        inside, bracket, rest = host[1:].partition("]")
        return bool(colon and bracket) and not rest and "[" not in inside + port and "]" not in port
    return bool(colon) and not any(character in pair[: len(host)] for character in ":") and not set("[]") & set(pair)


STORAGEOS = Fields("storageos", "a `storageos` volume", "pkg/apis/core/validation: validateStorageOSVolumeSource")
STORAGEOS.has_format("invalid-storageos-volume-name", ("volumeName", "volumeNamespace"), formats.dns_label)


@rule("flexVolume", source="pkg/apis/core/validation: validateFlexVolumeSource")
def reserved_flex_volume_option(flex: FieldRef) -> Iterator[FieldError]:
    """The keys of `flexVolume.options` must not use the reserved namespaces `kubernetes.io` and `k8s.io`."""
    for key in flex.get("options", ()):
        namespace = formats.lower_case(key.split("/", 1)[0])
        if f".{namespace}".endswith(RESERVED_NAMESPACES):
            yield flex.invalid(
                ("options", key), "the namespaces kubernetes.io and k8s.io are reserved", field=f"options[{key}]"
            )


@rule("csi", source="pkg/apis/core/validation: ValidateCSIDriverName")
def too_long_csi_driver_name(csi: FieldRef) -> Iterator[FieldError]:
    """The name of a CSI driver must have at most 63 characters."""
    for message in formats.too_long(csi.get("driver", ""), CSI_DRIVER_NAME_MAX_LENGTH):
        yield csi.error("TooLong", "driver", message)


@rule("csi", source="pkg/apis/core/validation: ValidateCSIDriverName")
def invalid_csi_driver_name(csi: FieldRef) -> Iterator[FieldError]:
    """The name of a CSI driver must be a DNS subdomain, in upper or lower case: `ebs.csi.aws.com`."""
    driver = csi.get("driver", "")
    # Before 1.35, the server reported a missing name like this, too.
    for message in formats.dns_subdomain(formats.lower_case(driver)) if driver or csi.pod.minor < 35 else ():
        yield csi.invalid("driver", message)


@rule("csi", source="pkg/apis/core/validation: validateCSIVolumeSource")
def invalid_csi_secret_name(csi: FieldRef) -> Iterator[FieldError]:
    """`csi.nodePublishSecretRef.name` must be a DNS subdomain."""
    # The references of a PersistentVolume have rules of their own.
    reference = None if csi.pod.kind.template is None else csi.child("nodePublishSecretRef")
    name = reference.get("name", "") if reference else ""
    for message in formats.dns_subdomain(name) if name else ():
        yield csi.invalid(("nodePublishSecretRef", "name"), message, field="name")
