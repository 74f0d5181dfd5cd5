"""The metadata of the pod template, and the annotations that the server validates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from dsgen.kubernetes.validation.labels import label_errors
from dsgen.kubernetes.validation.metadata import annotation_key_errors, annotation_size_errors
from dsgen.kubernetes.validation.rule import RULES, FieldError, FieldRef, rule
from dsgen.tree import Integer, List, Map, Text

SOURCE = "pkg/apis/core/validation: ValidatePodSpecificAnnotations"
MIRROR: Final = "kubernetes.io/config.mirror"
DELETION_COST: Final = "controller.kubernetes.io/pod-deletion-cost"
TOLERATIONS: Final = "scheduler.alpha.kubernetes.io/tolerations"

NUMBER: Final = "0|-[0-9]+|[1-9][0-9]*"


@rule("template-metadata", source="apimachinery/pkg/apis/meta/v1/validation: ValidateLabels", when="labels")
def invalid_pod_template_label(template: FieldRef) -> Iterator[FieldError]:
    """The key of a label of the pod template must be a name of at most 63 characters with an optional prefix; its value
    must have at most 63 characters.
    """
    yield from label_errors(template, "labels")


@rule("template-metadata", source="apimachinery/pkg/api/validation: ValidateAnnotations", when="annotations")
def invalid_pod_template_annotation_key(template: FieldRef) -> Iterator[FieldError]:
    """The key of an annotation of the pod template must be a name of at most 63 characters with an optional prefix."""
    yield from annotation_key_errors(template)


@rule("template-metadata", source="apimachinery/pkg/api/validation: ValidateAnnotationsSize", when="annotations")
def too_large_pod_template_annotations(template: FieldRef) -> Iterator[FieldError]:
    """The keys and values of all annotations of the pod template must not exceed 262144 bytes together."""
    yield from annotation_size_errors(template)


@rule("template", source=SOURCE, when="annotations")
def forbidden_mirror_annotation(template: FieldRef) -> Iterator[FieldError]:
    """The annotation `kubernetes.io/config.mirror` is only for pods that the kubelet creates, which have a `nodeName`."""
    if MIRROR in template.get("annotations", {}) and not template.pod.node.get("nodeName"):
        yield annotation_error(template, MIRROR, "requires `nodeName`: remove the annotation")


@rule("template", source=SOURCE, when="annotations", ratcheting=True)
def invalid_pod_deletion_cost(template: FieldRef) -> Iterator[FieldError]:
    """The annotation `controller.kubernetes.io/pod-deletion-cost` must be a 32-bit whole number, without `+` or leading
    zeros.
    """
    text = template.get("annotations", {}).get(DELETION_COST, "0")
    if not _is_deletion_cost(text):
        yield annotation_error(template, DELETION_COST, f"{text!r} is not a 32-bit whole number, such as `100`")


def _is_deletion_cost(text: str) -> bool:
    return bool(re.fullmatch(NUMBER, text)) and len(text) < 100 and -(2**31) <= int(text) < 2**31


@rule("template", source="pkg/apis/core/validation: ValidateTolerationsInPodAnnotations", when="annotations")
def invalid_tolerations_annotation(template: FieldRef) -> Iterator[FieldError]:
    """The old annotation `scheduler.alpha.kubernetes.io/tolerations` must be a JSON list of valid tolerations. Use
    `tolerations` instead.
    """
    text = template.get("annotations", {}).get(TOLERATIONS)
    if not text:
        return
    try:
        tolerations = _read_tolerations(text)
    except (ValueError, RecursionError) as error:
        message = f"must be a JSON list of tolerations: {error}"
        yield template.invalid(("annotations", TOLERATIONS), message, field="annotations")
        return
    for index, toleration in enumerate(tolerations):
        place = ("annotations", TOLERATIONS)
        printed = f"{template.field}.annotations.{TOLERATIONS}[{index}]"
        node = FieldRef(toleration, template, place, None, "tolerations", printed)
        for each in RULES:
            if each.scope == "pod.tolerations" and each.holds(f"1.{template.pod.minor}"):
                for found in each.check(node):
                    yield found._replace(path=node.path)


def annotation_error(template: FieldRef, key: str, detail: str) -> FieldError:
    """Return an error at one annotation of the template."""
    return template.invalid(("annotations", key), detail, field=f"annotations[{key}]")


def _read_tolerations(text: str) -> List:
    """Read JSON as Go does: the case of keys does not matter, and unknown ones are skipped."""
    import json

    names = {name.casefold(): name for name in ("key", "operator", "value", "effect", "tolerationSeconds")}

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is not valid JSON")

    items = json.loads(text, parse_constant=refuse)
    if items is None:
        return List()
    if not isinstance(items, list):
        raise ValueError("not a list")
    found = List()
    for item in items:
        if item is not None and not isinstance(item, dict):
            raise ValueError("an item is not an object")
        toleration = Map()
        for key, value in (item or {}).items():
            name = names.get(key.casefold())
            if name is None or value is None:
                continue
            wanted: Any = Integer if name == "tolerationSeconds" else Text
            fits = isinstance(value, wanted.__base__) and not isinstance(value, bool)
            if not fits or (wanted is Integer and not -(2**63) <= value < 2**63):
                raise ValueError(f"`{key}` has the wrong type")
            toleration[name] = wanted.at(value, None)
        found.append(toleration)
    return found
