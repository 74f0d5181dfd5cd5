"""The presets that a project has locked: copies in `presets/`, and the digest of each file in `presets/lock.json`."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from dsgen import source
from dsgen.problem import PRESET, Problem, code
from dsgen.project.packs import NAME as NAME_OF_PACK
from dsgen.project.paths import display_path
from dsgen.reading import digest, read_file
from dsgen.record import Record
from dsgen.resolve.file import NotFoundError
from dsgen.tree import as_map, origin_of

FOLDER: Final = "presets"
NAME: Final = f"{FOLDER}/lock.json"
FORMAT: Final = 1
# The folder of templates in that of a preset; below it is a folder of the name of the preset.
TEMPLATES: Final = "templates"

INVALID_LOCK = code(
    "invalid-preset-lock",
    """The list of a project's locked presets, `presets/lock.json`, cannot be used. It is damaged, or a newer version of dsgen wrote it.""",
)
MISMATCHED_PRESET = code(
    "mismatched-preset-digest",
    """The files of a locked preset do not match their digests in `presets/lock.json`. Somebody edited them, or only part of an upgrade was
    committed.""",
)

_PRESET_NAME: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_VERSION: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+_-]{0,99}")
PATH: Final = re.compile(r"[0-9A-Za-z_-][0-9A-Za-z._-]*(/[0-9A-Za-z_-][0-9A-Za-z._-]*){0,9}")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


class LockedPreset(Record):
    """A preset as it was when it was locked: `files` are the digests of its files, by path below its folder.

    `pack` is the pack that it is from, or empty if it was shipped. `at` is a folder to read it from instead of its own.
    """

    name: str
    version: str
    files: tuple[tuple[str, str], ...]
    pack: str = ""
    at: str = ""

    @property
    def folder(self) -> str:
        """The folder of its files, relative to the project."""
        return self.at or f"{FOLDER}/{self.name}@{self.version}"

    @property
    def file(self) -> str:
        """The path of its profile, relative to the project."""
        return f"{self.folder}/{self.name}.yaml"

    @property
    def shown(self) -> str:
        """What problems call its profile."""
        return f"{PRESET}{self.name}@{self.version}"


def locked(name: str, version: str, files: Iterable[tuple[str, bytes]], pack: str = "") -> LockedPreset:
    """Return the entry of a preset with these files: their paths below its folder, and their contents."""
    return LockedPreset(name, version, tuple(sorted((path, digest(data)) for path, data in files)), pack)


def to_text(presets: Iterable[LockedPreset]) -> str:
    """Return the text of `presets/lock.json`: sorted, with a file in each line, so that branches merge."""
    entries = {
        each.name: {"version": each.version, **({"pack": each.pack} if each.pack else {}), "files": dict(each.files)}
        for each in sorted(presets)
    }
    return json.dumps({"version": FORMAT, "presets": entries}, indent=2) + "\n"


def read_lock(root: Path, problems: list[Problem]) -> tuple[LockedPreset, ...]:
    """Return the locked presets of the project in the folder `root`; what is wrong with the list is added to `problems`.

    Raises OSError.
    """
    path = root / NAME
    if not os.path.lexists(path):
        return ()
    tree, wrong = source.read(read_file(path, root), display_path(path))
    form = as_map(tree).get("version")
    found, where = list[LockedPreset](), origin_of(tree)
    hint = "restore it from version control, or remove it and run `dsgen presets lock`"
    if wrong:
        problems += [INVALID_LOCK.at(None, f"`{NAME}`: {wrong[0].message}", hint=hint, file=display_path(path))]
        return ()
    number = str(form)
    if len(number) < 10 and number.isdecimal() and int(number) > FORMAT:
        newer = f"`{NAME}` has version {number}, written by a newer dsgen"
        problems.append(INVALID_LOCK.at(where, newer, hint="upgrade dsgen"))
        return ()
    entries = as_map(tree).child("presets")
    if number != str(FORMAT) or entries is None:
        problems.append(INVALID_LOCK.at(where, f"`{NAME}` is not a list of locked presets", hint=hint))
        return ()
    for name, entry in entries.items():
        files = as_map(as_map(entry).get("files"))
        version = str(as_map(entry).get("version", ""))
        pack = str(as_map(entry).get("pack", ""))
        right = (
            (not pack or NAME_OF_PACK.fullmatch(pack))
            and _PRESET_NAME.fullmatch(name)
            and _VERSION.fullmatch(version)
            and f"{name}.yaml" in files
        )
        if not right or not all(PATH.fullmatch(file) and _DIGEST.fullmatch(str(of)) for file, of in files.items()):
            problems.append(INVALID_LOCK.at(origin_of(name), f"`{name}` is not a locked preset", hint=hint))
        else:
            found.append(
                LockedPreset(str(name), version, tuple((str(file), str(of)) for file, of in files.items()), pack)
            )
    return tuple(found)


def check(root: Path, preset: LockedPreset) -> None:
    """Raise NotFoundError, with the code of the problem, if the files of a locked preset are not those that were locked; OSError if they cannot be read."""
    folder = root / preset.folder
    wanted = dict(preset.files)
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    wrong = [f"`{path}` is missing" for path in sorted(wanted.keys() - there)]
    wrong += [f"`{path}` is not part of it" for path in sorted(there - wanted.keys())]
    wrong += [
        f"`{path}` was modified"
        for path in sorted(there & wanted.keys())
        if digest(read_file(folder / path, root)) != wanted[path]
    ]
    if wrong:
        found = f"the files in {display_path(folder)} do not match the locked preset: {wrong[0]}"
        hint = "restore them from version control; to lock the preset of this version of dsgen, remove the folder and run `dsgen presets lock`"
        raise NotFoundError(found, hint, MISMATCHED_PRESET)
