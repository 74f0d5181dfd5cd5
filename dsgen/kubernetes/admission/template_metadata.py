"""The metadata of the pod template, and the annotations that the server looks into."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from dsgen.kubernetes.admission.metadata import annotation_key_errors, annotation_size_errors
from dsgen.kubernetes.admission.pod import Pod, part
from dsgen.kubernetes.admission.rule import RULES, Error, Node, rule
from dsgen.kubernetes.labels import label_errors
from dsgen.tree import Integer, List, Map, Text

SOURCE = "pkg/apis/core/validation: ValidatePodSpecificAnnotations"
MIRROR: Final = "kubernetes.io/config.mirror"
DELETION_COST: Final = "controller.kubernetes.io/pod-deletion-cost"
TOLERATIONS: Final = "scheduler.alpha.kubernetes.io/tolerations"

_deletion_cost = re.compile("0|-[0-9]+|[1-9][0-9]*").fullmatch


def template(pod: Pod) -> Node:
    """Return the node of the template's metadata; the server leaves `metadata` out of its path."""
    return Node(pod.metadata, pod.root, ("spec", "template", "metadata"), pod, printed="spec.template")


@rule("template-label", "pod", source="apimachinery/pkg/apis/meta/v1/validation: ValidateLabels")
def template_label(pod: Node) -> Iterator[Error]:
    """A label of the pod template has a name of 63 characters at most, with an optional prefix, and a value of 63 at most."""
    yield from label_errors(template(pod.pod), "labels")


@rule("template-annotation-key", "pod", source="apimachinery/pkg/api/validation: ValidateAnnotations")
def template_annotation_key(pod: Node) -> Iterator[Error]:
    """An annotation of the pod template has a name of 63 characters at most, with an optional prefix."""
    yield from annotation_key_errors(template(pod.pod))


@rule("template-annotations-size", "pod", source="apimachinery/pkg/api/validation: ValidateAnnotationsSize")
def template_annotations_size(pod: Node) -> Iterator[Error]:
    """All annotations of the pod template together, keys and values, have at most 262144 bytes."""
    yield from annotation_size_errors(template(pod.pod))


@rule("mirror-annotation", "pod", source=SOURCE)
def mirror_annotation(pod: Node) -> Iterator[Error]:
    """The annotation `kubernetes.io/config.mirror` belongs to pods that the kubelet made, which have a `nodeName`."""
    if MIRROR in _annotations(pod.pod) and not pod.get("nodeName"):
        yield annotation_error(pod, MIRROR, "needs `nodeName`; leave the annotation out")


@rule("pod-deletion-cost", "pod", source=SOURCE)
def pod_deletion_cost(pod: Node) -> Iterator[Error]:
    """The annotation `controller.kubernetes.io/pod-deletion-cost` is a whole number of 32 bits, without `+` or leading zeros."""
    text = _annotations(pod.pod).get(DELETION_COST)
    if text is not None and not _is_deletion_cost(text) and not (pod.pod.old and _has_bad_cost(pod.pod.old)):
        yield annotation_error(pod, DELETION_COST, f"{text!r} is no whole number, such as `100`")


def _is_deletion_cost(text: str) -> bool:
    return bool(_deletion_cost(text)) and len(text) < 100 and -(2**31) <= int(text) < 2**31


def _has_bad_cost(pod: Pod) -> bool:
    text = _annotations(pod).get(DELETION_COST)
    return text is not None and not _is_deletion_cost(text)


@rule("tolerations-annotation", "pod", source="pkg/apis/core/validation: ValidateTolerationsInPodAnnotations")
def tolerations_annotation(pod: Node) -> Iterator[Error]:
    """The old annotation `scheduler.alpha.kubernetes.io/tolerations` holds a JSON list of valid tolerations; use `tolerations`."""
    text = _annotations(pod.pod).get(TOLERATIONS)
    if not text:
        return
    try:
        tolerations = _read_tolerations(text)
    except ValueError as error:
        path = ("spec", "template", "metadata", "annotations", TOLERATIONS)
        yield pod.pod.root.invalid(path, f"is no JSON list of tolerations: {error}", field="spec.template.annotations")
        return
    for index, toleration in enumerate(tolerations):
        place = ("spec", "template", "metadata", "annotations", TOLERATIONS)
        printed = f"spec.template.annotations.{TOLERATIONS}[{index}]"
        node = Node(toleration, pod.pod.root, place, pod.pod, "tolerations", printed)
        for each in RULES:
            if each.scope == "toleration":
                for found in each.check(node):
                    yield found._replace(path=place)


def annotation_error(pod: Node, key: str, detail: str) -> Error:
    """Return an error at one annotation of the template."""
    path = ("spec", "template", "metadata", "annotations", key)
    root: Node = pod.pod.root
    return root.invalid(path, detail, field=f"spec.template.annotations[{key}]")


def _annotations(pod: Pod) -> Any:
    return part(pod.metadata, "annotations")


def _read_tolerations(text: str) -> List:
    """Read JSON as Go does: the spelling of keys is free, unknown ones are passed over."""
    import json

    names = {
        "key": "key",
        "operator": "operator",
        "value": "value",
        "effect": "effect",
        "tolerationseconds": "tolerationSeconds",
    }
    items = json.loads(text)
    if items is None:
        return List()
    if not isinstance(items, list):
        raise ValueError("not a list")
    found = List()
    for item in items:
        if item is not None and not isinstance(item, dict):
            raise ValueError("an item is no object")
        toleration = Map()
        for key, value in (item or {}).items():
            name = names.get(key.lower())
            if name is None or value is None:
                continue
            wanted: Any = Integer if name == "tolerationSeconds" else Text
            if isinstance(value, bool) or not isinstance(value, wanted.__base__):
                raise ValueError(f"`{key}` is of the wrong type")
            toleration[name] = wanted.at(value, None)
        found.append(toleration)
    return found
