"""`dsgen import --environment`: convert the manifests of several environments to profiles and environments."""

from __future__ import annotations

import os
from collections.abc import Container, Iterable, Iterator, Sequence
from pathlib import Path

from dsgen.build.targets import read
from dsgen.cli.import_files import IN_THE_WAY, as_strict, aside_files, check_folder, create, in_the_way, lines_in
from dsgen.cli.input_manifests import read_objects
from dsgen.cli.shell import end, fail, print_problems
from dsgen.generate.for_project import generator
from dsgen.generate.generator import Generator
from dsgen.gitops import GitOps
from dsgen.importer.fleet.fleet import Existing, Fleet, Folders, import_fleet
from dsgen.importer.fleet.rest import SHARED, split
from dsgen.importer.others import MISSING_DAEMONSET, not_imported
from dsgen.importer.read.objects import SourceObject
from dsgen.problem import Problem, comma_list, has_errors, plural
from dsgen.project.paths import display_path, unreadable
from dsgen.project.project import Project, open_file
from dsgen.reading import is_below
from dsgen.resolve.environment import read_environment
from dsgen.resolve.file import File


def import_environments(
    environments: Sequence[tuple[str, str]],
    namespace: str,
    output: str | None,
    rest: str | None,
    strict: bool,
    quiet: bool,
    jobs: int | None,
    project: Project,
    minor: str,
    form: str,
    problems: list[Problem],
) -> None:
    """Write the profiles and the environments of the given manifests, or report why not; nothing is written if there is an error."""
    given: dict[str, list[SourceObject]] = {}
    unread: list[str] = []
    lines = 0
    folders = Folders(
        Path(output).absolute() if output is not None else project.profile_folder(),
        project.root / project.environments,
        _below(rest, project),
    )
    for name, argument in environments:
        found, wrong, failed, size = read_objects([argument], project, minor, namespace)
        given.setdefault(name, []).extend(found)
        problems += wrong
        unread += failed
        lines += size
    for name in given:
        problems += read_environment(File(name, b"", name), name, minor)[1]
    if rest is not None and SHARED in given:
        fail(
            f"--environment {SHARED}: with --rest, this is the folder of what all environments have; choose another name"
        )
    make = generator(project._replace(gitops=GitOps()), minor)
    if has_errors(problems) or unread:
        _end(problems, unread, form)
    existing = list(_existing(project, make, problems))
    fleet = import_fleet(given, make, minor, folders, existing, jobs)
    problems += fleet.problems
    # What is missing because of an error is not a problem of its own.
    if not has_errors(fleet.problems):
        problems += _without_agents(fleet, given)
        problems += _not_imported(fleet) if rest is None else ()
    problems += _taken_elsewhere(project, fleet, minor)
    if strict:
        problems = as_strict(problems)
    texts = {folders.profiles / f"{name}.yaml": text for name, text in fleet.profiles.items()}
    if fleet.common:
        texts[folders.common] = fleet.common
    texts |= {folders.environments / f"{name}.yaml": text for name, text in fleet.environments.items()}
    aside = split(fleet.rest) if rest is not None else {}
    files = [
        file for name, objects in aside.items() for file in aside_files(objects, project.root / folders.rest / name)
    ]
    expected = {**texts, **{file.path: file.text for file in files}}
    problems += filter(None, (in_the_way(path, text) for path, text in expected.items()))
    problems += _others_in({file.path.parent for file in files}, expected)
    if has_errors(problems):
        _end(problems, [], form)
    for path in (folders.profiles, folders.environments, project.root / folders.rest):
        check_folder(str(path), project)
    for path, text in texts.items():
        create(path, text)
    problems += [file.write() for file in files]
    print_problems(problems, form)
    said = [f"{name}: identical in {comma_list(used)}" for name, used in fleet.used.items()]
    if files:
        said.append(f"{plural(len(files), 'manifest')} written to {rest}, and listed in the environments")
    after = sum(lines_in(text) for text in texts.values())
    made = f"{plural(len(fleet.profiles), 'profile')} and {plural(len(fleet.environments), 'environment')}"
    if fleet.common:
        said.append(f"what all profiles set alike: {display_path(folders.common)}")
    said.append(f"{made}: {plural(after, 'line')}, from {plural(lines, 'line')} of manifests")
    end(problems, [], [] if quiet else said)


def _end(problems: list[Problem], unread: list[str], form: str) -> None:
    print_problems(problems, form)
    end(problems, unread, ["nothing is written: fix the errors first"])


def _others_in(folders: Iterable[Path], expected: Container[Path]) -> Iterator[Problem]:
    """Yield a problem for each folder of other manifests that has more files: environments would pass these on too."""
    for folder in sorted(folders):
        found = sorted(path.name for path in folder.glob("*") if path not in expected)
        if found:
            shown = display_path(folder)
            why = f"{shown} contains {comma_list(found)}, which the environments would pass on too"
            yield IN_THE_WAY.at(None, why, hint="move what is there, or write to another folder", file=shown)


def _below(rest: str | None, project: Project) -> str:
    """Return the path of the folder for other manifests below the project folder, as environments list it; exits if it is not below."""
    if rest is None:
        return ""
    folder = os.path.abspath(rest)
    if not is_below(folder, str(project.root)) or folder == str(project.root):
        fail(f"--rest {rest}: with --environment, this must be a folder below {display_path(project.root)}")
    return os.path.relpath(folder, project.root).replace(os.sep, "/")


def _existing(project: Project, make: Generator, problems: list[Problem]) -> Iterator[Existing]:
    """Yield the profiles that the project has; the problems of those with errors are added to `problems`."""
    for path in project.profile_files():
        try:
            file = read(path, project.root)
        except OSError as error:
            fail(f"cannot read {unreadable(error, path)}")
        own: list[Problem] = []
        description = make.describe(file, own)
        problems += own if has_errors(own) else ()
        if description is not None:
            yield Existing(file, description.name, description.profile)


def _without_agents(fleet: Fleet, given: Iterable[str]) -> Iterator[Problem]:
    used = {name for environments in fleet.used.values() for name in environments}
    for name in given:
        if name not in used:
            hint = "pass the manifests of its DaemonSets, or leave the environment out"
            yield MISSING_DAEMONSET.at(None, f"no DaemonSet of `{name}` can be imported", hint=hint)


def _taken_elsewhere(project: Project, fleet: Fleet, minor: str) -> Iterator[Problem]:
    """Yield a problem for each new profile that another environment of the project would use too."""
    for name, path in project.environment_files().items():
        if name in fleet.environments:
            continue
        environment, wrong = read_environment(open_file(path, project.root), name, minor)
        yield from wrong
        for profile in fleet.profiles:
            if environment is not None and environment.takes(profile):
                found = f"`{name}` would use the new profile `{profile}` too"
                hint = f'add "!{profile}" to its `profiles`, or import its manifests together with these'
                yield IN_THE_WAY.at(None, found, hint=hint, file=display_path(path))


def _not_imported(fleet: Fleet) -> Iterator[Problem]:
    """Yield a warning for each object that is in no profile: once, with the environments that have it if not all do."""
    for name, objects in split(fleet.rest).items():
        where = "" if name == SHARED else f" (in {name})"
        for each, reason in objects:
            problem = not_imported(each, reason)
            yield problem._replace(message=f"{problem.message}{where}")
