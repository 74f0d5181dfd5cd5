"""Measure what policies cost: python -m benchmarks.policies [--objects 1000] [--policies 20]

Both figures are processor time of one process, for the same DaemonSets: validation alone, and validation with policies. The
ratio is the median of that of several rounds.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import time
from pathlib import Path

import yaml

from dsgen.kubernetes.lint import Checks
from dsgen.kubernetes.lint.validate_and_lint import validate_and_lint, with_objects
from dsgen.kubernetes.manifest import read
from dsgen.tree import Map

LIBRARY = Path(__file__).parent.parent / "docs" / "policies"
AGENTS = Path(__file__).parent.parent / "out"


def policies(count: int) -> list[Map]:
    """Return so many policies: those of the library, again and again under other names, with what belongs to them."""
    files = sorted(LIBRARY.glob("*/policy.yaml"))
    found: list[Map] = []
    for at in range(count):
        documents = list(yaml.safe_load_all(files[at % len(files)].read_text(encoding="utf-8")))
        for each in documents[:2]:
            each["metadata"]["name"] += f"-{at}"
        documents[1]["spec"]["policyName"] += f"-{at}"
        found += (each.root for each in read(yaml.safe_dump_all(documents), f"policy-{at}.yaml"))
    return found


def agents(count: int) -> list[Map]:
    """Return so many DaemonSets: those of the presets, again and again."""
    files = sorted(AGENTS.rglob("daemonset-*.yaml"))
    return [read(files[at % len(files)].read_text(encoding="utf-8"), f"agent-{at}.yaml")[0].root for at in range(count)]


def seconds(roots: list[Map], checks: Checks) -> float:
    """Return the processor time in which some objects are validated."""
    start = time.process_time()
    for root in roots:
        validate_and_lint(root, "1.37", checks)
    return time.process_time() - start


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--objects", type=int, default=1000)
    parser.add_argument("--policies", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=7)
    chosen = parser.parse_args()
    gc.disable()  # as the command does
    checks = with_objects(Checks(), policies(chosen.policies))
    seconds(agents(40), checks)
    alone, both = 0.0, 0.0
    ratios: list[float] = []
    for _ in range(chosen.rounds):
        # One after the other, and of objects that nothing is known of yet: other processes slow both down.
        alone, both = (seconds(agents(chosen.objects), each) for each in (Checks(), checks))
        ratios.append(both / alone)
        gc.collect()
    print(
        f"{chosen.objects} objects: {alone:.2f} s; with {chosen.policies} policies {both:.2f} s; "
        f"ratio {statistics.median(ratios):.2f}, the median of {chosen.rounds} rounds"
    )


if __name__ == "__main__":
    main()
