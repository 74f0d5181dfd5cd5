"""The public Python API."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dsgen.build.error import BuildError
from dsgen.choices import decided, settled
from dsgen.generate.for_project import generator
from dsgen.generate.generator import Generator
from dsgen.generate.objects import filename
from dsgen.generate.own_line import at_own_line
from dsgen.generate.result import GenerateResult
from dsgen.kubernetes.schema import fields
from dsgen.plain import plain_map
from dsgen.problem import Problem, ProblemError, did_you_mean, has_errors, in_order
from dsgen.project.project import Project, find_project, open_file
from dsgen.record import Record
from dsgen.resolve.file import File

if TYPE_CHECKING:
    from dsgen.resolve.environment import Environment


class Profile(Record):
    """A loaded profile: its text, and its project. It may have problems."""

    file: File
    project: Project


class Object(Record):
    """One Kubernetes object: its kind and name, its YAML text, and the same as dict, list, str, int, float, bool and None."""

    kind: str
    name: str
    text: str
    tree: dict[str, Any]

    @property
    def filename(self) -> str:
        """The object's file name."""
        return filename(self.kind, self.name)


class ProjectResult(Record):
    """The result of `generate_project`: the problems, in order, and how many files of `folder` were written, removed and unchanged.

    With `check`, how many would be written and removed.
    """

    folder: str
    problems: tuple[Problem, ...]
    written: int
    removed: int
    unchanged: int


def load(path: str | os.PathLike[str]) -> Profile:
    """Load the profile at `path`. Raises OSError if it cannot be opened, ProblemError for an invalid `dsgen.yaml`."""
    project, problems = find_project(Path(path).parent)
    if has_errors(problems):
        raise ProblemError(problems)
    return Profile(open_file(Path(path), project.root), project)


def loads(text: str | bytes, name: str = "profile.yaml", project: Project | None = None) -> Profile:
    """Load a profile from text; `name` is the file to show in problems, and paths in `extends` are relative to it."""
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return Profile(File(name, data, str(Path(name).resolve())), project or Project(Path.cwd()))


def validate(profile: Profile, kubernetes: str | None = None, environment: str | None = None) -> list[Problem]:
    """Return all problems of a profile, warnings included, in the order of the file.

    `kubernetes` is a minor version such as `1.36`; the default is that of the environment, or of the project. `environment` is the name
    of one of the project's environments. Raises ProblemError if that is invalid, LookupError if it does not exist, ValueError for an
    unknown version. This function is thread-safe, like all others here.
    """
    made = _make(profile, kubernetes, environment)
    own = profile.file
    related = decided(
        _related(made, profile.project),
        profile.project.checks.choices,
        lambda name: own.text if name == own.name else b"",
    )
    return in_order([*made.problems, *related])


def render(profile: Profile, kubernetes: str | None = None, environment: str | None = None) -> tuple[Object, ...]:
    """Return the objects of a profile. Raises ProblemError if it has errors.

    `kubernetes` and `environment` are as for `validate`.
    """
    made = _make(profile, kubernetes, environment)
    if has_errors(made.problems):
        raise ProblemError(problem for problem in made.problems if problem.severity == "error")
    return tuple(Object(each.kind, each.name, each.text, plain_map(each.tree)) for each in made.objects)


def generate_project(
    folder: str | os.PathLike[str] = ".",
    output: str | os.PathLike[str] | None = None,
    *,
    environments: Sequence[str] = (),
    kubernetes: str | None = None,
    check: bool = False,
    force: bool = False,
    jobs: int = 1,
) -> ProjectResult:
    """Generate every profile of the project at `folder` to `output` (default: the project's `out`), like `dsgen generate`.

    Nothing is written for a profile with errors. `environments` are names and patterns of environments (default: all). `check` writes
    nothing, and reports a problem for each file that is out of date; `force` also overwrites and removes files that were modified or
    that dsgen did not write. With `jobs` above 1, processes are forked: keep it at 1 in a program with threads.

    Raises ProblemError for an invalid `dsgen.yaml`, BuildError if the build fails (an environment that does not exist, a folder that
    cannot be written), ValueError for an unknown version.
    """
    from dsgen.build.generate_to_dir import GenerateOptions, generate_to_dir
    from dsgen.build.related import RelatedObjects
    from dsgen.build.results import RunResults
    from dsgen.build.selection import file_paths, version_problems
    from dsgen.build.targets import targets
    from dsgen.build.tasks import maker

    minor = _known(kubernetes)
    project, problems = find_project(Path(folder))
    if has_errors(problems):
        raise ProblemError(problems)
    make = maker(project, minor)
    work, wrong = targets(file_paths((), project), project, environments, minor, True, make)
    related = RelatedObjects(project, work, make, minor)
    results = RunResults([*problems, *version_problems(minor or project.kubernetes), *wrong], related)
    asked = GenerateOptions(
        None if output is None else os.fspath(output),
        all_environments=not environments,
        check=check,
        force=force,
        jobs=jobs,
        options=(minor, False),
    )
    done = generate_to_dir(asked, project, work, wrong, make, results, lambda: None)
    if results.unread:
        raise BuildError("; ".join(f"cannot read {line}" for line in dict.fromkeys(results.unread)))
    found = results.problems(work, is_whole=not (environments or minor))
    return ProjectResult(done.folder, tuple(in_order(found)), done.written, done.removed, done.unchanged)


def validate_manifest(text: str | bytes, name: str = "manifest.yaml", kubernetes: str | None = None) -> list[Problem]:
    """Return all errors and warnings of the API server for a manifest: one or more YAML documents.

    Each object of a kind that dsgen has no rules for is a problem of severity `note`. Raises ValueError for an unknown version.
    """
    from dsgen.kubernetes.stream import validate_stream

    problems = validate_stream(text, name, _known(kubernetes) or fields.DEFAULT).problems
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return in_order(settled(problems, (), {name: data})[0])


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft-07) for profiles."""
    from dsgen.profile.json_schema import json_schema
    from dsgen.profile.schema import PROFILE

    return json_schema(PROFILE)


@lru_cache(maxsize=32)
def _generator(project: Project, kubernetes: str | None) -> Generator:
    return generator(project, kubernetes)


def _make(profile: Profile, kubernetes: str | None, environment: str | None) -> GenerateResult:
    chosen = None if environment is None else _environment(profile.project, environment, _known(kubernetes))
    make = _generator(profile.project, _known(kubernetes))
    try:
        return make.make(profile.file, chosen)
    finally:
        # Cached parents may serve the next profile; a text is passed only once.
        make.forget(profile.file)


def _related(made: GenerateResult, project: Project) -> list[Problem]:
    """Return what is wrong between the objects of a profile; other profiles of its project may generate more."""
    if len(made.objects) < 2 and not project.checks.pod_security:
        return []
    from dsgen.kubernetes.relations.check import between

    roots = (each.tree for each in made.objects)
    return [
        at_own_line(problem, made.own)
        for _, problem in between(roots, made.minor, project.checks.pod_security, project.stated, generated=True)
    ]


def _known(kubernetes: str | None) -> str | None:
    if kubernetes is not None and kubernetes not in fields.MINORS:
        raise ValueError(f"unknown Kubernetes version {kubernetes!r}; known versions: {', '.join(fields.MINORS)}")
    return kubernetes


def _environment(project: Project, name: str, kubernetes: str | None) -> Environment:
    from dsgen.project.crds import with_files
    from dsgen.resolve.environment import read_environment

    files = project.environment_files()
    if name not in files:
        raise LookupError(f"no such environment {name}; {did_you_mean(name, files) or 'its file does not exist'}")
    found, problems = read_environment(open_file(files[name], project.root), name, project.kubernetes)
    if found is not None:
        found = with_files(found, project.root, problems)
    if found is None or has_errors(problems):
        raise ProblemError(problems)
    return found._replace(kubernetes=kubernetes) if kubernetes else found
