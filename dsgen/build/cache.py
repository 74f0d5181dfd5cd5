"""Results of earlier runs: a profile whose inputs and outputs have not changed is not rendered again."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from dsgen.build.file_result import Result
from dsgen.build.output import index
from dsgen.build.output.changes import FolderChanges
from dsgen.build.output.file_stats import FileFingerprint, Stats, digest, digest_of_files
from dsgen.build.output.fingerprints import Fingerprints, unchanged
from dsgen.build.output.store import Store
from dsgen.build.targets import Target
from dsgen.choices import is_over
from dsgen.project import shipped
from dsgen.project.config_files import find_config
from dsgen.project.patterns import Patterns
from dsgen.project.preset_lock import TEMPLATES
from dsgen.project.project import Project
from dsgen.record import Record
from dsgen.resolve.file import NotFoundError

_INPUTS: Final = "inputs"


class _Entry(Record):
    """The inputs of a target, its result, and the files in its folder."""

    inputs: dict[str, str]
    patterns: list[tuple[str, str, str]]
    result: Result
    files: dict[str, FileFingerprint]


class Cache:
    """Results of earlier runs that wrote to one folder.

    `options` is everything besides files that they depend on. With `every`, this run builds all targets, and entries of others are dropped.
    With `dry`, nothing is written.
    """

    def __init__(
        self, store: Store, project: Project, folder: str, options: Iterable[object], every: bool, dry: bool
    ) -> None:
        self._store = store
        self._project = project
        self._folder = folder
        self._every = every
        self._dry = dry
        files = store.read(_INPUTS) or {}
        self._stats = Stats({path: FileFingerprint(*each) for path, each in files.items()}, str(project.root))
        # A killed run may have left files that only a full run finds.
        self._trusted = not store.is_unfinished()
        try:
            self._key = digest("\0".join(map(str, (*options, *self._program()))).encode("utf-8", "surrogatepass"))
        except OSError:
            self._key, self._trusted = "", False  # the reader of the file reports the error
        # By environment: what its entries depend on, besides files; their stored entries by the path of the target, and those that this run
        # used or added.
        self._keys: dict[str, str] = {}
        self._known: dict[str, dict[str, list[Any]]] = {}
        self._used: dict[str, dict[str, list[Any]]] = {}

    def result(self, target: Target) -> Result | None:
        """Return the stored result of a target, if it is up to date and its folder is unchanged."""
        where, which = _place(target)
        kept = self._of(where, target).get(which)
        if kept is None:
            return None
        entry = _entry(kept)
        digest_of = self._stats.digest
        if is_over(entry.result.decisions.until):
            return None
        if any(digest_of(path) != of for path, of in entry.inputs.items()) or not self._finds(entry.patterns):
            return None
        path = os.path.join(self._folder, where, entry.result.name) if where else f"{self._folder}/{entry.result.name}"
        read = unchanged(path, entry.files, self._stats.began)
        if read is None:
            return None
        self._used[where][which] = [*kept[:-1], {**kept[-1], **read}] if read else kept
        names = tuple(name for name in entry.files if name != index.NAME)
        return entry.result._replace(environment=where, plan=_done(path, names))

    def keep(self, target: Target, result: Result, files: Fingerprints) -> None:
        """Store the result of a target, and the files that are in its folder now."""
        if result.inputs is None or str(target.path) == "-":
            return
        for path in result.inputs.files:
            self._stats.digest(path)
        where, which = _place(target)
        patterns = [(*found, of) for found, of in result.inputs.config.items()]
        self._of(where, target)
        self._used[where][which] = [dict(result.inputs.files), patterns, result.to_json(), dict(files)]

    def save(self, but: str | None = None) -> None:
        """Write the entries of all environments but one, and drop them from memory."""
        for environment in [each for each in self._known if each != but]:
            known, used = self._known.pop(environment), self._used.pop(environment)
            wanted = used if self._every else {**known, **used}
            if wanted != known and not self._dry:
                self._store.write(self._name(environment), [self._keys[environment], wanted])

    def begin(self) -> None:
        """Record that the run begins to write files."""
        self._store.begin()

    def end(self) -> None:
        """Write the entries, and record that the run is complete."""
        self.save()
        if self._dry:
            return
        if self._stats.changed:
            self._store.write(_INPUTS, self._stats.files)
        self._store.end()

    def _of(self, environment: str, target: Target) -> dict[str, list[Any]]:
        if environment not in self._known:
            own = (*target.environment.crds, *target.environment.policies) if target.environment else ()
            self._keys[environment] = ":".join((self._key, *map(self._stats.digest, own)))
            key, found = self._store.read(self._name(environment)) or ("", {})
            self._known[environment] = found if key == self._keys[environment] and self._trusted else {}
            self._used[environment] = {}
        return self._known[environment]

    def _name(self, environment: str) -> str:
        return f"{digest(os.path.abspath(self._folder).encode('utf-8', 'surrogatepass'))[:8]}-{environment}"

    def _finds(self, patterns: list[tuple[str, str, str]]) -> bool:
        try:
            return all(
                digest_of_files(find_config(self._project, pattern, file)) == of for pattern, file, of in patterns
            )
        except NotFoundError:
            return False

    def _program(self) -> Iterator[str]:
        """Yield what every target depends on: the versions and the code of dsgen and its libraries, and all templates."""
        yield f"{sys.version_info[:2]} {os.getcwd()} {self._project}"
        package = Path(shipped.__file__).parents[1]
        for folder in (package, shipped.templates()):
            for path in _files(folder):
                yield f"{path[len(str(folder)) :]} {self._stats.digest(path)}"
        # Symlinks among the project's templates are followed.
        pattern = f"{self._project.templates}/**/*"
        root = str(self._project.root)
        templates = Patterns(root, root, ()).find(pattern)
        for path in sorted(os.path.join(root, each.path) for each in templates if not each.is_folder):
            yield f"{path[len(root) :]} {self._stats.digest(path)}"
        for preset in self._project.presets:
            for path in _files(self._project.root / preset.folder / TEMPLATES):
                yield f"{path[len(root) :]} {self._stats.digest(path)}"
        yield from map(self._stats.digest, (*self._project.crds, *self._project.policies))
        for name in ("jinja2", "yaml", "cel_expr_python"):
            found = find_spec(name)
            yield self._stats.digest(found.origin or "") if found else ""


def _files(folder: Path) -> Iterator[str]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        yield from (f"{place}{os.sep}{name}" for name in sorted(names))


def _place(target: Target) -> tuple[str, str]:
    return target.environment.name if target.environment else "", os.path.abspath(target.path)


def _entry(kept: list[Any]) -> _Entry:
    inputs, patterns, result, files = kept
    stood = {each: FileFingerprint(*of) for each, of in files.items()}
    return _Entry(inputs, patterns, Result.from_json(result), stood)


def _done(path: str, names: tuple[str, ...]) -> FolderChanges:
    return FolderChanges(path, "", False, {}, frozenset(), (), names, None, False, (), b"", (), ())
