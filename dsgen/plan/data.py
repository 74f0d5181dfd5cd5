"""A plan as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from dsgen import harmless
from dsgen.kubernetes.scheduling.pod_requests import Amounts
from dsgen.plan.plan import PlacedAgent, Plan, Pool
from dsgen.plan.reserve import Reservations
from dsgen.plan.use import share_of
from dsgen.problem import Problem
from dsgen.report import row


def as_json(plan: Plan, problems: Iterable[Problem]) -> str:
    """Return a plan as one JSON object; quantities are strings, and a share is a fraction of 1."""
    shown = [placed.agent.shown for placed in plan.placed]
    nodes = [
        {
            "name": node.name,
            "pool": node.pool,
            "ready": node.ready,
            "requests": _amounts(use.requests),
            "limits": _amounts(use.limits),
            "shares": _shares(share_of(use.requests, node.allocatable)),
        }
        for node, use in zip(plan.nodes, plan.uses, strict=True)
    ]
    data = {
        "daemonsets": [_daemonset(placed) for placed in plan.placed],
        "pools": [_pool(pool, shown) for pool in plan.pools],
        "nodes": nodes,
        "instanceTypes": list(_instance_types(plan.reservations)),
        "eviction": [agent.shown for agent in plan.evicted],
        "problems": list(map(row, problems)),
    }
    return harmless.as_json(data, None)


def _daemonset(placed: PlacedAgent) -> dict[str, Any]:
    agent = placed.agent
    return {
        "name": agent.name,
        "namespace": agent.namespace,
        "nodes": [node.name for node in placed.nodes],
        "excluded": {node.name: decision.reason for node, decision in placed.excluded},
        "requests": _amounts(agent.requests),
        "limits": _amounts(agent.limits),
        "priorityClass": agent.priority_class,
        "priority": agent.priority,
        "rollout": {
            "strategy": placed.rollout.strategy,
            "surge": placed.rollout.surge,
            "atOnce": placed.rollout.at_once,
            "waves": placed.rollout.waves,
            "seconds": placed.rollout.seconds,
            "mostSeconds": placed.rollout.most_seconds,
            "unready": placed.rollout.unready,
        },
    }


def _pool(pool: Pool, shown: list[str]) -> dict[str, Any]:
    return {
        "name": pool.name,
        "nodes": len(pool.nodes),
        "daemonsets": [shown[number] for number in pool.use.agents],
        "requests": _amounts(pool.use.requests),
        "limits": _amounts(pool.use.limits),
        "allocatable": _amounts(pool.allocatable),
        "largestShares": _shares(pool.shares),
    }


def _instance_types(found: Reservations) -> Iterator[dict[str, Any]]:
    """Yield what agents need on a new node of each instance type, what autoscalers reserve, and why they differ."""
    for each in found.types:
        yield {
            "name": each.type.name,
            "pool": each.type.pool,
            "needed": _amounts(each.needed),
            "reserved": {name: _amounts(amounts) for name, amounts in each.reserved.items()},
            "differences": [
                {
                    "daemonset": difference.agent.shown,
                    "autoscalers": list(difference.autoscalers),
                    "tooLittle": bool(difference.less),
                    "reason": difference.reason,
                }
                for difference in found.differences
                if each.type in difference.types
            ],
        }


def _amounts(amounts: Amounts) -> dict[str, str]:
    return {name: str(amount) for name, amount in amounts.items()}


def _shares(shares: dict[str, float]) -> dict[str, float]:
    return {name: round(share, 4) for name, share in shares.items()}
