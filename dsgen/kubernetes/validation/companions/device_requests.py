"""Requests for devices in a ResourceClaim or a ResourceClaimTemplate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.semantics.device_requests import is_flat
from dsgen.kubernetes.validation.companions.device_view import (
    MAX_FIRST_AVAILABLE,
    MAX_ITEMS,
    SKIPPING,
    alternatives,
    exact,
    has_both,
    is_kept,
    is_validated,
    requests,
    wanted,
)
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, repeated, rule

CLAIM = "pkg/apis/resource/validation: validateDeviceClaim"
REQUEST = "pkg/apis/resource/validation: validateDeviceRequest"
WANTED = "pkg/apis/resource/validation: validateExactDeviceRequest"
MODE = "pkg/apis/resource/validation: validateDeviceAllocationMode"
TOLERATION = "pkg/apis/resource/validation: validateDeviceToleration"
MODES: Final = ("All", "ExactCount")
OPERATORS: Final = ("Equal", "Exists")
# The last is new in 1.35.
EFFECTS: Final = ("NoExecute", "NoSchedule", "None")


@rule("device-claim", source=CLAIM)
def too_many_device_requests(claim: FieldRef) -> Iterator[FieldError]:
    """A claim must have at most 32 `requests`, `constraints` and `config` each, and a request at most 8 in `firstAvailable`."""
    if is_kept(claim):
        return
    for name in ("requests", "constraints"):
        yield from too_many(claim, name)
    for request in requests(claim):
        if is_validated(request, declared=True):
            yield from too_many(request, "firstAvailable", MAX_FIRST_AVAILABLE)


def too_many(node: FieldRef, name: str, limit: int = MAX_ITEMS) -> Iterator[FieldError]:
    """Yield an error if a list has more items than it may have."""
    count = len(node.get(name, ()))
    if count > limit:
        yield node.error("TooMany", name, f"must have at most {limit} items, got {count}")


@rule("device-claim", source=REQUEST)
def invalid_device_request_name(claim: FieldRef) -> Iterator[FieldError]:
    """The name of a request for devices, and of each in its `firstAvailable`, must be a DNS label."""
    for request in requests(claim):
        for each in (request, *alternatives(request)):
            yield from each.invalid_each("name", formats.dns_label(each.get("name", "")))


@rule("device-claim", source=CLAIM)
def duplicate_device_request(claim: FieldRef) -> Iterator[FieldError]:
    """The names of the requests of a claim must be unique, and so must the names in the `firstAvailable` of a request."""
    lists = [requests(claim), *(alternatives(request, declared=True) for request in requests(claim))]
    for each, name in (pair for items in lists for pair in repeated(items, "name")):
        below = "name" if claim.pod.minor < SKIPPING else ""
        yield each.duplicate(below, f"another request has the name {str(name)!r}")


@rule("device-claim", source=REQUEST)
def missing_device_request_form(claim: FieldRef) -> Iterator[FieldError]:
    """A request for devices must have `exactly` or `firstAvailable`. In `v1beta1`, the fields of `exactly` are those of the
    request itself.
    """
    for request in requests(claim):
        if request.child("exactly") is None and not request.get("firstAvailable"):
            first = "deviceClassName" if is_flat(claim.pod.root.value) else "exactly"
            yield request.required("", f"must have `{first}` or `firstAvailable`")


@rule("device-claim", source=REQUEST)
def conflicting_device_request_forms(claim: FieldRef) -> Iterator[FieldError]:
    """A request for devices must not have both `exactly` and `firstAvailable`."""
    for request in requests(claim):
        if has_both(request):
            first = "fields such as `deviceClassName`" if is_flat(claim.pod.root.value) else "`exactly`"
            yield request.invalid("", f"must not have both {first} and `firstAvailable`")


@rule("device-claim", source=WANTED)
def missing_device_class_name(claim: FieldRef) -> Iterator[FieldError]:
    """A request for devices must have a `deviceClassName`, the name of a DeviceClass."""
    for each in _with_class(claim):
        if not each.get("deviceClassName"):
            yield each.required("deviceClassName", "must be the name of a DeviceClass")


@rule("device-claim", source=WANTED)
def invalid_device_class_name(claim: FieldRef) -> Iterator[FieldError]:
    """The `deviceClassName` of a request must be a DNS subdomain."""
    for each in _with_class(claim):
        name = each.get("deviceClassName")
        yield from each.invalid_each("deviceClassName", formats.dns_subdomain(name) if name else ())


def _with_class(claim: FieldRef) -> Iterator[FieldRef]:
    for request in requests(claim):
        yield from exact(request)
        yield from alternatives(request, declared=True)


@rule("device-claim", source=MODE)
def invalid_allocation_mode(claim: FieldRef) -> Iterator[FieldError]:
    """The `allocationMode` of a request must be `ExactCount` (the default) or `All`."""
    for declared in (True, False):
        for each in wanted(claim, declared):
            mode = each.get("allocationMode", "")
            if mode not in MODES and declared == bool(mode):
                yield each.not_supported("allocationMode", mode, MODES)


@rule("device-claim", source=MODE)
def out_of_range_device_count(claim: FieldRef) -> Iterator[FieldError]:
    """The `count` of devices must be 1 or more. With `allocationMode: All`, it must not be set."""
    for each in wanted(claim):
        mode, count = each.get("allocationMode"), each.get("count", 0)
        if mode == "All" and count:
            yield each.invalid("count", "must not be set with `allocationMode: All`")
        if mode == "ExactCount" and count <= 0:
            yield each.invalid("count", f"must be 1 or more, got {int(count)}")


def _tolerations(claim: FieldRef, declared: bool = True) -> Iterator[FieldRef]:
    for each in wanted(claim, declared):
        yield from each.children("tolerations")


@rule("device-claim", source=TOLERATION)
def invalid_device_toleration_key(claim: FieldRef) -> Iterator[FieldError]:
    """The `key` of a device toleration must be a qualified name, such as `example.com/unhealthy`. Without a key, it matches all taints."""
    for each in _tolerations(claim):
        key = each.get("key")
        yield from each.invalid_each("key", formats.qualified_name(key) if key else ())


@rule("device-claim", source=TOLERATION)
def invalid_device_toleration_operator(claim: FieldRef) -> Iterator[FieldError]:
    """The `operator` of a device toleration must be `Equal` (the default) or `Exists`."""
    for each in _tolerations(claim):
        if each.get("operator", "") not in OPERATORS:
            yield each.not_supported("operator", each.get("operator", ""), OPERATORS)


@rule("device-claim", source=TOLERATION)
def invalid_device_toleration_value(claim: FieldRef) -> Iterator[FieldError]:
    """The `value` of a device toleration must be a label value. With the operator `Exists`, it must be empty."""
    for each in _tolerations(claim, declared=False):
        value = each.get("value", "")
        if each.get("operator") == "Exists" and value:
            yield each.invalid("value", "must be empty with the operator `Exists`")
        elif each.get("operator") == "Equal":
            yield from each.invalid_each("value", formats.label_value(value))


@rule("device-claim", source=TOLERATION)
def invalid_device_toleration_effect(claim: FieldRef) -> Iterator[FieldError]:
    """The `effect` of a device toleration must be `NoSchedule` or `NoExecute`, or since 1.35 `None`. Without an effect, it matches all effects."""
    allowed = EFFECTS if claim.pod.minor >= SKIPPING else EFFECTS[:2]
    for each in _tolerations(claim):
        if each.get("effect") and each.get("effect") not in allowed:
            yield each.not_supported("effect", each.get("effect"), allowed)
