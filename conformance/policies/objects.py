"""Objects of many kinds that the API server accepts as far as policies do not refuse them."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.generate import cases
from conformance.kubernetes_module import NEWEST
from conformance.seeds import bases
from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.validate import validate
from dsgen.problem import has_errors

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


def valid(kind: str, count: int, seed: int) -> Iterator[str]:
    """Yield valid objects of a kind, as YAML: half of them as their authors wrote them, as far as there are as many."""
    trees = bases(kind)
    found = 0
    for case in cases(seed, count * 20, kind=kind):
        text = case.texts(trees)[0]
        document = read_first(text)
        if case.old is None and not document.problems and not has_errors(validate(document.root, NEWEST)):
            if document.root.get("kind") != kind:
                continue
            yield text
            found += 1
            if found == count:
                return


def objects(count: int, seed: int) -> list[str]:
    """Return so many objects."""
    return [text for kind, share in SHARES.items() for text in valid(kind, max(1, count * share // 100), seed)]
