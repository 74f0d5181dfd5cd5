"""Which files a run reads: the given files, folders and names of profiles, or all profiles of the project."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dsgen import source
from dsgen.build.error import BuildError
from dsgen.kubernetes.schema import fields
from dsgen.problem import PRESET, Problem, code, comma_list, did_you_mean
from dsgen.project.paths import display_path, files_below, unreadable
from dsgen.project.project import FILE, UNREAD_FILE, Project
from dsgen.reading import YAML_SUFFIXES, read_named
from dsgen.tree import as_map

if TYPE_CHECKING:
    from dsgen.resolve.environment import Environment

UNVALIDATED_VERSION = code(
    "unvalidated-version",
    """This version of Kubernetes is a preview: dsgen has its fields and feature gates, but no recorded verdicts of its API server. The
    rules are those of the newest version that has them, and those that are known to be new.""",
    severity="note",
)
MISSING_VERSION = code(
    "missing-kubernetes-version",
    """Neither `dsgen.yaml` nor the command line says which version of Kubernetes the clusters run, so dsgen validates against the newest
    that it has recorded verdicts of. A later dsgen may have a newer one. Set `kubernetes` in `dsgen.yaml`.""",
    severity="note",
)
MISSING_LOCK = code(
    "missing-preset-lock",
    """The project extends presets that are not locked. Presets come with dsgen, so another version of dsgen may have different ones, with
    other images. To copy them into the project, run `dsgen presets lock`.""",
    severity="note",
)

# Notes about the version of Kubernetes, which are not about a file.
NOTES_OF_VERSIONS: Final = (MISSING_VERSION.name, UNVALIDATED_VERSION.name)
_BEGIN: Final = "; begin with `dsgen init`, or name a file"


def file_paths(arguments: Sequence[str], project: Project, suffixes: tuple[str, ...] = (".yaml",)) -> list[Path]:
    """Return the files that the arguments mean: files, folders and names of profiles; without arguments, all profiles of the project."""
    try:
        return list(_paths(arguments, project, suffixes))
    except OSError as error:
        raise BuildError(f"cannot read {unreadable(error)}") from error


def _paths(arguments: Sequence[str], project: Project, suffixes: tuple[str, ...]) -> Iterable[Path]:
    if not arguments:
        paths = project.profile_files()
        if not paths:
            from dsgen.project.unread import unread

            near = "".join(
                f"; {each.file} is not read: {each.hint}"
                for each in unread(project)[:1]
                if each.code == UNREAD_FILE.name
            )
            raise BuildError(
                f"no profiles: {comma_list(project.profiles)} matches nothing in {display_path(project.root)}{near or _BEGIN}"
            )
        return paths
    result: dict[Path, None] = {}
    for argument in arguments:
        path = Path(argument)
        if not path.exists() and argument != "-":
            _reject_absent(argument, project)
        if project.stated and path.is_dir() and path.resolve() == project.root:
            result.update(dict.fromkeys(project.profile_files()))
        elif path.is_dir():
            folder = files_below(path, project.root, suffixes)
            if not folder:
                raise BuildError(
                    f"{argument}: nothing in this folder matches {', '.join('*' + suffix for suffix in suffixes)}"
                )
            result.update(dict.fromkeys(folder))
        elif argument == "-" or path.exists() or "/" in argument or argument.endswith(YAML_SUFFIXES):
            result[path] = None
        else:
            named = [
                path for path in project.profile_files() if argument in (path.stem, stated_name(path, project.root))
            ]
            if not named:
                raise BuildError(
                    f"{argument}: no such file, and no such profile in the project{_near(argument, project)}"
                )
            result.update(dict.fromkeys(named))
    return result


def _reject_absent(argument: str, project: Project) -> None:
    """Raise BuildError if it is clear what was meant by a file that does not exist."""
    if re.match("https?://", argument):
        raise BuildError(
            f"{argument}: dsgen cannot read URLs: download the file, or pass its content on standard input with `-`"
        )
    profile, slash, variant = argument.partition("/")
    if slash and "/" not in variant and not argument.endswith(YAML_SUFFIXES):
        files = project.profile_files()
        if any(profile in (path.stem, stated_name(path, project.root)) for path in files):
            raise BuildError(f"{argument}: no such file; write `{profile}`, which includes all variants of the profile")
    if argument.endswith(YAML_SUFFIXES):
        known = {display_path(path): path for path in project.profile_files()}
        same = [shown for shown, path in known.items() if path.stem == Path(argument).stem]
        hint = f"did you mean `{same[0]}`?" if len(same) == 1 else did_you_mean(argument, known)
        if hint and not os.path.lexists(argument):
            raise BuildError(f"{argument}: no such file; {hint}")


def _near(argument: str, project: Project) -> str:
    known = {name for path in project.profile_files() for name in (path.stem, stated_name(path, project.root)) if name}
    # The name of a variant's DaemonSet begins with that of its profile.
    of_variant = sorted(name for name in known if re.match(f"{re.escape(name)}-", argument))
    hint = did_you_mean(argument, sorted(known)) or (f"did you mean `{of_variant[-1]}`?" if of_variant else "")
    return f"; {hint}" if hint else ""


def unread_below(arguments: Sequence[str], project: Project) -> list[Problem]:
    """Return a problem for each file in the given folders that looks like a profile but is not read as one."""
    folders = [path for path in map(Path, arguments) if path.is_dir()]
    if not folders:
        return []
    from dsgen.project import unread

    try:
        return [problem for folder in folders for problem in unread.unread_below(folder, project)]
    except OSError as error:
        raise BuildError(f"cannot read {unreadable(error)}") from error


def stated_name(path: Path, within: Path) -> str:
    """Return the `name` that a profile sets, or an empty string; `within` is the project folder."""
    try:
        root, _ = source.read(read_named(path, within), str(path))
    except OSError:
        return ""
    return str(as_map(root).get("name", ""))


def default_version(
    project: Project, minor: str | None, environments: Iterable[Environment | None] = (None,)
) -> list[Problem]:
    """Return the note that a run uses the default version: neither `dsgen.yaml` nor an option, `minor`, nor each environment sets one."""
    if minor or project.pinned or not project.stated:
        return []
    if all(each is not None and "kubernetes" in each.stated for each in environments):
        return []
    found = f"this project sets no version of Kubernetes, so {project.kubernetes} is used"
    hint = f'to keep it, write `kubernetes: "{project.kubernetes}"` in {display_path(project.root / FILE)}'
    return [MISSING_VERSION.at(None, found, hint=hint)]


def unlocked_presets(project: Project, presets: Iterable[str]) -> list[Problem]:
    """Return the note that a project extends `presets` that it has not locked; their names are those of the files in problems."""
    names = sorted(presets)
    if not names or not project.stated:
        return []
    those = comma_list([name.removeprefix(PRESET) for name in names])
    found = f"this project extends presets that are not locked: {those}"
    hint = "run `dsgen presets lock`, so that other versions of dsgen use the same presets"
    return [MISSING_LOCK.at(None, found, hint=hint)]


def version_problems(minor: str) -> list[Problem]:
    """Return the note for a version that is a preview: its fields are known, but its rules are not recorded yet."""
    if int(minor.split(".")[1]) <= int(fields.DEFAULT.split(".")[1]):
        return []
    found = f"Kubernetes {minor} is a preview: its API server may decide otherwise"
    hint = f"the fields and the feature gates are those of {minor}; the rules have been confirmed for {fields.DEFAULT}"
    return [UNVALIDATED_VERSION.at(None, found, hint=hint)]
