"""The problems of a run over environments: each once, with the environments that have it, and unused image pins."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from dsgen.choices import Allowed
from dsgen.generate.own_line import at_own_line
from dsgen.origin import Origin
from dsgen.problem import Problem, code, is_shipped

if TYPE_CHECKING:
    from dsgen.build.file_result import Result
    from dsgen.build.related import RelatedProblem
    from dsgen.build.targets import Target

NOT_A_PROFILE = code(
    "misplaced-config-map-file",
    """A file of a config map is in a folder of profiles, and so it is read as a profile. Files and folders whose names begin with `_`
    are not.""",
)


class ProblemCollector:
    """Collects the results of a run. A problem that a profile has in only some of its environments names those.

    Problems of a config map's file that is in a folder of profiles are replaced by one that says so.
    """

    def __init__(self) -> None:
        # Each problem with the files and environments of the results that have it; dictionaries keep the order.
        self._found: dict[Problem, tuple[dict[str, None], dict[str, None]]] = {}
        self._made: dict[str, set[str]] = {}
        self._images: dict[str, set[str]] = {}
        self._failed: set[str] = set()
        # By file, where problems that only a preset causes are placed.
        self._own: dict[str, Origin | None] = {}
        # The files of config maps, and the profiles that use them.
        self._config: dict[str, str] = {}
        # The warnings that were allowed, and the files with comments for dsgen.
        self.allowed: set[Allowed] = set()
        self.commented: dict[str, None] = {}

    def add(self, result: Result, problems: Iterable[Problem]) -> None:
        """Add a result, and its problems."""
        self._made.setdefault(result.file, set()).add(result.environment)
        self._own[result.file] = result.own
        self.allowed.update(result.decisions.allowed)
        self.commented.update(dict.fromkeys(result.decisions.commented))
        self._images.setdefault(result.environment, set()).update(result.images)
        self._config.update(dict.fromkeys(result.config, result.file))
        for problem in problems:
            self._add(problem, result.file, result.environment)

    def add_related(self, related: RelatedProblem) -> None:
        """Add a problem between the objects of results that were added."""
        self._add(related.problem, related.file, related.environment)

    def _add(self, problem: Problem, file: str, environment: str) -> None:
        if is_shipped(problem.file):
            # Between the objects of several profiles.
            problem = at_own_line(problem, self._own.get(file))
        files, environments = self._found.setdefault(problem, ({}, {}))
        files[file] = environments[environment] = None
        if problem.severity == "error":
            self._failed.add(environment)

    def problems(self) -> Iterator[Problem]:
        """Yield all problems."""
        misplaced = {
            problem.file
            for problem, (files, _) in self._found.items()
            if problem.severity == "error" and problem.file in files and problem.file in self._config
        }
        for file in sorted(misplaced):
            found = f"not a profile, but a file of a config map in {self._config[file]}"
            hint = "move it to a folder whose name begins with `_`, and update its path"
            yield NOT_A_PROFILE.at(None, found, hint=hint, file=file)
        for problem, (files, environments) in self._found.items():
            if problem.file in misplaced:
                continue
            every = set().union(*(self._made[file] for file in files))
            own = len(environments) == 1 and f"{next(iter(environments))}.yaml" == os.path.basename(problem.file)
            if len(environments) == len(every) or own:
                yield problem
            else:
                yield problem._replace(message=f"{problem.message} (in {_named(list(environments))})")

    def unused_pins(self, work: Sequence[Target]) -> Iterator[Problem]:
        """Yield a problem for each pin that matches no image, if `work` was everything and nothing failed."""
        for environment in {
            target.environment.name: target.environment for target in work if target.environment
        }.values():
            if environment.images and environment.name not in self._failed:
                from dsgen.resolve.images import unused_pins

                yield from unused_pins(environment.stated, self._images.get(environment.name, ()))


def _named(environments: list[str]) -> str:
    """Return the names of the first few environments, and how many more there are."""
    more = len(environments) - 3
    return ", ".join(environments[:3]) + (f" and {more} more" if more > 0 else "")
