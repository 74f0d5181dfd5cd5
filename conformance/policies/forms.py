"""Compares objects as expressions see them with the API server's own, and prints where they differ.

python -m conformance.policies.forms                 100 cases of each kind
python -m conformance.policies.forms DaemonSet --count 1000
"""

from __future__ import annotations

import argparse
import sys
from itertools import islice
from typing import Any

from conformance.compare import share
from conformance.dsgen_outcome import JUDGED
from conformance.kubernetes_module import NEWEST
from conformance.policies import ask
from conformance.policies.objects import valid
from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.policies.seen import seen
from dsgen.kubernetes.validation.kinds import is_namespaced
from dsgen.tree import Path


def without(value: Any, path: Path) -> Any:
    """Return a value without what is at a path."""
    step, *rest = path
    if isinstance(value, list) and step == "*":
        return [without(each, tuple(rest)) for each in value]
    if not isinstance(value, dict) or step not in value:
        return value
    others = {key: child for key, child in value.items() if key != step}
    return others | {step: without(value[str(step)], tuple(rest))} if rest else others


def differences(one: Any, other: Any, path: str = "") -> list[str]:
    """Return where two values differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        return [
            each
            for key in sorted({*one, *other})
            for each in (
                differences(one[key], other[key], f"{path}.{key}")
                if key in one and key in other
                else [f"{path}.{key}: server {one.get(key, 'nothing')!r}, dsgen {other.get(key, 'nothing')!r}"]
            )
        ]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [each for at in range(len(one)) for each in differences(one[at], other[at], f"{path}[{at}]")]
    return [] if one == other and type(one) is type(other) else [f"{path}: server {one!r}, dsgen {other!r}"]


def compared(kind: str, count: int, seed: int) -> tuple[int, int, dict[str, int]]:
    """Return of how many valid objects both have a form, in how many these are the same, and where others differ."""
    texts = [text for text, _ in islice(valid(kind, count * 3, seed), count)]
    [answers] = ask([("", texts)])
    same, known, places = 0, 0, dict[str, int]()
    for text, answer in zip(texts, answers, strict=True):
        root = read_first(text).root
        namespace = (str(root.map("metadata").get("namespace") or "") or "default") if is_namespaced(kind) else ""
        ours = None if answer.invalid else seen(root, NEWEST, namespace=namespace)
        if ours is None:
            continue
        known += 1
        theirs, own = answer.object, ours.value
        for path in ours.unknown:
            theirs, own = without(theirs, path), without(own, path)
        found = differences(theirs, own)
        same += not found
        for each in found:
            places[each] = places.get(each, 0) + 1
    return known, same, places


def main() -> int:
    """Compare and print; return 1 if anything differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kinds", nargs="*", default=list(JUDGED))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=100)
    chosen = parser.parse_args()
    differing = 0
    for kind in chosen.kinds:
        known, same, places = compared(kind, chosen.count, chosen.seed)
        print(f"{kind}: the same form for {share(same, known)}")
        for each, often in sorted(places.items(), key=lambda item: -item[1])[:12]:
            print(f"  {often} × {each[:200]}")
        differing += known - same
    return int(differing > 0)


if __name__ == "__main__":
    sys.exit(main())
