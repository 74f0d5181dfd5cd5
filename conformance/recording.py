"""Records cases with the API server's verdicts, so that the tests need no Go.

    python -m conformance.recording                 records all minors anew, with fresh seeds
    python -m conformance.recording --seed 5 1.36   records 1.36, repeatably
    python -m conformance.recording --kind Service  records one of the other kinds
    python -m conformance.recording --again         asks again about what was not judged, when more kinds have rules

Most cases are as they come. The rest are chosen so that each rule of the catalogue speaks in enough of them, and
narrowly passes enough.
"""

from __future__ import annotations

import argparse
import secrets
from collections.abc import Collection, Iterable, Iterator
from itertools import count
from typing import Final

from conformance.case import Case, Json
from conformance.coverage import Coverage, own_rules, speaking
from conformance.generate import cases
from conformance.kubernetes_module import NEWEST, VERSIONS
from conformance.mutations import every_row, rows_beside_pods
from conformance.oracle import Question, ask
from conformance.outcome import of_server
from conformance.record import Recorded, load, save
from conformance.seeds import bases
from dsgen.kubernetes.validation.kinds import KINDS

WANTED: Final = {minor: 20000 if minor == NEWEST else 4000 for minor in VERSIONS}
WANTED_OF_COMPANIONS: Final = {minor: 1000 if minor == NEWEST else 200 for minor in VERSIONS}
# Cases that each rule gets at least, if it can be; candidates to choose them from, in so many rounds.
EACH: Final = 23
CANDIDATES: Final = 3000
CANDIDATES_OF_COMPANIONS: Final = 800
ROUNDS: Final = 15
# Mutations whose verdict differs from minor to minor: half of the cases of the older ones.
VERSIONED: Final = (
    "alias-ip", "claim", "claim-request", "claim-resourceclaimname", "claim-source", "claim-twice", "claim-use", "claim-use-twice", "claim-volumeattributesclassname", "container-restart", "dns-nameserver", "dns-search", "env-file-key",
    "env-file-path", "env-file-volume", "env-file-volumename", "env-from-prefix", "env-name", "gated-fields", "gated-scheduling-group", "gated-workload", "hostname-override", "hostname-override-beside", "image-mount", "image-pullpolicy", "image-reference", "init-restart", "managed-operation", "owner-name",
    "pod-huge-pages", "pod-limit-below-container", "pod-request-above-limit", "pod-request-below-containers", "pod-resource-name", "pod-resources-claims", "pod-resources-windows", "projected-certificate", "projected-gated", "restart-action",
    "restart-no-codes", "restart-rules", "restart-rules-alone", "restart-rules-init", "shared-processes", "sleep-poststart", "sleep-prestop", "spread-key", "spread-key-selected", "stop-signal", "toleration-operator", "update-selinux-any", "update-sys-admin", "user-namespace-hostnetwork",
)  # fmt: skip


def judged(chosen: Iterable[Case], trees: dict[str, Json], minor: str) -> Iterator[Recorded]:
    """Yield each case with the API server's verdict, unless its own code fails."""
    listed = list(chosen)
    for case, answer in zip(listed, ask((Question(*case.texts(trees)) for case in listed), minor), strict=True):
        if answer.stage != "panic":
            yield Recorded(case, of_server(answer), trees)


def record(minor: str, seed: int, kind: str = "DaemonSet") -> list[Recorded]:
    """Return as many cases of `minor` and `kind` as are wanted."""
    trees, wanted = bases(kind), (WANTED if kind == "DaemonSet" else WANTED_OF_COMPANIONS)[minor]
    versioned = [row.tag for row in every_row(kind) if row.tag in VERSIONED]
    untouched = judged((Case(name) for name in trees), trees, minor)
    refused = [one.case.base for one in untouched if not one.outcome.accepted]
    recorded = list(judged(cases(seed, wanted * 2 // 5, (), refused, kind), trees, minor))
    recorded += chosen_cases(recorded, minor, seed, refused, kind)
    if minor != NEWEST and versioned:
        recorded += judged(cases(seed + 1, wanted // 5, versioned, refused, kind), trees, minor)
    candidates = (
        one
        for turn in count(seed + 100)
        for one in judged(
            cases(turn, CANDIDATES if kind == "DaemonSet" else CANDIDATES_OF_COMPANIONS, (), refused, kind),
            trees,
            minor,
        )
    )
    return evened(recorded, candidates, wanted)


def evened(recorded: list[Recorded], candidates: Iterator[Recorded], wanted: int) -> list[Recorded]:
    """Return the cases with others, so many and such that about half are refused, and two thirds of these by the rules."""
    refused = sum(not one.outcome.accepted for one in recorded)
    ruled = sum(one.outcome.stage == "validate" for one in recorded)
    recorded = [*recorded]
    # Cases chosen for many rules are more than are wanted, and most are refused. Those of mutations for single minors are often refused
    # without the rules.
    while len(recorded) < wanted or refused * 20 > len(recorded) * 11 or ruled * 3 < refused * 2:
        one = next(candidates)
        by_rules = one.outcome.stage == "validate"
        if one.outcome.accepted:
            fits = refused * 2 >= len(recorded)
        else:
            fits = refused * 2 <= len(recorded) and (ruled * 3 <= refused * 2) == by_rules
            fits |= not by_rules and ruled * 3 > refused * 2
        if fits:
            recorded.append(one)
            refused += not one.outcome.accepted
            ruled += by_rules
    return recorded


def chosen_cases(
    recorded: list[Recorded], minor: str, seed: int, refused: Collection[str], kind: str
) -> Iterator[Recorded]:
    """Yield cases for the rules that speak in too few of those recorded, or narrowly pass too few.

    Of the older minors, these are only the rules that no longer hold.
    """
    covered = Coverage.of(recorded, minor, kind)
    candidates = CANDIDATES if kind == "DaemonSet" else CANDIDATES_OF_COMPANIONS
    codes = {rule.code for rule in own_rules(kind) if rule.holds(minor) and (minor == NEWEST or not rule.holds(NEWEST))}
    for attempt in range(ROUNDS):
        silent = {code for code in codes if len(covered.spoken[code]) < EACH}
        untried = {code for code in codes if covered.passed(code) < EACH}
        passing = {tag for code in untried for tag in covered.mutations(code)}
        aimed = passing | {tag for code in silent for tag in covered.mutations(code)}
        # What no mutation has broken yet may still be broken by one that is tried more often.
        unbroken = any(not covered.mutations(code) for code in silent)
        if not silent and not untried:
            return
        at_large = unbroken and (attempt % 3 == 2 or len(aimed) < len(silent))
        focus = [row.tag for row in rows_beside_pods(kind)] if at_large else aimed
        for one in judged(cases(seed + 10 + attempt, candidates, focus, refused, kind), bases(kind), minor):
            found = speaking(one, minor)
            wanted = any(len(covered.spoken[code]) < EACH for code in found & silent)
            if one.outcome.accepted and one.case.tags[0] in passing:
                wanted |= any(covered.passed(code) < EACH for code in untried if covered.broken[one.case.tags[0]][code])
            if wanted:
                covered.add(one, found)
                yield one


def asked_again(minor: str) -> int:
    """Ask again about the recorded cases that were not judged, and return how many these are."""
    asked = 0
    for kind in KINDS:
        recorded = load(minor, kind)
        unjudged = [one for one in recorded if one.outcome.verdict == "not judged"]
        if unjudged:
            known = [one for one in recorded if one.outcome.verdict != "not judged"]
            save([*known, *judged([one.case for one in unjudged], bases(kind), minor)], minor, kind)
            asked += len(unjudged)
    return asked


def main() -> None:
    """Record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("minors", nargs="*", default=list(VERSIONS))
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--kind", default="DaemonSet")
    parser.add_argument("--again", action="store_true")
    chosen = parser.parse_args()
    for minor in chosen.minors:
        if chosen.again:
            print(f"{minor}: {asked_again(minor)} cases")
            continue
        seed = secrets.randbelow(10**6) if chosen.seed is None else chosen.seed
        recorded = record(minor, seed, chosen.kind)
        refused = [one for one in recorded if not one.outcome.accepted]
        by_rules = sum(one.outcome.stage == "validate" for one in refused)
        print(
            f"{minor}: seed {seed}, {len(recorded)} cases, {len(refused)} refused, {by_rules} of these by the rules: {save(recorded, minor, chosen.kind)}"
        )


if __name__ == "__main__":
    main()
