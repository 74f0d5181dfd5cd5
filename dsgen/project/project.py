"""The project: the folder of `dsgen.yaml`, its profiles, its templates, and where the output goes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dsgen import gitops, source
from dsgen.gitops import GitOps
from dsgen.kubernetes.lint import NOTHING_SAID, Checks
from dsgen.kubernetes.schema import fields
from dsgen.problem import Problem, code, did_you_mean
from dsgen.profile.problems import INVALID_TYPE, UNKNOWN_KEY, UNKNOWN_VERSION
from dsgen.project import checks, shipped
from dsgen.project.patterns import Patterns
from dsgen.reading import check_owner, is_below, is_linked, leads_out, outside, read_file
from dsgen.record import Record
from dsgen.resolve.file import File, NotFoundError
from dsgen.source import describe
from dsgen.tree import List, Map, Text, Value, origin_of

if TYPE_CHECKING:
    from typing import TypeGuard

FILE: Final = "dsgen.yaml"
OUTSIDE = code(
    "path-outside-project", "A path in a project, or in a profile of one, leads out of the folder of `dsgen.yaml`."
)
UNREAD_FILE = code(
    "unread-file",
    """A file in a folder that dsgen reads, and does not read. What ends in `.yaml`, `.yml` or `.json` in the folders of the profiles and of
    the environments must be one of them, or be read by one: be extended, or taken into a config map. And what has
    nearly the name of a template of dsgen's, in the folder of the templates, must be named by a profile or by another template. Files and
    folders whose names begin with `_` or `.` are left alone. While there is such an error nothing is removed from the output.""",
)

MISSING_PATH = code(
    "missing-path",
    """`dsgen.yaml` states a folder that is not there, or several patterns of profiles of which one matches nothing: a part of the project may
    not have been checked out, and what it made before would be removed. Nothing is removed while there is such an error.""",
)

# The keys of dsgen.yaml, all optional: what each is for, and an example.
KEYS: Final = {
    "kubernetes": ("The version of Kubernetes to judge by.", 'kubernetes: "1.36"'),
    "profiles": ("Where the profiles are, as patterns.", 'profiles: ["profiles/**/*.yaml"]'),
    "templates": ("The folder of the project's own templates.", "templates: templates"),
    "environments": ("The folder of the environments, one file each.", "environments: environments"),
    "output": ("The folder to write to.", "output: out"),
    **gitops.KEYS,
    **checks.KEYS,
}


class Project(Record):
    """A project. `root` is its folder; `stated` tells whether a `dsgen.yaml` says so."""

    root: Path
    stated: bool = False
    kubernetes: str = fields.DEFAULT
    profiles: tuple[str, ...] = ("profiles/**/*.yaml",)
    templates: str = "templates"
    environments: str = "environments"
    output: str = "out"
    gitops: GitOps = GitOps()
    checks: Checks = NOTHING_SAID

    def profile_files(self) -> list[Path]:
        """Return the project's profiles by path; what begins with `_` or `.` is only there to be extended.

        Raises OSError for a folder that cannot be listed.
        """
        # There may be thousands.
        return list(map(Path, matching(self.root, self.root, self.profiles)))

    def profile_folder(self) -> Path:
        """Return the folder for a new profile: what stands before the first wildcard of the first pattern."""
        parts = Path(self.profiles[0]).parts if self.profiles else ()
        plain = takewhile(lambda part: set(part).isdisjoint("*?["), parts[:-1])
        return self.root.joinpath(*plain)

    def environment_files(self) -> dict[str, Path]:
        """Return the files of the environments by name, sorted; what begins with `_` or `.` is none. Raises OSError."""
        folder = self.root / self.environments
        try:
            names = sorted(os.listdir(folder))
        except FileNotFoundError:
            if is_linked(folder, self.root):
                raise  # it leads nowhere
            return {}
        return {name[:-5]: folder / name for name in names if name.endswith(".yaml") and name[0] not in "_."}


def files_below(folder: Path, root: Path, suffixes: tuple[str, ...]) -> list[Path]:
    """Return the files below a folder whose names end so, by path; what begins with `_` or `.` is left out, as in a project.

    `root` is the project's. Raises OSError for a folder that cannot be listed, and for a link that leads out of the project, or where it is
    in none, out of the folder.
    """
    # What manifests are called is for others to say.
    case = str.lower if len(suffixes) > 1 else str
    own = is_below(os.path.abspath(folder), str(root))
    names = matching(folder, root if own else folder, ["**/*"], lambda name: case(name).endswith(suffixes))
    away = next((name for name in names if leads_out(name, str(folder))), "") if not own else ""
    if away:
        raise outside(away)
    return list(map(Path, names))


def matching(
    root: Path, within: Path, patterns: Iterable[str], wanted: Callable[[str], bool] | None = None
) -> list[str]:
    """Return what is no folder below the folder `root`, that patterns mean and that is `wanted`, by path.

    None begins with `_` or `.`, or lies in a folder that does. Raises OSError for a folder that cannot be listed, and for a link to one
    that is not below `within`.
    """
    below = Patterns(str(root), str(within), ("_", "."))
    above = os.path.join(root, "")
    names = set()
    for pattern in patterns:
        for found in below.find(pattern):
            name = found.path
            if (
                not name
                or name[0] in "_."
                or f"{os.sep}_" in name
                or f"{os.sep}." in name
                or (wanted and not wanted(name))
            ):
                continue
            # What cannot be read is found too: whoever reads it says so.
            if not found.is_folder and not (found.is_link and os.path.isdir(above + name)):
                names.add(above + name)
    return sorted(names)


def display_path(path: Path) -> str:
    """Return the name of a file to show: relative to the current folder where it lies below it."""
    return _shown(os.path.abspath(path), path)


def _shown(absolute: str, path: Path) -> str:
    here = os.getcwd()
    return absolute[len(here) + 1 :] if absolute.startswith(here + os.sep) else str(path)


def unreadable(error: OSError, path: Path | str | None = None) -> str:
    """Return a line that says which file cannot be opened or written, and why."""
    name = path or error.filename
    return f"{display_path(Path(os.fsdecode(name))) if name else 'a file'}: {error.strerror or error}"


def find_project(start: Path, top: Path | None = None) -> tuple[Project, list[Problem]]:
    """Return the project that `start` lies in, and the problems of its `dsgen.yaml`; without one, `start` itself.

    It is not sought above the folder `top`.
    Raises OSError for a `dsgen.yaml` that cannot be read, or that another user put into a folder above both `start` and the current one.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if top is not None and not folder.is_relative_to(top):
            break
        if os.path.lexists(folder / FILE):
            if folder not in (start, Path.cwd()):
                check_owner(folder / FILE)
            return read_project(folder)
    return Project(start), []


def read_project(folder: Path) -> tuple[Project, list[Problem]]:
    """Return the project of a folder with a `dsgen.yaml`, and the problems of that file."""
    name = display_path(folder / FILE)
    text = read_file(folder / FILE, folder)
    if not text.strip():
        return Project(folder, stated=True), []
    root, problems = source.read(text, name)
    if root is None or problems:
        return Project(folder, stated=True), problems
    if not isinstance(root, Map):
        return Project(folder, stated=True), [
            INVALID_TYPE.at(origin_of(root), f"{describe(root)} where a map is wanted")
        ]
    # What is stated keeps its place in the file.
    found: dict[str, str | tuple[str, ...] | GitOps | Checks] = {}
    for key, value in root.items():
        if key not in KEYS:
            hint = did_you_mean(key, KEYS) or f"the keys are {', '.join(KEYS)}"
            problems.append(UNKNOWN_KEY.at(origin_of(key), f"unknown key `{key}` in {FILE}", hint=hint, path=key))
        elif key == "profiles":
            entries = value if isinstance(value, List) else List([value])
            found[key] = tuple(entry for entry in entries if _is_path(entry, key, problems))
        elif key == "kubernetes":
            if not isinstance(value, Text) or value not in fields.MINORS:
                hint = f"there are {', '.join(fields.MINORS)}"
                problems.append(
                    UNKNOWN_VERSION.at(
                        origin_of(value), f"{describe(value)} is no version dsgen knows", hint=hint, path=key
                    )
                )
            else:
                found[key] = str(value)
        elif key not in (*gitops.KEYS, *checks.KEYS) and _is_path(value, key, problems):
            found[key] = value
    if not gitops.KEYS.keys().isdisjoint(root):
        found["gitops"] = gitops.read(root, problems)
    found["checks"] = checks.read(root, problems)
    return Project(folder, stated=True, **found), problems  # type: ignore[arg-type]


def _is_path(value: Value, key: str, problems: list[Problem]) -> TypeGuard[Text]:
    if not isinstance(value, Text) or "\0" in value:
        problems.append(
            INVALID_TYPE.at(origin_of(value), f"{describe(value)} where a path is wanted", hint=KEYS[key][1], path=key)
        )
        return False
    if Path(value).is_absolute() or ".." in Path(value).parts:
        problems.append(
            OUTSIDE.at(
                value.origin,
                f"`{value}` leads out of the project",
                hint="write a path below the project's folder",
                path=key,
            )
        )
        return False
    return True


def bound(project: Project, folder: str) -> str:
    """Return the real path of the folder that what is stated in `folder` may not lead out of: the project's, or that of the presets, or
    without a project `folder` itself.
    """
    presets = str(shipped.folder())
    if is_below(folder, presets) and not is_below(folder, str(project.root)):
        return os.path.realpath(presets)
    return os.path.realpath(project.root if project.stated else folder)


def where(project: Project, root: str) -> str:
    """Return a hint that says where the folder `root` is, which a path leads out of."""
    return (
        f"{FILE} stands in {display_path(Path(root))}"
        if project.stated
        else f"without a {FILE}, that is {display_path(Path(root))}"
    )


class Finder:
    """Finds the profiles that `extends` names."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def __call__(self, reference: str, stated_in: File) -> File:
        """Return the file that a profile extends. Raises NotFoundError."""
        if "/" not in reference and not reference.endswith(".yaml"):
            path = shipped.profiles().get(reference)
            if path is None:
                hint = (
                    did_you_mean(reference, shipped.profiles())
                    or f"write a path such as `./{reference}.yaml` for a file of your own"
                )
                raise NotFoundError(f"no shipped profile is called `{reference}`", hint)
            return open_file(path)
        path = Path(stated_in.key).parent / reference
        own = os.path.dirname(stated_in.key)
        root = bound(self._project, own if not is_below(own, str(self._project.root)) else str(self._project.root))
        try:
            # By its real path a file is known again, whatever links lead to it.
            real = os.path.realpath(path)
            if not is_below(real, root):
                raise NotFoundError(f"`{reference}` leads out of the project", where(self._project, root))
            return open_file(path)._replace(key=real)
        except (OSError, ValueError) as error:
            hint = "" if "/" in reference else f"a file beside this one is meant by `{reference}`"
            raise NotFoundError(f"`{reference}` cannot be read: {getattr(error, 'strerror', error)}", hint) from None


def open_file(path: Path, within: Path | None = None) -> File:
    """Return the text of a file of a project, which no link leads to out of the folder `within`. Raises OSError."""
    absolute = os.path.abspath(path)
    return File(_shown(absolute, path), read_file(path, within or ""), absolute)
