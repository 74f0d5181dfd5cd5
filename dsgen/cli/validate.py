"""`dsgen validate`: validate profiles and manifests."""

from __future__ import annotations

import os
import sys
from typing import Final

import click

from dsgen.build.selection import MISSING_VERSION, NOTES_OF_VERSIONS
from dsgen.build.validate_files import validate_files
from dsgen.cli.options import (
    environment_option,
    fail_on_option,
    files_argument,
    kubernetes_option,
    problem_format_option,
)
from dsgen.cli.progress import counted
from dsgen.cli.shell import end, print_problems, say, sound_project, without_project
from dsgen.cli.unevaluated import summaries
from dsgen.problem import plural

# The notes that text has line by line; of others, it has summaries.
SHOWN: Final = (*NOTES_OF_VERSIONS, "unvalidated-policy", "unapplied-policy", "policy-audit")


@click.command()
@files_argument()
@click.option("-q", "--quiet", is_flag=True, help="Print only problems and skipped objects.")
@environment_option
@kubernetes_option
@problem_format_option
@fail_on_option
def command(
    files: tuple[str, ...],
    quiet: bool,
    environments: tuple[str, ...],
    minor: str | None,
    form: str,
    fail_on: str | None,
) -> None:
    """\b
    Example: kubectl get daemonsets --all-namespaces -o yaml | dsgen validate -

    Validates profiles and manifests: files, folders, `-` for standard input (such as the output of `helm template`), or names of profiles in the project. Default: all profiles of
    the project. If dsgen has no rules for a kind, it validates only the fields, the metadata and the pods. It skips custom resources without a
    CustomResourceDefinition, in the files or under `crds` in dsgen.yaml. The report lists both. dsgen also evaluates
    ValidatingAdmissionPolicies, in the files or under `policies`.
    """
    project, problems = sound_project(files, form)
    files = without_project(files, project)
    done = validate_files(
        project, files, environments, minor, watch=lambda found, total: counted(found, total, "files")
    )
    problems += (each for each in done.problems if not quiet or each.code != MISSING_VERSION.name)
    # Text has one line for all skipped objects; the other formats list each.
    shown = [each for each in problems if form != "text" or each.severity != "note" or each.code in SHOWN]
    print_problems(shown, form)
    said: list[str] = []
    if form == "text":
        wrong = f"{plural(len(done.wrong), 'file')} with errors" if done.wrong else "no errors"
        nothing = done.unread and not done.validated and not done.wrong
        said += [] if quiet or nothing else [f"{plural(done.validated, 'object')} validated, {wrong}"]
        if done.in_part:
            said.append(f"{plural(len(done.in_part), 'object')} validated only in part ({_kinds(done.in_part)})")
        if done.others:
            said.append(f"skipped {plural(len(done.others), 'object')} of other kinds ({_kinds(done.others)})")
        if done.unread and not quiet and not nothing:
            said.append(f"{plural(len(set(done.unread)), 'file')} not read")
    if not files and not quiet and _is_input_waiting():
        say("dsgen: standard input is not read: to validate it, write `dsgen validate -`")
    summary = [*(summaries(problems) if form == "text" else ()), *(["; ".join(said)] if said else ())]
    end(problems, done.unread, summary, fail_on or project.fail_on)


def _is_input_waiting() -> bool:
    """Return whether something is left on standard input that nobody types: of a pipe, or of a file."""
    try:
        import fcntl
        import termios

        left = fcntl.ioctl(0, termios.FIONREAD, bytes(4))
    except (ImportError, OSError):  # on Windows; a device such as /dev/null, or a closed file
        return False
    return not os.isatty(0) and int.from_bytes(left, sys.byteorder) > 0


def _kinds(found: list[str]) -> str:
    return ", ".join(sorted(set(found)))
