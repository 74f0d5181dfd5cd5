"""The problems of a profile's shape, and how a conversion reports one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from dsgen.problem import Code, Problem, code
from dsgen.record import Record
from dsgen.source import describe
from dsgen.tree import Value, origin_of

INVALID_TYPE = code(
    "invalid-type",
    """The value does not have the type that its key expects. Numbers and booleans must be unambiguous: `true` or `false`, decimal
    digits without a leading zero, an octal file mode for `mode` and `defaultMode`. `yes`, `on`, `012` and `12:30` mean different
    things to different YAML parsers.""",
)
UNKNOWN_KEY = code(
    "unknown-key",
    """The profile language has no such key here, and Kubernetes has no such field. `dsgen explain KEY` lists the keys below KEY.""",
)
MISPLACED_KEY = code("misplaced-key", "The key exists, but in another place: the hint says where.")
NOT_PARSED = code(
    "invalid-short-form",
    "A short form could not be parsed. The hint shows its syntax; Kubernetes' long form is accepted in the same place.",
)
FORBIDDEN_NULL_IN_LIST = code(
    "forbidden-null-in-list",
    'A list contains null. Null removes a key of a lower layer; in a list it has no meaning. Write `""` or `{}`.',
)
UNKNOWN_VERSION = code("unknown-version", "dsgen does not support this version of Kubernetes.")
INVALID_PROFILE_NAME = code(
    "invalid-profile-name",
    """A profile's `name` is the name of the DaemonSet and a label value. It must consist of lower-case letters, digits, `-` and `.`, begin and
    end with a letter or digit, and have at most 63 characters.""",
)
TWO_NAMES = code(
    "conflicting-keys",
    "One layer contains two names of one key (`update` and `updateStrategy`, `mounts` and `volumeMounts`, `KEY` and `KEY+`).",
)

# A problem as a conversion reports it: its code, the key or value of the layer that caused it, the message and the hint.
Finding: TypeAlias = tuple[Code, object, str, str]
ReportPart: TypeAlias = Callable[[Code, object, str, str], None]
Convert: TypeAlias = Callable[[Value, ReportPart], Value]


def wrong_setting(value: Value, wanted: str, path: str, keys: Mapping[str, tuple[str, str]]) -> Problem:
    """Return a problem for a value of dsgen.yaml; `keys` are the description and an example of each key at the top."""
    example = keys[path.partition(".")[0]][1]
    found = f"expected {wanted}, got {describe(value)}"
    return INVALID_TYPE.at(origin_of(value), found, hint=f"an example: `{example}`", path=path)


class Place(Record):
    """A map of the profile language, as messages name it (`a profile`, "`nodes`"), and the key of the layer that it is below."""

    inside: str
    top: str = ""
