"""What a change of a Job must leave as it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.semantics.equality import semantic_equal
from dsgen.kubernetes.semantics.normalize import canonical
from dsgen.kubernetes.validation.companions.job import is_indexed
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.tree import List, Map

SOURCE = "pkg/apis/batch/validation: ValidateJobSpecUpdate"
FIXED: Final = (
    "selector",
    "completionMode",
    "podFailurePolicy",
    "backoffLimitPerIndex",
    "managedBy",
    "successPolicy",
)
WHAT_TO_DO: Final = "cannot be changed; delete the Job first, or choose another name"
# The first minor that lets the resources of a suspended Job's containers be changed, and whatever decides where its pods
# run, also if it has been started before (MutablePodResourcesForSuspendedJobs, MutableSchedulingDirectivesForSuspendedJobs).
MUTABLE_RESOURCES: Final = 36


@rule("Job-update", source=SOURCE, immutable=True)
def changed_job_field(job: FieldRef) -> Iterator[FieldError]:
    """The `selector`, `completionMode`, `podFailurePolicy`, `backoffLimitPerIndex`, `managedBy` and `successPolicy` of a Job
    cannot be changed. To change them, delete the Job and create it again.
    """
    new, old = job.value.map("spec"), job.pod.old.root.value.map("spec")
    for name in FIXED:
        if not semantic_equal(new.get(name), old.get(name), name):
            yield job.invalid(("spec", name), WHAT_TO_DO)


@rule("Job-update", source="pkg/apis/batch/validation: validateCompletions", immutable=True)
def changed_completions(job: FieldRef) -> Iterator[FieldError]:
    """The `completions` of a Job cannot be changed. With `completionMode: Indexed`, they can be changed together with
    `parallelism`, to the same number.
    """
    new, old = job.child("spec"), job.pod.old.root.child("spec")
    if new is None or old is None or new.get("completions") == old.get("completions"):
        return
    if not is_indexed(new):
        yield new.invalid("completions", WHAT_TO_DO)
    elif new.get("completions") is not None and new.get("completions") != new.get("parallelism"):
        yield new.invalid("completions", "can only be changed together with `parallelism`, to the same number")


@rule("Job-update", source="pkg/apis/batch/validation: validatePodTemplateUpdate", immutable=True)
def changed_job_template(job: FieldRef) -> Iterator[FieldError]:
    """The pod template of a Job cannot be changed. Of a suspended Job without active pods, these can: labels, annotations,
    `nodeSelector`, `nodeAffinity`, `tolerations` and `schedulingGates`, and since 1.36 the resources of containers.
    """
    new, old = job.value.map("spec", "template"), job.pod.old.root.value.map("spec", "template")
    path: tuple[str, ...] = ("spec", "template")
    if _is_idle(job.pod.old.root, job.pod.minor):
        new, old = _without_placement(new), _without_placement(old)
        if job.pod.minor >= MUTABLE_RESOURCES:
            new, old = new.map("spec"), old.map("spec")
            old = _with_resources(old, new)
            path = (*path, "spec")
    type = "PodSpec" if path[-1] == "spec" else "PodTemplateSpec"
    new, old = (canonical(each, type, f"1.{job.pod.minor}") for each in (new, old))
    if not semantic_equal(new, old):
        yield job.invalid(path, WHAT_TO_DO)


def _is_idle(old: FieldRef, minor: int) -> bool:
    """Return whether a Job is suspended and has no pods: it was never started, or since 1.36 is suspended again."""
    status = old.value.map("status")
    if not old.value.map("spec").get("suspend"):
        return False
    suspended = any(
        each.get("type") == "Suspended" and each.get("status") == "True" for each in status.maps("conditions")
    )
    if minor < MUTABLE_RESOURCES:
        return not status.get("startTime")
    return (not status.get("startTime") or suspended) and not status.get("active")


def _without_placement(template: Map) -> Map:
    """Return a pod template without what decides where its pods run."""
    spec = template.map("spec").without("nodeSelector", "tolerations", "schedulingGates", "affinity")
    others = template.map("spec", "affinity").without("nodeAffinity")
    metadata = template.map("metadata").without("labels", "annotations")
    spec = spec.updated({"affinity": others}) if others else spec
    return template.updated({"metadata": metadata, "spec": spec})


def _with_resources(old: Map, new: Map) -> Map:
    """Return the spec of the old pods with the resources of the new ones' containers."""
    for kind in ("containers", "initContainers"):
        before, after = old.maps(kind), new.maps(kind)
        if before and len(before) == len(after):
            mixed = [
                one.without("resources").updated({"resources": other["resources"]} if "resources" in other else {})
                if one.get("name") == other.get("name")
                else one
                for one, other in zip(before, after, strict=True)
            ]
            old = old.updated({kind: List(mixed)})
    return old
