"""The Pod Security level that a namespace enforces, and the pods that should run in it."""

from __future__ import annotations

from collections.abc import Iterator

from dsgen.kubernetes import pod_security
from dsgen.kubernetes.pod_security.template import pods_of
from dsgen.kubernetes.relations.excerpt import Excerpt
from dsgen.kubernetes.relations.view import POD_KINDS, OwnedProblem, Trees, View
from dsgen.kubernetes.schema.fields import minor_number
from dsgen.kubernetes.schema.paths import ENFORCE_LABEL
from dsgen.problem import Problem, code
from dsgen.traversal import locate
from dsgen.tree import Map

UNKNOWN_LEVEL = code(
    "unknown-pod-security-level",
    """The cluster enforces a Pod Security level in each namespace without the label `pod-security.kubernetes.io/enforce`, as
    `podSecurityDefault` in dsgen.yaml declares. The pods do not meet that level, and their namespace is not among the objects that
    dsgen sees. If it does not have the label, the API server rejects all pods. Namespaces whose names begin with `kube-` are not
    checked, because clusters usually exempt them.""",
    "warning",
)

INVALID_LABEL = code(
    "invalid-pod-security-label",
    """The labels of a namespace that begin with `pod-security.kubernetes.io/` set a level of the Pod Security Standards (`enforce`, `audit`,
    `warn`), or the version of the standards (`enforce-version` and so on). The API server rejects a namespace with another value.
    Source: pod-security-admission/admission: ValidateNamespace.""",
)


def findings(view: View, trees: Trees, minor: str, default: str) -> Iterator[OwnedProblem]:
    """Yield why the server rejects namespaces, and why these reject the pods of objects. `default` is the cluster's level for a namespace without a label.

    If a namespace is set in several files, only pods that it rejects by each of them are reported. In one file, the last one counts.
    Source: pod-security-admission/admission: EvaluatePod.
    """
    yield from _invalid_labels(view, trees)
    for kind in POD_KINDS:
        for namespace, objects in view.kinds.get(kind, {}).items():
            found = [each for some in view.named.get(("Namespace", namespace), {}).values() for each in some]
            spaces = list({each.source: each for each in found}.values())
            if namespace and spaces:
                yield from _rejected(objects, spaces, trees, minor, default)
            elif namespace and default and not namespace.startswith("kube-"):
                yield from _unknown(objects, minor, default, trees)


def _invalid_labels(view: View, trees: Trees) -> Iterator[OwnedProblem]:
    for objects in view.kinds.get("Namespace", {}).values():
        for each in objects:
            for name, right in pod_security.invalid_labels(each.labels):
                place = locate(trees(each) or Map(), ("metadata", "labels", name)) or each.origin
                found = f"expected {right}, got {each.labels[name]!r}"
                yield OwnedProblem(
                    each, INVALID_LABEL.at(place, found, field=f"metadata.labels[{name}]", file=each.file)
                )


def _rejected(
    objects: list[Excerpt], spaces: list[Excerpt], trees: Trees, minor: str, default: str
) -> Iterator[OwnedProblem]:
    enforced = [(space, pod_security.enforced(space.labels, minor, default)) for space in spaces]
    asked = [(space, wanted) for space, wanted in enforced if wanted]
    if len(asked) < len(enforced):
        return  # by one of the files, all pods are admitted
    for each in objects:
        # What the newest standards admit is known; the object is not needed again.
        if any(_admits(each, wanted, minor) for _, wanted in asked):
            continue
        root = trees(each)
        pods = pods_of(root, minor) if root else None
        if pods is None:
            continue
        faults: list[Problem] = []
        for space, wanted in asked:
            by = f"which {space.shown}{space.place} enforces"
            if ENFORCE_LABEL not in space.labels:
                by = f"the cluster's default, which {space.shown}{space.place} does not override"
            faults = pod_security.problems(pods.root, wanted, minor, by, pods.kind)
            if not faults:
                break
        yield from (OwnedProblem(each, fault) for fault in faults)


def _admits(object: Excerpt, wanted: pod_security.Enforced, minor: str) -> bool:
    return object.levels is not None and wanted.level in object.levels and wanted.version == minor_number(minor)


def _unknown(objects: list[Excerpt], minor: str, default: str, trees: Trees) -> Iterator[OwnedProblem]:
    for each in objects:
        levels = each.levels
        if levels is None:
            root = trees(each)
            pods = pods_of(root, minor) if root else None
            levels = pod_security.admitted(pods.root, minor, pods.kind) if pods else (default,)
        if default not in levels:
            found = (
                f"the pods meet only the level `{levels[-1]}`; the cluster enforces `{default}` in Namespace {each.namespace}, "
                "unless its label sets another level"
            )
            hint = f"add the label `{ENFORCE_LABEL}: {levels[-1]}` to the namespace; in a profile, write `namespace: {{name: {each.namespace}, create: true, podSecurity: {levels[-1]}}}`"
            yield OwnedProblem(each, UNKNOWN_LEVEL.at(each.origin, found, hint=hint, file=each.file))
