"""Runs the cases of tests: generates what they are about, and compares."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from dsgen.assertions.case import Assertion, Case
from dsgen.assertions.compare import differences
from dsgen.build.selection import stated_name
from dsgen.build.targets import Target, read, targets
from dsgen.build.tasks import make as made_of
from dsgen.build.tasks import maker
from dsgen.plain import plain_map
from dsgen.problem import Problem, code, did_you_mean, dotted, has_errors
from dsgen.project.project import Project
from dsgen.record import Record
from dsgen.tree import Map, origin_of

if TYPE_CHECKING:
    from dsgen.generate.result import GenerateResult

FAILED = code(
    "failed-test",
    """A profile does not generate what a test expects: a value differs from the one under `expect`, or an expression under `rules` is not true.
    The problem points to the line in the test file.""",
)
UNKNOWN_SUBJECT = code(
    "unknown-test-subject",
    """A case of a test file refers to a profile or an environment that the project does not have, or to an object that the profile does not
    generate.""",
)
UNEVALUATED = code(
    "unvalidated-test",
    """A rule in a test file cannot be evaluated, so it does not count as passed. Either the extra `cel` is not installed, or the expression
    contains something that dsgen does not evaluate.""",
)
INVALID_RULE = code(
    "invalid-test-expression",
    "An expression under `rules` in a test file must compile, and its result must be a boolean.",
)
PASSED: Final = "passed"


class Outcome(Record):
    """A case in one environment: `passed`, `failed` or `not evaluated`, and the problems."""

    case: Case
    environment: str
    problems: tuple[Problem, ...]

    @property
    def result(self) -> str:
        """What came out."""
        if not self.problems:
            return PASSED
        return "not evaluated" if all(each.code == UNEVALUATED.name for each in self.problems) else "failed"


def run(
    project: Project, cases: Sequence[Case], chosen: Sequence[str], minor: str | None
) -> tuple[list[Outcome], list[Problem]]:
    """Return the outcomes of cases in the `chosen` environments, or in all, and problems of the project. Raises BuildError."""
    return _Runner(project, chosen, minor).all(cases)


class _Runner:
    def __init__(self, project: Project, chosen: Sequence[str], minor: str | None) -> None:
        self._project = project
        self._make = maker(project, minor)
        work, self._problems = targets(project.profile_files(), project, chosen, minor, False, self._make)
        self._targets = [target for target in work if not target.manifests]
        self._chosen = chosen
        self._made: Callable[[int], GenerateResult] = cache(lambda at: made_of(self._make(), self._targets[at]))
        self._names = [self._name(target) for target in self._targets]

    def all(self, cases: Sequence[Case]) -> tuple[list[Outcome], list[Problem]]:
        """Return the outcomes of all cases, and the problems of environments."""
        return [outcome for case in cases for outcome in self._outcomes(case)], self._problems

    def _name(self, target: Target) -> str:
        # A profile with errors has a name, too, if one can be read.
        return self._make().name(read(target.path, target.root)) or stated_name(target.path, target.root)

    def _outcomes(self, case: Case) -> Iterator[Outcome]:
        of_profile = [at for at, name in enumerate(self._names) if name == case.profile]
        if not of_profile:
            known = dict.fromkeys(filter(None, self._names))
            hint = did_you_mean(case.profile, known) or f"known profiles: {', '.join(known)}"
            found = f"the project has no profile `{case.profile}`"
            yield Outcome(case, "", (UNKNOWN_SUBJECT.at(case.origin("profile"), found, hint=hint, path="profile"),))
            return
        names = {at: self._environment(at) for at in of_profile}
        for pattern in case.stated.texts("environments"):
            if not any(fnmatchcase(name, pattern) for name in names.values()) and not self._chosen:
                hint = (
                    did_you_mean(pattern, names.values())
                    or f"environments of `{case.profile}`: {', '.join(filter(None, names.values())) or 'none'}"
                )
                found = f"`{pattern}` matches no environment that uses `{case.profile}`"
                yield Outcome(
                    case, "", (UNKNOWN_SUBJECT.at(origin_of(pattern), found, hint=hint, path="environments"),)
                )
        for at, name in names.items():
            if not case.environments or any(fnmatchcase(name, pattern) for pattern in case.environments):
                yield Outcome(case, name, tuple(self._problems_of(case, self._made(at))))

    def _environment(self, at: int) -> str:
        environment = self._targets[at].environment
        return environment.name if environment else ""

    def _problems_of(self, case: Case, made: GenerateResult) -> Iterator[Problem]:
        where = f" in {made.environment}" if made.environment else ""
        if has_errors(made.problems):
            first = next(each for each in made.problems if each.severity == "error")
            found = f"`{case.profile}` has errors{where}: {first.file}:{first.line}: {first.message}"
            yield FAILED.at(case.origin("profile"), found, hint="run `dsgen validate`", path="profile")
            return
        objects = [each for each in made.objects if each.kind == case.kind and case.object in ("", each.name)]
        if not objects:
            known = dict.fromkeys(word for each in made.objects for word in (each.kind, f"{each.kind}/{each.name}"))
            asked = f"{case.kind}/{case.object}" if case.object else case.kind
            hint = did_you_mean(asked, known) or f"it generates {', '.join(each for each in known if '/' in each)}"
            found = f"`{case.profile}` generates no `{asked}`{where}"
            yield UNKNOWN_SUBJECT.at(case.origin("object"), found, hint=hint, path="object")
        for each in objects:
            shown = f"{each.kind} {each.name}{where}"
            yield from self._of_object(case, each.tree, [other.tree for other in made.objects], made.minor, shown)

    def _of_object(self, case: Case, tree: Map, others: list[Map], minor: str, shown: str) -> Iterator[Problem]:
        defaulted = _defaulted(tree, minor)
        for each in differences(case.expected, tree, defaulted):
            found = f"{shown}: expected {each.expected}, got {each.found}"
            yield FAILED.at(each.origin, found, path="expect", field=dotted(each.path))
        if case.rules:
            forms = [_defaulted(other, minor) for other in others]
            for rule in case.rules:
                yield from _rule(rule, {"object": defaulted, "objects": forms}, minor, shown)


def _defaulted(tree: Map, minor: str) -> dict[str, Any]:
    """Return a generated object with defaults, or as it is if its form is not known."""
    from dsgen.kubernetes.policies.seen import seen

    namespace = tree.map("metadata").get("namespace")
    form = seen(tree, minor, namespace=str(namespace) if isinstance(namespace, str) else None)
    return form.value if form else plain_map(tree)


def _rule(rule: Assertion, values: dict[str, object], minor: str, shown: str) -> Iterator[Problem]:
    from dsgen.kubernetes.cel.expression import compiled
    from dsgen.kubernetes.cel.missing_keys import remedy
    from dsgen.kubernetes.cel.outcomes import CompileError, Failed, Unevaluated
    from dsgen.kubernetes.cel.types import DYN, list_of
    from dsgen.kubernetes.schema.fields import minor_number

    program = compiled(rule.expression, {"object": DYN, "objects": list_of(DYN)}, minor_number(minor))
    if isinstance(program, CompileError):
        yield INVALID_RULE.at(rule.origin, program.message, path="rules")
        return
    outcome = program if isinstance(program, Unevaluated) else program.evaluate(values)
    if isinstance(outcome, Unevaluated):
        yield UNEVALUATED.at(rule.origin, f"this rule is not evaluated: {outcome.reason}", path="rules")
    elif isinstance(outcome, Failed):
        trees = [] if isinstance(program, Unevaluated) else [program.tree.expr]
        found = f"{shown}: the rule results in an error: {outcome.message}"
        yield FAILED.at(rule.origin, found, hint=remedy(outcome.message, trees), path="rules")
    elif not isinstance(outcome.value, bool):
        yield INVALID_RULE.at(rule.origin, "the result of a rule must be a boolean", path="rules")
    elif not outcome.value:
        yield FAILED.at(rule.origin, f"{shown}: {rule.message or 'the rule is not true'}", path="rules")


def files(project: Project, given: Sequence[str]) -> list[str]:
    """Return the files of tests: those `given`, and those in folders, or the project's own in `tests`."""
    from pathlib import Path

    from dsgen.build.selection import file_paths
    from dsgen.reading import YAML_SUFFIXES

    own = project.root / "tests"
    asked = list(given) or ([str(own)] if own.is_dir() else [])
    found: list[str] = []
    for each in asked:
        found += map(str, file_paths([each], project, YAML_SUFFIXES) if Path(each).is_dir() else [each])
    return list(dict.fromkeys(map(os.path.normpath, found)))
