"""What agents take of a node together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from dsgen.kubernetes.scheduling.pod_requests import Amounts, total
from dsgen.kubernetes.schema.quantity import Quantity
from dsgen.plan.agent import Agent
from dsgen.record import Record

# Exponents are free, so a quantity may be larger than any number with a point.
MAX_SHARE: Final = 1e9


class Use(Record):
    """What agents take: requests, and limits for what each of them has one for."""

    agents: tuple[int, ...]
    requests: Amounts
    limits: Amounts


def use_of(agents: Sequence[Agent], chosen: tuple[int, ...]) -> Use:
    """Return what the agents with the numbers `chosen` take together."""
    each = [agents[number] for number in chosen]
    names = {name for agent in each for name in agent.limits}
    limited = {name for name in names if all(name in agent.limits for agent in each)}
    limits = total({name: amount for name, amount in agent.limits.items() if name in limited} for agent in each)
    return Use(chosen, total(agent.requests for agent in each), limits)


def share_of(requested: Amounts, allocatable: Mapping[str, Quantity]) -> dict[str, float]:
    """Return which share of what is allocatable is requested, by resource."""
    known = (name for name in requested if allocatable.get(name))
    return {name: _share(requested[name], allocatable[name]) for name in known}


def _share(part: Quantity, whole: Quantity) -> float:
    try:
        return min(part.number / whole.number * 10.0 ** (part.scale - whole.scale), MAX_SHARE)
    except OverflowError:
        return MAX_SHARE
