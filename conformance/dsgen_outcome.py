"""What dsgen says of a manifest, in the form in which it is compared with the API server."""

from __future__ import annotations

import re
from typing import Final

from conformance.outcome import Finding, Outcome, warned
from dsgen.kubernetes.built_in import DROPPED_FIELD, INVALID_TEMPLATE_GENERATION
from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.policies.policies import none
from dsgen.kubernetes.schema import fields
from dsgen.kubernetes.schema.decode import decode
from dsgen.kubernetes.schema.errors import UNKNOWN_FIELD, UNKNOWN_GROUP, DecodeError
from dsgen.kubernetes.schema.paths import field_path
from dsgen.kubernetes.semantics.equality import semantic_equal
from dsgen.kubernetes.validate import validate, validate_update
from dsgen.kubernetes.validation.kinds import KINDS, with_rules
from dsgen.problem import Problem
from dsgen.record import Record
from dsgen.source import DUPLICATE_KEY
from dsgen.tree import Map

# Of these kinds, the server only looks at the metadata if it finds nothing else.
METADATA_LAST: Final = frozenset({"PodDisruptionBudget"})
# Kinds that dsgen has all rules for.
JUDGED: Final = (*KINDS, *fields.CUSTOM_RESOURCES.values())
REPEATED: Final = re.compile("duplicate key `(.*)`, first in line", re.DOTALL)


class Verdict(Record):
    """What the server would answer: the `stage` that refuses (empty: accepted), and each (type, field) it names."""

    stage: str
    errors: frozenset[Finding] = frozenset()
    warnings: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the object is accepted."""
        return not self.stage


def verdict(text: str | bytes, minor: str = fields.DEFAULT) -> Verdict:
    """Return the server's own answer to a manifest: the first stage that finds something ends it.

    An object of a kind that dsgen does not have all rules for is not judged.
    """
    document = read_first(text)
    if document.problems:
        repeated = all(problem.code == DUPLICATE_KEY.name for problem in document.problems)
        return _refused_by("strict" if repeated else "yaml")
    decoded = decode(document.root, minor)
    if not with_rules(decoded.kind) and decoded.kind not in JUDGED and (decoded.kind or not decoded.faults):
        return _refused_by("unsupported")
    for stage in ("decode", "strict"):
        if any(fault.stage == stage for fault in decoded.faults):
            return _refused_by(stage)
    problems = validate(document.root, minor) + none().faults(document.root, minor)
    if any(problem.code == INVALID_TEMPLATE_GENERATION.name for problem in problems):
        return Verdict("decode", frozenset({("convert", "")}))
    errors = _errors(problems, decoded.kind)
    if errors:
        return Verdict("validate", errors)
    # Of what it drops, the server says nothing.
    told = (problem for problem in problems if problem.code != DROPPED_FIELD.name)
    return Verdict("", warnings=tuple(problem.field for problem in told if problem.severity == "warning"))


def _refused_by(stage: str) -> Verdict:
    return Verdict(stage, frozenset({(stage, "")}))


def judge(text: str, minor: str, old: str | None = None) -> Outcome:
    """Return dsgen's verdict on the manifest `text`, or on replacing the manifest `old` by it."""
    read = _read(text, minor)
    if old is None or read.stage not in ("", "validate"):
        return read
    before = _read(old, minor)
    if before.stage not in ("", "validate"):
        return Outcome(f"old {before.stage}")
    roots = read_first(old).root, read_first(text).root
    problems = validate_update(*roots, minor) + _faults(*roots, minor)
    errors = _errors(problems, decode(read_first(text).root, minor).kind)
    warnings = frozenset(warned(problem.field) for problem in problems if problem.severity == "warning")
    return Outcome("validate", errors) if errors else Outcome("", errors, warnings)


def _faults(old: Map, root: Map, minor: str) -> list[Problem]:
    """Return the expressions of a changed policy that the server does not compile. Conditions that are kept, it does not look at."""
    faults = none().faults(root, minor)
    before, after = (each.map("spec") for each in (old, root))
    names = ("matchConditions", "paramKind")
    is_kept = all(semantic_equal(before.get(name), after.get(name), name) for name in names)
    return [each for each in faults if not is_kept or not each.field.startswith("spec.matchConditions")]


def _errors(problems: list[Problem], kind: str) -> frozenset[Finding]:
    """Return what the server says that is wrong with an object of a kind."""
    errors = frozenset((problem.type, problem.field) for problem in problems if problem.severity == "error")
    own = frozenset(error for error in errors if not error[1].startswith("metadata"))
    return own if own and kind in METADATA_LAST else errors


def _read(text: str, minor: str) -> Outcome:
    said = verdict(text, minor)
    if said.stage == "unsupported":
        return Outcome("unsupported", frozenset({("unsupported", "")}))
    if said.stage not in ("decode", "strict"):
        return Outcome(said.stage, said.errors, frozenset(map(warned, said.warnings)))
    document = read_first(text)
    if document.problems:
        keys = (REPEATED.search(problem.message) for problem in document.problems)
        return Outcome("strict", frozenset(("duplicate field", key[1]) for key in keys if key))
    faults = decode(document.root, minor).faults
    if [fault.code for fault in faults] == [UNKNOWN_GROUP] and "." in document.root["apiVersion"].rpartition("/")[0]:
        # dsgen takes the group for a slip. The server alone cannot know: somebody could define it.
        return Outcome("unsupported", frozenset({("unsupported", "")}))
    return Outcome(said.stage, frozenset(_finding(fault) for fault in faults if fault.stage == said.stage))


def _finding(fault: DecodeError) -> Finding:
    return ("unknown field" if fault.code is UNKNOWN_FIELD else "decode", field_path(fault.path))
