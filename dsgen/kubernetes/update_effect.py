"""What happens when one object replaces another: nothing, a restart of pods, or the server rejects it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from dsgen.kubernetes.schema import fields
from dsgen.kubernetes.schema.decode import identify
from dsgen.kubernetes.semantics.field_diff import Change, changes
from dsgen.kubernetes.semantics.normalize import normalized
from dsgen.kubernetes.validate import validate, validate_update
from dsgen.kubernetes.validation.kinds import with_rules
from dsgen.kubernetes.validation.walk import rules_of
from dsgen.problem import Problem, has_errors
from dsgen.record import Record
from dsgen.tree import Map

# same: nothing differs; kept: no pod restarts; restarted: the template differs; unknown: whether pods restart is not known;
# recreated: what differs cannot be changed, so the object is deleted and created again; refused: the server never accepts the new object.
Outcome = Literal["same", "kept", "restarted", "unknown", "recreated", "refused"]
# The kinds whose controllers replace the pods if the template differs. Those of other kinds only use it for the next pods.
_REPLACING: Final = ("DaemonSet", "Deployment", "StatefulSet")


class Replacement(Record):
    """The outcome, what differs, why it is refused, and the `immutable` fields that differ."""

    outcome: Outcome
    changes: list[Change]
    problems: list[Problem]
    immutable: tuple[str, ...] = ()

    @property
    def same_template(self) -> bool:
        """Whether the pods of a workload stay as they are."""
        return not any(change.path[:2] == ("spec", "template") for change in self.changes)


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
    return result._replace(outcome=_of_pods(old, new, kind, result)) if found else result


def accepts_update(old: Map, new: Map, wrong: Sequence[Problem], minor: str = fields.DEFAULT) -> bool:
    """Return whether the server accepts `new` as an update of the object `old` that it has, though it is `wrong` as a new object.

    The server tolerates some errors that an object already has.
    """
    as_new = validate(new, minor)
    if any(each.severity == "error" and each not in as_new for each in wrong):
        return False  # an error in its text, for example
    found = validate_update(old, new, minor) if with_rules(identify(new, minor).type) else as_new
    return not has_errors(found)


def _of_pods(old: Map, new: Map, kind: str, found: Replacement) -> Outcome:
    """Return what a change does to the pods of an object."""
    if not kind:
        # A controller may do anything with a custom resource.
        return "unknown"
    if kind == "Pod":
        # Nothing else in a container can change, and the kubelet restarts the one whose image does.
        return "restarted" if any(change.path[-1:] == ("image",) for change in found.changes) else "kept"
    if kind not in _REPLACING:
        return "kept"
    if kind == "Deployment":
        was_paused, is_paused = (bool(each.map("spec").get("paused")) for each in (old, new))
        if is_paused:
            return "kept"
        if was_paused and found.same_template:
            # The template may have changed while it was paused.
            return "unknown"
    return "kept" if found.same_template else "restarted"
