"""`dsgen import`: convert existing manifests to profiles."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from pathlib import Path

import click

from dsgen.build.output.files import create_file
from dsgen.build.selection import default_version, file_paths, version_problems
from dsgen.build.targets import read
from dsgen.cli.options import kubernetes_option, problem_format_option
from dsgen.cli.shell import end, fail, plural, print_problems, sound_project
from dsgen.generate.for_project import generator
from dsgen.gitops import GitOps
from dsgen.importer.daemonset import Imported
from dsgen.importer.fold.companion import Reason
from dsgen.importer.importing import import_objects
from dsgen.importer.others import KEPT_MANIFEST, MISSING_DAEMONSET, UNIMPORTED_OBJECT, written_to_rest
from dsgen.importer.prove import IMPORT_DIFFERS
from dsgen.importer.read.objects import SourceObject, given_objects
from dsgen.kubernetes.schema import formats
from dsgen.problem import Problem, code, has_errors
from dsgen.project.project import FILE, Project, display_path, unreadable
from dsgen.reading import MANIFESTS, YAML_SUFFIXES, is_below, leads_out, read_file

IN_THE_WAY = code("existing-file", "`dsgen import` does not overwrite a file whose content differs.")

# Warnings that `--strict` turns into errors.
_STRICT = frozenset({IMPORT_DIFFERS.name, UNIMPORTED_OBJECT.name})

# A file name has at most 255 bytes.
_LONGEST = 250


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(readable=False), metavar="FILE...")
@click.option(
    "-o",
    "--output",
    type=click.Path(readable=False),
    metavar="DIR",
    help="Write each profile to NAME.yaml in this folder. Default: standard output.",
)
@click.option(
    "--extends",
    default="",
    metavar="PRESET",
    help="Write only what differs from a preset, or from another profile (a path that contains `/`).",
)
@click.option(
    "--variants", default="", metavar="NAME", help="Write one profile for all DaemonSets, with a variant for each."
)
@click.option(
    "--strict",
    is_flag=True,
    help="Exit with 1 if a profile is not identical to its manifest, or an object is not imported.",
)
@click.option(
    "--adopt-checksums",
    "adopt",
    is_flag=True,
    help="Replace config map hashes written by Helm or Kustomize with dsgen's own. This restarts the pods once.",
)
@click.option(
    "--rest",
    type=click.Path(readable=False),
    metavar="DIR",
    help="Write each object that no profile can generate to KIND-NAME.yaml in this folder, as it is in the input.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print problems only.")
@kubernetes_option
@problem_format_option
def command(
    files: tuple[str, ...],
    output: str | None,
    extends: str,
    variants: str,
    strict: bool,
    adopt: bool,
    rest: str | None,
    quiet: bool,
    minor: str | None,
    form: str,
) -> None:
    """Example: kubectl get daemonset node-exporter -o yaml | dsgen import - -o profiles

    Converts DaemonSets to profiles. Reads files, folders, or `-` for standard input, whether written by hand or printed by `helm template`
    or `kubectl`. Every profile is verified: dsgen renders it, and compares the result with the original manifest after defaulting both.
    """
    project, problems = sound_project(files, form)
    if not quiet:
        problems += default_version(project, minor)
    minor = minor or project.kubernetes
    problems += version_problems(minor)
    given: list[SourceObject] = []
    unread = []
    for path in file_paths(files, project, YAML_SUFFIXES):
        try:
            file = read(path, project.root, MANIFESTS)
        except OSError as error:
            unread.append(unreadable(error, path))
            continue
        found, wrong = given_objects(file.text, file.name, minor)
        given += found
        problems += wrong
    if not (given or unread or has_errors(problems)):
        hint = "pass a DaemonSet; for a kustomization, run: kustomize build FOLDER | dsgen import -"
        problems.append(MISSING_DAEMONSET.at(None, "no object to import", hint=hint))
    # What the project adds for GitOps tools is left out of the comparison.
    make = generator(project._replace(gitops=GitOps("keep")), minor)
    aside: list[tuple[SourceObject, Reason]] | None = None if rest is None else []
    imported, left = import_objects(given, make, minor, extends, variants, adopt, aside)
    problems += left
    for each in imported:
        problems += each.problems
    if strict:
        problems = [each._replace(severity="error") if each.code in _STRICT else each for each in problems]
    if rest is not None and aside:
        problems += _written_to_rest(aside, rest, project)
    if output is None:
        click.echo("---\n".join(each.text for each in imported), nl=False)
    else:
        _check_folder(output, project)
        problems += _written(imported, Path(output).absolute())
    print_problems(problems, form, to_stderr=output is None)
    said = [f"{each.name}: {_verdict(each)}" for each in imported]
    kept = sum(each.code == KEPT_MANIFEST.name for each in problems)
    if rest is not None and kept:
        said.append(f"{plural(kept, 'manifest')} written to {rest}{_how_to_pass_on(rest, project)}")
    end(problems, unread, [] if quiet else said)


def _verdict(imported: Imported) -> str:
    if imported.same is None:
        return "not compared: fix the problems above first"
    if imported.restarts:
        return "identical except for checksums; applying it restarts the pods once"
    return "identical" if imported.same else "not identical: see above"


def _check_folder(folder: str, project: Project) -> None:
    if leads_out(folder, str(project.root)):
        fail(f"cannot write {folder}: a symlink leads out of the project")


def _written_to_rest(aside: list[tuple[SourceObject, Reason]], rest: str, project: Project) -> list[Problem]:
    """Write each object that is in no profile to a file; return a note for each, or the problem of a file that exists."""
    from dsgen.importer.write.rest import rest_files

    _check_folder(rest, project)
    folder = Path(rest).absolute()
    problems = []
    for (given, reason), (name, text) in zip(aside, rest_files(given for given, _ in aside), strict=True):
        problem = _create(folder, name, text)
        problems.append(problem or written_to_rest(given, reason, display_path(folder / name)))
    return problems


def _how_to_pass_on(rest: str, project: Project) -> str:
    """Return what to do for the project to pass on the manifests in a folder; an empty string if it does already, or cannot."""
    folder = os.path.abspath(rest)
    if not is_below(folder, str(project.root)):
        return ""
    below = os.path.relpath(folder, project.root).replace(os.sep, "/")
    passed = any(
        fnmatchcase(f"{below}/a.yaml", pattern) or below == pattern.rstrip("/") for pattern in project.manifests
    )
    return "" if passed else f"; to generate them with the profiles, write `manifests: [{below}]` in {FILE}"


def _create(folder: Path, name: str, text: str) -> Problem | None:
    """Write a file, and return a problem if another one is there."""
    shown = display_path(folder / name)
    try:
        if create_file(folder, name, text) or _holds(folder / name, text):
            return None
    except OSError as error:
        fail(f"cannot write {unreadable(error, folder / name)}")
    hint = "move the file, or write to another folder"
    return IN_THE_WAY.at(None, f"{shown} already exists", hint=hint, file=shown)


def _written(imported: list[Imported], folder: Path) -> list[Problem]:
    """Write each profile to its file; return a problem for each file that exists. Names that cannot be file names are reported elsewhere."""
    problems = []
    for each in imported:
        if formats.dns_subdomain(each.name) or len(each.name) > _LONGEST:
            continue
        problem = _create(folder, f"{each.name}.yaml", each.text)
        problems += [problem] if problem else []
    return problems


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and read_file(path, path.parent) == text.encode()
