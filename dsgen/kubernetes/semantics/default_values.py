"""The defaults of fields that do not depend on others, by type (pkg/apis/apps/v1 and core/v1: SetDefaults…)."""

from __future__ import annotations

from typing import Any, Final

from dsgen.kubernetes.schema.words import RBAC_GROUP
from dsgen.kubernetes.semantics import device_defaults, policy_defaults, storage_defaults
from dsgen.tree import List, Map

_WEBHOOK: Final[dict[str, Any]] = {
    "failurePolicy": "Fail",
    "matchPolicy": "Equivalent",
    "namespaceSelector": Map(),
    "objectSelector": Map(),
    "timeoutSeconds": 10,
}
_CPU_TARGET: Final[dict[str, Any]] = {"type": "Utilization", "averageUtilization": 80}
_CPU: Final[dict[str, Any]] = {"name": "cpu", "target": Map(_CPU_TARGET)}
_CPU_METRIC: Final[dict[str, Any]] = {"type": "Resource", "resource": Map(_CPU)}

# Type → defaults of fields that can be set to zero: only absent and null fields get one.
ABSENT: Final[dict[str, dict[str, Any]]] = {
    "DaemonSet": {"spec": Map()},
    "DaemonSetSpec": {"template": Map(), "updateStrategy": Map(), "revisionHistoryLimit": 10},
    "Deployment": {"spec": Map()},
    "DeploymentSpec": {
        "replicas": 1,
        "template": Map(),
        "strategy": Map(),
        "revisionHistoryLimit": 10,
        "progressDeadlineSeconds": 600,
    },
    "ReplicaSet": {"spec": Map()},
    "ReplicaSetSpec": {"replicas": 1, "template": Map()},
    "StatefulSet": {"spec": Map()},
    "StatefulSetSpec": {
        "replicas": 1,
        "template": Map(),
        "updateStrategy": Map(),
        "revisionHistoryLimit": 10,
        "persistentVolumeClaimRetentionPolicy": Map(),
    },
    "ReplicationController": {"spec": Map()},
    "ReplicationControllerSpec": {"replicas": 1},
    "PodTemplate": {"template": Map()},
    "Job": {"spec": Map()},
    "CronJob": {"spec": Map()},
    "CronJobSpec": {
        "jobTemplate": Map(),
        "suspend": False,
        "successfulJobsHistoryLimit": 3,
        "failedJobsHistoryLimit": 1,
    },
    "JobTemplateSpec": {"spec": Map()},
    "JobSpec": {"template": Map()},
    "PodTemplateSpec": {"spec": Map()},
    "PodSpec": {"terminationGracePeriodSeconds": 30, "securityContext": Map()},
    "GRPCAction": {"service": ""},
    "FileKeySelector": {"optional": False},
    "ResourceFieldSelector": {"divisor": "0"},
    "HostPathVolumeSource": {"type": ""},
    "SecretVolumeSource": {"defaultMode": 0o644},
    "ConfigMapVolumeSource": {"defaultMode": 0o644},
    "DownwardAPIVolumeSource": {"defaultMode": 0o644},
    "ProjectedVolumeSource": {"defaultMode": 0o644},
    "ServiceAccountTokenProjection": {"expirationSeconds": 3600},
    "AzureDiskVolumeSource": {"cachingMode": "ReadWrite", "kind": "Shared", "fsType": "ext4", "readOnly": False},
    "PriorityClass": {"preemptionPolicy": "PreemptLowerPriority"},
    "Service": {"spec": Map()},
    "RoleBinding": {"roleRef": Map()},
    "ClusterRoleBinding": {"roleRef": Map()},
    "NetworkPolicy": {"spec": Map()},
    "Ingress": {"spec": Map()},
    "IngressClass": {"spec": Map()},
    "IngressClassParametersReference": {"scope": "Cluster"},
    "HorizontalPodAutoscaler": {"spec": Map()},
    "HorizontalPodAutoscalerSpec": {"minReplicas": 1},
    "autoscaling.v1.HorizontalPodAutoscaler": {"spec": Map()},
    "autoscaling.v1.HorizontalPodAutoscalerSpec": {"minReplicas": 1},
    "NetworkPolicyPort": {"protocol": "TCP"},
    "APIService": {"spec": Map()},
    "CustomResourceDefinition": {"spec": Map()},
    "CustomResourceDefinitionSpec": {"conversion": Map({"strategy": "None"})},
    "apiextensions.v1.ServiceReference": {"port": 443},
    "ServiceReference": {"port": 443},
    "ValidatingWebhook": _WEBHOOK,
    "MutatingWebhook": {**_WEBHOOK, "reinvocationPolicy": "Never"},
    "RuleWithOperations": {"scope": "*"},
    **policy_defaults.ABSENT,
    "admissionregistration.v1.ServiceReference": {"port": 443},
    "FlowSchema": {"spec": Map()},
    "PriorityLevelConfiguration": {"spec": Map()},
    "ExemptPriorityLevelConfiguration": {"nominalConcurrencyShares": 0, "lendablePercent": 0},
    "LimitedPriorityLevelConfiguration": {"nominalConcurrencyShares": 30, "lendablePercent": 0},
    **storage_defaults.ABSENT,
    "discovery.v1.EndpointPort": {"name": "", "protocol": "TCP"},
}
# Type → defaults of fields whose zero or empty value means unset.
EMPTY: Final[dict[str, dict[str, Any]]] = {
    "PodSpec": {"restartPolicy": "Always", "dnsPolicy": "ClusterFirst", "schedulerName": "default-scheduler"},
    "StatefulSetSpec": {"podManagementPolicy": "OrderedReady"},
    "StatefulSetPersistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Retain"},
    "Container": {"terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File"},
    "EphemeralContainer": {"terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File"},
    "ContainerPort": {"protocol": "TCP"},
    "Probe": {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3},
    "HTTPGetAction": {"path": "/", "scheme": "HTTP"},
    "ObjectFieldSelector": {"apiVersion": "v1"},
    "ISCSIVolumeSource": {"iscsiInterface": "default"},
    "RBDVolumeSource": {"pool": "rbd", "user": "admin", "keyring": "/etc/ceph/keyring"},
    "ServiceSpec": {"type": "ClusterIP", "sessionAffinity": "None"},
    "ServicePort": {"protocol": "TCP"},
    "EndpointPort": {"protocol": "TCP"},
    "ScaleIOVolumeSource": {"storageMode": "ThinProvisioned", "fsType": "xfs"},
    "RoleRef": {"apiGroup": RBAC_GROUP},
    "CronJobSpec": {"concurrencyPolicy": "Allow"},
    "PodFailurePolicyOnPodConditionsPattern": {"status": "True"},
    "FlowSchemaSpec": {"matchingPrecedence": 1000},
    "QueuingConfiguration": {"handSize": 8, "queues": 64, "queueLengthLimit": 50},
    **storage_defaults.EMPTY,
    **device_defaults.EMPTY,
    "HorizontalPodAutoscalerSpec": {"metrics": List([Map(_CPU_METRIC)])},
}
