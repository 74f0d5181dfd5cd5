"""Which companions a profile can state: all are tried at once, and where that fails, those are found that are to blame."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from dsgen.generate.generator import GenerateResult
from dsgen.importer.fold.companion import KEEP, ImportedCompanion, Left, Reason
from dsgen.importer.prove import Prover, made_objects
from dsgen.problem import Problem
from dsgen.record import Record
from dsgen.tree import Map

# How many characters of profiles are made to find out which companions cause faults; what is not tried by then is left as a whole.
TRIED: Final = 1_000_000


class Attempt(Record):
    """The text of a profile, what it makes, the companions that it states, and those that it leaves out."""

    text: str
    made: GenerateResult
    folded: list[ImportedCompanion]
    left: list[Left]


Try = Callable[[list[ImportedCompanion]], Attempt]


def settled(attempt: Try, companions: list[ImportedCompanion], prover: Prover, refused: bool) -> Attempt:
    """Return the attempt with as many companions as come back the same.

    Where the DaemonSet has faults of its own, or is `refused` by Kubernetes, nothing can be said against its companions.
    """
    dropped: list[Left] = []
    while True:
        done = attempt(companions)
        wrong: list[Left] = []
        if done.made.objects and not refused:
            made = made_objects(done.made)
            wrong = [Left(each, reason) for each in done.folded if (reason := _unlike(each, made, prover))]
        elif done.folded and not refused and not _errors(attempt([]).made):
            wrong = _to_blame(attempt, done.folded)
        if not wrong:
            return done._replace(left=[*done.left, *dropped])
        dropped += wrong
        out = {id(each.companion) for each in wrong}
        companions = [each for each in companions if id(each) not in out]


def _unlike(companion: ImportedCompanion, made: Mapping[tuple[str, str], Map], prover: Prover) -> Reason | None:
    """Return how the object that is made differs from a companion, or None where it does not."""
    found = prover.unlike(companion.given, made.get((companion.given.kind, companion.given.name)))
    if found:
        return Reason(f"the profile would generate a different object: `{found[0].field}` {found[0].message}")
    return None if found is not None else Reason("the profile would not generate it")


def _errors(made: GenerateResult) -> list[Problem]:
    return [problem for problem in made.problems if problem.severity == "error"]


def _to_blame(attempt: Try, companions: list[ImportedCompanion]) -> list[Left]:
    """Return the companions with which a profile has errors that it does not have without them."""
    sound: list[ImportedCompanion] = []
    wrong: list[Left] = []
    pending = [companions]
    tried = 0
    while pending:
        some = pending.pop()
        if tried > TRIED:
            some, pending = [*some, *(each for group in pending for each in group)], []
        trial = attempt([*sound, *some])
        errors = _errors(trial.made)
        tried += len(trial.text)
        if not errors:
            sound += some
        elif len(some) > 1 and tried <= TRIED:
            half = len(some) // 2
            pending += [some[half:], some[:half]]
        else:
            why = f"{errors[0].message} ({errors[0].code})"
            if len(some) > 1:
                why = f"it would make the profile invalid, or one of {len(some) - 1} other objects would: {why}"
            hint = "; ".join(filter(None, [errors[0].hint, f"fix this and import again, or {KEEP}"]))
            wrong += [Left(each, Reason(why, hint)) for each in some]
    return wrong
