"""The API server's verdict on a manifest, together with dsgen's own findings."""

from __future__ import annotations

from typing import Any, Final

from dsgen.kubernetes import validate
from dsgen.kubernetes.lint import NOTHING_SAID, Checks
from dsgen.kubernetes.schema import fields
from dsgen.kubernetes.schema.decode import identify
from dsgen.problem import Problem


def validate_and_lint(root: Any, minor: str = fields.DEFAULT, checks: Checks = NOTHING_SAID) -> list[Problem]:
    """Return everything that is wrong with the manifest `root`: what the API server of `minor` reports, and what dsgen adds."""
    said = validate.validate(root, minor)
    kind = identify(root, minor).type
    if not kind:
        return said
    from dsgen.kubernetes.lint import apply

    found = apply.problems(root, kind, minor, checks.apply)
    if found:
        said, found = _reconciled(said, found)
    if kind == "DaemonSet":
        from dsgen.kubernetes.lint.pods import problems

        found += problems(root, checks.untagged)
    return said + found


# What the server warns about for a duplicate item: `duplicate-entry` says more.
_SUPERSEDED: Final = frozenset(
    {"duplicate-env-name", "duplicate-port", "overlapping-port", "ambiguous-host-port", "duplicate-pull-secret", "duplicate-host-alias"}
)  # fmt: skip


def _reconciled(said: list[Problem], found: list[Problem]) -> tuple[list[Problem], list[Problem]]:
    """Return both without duplicates: the server's errors win, and our findings over its warnings."""
    refused = [each.field for each in said if each.severity == "error"]
    found = [each for each in found if not any(_within(field, each.field) for field in refused)]
    twice = [each.field for each in found]
    kept = [
        each for each in said if each.code not in _SUPERSEDED or not any(_within(each.field, field) for field in twice)
    ]
    return kept, found


def _within(field: str, other: str) -> bool:
    return field == other or field.startswith(f"{other}.")
