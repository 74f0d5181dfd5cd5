"""The waves in which Argo CD applies objects: https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/."""

from __future__ import annotations

from typing import Final

from dsgen.gitops.annotation import annotated
from dsgen.tree import Map

WAVE: Final = "argocd.argoproj.io/sync-wave"
# First what pods need to be created, then what they use, and last what monitors them.
_WAVES: Final = {
    **dict.fromkeys(("Namespace", "PriorityClass"), -2),
    **dict.fromkeys(("ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"), -1),
    **dict.fromkeys(("ConfigMap", "NetworkPolicy", "Service"), -1),
    "DaemonSet": 0,
}
_OTHER: Final = 1


def in_wave(tree: Map) -> Map:
    """Return an object with the annotation of its sync wave."""
    return annotated(tree, WAVE, str(_WAVES.get(str(tree["kind"]), _OTHER)))
