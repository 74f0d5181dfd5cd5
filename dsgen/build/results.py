"""The results of a run as a whole: problems, and names and objects that two profiles may not share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dsgen.build.error import BuildError
from dsgen.build.file_result import Result
from dsgen.build.object_owners import ObjectOwners
from dsgen.build.problem_collector import ProblemCollector
from dsgen.build.related import RelatedObjects
from dsgen.build.targets import Target
from dsgen.build.unused_allowances import with_unused
from dsgen.problem import Problem


class CannotWriteError(BuildError):
    """The output cannot be written; the message says why."""


class RunResults:
    """The results of a run so far: unreadable files, and the files of profiles that failed in an environment or without one."""

    def __init__(self, problems: Iterable[Problem], related: RelatedObjects) -> None:
        self.unread: list[str] = []
        self.failed: set[str] = set()
        # The presets that profiles extend and the project has not locked.
        self.unlocked: set[str] = set()
        self._problems = list(problems)
        self._found = ProblemCollector()
        self._claims = ObjectOwners()
        self.related = related
        self._refused: set[tuple[str, str]] = set()

    def take(self, result: Result) -> bool:
        """Add a result, and return whether its objects may be used."""
        self._found.add(result, result.problems)
        self.unlocked.update(result.unlocked)
        if result.unread:
            self.unread.append(result.unread)
        usable = bool(result.claims) and not self._in_common(result)
        if not usable:
            self.failed.add(result.file)
        self.related.add(result, usable)
        return usable

    def refused(self) -> set[tuple[str, str]]:
        """Return the environments and files of the results so far that the cluster would refuse because of others; their objects may not be used."""
        for each in self.related.problems(only_errors=True):
            self._found.add_related(each)
            self.failed.add(each.file)
            self._refused.add((each.environment, each.file))
        return self._refused

    def add(self, problems: Iterable[Problem]) -> None:
        """Add problems that do not belong to a profile."""
        self._problems += problems

    def problems(self, work: Sequence[Target] = (), is_whole: bool = False) -> list[Problem]:
        """Return all problems; if `work` was all profiles of the project, also those that only all of them can show.

        The run `is_whole` if it was also for all environments, and for the version of Kubernetes that the project sets.
        """
        for each in self.related.problems():
            self._found.add_related(each)
        every = [*self._problems, *self._found.problems(), *self._found.unused_pins(work)]
        return with_unused(every, self._found, self.related.project, is_whole and not self.unread)

    def _in_common(self, result: Result) -> bool:
        conflicts = self._claims.same_name(result.environment, result.file, result.name)
        conflicts = conflicts or self._claims.conflicts(result.environment, result.file, result.claims)
        self._found.add(result, conflicts)
        return bool(conflicts)
