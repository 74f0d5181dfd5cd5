"""Admission policies: what ValidatingAdmissionPolicies and MutatingAdmissionPolicies have in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.cel.names import RESERVED, is_name
from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SPEC = "pkg/apis/admissionregistration/validation: validateValidatingAdmissionPolicySpec"
PARAM_KIND = "pkg/apis/admissionregistration/validation: validateParamKind"
VARIABLE = "pkg/apis/admissionregistration/validation: validateVariable"
# Kind, without `Binding`, and version → the minor version since which it is deprecated.
DEPRECATED_SINCE: Final = {
    ("ValidatingAdmissionPolicy", "v1beta1"): 31,
    ("MutatingAdmissionPolicy", "v1alpha1"): 35,
    ("MutatingAdmissionPolicy", "v1beta1"): 37,
}

Fields("policy-spec", "an admission policy", SPEC).one_of(
    "invalid-policy-failure-policy", "failurePolicy", ("Fail", "Ignore"), default="Fail", empty=True
)


@rule("policy-spec", source=SPEC)
def missing_match_constraints(spec: FieldRef) -> Iterator[FieldError]:
    """An admission policy must have `matchConstraints` with at least one of `resourceRules`."""
    match = spec.child("matchConstraints")
    if match is None:
        yield spec.required("matchConstraints", "must be set, with `resourceRules`")
    elif not match.get("resourceRules"):
        yield match.required("resourceRules", "must have at least one item")


@rule("policy-spec.paramKind", source=PARAM_KIND)
def invalid_parameters_api_version(kind: FieldRef) -> Iterator[FieldError]:
    """The `apiVersion` of a `paramKind` must be a version, such as `v1`, or a group and a version, such as `example.com/v1`. The group is a DNS
    subdomain, and the version a DNS label that begins with a letter.
    """
    text = kind.get("apiVersion", "")
    group, _, version = text.rpartition("/")
    if not text:
        yield kind.required("apiVersion", "must be a version, such as `v1` or `example.com/v1`")
    elif "/" in group:
        yield kind.invalid("apiVersion", f"must have at most one `/`, got {str(text)!r}")
    else:
        yield from kind.invalid_each(
            "apiVersion", [*(formats.dns_subdomain(group) if group else ()), *formats.letter_label(version)]
        )


@rule("policy-spec.paramKind", source=PARAM_KIND)
def invalid_parameters_kind(kind: FieldRef) -> Iterator[FieldError]:
    """The `kind` of a `paramKind` must be set, and in lower case a DNS label that begins with a letter."""
    name = kind.get("kind", "")
    if not name:
        yield kind.required("kind", "must be a kind, such as `ConfigMap`")
    else:
        yield from kind.invalid_each("kind", formats.letter_label(formats.lower_case(name)))


@rule("policy-spec.variables", source=VARIABLE)
def invalid_variable_name(variable: FieldRef) -> Iterator[FieldError]:
    """The `name` of a variable must be set, and be a name in CEL: letters, digits and `_`, and not one of its words, such as `in`."""
    name = variable.get("name", "")
    if formats.is_blank(name):
        yield variable.required("name", "must be set; expressions read the variable as `variables.NAME`")
    elif not is_name(name) or name in RESERVED:
        yield variable.invalid("name", f"must be a name in CEL, such as `allReplicas`, got {str(name)!r}")


@rule("policy-spec.variables", source=VARIABLE)
def missing_variable_expression(variable: FieldRef) -> Iterator[FieldError]:
    """A variable of an admission policy must have an `expression`."""
    if formats.is_blank(variable.get("expression", "")):
        yield variable.required("expression", "must be an expression in CEL")


@rule(
    "policy-or-binding",
    source="api/admissionregistration: APILifecycleDeprecated",
    when="apiVersion",
    severity="warning",
)
def deprecated_policy_api_version(root: FieldRef) -> Iterator[FieldError]:
    """In the group `admissionregistration.k8s.io`, `v1beta1` of ValidatingAdmissionPolicies and their bindings is deprecated since 1.31, and of
    MutatingAdmissionPolicies and theirs `v1alpha1` since 1.35 and `v1beta1` since 1.37. Use a newer one.
    """
    group, _, version = str(root.get("apiVersion", "")).rpartition("/")
    since = DEPRECATED_SINCE.get((root.pod.kind.name.removesuffix("Binding"), version), root.pod.minor + 1)
    if root.pod.minor >= since:
        yield root.warning("kind", f"`{group}/{version}` is deprecated since 1.{since}: use a newer version")
