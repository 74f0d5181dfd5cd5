"""The relations between the objects of a run: those of all its files, or of one environment."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dsgen.build.tasks import objects
from dsgen.problem import Problem, has_errors
from dsgen.project.paths import display_path
from dsgen.project.project import Project
from dsgen.record import Record

if TYPE_CHECKING:
    from dsgen.build.file_result import Result
    from dsgen.build.targets import Target
    from dsgen.generate.generator import Generator
    from dsgen.kubernetes.relations.excerpt import Excerpt
    from dsgen.tree import Map


class RelatedProblem(Record):
    """A problem, and the file and the environment of the object that has it."""

    file: str
    environment: str
    problem: Problem


class RelatedObjects:
    """The objects of a run so far. Each environment is a cluster of its own.

    `given` are the paths that the run is about, empty for all profiles of the project. With some of a project's profiles, or in a shard, the
    objects are part of a cluster.
    """

    def __init__(
        self,
        project: Project,
        work: Sequence[Target],
        make: Callable[[], Generator],
        minor: str | None,
        given: Sequence[Path] = (),
        in_shard: bool = False,
    ) -> None:
        self.project = project
        self._work = work
        self._make = make
        self._minor = minor or project.kubernetes
        self._given = given
        self._in_shard = in_shard
        self._known: dict[str, list[Excerpt]] = {}
        # A file whose name cannot be read belongs to no environment, and so to all.
        self._incomplete: set[str] = set()

    @property
    def are_several(self) -> bool:
        """Whether objects may be related to those of other files, or to a default of the cluster."""
        return len(self._work) > 1 or bool(self.project.checks.pod_security)

    @cached_property
    def _is_partial(self) -> bool:
        if self._in_shard or not self._given or not self.project.stated:
            return self._in_shard
        try:
            own = set(map(os.path.abspath, self.project.profile_files()))
        except OSError:
            return True
        given = own & set(map(os.path.abspath, self._given))
        return bool(given) and given != own

    def add(self, result: Result, usable: bool = True) -> None:
        """Add the objects of a file.

        If it has errors, or is not `usable` for another reason, or if Kustomize changes objects, those of its environment are not all.
        """
        if usable and result.excerpts:
            self._known.setdefault(result.environment, []).extend(result.excerpts)
        elif not usable or result.unread or has_errors(result.problems):
            self._incomplete.add(result.environment)
        if result.is_source:
            self._incomplete.add(result.environment)

    def problems(self, only_errors: bool = False) -> Iterator[RelatedProblem]:
        """Yield what is wrong between the objects of each environment, or `only_errors`."""
        if not self._known:
            return
        from dsgen.kubernetes.relations.check import relations

        default = self.project.checks.pod_security
        for environment, excerpts in self._known.items():
            partial = only_errors or self._is_partial or not self._incomplete.isdisjoint(("", environment))
            again = _Again(environment, self._work, self._make, self._minor)
            for owner, problem in relations(excerpts, again.tree, again.minor, default, partial):
                yield RelatedProblem(owner.file, environment, problem)


class _Again:
    """Reads files again for the objects that are needed in full; only mistakes need any."""

    def __init__(self, environment: str, work: Sequence[Target], make: Callable[[], Generator], minor: str) -> None:
        self._work = [target for target in work if _environment_of(target) == environment]
        stated = self._work[0].environment if self._work else None
        self.minor = stated.kubernetes if stated else minor
        self._read = objects(make, self.minor)
        self._file = ""
        self._found: dict[tuple[Any, ...], Map] = {}

    @cached_property
    def _targets(self) -> dict[str, Target]:
        """The targets by the names that problems have for their files."""
        return {_shown(target): target for target in self._work}

    def tree(self, excerpt: Excerpt) -> Map | None:
        """Return an object, or None if it cannot be read again."""
        from dsgen.kubernetes.relations.excerpt import excerpt as excerpt_of

        if excerpt.file != self._file:
            self._file, self._found = excerpt.file, {}
            target = self._targets.get(excerpt.file)
            try:
                roots = self._read(target) if target else []
            except OSError:
                roots = []
            self._found = {_identity(each): root for root in roots if (each := excerpt_of(root)) is not None}
        return self._found.get(_identity(excerpt))


def _environment_of(target: Target) -> str:
    return target.environment.name if target.environment else ""


def _shown(target: Target) -> str:
    return "-" if str(target.path) == "-" else display_path(target.path)


def _identity(excerpt: Excerpt) -> tuple[Any, ...]:
    return excerpt.kind, excerpt.namespace, excerpt.name, excerpt.origin
