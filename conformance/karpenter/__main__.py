"""Compares what dsgen says that Karpenter reserves for DaemonSets with Karpenter's own calculation.

    python -m conformance.karpenter [--count 300] [--seed 0] [--record]

Each agent is asked about alone, on the 20 instance types of random pools, in the order of the pools and in five others; and then all
agents together on the pools of each. Where dsgen says that the order does not matter, it must not.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from random import Random
from typing import Final

from conformance.case import Json
from conformance.karpenter import ask
from conformance.karpenter.agents import daemonset, pools
from conformance.pods import load, save
from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.scheduling.instance_types import KARPENTER
from dsgen.kubernetes.scheduling.pools import read_pools
from dsgen.kubernetes.schema.decode import decode
from dsgen.kubernetes.schema.quantity import Quantity, parse
from dsgen.plan.agent import agents
from dsgen.plan.reserve import reservations
from dsgen.tree import Map

FILE: Final = "karpenter.jsonl.xz"
ORDERS: Final = 5
Amounts = list[dict[str, Quantity]]


def ours(world: Json, daemonsets: Sequence[Json]) -> tuple[Amounts, list[set[int]]]:
    """Return what `dsgen plan` says is reserved for each instance type, and for each DaemonSet where that depends on the order."""
    pools = {
        pool["name"]: {
            "autoscaler": KARPENTER,
            "labels": pool["labels"],
            "taints": pool["taints"],
            "instanceTypes": {each["name"]: {"labels": each["labels"]} for each in pool["types"]},
        }
        for pool in world
    }
    nodes, problems = read_pools(json.dumps({"pools": pools}).encode(), "pools.yaml")
    assert not problems, problems
    manifests = (json.dumps({"apiVersion": "apps/v1", "kind": "DaemonSet", **each}) for each in daemonsets)
    roots = [decode(read_first(manifest).root).root for manifest in manifests]
    known = agents(root for root in roots if isinstance(root, Map))
    found = reservations(known, nodes)
    at = {(each.type.pool, each.type.name): index for index, each in enumerate(found.types)}
    risks = {risk.agent.name: {at[type.pool, type.name] for type in risk.types} for risk in found.risks}
    amounts = [_stated(each.reserved[KARPENTER]) for each in found.types]
    return amounts, [risks.get(agent.name, set()) for agent in known]


def _stated(amounts: dict[str, Quantity]) -> dict[str, Quantity]:
    return {name: amount for name, amount in amounts.items() if amount}


def theirs(answer: list[dict[str, str]]) -> Amounts:
    """Return an answer of Karpenter's code in the same form."""
    return [_stated({name: parse(amount) for name, amount in each.items()}) for each in answer]


def differences(cases: Sequence[tuple[Json, list[Json], list[dict[str, str]]]]) -> list[str]:
    """Return where dsgen says something else than Karpenter, one text a case."""
    wrong = []
    for world, daemonsets, answer in cases:
        mine, its = ours(world, daemonsets)[0], theirs(answer)
        for index, (one, other) in enumerate(zip(mine, its, strict=True)):
            if one != other:
                pods = [each["spec"]["template"]["spec"] for each in daemonsets]
                wrong.append(
                    f"{json.dumps(pods)[:3000]}\n  type {index} of {json.dumps(world)[:6000]}\n  dsgen: {one}\n  Karpenter: {other}"
                )
                break
    return wrong


def recorded() -> list[tuple[Json, list[Json], list[dict[str, str]]]]:
    """Return the cases under tests/, with Karpenter's answers."""
    return [tuple(each) for each in load(FILE)]


def _orders(rng: Random, world: Json) -> list[Json]:
    found = []
    for _ in range(ORDERS):
        shuffled = [{**pool, "types": rng.sample(pool["types"], len(pool["types"]))} for pool in world]
        found.append(rng.sample(shuffled, len(shuffled)))
    return found


def unsteady(
    world: Json, daemonset: Json, orders: list[Json], answers: list[list[dict[str, str]]]
) -> tuple[set[int], set[int]]:
    """Return the types for which Karpenter's answer depends on the order, and those for which dsgen says that it can."""
    names = [(pool["name"], each["name"]) for pool in world for each in pool["types"]]
    known: dict[tuple[str, str], set[bool]] = {name: set() for name in names}
    for order, answer in zip(orders, answers, strict=True):
        at = [(pool["name"], each["name"]) for pool in order for each in pool["types"]]
        for name, amounts in zip(at, answer, strict=True):
            known[name].add(bool(amounts))
    return {index for index, name in enumerate(names) if len(known[name]) > 1}, ours(world, [daemonset])[1][0]


def main() -> int:
    """Return 1 when there is any difference."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--record", action="store_true")
    options = parser.parse_args()
    rng = Random(options.seed)
    drawn = [(daemonset(rng, number), pools(rng)) for number in range(options.count)]
    orders = [[world, *_orders(rng, world)] for _, world in drawn]
    every = [agent for agent, _ in drawn]
    asked = [(world, [agent]) for (agent, _), each in zip(drawn, orders, strict=True) for world in each]
    together = [(world, every) for _, world in drawn[:: max(1, len(drawn) // 20)]]
    answers = list(ask({"pools": world, "daemonsets": daemonsets} for world, daemonsets in [*asked, *together]))
    cases = [
        (world, daemonsets, answer) for (world, daemonsets), answer in zip([*asked, *together], answers, strict=True)
    ]
    wrong = differences(cases)
    found = claimed = 0
    for number, (agent, world) in enumerate(drawn):
        start = number * (ORDERS + 1)
        seen, said = unsteady(world, agent, orders[number], answers[start : start + ORDERS + 1])
        found, claimed = found + len(seen), claimed + len(said)
        if seen - said:
            wrong.append(
                f"the order matters for {sorted(seen - said)}: {json.dumps(agent['spec']['template']['spec'])[:3000]}\n  {json.dumps(world)[:6000]}"
            )
    pairs = sum(len(answer) for _, _, answer in cases)
    counted = sum(map(bool, (amounts for _, _, answer in cases for amounts in answer)))
    print("\n".join(wrong[:5]))
    print(f"{len(drawn)} agents, {pairs} answers of Karpenter, {counted} with something reserved; "
          f"{found} of {claimed} types where dsgen says that the order can matter differ; {len(wrong)} differences")  # fmt: skip
    if options.record:
        save(cases[: len(asked) : ORDERS + 2], FILE)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
