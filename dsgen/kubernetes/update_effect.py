"""What happens when one object replaces another: nothing, a restart of pods, or the server rejects it."""

from __future__ import annotations

from typing import Literal

from dsgen.kubernetes.schema import fields
from dsgen.kubernetes.schema.decode import identify
from dsgen.kubernetes.semantics.field_diff import Change, changes
from dsgen.kubernetes.semantics.normalize import normalized
from dsgen.kubernetes.validate import validate, validate_update
from dsgen.kubernetes.validation.kinds import with_rules
from dsgen.kubernetes.validation.walk import rules_of
from dsgen.problem import Problem
from dsgen.record import Record
from dsgen.tree import Map

# same: nothing differs; kept: no pod restarts; restarted: the template differs; recreated: what differs cannot be changed,
# so the object is deleted and created again; refused: the server never accepts the new object.
Outcome = Literal["same", "kept", "restarted", "recreated", "refused"]


class Replacement(Record):
    """The outcome, what differs, why it is refused, and the `immutable` fields that differ."""

    outcome: Outcome
    changes: list[Change]
    problems: list[Problem]
    immutable: tuple[str, ...] = ()

    @property
    def same_template(self) -> bool:
        """Whether a DaemonSet's pods stay as they are."""
        return not any(change.field.startswith("spec.template") for change in self.changes)


def replacement(old: Map, new: Map, minor: str = fields.DEFAULT) -> Replacement:
    """Return what happens when the object `new` replaces the accepted object `old` of the same kind and name."""
    found = changes(normalized(old, minor), normalized(new, minor))
    kind = identify(new, minor).type
    known = with_rules(kind)
    immutable = {rule.code for rule in rules_of(known) if rule.immutable} if known else ()
    verdict = validate_update(old, new, minor) if known else validate(new, minor)
    wrong = [problem for problem in verdict if problem.severity == "error" and problem.code not in immutable]
    if wrong:
        return Replacement("refused", found, wrong)
    changed = tuple(dict.fromkeys(problem.field for problem in verdict if problem.code in immutable))
    if changed:
        # A new object is asked more than a changed one.
        wrong = [problem for problem in validate(new, minor) if problem.severity == "error"]
        return Replacement("refused" if wrong else "recreated", found, wrong, () if wrong else changed)
    result = Replacement("kept" if found else "same", found, [])
    return result._replace(outcome="restarted") if kind == "DaemonSet" and not result.same_template else result
