"""`dsgen import`: convert existing manifests to profiles."""

from __future__ import annotations

from pathlib import Path

import click

from dsgen.build.output.files import create_file
from dsgen.build.selection import default_version, file_paths, version_problems
from dsgen.build.targets import read
from dsgen.cli.options import kubernetes_option, problem_format_option
from dsgen.cli.shell import end, fail, print_problems, sound_project
from dsgen.generate.for_project import generator
from dsgen.gitops import GitOps
from dsgen.importer.daemonset import Imported
from dsgen.importer.importing import import_objects
from dsgen.importer.others import MISSING_DAEMONSET, UNIMPORTED_OBJECT
from dsgen.importer.prove import IMPORT_DIFFERS
from dsgen.importer.read.objects import SourceObject, given_objects
from dsgen.kubernetes.schema import formats
from dsgen.problem import Problem, code, has_errors
from dsgen.project.project import display_path, unreadable
from dsgen.reading import MANIFESTS, YAML_SUFFIXES, leads_out, read_file

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
    imported, left = import_objects(given, make, minor, extends, variants, adopt)
    problems += left
    for each in imported:
        problems += each.problems
    if strict:
        problems = [each._replace(severity="error") if each.code in _STRICT else each for each in problems]
    if output is None:
        click.echo("---\n".join(each.text for each in imported), nl=False)
    else:
        if leads_out(output, str(project.root)):
            fail(f"cannot write {output}: a symlink leads out of the project")
        problems += _written(imported, Path(output).absolute())
    print_problems(problems, form, to_stderr=output is None)
    end(problems, unread, [] if quiet else [f"{each.name}: {_verdict(each)}" for each in imported])


def _verdict(imported: Imported) -> str:
    if imported.same is None:
        return "not compared: fix the problems above first"
    if imported.restarts:
        return "identical except for checksums; applying it restarts the pods once"
    return "identical" if imported.same else "not identical: see above"


def _written(imported: list[Imported], folder: Path) -> list[Problem]:
    """Write each profile to its file; return a problem for each file that exists. Names that cannot be file names are reported elsewhere."""
    problems = []
    for each in imported:
        if formats.dns_subdomain(each.name) or len(each.name) > _LONGEST:
            continue
        path = folder / f"{each.name}.yaml"
        try:
            if not create_file(folder, path.name, each.text) and not _holds(path, each.text):
                hint = "move the file, or write to another folder"
                problems.append(
                    IN_THE_WAY.at(None, f"{display_path(path)} already exists", hint=hint, file=display_path(path))
                )
        except OSError as error:
            fail(f"cannot write {unreadable(error, path)}")
    return problems


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and read_file(path, path.parent) == text.encode()
