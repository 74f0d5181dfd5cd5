"""The words of fields with a closed set, for the JSON Schema: by type and field, in every version of Kubernetes that dsgen knows.

`tests/test_json_schema.py` compares them with the rules that validate these fields.
"""

from __future__ import annotations

from typing import Final

from dsgen.kubernetes.schema.words import (
    HOST_PATH_TYPES,
    PREEMPTION_POLICIES,
    PROTOCOLS,
    PULL_POLICIES,
    SECURITY_PROFILES,
    TAINT_EFFECTS,
    TRAFFIC_POLICIES,
    UPDATE_STRATEGIES,
)

WORDS: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("AppArmorProfile", "type"): SECURITY_PROFILES,
    ("AzureDiskVolumeSource", "cachingMode"): ("None", "ReadOnly", "ReadWrite"),
    ("AzureDiskVolumeSource", "kind"): ("Shared", "Dedicated", "Managed"),
    ("Container", "imagePullPolicy"): PULL_POLICIES,
    ("Container", "terminationMessagePolicy"): ("File", "FallbackToLogsOnError"),
    ("ContainerPort", "protocol"): PROTOCOLS,
    ("DaemonSetUpdateStrategy", "type"): UPDATE_STRATEGIES,
    ("HTTPGetAction", "scheme"): ("HTTP", "HTTPS"),
    ("HostPathVolumeSource", "type"): HOST_PATH_TYPES,
    ("ImageVolumeSource", "pullPolicy"): PULL_POLICIES,
    ("LabelSelectorRequirement", "operator"): ("In", "NotIn", "Exists", "DoesNotExist"),
    ("Mount", "mountPropagation"): ("None", "HostToContainer", "Bidirectional"),
    ("Mount", "recursiveReadOnly"): ("Disabled", "IfPossible", "Enabled"),
    ("NetworkPolicyPort", "protocol"): PROTOCOLS,
    ("NodeSelectorRequirement", "operator"): ("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"),
    ("PersistentVolumeClaimSpec", "volumeMode"): ("Filesystem", "Block"),
    ("PodCertificateProjection", "keyType"): ("RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519"),
    ("PodSecurityContext", "fsGroupChangePolicy"): ("OnRootMismatch", "Always"),
    ("PodSecurityContext", "seLinuxChangePolicy"): ("Recursive", "MountOption"),
    ("PodSecurityContext", "supplementalGroupsPolicy"): ("Merge", "Strict"),
    ("PodSpec", "dnsPolicy"): ("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"),
    ("PodSpec", "preemptionPolicy"): PREEMPTION_POLICIES,
    ("SeccompProfile", "type"): SECURITY_PROFILES,
    ("SecurityContext", "procMount"): ("Default", "Unmasked"),
    ("ServicePort", "protocol"): PROTOCOLS,
    ("Toleration", "effect"): TAINT_EFFECTS,
    ("Toleration", "operator"): ("Equal", "Exists", "Lt", "Gt"),
    ("TopologySpreadConstraint", "nodeAffinityPolicy"): ("Honor", "Ignore"),
    ("TopologySpreadConstraint", "nodeTaintsPolicy"): ("Honor", "Ignore"),
    ("TopologySpreadConstraint", "whenUnsatisfiable"): ("DoNotSchedule", "ScheduleAnyway"),
    ("VolumeMount", "mountPropagation"): ("None", "HostToContainer", "Bidirectional"),
    ("VolumeMount", "recursiveReadOnly"): ("Disabled", "IfPossible", "Enabled"),
    ("priorityClass", "preemptionPolicy"): PREEMPTION_POLICIES,
    ("service", "externalTrafficPolicy"): TRAFFIC_POLICIES,
    ("service", "internalTrafficPolicy"): TRAFFIC_POLICIES,
    ("service", "ipFamilyPolicy"): ("SingleStack", "PreferDualStack", "RequireDualStack"),
    ("service", "sessionAffinity"): ("ClientIP", "None"),
    ("service", "type"): ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort"),
}
# The same for the entries of lists of text.
WORDS_OF_LISTS: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("networkPolicy", "policyTypes"): ("Ingress", "Egress"),
}


def words_of(type: str, field: str) -> tuple[str, ...]:
    """Return the words of a field, or of the entries of a list; nothing if its set is open."""
    return WORDS.get((type, field)) or WORDS_OF_LISTS.get((type, field), ())
