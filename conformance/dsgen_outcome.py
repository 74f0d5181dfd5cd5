"""What dsgen says of a manifest, in the form in which it is compared with the API server."""

from __future__ import annotations

import re
from typing import Final

from conformance.outcome import Finding, Outcome, warned
from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.schema.decode import decode
from dsgen.kubernetes.schema.errors import UNKNOWN_FIELD, UNKNOWN_GROUP, DecodeError
from dsgen.kubernetes.schema.paths import field_path
from dsgen.kubernetes.validate import validate_update, verdict

REPEATED: Final = re.compile("key `(.*)` is stated", re.DOTALL)


def judge(text: str, minor: str, old: str | None = None) -> Outcome:
    """Return dsgen's verdict on the manifest `text`, or on replacing the manifest `old` by it."""
    read = _read(text, minor)
    if old is None or read.stage not in ("", "validate"):
        return read
    before = _read(old, minor)
    if before.stage not in ("", "validate"):
        return Outcome(f"old {before.stage}")
    problems = validate_update(read_first(old).root, read_first(text).root, minor)
    errors = frozenset((problem.type, problem.field) for problem in problems if problem.severity == "error")
    warnings = frozenset(warned(problem.field) for problem in problems if problem.severity == "warning")
    return Outcome("validate", errors) if errors else Outcome("", errors, warnings)


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
