"""What happens when one object replaces another: nothing, a restart of pods, or the server rejects it."""

from __future__ import annotations

from typing import Final, Literal

from dsgen.kubernetes.schema import fields
from dsgen.kubernetes.schema.decode import identify
from dsgen.kubernetes.semantics.field_diff import Change, changes
from dsgen.kubernetes.semantics.normalize import normalized
from dsgen.kubernetes.validate import validate, validate_update
from dsgen.kubernetes.validation.kinds import KINDS
from dsgen.kubernetes.validation.walk import rules_of
from dsgen.problem import Problem
from dsgen.record import Record
from dsgen.tree import Map

# same: nothing differs; kept: no pod restarts; restarted: the template differs; recreated: what differs cannot be changed,
# so the object is deleted and created again; refused: the server never accepts the new object.
Outcome = Literal["same", "kept", "restarted", "recreated", "refused"]
# What cannot be changed in objects of other kinds.
FIXED: Final[dict[str, tuple[str, ...]]] = {
    "RoleBinding": ("roleRef",),
    "ClusterRoleBinding": ("roleRef",),
    "PriorityClass": ("value", "preemptionPolicy"),
}


class Replacement(Record):
    """The outcome, what differs, and why it is refused."""

    outcome: Outcome
    changes: list[Change]
    problems: list[Problem]

    @property
    def same_template(self) -> bool:
        """Whether a DaemonSet's pods stay as they are."""
        return not any(change.field.startswith("spec.template") for change in self.changes)


def replacement(old: Map, new: Map, minor: str = fields.DEFAULT) -> Replacement:
    """Return what happens when the object `new` replaces the accepted object `old` of the same kind and name."""
    found = changes(normalized(old, minor), normalized(new, minor))
    kind = identify(new, minor).type
    immutable = {rule.code for rule in rules_of(KINDS[kind]) if rule.immutable} if kind in KINDS else ()
    verdict = validate_update(old, new, minor) if kind in KINDS else validate(new, minor)
    wrong = [problem for problem in verdict if problem.severity == "error" and problem.code not in immutable]
    if wrong:
        return Replacement("refused", found, wrong)
    if any(problem.code in immutable for problem in verdict) or _is_fixed(kind, old, new, found):
        return Replacement("recreated", found, [])
    result = Replacement("kept" if found else "same", found, [])
    return result._replace(outcome="restarted") if kind == "DaemonSet" and not result.same_template else result


def _is_fixed(kind: str, old: Map, new: Map, found: list[Change]) -> bool:
    """Return whether a difference is in a field that cannot be changed."""
    names = [change.field.partition(".")[0] for change in found]
    if kind == "ConfigMap":
        return bool(old.get("immutable")) and any(name in ("data", "binaryData", "immutable") for name in names)
    if kind == "Service":
        addresses = old.map("spec").get("clusterIP"), new.map("spec").get("clusterIP")
        return all(addresses) and addresses[0] != addresses[1]
    return any(name in FIXED.get(kind, ()) for name in names)
