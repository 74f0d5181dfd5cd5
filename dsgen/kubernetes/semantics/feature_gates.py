"""The fields behind feature gates."""

from __future__ import annotations

from functools import cache
from typing import Final

from dsgen.kubernetes.schema.fields import minor_number
from dsgen.kubernetes.semantics.gate_table import GATES
from dsgen.record import Record

NEVER_ENABLED: Final = 1000


class Gate(Record):
    """A feature gate and the first minor in which it is on by default; before `since` it did not exist."""

    name: str
    on: int
    since: int

    def is_off(self, minor: int) -> bool:
        """Return whether a minor has the gate, and has it off by default: its server drops the gate's fields."""
        return self.since <= minor < self.on

    def stage(self, minor: int) -> str:
        """Return how far the feature is in a minor: `alpha`, `beta`, `GA` or `deprecated`."""
        return next(stage for since, stage, _ in reversed(GATES[self.name]) if since <= minor)


def _gate(name: str) -> Gate:
    history = GATES[name]
    return Gate(name, next((minor for minor, _, default in history if default), NEVER_ENABLED), history[0][0])


# Field → gate, by the object that contains it.
IN_POD: Final = {
    "schedulingGroup": _gate("GenericWorkload"),
    "workloadRef": _gate("GenericWorkload"),
    "hostUsers": _gate("UserNamespacesSupport"),
    "resources": _gate("PodLevelResources"),
    "resourceClaims": _gate("DynamicResourceAllocation"),
    "hostnameOverride": _gate("HostnameOverride"),
    "evictionResponders": _gate("EvictionRequestAPI"),
}
IN_POD_SECURITY_CONTEXT: Final = {
    "supplementalGroupsPolicy": _gate("SupplementalGroupsPolicy"),
    "seLinuxChangePolicy": _gate("SELinuxChangePolicy"),
}
IN_CONTAINER: Final = {
    "resizePolicy": _gate("InPlacePodVerticalScaling"),
    "restartPolicyRules": _gate("ContainerRestartRules"),
}
IN_RESOURCES: Final = {"claims": _gate("DynamicResourceAllocation")}
IN_LIFECYCLE: Final = {"stopSignal": _gate("ContainerStopSignals")}
IN_VALUE_FROM: Final = {"fileKeyRef": _gate("EnvFiles")}
IN_MOUNT: Final = {"bindMountOptions": _gate("VolumeBindMountOptions")}
IN_HTTP_GET: Final = {"protocol": _gate("H2CContainerProbe")}
IN_GRPC: Final = {"mode": _gate("GRPCContainerProbeTLS")}
IN_EMPTY_DIR: Final = {"mode": _gate("EmptyDirVolumeMode")}
IN_FILES: Final = {"defaultUser": _gate("AtomicWriteVolumeUserFields")}
IN_FILE: Final = {"user": _gate("AtomicWriteVolumeUserFields")}
IN_PROJECTION: Final = {
    "clusterTrustBundle": _gate("ClusterTrustBundleProjection"),
    "podCertificate": _gate("PodCertificateRequest"),
}
# The same for the `spec` of kinds that have no pods.
IN_SPEC: Final = {
    "PersistentVolume": {"volumeAttributesClassName": _gate("VolumeAttributesClass")},
    "PersistentVolumeClaim": {"volumeAttributesClassName": _gate("VolumeAttributesClass")},
    "CSIDriver": {
        "nodeAllocatableUpdatePeriodSeconds": _gate("MutableCSINodeAllocatableCount"),
        "serviceAccountTokenInSecrets": _gate("CSIServiceAccountTokenSecrets"),
        "preventPodSchedulingIfMissing": _gate("VolumeLimitScaling"),
    },
    "DeviceClass": {"extendedResourceName": _gate("DRAExtendedResource")},
}
OTHER_NAMESPACES: Final = _gate("CrossNamespaceVolumeDataSource")
# The same in kinds without pods: in the `spec` of a Lease, for a direction of a HorizontalPodAutoscaler, for an endpoint of an EndpointSlice.
IN_LEASE: Final = {
    "strategy": _gate("CoordinatedLeaderElection"),
    "preferredHolder": _gate("CoordinatedLeaderElection"),
}
IN_SCALING_RULES: Final = {"tolerance": _gate("HPAConfigurableTolerance")}
# In a request for devices, in its `exactly` and `firstAvailable`, and in a constraint.
IN_DEVICE_REQUEST: Final = {
    "firstAvailable": _gate("DRAPrioritizedList"),
    "tolerations": _gate("DRADeviceTaints"),
    "adminAccess": _gate("DRAAdminAccess"),
    "capacity": _gate("DRAConsumableCapacity"),
    "derivedAttributes": _gate("DRADerivedAttributes"),
}
IN_CONSTRAINT: Final = {"distinctAttribute": _gate("DRAConsumableCapacity")}
IN_HINTS: Final = {"forNodes": _gate("PreferSameTrafficDistribution")}
RESTART_RULES: Final = _gate("ContainerRestartRules")
IMAGE_VOLUME: Final = _gate("ImageVolume")
# In the spec of a job, for a Job and a CronJob.
IN_JOB: Final = {"scheduling": _gate("WorkloadWithJob")}
MAX_UNAVAILABLE: Final = _gate("MaxUnavailableStatefulSet")
PROC_MOUNT: Final = _gate("ProcMountType")

# The server drops users in the first of these sources, of a volume and of a projection.
FILE_PROJECTIONS: Final = (
    "secret",
    "downwardAPI",
    "configMap",
    "serviceAccountToken",
    "clusterTrustBundle",
    "podCertificate",
)

# Every gate, by the fields without which it drops nothing: mostly the field itself, but names such as `mode` are those of many fields.
GATED: Final = (
    *(
        ((name,), gate)
        for fields in (
            *(IN_POD, IN_POD_SECURITY_CONTEXT, IN_CONTAINER, IN_RESOURCES, IN_LIFECYCLE, IN_VALUE_FROM, IN_MOUNT),
            *(IN_FILES, IN_FILE, IN_PROJECTION, IN_JOB),
            *({"restartPolicy": RESTART_RULES}, {"image": IMAGE_VOLUME}, {"procMount": PROC_MOUNT}),
        )
        for name, gate in fields.items()
    ),
    (("httpGet", "protocol"), IN_HTTP_GET["protocol"]),
    (("grpc", "mode"), IN_GRPC["mode"]),
    (("emptyDir", "mode"), IN_EMPTY_DIR["mode"]),
)


@cache
def disabled_fields(minor: str) -> frozenset[tuple[str, ...]]:
    """Return the fields that a gate may drop in `minor`, each with others without which it drops nothing.

    An object that sets none of them stays as it is.
    """
    number = minor_number(minor)
    return frozenset(names for names, gate in GATED if gate.is_off(number))


def may_drop(minor: str, stated: set[str]) -> bool:
    """Return whether the server of `minor` may drop something of an object that sets the fields `stated`, of those in `disabled_fields`."""
    return any(stated.issuperset(names) for names in disabled_fields(minor))
