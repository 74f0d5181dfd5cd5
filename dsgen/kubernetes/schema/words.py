"""Words of Kubernetes that more than one module needs: the values of closed sets, in the order of messages, and fixed names."""

from __future__ import annotations

from typing import Final, Literal

Level = Literal["privileged", "baseline", "restricted"]

PROTOCOLS: Final = ("TCP", "UDP", "SCTP")
PULL_POLICIES: Final = ("Always", "IfNotPresent", "Never")
PREEMPTION_POLICIES: Final = ("PreemptLowerPriority", "Never")
UPDATE_STRATEGIES: Final = ("RollingUpdate", "OnDelete")
TRAFFIC_POLICIES: Final = ("Cluster", "Local")
SECURITY_PROFILES: Final = ("Localhost", "RuntimeDefault", "Unconfined")
TAINT_EFFECTS: Final = ("NoSchedule", "PreferNoSchedule", "NoExecute")
# Empty text means that nothing is checked.
HOST_PATH_TYPES: Final = (
    "",
    "DirectoryOrCreate",
    "Directory",
    "FileOrCreate",
    "File",
    "Socket",
    "CharDevice",
    "BlockDevice",
)
# The levels of the Pod Security Standards, the most permissive one first.
LEVELS: Final[tuple[Level, ...]] = ("privileged", "baseline", "restricted")
# What a label of a namespace sets a level for.
MODES: Final = ("enforce", "audit", "warn")
# The keys of which a probe or a hook, and a variable's `valueFrom`, have one.
HANDLERS: Final = ("exec", "httpGet", "tcpSocket", "grpc", "sleep")
ENV_SOURCES: Final = ("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef")
# The volumes whose files have a mode, and what a projected volume can contain.
FILE_VOLUMES: Final = ("secret", "configMap", "downwardAPI", "projected")

RBAC_GROUP: Final = "rbac.authorization.k8s.io"
# Labels of nodes and namespaces that their controllers set.
OS: Final = "kubernetes.io/os"
ARCH: Final = "kubernetes.io/arch"
HOSTNAME: Final = "kubernetes.io/hostname"
NAMESPACE_NAME: Final = "kubernetes.io/metadata.name"
# The label of an object that names the tool that manages it.
NAME: Final = "app.kubernetes.io/name"
MANAGED_BY: Final = "app.kubernetes.io/managed-by"
# The label of the project that generates an object, if dsgen.yaml names it.
PROJECT: Final = "dsgen.dev/project"
# Below these are the labels of Pod Security, and former annotations of a container by its name.
POD_SECURITY: Final = "pod-security.kubernetes.io/"
APP_ARMOR: Final = "container.apparmor.security.beta.kubernetes.io/"
SECCOMP: Final = "container.seccomp.security.alpha.kubernetes.io/"
SECCOMP_OF_POD: Final = "seccomp.security.alpha.kubernetes.io/pod"
# The priority classes that every cluster has.
PRIORITIES: Final = {"system-cluster-critical": 2_000_000_000, "system-node-critical": 2_000_001_000}
