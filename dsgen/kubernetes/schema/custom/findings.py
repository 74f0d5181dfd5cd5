"""What checking a value by a schema yields."""

from __future__ import annotations

from dsgen.kubernetes.schema.errors import ErrorType
from dsgen.problem import Code
from dsgen.record import Record
from dsgen.tree import Path


class Finding(Record):
    """What is wrong with the value at `path`: Kubernetes' type of error, and the field as the server prints it."""

    code: Code
    type: ErrorType
    path: Path
    field: str
    message: str
    hint: str = ""


class UnevaluatedSchema(Record):
    """A part of the schema that dsgen does not evaluate for the value at `path`, and why."""

    path: Path
    what: str
