"""The project: the folder of `dsgen.yaml`, its profiles, its templates, and where the output goes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from itertools import takewhile
from pathlib import Path
from typing import Final

from dsgen import checks, gitops, shipped, source
from dsgen.gitops import GitOps
from dsgen.kubernetes import fields
from dsgen.kubernetes.lint import NOTHING_SAID, Checks
from dsgen.patterns import Patterns
from dsgen.problem import Problem, code, nearest
from dsgen.profile.report import UNKNOWN_KEY, UNKNOWN_VERSION, WRONG_TYPE
from dsgen.record import Record
from dsgen.resolve.file import File, NotFoundError
from dsgen.source import describe
from dsgen.tree import List, Map, Text, Value, origin_of

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
        return list(map(Path, matching(self.root, self.profiles)))

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
            if os.path.lexists(folder):
                raise  # a link that leads nowhere
            return {}
        return {name[:-5]: folder / name for name in names if name.endswith(".yaml") and name[0] not in "_."}


def files_below(folder: Path, suffixes: tuple[str, ...]) -> list[Path]:
    """Return the files below a folder whose names end so, by path; what begins with `_` or `.` is left out, as in a project.

    Raises OSError for a folder that cannot be listed.
    """
    # What manifests are called is for others to say.
    case = str.lower if len(suffixes) > 1 else str
    return [Path(name) for name in matching(folder, ["**/*"], lambda name: case(name).endswith(suffixes))]


def matching(root: Path, patterns: Iterable[str], wanted: Callable[[str], bool] | None = None) -> list[str]:
    """Return the files below a folder that patterns mean and that are `wanted`, by path; none that begin with `_` or `.`, or lie below such.

    Raises OSError for a folder that cannot be listed.
    """
    below = Patterns(str(root), ("_", "."))
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
            if found.is_file or (found.is_link and _is_file(above + name)):
                names.add(above + name)
    return sorted(names)


def _is_file(link: str) -> bool:
    """Tell whether a link leads to a file, or nowhere: whoever reads it says so."""
    return os.path.isfile(link) or not os.path.exists(link)


def shown(path: Path) -> str:
    """Return the name of a file to show: relative to the current folder where it lies below it."""
    return _shown(os.path.abspath(path), path)


def _shown(absolute: str, path: Path) -> str:
    here = os.getcwd()
    return absolute[len(here) + 1 :] if absolute.startswith(here + os.sep) else str(path)


def find_project(start: Path) -> tuple[Project, list[Problem]]:
    """Return the project that `start` lies in, and the problems of its `dsgen.yaml`; without one, `start` itself.

    Raises OSError for a `dsgen.yaml` that cannot be read.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / FILE).is_file():
            return read_project(folder)
    return Project(start), []


def read_project(folder: Path) -> tuple[Project, list[Problem]]:
    """Return the project of a folder with a `dsgen.yaml`, and the problems of that file."""
    name = shown(folder / FILE)
    text = (folder / FILE).read_bytes()
    if not text.strip():
        return Project(folder, stated=True), []
    root, problems = source.read(text, name)
    if root is None or problems:
        return Project(folder, stated=True), problems
    if not isinstance(root, Map):
        return Project(folder, stated=True), [WRONG_TYPE.at(origin_of(root), f"{describe(root)} where a map is wanted")]
    found: dict[str, str | tuple[str, ...] | GitOps | Checks] = {}
    for key, value in root.items():
        if key not in KEYS:
            hint = nearest(key, KEYS) or f"the keys are {', '.join(KEYS)}"
            problems.append(UNKNOWN_KEY.at(origin_of(key), f"unknown key `{key}` in {FILE}", hint=hint, path=key))
        elif key == "profiles":
            entries = value if isinstance(value, List) else List([value])
            found[key] = tuple(entry for entry in entries if _is_path(entry, key, problems))  # type: ignore[misc]
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
            found[key] = str(value)
    if not gitops.KEYS.keys().isdisjoint(root):
        found["gitops"] = gitops.read(root, problems)
    found["checks"] = checks.read(root, problems)
    return Project(folder, stated=True, **found), problems  # type: ignore[arg-type]


def _is_path(value: Value, key: str, problems: list[Problem]) -> bool:
    if not isinstance(value, Text):
        problems.append(
            WRONG_TYPE.at(origin_of(value), f"{describe(value)} where a path is wanted", hint=KEYS[key][1], path=key)
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
                    nearest(reference, shipped.profiles())
                    or f"write a path such as `./{reference}.yaml` for a file of your own"
                )
                raise NotFoundError(f"no shipped profile is called `{reference}`", hint)
            return open_file(path)
        path = Path(stated_in.key).parent / reference
        try:
            # By its real path a file is known again, whatever links lead to it.
            real = Path(os.path.realpath(path))
            if self._project.stated and not real.is_relative_to(self._project.root):
                raise NotFoundError(
                    f"`{reference}` leads out of the project", f"{FILE} stands in {shown(self._project.root)}"
                )
            return open_file(path)._replace(key=str(real))
        except (OSError, ValueError) as error:
            hint = "" if "/" in reference else f"a file beside this one is meant by `{reference}`"
            raise NotFoundError(f"`{reference}` cannot be read: {getattr(error, 'strerror', error)}", hint) from None


def open_file(path: Path) -> File:
    """Return the text of a file. Raises OSError."""
    absolute = os.path.abspath(path)
    return File(_shown(absolute, path), path.read_bytes(), absolute)
