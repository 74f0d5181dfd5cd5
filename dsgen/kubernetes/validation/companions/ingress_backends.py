"""The paths of Ingresses, and the backends that requests go to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.kinds import Subject, asked_once
from dsgen.kubernetes.validation.object_reference import invalid_reference, missing_reference
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.tree import List, Map

HTTP = "pkg/apis/networking/validation: validateHTTPIngressRuleValue"
PATH = "pkg/apis/networking/validation: validateHTTPIngressPath"
BACKEND = "pkg/apis/networking/validation: validateIngressBackend"
RESOURCE = "pkg/apis/networking/validation: validateIngressTypedLocalObjectReference"
PATH_TYPES: Final = ("Exact", "ImplementationSpecific", "Prefix")
INVALID_PATH_SEQUENCES: Final = ("//", "/./", "/../", "%2f", "%2F")
INVALID_PATH_SUFFIXES: Final = ("/..", "/.")
# The first minor in which the name of a Service may begin with a digit, and those before it that keep such a name in an update.
RELAXED_SERVICE_NAMES: Final = 36
KEPT_SERVICE_NAMES: Final = 34
KEPT_DEFAULT_SERVICE_NAME: Final = 35


@rule("Ingress.spec", source=HTTP, when="rules")
def missing_ingress_paths(spec: FieldRef) -> Iterator[FieldError]:
    """The `http` of a rule must have at least one path."""
    for http in _values(spec):
        if not http.get("paths"):
            yield http.required("paths", "must have at least one path")


@rule("Ingress.spec", source=PATH, when="rules")
def missing_ingress_path_type(spec: FieldRef) -> Iterator[FieldError]:
    """A path must have a `pathType`: `Exact`, `Prefix` or `ImplementationSpecific`."""
    for path in _paths(spec):
        if path.get("pathType") is None:
            yield path.required("pathType", f"must be {', '.join(PATH_TYPES[:-1])} or {PATH_TYPES[-1]}")


@rule("Ingress.spec", source=PATH, when="rules")
def invalid_ingress_path_type(spec: FieldRef) -> Iterator[FieldError]:
    """The `pathType` of a path must be `Exact`, `Prefix` or `ImplementationSpecific`."""
    for path in _paths(spec):
        stated = path.get("pathType")
        if stated is not None and stated not in PATH_TYPES:
            yield path.not_supported("pathType", stated, PATH_TYPES)


@rule("Ingress.spec", source=PATH, when="rules")
def invalid_ingress_path(spec: FieldRef) -> Iterator[FieldError]:
    """A `path` must begin with `/`; only with `pathType: ImplementationSpecific` it may be left out. One of another type
    must not have an element that is empty, `.` or `..`, nor an escaped slash (`%2f`).
    """
    for path in _paths(spec):
        kind, text = path.get("pathType"), path.get("path", "")
        if kind not in PATH_TYPES or (kind == "ImplementationSpecific" and not text):
            continue
        if not text.startswith("/"):
            yield path.invalid("path", f"must begin with `/`, got {str(text)!r}")
        if kind != "ImplementationSpecific":
            found = [f"contain `{each}`" for each in INVALID_PATH_SEQUENCES if each in text]
            found += [f"end in `{each}`" for each in INVALID_PATH_SUFFIXES if text.endswith(each)]
            yield from path.invalid_each("path", [f"must not {each}" for each in found])


@rule("Ingress.spec", source=BACKEND)
def missing_ingress_backend(spec: FieldRef) -> Iterator[FieldError]:
    """A backend must have a `service` or a `resource`."""
    for backend in _backends(spec):
        if backend.get("service") is None and backend.get("resource") is None:
            yield backend.invalid((), "must have a `service` or a `resource`")


@rule("Ingress.spec", source=BACKEND)
def conflicting_ingress_backend(spec: FieldRef) -> Iterator[FieldError]:
    """A backend must not have both a `service` and a `resource`."""
    for backend in _backends(spec):
        if backend.get("service") is not None and backend.get("resource") is not None:
            yield backend.invalid((), "must not have both a `service` and a `resource`")


@rule("Ingress.spec", source=BACKEND)
def missing_ingress_service_name(spec: FieldRef) -> Iterator[FieldError]:
    """The `service` of a backend must have a `name`."""
    for _, service in _only(spec, "service"):
        if not service.get("name"):
            yield service.required("name", "must be the name of a Service")


@rule("Ingress.spec", source=BACKEND)
def invalid_ingress_service_name(spec: FieldRef) -> Iterator[FieldError]:
    """The `name` of a Service must be a DNS label: at most 63 lower-case letters, digits and inner `-`. Before 1.36, it
    must begin with a letter; an Ingress that already has another name can keep it since 1.34.
    """
    relaxed = spec.pod.minor >= RELAXED_SERVICE_NAMES or _has_relaxed_name(spec.pod.old)
    for _, service in _only(spec, "service"):
        name = service.get("name", "")
        yield from service.invalid_each("name", formats.dns_label(name) if name else ())
        if not relaxed and _begins_with_digit(name):
            yield service.invalid("name", f"must begin with a letter, got {str(name)!r}")


@rule("Ingress.spec", source=BACKEND)
def missing_ingress_service_port(spec: FieldRef) -> Iterator[FieldError]:
    """The `service` of a backend must have a `port`, with a `name` or a `number`."""
    for backend, service in _only(spec, "service"):
        name, number = _port(service)
        if not name and not number:
            yield backend.required((), "must have a `service.port` with a `name` or a `number`")


@rule("Ingress.spec", source=BACKEND)
def conflicting_ingress_service_port(spec: FieldRef) -> Iterator[FieldError]:
    """The port of a backend's `service` must not have both a `name` and a `number`."""
    for backend, service in _only(spec, "service"):
        name, number = _port(service)
        if name and number:
            yield backend.invalid((), "the port must not have both a `name` and a `number`")


@rule("Ingress.spec", source=BACKEND)
def invalid_ingress_service_port(spec: FieldRef) -> Iterator[FieldError]:
    """The port of a backend's `service` must be a number between 1 and 65535, or the name of a Service's port: at most
    15 lower-case letters, digits and single inner `-`, with at least one letter.
    """
    for _, service in _only(spec, "service"):
        name, number = _port(service)
        if name and not number:
            yield from service.invalid_each(("port", "name"), formats.port_name(name))
        elif number and not name and not 1 <= number <= 65535:
            yield service.invalid(("port", "number"), f"must be between 1 and 65535, got {number}")


@rule("Ingress.spec", source=RESOURCE)
def missing_ingress_resource_field(spec: FieldRef) -> Iterator[FieldError]:
    """The `resource` of a backend must have a `kind` and a `name`."""
    for _, resource in _only(spec, "resource"):
        yield from missing_reference(resource)


@rule("Ingress.spec", source=RESOURCE)
def invalid_ingress_resource(spec: FieldRef) -> Iterator[FieldError]:
    """The `apiGroup` of a backend's `resource` must be a DNS subdomain, such as `example.com`. Its `kind` and `name` must
    not be `.` or `..`, nor contain `/` or `%`.
    """
    for _, resource in _only(spec, "resource"):
        group = resource.get("apiGroup")
        yield from resource.invalid_each("apiGroup", () if group is None else formats.dns_subdomain(group))
        yield from invalid_reference(resource)


_OF_RULES: Final = (
    *(missing_ingress_paths, missing_ingress_path_type, invalid_ingress_path_type, invalid_ingress_path),
    *(missing_ingress_backend, conflicting_ingress_backend, missing_ingress_service_name, invalid_ingress_service_name),
    *(missing_ingress_service_port, conflicting_ingress_service_port, invalid_ingress_service_port),
    *(missing_ingress_resource_field, invalid_ingress_resource),
)


def _values(spec: FieldRef) -> Iterator[FieldRef]:
    """Yield the `http` of each rule that the server validates: not those for wildcard hosts if the old object has an invalid one."""
    excused = _excuses_wildcards(spec.pod.old)
    for ingress_rule in spec.children("rules"):
        http = ingress_rule.child("http")
        if http and not (excused and "*" in ingress_rule.get("host", "")):
            yield http


def _paths(spec: FieldRef) -> Iterator[FieldRef]:
    for http in _values(spec):
        yield from http.children("paths")


def _backends(spec: FieldRef) -> Iterator[FieldRef]:
    """Yield each backend that the server validates: that of a path without type it does not."""
    default = spec.child("defaultBackend")
    if default:
        yield default
    for path in _paths(spec):
        if path.get("pathType") is not None:
            yield path.part("backend")


def _only(spec: FieldRef, name: str) -> Iterator[tuple[FieldRef, FieldRef]]:
    """Yield each backend that has a `service` or `resource`, and not both, and this."""
    for backend in _backends(spec):
        found = backend.child(name)
        if found and (backend.get("service") is None or backend.get("resource") is None):
            yield backend, found


def _port(service: FieldRef) -> tuple[str, int]:
    """Return the name and the number of a port; empty and 0 if they are unset."""
    port = service.part("port")
    return port.get("name", ""), port.get("number", 0)


def _begins_with_digit(name: str) -> bool:
    return name[:1].isdecimal() and not formats.dns_label(name)


@asked_once
def _has_relaxed_name(old: Subject) -> bool:
    """Return whether a Service in the old object has a name that begins with a digit: then the server takes others too."""
    spec = old.root.child("spec")
    if spec is None or old.minor < KEPT_SERVICE_NAMES:
        return False
    paths = (path for each in spec.value.maps("rules") for path in each.map("http").maps("paths"))
    backends = [path.map("backend") for path in paths]
    if old.minor >= KEPT_DEFAULT_SERVICE_NAME:
        backends.append(spec.value.map("defaultBackend"))
    return any(_begins_with_digit(str(backend.map("service").get("name") or "")) for backend in backends)


@asked_once
def _excuses_wildcards(old: Subject) -> bool:
    """Return whether a rule for a wildcard host is invalid in the old object, as servers without relaxed names validate it."""
    rules = [each for each in old.root.value.map("spec").maps("rules") if "*" in str(each.get("host") or "")]
    strict = Subject(Map({"spec": Map({"rules": List(rules)})}), old.kind, f"1.{RELAXED_SERVICE_NAMES - 1}")
    spec = FieldRef(strict.root.value.map("spec"), strict.root, ("spec",))
    return any(error for check in _OF_RULES for error in check(spec))
