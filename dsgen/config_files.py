"""The files of config maps: found by patterns, next to the profile that states them, and never outside its project."""

from __future__ import annotations

import os
from glob import glob, has_magic
from pathlib import Path
from typing import Final

from dsgen import shipped
from dsgen.problem import nearest
from dsgen.project import FILE, Project, shown
from dsgen.resolve.file import NotFoundError

# A ConfigMap's limit, pkg/apis/core: MaxSecretSize. What is larger is not even read.
MAX_SIZE: Final = 1024 * 1024


def find_config(project: Project, pattern: str, stated_in: str) -> list[tuple[str, bytes]]:
    """Return the files that a pattern means, by path: each one's path to show, and its bytes.

    `pattern` is relative to the profile `stated_in`, the name to show for it. Raises NotFoundError.
    """
    folder = Path(os.path.abspath(stated_in)).parent
    root = _root(project, folder)
    if os.path.isabs(pattern):
        raise NotFoundError(f"`{pattern}` is an absolute path", "write a path relative to this profile")
    try:
        names = sorted(glob(pattern, root_dir=folder, recursive=True))
    except ValueError as error:
        raise NotFoundError(f"`{pattern}` is not a path: {error}") from None
    paths = [Path(os.path.normpath(folder / name)) for name in names if not (folder / name).is_dir()]
    if not paths:
        raise NotFoundError(*_nothing(pattern, folder, bool(names)))
    found = []
    size = 0
    for path in paths:
        if not Path(os.path.realpath(path)).is_relative_to(root):
            linked = " by a link" if path.is_relative_to(root) else ""
            where = f"{FILE} stands in {shown(root)}" if project.stated else f"this profile stands in {shown(root)}"
            raise NotFoundError(f"`{shown(path)}` leads out of the project{linked}", where)
        try:
            # A pipe or a device would never end.
            size += path.stat().st_size if path.is_file() else 0
            if size > MAX_SIZE:
                found_size = f"`{pattern}` finds {size} bytes, and a config map has at most {MAX_SIZE}"
                raise NotFoundError(found_size, "divide it, or put it into the image")
            if not path.is_file():
                raise NotFoundError(f"`{shown(path)}` is not a file", "name files, or a pattern that finds files only")
            found.append((shown(path), path.read_bytes()))
        except OSError as error:
            raise NotFoundError(f"`{shown(path)}` cannot be read: {error.strerror}") from None
    return found


def _root(project: Project, folder: Path) -> Path:
    """Return the folder that no path leaves: the project's, or that of the presets, or without a project the profile's own."""
    presets = shipped.folder()
    if folder.is_relative_to(presets) and not folder.is_relative_to(project.root):
        return Path(os.path.realpath(presets))
    return Path(os.path.realpath(project.root if project.stated else folder))


def _nothing(pattern: str, folder: Path, folders: bool) -> tuple[str, str]:
    if folders:
        return f"`{pattern}` finds folders only", f"write `{pattern.rstrip('/')}/*`"
    if has_magic(pattern):
        return f"`{pattern}` finds no file in {shown(folder)}", "patterns are relative to the profile that states them"
    place = folder / os.path.dirname(pattern)
    near = nearest(os.path.basename(pattern), os.listdir(place)) if place.is_dir() else ""
    return (
        f"there is no file `{shown(Path(os.path.normpath(folder / pattern)))}`",
        near or "paths are relative to the profile that states them",
    )
