"""ValidatingAdmissionPolicies: their rules, and what they add to the audit log."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.schema.names import generated_name
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, repeated, rule

SPEC = "pkg/apis/admissionregistration/validation: validateValidatingAdmissionPolicySpec"
VALIDATION = "pkg/apis/admissionregistration/validation: validateValidation"
ANNOTATION = "pkg/apis/admissionregistration/validation: validateAuditAnnotation"
REASONS: Final = ("Forbidden", "Invalid", "RequestEntityTooLarge")
LINE_BREAK: Final = re.compile(r"[\n\r]")
MOST_ANNOTATIONS: Final = 20
# In bytes.
LONGEST_VALUE_EXPRESSION: Final = 5 * 1024


@rule("ValidatingAdmissionPolicy", source=SPEC)
def missing_policy_validations(policy: FieldRef) -> Iterator[FieldError]:
    """A ValidatingAdmissionPolicy must have `validations` or `auditAnnotations`."""
    spec = policy.part("spec")
    if not spec.get("validations") and not spec.get("auditAnnotations"):
        for name in ("validations", "auditAnnotations"):
            yield spec.required(name, "must have `validations` or `auditAnnotations`")


@rule("ValidatingAdmissionPolicy.spec.validations", source=VALIDATION)
def missing_validation_expression(validation: FieldRef) -> Iterator[FieldError]:
    """Each of the `validations` of a ValidatingAdmissionPolicy must have an `expression`."""
    if formats.is_blank(validation.get("expression", "")):
        yield validation.required("expression", "must be an expression in CEL, which is true for what is admitted")


@rule("ValidatingAdmissionPolicy.spec.validations", source=VALIDATION)
def invalid_validation_message(validation: FieldRef) -> Iterator[FieldError]:
    """The `message` of a rule of a ValidatingAdmissionPolicy must not contain line breaks, and neither it nor `messageExpression` can be blank."""
    for name in ("message", "messageExpression"):
        text = validation.get(name, "")
        if text and formats.is_blank(text):
            yield validation.invalid(name, "must not be blank: remove it")
    if LINE_BREAK.search(validation.get("message", "").strip(formats.WHITE_SPACE)):
        yield validation.invalid("message", "must not contain line breaks")


Fields("ValidatingAdmissionPolicy.spec.validations", "a rule of a ValidatingAdmissionPolicy", VALIDATION).one_of(
    "invalid-validation-reason", "reason", REASONS, default="Invalid", empty=True
)


@rule("ValidatingAdmissionPolicy.spec", source=SPEC, when="auditAnnotations")
def too_many_audit_annotations(spec: FieldRef) -> Iterator[FieldError]:
    """A ValidatingAdmissionPolicy must have at most 20 `auditAnnotations`."""
    count = len(spec.get("auditAnnotations", ()))
    if count > MOST_ANNOTATIONS:
        yield spec.invalid("auditAnnotations", f"must have at most {MOST_ANNOTATIONS} items, got {count}")


@rule("ValidatingAdmissionPolicy.spec", source=SPEC, when="auditAnnotations")
def duplicate_audit_annotation(spec: FieldRef) -> Iterator[FieldError]:
    """The keys of the `auditAnnotations` of a ValidatingAdmissionPolicy must be unique."""
    for annotation, key in repeated(spec.children("auditAnnotations"), "key"):
        yield annotation.duplicate("key", f"another annotation has the key {str(key)!r}")


@rule("ValidatingAdmissionPolicy", source=ANNOTATION)
def invalid_audit_annotation_key(policy: FieldRef) -> Iterator[FieldError]:
    """The `key` of an audit annotation must be a qualified name behind the name of the policy and `/`: at most 63 letters, digits and inner
    `-`, `_` and `.`.
    """
    metadata = policy.value.map("metadata")
    prefix = metadata.get("generateName") if policy.pod.old is None else ""
    name = metadata.get("name") or (generated_name(str(prefix)) if prefix else "")
    for annotation in policy.part("spec").children("auditAnnotations"):
        if not name:
            yield annotation.invalid("key", "requires a policy with `metadata.name`")
        else:
            yield from annotation.invalid_each("key", formats.qualified_name(f"{name}/{annotation.get('key', '')}"))


@rule("ValidatingAdmissionPolicy.spec.auditAnnotations", source=ANNOTATION)
def invalid_audit_annotation_expression(annotation: FieldRef) -> Iterator[FieldError]:
    """An audit annotation must have a `valueExpression` of at most 5,120 bytes."""
    text = annotation.get("valueExpression", "").strip(formats.WHITE_SPACE)
    if not text:
        yield annotation.required(
            "valueExpression", "must be an expression in CEL, which is the text of the annotation"
        )
    elif (size := formats.byte_length(text)) > LONGEST_VALUE_EXPRESSION:
        yield annotation.required("valueExpression", f"must have at most {LONGEST_VALUE_EXPRESSION} bytes, got {size}")
