"""What the API server and dsgen say of a custom resource, in the form in which both are compared."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from conformance.custom import definition
from conformance.oracle import Answer
from conformance.outcome import Outcome, of_server
from dsgen.kubernetes.custom.validate import judge
from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.schema.custom.definition import Definition, from_spec
from dsgen.kubernetes.schema.decode import identify
from dsgen.kubernetes.schema.errors import UNKNOWN_FIELD
from dsgen.kubernetes.schema.paths import field_path
from dsgen.source import DUPLICATE_KEY
from dsgen.tree import Map, Path

# The server names the place of some findings only in its message.
PLACED: Final = re.compile(r': "([^"]*)" must (?:not )?validate|(?:format\)|format \w+) in (.*)$', re.DOTALL)
REPEATED: Final = re.compile("duplicate key `(.*)`, first in line", re.DOTALL)


@cache
def defined_kind(kind: str) -> Definition:
    """Return the definition of a kind, with what was compiled for it."""
    return from_spec(definition(kind)["spec"])


def of_answer(answer: Answer) -> Outcome:
    """Return what the server says, with the places that only its messages name."""
    errors = tuple((kind, _placed(field, detail), detail) for kind, field, detail in answer.errors)
    found = of_server(Answer(answer.stage, errors, answer.warnings))
    # A value of the wrong type fails all else, too.
    misfits = {field for kind, field in found.findings if kind == "TypeInvalid"}
    kept = frozenset(
        (kind, field)
        for kind, field in found.findings
        if kind == "TypeInvalid" or field.removeprefix(".") not in misfits
    )
    return Outcome(found.stage, kept, found.warnings)


def _placed(field: str, detail: str) -> str:
    if field != "<nil>":
        return field
    found = PLACED.search(detail)
    return next((part for part in found.groups() if part is not None), field) if found else field


def outcome(text: str, kind: str, minor: str) -> tuple[Outcome, bool]:
    """Return what dsgen says, and whether it evaluates all of the schema."""
    document = read_first(text)
    if document.problems:
        repeated = all(problem.code == DUPLICATE_KEY.name for problem in document.problems)
        keys = (REPEATED.search(problem.message) for problem in document.problems)
        return Outcome(
            "strict" if repeated else "yaml", frozenset(("duplicate field", key[1]) for key in keys if key)
        ), True
    root = document.root
    defined = defined_kind(kind)
    stated = (str(root.get("apiVersion")), root.get("kind")) if isinstance(root, Map) else ("", "")
    version = defined.versions.get(stated[0].rpartition("/")[2])
    if (stated[0].rpartition("/")[0], stated[1]) != (defined.group, defined.kind) or version is None:
        fault = identify(root, minor).fault
        return Outcome(
            "decode" if fault else "unsupported", frozenset({("decode" if fault else "unsupported", "")})
        ), True
    judged = judge(root, defined, version, minor)
    for stage in ("decode", "strict"):
        faults = [fault for fault in judged.faults if fault.stage == stage]
        if faults:
            # Of the metadata of an object inside another, the server only names the field in it.
            named = (
                ("unknown field" if each.code is UNKNOWN_FIELD else "decode", _named(each.path, stage))
                for each in faults
            )
            return Outcome(stage, frozenset(named)), True
    errors = {(error.type, error.field) for rule, error in judged.metadata if rule.severity == "error"}
    # The server's findings for an object itself name no place, and are left out.
    errors |= {(each.type, each.field) for each in judged.findings if each.field or each.type != "Invalid"}
    is_refused = bool(errors or judged.findings)
    warnings = frozenset(error.field for rule, error in judged.metadata if rule.severity == "warning")
    return Outcome(
        "validate" if is_refused else "", frozenset(errors), frozenset() if is_refused else warnings
    ), not judged.unevaluated


def _named(path: Path, stage: str) -> str:
    inside = stage == "decode" and "metadata" in path
    return field_path(path[path.index("metadata") :] if inside else path)
