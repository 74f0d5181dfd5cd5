"""Compares strict decoding of random objects of every kind with Kubernetes' own: which stage refuses an object, if any does.

python -m conformance.decode --seed 7 --count 50          objects of each kind
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any, Final

from conformance import kubernetes_module
from conformance.apply.__main__ import Maker
from conformance.kubernetes_module import NEWEST
from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.schema import fields
from dsgen.kubernetes.schema.decode import decode

# Values that mostly do not fit, and names that no object has.
ODD: Final[tuple[Any, ...]] = ("x", 5, True, [], {}, "5", 1.5, -1, [1], {"a": 1}, 10**12)
NAMES: Final = ("nosuch", "Name", "SPEC")
DEPTH: Final = 7
# Kinds that are not in Kubernetes' own list of kinds.
UNREGISTERED: Final = frozenset({"internal.apiserver.k8s.io/v1alpha1 StorageVersion"})


class OddMaker(Maker):
    """Makes random objects of any kind with any fields; some values do not fit, and some fields do not exist."""

    def _object(self, type: str, depth: int) -> dict[str, Any]:
        known = {field: notation for field, notation in self.table.types[type].items() if field != "managedFields"}
        share = min(0.6, 4 / max(1, len(known))) if depth < DEPTH else 0
        made = {
            field: self._value(notation, depth + 1) for field, notation in known.items() if self.chance.random() < share
        }
        return {**made, self.chance.choice(NAMES): "x"} if self.chance.random() < 0.01 else made

    def _value(self, notation: str, depth: int) -> Any:
        return self.chance.choice(ODD) if self.chance.random() < 0.005 else super()._value(notation, depth)


def stage_of(text: str, minor: str) -> str:
    """Return the stage at which dsgen refuses an object: `decode`, `strict`, or an empty string."""
    stages = {fault.stage for fault in decode(read_first(text).root, minor).faults}
    return next((stage for stage in ("decode", "strict") if stage in stages), "")


def main() -> int:
    """Compare and print; return 1 when something differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=20)
    chosen = parser.parse_args()
    maker = OddMaker(fields.every_kind(NEWEST), Random(chosen.seed))
    kinds = [kind for kind in maker.table.kinds if kind not in {*fields.CUSTOM_RESOURCES, *UNREGISTERED}]
    asked = [(kind, json.dumps(maker.make(kind))) for _ in range(chosen.count) for kind in kinds]
    program = kubernetes_module.build(Path(__file__).parent, "decode", NEWEST)
    answers = kubernetes_module.ask([program], [text for _, text in asked])
    refused, differing = Counter[str](), 0
    for (kind, text), said in zip(asked, answers, strict=True):
        ours = stage_of(text, NEWEST)
        refused[said["stage"]] += 1
        if ours != said["stage"]:
            differing += 1
            print(f"{kind}: {text[:300]}\n  server: {said['stage']} {said['detail'][:200]}\n  dsgen:  {ours}")
    print(f"{len(asked)} objects of {len(kinds)} kinds, {len(asked) - refused['']} refused, {differing} differ")
    return int(differing > 0)


if __name__ == "__main__":
    sys.exit(main())
