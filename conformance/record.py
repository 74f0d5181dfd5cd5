"""The record: cases with the API server's verdicts, kept small, so that the tests need no Go.

    python -m conformance.record                 records all minors anew, with fresh seeds
    python -m conformance.record --seed 5 1.36   records 1.36, repeatably

A file of the record is JSON lines, compressed by xz: first the bases, then a line a case.
"""

from __future__ import annotations

import argparse
import json
import lzma
import secrets
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from conformance.case import Case, Json
from conformance.generate import cases
from conformance.kubernetes_module import NEWEST, VERSIONS
from conformance.oracle import Question, ask
from conformance.outcome import Outcome, of_server
from conformance.seeds import bases

FOLDER: Final = Path(__file__).parent.parent / "tests" / "verdicts"
WANTED: Final = {minor: 20000 if minor == NEWEST else 4000 for minor in VERSIONS}
EACH: Final = 24
# Mutations whose verdict differs from minor to minor: half of the cases of the older ones.
VERSIONED: Final = (
    "alias-ip", "claim", "claim-request", "claim-resourceclaimname", "claim-source", "claim-twice", "claim-use", "claim-use-twice", "claim-volumeattributesclassname", "container-restart", "dns-nameserver", "dns-search", "env-file-key",
    "env-file-path", "env-file-volume", "env-file-volumename", "env-from-prefix", "env-name", "gated-scheduling-group", "gated-workload", "hostname-override", "hostname-override-beside", "image-mount", "image-pullpolicy", "init-restart",
    "pod-huge-pages", "pod-limit-below-container", "pod-request-above-limit", "pod-request-below-containers", "pod-resource-name", "pod-resources-claims", "pod-resources-windows", "projected-certificate", "projected-gated", "restart-action",
    "restart-no-codes", "restart-rules", "restart-rules-alone", "restart-rules-init", "sleep-poststart", "sleep-prestop", "spread-key", "spread-key-selected", "stop-signal", "toleration-operator", "user-namespace-hostnetwork",
)  # fmt: skip


@dataclass(frozen=True)
class Recorded:
    """A case, and what the API server said of it."""

    case: Case
    outcome: Outcome
    bases: dict[str, Json]

    @cached_property
    def texts(self) -> tuple[str, str | None]:
        """The manifest, and the one that it replaces."""
        return self.case.texts(self.bases)

    @property
    def text(self) -> str:
        """The manifest."""
        return self.texts[0]


def judged(chosen: Iterable[Case], trees: dict[str, Json], minor: str) -> Iterator[Recorded]:
    """Yield each case with the API server's verdict."""
    listed = list(chosen)
    for case, answer in zip(listed, ask((Question(*case.texts(trees)) for case in listed), minor), strict=True):
        yield Recorded(case, of_server(answer), trees)


def record(minor: str, seed: int) -> list[Recorded]:
    """Return as many cases of `minor` as are wanted: mixed ones, and for each mutation enough that pass and that are refused."""
    trees, wanted = bases(), WANTED[minor]
    recorded = list(judged(cases(seed, wanted * 3 // 4 if minor == NEWEST else wanted // 2), trees, minor))
    number = seed
    while len(recorded) < wanted:
        number += 1
        lacking = _lacking(recorded) if minor == NEWEST else VERSIONED
        count = min(wanted - len(recorded), 1000)
        recorded += judged(cases(number, count, lacking), trees, minor)
    return recorded


def _lacking(recorded: list[Recorded]) -> list[str]:
    """Return the mutations with the fewest cases that pass or that are refused."""
    passed: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    for one in recorded:
        if len(one.case.tags) == 1:
            (passed if one.outcome.accepted else refused)[one.case.tags[0]] += 1
    tags = sorted(set(passed) | set(refused), key=lambda tag: min(passed[tag], refused[tag]))
    fewest = [tag for tag in tags if passed[tag] and refused[tag] and min(passed[tag], refused[tag]) < EACH]
    return fewest[: max(len(fewest) // 3, 20)] or tags[: len(tags) // 3]


def save(recorded: list[Recorded], minor: str) -> Path:
    """Write the record of `minor`."""
    used = sorted({one.case.base for one in recorded})
    by_base: dict[str, list[Recorded]] = defaultdict(list)
    for one in recorded:
        by_base[one.case.base].append(one)
    lines = [{name: bases()[name] for name in used}]
    lines += [_line(one) for name in used for one in sorted(by_base[name], key=lambda one: one.case.tags)]
    text = "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines)
    FOLDER.mkdir(exist_ok=True)
    file = FOLDER / f"{minor}.jsonl.xz"
    file.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    return file


def _line(one: Recorded) -> Json:
    """Return a case as JSON: base, mutations, edits, stage, findings; then warnings and the old object's edits, if there are any."""
    outcome, case = one.outcome, one.case
    line = [
        case.base,
        " ".join(case.tags),
        case.edits,
        outcome.stage,
        sorted(map(list, outcome.findings)),
        sorted(outcome.warnings),
        case.old,
    ]
    while not line[-1] and len(line) > 5:
        line.pop()
    return line


def load(minor: str) -> list[Recorded]:
    """Return the record of `minor`."""
    text = lzma.decompress((FOLDER / f"{minor}.jsonl.xz").read_bytes()).decode()
    first, *lines = map(json.loads, text.rstrip("\n").split("\n"))
    return [_recorded(first, *line) for line in lines]


def _recorded(
    trees: dict[str, Json],
    base: str,
    tags: str,
    edits: Json,
    stage: str,
    findings: Json,
    warnings: Json = (),
    old: Json = None,
) -> Recorded:
    case = Case(base, tuple(tags.split(" ")), _edits(edits), None if old is None else _edits(old))
    return Recorded(
        case, Outcome(stage, frozenset((kind, field) for kind, field in findings), frozenset(warnings)), trees
    )


def _edits(edits: Json) -> Json:
    return tuple(
        tuple(tuple(part) if place == 1 and isinstance(part, list) else part for place, part in enumerate(edit))
        for edit in edits
    )


def main() -> None:
    """Record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("minors", nargs="*", default=list(VERSIONS))
    parser.add_argument("--seed", type=int, default=None)
    chosen = parser.parse_args()
    for minor in chosen.minors:
        seed = secrets.randbelow(10**6) if chosen.seed is None else chosen.seed
        recorded = record(minor, seed)
        refused = [one for one in recorded if not one.outcome.accepted]
        by_rules = sum(one.outcome.stage == "validate" for one in refused)
        print(
            f"{minor}: seed {seed}, {len(recorded)} cases, {len(refused)} refused, {by_rules} of these by the rules: {save(recorded, minor)}"
        )


if __name__ == "__main__":
    main()
