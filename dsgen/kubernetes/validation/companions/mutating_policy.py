"""MutatingAdmissionPolicies: their mutations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SPEC = "pkg/apis/admissionregistration/validation: validateMutatingAdmissionPolicySpec"
MUTATION = "pkg/apis/admissionregistration/validation: validateMutation"
# By type of a patch: the field with its expression.
PATCH_FIELDS: Final = {"ApplyConfiguration": "applyConfiguration", "JSONPatch": "jsonPatch"}
POLICIES: Final = ("IfNeeded", "Never")


@rule("MutatingAdmissionPolicy", source=SPEC)
def missing_mutations(policy: FieldRef) -> Iterator[FieldError]:
    """A MutatingAdmissionPolicy must have at least one of `mutations`."""
    spec = policy.part("spec")
    if not spec.get("mutations"):
        yield spec.required("mutations", "must have at least one item")


@rule("MutatingAdmissionPolicy", source=SPEC)
def invalid_policy_reinvocation(policy: FieldRef) -> Iterator[FieldError]:
    """The `reinvocationPolicy` of a MutatingAdmissionPolicy must be set: `Never` or `IfNeeded`."""
    spec = policy.part("spec")
    reinvocation = spec.get("reinvocationPolicy", "")
    if not reinvocation:
        yield spec.required("reinvocationPolicy", "must be `Never` or `IfNeeded`")
    elif reinvocation not in POLICIES:
        yield spec.not_supported("reinvocationPolicy", reinvocation, POLICIES)


MUTATIONS = Fields("MutatingAdmissionPolicy.spec.mutations", "a mutation", MUTATION)
MUTATIONS.required("missing-patch-type", "patchType", "must be `ApplyConfiguration` or `JSONPatch`")
MUTATIONS.one_of("invalid-patch-type", "patchType", tuple(PATCH_FIELDS))


@rule("MutatingAdmissionPolicy.spec.mutations", source=MUTATION, when="patchType")
def missing_patch(mutation: FieldRef) -> Iterator[FieldError]:
    """A mutation must have the field of its `patchType`, `applyConfiguration` or `jsonPatch`, with an `expression`."""
    name = PATCH_FIELDS.get(mutation.get("patchType", ""))
    patch = mutation.child(name) if name else None
    if name and patch is None:
        yield mutation.required(name, f"must be set if `patchType` is `{mutation.get('patchType')}`")
    elif patch is not None and formats.is_blank(patch.get("expression", "")):
        yield patch.required("expression", "must be an expression in CEL")


@rule("MutatingAdmissionPolicy.spec.mutations", source=MUTATION, when="patchType")
def conflicting_patches(mutation: FieldRef) -> Iterator[FieldError]:
    """A mutation must not have the field of another `patchType`."""
    type = mutation.get("patchType", "")
    for name in PATCH_FIELDS.values() if type in PATCH_FIELDS else ():
        if name != PATCH_FIELDS[type] and mutation.get(name) is not None:
            yield mutation.invalid(name, f"is not allowed if `patchType` is `{type}`")
