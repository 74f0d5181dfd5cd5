"""Which kind the object is said to be: by its group and version, and by its kind.

Whether the API server takes an object of another kind, the rules do not ask, and nor does the oracle: it says whether there is one.
"""

from __future__ import annotations

from itertools import product
from random import Random
from typing import Final

from conformance.mutations.row import ROWS, Change, Row

# Versions that are served, that were, that are off by default, and that never were.
VERSIONS: Final = (
    "v1", "apps/v1", "batch/v1", "policy/v1", "autoscaling/v2", "networking.k8s.io/v1", "rbac.authorization.k8s.io/v1", "storage.k8s.io/v1",
    "scheduling.k8s.io/v1", "apiextensions.k8s.io/v1", "apiregistration.k8s.io/v1", "authentication.k8s.io/v1", "events.k8s.io/v1",
    "resource.k8s.io/v1", "resource.k8s.io/v1beta1", "resource.k8s.io/v1alpha3", "certificates.k8s.io/v1alpha1", "coordination.k8s.io/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1", "internal.apiserver.k8s.io/v1alpha1", "admissionregistration.k8s.io/v1beta1", "networking.k8s.io/v1beta1",
    "extensions/v1beta1", "apps/v1beta1", "apps/v1beta2", "batch/v1beta1", "policy/v1beta1", "autoscaling/v2beta2",
    "rbac.authorization.k8s.io/v1beta1", "storage.k8s.io/v1beta1", "scheduling.k8s.io/v1beta1", "apiextensions.k8s.io/v1beta1",
    "v2", "V1", "apps", "apps/v2", "Apps/v1", "app/v1", "core/v1", "/v1", "//v1", "/apps/v1", "apps/", "apps/v1/x", "policy/v2", "example.com",
)  # fmt: skip
# Groups that nobody knows without the cluster.
FOREIGN: Final = (
    "example.com/v1", "apps.kruise.io/v1alpha1", "serving.knative.dev/v1", "crd.projectcalico.org/v1", "gateway.networking.k8s.io/v1",
    "snapshot.storage.k8s.io/v1", "metrics.k8s.io/v1beta1", "scheduling.x-k8s.io/v1alpha1",
)  # fmt: skip
KINDS: Final = (
    "DaemonSet", "Deployment", "StatefulSet", "ReplicaSet", "ControllerRevision", "Job", "CronJob", "Pod", "PodTemplate", "Service", "Secret",
    "ConfigMap", "ServiceAccount", "Namespace", "Node", "Event", "Endpoints", "Binding", "PodDisruptionBudget", "HorizontalPodAutoscaler",
    "Ingress", "IngressClass", "NetworkPolicy", "ClusterRole", "RoleBinding", "StorageClass", "CSIDriver", "PriorityClass",
    "CustomResourceDefinition", "APIService", "TokenReview", "ResourceClaim", "DeviceClass", "LeaseCandidate", "FlowSchema", "StorageVersion",
    "MutatingAdmissionPolicy", "ServiceCIDR", "IPAddress", "PodSecurityPolicy", "CertificateSigningRequest", "ClusterTrustBundle",
    "Scale", "Eviction", "TokenRequest", "Status", "DeleteOptions", "WatchEvent", "ComponentStatus", "AdmissionReview", "APIGroup",
    "List", "DaemonSetList", "ConfigMapList", "DeploymentList", "StatusList",
)  # fmt: skip
MISSPELT: Final = (
    "Daemonset", "daemonset", "daemon-set", "DaemonSets", "DaemonSett", "Deploymnet", "deployment", "Configmap", "serviceAccount", "ServiceAcount",
    "Clusterrole", "RoleBindings", "Cronjob", "NetworkPolicies", "X", "ds", "Kustomization", "HelmChart",
)  # fmt: skip


def _draw(rng: Random, good: bool) -> Change:
    """Return a kind for the object: one that may exist, or any kind of any version; in a third of the cases, only one of both is changed."""
    change = {
        "apiVersion": rng.choice(FOREIGN if good else VERSIONS),
        "kind": rng.choice((*KINDS, *MISSPELT) if not good or rng.random() < 0.3 else KINDS),
    }
    if not good and rng.random() < 0.33:
        del change[rng.choice(list(change))]
    return change


PAIRS: Final = [
    {"apiVersion": version, "kind": kind} for version, kind in product((*VERSIONS, *FOREIGN), (*KINDS, *MISSPELT))
]
ROWS.append(Row("kind", _draw))
ROWS.append(Row("kind-pair", lambda rng, _: rng.choice(PAIRS)))
