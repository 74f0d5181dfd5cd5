"""The key `dsgen` of `dsgen.yaml`: which versions of dsgen may generate the project."""

from __future__ import annotations

import re
from collections.abc import Callable
from operator import eq, ge, gt, le, lt, ne
from typing import Final

from dsgen.problem import Problem, code
from dsgen.profile.shape_problems import INVALID_TYPE
from dsgen.source import describe
from dsgen.tree import Text, Value, origin_of
from dsgen.version import __version__

MISMATCHED_DSGEN_VERSION = code(
    "mismatched-dsgen-version",
    """The `dsgen` key of `dsgen.yaml` does not allow this version of dsgen. Two versions can render the same profile differently, and people
    who use them would overwrite each other's output.""",
)

_OPERATORS: Final[dict[str, Callable[[tuple[int, ...], tuple[int, ...]], bool]]] = {
    "==": eq,
    "!=": ne,
    ">=": ge,
    "<=": le,
    ">": gt,
    "<": lt,
}
_CLAUSE: Final = re.compile(r"\s*(==|!=|>=|<=|>|<)\s*([0-9]{1,6}(?:\.[0-9]{1,6}){0,3})\s*")
EXAMPLE: Final = ">=0.2,<0.4"


def is_required(value: Value, problems: list[Problem]) -> bool:
    """Return whether this version of dsgen is one that `dsgen.yaml` requires; if not, a problem is added to `problems`.

    `value` has comparisons with versions, as pip takes them: `>=0.2,<0.4`. Of a version that is not released, such as 0.3.0.dev1, the
    numbers count.
    """
    clauses = [_CLAUSE.fullmatch(clause) for clause in str(value).split(",")] if isinstance(value, Text) else [None]
    if not all(clauses):
        found = f"expected versions of dsgen such as `{EXAMPLE}`, got {describe(value)}"
        hint = f"write comparisons, separated by commas: {', '.join(f'`{operator}`' for operator in _OPERATORS)}"
        problems.append(INVALID_TYPE.at(origin_of(value), found, hint=hint, path="dsgen"))
        return False
    this = re.match(r"[0-9.]*[0-9]", __version__)
    own = _numbers(this[0] if this else "0")
    if all(clause is not None and _OPERATORS[clause[1]](own, _numbers(clause[2])) for clause in clauses):
        return True
    found = f"this project requires dsgen {value}, got {__version__}"
    wanted = "".join(str(value).split())
    hint = (
        f"`pip install --no-index --no-deps --find-links FOLDER 'dsgen-k8s{wanted}'` installs a matching version from a folder with its wheel; "
        f"or change `dsgen` here to allow {__version__}"
    )
    problems.append(MISMATCHED_DSGEN_VERSION.at(origin_of(value), found, hint=hint, path="dsgen"))
    return False


def _numbers(version: str) -> tuple[int, ...]:
    numbers = [int(part) for part in version.split(".")]
    return (*numbers, *[0] * (4 - len(numbers)))
