"""The bindings of admission policies: ValidatingAdmissionPolicyBindings and MutatingAdmissionPolicyBindings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.labels import selector_errors
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SOURCE = "pkg/apis/admissionregistration/validation: validateValidatingAdmissionPolicyBindingSpec"
ACTIONS = "pkg/apis/admissionregistration/validation: validateValidationActions"
PARAMETERS = "pkg/apis/admissionregistration/validation: validateParamRef"
VALIDATION_ACTIONS: Final = ("Audit", "Deny", "Warn")


@rule("policy-binding", source=SOURCE)
def invalid_policy_name(binding: FieldRef) -> Iterator[FieldError]:
    """The `policyName` of a binding of an admission policy must be set, and be a DNS subdomain: the name of the policy."""
    spec = binding.part("spec")
    name = spec.get("policyName", "")
    if not name:
        yield spec.required("policyName", f"must be set: the name of a {binding.pod.kind.name.removesuffix('Binding')}")
    else:
        yield from spec.invalid_each("policyName", formats.dns_subdomain(name))


@rule("ValidatingAdmissionPolicyBinding", source=ACTIONS)
def missing_validation_actions(binding: FieldRef) -> Iterator[FieldError]:
    """The `validationActions` of a ValidatingAdmissionPolicyBinding must have at least one item."""
    spec = binding.part("spec")
    if not spec.get("validationActions", ()):
        yield spec.required("validationActions", "must have at least one of `Deny`, `Warn` and `Audit`")


@rule("ValidatingAdmissionPolicyBinding.spec", source=ACTIONS, when="validationActions")
def invalid_validation_action(spec: FieldRef) -> Iterator[FieldError]:
    """Each of the `validationActions` of a ValidatingAdmissionPolicyBinding must be `Deny`, `Warn` or `Audit`."""
    for index, action in enumerate(spec.get("validationActions", ())):
        if action not in VALIDATION_ACTIONS:
            yield spec.not_supported(("validationActions", index), action, VALIDATION_ACTIONS)


Fields("ValidatingAdmissionPolicyBinding.spec", "a ValidatingAdmissionPolicyBinding", ACTIONS).unique(
    "duplicate-validation-action", "validationActions"
)


@rule("ValidatingAdmissionPolicyBinding.spec", source=ACTIONS, when="validationActions")
def conflicting_validation_actions(spec: FieldRef) -> Iterator[FieldError]:
    """The `validationActions` of a ValidatingAdmissionPolicyBinding must not contain both `Deny` and `Warn`, because a denial already contains the message."""
    actions = spec.get("validationActions", ())
    if "Deny" in actions and "Warn" in actions:
        yield spec.invalid("validationActions", "must not contain both `Deny` and `Warn`: remove one of them")


REFERENCE = Fields("policy-binding.spec.paramRef", "`paramRef`", PARAMETERS)
REFERENCE.has_format("invalid-parameters-name", "name", formats.path_segment)
REFERENCE.required("missing-parameter-not-found-action", "parameterNotFoundAction", "must be `Allow` or `Deny`")
REFERENCE.one_of("invalid-parameter-not-found-action", "parameterNotFoundAction", ("Deny", "Allow"))


@rule("policy-binding.spec.paramRef", source=PARAMETERS)
def missing_parameters_source(reference: FieldRef) -> Iterator[FieldError]:
    """A `paramRef` must have a `name` or a `selector`. An empty selector selects all objects."""
    if not reference.get("name") and reference.get("selector") is None:
        yield reference.required((), "must have a `name` or a `selector`")


@rule("policy-binding.spec.paramRef", source=PARAMETERS, when="selector")
def conflicting_parameters_sources(reference: FieldRef) -> Iterator[FieldError]:
    """A `paramRef` must not have both a `name` and a `selector`."""
    if reference.get("name") and reference.get("selector") is not None:
        for name, other in (("name", "selector"), ("selector", "name")):
            yield reference.forbidden(name, f"must not be set together with `{other}`: remove one of them")


@rule("policy-binding.spec.paramRef", source=PARAMETERS, when="selector")
def invalid_parameters_selector(reference: FieldRef) -> Iterator[FieldError]:
    """The `selector` of a `paramRef` must be a valid label selector."""
    yield from selector_errors(reference.child("selector"))
