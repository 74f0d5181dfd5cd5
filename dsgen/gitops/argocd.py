"""The waves in which Argo CD applies objects: https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/."""

from __future__ import annotations

from typing import Final

from dsgen.gitops.annotation import annotated
from dsgen.kubernetes.validation.kinds import KINDS
from dsgen.tree import Map

WAVE: Final = "argocd.argoproj.io/sync-wave"
# First what pods need to be created, then what they use, and last what monitors them.
_WAVES: Final = {"Namespace": -2, "PriorityClass": -2, "DaemonSet": 0, "PodMonitor": 1}
_COMPANION: Final = -1


def in_wave(tree: Map) -> Map:
    """Return an object with the annotation of its sync wave."""
    kind = str(tree["kind"])
    return annotated(tree, WAVE, str(_WAVES.get(kind, _COMPANION if kind in KINDS else 1)))
