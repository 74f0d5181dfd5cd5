"""Which files a run reads: the files, folders and names of profiles that it is given, or all profiles of the project."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from dsgen import source
from dsgen.build.error import BuildError
from dsgen.kubernetes.schema import fields
from dsgen.problem import Problem, code
from dsgen.project.project import UNREAD_FILE, Project, display_path, files_below, unreadable
from dsgen.reading import YAML_SUFFIXES, read_named
from dsgen.tree import as_map

UNVALIDATED_VERSION = code(
    "unvalidated-version",
    """dsgen has the field table of this version of Kubernetes, but no recorded verdicts: its rules are taken to be those of the newest
    version that has.""",
    severity="warning",
)


def file_paths(arguments: Sequence[str], project: Project, suffixes: tuple[str, ...] = (".yaml",)) -> list[Path]:
    """Return the files that are meant: files, folders and names of the project's profiles; without any, all of the project."""
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
                f"no profiles: {', '.join(project.profiles)} matches nothing in {display_path(project.root)}{near}"
            )
        return paths
    result: dict[Path, None] = {}
    for argument in arguments:
        path = Path(argument)
        if path.is_dir():
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
                raise BuildError(f"{argument}: no such file, and no profile of the project has this name")
            result.update(dict.fromkeys(named))
    return result


def unread_below(arguments: Sequence[str], project: Project) -> list[Problem]:
    """Return a problem for each file that looks like a profile, is none, and lies in a folder among the arguments."""
    folders = [path for path in map(Path, arguments) if path.is_dir()]
    if not folders:
        return []
    from dsgen.project import unread

    try:
        return [problem for folder in folders for problem in unread.unread_below(folder, project)]
    except OSError as error:
        raise BuildError(f"cannot read {unreadable(error)}") from error


def stated_name(path: Path, within: Path) -> str:
    """Return the `name` that a profile states, or an empty text; `within` is the folder of its project."""
    try:
        root, _ = source.read(read_named(path, within), str(path))
    except OSError:
        return ""
    return str(as_map(root).get("name", ""))


def version_problems(minor: str) -> list[Problem]:
    """Return the warning for a version whose fields are known and whose rules are not recorded yet."""
    if int(minor.split(".")[1]) <= int(fields.DEFAULT.split(".")[1]):
        return []
    found = f"the rules of Kubernetes {minor} are not recorded yet: those of {fields.DEFAULT} are applied"
    return [UNVALIDATED_VERSION.at(None, found, hint=f"its fields are those of {minor}")]
