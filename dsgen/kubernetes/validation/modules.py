"""Which modules hold the rules of an object.

Most of them are about fields that few objects state. Such a module waits: it is loaded, and its rules are asked, only where an
object states one of its fields. That is a third of the time of a cold start, and of every verdict.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final

from dsgen.kubernetes.validation.kinds import Kind

_PROBES: Final = "livenessProbe readinessProbe startupProbe"
_FILES: Final = "configMap downwardAPI projected secret"

_ALWAYS: Final = ("containers", "metadata", "pod_fields", "selector", "template_metadata")
# The rules of changes, which nothing but a change asks.
_UPDATE: Final = "update"
# Module → the fields without any of which its rules have nothing to say, wherever in the object they stand.
_WAITING: Final = {
    "container_restart": "restartPolicy restartPolicyRules",
    "devices": "volumeDevices",
    "disks": "awsElasticBlockStore azureDisk fc gcePersistentDisk iscsi",
    "dns": "dnsConfig dnsPolicy",
    "env": "env",
    "env_from": "envFrom",
    "ephemeral_containers": "ephemeralContainers targetContainerName",
    "file_key_ref": "fileKeyRef",
    "handlers": f"{_PROBES} lifecycle",
    "host_aliases": "hostAliases",
    "host_namespaces": "hostUsers shareProcessNamespace",
    "host_process": "windowsOptions",
    "init_containers": "initContainers",
    "ip_spelling": "dnsConfig hostAliases",
    "local_volumes": "emptyDir gitRepo hostPath image",
    "mounts": "volumeMounts",
    "network_volumes": "csi flexVolume flocker nfs quobyte storageos",
    "node_affinity": "nodeAffinity",
    "node_labels": "nodeAffinity nodeSelector topologySpreadConstraints",
    "operating_system": "os windowsOptions",
    "overlapping_paths": _FILES,
    "ownership": "finalizers managedFields ownerReferences",
    "pod_affinity": "podAffinity podAntiAffinity",
    "pod_certificates": "podCertificate",
    "pod_resources": "resources",
    "port_overlaps": "ports",
    "ports": "ports",
    "probes": _PROBES,
    "profile_annotations": "annotations",
    "projected": "projected",
    "resize_policy": "resizePolicy",
    "resource_claims": "claims resourceClaims",
    "resources": "overhead resources",
    "security_context": "securityContext",
    "security_profiles": "appArmorProfile seccompProfile",
    "stop_signal": "lifecycle",
    "sysctls": "sysctls",
    "tolerations": "tolerations",
    "topology_spread": "topologySpreadConstraints",
    "trust_bundles": "clusterTrustBundle",
    "update_strategy": "updateStrategy",
    "volume_claim_template": "ephemeral",
    "volume_files": f"{_FILES} defaultMode items",
    "volume_sources": "volumes",
    "volumes": "volumes",
    "windows_options": "windowsOptions",
}
WAITING: Final = {module: frozenset(fields.split()) for module, fields in _WAITING.items()}
# Every field that some module waits for.
FIELDS: Final = frozenset().union(*WAITING.values())
ALL: Final = sorted((*_ALWAYS, *WAITING, _UPDATE))


def loaded(kind: Kind, stated: frozenset[str] | None = None) -> list[str]:
    """Enter the rules of a kind into the catalogue, and return their modules, in order.

    With `stated`, they are those of a new object of the kind that states these of the `FIELDS`.
    """
    if kind.name != "DaemonSet":
        names = ["metadata", "ownership", *(f"companions.{module}" for module in kind.modules)]
    elif stated is None:
        names = ALL
    else:
        names = [name for name in ALL if name in _ALWAYS or (name in WAITING and WAITING[name] & stated)]
    return [import_module(f"{__package__}.{name}").__name__ for name in names]
