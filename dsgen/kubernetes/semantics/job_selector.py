"""The selector of a Job, and the labels of its pods, that the API server generates (pkg/registry/batch/job: generateSelector)."""

from __future__ import annotations

from typing import Final

from dsgen.kubernetes.schema.names import generated_name
from dsgen.tree import Map, Value

JOB_NAME_LABELS: Final = ("job-name", "batch.kubernetes.io/job-name")
CONTROLLER_UID_LABELS: Final = ("controller-uid", "batch.kubernetes.io/controller-uid")
# Instead of the UID that the server chooses.
ANY_UID: Final = "00000000-0000-0000-0000-000000000000"


def with_selector(job: Map) -> Map:
    """Return a decoded and defaulted Job with the labels and the selector that the server generates, unless it has a manual one."""
    spec = job.map("spec")
    if spec.get("manualSelector"):
        return job
    metadata = job.map("metadata")
    name = str(metadata.get("name") or generated_name(str(metadata.get("generateName") or "")))
    template = spec.map("template")
    of_pods = template.map("metadata")
    labels = of_pods.map("labels")
    own = {**dict.fromkeys(JOB_NAME_LABELS, name), **dict.fromkeys(CONTROLLER_UID_LABELS, ANY_UID)}
    labels = labels.updated({key: value for key, value in own.items() if key not in labels})
    selector = spec.map("selector")
    selected = selector.map("matchLabels")
    if CONTROLLER_UID_LABELS[1] not in selected:
        selected = selected.updated({CONTROLLER_UID_LABELS[1]: ANY_UID})
    template = template.replaced("metadata", of_pods.replaced("labels", labels))
    selector = selector.replaced("matchLabels", selected)
    changes: dict[str, Value] = {"spec": spec.updated({"template": template, "selector": selector})}
    if "labels" in metadata and metadata["labels"] is of_pods.get("labels"):
        # By default the Job has the labels of its pods: the server adds its own to both at once.
        changes["metadata"] = metadata.replaced("labels", labels)
    return job.updated(changes)


def with_selector_of(old: Map, job: Map) -> Map:
    """Return a changed Job with what the server has generated in the old one, where it sets nothing else."""
    if old.map("spec").get("manualSelector"):
        return job
    spec, before = job.map("spec"), old.map("spec")
    labels, known = (each.map("template", "metadata").map("labels") for each in (spec, before))
    names = (*JOB_NAME_LABELS, *CONTROLLER_UID_LABELS)
    labels = labels.updated({key: known[key] for key in names if key in known and key not in labels})
    template = spec.map("template")
    template = template.replaced("metadata", template.map("metadata").replaced("labels", labels))
    selector = spec.map("selector")
    if CONTROLLER_UID_LABELS[1] not in selector.map("matchLabels"):
        own = before.map("selector", "matchLabels").get(CONTROLLER_UID_LABELS[1])
        selected = selector.map("matchLabels").updated({CONTROLLER_UID_LABELS[1]: own} if own else {})
        selector = selector.replaced("matchLabels", selected)
    return job.replaced("spec", spec.updated({"template": template, "selector": selector}))


def with_completions_of(old: Map, job: Map, *stated: Map) -> Map:
    """Return a changed Job with the `completions` of the old one, if neither sets any: an apply leaves the default as it is."""
    spec, number = job.map("spec"), old.map("spec").get("completions")
    if number is None or any("completions" in each.map("spec") for each in stated):
        return job
    return job.replaced("spec", spec.updated({"completions": number}))
