"""Objects of many kinds that the API server accepts as far as policies do not refuse them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from conformance.generate import cases
from conformance.kubernetes_module import NEWEST
from conformance.seeds import bases
from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.validate import validate
from dsgen.problem import has_errors
from dsgen.tree import Map

# Kind → its share of the objects, in percent. A policy about agents is about DaemonSets.
SHARES = {
    "DaemonSet": 50,
    "ConfigMap": 6,
    "Service": 8,
    "ClusterRole": 4,
    "Namespace": 4,
    "Deployment": 8,
    "StatefulSet": 4,
    "Pod": 4,
    "Role": 3,
    "PriorityClass": 3,
    "NetworkPolicy": 3,
    "HorizontalPodAutoscaler": 3,
}


def valid(kind: str, tried: int, seed: int, minor: str = NEWEST) -> Iterator[tuple[str, Map]]:
    """Yield the valid objects among so many cases of a kind, each as YAML and as it is read: half of them as their authors wrote them."""
    trees = bases(kind)
    for case in cases(seed, tried, kind=kind):
        text = case.texts(trees)[0]
        document = read_first(text)
        if case.old is None and not document.problems and not has_errors(validate(document.root, minor)):
            yield text, document.root


def objects(count: int, seed: int, minor: str = NEWEST) -> list[str]:
    """Return so many objects, as YAML."""
    found: list[str] = []
    for kind, share in SHARES.items():
        wanted = max(1, count * share // 100)
        texts = (text for text, root in valid(kind, wanted * 20, seed, minor) if root.get("kind") == kind)
        found += islice(texts, wanted)
    return found
