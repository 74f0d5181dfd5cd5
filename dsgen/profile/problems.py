"""The problems of a profile's shape, and how a conversion reports one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from dsgen.problem import Code, code
from dsgen.tree import Value

INVALID_TYPE = code(
    "invalid-type",
    """The value has another type than its key takes. Where a number or a boolean is wanted, only an unambiguous one is
    taken: `true` or `false`, decimal digits without a leading zero, an octal file mode for `mode` and `defaultMode`.
    `yes`, `on`, `012` and `12:30` mean different things to different readers of YAML.""",
)
UNKNOWN_KEY = code(
    "unknown-key",
    """The profile language has no such key here, and Kubernetes has no such field. `dsgen explain KEY` shows what a key takes.""",
)
MISPLACED_KEY = code("misplaced-key", "The key exists, but elsewhere: the hint says where the profile language has it.")
NOT_PARSED = code(
    "invalid-short-form",
    "A short form could not be read. The hint shows the form; Kubernetes' long form is accepted in the same place.",
)
FORBIDDEN_NULL_IN_LIST = code(
    "forbidden-null-in-list",
    'A list holds null. Null removes a key of a lower layer; in a list it means nothing. Write `""` or `{}`.',
)
UNKNOWN_VERSION = code("unknown-version", "dsgen has no field tables of this version of Kubernetes.")
INVALID_PROFILE_NAME = code(
    "invalid-profile-name",
    """A profile's `name` names the DaemonSet and is a label value: lower-case letters, digits, `-` and `.`, beginning and
    ending with a letter or digit, at most 63 characters.""",
)
TWO_NAMES = code(
    "conflicting-keys",
    "Two names of one key (`update` and `updateStrategy`, `mounts` and `volumeMounts`, `KEY` and `KEY+`) stand in one layer.",
)

# report(code, part, message, hint): `part` is the key or value of the layer that is to blame.
Report: TypeAlias = Callable[[Code, object, str, str], None]
Convert: TypeAlias = Callable[[Value, Report], Value]
