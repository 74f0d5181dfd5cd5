"""Locking presets: copying them into the project, and replacing locked ones by those of this dsgen."""

from __future__ import annotations

import os
from collections.abc import Mapping

from dsgen.build.error import BuildError
from dsgen.build.output.files import path_below, remove, temp_name, write_file
from dsgen.problem import PRESET, is_preset
from dsgen.project import shipped
from dsgen.project.paths import display_path, unreadable
from dsgen.project.preset_lock import NAME, LockedPreset, check, locked, to_text
from dsgen.project.presets import read
from dsgen.project.project import Finder, Project, open_file
from dsgen.resolve.file import NotFoundError
from dsgen.resolve.parents import Parents
from dsgen.version import __version__


def current(name: str) -> LockedPreset:
    """Return what locking a preset of this dsgen writes. Its version is that of the project that it packages, or else that of dsgen."""
    files = shipped.preset_files(name)
    return locked(name, read(name, files[0][1].decode("utf-8")).version or __version__, files)


def outdated(project: Project) -> list[tuple[LockedPreset, LockedPreset | None]]:
    """Return the locked presets that are not those of this dsgen, each with that, or None if this dsgen has no such preset."""
    known = shipped.profiles()
    pairs = [(each, current(each.name) if each.name in known else None) for each in project.presets]
    return [(own, new) for own, new in pairs if own != new]


def extended(project: Project) -> list[str]:
    """Return the names of the presets that the profiles of a project extend, sorted.

    Raises BuildError for a profile that cannot be read, or that is not valid: it might extend more.
    """
    # Whatever has become of the copies: they may be about to be written again.
    known = shipped.profiles()
    usable = project._replace(presets=tuple(each for each in project.presets if each.name not in known))
    parents = Parents(Finder(usable))
    names: set[str] = set()
    try:
        for path in project.profile_files():
            file = open_file(path, project.root)
            found = parents.layers(file)
            parents.forget(file)
            if not found.layers:
                why = f"{found.problems[0]}; {found.problems[0].hint}".removesuffix("; ")
                raise BuildError(f"{why}\ndsgen: locks nothing until this is fixed: the profile may extend a preset")
            names |= {each.name.removeprefix(PRESET).partition("@")[0] for each in found.files if is_preset(each.name)}
    except OSError as error:
        raise BuildError(f"cannot read {unreadable(error)}") from error
    return sorted(names)


class Locked:
    """The locked presets of a project, while they change."""

    def __init__(self, project: Project) -> None:
        self._root = project.root
        self._presets = {each.name: each for each in project.presets}

    def needs(self, name: str) -> bool:
        """Return whether a preset is not locked, or its folder is missing. Raises BuildError if its files were modified."""
        preset = self._presets.get(name)
        if preset is None or not os.path.lexists(self._root / preset.folder):
            return True
        self._check(preset)
        return False

    def lock(self, name: str) -> LockedPreset:
        """Copy a preset of this dsgen into the project, instead of the one that is locked, and return it. Raises BuildError and OSError."""
        new, old = current(name), self._presets.get(name)
        if old and os.path.lexists(self._root / old.folder):
            self._check(old)
        in_the_way = self._root / new.folder
        if (old is None or old.folder != new.folder) and os.path.lexists(in_the_way):
            try:
                check(self._root, new)  # a killed run left it
            except (NotFoundError, OSError):
                raise BuildError(
                    f"{display_path(in_the_way)} already exists, and dsgen did not lock it: move it away"
                ) from None
        self._write(new, dict(shipped.preset_files(name)))
        self._presets[name] = new
        self._save()
        if old and old.folder != new.folder:
            self._remove(old)
        return new

    def unlock(self, name: str) -> LockedPreset:
        """Remove a locked preset, and return what it was. Raises BuildError if its files were modified, OSError."""
        preset = self._presets[name]
        if os.path.lexists(self._root / preset.folder):
            self._check(preset)
        del self._presets[name]
        self._save()
        self._remove(preset)
        return preset

    def _check(self, preset: LockedPreset) -> None:
        try:
            check(self._root, preset)
        except NotFoundError as error:
            raise BuildError(f"{error}; {error.hint}") from None

    def _write(self, preset: LockedPreset, files: Mapping[str, bytes]) -> None:
        folder = path_below(self._root, f"{preset.folder}/x").parent
        beside = folder.parent / temp_name(folder.name)
        if os.path.lexists(beside):
            remove(str(beside))
        for path, data in files.items():
            file = beside / path
            os.makedirs(file.parent, exist_ok=True)
            write_file(str(file), data)
        if os.path.lexists(folder):
            gone = folder.parent / temp_name(beside.name)
            if os.path.lexists(gone):
                remove(str(gone))
            os.rename(folder, gone)
            os.rename(beside, folder)
            remove(str(gone))
        else:
            os.rename(beside, folder)

    def _save(self) -> None:
        path = path_below(self._root, NAME)
        os.makedirs(path.parent, exist_ok=True)
        write_file(str(path), to_text(self._presets.values()).encode())

    def _remove(self, preset: LockedPreset) -> None:
        folder = self._root / preset.folder
        if os.path.lexists(folder):
            beside = folder.parent / temp_name(folder.name)
            os.rename(folder, beside)
            remove(str(beside))
