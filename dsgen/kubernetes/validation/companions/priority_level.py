"""PriorityLevelConfigurations: how many requests of a priority level the API server serves at once, and which wait."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Final

from dsgen.kubernetes.semantics.equality import semantic_equal
from dsgen.kubernetes.validation.companions.flow_schema import CATCH_ALL, EXEMPT, name_of
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.tree import Map

LEVEL = "pkg/apis/flowcontrol/validation: ValidatePriorityLevelConfiguration"
SOURCE = "pkg/apis/flowcontrol/validation: ValidatePriorityLevelConfigurationSpec"
MANDATORY = "pkg/apis/flowcontrol/validation: ValidateIfMandatoryPriorityLevelConfigurationObject"
LIMITED = "pkg/apis/flowcontrol/validation: ValidateLimitedPriorityLevelConfiguration"
RESPONSE = "pkg/apis/flowcontrol/validation: ValidateLimitResponse"
QUEUING = "pkg/apis/flowcontrol/validation: ValidatePriorityLevelQueuingConfiguration"
TYPES: Final = ("Exempt", "Limited")
RESPONSES: Final = ("Queue", "Reject")
MOST_QUEUES: Final = 10_000_000
# apiserver/pkg/util/shufflesharding: MaxHashBits
HASH_BITS: Final = 60
# The minor versions since which an empty type has an error of its own, and since which members of unions are checked whatever is beside them.
REQUIRES_TYPE: Final = 36
UNIONS: Final = 37
PRESERVED_ZERO: Final = "flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares"
_LIMITED: Final[dict[str, Any]] = {
    "nominalConcurrencyShares": 5,
    "lendablePercent": 0,
    "limitResponse": Map({"type": "Reject"}),
}
_CATCH_ALL: Final[dict[str, Any]] = {"type": "Limited", "limited": Map(_LIMITED)}
# apiserver/pkg/apis/flowcontrol/bootstrap: MandatoryPriorityLevelConfigurations. Of `exempt`, shares can be changed.
FIXED: Final = {EXEMPT: Map({"type": "Exempt"}), CATCH_ALL: Map(_CATCH_ALL)}


def _checks_all(level: FieldRef, node: FieldRef, *names: str) -> bool:
    """Return whether the server checks some fields of a part whatever the type of the level: since 1.37, unless an update leaves them as they
    are.
    """
    if level.pod.minor < UNIONS:
        return False
    if level.pod.old is None:
        return True
    before = level.pod.old.root
    for step in node.path:
        before = before.part(str(step))
    return not all(semantic_equal(node.get(name), before.get(name), name) for name in names)


@rule("PriorityLevelConfiguration", source=SOURCE)
def invalid_priority_level_type(level: FieldRef) -> Iterator[FieldError]:
    """The `type` of a PriorityLevelConfiguration must be `Limited`, and that of the one called `exempt` must be `Exempt`."""
    spec = level.part("spec")
    type = spec.get("type", "")
    yield from _unknown(level, spec, TYPES)
    if (name_of(level) == EXEMPT) != (type == "Exempt"):
        detail = f"must be `Exempt` for the PriorityLevelConfiguration `{EXEMPT}`, and `Limited` for others"
        yield spec.invalid("type", detail)


def _unknown(level: FieldRef, node: FieldRef, words: tuple[str, ...]) -> Iterator[FieldError]:
    """Yield an error if a `type` is not one of some words. Since 1.36, an empty one has an error of its own."""
    type = node.get("type", "")
    if not type and level.pod.minor >= REQUIRES_TYPE:
        yield node.required("type", f"must be {' or '.join(f'`{word}`' for word in words)}")
    elif type not in words:
        yield node.not_supported("type", type, words)


@rule("PriorityLevelConfiguration", source=SOURCE)
def conflicting_priority_level_types(level: FieldRef) -> Iterator[FieldError]:
    """A PriorityLevelConfiguration of the `type` `Limited` must have `limited` and not `exempt`, and one of the `type` `Exempt` must not have
    `limited`.
    """
    spec = level.part("spec")
    type = spec.get("type", "")
    for name, own in (("limited", "Limited"), ("exempt", "Exempt")):
        is_set = spec.get(name) is not None
        if is_set and type != own and (type in TYPES or _checks_all(level, spec, "type", name)):
            yield spec.forbidden(name, f"is only allowed if `type` is `{own}`")
        if not is_set and type == own == "Limited":
            yield spec.required(name, f"must be set if `type` is `{own}`")


@rule("PriorityLevelConfiguration", source=MANDATORY)
def changed_mandatory_priority_level(level: FieldRef) -> Iterator[FieldError]:
    """The spec of the PriorityLevelConfigurations `exempt` and `catch-all` is fixed, except for `exempt` in the first. The API server creates
    them itself.
    """
    name = name_of(level)
    spec = level.value.map("spec")
    if name == EXEMPT:
        spec = spec.without("exempt")
    if name in FIXED and not semantic_equal(spec, FIXED[name], "spec"):
        yield level.invalid(
            "spec", f"must be the one that the API server gives to the PriorityLevelConfiguration `{name}`"
        )


@rule("PriorityLevelConfiguration", source=LEVEL, when="metadata")
def forbidden_preserve_zero_annotation(level: FieldRef) -> Iterator[FieldError]:
    """The annotation `flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares` is only for objects of the removed version `v1beta3`."""
    if PRESERVED_ZERO in level.value.map("metadata", "annotations"):
        yield level.forbidden(("metadata", "annotations"), f"must not contain `{PRESERVED_ZERO}`: remove it")


def _limits(level: FieldRef) -> Iterator[FieldRef]:
    """Yield the limits of a priority level that its type allows."""
    spec = level.part("spec")
    limits = spec.child({"Exempt": "exempt", "Limited": "limited"}.get(spec.get("type", ""), ""))
    if limits is not None:
        yield limits


@rule("PriorityLevelConfiguration", source=LIMITED)
def out_of_range_concurrency_limit(level: FieldRef) -> Iterator[FieldError]:
    """The `nominalConcurrencyShares` and `borrowingLimitPercent` of a priority level must be 0 or more, and `lendablePercent` between 0 and 100."""
    for limits in _limits(level):
        for name in ("nominalConcurrencyShares", "borrowingLimitPercent"):
            if limits.get(name, 0) < 0:
                yield limits.invalid(name, f"must be 0 or more, got {int(limits.get(name))}")
        percent = limits.get("lendablePercent", 0)
        if not 0 <= percent <= 100:
            yield limits.invalid("lendablePercent", f"must be between 0 and 100, got {int(percent)}")


@rule("PriorityLevelConfiguration", source=RESPONSE)
def invalid_limit_response(level: FieldRef) -> Iterator[FieldError]:
    """The `type` of a `limitResponse` must be `Reject` or `Queue`. With `Queue` it must have `queuing`, and with `Reject` it must not."""
    limited = level.part("spec").child("limited")
    if limited is None:
        return
    response, is_limited = limited.part("limitResponse"), level.part("spec").get("type") == "Limited"
    type, queuing = response.get("type", ""), response.get("queuing")
    if is_limited or (not type and _checks_all(level, response, "type")):
        yield from _unknown(level, response, RESPONSES)
    checks_all = _checks_all(level, response, "type", "queuing")
    if type == "Queue" and queuing is None and (is_limited or checks_all):
        yield response.required("queuing", "must be set if `type` is `Queue`; `{}` means the defaults")
    if type != "Queue" and queuing is not None and ((is_limited and type == "Reject") or checks_all):
        yield response.forbidden("queuing", "is only allowed if `type` is `Queue`")


def _queuing(level: FieldRef) -> FieldRef | None:
    """Return how requests wait, if they do."""
    spec = level.part("spec")
    response = spec.child("limited", "limitResponse") if spec.get("type") == "Limited" else None
    return response.child("queuing") if response and response.get("type") == "Queue" else None


@rule("PriorityLevelConfiguration", source=QUEUING)
def out_of_range_queues(level: FieldRef) -> Iterator[FieldError]:
    """The `queues` of a priority level must be between 1 and 10,000,000, and `queueLengthLimit` must be 1 or more. 0 means the default."""
    queuing = _queuing(level)
    if queuing is None:
        return
    if queuing.get("queueLengthLimit", 1) < 1:
        yield queuing.invalid("queueLengthLimit", f"must be 1 or more, got {int(queuing.get('queueLengthLimit'))}")
    queues = queuing.get("queues", 1)
    if not 1 <= queues <= MOST_QUEUES:
        yield queuing.invalid("queues", f"must be between 1 and {MOST_QUEUES}, got {int(queues)}")


@rule("PriorityLevelConfiguration", source=QUEUING)
def out_of_range_hand_size(level: FieldRef) -> Iterator[FieldError]:
    """The `handSize` of a priority level must be between 1 and `queues`, and its product with the binary logarithm of `queues` at most 60."""
    queuing = _queuing(level)
    if queuing is None:
        return
    queues, hand = queuing.get("queues", 1), queuing.get("handSize", 1)
    if hand < 1 or hand > queues:
        yield queuing.invalid("handSize", f"must be between 1 and `queues`, got {int(hand)}")
    elif (bits := math.ceil(math.log2(queues) * hand)) > HASH_BITS:
        detail = f"must be smaller: {int(hand)} of {int(queues)} queues need {bits} bits, and there are {HASH_BITS}"
        yield queuing.invalid("handSize", detail)
