"""What can be wrong with a manifest before it is validated: the codes, and the error of one value."""

from __future__ import annotations

from typing import Literal

from dsgen.problem import Code, code
from dsgen.record import Record
from dsgen.tree import Path

# Kubernetes' types of errors, and that of a warning.
ErrorType = Literal[
    "Required", "Invalid", "NotSupported", "Duplicate", "Forbidden", "TooLong", "TooMany", "NotFound", "TypeInvalid", "Warning"
]  # fmt: skip

NO_KIND = code(
    "missing-kind",
    "A manifest must have `apiVersion` and `kind`, both strings, such as `apps/v1` and `DaemonSet`.",
)
UNKNOWN_KIND = code(
    "unknown-kind",
    """In Kubernetes' own API groups, such as `apps`, the kind must be one that the API server has there, in this spelling,
    in the selected version. The kinds of other groups are only known to the cluster: their objects are not validated.""",
)
UNKNOWN_GROUP = code(
    "unknown-group",
    """An API group without a dot must be one of Kubernetes' own. A group that is one letter off, with a kind that exists,
    is reported as a typo.""",
)
REMOVED_KIND = code(
    "removed-kind",
    """The API server must still serve the kind in this `apiVersion`. Most removed kinds are available in another one.""",
)
UNKNOWN_FIELD = code(
    "unknown-field",
    """Each field must be one that Kubernetes has at this place, in this spelling, in the selected version. The API server
    rejects any other.""",
)
INVALID_FIELD_TYPE = code(
    "invalid-field-type",
    """A value must have the type of its field: a string, a whole number, true or false, a list or a map. Nothing is
    converted: `1` is not a string, and `'1'` is not a number. Quote strings that look like a number, or like `yes`.""",
)
OUT_OF_RANGE = code(
    "out-of-range-number", """A whole number must fit its field: 32 bits, or 64 if Kubernetes says so."""
)
INVALID_QUANTITY = code(
    "invalid-quantity", "A quantity must be a number with an optional suffix: `100m`, `0.5`, `2`, `128Mi`, `1Gi`."
)
INVALID_TIME = code("invalid-time", "A time must be in RFC 3339 format: `2026-01-31T12:00:00Z`.")
INVALID_BASE64 = code("invalid-base64", "Binary data must be in base64.")

Stage = Literal["decode", "strict", "validate"]


class DecodeError(Record):
    """What is wrong with a value, and the stage at which the server reports it."""

    code: Code
    stage: Stage
    path: Path
    message: str
    hint: str = ""
