"""The keys of dsgen.yaml for options that belong in every run or in none: `defaults` and `failOn`."""

from __future__ import annotations

from typing import Any, Final

from dsgen.problem import Problem
from dsgen.profile.shape_problems import INVALID_TYPE
from dsgen.source import describe
from dsgen.tree import Map, Text, origin_of

FAIL_ON: Final = ("warning", "expired")
# The keys: the description and an example of each.
KEYS: Final = {
    "defaults": (
        "Whether API defaults are written out, so that diffing tools report no drift: as `dsgen generate --defaults`, in every run. Default: false.",
        "defaults: true",
    ),
    "failOn": (
        "What makes `dsgen validate` and `dsgen generate` exit with 1 in addition to errors: `warning`, or `expired` allowances. `--fail-on` overrides it.",
        "failOn: warning",
    ),
}


def read(root: Map, problems: list[Problem]) -> dict[str, Any]:
    """Return the values of these keys of a dsgen.yaml, by the name of their field in a project; problems are added to `problems`."""
    found: dict[str, Any] = {}
    wanted = {"defaults": ("true", "false"), "failOn": FAIL_ON}
    for key, (one, other) in wanted.items():
        value = root.get(key)
        if value is None:
            continue
        if not isinstance(value, Text) or value not in (one, other) or (key == "defaults" and not value.plain):
            wrong = f"expected `{one}` or `{other}`, got {describe(value)}"
            problems.append(INVALID_TYPE.at(origin_of(value), wrong, hint=f"write `{KEYS[key][1]}`", path=key))
        elif key == "defaults":
            found["defaults"] = value == "true"
        else:
            found["fail_on"] = str(value)
    return found
