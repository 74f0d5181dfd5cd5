"""The changes of a run to one folder: a function of what is there and of what the profile generates."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from dsgen.build.output import index
from dsgen.build.output.folder import Folder
from dsgen.build.output.index import Index
from dsgen.problem import Problem, code
from dsgen.record import Record

CHANGED_FILE = code(
    "changed-file",
    """A file was modified since dsgen wrote it. It is not overwritten or removed, and nothing else in its folder is written or removed,
    unless `--force` is given: the modification would be lost.""",
)
FOREIGN_FILE = code(
    "foreign-file",
    """At the path of an output file is something that dsgen did not write: a file that the folder's index does not list, a symlink, or
    a folder. Nothing is written for this profile. With `--force`, a file is replaced.""",
)
CASE_COLLISION = code(
    "case-collision",
    "The names of two files differ only in case: on macOS and Windows they are the same file.",
)

_FORCE: Final = "or pass `--force` to discard it"


class FolderChanges(Record):
    """The changes to make to the folder at `path`; none while there are `conflicts`.

    `writes` are files and their new bytes, `missing` those of them that do not exist yet, `same` the files that are up to date.
    `index_text` is the new index, or None if no generated file stays; then
    `foreign` is what stays in the folder, because dsgen did not write it. `left` is what a killed run left behind, and `found_index` an
    index of what is there.
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
    foreign: tuple[str, ...]
    conflicts: tuple[Problem, ...]
    # The version of dsgen that wrote the index that is there, and whether an index under its former name goes away.
    writer: str = ""
    has_former: bool = False

    @property
    def is_done(self) -> bool:
        """Return whether the folder is up to date."""
        return not (self.writes or self.removals or self.index_differs or self.left or self.conflicts)


def folder_changes(folder: Folder, profile: str, made: Mapping[str, bytes], force: bool) -> FolderChanges:
    """Return the changes after which `folder` contains the files `made` from `profile`, and no others that dsgen wrote."""
    digests = {name: index.digest(data) for name, data in made.items()}
    writes = {name: data for name, data in made.items() if folder.found.get(name) != digests[name]}
    gone = sorted((folder.written.keys() - made.keys()) & folder.found.keys())
    new_index = index.to_text(Index(profile, digests)) if made else None
    differs = folder.has_former or index.differ(folder.index_text, new_index)
    return FolderChanges(
        folder.path,
        profile,
        not folder.exists,
        writes,
        frozenset(writes.keys() - folder.found.keys()),
        # Something that is no longer a file is not dsgen's: with `--force` it is dropped from the index, and stays.
        tuple(name for name in gone if folder.found[name] is not None),
        tuple(name for name in made if name not in writes),
        new_index if differs else folder.index_text,
        differs or bool(folder.left),
        folder.left,
        _found_index(folder) if folder.left else b"",
        () if made else (*folder.foreign, *(name for name in gone if folder.found[name] is None)),
        tuple(_conflicts(folder, made, writes, gone, force)),
        folder.writer,
        folder.has_former,
    )


def _found_index(folder: Folder) -> bytes:
    found = ((name, folder.found.get(name)) for name in folder.written)
    files = {name: of for name, of in found if of is not None and of in folder.written[name]}
    return index.to_text(Index(folder.profile, files))


def _conflicts(
    folder: Folder, made: Iterable[str], writes: Iterable[str], gone: Collection[str], force: bool
) -> Iterator[Problem]:
    if folder.problem is not None:
        yield folder.problem
        return
    lower: dict[str, str] = {}
    for name in made:
        other = lower.setdefault(name.casefold(), name)
        if other != name:
            found = f"`{name}` and `{other}` differ only in case"
            yield CASE_COLLISION.at(None, found, hint="rename one of the two", file=folder.path)
    for name in (*writes, *gone):
        if name not in folder.found:
            continue
        file, digest = f"{folder.path}/{name}", folder.found[name]
        if digest is None:
            if name in writes or not force:
                hint = "remove it, then run `dsgen generate` again"
                yield FOREIGN_FILE.at(None, "this path is a symlink or a folder", hint=hint, file=file)
        elif force or digest in folder.written.get(name, ()):
            continue
        elif name in gone:
            found = "modified since dsgen wrote it, so it was not removed, although no profile generates it any longer"
            hint = "move it elsewhere, or pass `--force` to remove it; its folder is kept until then"
            yield CHANGED_FILE.at(None, found, hint=hint, file=file)
        elif name in folder.written:
            hint = f"move the change into the profile and delete the file, {_FORCE}"
            yield CHANGED_FILE.at(
                None, "modified since dsgen wrote it, so it was not overwritten", hint=hint, file=file
            )
        else:
            hint = f"move it elsewhere, {_FORCE}"
            yield FOREIGN_FILE.at(
                None, "dsgen did not write this file, so it was not overwritten", hint=hint, file=file
            )
