"""IngressClasses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SOURCE = "pkg/apis/networking/validation: validateIngressClassSpec"
PARAMETERS = "pkg/apis/networking/validation: validateIngressClassParametersReference"
UPDATE = "pkg/apis/networking/validation: validateIngressClassSpecUpdate"
# pkg/apis/networking/validation: maxLenIngressClassController
MAX_CONTROLLER: Final = 250


@rule("IngressClass", source=SOURCE)
def invalid_ingress_class_controller(ingress_class: FieldRef) -> Iterator[FieldError]:
    """The `controller` of an IngressClass must be set, and be a DNS subdomain, `/` and a path, such as `example.com/my-controller`: at most 250
    characters in all.
    """
    spec = ingress_class.part("spec")
    controller = spec.get("controller", "")
    if not controller:
        yield spec.required("controller", "must be set: a domain and a path, such as `example.com/my-controller`")
        return
    length = formats.byte_length(controller)
    if length > MAX_CONTROLLER:
        yield spec.error("TooLong", "controller", f"must have at most {MAX_CONTROLLER} bytes, got {length}")
    yield from spec.invalid_each("controller", formats.domain_prefixed_path(controller))


REFERENCE = Fields("IngressClass.spec.parameters", "an IngressClass's `parameters`", PARAMETERS)
REFERENCE.has_format("invalid-ingress-parameters-group", "apiGroup", formats.dns_subdomain, empty=True)
REFERENCE.required("missing-ingress-parameters-field", ("kind", "name"))
REFERENCE.has_format("invalid-ingress-parameters-name", ("kind", "name"), formats.path_segment)
REFERENCE.one_of("invalid-ingress-parameters-scope", "scope", ("Cluster", "Namespace"), default="Cluster", empty=True)


@rule("IngressClass.spec.parameters", source=PARAMETERS)
def invalid_ingress_parameters_namespace(reference: FieldRef) -> Iterator[FieldError]:
    """The `namespace` of an IngressClass's `parameters` must be set, and be a DNS label, if their `scope` is `Namespace`."""
    if reference.get("scope") != "Namespace":
        return
    namespace = reference.get("namespace")
    if namespace is None:
        yield reference.required("namespace", "must be set, because `scope` is `Namespace`")
    else:
        yield from reference.invalid_each("namespace", formats.dns_label(namespace))


@rule("IngressClass.spec.parameters", source=PARAMETERS, when="namespace")
def forbidden_ingress_parameters_namespace(reference: FieldRef) -> Iterator[FieldError]:
    """The `namespace` of an IngressClass's `parameters` must not be set if their `scope` is `Cluster`, the default."""
    if reference.get("scope") == "Cluster" and reference.get("namespace") is not None:
        yield reference.forbidden("namespace", "must not be set, because `scope` is `Cluster`; set `scope: Namespace`")


@rule("IngressClass-update", source=UPDATE, immutable=True)
def changed_ingress_class_controller(ingress_class: FieldRef) -> Iterator[FieldError]:
    """The `controller` of an IngressClass cannot be changed. To change it, delete the IngressClass and create it again."""
    new, old = (each.part("spec") for each in (ingress_class, ingress_class.pod.old.root))
    if new.get("controller", "") != old.get("controller", ""):
        yield new.invalid("controller", "cannot be changed: delete the IngressClass first")
