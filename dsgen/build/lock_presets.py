"""Lock presets: copy them into the project, and replace locked ones with those of this version of dsgen, or of a pack."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from dsgen.build.error import BuildError
from dsgen.build.output.files import is_temp, path_below, remove, temp_name, write_file
from dsgen.build.packs import Available
from dsgen.problem import PRESET, is_preset
from dsgen.project.paths import display_path, unreadable
from dsgen.project.preset_lock import FOLDER, NAME, LockedPreset, check, to_text
from dsgen.project.project import Finder, Project, open_file
from dsgen.resolve.file import NotFoundError
from dsgen.resolve.parents import Parents


def outdated(project: Project, available: Available) -> list[tuple[LockedPreset, LockedPreset | None]]:
    """Return the locked presets that differ from the available ones, each with that, or None if there is none."""
    pairs = [
        (each, None if available.pack(each.name) is None else available.current(each.name)) for each in project.presets
    ]
    return [(own, new) for own, new in pairs if own != new]


def extended(project: Project, available: Available) -> list[str]:
    """Return the names of the presets that the profiles of a project extend, sorted.

    Raises BuildError for a profile that cannot be read, or that is not valid: it might extend more.
    """
    # Whatever has become of the copies: they may be about to be written again. What is in no pack cannot be locked.
    parents = Parents(Finder(available.instead(project, available.names())._replace(packs=())))
    names: set[str] = set()
    try:
        for path in project.profile_files():
            file = open_file(path, project.root)
            found = parents.layers(file)
            parents.forget(file)
            if not found.layers:
                why = f"{found.problems[0]}; {found.problems[0].hint}".removesuffix("; ")
                raise BuildError(f"{why}; no preset is locked until this is fixed, because the profile may extend one")
            names |= {each.name.removeprefix(PRESET).partition("@")[0] for each in found.files if is_preset(each.name)}
    except OSError as error:
        raise BuildError(f"cannot read {unreadable(error)}") from error
    return sorted(names)


class Locked:
    """The locked presets of a project, while they change, which is within `with`.

    Whenever a run fails or is killed, each preset has the files that the list says, or the next run gives it these.
    """

    def __init__(self, project: Project, available: Available) -> None:
        self._root = project.root
        self._available = available
        self._presets = {each.name: each for each in project.presets}

    def __enter__(self) -> Locked:
        self._settle()
        return self

    def __exit__(self, *_: object) -> None:
        self._settle()

    def needs(self, name: str) -> bool:
        """Return whether a preset is not locked, or its folder is not what the list says. Raises BuildError if its files were modified."""
        preset = self._presets.get(name)
        if preset is None or not os.path.lexists(self._root / preset.folder):
            return True
        self._check(preset)
        return not self._holds(preset)

    def lock(self, name: str) -> LockedPreset:
        """Copy an available preset into the project, instead of the locked one, and return it. Raises BuildError and OSError."""
        new, old = self._available.current(name), self._presets.get(name)
        if old:
            self._check(old)
        in_the_way = self._root / new.folder
        # If it holds the preset, a killed run left it.
        if (old is None or old.folder != new.folder) and os.path.lexists(in_the_way) and not self._holds(new):
            raise BuildError(f"{display_path(in_the_way)} already exists, and dsgen did not lock it: move it away")
        self._write(new, dict(self._available.files(name)))
        if old and old.folder != new.folder:
            self._set_aside(old)
        self._save({**self._presets, name: new})
        return new

    def unlock(self, name: str) -> LockedPreset:
        """Remove a locked preset, and return what it was. Raises BuildError if its files were modified, OSError."""
        preset = self._presets[name]
        self._check(preset)
        self._set_aside(preset)
        self._save({key: each for key, each in self._presets.items() if key != name})
        return preset

    def _check(self, preset: LockedPreset) -> None:
        """Raise BuildError if somebody modified the files of a locked preset; a killed upgrade may have written them, before the list."""
        if not os.path.lexists(self._root / preset.folder):
            return
        try:
            check(self._root, preset)
        except NotFoundError as error:
            known = self._available.pack(preset.name) is not None
            new = self._available.current(preset.name) if known else preset
            if new.folder != preset.folder or not self._holds(new):
                raise BuildError(f"{error}; {error.hint}") from None

    def _holds(self, preset: LockedPreset) -> bool:
        try:
            check(self._root, preset)
        except (NotFoundError, OSError):
            return False
        return True

    def _folder(self, preset: LockedPreset) -> Path:
        """Return the folder of a preset, to be changed. Raises OSError if that is behind a symlink."""
        return path_below(self._root, f"{preset.folder}/x").parent

    def _write(self, preset: LockedPreset, files: Mapping[str, bytes]) -> None:
        folder = self._folder(preset)
        beside = folder.parent / temp_name(folder.name)
        for path, data in files.items():
            file = beside / path
            os.makedirs(file.parent, exist_ok=True)
            write_file(str(file), data)
        self._set_aside(preset)
        os.rename(beside, folder)

    def _save(self, presets: dict[str, LockedPreset]) -> None:
        path = path_below(self._root, NAME)
        os.makedirs(path.parent, exist_ok=True)
        write_file(str(path), to_text(presets.values()).encode())
        self._presets = presets

    def _set_aside(self, preset: LockedPreset) -> None:
        folder = self._folder(preset)
        if os.path.lexists(folder):
            os.rename(folder, _aside(folder))

    def _settle(self) -> None:
        """Put back what is set aside but still listed, and remove the rest that this run, or one that was killed, left."""
        folder = self._root / FOLDER
        if folder.is_symlink():
            return  # nothing is changed behind it
        for preset in self._presets.values():
            own = self._root / preset.folder
            if os.path.lexists(_aside(own)) and not os.path.lexists(own):
                os.rename(_aside(own), own)
        for name in os.listdir(folder) if folder.is_dir() else ():
            if is_temp(name):
                remove(str(folder / name))


def _aside(folder: Path) -> Path:
    return folder.parent / temp_name(temp_name(folder.name))
