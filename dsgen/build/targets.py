"""The targets of a run: each selected profile, for each environment that uses it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from dsgen.build.error import BuildError
from dsgen.build.selection import stated_name, version_problems
from dsgen.problem import Problem, code, did_you_mean, has_errors
from dsgen.project.paths import display_path, unreadable
from dsgen.project.project import UNREAD_FILE, Project, beginning, open_file
from dsgen.project.shown_paths import shown
from dsgen.reading import PROJECT_FILE, read_named
from dsgen.record import Record
from dsgen.resolve.file import File
from dsgen.tree import Text

if TYPE_CHECKING:
    from dsgen.generate.generator import Generator
    from dsgen.resolve.environment import Environment

UNUSED_PROFILE = code(
    "unused-profile",
    "The project has environments, and none of them uses this profile, so nothing is generated from it.",
    severity="warning",
)


class Target(Record):
    """A profile to render, or another file to validate, and its environment if the project has environments.

    `root` is the project folder; symlinks may not lead out of it. `manifests` are files to pass on, and then `path` is what their first
    pattern begins with.
    """

    path: Path
    environment: Environment | None = None
    root: Path = Path()
    manifests: tuple[Path, ...] = ()


def read(path: Path, root: Path | None = None, limit: int = PROJECT_FILE) -> File:
    """Return the content of a file, or of standard input if the path is `-`.

    It may have at most `limit` bytes, and no symlink may lead to it out of the folder `root`. Raises OSError.
    """
    if str(path) == "-":
        return File("-", _input(sys.stdin), os.path.abspath("-"))
    absolute = os.path.abspath(path)
    return File(shown(absolute, path), read_named(path, root or "", limit), absolute)


@lru_cache(maxsize=1)
def _input(stream: TextIO) -> bytes:
    # It can be read only once, but every environment needs it.
    return stream.buffer.read()


def targets(
    paths: Sequence[Path],
    project: Project,
    chosen: Sequence[str],
    minor: str | None,
    every: bool,
    generator: Callable[[], Generator],
) -> tuple[list[Target], list[Problem]]:
    """Return the targets of a run, in the order of the environments, and the problems of the environments.

    `chosen` are names and patterns of environments; empty means all. `every` means that `paths` are all profiles of the project; then each
    file that should be a profile or an environment, but is not read as one, is a problem. The file of an environment among the paths means
    all profiles, for that environment. A file without a name, because it is broken or not a profile, belongs to no environment. Raises
    BuildError for an environment that does not exist, and if nothing is left to do.
    """
    try:
        files = project.environment_files()
        unread = _unread(project, every, bool(files))
        own = {os.path.abspath(path): name for name, path in files.items()}
        given = [own[path] for path in map(os.path.abspath, paths) if path in own]
        profiles = project.profile_files() if given else []
    except OSError as error:
        raise BuildError(f"cannot read {unreadable(error)}") from error
    if not files and unread.environments:
        return [], unread.problems
    if not files and not chosen:
        passed, missing = _passed_on(project, [None]) if every else ({}, [])
        work = [*passed.values(), *(Target(path, root=project.root) for path in paths)]
        return work, [*unread.problems, *missing, *_of_policies(project, [None], minor)]
    if given:
        others = [path for path in paths if os.path.abspath(path) not in own]
        work, problems = targets(profiles, project, given, minor, True, generator)
        more, further = targets(others, project, chosen, minor, False, generator) if others else ([], [])
        return list({_which(target): target for target in (*work, *more)}.values()), problems + further
    environments, problems = _environments(files, project, chosen, minor)
    problems += unread.problems
    names = _names(paths, project, generator())
    if every:
        known = list(dict.fromkeys(name or stated_name(path, project.root) for path, name in names.items()))
        # While the name of a profile cannot be read, it may be the one that an environment refers to.
        nameless = "" in known
        wrong = [[] if nameless else list(environment.problems(known)) for environment in environments]
        problems += (problem for each in wrong for problem in each)
        if not chosen and not has_errors(problems):
            problems += _unused(names, environments)
        environments = [each for each, found in zip(environments, wrong, strict=True) if not has_errors(found)]
    problems += (problem for each in environments for problem in version_problems(each.kubernetes))
    found = [Target(path, root=project.root) for path, name in names.items() if not name]
    passed, missing = _passed_on(project, environments) if every else ({}, [])
    problems += [*missing, *_of_policies(project, environments, minor)]
    for environment in environments:
        found += [passed[environment.name]] if environment.name in passed else []
        taken = (path for path, name in names.items() if name and environment.takes(name))
        found += [Target(path, environment, project.root) for path in taken]
    if not found and not has_errors(problems):
        raise BuildError("no environment uses any of these profiles")
    return found, problems


def _of_policies(project: Project, environments: Sequence[Environment | None], minor: str | None) -> list[Problem]:
    """Return what is wrong with the policies of a project. Raises BuildError for a file that cannot be read."""
    if not project.policies and not any(each.policies for each in environments if each):
        return []
    from dsgen.project.cluster import problems_of_policies

    try:
        return problems_of_policies(project, environments, minor)
    except OSError as error:
        raise BuildError(f"cannot read {unreadable(error)}") from error


class _Unread(Record):
    """The problems of unread files, and whether all environments of the project are among these: then the targets are unknown."""

    problems: list[Problem]
    environments: bool = False


def _unread(project: Project, every: bool, environments: bool) -> _Unread:
    is_there = isinstance(project.environments, Text) or (project.root / project.environments).is_dir()
    if not every and (environments or not is_there):
        return _Unread([])
    from dsgen.project.unread import unread, unread_environments

    none = [] if environments else unread_environments(project)
    return _Unread(unread(project) if every else none, bool(none))


def _passed_on(project: Project, environments: Sequence[Environment | None]) -> tuple[dict[str, Target], list[Problem]]:
    """Return a target with the manifests of each environment that has any, by its name, and the problems of their patterns.

    Raises BuildError for a folder that cannot be listed.
    """
    if not project.manifests and not any(each and "manifests" in each.stated for each in environments):
        return {}, []
    from dsgen.project.manifests import manifests

    found: dict[str, Target] = {}
    problems: dict[Problem, None] = {}
    for environment in environments:
        patterns = [*project.manifests, *(environment.stated.texts("manifests") if environment else ())]
        try:
            files, missing = manifests(project, patterns)
        except OSError as error:
            raise BuildError(f"cannot read {unreadable(error)}") from error
        problems.update(dict.fromkeys(missing))
        if files:
            name = environment.name if environment else ""
            found[name] = Target(beginning(project.root, patterns), environment, project.root, tuple(files))
    return found, list(problems)


def _which(target: Target) -> tuple[str, str]:
    return os.path.abspath(target.path), target.environment.name if target.environment else ""


def _environments(
    files: dict[str, Path], project: Project, chosen: Sequence[str], minor: str | None
) -> tuple[list[Environment], list[Problem]]:
    from dsgen.project.crds import with_files
    from dsgen.resolve.environment import read_environment

    for pattern in chosen:
        if not any(fnmatchcase(name, pattern) for name in files):
            hint = (
                _unread_hint(pattern, project)
                or did_you_mean(pattern, files)
                or (f"there are {', '.join(files)}" if files else "the project has none")
            )
            raise BuildError(f"no such environment {pattern}; {hint}")
    found: list[Environment] = []
    problems: list[Problem] = []
    for name, path in files.items():
        if chosen and not any(fnmatchcase(name, pattern) for pattern in chosen):
            continue
        try:
            environment, faults = read_environment(open_file(path, project.root), name, project.kubernetes)
        except OSError as error:
            raise BuildError(f"cannot read {unreadable(error, path)}") from error
        problems += faults
        if environment is not None:
            environment = with_files(environment, project.root, problems)
            found.append(environment._replace(kubernetes=minor) if minor else environment)
    return found, problems


def _unread_hint(pattern: str, project: Project) -> str:
    from dsgen.project.unread import unread_environments

    for each in unread_environments(project):
        if each.code == UNREAD_FILE.name and fnmatchcase(Path(each.file).stem, pattern):
            return f"{each.file} is not read: {each.hint}"
    return ""


def _unused(names: dict[Path, str], environments: list[Environment]) -> Iterator[Problem]:
    for path, name in names.items():
        if name and not any(environment.takes(name) for environment in environments):
            found = f"no environment uses `{name}`"
            hint = "add it to `profiles` of an environment, or if it is only meant to be extended, prefix its file name with `_`"
            yield UNUSED_PROFILE.at(None, found, hint=hint, file=display_path(path), path="name")


def _names(paths: Sequence[Path], project: Project, generator: Generator) -> dict[Path, str]:
    """Return the name of each profile; it is empty if the file cannot be read or is not a profile."""
    names = {}
    for path in paths:
        try:
            names[path] = generator.name(read(path, project.root))
        except OSError:
            names[path] = ""  # the run reports why
    return names
