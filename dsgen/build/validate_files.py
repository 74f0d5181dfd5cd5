"""Validate files: profiles in each environment that uses them, and manifests, each by itself and with the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from dsgen.build.file_result import Result
from dsgen.build.object_owners import ObjectOwners
from dsgen.build.problem_collector import ProblemCollector
from dsgen.build.processes import results
from dsgen.build.related import RelatedObjects
from dsgen.build.selection import default_version, file_paths, version_problems
from dsgen.build.targets import targets
from dsgen.build.tasks import maker, validate
from dsgen.build.unused_allowances import with_unused
from dsgen.problem import Problem, has_errors
from dsgen.project.cluster import of_cluster
from dsgen.project.project import Project
from dsgen.reading import YAML_SUFFIXES
from dsgen.record import Record


class ValidationResult(Record):
    """The `problems` of a run, the names of the files with errors, and how many objects were `validated`.

    `in_part` are the kinds of objects validated only in part, `others` of those not validated at all, `unread` why files could not be read.
    """

    problems: list[Problem]
    wrong: frozenset[str]
    validated: int
    in_part: list[str]
    others: list[str]
    unread: list[str]


def validate_files(
    project: Project,
    files: Sequence[str],
    environments: Sequence[str] = (),
    minor: str | None = None,
    jobs: int | None = None,
    watch: Callable[[Iterator[Result], int], Iterator[Result]] = lambda found, _: found,
) -> ValidationResult:
    """Validate `files`: paths of files and folders, `-`, or names of profiles; without any, all profiles of the project.

    `environments` are names and patterns of environments, `minor` a version of Kubernetes instead of the project's. There are at most `jobs`
    processes (default: one per core). `watch` yields the results that it gets, of which there are so many. Raises BuildError.
    """
    used = minor or project.kubernetes
    make = maker(project, minor)
    paths = file_paths(files, project, YAML_SUFFIXES)
    work, stated = targets(paths, project, environments, minor, not files, make)
    problems = [*version_problems(used), *stated]
    problems += default_version(project, minor, (each.environment for each in work))
    wrong = {problem.file for problem in stated if problem.severity == "error"}
    claims, found = ObjectOwners(), ProblemCollector()
    related = RelatedObjects(project, work, make, minor, paths if files else ())
    validated = 0
    in_part: list[str] = []
    others: list[str] = []
    unread: list[str] = []
    given = (path for target in work for path in target.manifests or (target.path,))
    checks = of_cluster(project, given=given)
    for result in watch(results(work, validate(make, used, checks, related.are_several, not files), jobs), len(work)):
        faults = [*result.problems, *claims.conflicts(result.environment, result.file, result.claims)]
        if not files and result.claims:
            faults += claims.same_name(result.environment, result.file, result.name)
        found.add(result, faults)
        related.add(result)
        validated += result.judged
        if has_errors(faults):
            wrong.add(result.file)
        in_part += result.in_part
        others += result.others
        unread += [result.unread] if result.unread else []
    for each in related.problems():
        found.add_related(each)
        if each.problem.severity == "error":
            wrong.add(each.file)
    problems += found.problems()
    problems += [] if files else found.unused_pins(work)
    problems = with_unused(problems, found, project, not (files or environments or minor or unread))
    return ValidationResult(problems, frozenset(wrong), validated, in_part, others, unread)
