"""What agents request from a node together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from dsgen.kubernetes.scheduling.pod_requests import Amounts, total
from dsgen.kubernetes.schema.quantity import Quantity
from dsgen.plan.agent import Agent
from dsgen.record import Record

# Exponents are unlimited, so a quantity may exceed the range of float.
MAX_SHARE: Final = 1e9


class Use(Record):
    """Total requests, and total limits for resources that every agent limits."""

    agents: tuple[int, ...]
    requests: Amounts
    limits: Amounts


def use_of(agents: Sequence[Agent], chosen: tuple[int, ...]) -> Use:
    """Return the totals of the agents with the indexes `chosen`."""
    each = [agents[number] for number in chosen]
    names = {name for agent in each for name in agent.limits}
    limited = {name for name in names if all(name in agent.limits for agent in each)}
    limits = total({name: amount for name, amount in agent.limits.items() if name in limited} for agent in each)
    return Use(chosen, total(agent.requests for agent in each), limits)


def share_of(requested: Amounts, allocatable: Mapping[str, Quantity]) -> dict[str, float]:
    """Return the requested share of what is allocatable, by resource."""
    known = (name for name in requested if allocatable.get(name))
    return {name: _share(requested[name], allocatable[name]) for name in known}


def _share(part: Quantity, whole: Quantity) -> float:
    try:
        return min(part.number / whole.number * 10.0 ** (part.scale - whole.scale), MAX_SHARE)
    except OverflowError:
        return MAX_SHARE
