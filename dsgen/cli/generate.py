"""`dsgen generate`: render profiles to files."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from dsgen import harmless
from dsgen.build.processes import results
from dsgen.build.related import RelatedObjects
from dsgen.build.results import CannotWriteError, RunResults
from dsgen.build.selection import default_version, file_paths, unlocked_presets, unread_below, version_problems
from dsgen.build.targets import Target, targets
from dsgen.build.tasks import generate, maker
from dsgen.cli.colour import UNIFIED_DIFF, echo_lines
from dsgen.cli.options import (
    environment_option,
    fail_on_option,
    files_argument,
    kubernetes_option,
    problem_format_option,
)
from dsgen.cli.progress import Progress
from dsgen.cli.shell import end, fail, print_problems, sound_project, without_project
from dsgen.cli.synonyms import FORMATS
from dsgen.problem import plural

if TYPE_CHECKING:
    from dsgen.build.generate_to_dir import Written
    from dsgen.build.shard import Shard
    from dsgen.generate.generator import Generator
    from dsgen.project.project import Project

# At most so many folders or files are listed.
_NAMED: Final = 8


def _shard(context: click.Context, parameter: click.Parameter, value: str | None) -> Shard | None:
    if value is None:
        return None
    from dsgen.build.shard import Shard

    match = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", value)
    number, total = map(int, match.groups()) if match else (0, 0)
    if not 1 <= number <= total:
        raise click.BadParameter(f"{value!r} is not K/N, such as 3/16")
    return Shard(number, total)


@click.command()
@files_argument("profiles")
@click.option(
    "-o",
    "--output",
    type=click.Path(readable=False),
    metavar="DIR",
    help="Output folder, or `-` for standard output. Default: the project's `out`.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if any file is out of date.")
@click.option("--diff", is_flag=True, help="Write nothing; show the changes as a diff.")
@click.option("--force", is_flag=True, help="Overwrite files that dsgen did not write or that were modified.")
@click.option("-q", "--quiet", is_flag=True, help="Print problems only.")
@click.option(
    "-j", "--jobs", type=click.IntRange(min=1), metavar="N", help="Number of processes. Default: one per core."
)
@click.option(
    "--shard", callback=_shard, metavar="K/N", help="Render only the K-th of N parts, to split a run across N jobs."
)
@click.option(
    "--defaults",
    is_flag=True,
    help="Write out API defaults, so that diffing tools report no drift. For every run, set `defaults: true` in dsgen.yaml.",
)
@environment_option
@kubernetes_option
@problem_format_option
@fail_on_option
def command(
    profiles: tuple[str, ...],
    output: str | None,
    check: bool,
    diff: bool,
    force: bool,
    quiet: bool,
    jobs: int | None,
    shard: Shard | None,
    defaults: bool,
    environments: tuple[str, ...],
    minor: str | None,
    form: str,
    fail_on: str | None,
) -> None:
    """\b
    Example: dsgen generate first-agent -o -

    Renders DaemonSets and their companion objects from profiles: files, folders, or names of profiles in the project. Default: all profiles of the project.
    Each object is written to DIR/PROFILE/KIND-NAME.yaml, or to DIR/ENVIRONMENT/PROFILE/ in a project with environments, next to a `kustomization.yaml`. If a profile has errors, its existing files are kept and nothing is written.

    A run over the whole project also removes files that no profile generates any longer. Only files that dsgen wrote are overwritten or removed.
    """
    if output == "-" and (check or diff or force):
        raise click.UsageError("--check, --diff and --force cannot be used with -o -")
    if output in FORMATS and not os.path.isdir(output):
        raise click.UsageError(
            f"-o is a folder, and {output!r} looks like a format: write `-o -` to print, or `-o ./{output}`"
        )
    if diff and form != "text":
        raise click.UsageError(f"--diff and --format {form} both print to standard output")
    project, problems = sound_project(profiles, form)
    if output not in (None, "-") and _is_input(Path(output), project):
        raise click.UsageError(f"{output} holds the files that dsgen reads: choose another folder, such as `out`")
    profiles = without_project(profiles, project)
    problems += version_problems(minor or project.kubernetes)
    defaults = defaults or project.defaults
    make = maker(project, minor, defaults)
    paths = file_paths(profiles, project)
    work, wrong = targets(paths, project, environments, minor, not profiles, make)
    wrong += unread_below(profiles, project)
    if not quiet:
        problems += default_version(project, minor, (each.environment for each in work))
    if shard is not None:
        work = shard.targets(work, project)
    related = RelatedObjects(project, work, make, minor, paths if profiles else (), shard is not None)
    collected = RunResults(problems + wrong, related)
    progress = Progress(len(work), quiet)
    try:
        if output == "-":
            summary = []
            _to_standard_output(work, make, jobs, collected, progress)
        else:
            # Imported only when files are written.
            from dsgen.build.generate_to_dir import GenerateOptions, generate_to_dir

            asked = GenerateOptions(
                output, not profiles, not environments, check, diff, force, jobs, shard, (minor, defaults)
            )
            written = generate_to_dir(asked, project, work, wrong, make, collected, progress.step)
            progress.end()
            if check and os.environ.get("PRE_COMMIT"):
                from dsgen.build.output.untracked import untracked

                collected.add(untracked(Path(project.root / project.output if output is None else output)))
            if form == "text":
                echo_lines(harmless.lines(written.diff), UNIFIED_DIFF)
            summary = _summary(written, check or diff, len(collected.failed))
    except CannotWriteError as error:
        progress.end()
        print_problems(collected.problems(), form)
        fail(str(error))
    progress.end()
    if not quiet and not profiles:
        collected.add(unlocked_presets(project, collected.unlocked))
    is_whole = not (profiles or environments or shard or minor)
    problems = collected.problems(() if profiles else work, is_whole)
    print_problems(problems, form, to_stderr=output == "-")
    end(problems, collected.unread, () if quiet else summary, fail_on or project.fail_on)


def _is_input(folder: Path, project: Project) -> bool:
    """Return whether a folder is one of those that the project's profiles, environments or templates are in, or is below one."""
    own = (project.profile_folder(), project.root / project.environments, project.root / project.templates)
    inputs = {each.resolve() for each in own} - {project.root.resolve()}
    return not inputs.isdisjoint((folder.resolve(), *folder.resolve().parents))


def _to_standard_output(
    work: Sequence[Target], make: Callable[[], Generator], jobs: int | None, collected: RunResults, progress: Progress
) -> None:
    made: list[tuple[tuple[str, str], Sequence[str]]] = []
    for result in results(work, generate(make, collected.related.are_several), jobs):
        progress.step()
        if collected.take(result):
            made.append(((result.environment, result.file), result.texts))
    progress.end()
    refused = collected.refused()
    of_environment: dict[str, list[str]] = {}
    for (environment, file), texts in made:
        if (environment, file) not in refused:
            of_environment.setdefault(environment, []).extend(texts)
    click.echo("---\n".join(text for each in of_environment.values() for text in sorted(each, key=_can_wait)), nl=False)


def _can_wait(text: str) -> bool:
    """Return whether no object of another file needs this one: `kubectl apply` applies a stream in its order."""
    return not any(f"\nkind: {kind}\n" in text for kind in ("Namespace", "CustomResourceDefinition"))


def _summary(done: Written, dry: bool, failed: int) -> list[str]:
    be = "would be " if dry else ""
    gone = f", {done.removed} {be}removed" if done.removed else ""
    left = f", {done.unchanged} unchanged" if done.unchanged else ""
    bad = f"; {plural(failed, 'profile')} failed" if failed else ""
    line = f"{plural(done.written, 'file')} {be}written to {done.folder}{gone}{left}{bad}"
    whole: dict[str, list[str]] = {}
    for each in done.gone:
        if not each.kept:
            whole.setdefault(each.why, []).append(each.path)
    return [
        line,
        *(f"{_named(paths, 'folder')} {be}removed ({why})" for why, paths in whole.items()),
        *(
            f"{each.path} {be}removed ({each.why}), except for {_named(each.kept, 'file')}, which dsgen did not write"
            for each in done.gone
            if each.kept
        ),
    ]


def _named(paths: Sequence[str], noun: str) -> str:
    """Return the names of the first few folders or files, and how many more there are."""
    more = len(paths) - _NAMED
    return ", ".join(paths[:_NAMED]) + (f" and {more} more {noun if more == 1 else noun + 's'}" if more > 0 else "")
