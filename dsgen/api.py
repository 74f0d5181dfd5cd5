"""The public Python API, in functions from values to values."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dsgen.build.error import BuildError
from dsgen.generate.for_project import generator
from dsgen.generate.generator import GenerateResult, Generator
from dsgen.generate.objects import filename
from dsgen.kubernetes.schema import fields
from dsgen.problem import Problem, ProblemError, did_you_mean, has_errors, in_order
from dsgen.project.project import Project, find_project, open_file
from dsgen.record import Record
from dsgen.resolve.file import File
from dsgen.tree import plain_map

if TYPE_CHECKING:
    from dsgen.resolve.environment import Environment


class Profile(Record):
    """A profile that was read: its text, and the project it belongs to. It may still have problems."""

    file: File
    project: Project


class Object(Record):
    """One Kubernetes object: its kind and name, its text, and what this says as dict, list, str, int, float, bool and None."""

    kind: str
    name: str
    text: str
    tree: dict[str, Any]

    @property
    def filename(self) -> str:
        """The name of its file."""
        return filename(self.kind, self.name)


class ProjectResult(Record):
    """What `generate_project` did: the problems found, in order, and how many files of `folder` it wrote, removed and left unchanged.

    With `check`, how many it would write and remove.
    """

    folder: str
    problems: tuple[Problem, ...]
    written: int
    removed: int
    unchanged: int


def load(path: str | os.PathLike[str]) -> Profile:
    """Read the profile at `path`. Raises OSError when it cannot be opened, ProblemError for a faulty `dsgen.yaml`."""
    project, problems = find_project(Path(path).parent)
    if has_errors(problems):
        raise ProblemError(problems)
    return Profile(open_file(Path(path), project.root), project)


def loads(text: str | bytes, name: str = "profile.yaml", project: Project | None = None) -> Profile:
    """Take a profile from text; `name` is the file to show in problems, and paths in `extends` are relative to it."""
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return Profile(File(name, data, str(Path(name).resolve())), project or Project(Path.cwd()))


def validate(profile: Profile, kubernetes: str | None = None, environment: str | None = None) -> list[Problem]:
    """Return everything that is wrong with a profile, warnings included, in the order of the file.

    `kubernetes` is a minor version such as `1.36`; by default that of the environment, or of the project. `environment` is the name of
    one of the project's. Raises ProblemError for one that is faulty, LookupError where there is none of this name, ValueError for a
    version that dsgen does not know. Threads may call it, as all of these functions, at the same time.
    """
    return list(_make(profile, kubernetes, environment).problems)


def render(profile: Profile, kubernetes: str | None = None, environment: str | None = None) -> tuple[Object, ...]:
    """Return the objects that a profile stands for. Raises ProblemError when it has errors: nothing wrong leaves dsgen.

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
    """Generate every profile of the project at `folder`, as `dsgen generate` does, into `output` (by default the project's `out`).

    Nothing is written for a profile with errors. `environments` are names and patterns of environments, all by default. `check` writes
    nothing, and each file that a run would change is a problem; `force` overwrites and removes files that others wrote or changed. More
    than one of `jobs` forks processes: leave it at 1 in a program with threads.

    Raises ProblemError for a faulty `dsgen.yaml`, BuildError where the build cannot go on (an environment that is not there, a folder
    that cannot be written), ValueError for a version that dsgen does not know.
    """
    from dsgen.build.generate_to_dir import GenerateOptions, generate_to_dir
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
    results = RunResults([*problems, *version_problems(minor or project.kubernetes), *wrong])
    asked = GenerateOptions(
        None if output is None else os.fspath(output),
        everywhere=not environments,
        check=check,
        force=force,
        jobs=jobs,
        options=(minor, False),
    )
    done = generate_to_dir(asked, project, work, wrong, make, results, lambda: None)
    if results.unread:
        raise BuildError("; ".join(f"cannot read {line}" for line in dict.fromkeys(results.unread)))
    return ProjectResult(
        done.folder, tuple(in_order(results.problems(work))), done.written, done.removed, done.unchanged
    )


def validate_manifest(text: str | bytes, name: str = "manifest.yaml", kubernetes: str | None = None) -> list[Problem]:
    """Return everything that the API server would refuse or warn about in a manifest: one or more YAML documents.

    Each object of a kind that dsgen has no rules for is a problem of severity `note`. Raises ValueError for a version that dsgen does not know.
    """
    from dsgen.kubernetes.stream import validate_stream

    return in_order(validate_stream(text, name, _known(kubernetes) or fields.DEFAULT).problems)


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft-07) of profiles."""
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
        # Of what a profile extends the next one may make use; texts are given once.
        make.forget(profile.file)


def _known(kubernetes: str | None) -> str | None:
    if kubernetes is not None and kubernetes not in fields.MINORS:
        raise ValueError(f"no version of Kubernetes is called {kubernetes!r}; there are {', '.join(fields.MINORS)}")
    return kubernetes


def _environment(project: Project, name: str, kubernetes: str | None) -> Environment:
    from dsgen.resolve.environment import read_environment

    files = project.environment_files()
    if name not in files:
        raise LookupError(f"no environment is called {name}; {did_you_mean(name, files) or 'there is no file of it'}")
    found, problems = read_environment(open_file(files[name], project.root), name, project.kubernetes)
    if found is None:
        raise ProblemError(problems)
    return found._replace(kubernetes=kubernetes) if kubernetes else found
