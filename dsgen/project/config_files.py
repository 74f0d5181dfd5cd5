"""The files of config maps: found by patterns relative to the profile that sets them, and never outside its project."""

from __future__ import annotations

import contextlib
import os
import stat
from glob import has_magic
from pathlib import Path
from typing import Final

from dsgen.problem import did_you_mean
from dsgen.project.paths import display_path
from dsgen.project.patterns import Patterns, literal_parts
from dsgen.project.project import Project, bound, where
from dsgen.reading import MIB, is_below, read_file
from dsgen.resolve.file import NotFoundError

# A ConfigMap's limit, pkg/apis/core: MaxSecretSize. Larger files are not read.
MAX_SIZE: Final = MIB


def find_config(project: Project, pattern: str, stated_in: str) -> list[tuple[str, bytes]]:
    """Return the files that a pattern matches, by path: the path to show, and the bytes of each.

    `pattern` is relative to the profile `stated_in`, given by the name to show. Raises NotFoundError.
    """
    folder = os.path.dirname(os.path.abspath(project.file_of(stated_in)))
    root = bound(project, folder)
    if os.path.isabs(pattern):
        raise NotFoundError(f"`{pattern}` is an absolute path", "write a path relative to this profile")
    try:
        _check(project, os.path.join(folder, *literal_parts(pattern.split("/"))), root)
        found = list(Patterns(folder, root).find(pattern))
    except ValueError as error:
        raise NotFoundError(f"`{pattern}` is not a valid path: {error}") from None
    except OSError as error:
        raise _unreadable(error, os.path.join(folder, pattern)) from None
    every = [os.path.join(folder, each.path) for each in found if not each.is_folder]
    paths = sorted(os.path.normpath(path) for path in every if not os.path.isdir(path))
    if not paths:
        raise NotFoundError(*_nothing(pattern, Path(folder), bool(found)))
    return _read(project, pattern, paths, root)


def _check(project: Project, path: str, root: str) -> None:
    """Raise NotFoundError for a path that is not below the folder `root`, whether it exists or not."""
    if not is_below(os.path.realpath(path), root):
        path = os.path.normpath(path)
        linked = " through a symlink" if is_below(path, root) else ""
        raise NotFoundError(f"`{display_path(Path(path))}` leads out of the project{linked}", where(project, root))


def _read(project: Project, pattern: str, paths: list[str], root: str) -> list[tuple[str, bytes]]:
    found = []
    size = 0
    for path in paths:
        _check(project, path, root)
        try:
            before = os.stat(path)
            if not stat.S_ISREG(before.st_mode):
                hint = "write the path of a file, or a pattern that matches only files"
                raise NotFoundError(f"`{display_path(Path(path))}` is not a file", hint)
            size += before.st_size
            if size > MAX_SIZE:
                found_size = (
                    f"the files of `{pattern}` have {size} bytes, but a config map must have at most {MAX_SIZE}"
                )
                raise NotFoundError(found_size, "split it into several config maps, or add the files to the image")
            found.append((display_path(Path(path)), read_file(path, limit=MAX_SIZE)))
        except OSError as error:
            raise _unreadable(error, path) from None
    return found


def _unreadable(error: OSError, path: str) -> NotFoundError:
    name = os.path.normpath(os.fsdecode(error.filename or path))
    return NotFoundError(f"`{display_path(Path(name))}` cannot be read: {error.strerror or error}")


def _nothing(pattern: str, folder: Path, folders: bool) -> tuple[str, str]:
    if folders:
        return f"`{pattern}` matches only folders", f"write `{pattern.rstrip('/') or '.'}/*`"
    if has_magic(pattern):
        return (
            f"`{pattern}` matches no file in {display_path(folder)}",
            "patterns are relative to the profile that sets them",
        )
    place, beside = folder / os.path.dirname(pattern), list[str]()
    with contextlib.suppress(OSError):
        beside = os.listdir(place)
    near = did_you_mean(os.path.basename(pattern), beside)
    return (
        f"no such file `{display_path(Path(os.path.normpath(folder / pattern)))}`",
        near or "paths are relative to the profile that sets them",
    )
