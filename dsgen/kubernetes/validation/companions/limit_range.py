"""LimitRanges: the least, the most and the defaults of resources in a namespace."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats, quantity
from dsgen.kubernetes.schema.quantity import Quantity
from dsgen.kubernetes.validation import resource_names as names
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, repeated, rule

SOURCE = "pkg/apis/core/validation: ValidateLimitRange"
TYPES: Final = ("Pod", "Container", "PersistentVolumeClaim")
LIMITS: Final = ("max", "min", "default", "defaultRequest", "maxLimitRequestRatio")
# apimachinery/pkg/api/resource: MaxMilliValue, the most that fits in 64 bits in thousandths.
MAX_MILLI_VALUE: Final = quantity.MAX_INT64 // 1000


@rule("LimitRange.spec.limits", source="pkg/apis/core/validation: validateLimitRangeTypeName")
def invalid_limit_range_type(limit: FieldRef) -> Iterator[FieldError]:
    """The `type` of a limit must be `Pod`, `Container` or `PersistentVolumeClaim`, or have a prefix, such as
    `example.com/volume`.
    """
    kind = limit.get("type", "")
    wrong = formats.qualified_name(kind)
    if not wrong and "/" not in kind and kind not in TYPES:
        wrong = [f"{str(kind)!r} is not one of {', '.join(TYPES)}, and has no prefix"]
    yield from limit.invalid_each("type", wrong)


@rule("LimitRange.spec", source=SOURCE, when="limits")
def duplicate_limit_range_type(spec: FieldRef) -> Iterator[FieldError]:
    """The types of the limits must be unique. Put the limits of one type together."""
    for limit, kind in repeated(spec.children("limits"), "type"):
        yield limit.duplicate("type", f"another limit also has the type {str(kind)!r}")


@rule("LimitRange.spec.limits", source="pkg/apis/core/validation: validateLimitRangeResourceName")
def invalid_limit_range_resource(limit: FieldRef) -> Iterator[FieldError]:
    """A limit for a `Pod` or `Container` must be of a resource that a container can have: `cpu`, `memory`,
    `ephemeral-storage`, `hugepages-SIZE`, or one with a prefix. Other limits can be of any resource that Kubernetes
    knows.
    """
    errors = names.container_errors if limit.get("type") in ("Pod", "Container") else names.errors
    for field in LIMITS:
        for name in _amounts(limit, field):
            yield from limit.invalid_each((field, name), errors(name), field=f"{field}[{name}]")


@rule("LimitRange.spec.limits", source=SOURCE)
def forbidden_pod_default(limit: FieldRef) -> Iterator[FieldError]:
    """A limit for a `Pod` must not have `default` or `defaultRequest`. Set them for a `Container`."""
    for field in ("default", "defaultRequest") if limit.get("type") == "Pod" else ():
        if limit.get(field):
            yield limit.forbidden(field, "is not allowed for a Pod: set it for a Container")


@rule("LimitRange.spec.limits", source=SOURCE)
def missing_claim_storage_limit(limit: FieldRef) -> Iterator[FieldError]:
    """A limit for a `PersistentVolumeClaim` must have `storage` in its `min` or `max`."""
    stated = {*_amounts(limit, "min"), *_amounts(limit, "max")}
    if limit.get("type") == "PersistentVolumeClaim" and "storage" not in stated:
        yield limit.required((), "must have `storage` in `min` or `max`", field="limits")


@rule("LimitRange.spec.limits", source=SOURCE)
def excessive_minimum(limit: FieldRef) -> Iterator[FieldError]:
    """The `min` of a resource must not exceed its `max`."""
    yield from _compared(limit, "min", "max", at="min")


@rule("LimitRange.spec.limits", source=SOURCE)
def out_of_range_default_request(limit: FieldRef) -> Iterator[FieldError]:
    """The `defaultRequest` of a resource must not be less than its `min`, and not exceed its `max` or `default`."""
    yield from _compared(limit, "min", "defaultRequest", at="defaultRequest")
    for upper in ("max", "default"):
        yield from _compared(limit, "defaultRequest", upper, at="defaultRequest")


@rule("LimitRange.spec.limits", source=SOURCE)
def out_of_range_default_limit(limit: FieldRef) -> Iterator[FieldError]:
    """The `default` of a resource must not be less than its `min`, and not exceed its `max`."""
    yield from _compared(limit, "min", "default", at="default")
    yield from _compared(limit, "default", "max", at="default")


@rule("LimitRange.spec.limits", source=SOURCE)
def mismatched_default_request(limit: FieldRef) -> Iterator[FieldError]:
    """The `default` and `defaultRequest` of huge pages or of a resource with a prefix, which cannot be overcommitted,
    must be equal.
    """
    default = _amounts(limit, "default")
    for name, request in _amounts(limit, "defaultRequest").items():
        if name in default and not names.may_overcommit(name) and request != default[name]:
            detail = f"must be equal to the `default` of {default[name]}, got {request}"
            yield limit.invalid(("defaultRequest", name), detail, field=f"defaultRequest[{name}]")


@rule("LimitRange.spec.limits", source=SOURCE, when="maxLimitRequestRatio")
def out_of_range_limit_request_ratio(limit: FieldRef) -> Iterator[FieldError]:
    """The `maxLimitRequestRatio` of a resource must be 1 or more, and not exceed its `max` divided by its `min`."""
    least, most = _amounts(limit, "min"), _amounts(limit, "max")
    for name, ratio in _amounts(limit, "maxLimitRequestRatio").items():
        path, printed = ("maxLimitRequestRatio", name), f"maxLimitRequestRatio[{name}]"
        if ratio < Quantity(1):
            yield limit.invalid(path, f"must be 1 or more, got {ratio}", field=printed)
        if name in least and name in most and _exceeds(ratio, least[name], most[name]):
            detail = f"must not exceed `max` divided by `min` ({most[name]} / {least[name]}), got {ratio}"
            yield limit.invalid(path, detail, field=printed)


def _amounts(limit: FieldRef, field: str) -> dict[str, Quantity]:
    """Return the amounts of a field by resource; of a `Pod`, defaults do not count."""
    if limit.get("type") == "Pod" and field in ("default", "defaultRequest"):
        return {}
    return {name: quantity.parse(value) for name, value in limit.get(field, {}).items()}


def _compared(limit: FieldRef, lower: str, upper: str, *, at: str) -> Iterator[FieldError]:
    """Yield an error at one of two fields for each resource of which the first exceeds the second."""
    most = _amounts(limit, upper)
    for name, amount in _amounts(limit, lower).items():
        if name in most and amount > most[name]:
            detail = f"the `{lower}` of {amount} exceeds the `{upper}` of {most[name]}"
            yield limit.invalid((at, name), detail, field=f"{at}[{name}]")


def _exceeds(ratio: Quantity, least: Quantity, most: Quantity) -> bool:
    """Return whether a ratio is greater than that of two amounts, in the server's arithmetic."""
    numbers = [each.whole for each in (ratio, least, most)]
    factor = 1
    if all(number < MAX_MILLI_VALUE for number in numbers):
        numbers = [each.thousandths for each in (ratio, least, most)]
        factor = 1000
    wanted, lower, upper = numbers
    if not lower:
        # Divided by zero, a number becomes infinite, with its own sign; zero is not comparable.
        return upper < 0
    return float(wanted) / factor > float(upper) / float(lower)
