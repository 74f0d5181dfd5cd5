"""What may be wrong with a manifest before it is validated: the codes, and the error of one value."""

from __future__ import annotations

from typing import Literal

from dsgen.problem import Code, code
from dsgen.record import Record
from dsgen.tree import Path

NO_KIND = code(
    "missing-kind",
    """A manifest says what it is by `apiVersion` and `kind`, both text, such as `apps/v1` and `DaemonSet`.""",
)
UNKNOWN_KIND = code(
    "unknown-kind",
    """In Kubernetes' own API groups, such as `apps`, the kind is one that its API server has there, in this spelling, in the version
    asked for. Of other groups nobody knows the kinds without the cluster: their objects are not validated.""",
)
UNKNOWN_GROUP = code(
    "unknown-group",
    "An API group without a dot is one of Kubernetes' own. One that is a letter off, and is said to have the same kind, is taken for a slip.",
)
REMOVED_KIND = code(
    "removed-kind",
    "The API server still serves the kind in this `apiVersion`. What was removed, mostly lives on in another one.",
)
UNKNOWN_FIELD = code(
    "unknown-field",
    """Each field is one that Kubernetes has at this place, in this spelling, in the version asked for. The API server
    refuses any other.""",
)
INVALID_FIELD_TYPE = code(
    "invalid-field-type",
    """A value has the type of its field: text, a whole number, true or false, a list or a map. Nothing is converted: `1`
    is no text, and `'1'` no number. Text that looks like a number, or like `yes`, is quoted.""",
)
OUT_OF_RANGE = code("out-of-range-number", "A whole number fits its field: 32 bits, or 64 where Kubernetes says so.")
INVALID_QUANTITY = code(
    "invalid-quantity", "A quantity is a number with an optional suffix: `100m`, `0.5`, `2`, `128Mi`, `1Gi`."
)
INVALID_TIME = code("invalid-time", "A time is written as in RFC 3339: `2026-01-31T12:00:00Z`.")
INVALID_BASE64 = code("invalid-base64", "Binary data is written in base64.")

Stage = Literal["decode", "strict", "validate"]


class DecodeError(Record):
    """What is wrong with a value, and at which of its stages the server says so."""

    code: Code
    stage: Stage
    path: Path
    message: str
    hint: str = ""
