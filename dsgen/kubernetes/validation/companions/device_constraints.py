"""Constraints of a claim for devices, and how they and its configuration refer to requests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.schema.errors import ErrorType
from dsgen.kubernetes.semantics.feature_gates import IN_CONSTRAINT
from dsgen.kubernetes.validation.companions.device_view import SKIPPING, is_declared, is_kept, items, names
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, repeated_values, rule

REFERENCE = "pkg/apis/resource/validation: validateRequestNameRef"
CONSTRAINT = "pkg/apis/resource/validation: validateDeviceConstraint"
ATTRIBUTE = "pkg/apis/resource/validation: validateFullyQualifiedName"
MAX_DOMAIN: Final = 63
MAX_NAME: Final = 32
IDENTIFIER: Final = re.compile("[A-Za-z_][A-Za-z0-9_]*")
# Before this minor, an identifier of the wrong form is called a value of the wrong type.
INVALID_SINCE: Final = 34
ATTRIBUTES: Final = ("matchAttribute", "distinctAttribute")


def _referring(claim: FieldRef) -> Iterator[FieldRef]:
    """Yield the constraints and configurations of a claim."""
    if not is_kept(claim):
        yield from items(claim, "constraints")
        yield from items(claim, "config")


@rule("device-claim", source=REFERENCE)
def unknown_device_request(claim: FieldRef) -> Iterator[FieldError]:
    """The `requests` of a constraint or a configuration must be names of requests of the claim, or `request/subrequest` for one in
    `firstAvailable`.
    """
    known = _names(claim)
    for each in _referring(claim):
        for index, name in enumerate(names(each, "requests")):
            if name not in known:
                detail = f"{str(name)!r} is not one of this claim's requests: {', '.join(sorted(known))}"
                yield each.invalid(("requests", index), detail)
            elif any(formats.dns_label(part) for part in name.split("/")):
                yield each.invalid(("requests", index), f"{str(name)!r} must be a DNS label")


def _names(claim: FieldRef) -> set[str]:
    found = set()
    for request in claim.children("requests"):
        name = request.get("name", "")
        inner = [each.get("name", "") for each in request.children("firstAvailable")]
        if "/" not in name:
            found |= {name, *(f"{name}/{each}" for each in inner if "/" not in each)}
    return found


@rule("device-claim", source=REFERENCE)
def duplicate_request_reference(claim: FieldRef) -> Iterator[FieldError]:
    """A constraint or a configuration must list each request at most once."""
    for each in _referring(claim):
        for index, name in repeated_values(names(each, "requests")):
            yield each.duplicate(("requests", index), f"duplicate {str(name)!r}")


@rule("device-claim", source=REFERENCE)
def too_many_request_references(claim: FieldRef) -> Iterator[FieldError]:
    """A constraint or a configuration must list at most 32 requests."""
    from dsgen.kubernetes.validation.companions.device_requests import too_many

    for each in _referring(claim):
        yield from too_many(each, "requests")


@rule("device-claim", source=CONSTRAINT)
def missing_device_attribute(claim: FieldRef) -> Iterator[FieldError]:
    """A constraint must have a `matchAttribute`, whose value must be the same for all devices, or a `distinctAttribute`."""
    enabled = not IN_CONSTRAINT["distinctAttribute"].is_off(claim.pod.minor) and claim.pod.minor >= INVALID_SINCE
    for each in _constraints(claim):
        if all(each.get(name) is None for name in ATTRIBUTES):
            detail = "must have `matchAttribute` or `distinctAttribute`" if enabled else "must be set"
            yield each.required("" if enabled else "matchAttribute", detail)


@rule("device-claim", source=ATTRIBUTE)
def invalid_device_attribute(claim: FieldRef) -> Iterator[FieldError]:
    """The attribute of a constraint must be a name with its domain: `DRIVER/NAME`. The name is a C identifier of at most 32 characters, the
    domain that of a driver.
    """
    for each in _constraints(claim):
        stated = [name for name in ATTRIBUTES if each.get(name) is not None]
        for name in stated if is_declared(claim) else stated[:1]:
            for type, detail in _faults(each.get(name), claim.pod.minor, is_declared(claim)):
                yield each.error(type, name, detail)


def _constraints(claim: FieldRef) -> Iterator[FieldRef]:
    if not is_kept(claim):
        yield from items(claim, "constraints")


def _faults(text: str, minor: int, declared: bool) -> Iterator[tuple[ErrorType, str]]:
    """Yield what is wrong with the name of an attribute, by the type of the error."""
    domain, slash, name = text.partition("/")
    empty: ErrorType = "Invalid" if minor >= SKIPPING else "Required"
    if not text and minor < SKIPPING:
        yield "Required", "must be set"
        return
    if not slash:
        yield "Invalid", f"must have the form DRIVER/NAME, such as `gpu.example.com/model`, got {str(text)!r}"
        domain, name = "", domain
    elif "/" in name:
        return  # the server does not look at the parts of such a name
    elif not domain:
        yield empty, "the domain before `/` must not be empty"
    elif not name:
        yield empty, "the name after `/` must not be empty"
    yield from _domain_faults(domain, declared)
    if name or not slash:
        yield from _name_faults(name, minor)


def _domain_faults(domain: str, declared: bool) -> Iterator[tuple[ErrorType, str]]:
    for message in formats.too_long(domain, MAX_DOMAIN):
        yield "TooLong", f"before `/`: {message}"
    # Only the declared rule asks for lower case.
    written = domain if declared else formats.lower_case(domain)
    for message in formats.dns_subdomain(written) if domain else ():
        yield "Invalid", f"before `/`: {message}"


def _name_faults(name: str, minor: int) -> Iterator[tuple[ErrorType, str]]:
    for message in formats.too_long(name, MAX_NAME):
        yield "TooLong", message
    if not IDENTIFIER.fullmatch(name):
        detail = f"{str(name)!r} is not a C identifier: use letters, digits and `_`, and do not begin with a digit"
        yield "Invalid" if minor >= INVALID_SINCE else "TypeInvalid", detail
