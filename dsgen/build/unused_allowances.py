"""Comments and choices of a project that allow warnings which no run has any longer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from dsgen.build.choose import chosen, text_of
from dsgen.build.problem_collector import ProblemCollector
from dsgen.build.targets import UNUSED_PROFILE
from dsgen.choices import EXPIRED_ALLOWANCE, OFF, Allowance, Allowed, Choice, allowances, is_over
from dsgen.problem import Problem, code, has_errors
from dsgen.project.project import Project

UNUSED_ALLOWANCE = code(
    "unused-allowance",
    """A comment, or a choice under `problems` in dsgen.yaml, allows a warning that no profile of the project has, in any environment. It is only
    reported for whole projects without errors, and not for warnings of other commands, such as `dsgen plan`.""",
    "warning",
)
# Warnings that only other commands have, and those that come and go.
ELSEWHERE: Final = frozenset(
    {
        "runs-nowhere",
        "misplaced-pods",
        "ambiguous-node-overhead",
        "insufficient-node-overhead",
        "insufficient-surge-resources",
        "insufficient-max-unavailable",
        "missing-readiness-probe",
        "stale-output",
        EXPIRED_ALLOWANCE.name,
        UNUSED_ALLOWANCE.name,
    }
)
_POLICY_WARNING: Final = "policy-warning"
_NOT_EVALUATED: Final = ("unvalidated-policy", "unapplied-policy")


def with_unused(
    problems: Iterable[Problem], found: ProblemCollector, project: Project, is_whole: bool
) -> list[Problem]:
    """Return the problems of a run as the project decides about them; of a run that `is_whole`, with those of unused allowances."""
    suppressed = [*found.allowed]
    left = chosen(problems, project, suppressed)
    if not is_whole or has_errors(left):
        return left
    elsewhere = {*ELSEWHERE, *(_POLICY_WARNING for each in left if each.code in _NOT_EVALUATED)}
    unused = [*_comments(found.commented, suppressed, elsewhere)]
    codes = {*(each.code for each in left), *(each.code for each in suppressed)}
    # It is unknown what a profile has that no environment uses.
    if UNUSED_PROFILE.name not in codes:
        unused += _choices(project.checks.choices, codes | elsewhere)
    return [*left, *chosen(unused, project)]


def _comments(files: Iterable[str], allowed: Iterable[Allowed], elsewhere: Collection[str]) -> Iterator[Problem]:
    used = set(allowed)
    for file in files:
        for each in allowances(text_of(file), file):
            if not is_over(each.until):
                yield from _of_comment(each, file, used, elsewhere)


def _choices(choices: Iterable[Choice], codes: Collection[str]) -> Iterator[Problem]:
    for choice in choices:
        name = choice.code
        if choice.severity == OFF and not is_over(choice.until) and name not in codes:
            yield UNUSED_ALLOWANCE.at(
                choice.place,
                f"no profile of the project has the warning `{name}`",
                hint=f"remove `{name}`; if you need it for other manifests, add `# dsgen: allow {UNUSED_ALLOWANCE.name}: REASON` to this line",
                path=f"problems.{name}",
            )


def _of_comment(
    comment: Allowance, file: str, used: Collection[Allowed], elsewhere: Collection[str]
) -> Iterator[Problem]:
    lines = (comment.line, *(comment.value or ())[:1])
    unused = [
        name
        for name in comment.codes
        if name not in elsewhere and not any(Allowed(file, line, name) in used for line in lines)
    ]
    if unused:
        names = ", ".join(f"`{name}`" for name in unused)
        hint = "remove the comment" if len(unused) == len(comment.codes) else f"remove {names} from the comment"
        yield UNUSED_ALLOWANCE.at(comment.place, f"line {comment.line} no longer has the warning {names}", hint=hint)
