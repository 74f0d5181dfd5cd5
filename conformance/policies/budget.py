"""Compares policies that cost about as much as the API server allows with its own admission plugin, and prints where they differ.

    python -m conformance.policies.budget --count 48 --seed 5

One that may cost too much is not evaluated: the share evaluated is printed, and how many of the others do cost too much.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from random import Random

from conformance.compare import share
from conformance.policies import ask
from conformance.policies.__main__ import compared
from conformance.policies.outcome import is_same
from conformance.policies.setups import Setup, setup
from dsgen.kubernetes.cel.cost import MOST_OF_OBJECT
from dsgen.kubernetes.policies.budget import MOST_OF_CONDITIONS

AGENT = """apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: default}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec: {containers: [{name: agent, image: agent}]}
"""
# What the server says where the budget is spent.
_SPENT = "cost budget"


def setups(count: int, seed: int) -> Iterator[Setup]:
    """Yield policies in which the dear expressions are rules, variables, conditions, or part of messages and annotations."""
    rng = Random(seed)
    for number in range(count):
        text, part = rng.choice([(8000, 8000), (9000, 9000), (9900, 9900), (7000, 9000)])
        dear = f"object != null && !'{'a' * text}'.contains('{'b' * part}')"
        cost, more = text * part // 100, rng.choice([-2, -1, 0, 1, 2])
        every = [dear] * max(1, MOST_OF_OBJECT // cost + more)
        named = [{"name": f"v{at}", "expression": each} for at, each in enumerate(every)]
        message = f"!'{'a' * 4900}'.contains(object.metadata.name) ? 'y' : 'n'"
        annotation = {"key": "k", "valueExpression": "variables.v0 ? 'a' : 'b'"}
        name = f"budget-{number}"
        yield [
            setup(name, *every),
            setup(name, *(f"variables.{each['name']}" for each in named), variables=named),
            setup(name, *[{"expression": "object == null", "messageExpression": message}] * 3, *every),
            setup(name, "object != null", matchConditions=named[: MOST_OF_CONDITIONS // cost + more]),
            setup(name, *["variables.v0 && variables.v0"] * 3, *every[1:], variables=named[:1]),
            setup(name, *every, variables=named[:1], auditAnnotations=[annotation]),
        ][number % 6]


def main() -> int:
    """Compare and print; return 1 if anything differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=48)
    chosen = parser.parse_args()
    every = list(setups(chosen.count, chosen.seed))
    found = [
        each
        for setup, answer in zip(every, ask((each.text, [AGENT]) for each in every), strict=True)
        for each in compared(setup, [AGENT], answer)
    ]
    evaluated = [each for each in found if each.ours.is_evaluated]
    same = [each for each in evaluated if is_same(each.server, each.ours)]
    spent = sum(_SPENT in each.server.refused for each in found if not each.ours.is_evaluated)
    print(
        f"{len(found)} policies: evaluated {share(len(evaluated), len(found))}, the same {share(len(same), len(evaluated))}; "
        f"{spent} of the others cost too much"
    )
    return int(len(same) < len(evaluated))


if __name__ == "__main__":
    sys.exit(main())
