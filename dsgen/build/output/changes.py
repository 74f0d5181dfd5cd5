"""What a run will do to one folder: a function of what stands there and of what the profile makes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from dsgen.build.output import index
from dsgen.build.output.folder import Folder
from dsgen.build.output.index import Index
from dsgen.problem import Problem, code
from dsgen.record import Record

CHANGED_FILE = code(
    "changed-file",
    """A file that dsgen wrote has been changed since by somebody else. It is not overwritten and not removed, and nothing else is written
    beside it, unless `--force` is given: the change would be lost.""",
)
FOREIGN_FILE = code(
    "foreign-file",
    """Where dsgen would write a file, there is something that it did not write: a file that the folder's index does not list, a link, a folder.
    Nothing is written for this profile. With `--force` a file is replaced.""",
)
CASE_COLLISION = code(
    "case-collision",
    "The names of two files differ in upper and lower case only: on macOS and Windows they are one file.",
)

_FORCE: Final = "or give `--force`, and it is lost"


class FolderChanges(Record):
    """What is to be done to the folder at `path`; nothing at all while there are `conflicts`.

    `writes` are files and their new bytes, `missing` those of them that are not there, `same` the files that are as they should be.
    `index_text` is the new index, None when nothing stays. `left` is what a killed run left behind,
    and `found_index` an index of what stands there.
    """

    path: str
    profile: str
    new: bool
    writes: Mapping[str, bytes]
    missing: frozenset[str]
    removals: tuple[str, ...]
    same: tuple[str, ...]
    index_text: bytes | None
    index_differs: bool
    left: tuple[str, ...]
    found_index: bytes
    conflicts: tuple[Problem, ...]

    @property
    def is_done(self) -> bool:
        """Tell whether all is as it should be."""
        return not (self.writes or self.removals or self.index_differs or self.left or self.conflicts)


def plan(folder: Folder, profile: str, made: Mapping[str, bytes], force: bool = False) -> FolderChanges:
    """Return how `folder` comes to hold the files `made` from `profile`, and no others that dsgen wrote."""
    digests = {name: index.digest(data) for name, data in made.items()}
    writes = {name: data for name, data in made.items() if folder.found.get(name) != digests[name]}
    gone = sorted((folder.written.keys() - made.keys()) & folder.found.keys())
    new_index = index.write(Index(profile, digests)) if made else None
    return FolderChanges(
        folder.path,
        profile,
        not folder.exists,
        writes,
        frozenset(writes.keys() - folder.found.keys()),
        # What is no file any more cannot be what dsgen wrote: with `--force` it is forgotten, and stays.
        tuple(name for name in gone if folder.found[name] is not None),
        tuple(name for name in made if name not in writes),
        new_index,
        new_index != folder.index_text or bool(folder.left),
        folder.left,
        _found_index(folder) if folder.left else b"",
        tuple(_conflicts(folder, made, writes, gone, force)),
    )


def _found_index(folder: Folder) -> bytes:
    found = ((name, folder.found.get(name)) for name in folder.written)
    files = {name: of for name, of in found if of is not None and of in folder.written[name]}
    return index.write(Index(folder.profile, files))


def _conflicts(
    folder: Folder, made: Iterable[str], writes: Iterable[str], gone: Iterable[str], force: bool
) -> Iterator[Problem]:
    if folder.problem is not None:
        yield folder.problem
        return
    lower: dict[str, str] = {}
    for name in made:
        other = lower.setdefault(name.casefold(), name)
        if other != name:
            found = f"`{name}` and `{other}` differ in upper and lower case only"
            yield CASE_COLLISION.at(None, found, hint="give one of the two another name", file=folder.path)
    for name in (*writes, *gone):
        if name not in folder.found:
            continue
        file, digest = f"{folder.path}/{name}", folder.found[name]
        if digest is None:
            if name in writes or not force:
                hint = "remove it, and generate again"
                yield FOREIGN_FILE.at(None, "a link or a folder stands in the way", hint=hint, file=file)
        elif force or digest in folder.written.get(name, ()):
            continue
        elif name in folder.written:
            hint = f"put the change into the profile and remove this file, {_FORCE}"
            yield CHANGED_FILE.at(None, "changed since dsgen wrote it, and left alone", hint=hint, file=file)
        else:
            hint = f"move it away, {_FORCE}"
            yield FOREIGN_FILE.at(None, "dsgen did not write this file, and leaves it alone", hint=hint, file=file)
