"""The paths in a project: which files are read, and how they are shown."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dsgen.problem import Problem, code
from dsgen.profile.shape_problems import INVALID_TYPE
from dsgen.project.keys import KEYS
from dsgen.project.shown_paths import shown
from dsgen.reading import is_below, leads_out, outside
from dsgen.source import describe
from dsgen.tree import Text, Value, origin_of

if TYPE_CHECKING:
    from typing import TypeGuard

OUTSIDE = code(
    "path-outside-project", "A path in a project, or in a profile of one, leads out of the folder of `dsgen.yaml`."
)
MISSING_PATH = code(
    "missing-path",
    """`dsgen.yaml` refers to a folder that does not exist, or one of several patterns of profiles, or a pattern of manifests, matches
    nothing. Part of the project may not be checked out, and its generated files would be removed. Until this is fixed, nothing is removed.""",
)

# How long a path or pattern may be.
LONGEST_PATH: Final = 4_096


def files_below(folder: Path, root: Path, suffixes: tuple[str, ...]) -> list[Path]:
    """Return the files below a folder whose names end with the suffix, by path; names that begin with `_` or `.` are skipped, as in a project.

    `root` is the project folder. Raises OSError for a folder that cannot be listed, and for a symlink that leads out of the project, or
    out of the folder if it is in no project.
    """
    # The names of manifests follow other people's rules.
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
    """Return the files below the folder `root` that match the patterns and are `wanted`, by path.

    Names of files and folders that begin with `_` or `.` are skipped. Raises OSError for a folder that cannot be listed, and for a
    symlink to a folder that is not below `within`.
    """
    # Imported only where files are sought for.
    from dsgen.project.patterns import Patterns

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
            # Unreadable files are included: their reader reports the error.
            if not found.is_folder and not (found.is_link and os.path.isdir(above + name)):
                names.add(above + name)
    return sorted(names)


def display_path(path: Path) -> str:
    """Return the path of a file to show: relative to the current folder if both are in one project or repository, so that it is the same on
    every machine.
    """
    return shown(os.path.abspath(path), path)


def unreadable(error: OSError, path: Path | str | None = None) -> str:
    """Return a line that names the file that cannot be opened or written, and the reason."""
    name = path or error.filename
    return f"{display_path(Path(os.fsdecode(name))) if name else 'a file'}: {error.strerror or error}"


def is_path(value: Value, key: str, problems: list[Problem]) -> TypeGuard[Text]:
    """Return whether a value is a path or pattern below the project folder; if not, a problem with `key` is added to `problems`."""
    kind, found, hint = INVALID_TYPE, "", KEYS[key][1]
    if not isinstance(value, Text) or "\0" in value:
        found = f"expected a path, got {describe(value)}"
    elif len(value) > LONGEST_PATH:
        found = f"expected a path of at most {LONGEST_PATH:,} characters, got {len(value):,}"
    elif Path(value).is_absolute() or ".." in Path(value).parts:
        kind, found, hint = OUTSIDE, f"`{value}` leads out of the project", "write a path below the project folder"
    if found:
        problems.append(kind.at(origin_of(value), found, hint=hint, path=key))
    return not found
