"""ReplicationControllers: their pods, and the labels by which they find them."""

from __future__ import annotations

from collections.abc import Iterator

from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SPEC = "pkg/apis/core/validation: ValidateReplicationControllerSpec"
TEMPLATE = "pkg/apis/core/validation: ValidatePodTemplateSpecForRC"


@rule("ReplicationController.spec", source=SPEC)
def missing_label_selector(spec: FieldRef) -> Iterator[FieldError]:
    """The `spec.selector` of a ReplicationController, by default the labels of its pods, must have at least one label."""
    if not spec.get("selector"):
        yield spec.required("selector", "must have at least one label, or the pods must have one")


@rule("ReplicationController.spec", source=TEMPLATE)
def missing_pod_template(spec: FieldRef) -> Iterator[FieldError]:
    """A ReplicationController must have a `spec.template`."""
    if spec.get("template") is None:
        yield spec.required("template")


@rule("ReplicationController.spec", source=TEMPLATE)
def mismatched_label_selector(spec: FieldRef) -> Iterator[FieldError]:
    """The pods of a ReplicationController must have the labels in `spec.selector`. Otherwise it would not find them."""
    labels = spec.pod.metadata.map("labels")
    missing = [f"`{key}: {value}`" for key, value in spec.get("selector", {}).items() if labels.get(key) != value]
    if missing and spec.get("template") is not None:
        detail = f"do not match `spec.selector`: add {', '.join(missing)}"
        yield spec.invalid(("template", "metadata", "labels"), detail)
