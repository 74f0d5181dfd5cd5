"""`dsgen import`: convert existing manifests to profiles."""

from __future__ import annotations

from pathlib import Path

import click

from dsgen.build.selection import default_version, version_problems
from dsgen.cli.import_files import as_strict, aside_files, check_folder, create, how_to_pass_on
from dsgen.cli.input_manifests import read_objects
from dsgen.cli.kubectl import in_context
from dsgen.cli.options import context_option, kubernetes_option, namespace_option, problem_format_option
from dsgen.cli.progress import counted
from dsgen.cli.shell import end, print_problems, sound_project
from dsgen.generate.for_project import generator
from dsgen.gitops import GitOps
from dsgen.importer.daemonset import Imported
from dsgen.importer.fold.companion import Reason
from dsgen.importer.importing import import_objects
from dsgen.importer.others import KEPT_MANIFEST, MISSING_DAEMONSET
from dsgen.importer.read.objects import SourceObject
from dsgen.kubernetes.schema import formats
from dsgen.problem import Problem, has_errors, plural

# A file name has at most 255 bytes.
_LONGEST = 250


def _checked(context: click.Context) -> None:
    """Raise UsageError for arguments that cannot be used together."""
    given = context.params
    if not given["environments"]:
        if not given["files"]:
            raise click.UsageError("Missing argument 'FILE...'.")
        return
    if given["files"]:
        more = " ".join(f"--environment NAME {name}" for name in given["files"])
        raise click.UsageError(f"With --environment, every file belongs to one: write {more}")
    for name in ("extends", "variants", "adopt", "context"):
        if given[name]:
            option = "--adopt-checksums" if name == "adopt" else f"--{name}"
            raise click.UsageError(f"{option} and --environment cannot be used together")


@click.command()
@click.argument("files", nargs=-1, type=click.Path(readable=False), metavar="FILE...")
@click.option(
    "-o",
    "--output",
    type=click.Path(readable=False),
    metavar="DIR",
    help="Write each profile to NAME.yaml in this folder. Default: standard output; with `--environment`, the project's folder.",
)
@click.option(
    "--environment",
    "environments",
    nargs=2,
    multiple=True,
    metavar="NAME FILE",
    help="A file or folder with the manifests of an environment. Repeat it for more: each agent becomes one profile, and each environment a file with what differs.",
)
@namespace_option("From a cluster, import only this namespace.")
@context_option
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
@click.option(
    "-j", "--jobs", type=click.IntRange(min=1), metavar="N", help="Number of processes. Default: one per core."
)
@click.option("-q", "--quiet", is_flag=True, help="Print problems only.")
@kubernetes_option
@problem_format_option
def command(
    files: tuple[str, ...],
    output: str | None,
    environments: tuple[tuple[str, str], ...],
    namespace: str,
    context: str | None,
    extends: str,
    variants: str,
    strict: bool,
    adopt: bool,
    rest: str | None,
    jobs: int | None,
    quiet: bool,
    minor: str | None,
    form: str,
) -> None:
    """\b
    Example: dsgen import kubectl --namespace kube-system -o profiles

    Converts DaemonSets to profiles. Reads files, folders, `-` for standard input (such as the output of `helm template` or `kubectl`), or a
    live cluster: `kubectl` or `kubectl:CONTEXT`. Every profile is verified: dsgen renders it, and compares the result with the original manifest after defaulting both.
    """
    _checked(click.get_current_context())
    project, problems = sound_project(files, form)
    if not quiet:
        problems += default_version(project, minor)
    minor = minor or project.kubernetes
    problems += version_problems(minor)
    if environments:
        from dsgen.cli.import_fleet import import_environments

        import_environments(environments, namespace, output, rest, strict, quiet, jobs, project, minor, form, problems)
        return
    given, wrong, unread, _ = read_objects(in_context(context, *files), project, minor, namespace)
    problems += wrong
    if not (given or unread or has_errors(problems)):
        hint = "pass a DaemonSet; for a kustomization, run: kustomize build FOLDER | dsgen import -"
        problems.append(MISSING_DAEMONSET.at(None, "no object to import", hint=hint))
    # What the project adds for GitOps tools is left out of the comparison.
    make = generator(project._replace(gitops=GitOps()), minor)
    aside: list[tuple[SourceObject, Reason]] | None = None if rest is None else []
    imported, left = import_objects(
        given,
        make,
        minor,
        extends,
        variants,
        adopt,
        aside,
        jobs,
        lambda found, total: counted(found, total, "DaemonSets"),
    )
    problems += left
    for each in imported:
        problems += each.problems
    if strict:
        problems = as_strict(problems)
    if rest is not None and aside:
        check_folder(rest, project)
        problems += [file.write() for file in aside_files(aside, Path(rest).absolute())]
    if output is None:
        click.echo("---\n".join(each.text for each in imported), nl=False)
    else:
        check_folder(output, project)
        problems += _written(imported, Path(output).absolute())
    print_problems(problems, form, to_stderr=output is None)
    said = [f"{each.name}: {_verdict(each)}" for each in imported]
    if others := _others(given, imported):
        said.append(f"{plural(others, 'other object')} of the cluster: of no DaemonSet, and not imported")
    kept = sum(each.code == KEPT_MANIFEST.name for each in problems)
    if rest is not None and kept:
        said.append(f"{plural(kept, 'manifest')} written to {rest}{how_to_pass_on(rest, project)}")
    end(problems, unread, [] if quiet else said)


def _verdict(imported: Imported) -> str:
    if imported.same is None:
        return "not compared: fix the problems above first"
    if imported.restarts:
        return "identical except for checksums; applying it restarts the pods once"
    return "identical" if imported.same else "not identical: see above"


def _others(given: list[SourceObject], imported: list[Imported]) -> int:
    """Return how many objects of a cluster belong to no DaemonSet."""
    own = {id(other) for each in imported for other in (*each.folded, *(left.companion.given for left in each.left))}
    return sum(not (each.is_selected or each.is_daemonset or id(each) in own) for each in given)


def _written(imported: list[Imported], folder: Path) -> list[Problem]:
    """Write each profile to its file; return a problem for each file that exists. Names that cannot be file names are reported elsewhere."""
    named = (each for each in imported if not formats.dns_subdomain(each.name) and len(each.name) <= _LONGEST)
    return list(filter(None, (create(folder / f"{each.name}.yaml", each.text) for each in named)))
