"""What the API server accepts in a pod template, although no pod is ever created or placed from it."""

from __future__ import annotations

from typing import Final

from dsgen.kubernetes.lint.parts import Found, maps
from dsgen.kubernetes.relations.selector import label_selector, labels_in
from dsgen.kubernetes.schema.paths import REQUIRED
from dsgen.kubernetes.schema.words import HOSTNAME, PRIORITIES
from dsgen.plain import plain
from dsgen.problem import Problem, code, dotted
from dsgen.traversal import locate
from dsgen.tree import Map

MISMATCHED_PRIORITY = code(
    "mismatched-priority",
    """`priority` is the value of the pod's priority class, and the server sets it itself. It accepts a template with any other value, and then
    rejects every pod (admission plugin Priority). A rolling update deletes the old pods first.""",
    "warning",
)
MISMATCHED_PREEMPTION_POLICY = code(
    "mismatched-preemption-policy",
    """`preemptionPolicy` is that of the pod's priority class, and the server sets it itself. It accepts a template with another value, and then
    rejects every pod (admission plugin Priority). Without a class, or with one of Kubernetes' own, it is `PreemptLowerPriority`.""",
    "warning",
)
MISSING_RUNTIME_CLASS = code(
    "missing-runtime-class-name",
    """`overhead` is that of the pod's RuntimeClass, and the server sets it itself. It accepts a template with an overhead and without
    `runtimeClassName`, and then rejects every pod (admission plugin RuntimeClass).""",
    "warning",
)
MISPLACED_SCHEDULING_GATES = code(
    "misplaced-scheduling-gates",
    """The pods of a DaemonSet with `schedulingGates` stay pending until something removes the gates of each pod, also after an update and
    on new nodes.""",
    "warning",
)
CONFLICTING_ANTI_AFFINITY = code(
    "conflicting-anti-affinity",
    """A required anti-affinity of a DaemonSet's pods against each other allows one of them for each value of the topology key: only one node in a
    zone gets its pod. With the topology key `kubernetes.io/hostname`, it does nothing, unless with `maxSurge` the old and the new pod are on one node.""",
    "warning",
)
_REVISION: Final = "controller-revision-hash"


def problems(root: Map, kind: str, template: tuple[str, ...]) -> list[Problem]:
    """Return what keeps pods from being created or placed from the `template` at this path in an object of a `kind`."""
    found = list(_admission(root.map(*template, "spec")))
    if kind == "DaemonSet":
        found += _placement(root, template)
    told = []
    for code_, below, message, hint in found:
        path = (*template, "spec", *below)
        told.append(code_.at(locate(root, path), message, hint=hint, field=dotted(path)))
    return told


def _admission(pod: Map) -> Found:
    name, priority, policy = pod.get("priorityClassName"), pod.get("priority"), pod.get("preemptionPolicy")
    value = 0 if not name else PRIORITIES.get(str(name))
    if pod.is_set("priority") and value is not None and str(priority) != str(value):
        of = "without a class, the priority is 0" if not name else f"the priority of `{name}` is {value}"
        yield (
            MISMATCHED_PRIORITY,
            ("priority",),
            f"{of}, not {priority}: the server rejects every pod",
            "remove `priority`, and set `priorityClassName`",
        )
    if policy == "Never" and value is not None:
        of = "without a class" if not name else f"with the class `{name}`"
        yield (
            MISMATCHED_PREEMPTION_POLICY,
            ("preemptionPolicy",),
            f"{of}, only `PreemptLowerPriority` is accepted: the server rejects every pod",
            "remove it, and use a PriorityClass with `preemptionPolicy: Never`",
        )
    if pod.map("overhead") and not pod.get("runtimeClassName"):
        yield (
            MISSING_RUNTIME_CLASS,
            ("overhead",),
            "`overhead` without `runtimeClassName`: the server rejects every pod",
            "remove `overhead`: the server sets it from the RuntimeClass",
        )


def _placement(root: Map, template: tuple[str, ...]) -> Found:
    pod, metadata = root.map(*template, "spec"), root.map(*template, "metadata")
    if pod.get("schedulingGates"):
        found = "a DaemonSet with scheduling gates: its pods stay pending"
        yield MISPLACED_SCHEDULING_GATES, ("schedulingGates",), found, "remove them"
    labels = labels_in(metadata.map("labels"))
    own = str(root.map("metadata").get("namespace") or "default")
    surge = root.map("spec", "updateStrategy", "rollingUpdate").get("maxSurge")
    has_surge = str(plain(surge)) not in ("None", "0", "0%")
    for index, term in maps(pod.map("affinity", "podAntiAffinity").get(REQUIRED)):
        if not _is_against(term, labels, own):
            continue
        key, path = term.get("topologyKey"), ("affinity", "podAntiAffinity", REQUIRED, index)
        if key != HOSTNAME:
            found = f"the pods exclude each other by `{key}`: only one node for each value of it gets a pod"
            yield CONFLICTING_ANTI_AFFINITY, path, found, "remove the term: a DaemonSet has one pod on each node"
        elif has_surge and _REVISION not in term.texts("matchLabelKeys"):
            found = "with `maxSurge`, the new pod is not placed beside the old one, which it excludes: the rollout waits forever"
            yield CONFLICTING_ANTI_AFFINITY, path, found, "remove the term: a DaemonSet has one pod on each node"


def _is_against(term: Map, labels: dict[str, str], namespace: str) -> bool:
    """Return whether a term selects pods with these labels in this namespace, as far as that is known."""
    selector, within = term.child("labelSelector"), term.child("namespaceSelector")
    stated = term.texts("namespaces")
    here = namespace in stated or (within is not None and not within) or (within is None and not stated)
    excepted = any(each in labels for each in term.texts("mismatchLabelKeys"))
    return selector is not None and here and not excepted and label_selector(selector).matches(labels)
