"""Import the DaemonSets of a stream one by one, in several processes if there are many."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress

from dsgen.build.processes import results
from dsgen.importer.adopt import adopted
from dsgen.importer.daemonset import DaemonSet, Imported
from dsgen.importer.fold.companion import ImportedCompanion, LeftOut, Reason
from dsgen.importer.fold.related import Others
from dsgen.importer.parts import Candidate
from dsgen.importer.prove import Prover
from dsgen.importer.read.objects import SourceObject
from dsgen.importer.shorten.extension import Base
from dsgen.importer.variants import as_variants
from dsgen.problem import Problem
from dsgen.profile.compile import Rejected
from dsgen.record import Record
from dsgen.tree import Map


class _Outcome(Record):
    """A profile from another process: companions by their places, without their trees.

    `related` are the places of the companions that were free, `pods` the labels of the pods.
    """

    process: int
    name: str
    text: str
    problems: tuple[Problem, ...]
    same: bool | None
    restarts: bool
    folded: tuple[int, ...]
    left: tuple[tuple[int, Reason], ...]
    related: frozenset[int]
    pods: dict[str, str]


def import_each(
    daemonsets: Sequence[Candidate],
    others: Others,
    prover: Prover,
    every: list[SourceObject],
    base: Base | None,
    jobs: int | None,
) -> Iterator[Imported]:
    """Yield the profile of each DaemonSet, with the companions that no profile before it has taken.

    With `every` object of the import, it has dsgen's own hashes if possible; with a `base`, it sets only what differs from that. There
    are at most `jobs` processes.
    """

    def work(candidate: Candidate) -> _Outcome:
        daemonset = candidate.daemonset(prover)
        related = others.related(daemonset.agent._replace(name=candidate.profile))
        made = _profile(candidate.profile, daemonset, related, base, every)
        others.take(made.folded)
        return _Outcome(
            os.getpid(),
            made.name,
            made.text,
            made.problems,
            made.same,
            made.restarts,
            tuple(others.place(each) for each in made.folded),
            tuple((others.place(each.companion.given), each.reason) for each in made.left),
            frozenset(others.place(each.given) for each in related),
            {str(key): str(value) for key, value in daemonset.agent.pod_labels.items()},
        )

    own = os.getpid()
    # By process, what its profiles have taken: it does not know what those before its share take.
    taken: dict[int, set[int]] = {}
    for candidate, outcome in zip(daemonsets, results(daemonsets, work, jobs), strict=True):
        if outcome.process != own:
            there = taken.setdefault(outcome.process, set())
            if others.are_free(outcome.related) and others.are_taken(there):
                others.take(others.at(place).given for place in outcome.folded)
                others.note(Map(outcome.pods))
                there.update(outcome.folded)
            else:
                there.update(outcome.folded)
                outcome = work(candidate)
        yield Imported(
            outcome.name,
            outcome.text,
            outcome.problems,
            outcome.same,
            tuple(others.at(place).given for place in outcome.folded),
            tuple(LeftOut(others.at(place), reason) for place, reason in outcome.left),
            outcome.restarts,
        )


def _profile(
    name: str,
    daemonset: DaemonSet,
    related: list[ImportedCompanion],
    base: Base | None,
    every: list[SourceObject],
) -> Imported:
    """Return the profile of one DaemonSet; with `every` object of the import, with dsgen's own hashes if possible.

    A profile with another name than the DaemonSet has one variant, since only variants have names of their own.
    """

    def make(daemonsets: list[DaemonSet], companions: list[list[ImportedCompanion]]) -> Imported:
        if name != daemonset.name:
            with suppress(Rejected):  # reported below
                return as_variants(name, daemonsets, companions, daemonset.prover)
        return daemonsets[0].imported(companions[0], base)

    made = make([daemonset], [related])
    return adopted(made, [daemonset], [related], make, every) if every else made
