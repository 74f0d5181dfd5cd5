"""The sources of PersistentVolumes, as far as they differ from those of volumes in pods; and what an update must not change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.semantics.feature_gates import IN_SPEC
from dsgen.kubernetes.semantics.normalize import canonical
from dsgen.kubernetes.validation.companions.persistent_volume import validated_sources
from dsgen.kubernetes.validation.disks import ISCSI_NAME_AND_PORTAL_MAX_LENGTH
from dsgen.kubernetes.validation.kinds import PERSISTENT_SOURCES
from dsgen.kubernetes.validation.metadata import given_name
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.kubernetes.validation.update import changed_value
from dsgen.plain import plain
from dsgen.tree import Map, Null

VALIDATION = "pkg/apis/core/validation"
UPDATE = f"{VALIDATION}: ValidatePersistentVolumeUpdate"
# Sources with a Secret in a namespace: that must be set, too.
IN_NAMESPACE: Final = ("cinder", "storageos")
CSI_SECRETS: Final = (
    "controllerPublishSecretRef",
    "controllerExpandSecretRef",
    "nodePublishSecretRef",
    "nodeExpandSecretRef",
)
SOURCE_OF_ISCSI = f"{VALIDATION}: validateISCSIPersistentVolumeSource"
EXPAND: Final = "controllerExpandSecretRef"
ATTRIBUTES: Final = "volumeAttributesClassName"
# Labels of nodes, and what an update may call them instead.
RENAMED: Final = {
    "beta.kubernetes.io/arch": "kubernetes.io/arch",
    "beta.kubernetes.io/os": "kubernetes.io/os",
    "failure-domain.beta.kubernetes.io/region": "topology.kubernetes.io/region",
    "failure-domain.beta.kubernetes.io/zone": "topology.kubernetes.io/zone",
    "beta.kubernetes.io/instance-type": "node.kubernetes.io/instance-type",
}


def _source(spec: FieldRef, *names: str) -> FieldRef | None:
    """Return the source with one of these names, if the server validates it."""
    return next((source for source in validated_sources(spec) if source.scope in names), None)


@rule("PersistentVolume.spec", source=f"{VALIDATION}: validateLocalVolumeSource", when="local")
def invalid_local_volume_path(spec: FieldRef) -> Iterator[FieldError]:
    """The `path` of a `local` volume must be set, and must not contain `..`."""
    local = _source(spec, "local")
    if local:
        path = local.get("path", "")
        if not path:
            yield local.required("path", "must be the path on the node")
        yield from local.invalid_each("path", formats.no_backsteps(path))


@rule("PersistentVolume.spec", source=f"{VALIDATION}: validatePVSecretReference", when="csi")
def invalid_csi_secret_reference(spec: FieldRef) -> Iterator[FieldError]:
    """The Secrets of a `csi` volume, such as `controllerExpandSecretRef`, must have a `name`, a DNS subdomain, and a
    `namespace`, a DNS label.
    """
    csi = _source(spec, "csi")
    for name in CSI_SECRETS if csi else ():
        reference = csi.child(name) if csi else None
        if reference:
            yield from _formatted(reference, "name", formats.dns_subdomain)
            yield from _formatted(reference, "namespace", formats.dns_label)


def _formatted(reference: FieldRef, name: str, format: Callable[[str], list[str]]) -> Iterator[FieldError]:
    value = reference.get(name, "")
    if value:
        yield from reference.invalid_each(name, format(value))
    elif (reference.step, name) != (("nodePublishSecretRef",), "name"):  # a rule for pods, too, says that
        yield reference.required(name)


@rule("PersistentVolume.spec", source=f"{VALIDATION}: validateCSIPersistentVolumeSource", when="csi")
def missing_volume_handle(spec: FieldRef) -> Iterator[FieldError]:
    """A `csi` volume must have a `volumeHandle`: what the driver calls the volume."""
    csi = _source(spec, "csi")
    if csi and not csi.get("volumeHandle", ""):
        yield csi.required("volumeHandle", "must be what the driver calls the volume")


@rule("PersistentVolume.spec", source=SOURCE_OF_ISCSI, when="iscsi")
def missing_iscsi_secret_name(spec: FieldRef) -> Iterator[FieldError]:
    """The `secretRef` of an `iscsi` volume must have a `name`."""
    iscsi = _source(spec, "iscsi")
    secret = iscsi.child("secretRef") if iscsi else None
    if secret and not secret.get("name", ""):
        yield secret.required("name")


@rule("PersistentVolume.spec", source=SOURCE_OF_ISCSI, when="iscsi")
def too_long_iscsi_target_portal(spec: FieldRef) -> Iterator[FieldError]:
    """If `iscsi.initiatorName` is set, the name of the PersistentVolume and `iscsi.targetPortal` must have at most 63
    characters together.
    """
    iscsi = _source(spec, "iscsi")
    if iscsi is None or iscsi.get("initiatorName") is None:
        return
    both = f"{given_name(spec.pod.root.value.map('metadata'))}:{iscsi.get('targetPortal', '')}"
    if formats.byte_length(both) > ISCSI_NAME_AND_PORTAL_MAX_LENGTH:
        detail = f"{both!r} (name and portal) must have at most {ISCSI_NAME_AND_PORTAL_MAX_LENGTH} characters"
        yield iscsi.invalid("targetPortal", detail, field="targetportal")


@rule("PersistentVolume.spec", source=f"{VALIDATION}: validateGlusterfsPersistentVolumeSource", when="glusterfs")
def invalid_endpoints_namespace(spec: FieldRef) -> Iterator[FieldError]:
    """`glusterfs.endpointsNamespace` must be a DNS label."""
    glusterfs = _source(spec, "glusterfs")
    namespace = glusterfs.get("endpointsNamespace") if glusterfs else None
    if glusterfs and namespace is not None:
        yield from glusterfs.invalid_each("endpointsNamespace", formats.dns_label(namespace))


@rule("PersistentVolume.spec", source=f"{VALIDATION}: ValidatePersistentVolumeSpec")
def missing_volume_secret_namespace(spec: FieldRef) -> Iterator[FieldError]:
    """The Secret of a `cinder` or `storageos` volume must have a `namespace`. That of an `azureFile` volume,
    `secretNamespace`, must not be empty.
    """
    source = _source(spec, *IN_NAMESPACE)
    secret = source.child("secretRef") if source else None
    if secret and not secret.get("namespace", ""):
        yield secret.required("namespace")
    azure = _source(spec, "azureFile")
    if azure and azure.get("secretNamespace") == "":
        yield azure.required("secretNamespace", "must not be empty: set it, or remove it")


@rule("PersistentVolume-update", source=UPDATE, immutable=True)
def changed_persistent_volume_source(volume: FieldRef) -> Iterator[FieldError]:
    """The source of a PersistentVolume cannot be changed, except that `csi.controllerExpandSecretRef` can be added. To change it, delete
    the PersistentVolume and create it again.
    """
    new, old = volume.value.map("spec"), volume.pod.old.root.value.map("spec")
    before, after = old.child("csi"), new.child("csi")
    if before is not None and after is not None and before.child(EXPAND) is None:
        new = new.updated({"csi": after.without(EXPAND)})
    minor = f"1.{volume.pod.minor}"
    one, other = (canonical(_sources(spec), "PersistentVolumeSpec", minor) for spec in (new, old))
    if one != other:
        yield volume.forbidden(
            "spec",
            "the source cannot be changed: delete the PersistentVolume first",
            field="spec.persistentvolumesource",
        )


def _sources(spec: Map) -> Map:
    return spec.with_items((name, value) for name, value in spec.items() if name in PERSISTENT_SOURCES)


@rule("PersistentVolume-update", source=UPDATE, immutable=True)
def changed_persistent_volume_mode(volume: FieldRef) -> Iterator[FieldError]:
    """The `volumeMode` of a PersistentVolume cannot be changed."""
    yield from changed_value(volume, "spec", "volumeMode", field="volumeMode")


@rule("PersistentVolume-update", source=UPDATE, immutable=True)
def changed_volume_node_affinity(volume: FieldRef) -> Iterator[FieldError]:
    """The `nodeAffinity` of a PersistentVolume cannot be changed once it is set, except that its labels can get their current names."""
    new, old = (root.map("spec").child("nodeAffinity") for root in (volume.value, volume.pod.old.root.value))
    if old is None:
        return
    minor = f"1.{volume.pod.minor}"
    before: Any = plain(canonical(old, "VolumeNodeAffinity", minor))
    after: Any = None if new is None else plain(canonical(new, "VolumeNodeAffinity", minor))
    if after is None or not _same(after, before):
        yield volume.invalid(("spec", "nodeAffinity"), "cannot be changed", field="nodeAffinity")


def _same(new: Any, old: Any) -> bool:
    """Return whether two parts of an affinity are equal, but for names of labels."""
    if isinstance(new, dict) and isinstance(old, dict):
        renamed = new.get("key") == RENAMED.get(old.get("key", ""), "")
        return new.keys() == old.keys() and all(
            (key == "key" and renamed) or _same(value, old[key]) for key, value in new.items()
        )
    if isinstance(new, list) and isinstance(old, list):
        return len(new) == len(old) and all(map(_same, new, old))
    return bool(new == old)


@rule("PersistentVolume-update", source=UPDATE)
def removed_volume_attributes_class(volume: FieldRef) -> Iterator[FieldError]:
    """`volumeAttributesClassName` of a PersistentVolume cannot be taken away. Before 1.34, it cannot be changed."""
    value, before = (root.map("spec").get(ATTRIBUTES) for root in (volume.value, volume.pod.old.root.value))
    value, before = (None if isinstance(each, Null) else each for each in (value, before))
    was_off = volume.pod.minor < IN_SPEC["PersistentVolume"][ATTRIBUTES].on
    if value != before and (was_off or value is None):
        yield volume.forbidden(("spec", ATTRIBUTES), "cannot be changed in this way")
