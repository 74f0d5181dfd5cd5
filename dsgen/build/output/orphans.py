"""Folders that no profile generates any longer, and those of another project."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from dsgen.build.output.files import is_temp
from dsgen.build.output.folder import Folder, has_index, look
from dsgen.generate.header import file_of


def indexed_folders(path: str) -> tuple[list[str], list[str]]:
    """Return the names of the folders at `path` that dsgen wrote (they have an index), and of what a killed run left there, both sorted.

    Raises OSError.
    """
    try:
        with os.scandir(path) as entries:
            names = {entry.name: entry.is_dir(follow_symlinks=False) for entry in sorted(entries, key=_name)}
    except FileNotFoundError:
        return [], []
    left = list(filter(is_temp, names))
    own = [name for name, is_folder in names.items() if is_folder and has_index(f"{path}/{name}")]
    return [name for name in own if name not in left], left


def foreign_project(path: str, root: str) -> str:
    """Return a profile that the folder at `path` was generated from, if no such profile is in the project at `root`; else nothing.

    Its files are directly in the folder, or in one folder per environment. Raises OSError.
    """
    found = ""
    for profile in chain(_profiles(path), *map(_profiles, _folders_without_index(path))):
        if os.path.lexists(os.path.join(root, file_of(profile))):
            return ""
        found = found or profile
    return found


def _profiles(path: str) -> Iterator[str]:
    for name in indexed_folders(path)[0]:
        profile = look(f"{path}/{name}", force=True).profile
        if profile:
            yield profile


def _folders_without_index(path: str) -> Iterator[str]:
    with os.scandir(path) as entries:
        for entry in sorted(entries, key=_name):
            if entry.name[0] != "." and entry.is_dir(follow_symlinks=False) and not has_index(entry.path):
                yield entry.path


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


def orphaned(path: str, names: Iterable[str], failed: Mapping[str, str], force: bool) -> tuple[list[Folder], list[str]]:
    """Return the folders among `names` at `path` that no profile of the run generates, and the profiles that may. Raises OSError.

    `failed` are the profiles that failed, by their paths in the project, and their names if known: their folders are not returned.
    If the folder of one of them is not found, it may be any of these.
    """
    found = {name: look(f"{path}/{name}", force=force) for name in names}
    recorded = {folder.profile for folder in found.values()}
    unknown = [profile for profile, name in failed.items() if not name and profile not in recorded]
    named = set(failed.values())
    return [folder for name, folder in found.items() if folder.profile not in failed and name not in named], unknown
