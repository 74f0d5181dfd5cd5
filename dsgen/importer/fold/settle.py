"""Find the companions that can be part of a profile: try all at once, and if that fails, find those that cause the errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from dsgen.generate.result import GenerateResult
from dsgen.importer.fold.companion import KEEP, ImportedCompanion, LeftOut, Reason
from dsgen.importer.prove import Prover, made_objects
from dsgen.problem import Problem
from dsgen.record import Record
from dsgen.tree import Map

# At most so many characters of profiles are rendered to find the companions that cause errors; the rest is left out untried.
MAX_TRIED: Final = 1_000_000


class Attempt(Record):
    """The text of a profile, what it generates, its companions, and those that it leaves out."""

    text: str
    result: GenerateResult
    folded: list[ImportedCompanion]
    left: list[LeftOut]


Try = Callable[[list[ImportedCompanion]], Attempt]


def settled(attempt: Try, companions: list[ImportedCompanion], prover: Prover, refused: bool) -> Attempt:
    """Return the attempt with as many companions as possible: those that the profile reproduces exactly.

    If the DaemonSet itself has errors, or is `refused` by Kubernetes, it is unknown which companions would cause errors, so all are kept.
    """
    dropped: list[LeftOut] = []
    while True:
        current = attempt(companions)
        wrong: list[LeftOut] = []
        if current.result.objects and not refused:
            objects = made_objects(current.result)
            wrong = [LeftOut(each, reason) for each in current.folded if (reason := _difference(each, objects, prover))]
        elif current.folded and not refused and not _errors(attempt([]).result):
            wrong = _causing_errors(attempt, current.folded)
        if not wrong:
            return current._replace(left=[*current.left, *dropped])
        dropped += wrong
        out = {id(each.companion) for each in wrong}
        companions = [each for each in companions if id(each) not in out]


def _difference(companion: ImportedCompanion, objects: Mapping[tuple[str, str], Map], prover: Prover) -> Reason | None:
    """Return how the generated object differs from a companion, or None if it does not."""
    problems = prover.unlike(companion.given, objects.get((companion.given.kind, companion.given.name)))
    if problems:
        return Reason(f"the profile would generate a different object: `{problems[0].field}` {problems[0].message}")
    return None if problems is not None else Reason("the profile would not generate it")


def _errors(result: GenerateResult) -> list[Problem]:
    return [problem for problem in result.problems if problem.severity == "error"]


def _causing_errors(attempt: Try, companions: list[ImportedCompanion]) -> list[LeftOut]:
    """Return the companions that cause errors in the profile."""
    sound: list[ImportedCompanion] = []
    wrong: list[LeftOut] = []
    pending = [companions]
    tried = 0
    while pending:
        some = pending.pop()
        if tried > MAX_TRIED:
            some, pending = [*some, *(each for group in pending for each in group)], []
        trial = attempt([*sound, *some])
        errors = _errors(trial.result)
        tried += len(trial.text)
        if not errors:
            sound += some
        elif len(some) > 1 and tried <= MAX_TRIED:
            half = len(some) // 2
            pending += [some[half:], some[:half]]
        else:
            why = f"{errors[0].message} ({errors[0].code})"
            if len(some) > 1:
                why = f"it would make the profile invalid, or one of {len(some) - 1} other objects would: {why}"
            hint = "; ".join(filter(None, [errors[0].hint, f"fix this and import again, or {KEEP}"]))
            wrong += [LeftOut(each, Reason(why, hint)) for each in some]
    return wrong
