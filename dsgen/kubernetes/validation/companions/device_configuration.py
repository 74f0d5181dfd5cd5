"""Selectors of devices, and configuration for their drivers, in a DeviceClass and in claims."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.semantics.device_requests import DEVICES, is_flat
from dsgen.kubernetes.validation.companions.device_requests import too_many
from dsgen.kubernetes.validation.companions.device_view import SKIPPING, is_kept, items, wanted
from dsgen.kubernetes.validation.kinds import Subject, asked_once
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.plain import plain

SELECTOR = "pkg/apis/resource/validation: validateSelector"
OPAQUE = "pkg/apis/resource/validation: validateOpaqueConfiguration"
PARAMETERS = "pkg/apis/resource/validation: validateRawExtension"
DEPRECATED_SINCE: Final = {"resource.k8s.io/v1beta1": 35, "resource.k8s.io/v1beta2": 36}
MAX_EXPRESSION: Final = 10 * 1024
MAX_PARAMETERS: Final = 10 * 1024
MAX_DRIVER: Final = 63
# What Go writes as an escape in JSON.
ESCAPED: Final = str.maketrans({each: f"\\u{ord(each):04x}" for each in "<>&\u2028\u2029"})


@rule(
    "of-devices",
    source="api/resource/v1beta1: DeviceClass.APILifecycleDeprecated",
    since="1.35",
    severity="warning",
)
def deprecated_device_api_version(root: FieldRef) -> Iterator[FieldError]:
    """In the group `resource.k8s.io`, `v1beta1` is deprecated since 1.35 and `v1beta2` since 1.36. Use `v1`."""
    version = root.get("apiVersion", "")
    if root.pod.minor >= DEPRECATED_SINCE.get(version, root.pod.minor + 1):
        detail = f"`{version}` is deprecated since 1.{DEPRECATED_SINCE[version]}: use `resource.k8s.io/v1`"
        has_requests = is_flat(root.value) and root.pod.kind.name in DEVICES
        yield root.warning("kind", f"{detail}{', which has `exactly` in requests' if has_requests else ''}")


def _selecting(holder: FieldRef, declared: bool = False) -> Iterator[FieldRef]:
    """Yield what has `selectors`: the spec of a DeviceClass, or everything that a claim wants."""
    if holder.pod.kind.name == "DeviceClass":
        yield holder
    else:
        yield from wanted(holder, declared)


def _configurations(holder: FieldRef) -> Iterator[FieldRef]:
    if not is_kept(holder):
        yield from items(holder, "config")


@rule("configured-devices", source=SELECTOR)
def too_many_device_settings(holder: FieldRef) -> Iterator[FieldError]:
    """A DeviceClass, and each request for devices, must have at most 32 `selectors`; a DeviceClass or a claim at most 32 `config`."""
    for each in _selecting(holder, declared=True):
        yield from too_many(each, "selectors")
    if not is_kept(holder):
        yield from too_many(holder, "config")


@rule("configured-devices", source=SELECTOR)
def missing_device_selector(holder: FieldRef) -> Iterator[FieldError]:
    """Each of the `selectors` of devices must have `cel`."""
    for each in _selectors(holder):
        if each.child("cel") is None:
            yield each.required("cel", "must be set, with an `expression`")


@rule("configured-devices", source=SELECTOR)
def empty_device_expression(holder: FieldRef) -> Iterator[FieldError]:
    """The `expression` of a selector must not be empty. It must be true for the requested devices."""
    for each in _expressions(holder):
        text = each.get("expression", "")
        if formats.is_blank(text) and not formats.too_long(text, MAX_EXPRESSION):
            yield each.invalid("expression", "must be an expression in CEL")


@rule("configured-devices", source=SELECTOR)
def too_long_device_expression(holder: FieldRef) -> Iterator[FieldError]:
    """The `expression` of a selector must have at most 10240 characters."""
    for each in _expressions(holder):
        for message in formats.too_long(each.get("expression", ""), MAX_EXPRESSION):
            yield each.error("TooLong", "expression", message)


def _selectors(holder: FieldRef) -> Iterator[FieldRef]:
    for each in _selecting(holder):
        yield from items(each, "selectors")


def _expressions(holder: FieldRef) -> Iterator[FieldRef]:
    """Yield each `cel`; none of a DeviceClass whose selectors an update leaves as they were."""
    if _same(holder, "selectors"):
        return
    for each in _selectors(holder):
        found = each.child("cel")
        if found is not None:
            yield found


def _same(holder: FieldRef, name: str) -> bool:
    """Return whether an update leaves a list of a DeviceClass as it was."""
    subject = holder.pod
    if subject.old is None or subject.kind.name != "DeviceClass" or subject.minor < SKIPPING:
        return False
    before = subject.old.root.value.map("spec").get(name)
    return (plain(before) or []) == (plain(holder.get(name)) or [])


@rule("configured-devices", source="pkg/apis/resource/validation: validateDeviceConfiguration")
def missing_opaque_configuration(holder: FieldRef) -> Iterator[FieldError]:
    """Each `config` of a DeviceClass or a claim must have `opaque`, with the driver and its parameters."""
    for each in _configurations(holder):
        if each.child("opaque") is None:
            yield each.required("opaque", "must be set, with `driver` and `parameters`")


def _opaque(holder: FieldRef) -> Iterator[FieldRef]:
    for each in _configurations(holder):
        found = each.child("opaque")
        if found is not None:
            yield found


@rule("configured-devices", source=OPAQUE)
def invalid_device_driver(holder: FieldRef) -> Iterator[FieldError]:
    """The `driver` of a configuration must be set: a DNS subdomain of at most 63 characters, in upper or lower case."""
    for each in _opaque(holder):
        driver = each.get("driver", "")
        if not driver:
            yield each.required("driver", "must be the name of a driver, such as `gpu.example.com`")
            if holder.pod.minor >= SKIPPING:
                continue
        for message in formats.too_long(driver, MAX_DRIVER):
            yield each.error("TooLong", "driver", message)
        yield from each.invalid_each("driver", formats.dns_subdomain(formats.lower_case(driver)))


@rule("configured-devices", source=PARAMETERS)
def invalid_device_parameters(holder: FieldRef) -> Iterator[FieldError]:
    """The `parameters` of a configuration must be set. They are an object in the form that the driver defines, usually with `apiVersion` and `kind`."""
    for each in _opaque(holder):
        if each.get("parameters") is None:
            yield each.required("parameters", "must be an object for the driver")
        elif each.value.child("parameters") is None and not _is_too_long(each):
            yield each.invalid("parameters", "must be an object")


@rule("configured-devices", source=PARAMETERS)
def too_long_device_parameters(holder: FieldRef) -> Iterator[FieldError]:
    """The `parameters` of a configuration must have at most 10240 bytes as JSON."""
    for each in _opaque(holder):
        if _is_too_long(each):
            detail = f"must have at most {MAX_PARAMETERS} bytes as JSON, got {_length(each.get('parameters'))}"
            yield each.error("TooLong", "parameters", detail)


def _is_too_long(opaque: FieldRef) -> bool:
    parameters = opaque.get("parameters")
    return parameters is not None and not _keeps_config(opaque.pod) and _length(parameters) > MAX_PARAMETERS


@asked_once
def _keeps_config(subject: Subject) -> bool:
    return _same(subject.root.part("spec"), "config")


def _length(parameters: Any) -> int:
    text = json.dumps(plain(parameters), ensure_ascii=False, separators=(",", ":"))
    return formats.byte_length(text.translate(ESCAPED))
