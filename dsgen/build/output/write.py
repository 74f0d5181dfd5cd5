"""Carrying out a plan, in an order that lets the next run recover from a killed one.

Each file is written under a temporary name and renamed; so is a new folder, as a whole. In an existing folder, the new
index is written under its temporary name before the first file changes, and renamed after the last, so that it lists what a killed run wrote.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping

from dsgen.build.output import index
from dsgen.build.output.changes import FolderChanges
from dsgen.build.output.files import new_file, remove, temp_name, write_file

# The time, in nanoseconds, that each written file was given: see `dsgen.build.output.file_stats`.
Times = Mapping[str, int]


def apply(plan: FolderChanges) -> Times:
    """Carry out `plan`, and return the times of the files that it wrote. Raises OSError."""
    if plan.is_done:
        return {}
    if plan.new and plan.index_text is not None:
        return _new_folder(plan.path, {**plan.writes, index.NAME: plan.index_text})
    if plan.left:
        _mend(plan)
    if plan.index_text is None:
        _remove_folder(plan)
        return {}
    times: dict[str, int] = {}
    following = f"{plan.path}/{temp_name(index.NAME)}"
    if plan.index_differs:
        times[index.NAME] = new_file(following, plan.index_text)
    touched = False
    try:
        # On a case-insensitive file system, a removed file may have the name of a new one.
        for name in plan.removals:
            os.unlink(f"{plan.path}/{name}")
            touched = True
        for name, data in plan.writes.items():
            times[name] = write_file(f"{plan.path}/{name}", data)
            touched = True
    except BaseException:
        if not touched:
            with contextlib.suppress(OSError):
                os.unlink(following)
        raise
    if plan.index_differs:
        os.replace(following, f"{plan.path}/{index.NAME}")
    _drop_former(plan)
    return times


def _drop_former(plan: FolderChanges) -> None:
    """Remove the index under its former name, when there is one that lists all."""
    if plan.has_former:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(f"{plan.path}/{index.FORMER_NAME}")


def _mend(plan: FolderChanges) -> None:
    """Update the index to what is there after a killed run, and only then remove what the run left."""
    beside = f"{plan.path}/{temp_name(temp_name(index.NAME))}"
    new_file(beside, plan.found_index)
    os.replace(beside, f"{plan.path}/{index.NAME}")
    for name in plan.left:
        with contextlib.suppress(FileNotFoundError):
            remove(f"{plan.path}/{name}")


def _remove_folder(plan: FolderChanges) -> None:
    own = {*plan.removals, index.NAME, *([index.FORMER_NAME] if plan.has_former else [])}
    if own.issuperset(os.listdir(plan.path)):
        # Renamed first, so that it disappears at once: part of a profile's objects must not be applied.
        above, name = os.path.split(plan.path)
        beside = f"{above}/{temp_name(name)}"
        with contextlib.suppress(FileNotFoundError):
            remove(beside)
        os.rename(plan.path, beside)
        remove(beside)
        return
    for name in plan.removals:
        os.unlink(f"{plan.path}/{name}")
    with contextlib.suppress(FileNotFoundError):
        os.unlink(f"{plan.path}/{index.NAME}")
    _drop_former(plan)


def _new_folder(path: str, files: Mapping[str, bytes]) -> Times:
    above, name = os.path.split(path)
    beside = f"{above}/{temp_name(name)}"
    try:
        os.mkdir(beside)
    except FileNotFoundError:
        os.makedirs(beside)
    except FileExistsError:
        remove(beside)
        os.mkdir(beside)
    times = {name: new_file(f"{beside}/{name}", data) for name, data in files.items()}
    os.rename(beside, path)
    return times
