"""Services, monitors, budgets and network policies that select none of the pods that they are obviously for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.relations.excerpt import Excerpt
from dsgen.kubernetes.relations.label_index import LabelIndex
from dsgen.kubernetes.relations.near import NearNames
from dsgen.kubernetes.relations.selector import ANYWHERE, Selector
from dsgen.kubernetes.relations.view import OwnedProblem, View
from dsgen.problem import Problem, code

INEFFECTIVE_SELECTOR = code(
    "ineffective-selector",
    """A Service, PodMonitor, PodDisruptionBudget or NetworkPolicy selects no pods, or a ServiceMonitor selects no Service, although
    it is obviously meant for some: these are in another namespace, lack one of the labels, or have another value. So it has no
    effect. If it is for other pods, also pass their manifests to dsgen.""",
    "warning",
)
# Labels that name what a pod is of.
_NAMES: Final = ("app.kubernetes.io/name", "app", "k8s-app", "name", "app.kubernetes.io/instance")
# Labels that differ between the parts of one thing: another value means another part.
_PARTS: Final = frozenset({"app.kubernetes.io/component", "component", "tier", "role"})
# Labels that controllers add to pods (k8s.io/api: apps/v1, batch/v1).
_ADDED: Final = frozenset({
    "pod-template-hash", "controller-revision-hash", "pod-template-generation", "statefulset.kubernetes.io/pod-name",
    "apps.kubernetes.io/pod-index", "controller-uid", "job-name", "batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name",
    "batch.kubernetes.io/job-completion-index",
})  # fmt: skip


def findings(view: View) -> Iterator[OwnedProblem]:
    """Yield the selectors without effect. Source: for each kind, its controller lists pods of its own namespace by the selector."""
    for kind in ("Service", "PodDisruptionBudget", "NetworkPolicy", "PodMonitor", "ServiceMonitor"):
        known = view.services if kind == "ServiceMonitor" else view.pods
        what = "Services" if kind == "ServiceMonitor" else "pods"
        for some in view.kinds.get(kind, {}).values() if known else ():
            for each in some:
                problem = _problem(each, each.selector, known, what) if each.selector else None
                if problem:
                    yield OwnedProblem(each, problem)


def _problem(each: Excerpt, selector: Selector, known: LabelIndex, what: str) -> Problem | None:
    namespaces = selector.namespaces or (each.namespace,)
    if not selector.labels or not _ADDED.isdisjoint(selector.labels) or any(known.select(selector, namespaces)):
        return None
    elsewhere = next(known.select(selector, ANYWHERE), None)
    if elsewhere:
        found = f"selects no {what} in {', '.join(namespaces)}; {elsewhere.shown}{elsewhere.place} is in {elsewhere.namespace}"
        return INEFFECTIVE_SELECTOR.at(selector.origin, found, hint="use one namespace for both", file=each.file)
    for name in _NAMES:
        for namespace in namespaces if name in selector.labels else ():
            for other in known.labelled(name, selector.labels[name], namespace):
                lacking = _lacking(selector, other)
                if lacking:
                    found = f"selects no {what}: {other.shown}{other.place} has {lacking}"
                    hint = "change the selector or the labels, or also pass the manifests of the objects that it is for"
                    return INEFFECTIVE_SELECTOR.at(selector.origin, found, hint=hint, file=each.file)
    return None


def _lacking(selector: Selector, other: Excerpt) -> str:
    """Return which labels of the selector an object does not have; nothing if it is probably not meant."""
    wrong = {key: value for key, value in selector.labels.items() if other.labels.get(key) != value}
    for key, value in wrong.items():
        stated = other.labels.get(key)
        if stated is None and other.kind not in ("DaemonSet", "Service"):
            return ""  # something can add a label to one of the pods, such as the leader
        if stated is not None and key in _PARTS and not NearNames([stated]).near(value):
            return ""
    said = (
        f"`{key}: {other.labels[key]}`, not `{value}`" if key in other.labels else f"no label `{key}: {value}`"
        for key, value in wrong.items()
    )
    return " and ".join(said)
