"""`dsgen fmt`: format profiles and environments."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from dsgen import harmless
from dsgen.build.output.files import write_file
from dsgen.build.selection import file_paths
from dsgen.cli.colour import UNIFIED_DIFF, echo_lines
from dsgen.cli.options import files_argument
from dsgen.cli.shell import end, fail, print_problems, say, sound_project, without_project
from dsgen.fmt import formatted, is_manifest
from dsgen.fmt.refused import Refused
from dsgen.problem import Problem, plural
from dsgen.profile.environment import ENVIRONMENT
from dsgen.profile.key import Rules
from dsgen.project.paths import display_path, unreadable
from dsgen.project.project import Project
from dsgen.reading import PROJECT_FILE, read_file
from dsgen.text_diff import unified


@click.command()
@files_argument()
@click.option(
    "--check",
    is_flag=True,
    help="List the files that are not formatted, and exit with 1 if there are any. Do not write files.",
)
@click.option("--diff", is_flag=True, help="Show the changes as a diff. Do not write files.")
@click.option("-q", "--quiet", is_flag=True, help="Print problems only.")
def command(files: tuple[str, ...], check: bool, diff: bool, quiet: bool) -> None:
    """\b
    Example: dsgen fmt --check

    Formats profiles and environments like `dsgen import`: keys in the order of the language, short values on one line, and quotes only if they are
    needed. It keeps comments, anchors and the meaning. FILE is a file, a folder, the name of a profile, or `-`, which reads standard input and writes
    to standard output. Default: all profiles and environments of the project. If a file cannot be formatted without a change of its meaning, it is
    unchanged and the reason is reported.
    """  # fmt: skip
    if files == ("-",):
        _standard_input(check, diff)
    if "-" in files:
        raise click.UsageError("`-` cannot be used with other files")
    project, _ = sound_project(files)
    changed: list[str] = []
    problems: list[Problem] = []
    unread: list[str] = []
    unchanged = 0
    for path in _paths(without_project(files, project), project):
        name = display_path(path)
        try:
            before = read_file(path, project.root if project.stated else "")
            if not _is_named(path, files) and is_manifest(before, name):
                continue
            after = formatted(before, name, _rules(path, project))
        except OSError as error:
            unread.append(unreadable(error, path))
            continue
        except Refused as refused:
            problems += refused.problems
            continue
        if before == after:
            unchanged += 1
            continue
        changed.append(name)
        if diff:
            _show(before, after, name)
        elif not check:
            _replace(path, after)
        if not quiet:
            say(f"{'would format' if check or diff else 'formatted'} {name}")
    print_problems(problems, "text")
    be = "would be " if check or diff else ""
    summary = f"{plural(len(changed), 'file')} {be}formatted, {unchanged} unchanged"
    if check and changed and not problems and not unread:
        say(f"{summary}; run `dsgen fmt`" if not quiet else f"{', '.join(changed)}: run `dsgen fmt`")
        sys.exit(1)
    end(problems, unread, () if quiet else [summary])


def _standard_input(check: bool, diff: bool) -> None:
    """Format standard input, and exit."""
    before = sys.stdin.buffer.read(PROJECT_FILE + 1)
    if len(before) > PROJECT_FILE:
        fail("standard input is too large to be a profile")
    try:
        after = formatted(before, "-")
    except Refused as refused:
        print_problems(refused.problems, "text")
        sys.exit(1)
    if diff:
        _show(before, after, "-")
    elif not check:
        click.echo(after, nl=False)
    if check and before != after:
        say("standard input would be formatted")
    sys.exit(int(check and before != after))


def _paths(files: Sequence[str], project: Project) -> Iterator[Path]:
    """Yield the files to format: those named, or those of the project, parents that begin with `_` included."""
    paths = file_paths(files, project)
    folders = [path for path in map(Path, files) if path.is_dir()]
    if not files:
        paths += project.environment_files().values()
        folders = [project.profile_folder(), project.root / project.environments]
    yield from dict.fromkeys([*paths, *(path for folder in folders for path in _parents(folder))])


def _parents(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder that only other profiles use: their names begin with `_`, or that of their folder does."""
    for above, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name[:1] != ".")
        inside = any(part[:1] == "_" for part in Path(above).relative_to(folder).parts)
        for name in sorted(names):
            if name.endswith(".yaml") and name[:1] != "." and (inside or name[:1] == "_"):
                yield Path(above, name)


def _is_named(path: Path, files: Sequence[str]) -> bool:
    return str(path) in {str(Path(each)) for each in files}


def _rules(path: Path, project: Project) -> Rules | None:
    """Return the schema of environments for a file in their folder; that of other files is chosen by their keys."""
    return ENVIRONMENT if path.resolve().parent == (project.root / project.environments).resolve() else None


def _show(before: bytes, after: bytes, name: str) -> None:
    old, new = before.decode().splitlines(keepends=True), after.decode().splitlines(keepends=True)
    for line in unified(old, new, name, name):
        echo_lines(harmless.lines(line.rstrip("\r\n")) + "\n", UNIFIED_DIFF)


def _replace(path: Path, data: bytes) -> None:
    """Write a file atomically: it keeps its mode, and a symlink stays one."""
    real = os.path.realpath(path)
    try:
        mode = os.stat(real).st_mode
        write_file(real, data)
        os.chmod(real, mode & 0o7777)
    except OSError as error:
        fail(f"cannot write {unreadable(error, path)}")
