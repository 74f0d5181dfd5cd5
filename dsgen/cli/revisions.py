"""Folders as they were at a Git revision."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Final

from dsgen import source
from dsgen.cli.shell import fail
from dsgen.problem import has_errors
from dsgen.project.mentions import mentions
from dsgen.project.patterns import literal_parts
from dsgen.project.project import FILE, Project, read_project
from dsgen.reading import MANIFESTS, MIB, YAML_SUFFIXES, is_manifest
from dsgen.record import Record

# In bytes; far more than a project needs.
_LARGEST: Final = 256 * MIB
_AT_A_TIME: Final = 256
# What to read from a folder: everything below it, YAML files below it, or the files directly in it. A file is listed by its name.
_ALL, _YAML_ONLY, _DIRECTLY, _FILE = "all", "yaml", "directly", "file"

# What to read, by its path below the top folder.
Wanted = Mapping[str, str]


class Revision(Record):
    """A commit, as the user named it, and the top folder of its working tree."""

    name: str
    commit: str
    top: Path


def revision(name: str) -> Revision | None:
    """Return the Git revision `name` of the repository of the current folder, or None if it does not exist."""
    try:
        commit = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        top = _git("rev-parse", "--show-toplevel")
    except (OSError, subprocess.CalledProcessError):
        return None
    return Revision(name, commit.decode().strip(), Path(os.fsdecode(top.rstrip(b"\n"))))


def why_no_revision() -> str:
    """Return why a revision may not exist in the repository of the current folder, and what to do; an empty string if nothing is known.

    Most CI jobs have only the last commit, and some run as another user than the one who cloned the repository.
    """
    try:
        if _git("rev-parse", "--is-shallow-repository").strip() == b"true":
            return "this clone is shallow: run `git fetch --unshallow`, or set `fetch-depth: 0` for actions/checkout"
        _git("rev-parse", "--verify", "--quiet", "HEAD")
    except OSError as error:
        return f"cannot run git: {error.strerror or error}"
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode("utf-8", "replace").strip().partition("\n")[0].removeprefix("fatal: ")
        return f"Git says: {said}" if said else "the Git repository has no commit yet"
    return ""


def export(of: Revision, root: Path, given: Path, target: Path) -> None:
    """Write the files that the project at `root` needs to be rendered, and the YAML at `given`, into `target`, at the same paths below it.

    Symlinks are skipped: they could lead anywhere. Exits if Git lists an invalid file name, or if the files are too large.
    """
    folder = _below(root, of.top)
    written = _Export(of, target)
    written.take({os.path.join(folder, FILE): _FILE})
    project = Project(target / folder)
    if (target / folder / FILE).is_file():
        stated, problems = read_project(target / folder)
        project = project if has_errors(problems) else stated
    wanted = {}
    for pattern in project.profiles:
        wanted[os.path.normpath(os.path.join(folder, *literal_parts(pattern.split("/")[:-1])))] = _YAML_ONLY
    for name in (project.templates, project.environments):
        wanted[os.path.normpath(os.path.join(folder, name))] = _ALL
    if given != root:
        wanted.setdefault(_below(given, of.top), _FILE if given.suffix.lower() in YAML_SUFFIXES else _YAML_ONLY)
    written.take_all(wanted)
    if given == root and not project._replace(root=target / folder).profile_files():
        written.take_all({folder: _YAML_ONLY})  # manifests, not a project


def _below(path: Path, top: Path) -> str:
    return str(path.relative_to(top)) if path != top else ""


def _named(files: Iterable[tuple[str, Path]]) -> Iterator[tuple[str, str]]:
    """Yield what else to read, because some files refer to it."""
    for name, path in files:
        data = path.read_bytes() if is_manifest(name) else b""
        if b"extends" not in data and b"configMaps" not in data:
            continue
        above = os.path.dirname(name)
        found = mentions(source.read(data, name)[0])
        for reference in found.parents:
            yield os.path.normpath(os.path.join(above, reference)), _FILE
        for pattern in found.files:
            parts = pattern.split("/")
            plain = literal_parts(parts)
            what = (
                _FILE if plain == parts else _DIRECTLY if len(plain) == len(parts) - 1 and parts[-1] != "**" else _ALL
            )
            yield os.path.normpath(os.path.join(above, *plain)), what


class _Export:
    """Writes files of a revision below the folder `target`, each once."""

    def __init__(self, of: Revision, target: Path) -> None:
        self._of = of
        self._target = target
        self._asked: dict[str, str] = {}
        self._taken: set[str] = set()
        self._size = 0

    def take_all(self, wanted: Wanted) -> None:
        """Write the files in `wanted`, those that they refer to, and so on."""
        while wanted:
            wanted = dict(_named(self.take({"" if path == os.curdir else path: how for path, how in wanted.items()})))

    def take(self, wanted: Wanted) -> list[tuple[str, Path]]:
        """Write the files in `wanted` that are not written yet; return the names below the top folder, and the paths, of complete ones."""
        new = {path: what for path, what in wanted.items() if self._asked.get(path) not in (what, _ALL)}
        self._asked.update(new)
        inside = [path for path in new if path.split(os.sep)[0] != os.pardir and not os.path.isabs(path)]
        files = [
            each
            for start in range(0, len(inside), _AT_A_TIME)
            for each in self._listed(inside[start : start + _AT_A_TIME], new)
        ]
        self._taken.update(name for name, _, _ in files)
        self._size += sum(size for _, _, size in files if size <= MANIFESTS)
        if self._size > _LARGEST:
            fail(f"{self._of.name}: the project needs more than {_LARGEST // 1024 // 1024} MiB of files there")
        return list(self._written(files)) if files else []

    def _listed(self, paths: list[str], wanted: Wanted) -> Iterator[tuple[str, str, int]]:
        """Yield the name, the blob and the size of each file in `wanted`."""
        below = [path for path in paths if path] if "" not in paths else []
        for entry in _git("ls-tree", "-r", "-z", "-l", "--full-tree", self._of.commit, "--", *below).split(b"\0"):
            if not entry.startswith(b"100"):
                continue
            stated, _, text = entry.partition(b"\t")
            name = os.fsdecode(text)
            if not all(part not in ("", os.curdir, os.pardir) for part in name.split("/")) or (
                os.sep != "/" and os.sep in name
            ):
                fail(f"{self._of.name}: invalid file name {name!r}")
            if name not in self._taken and _is_wanted(name, wanted):
                _, _, blob, size = stated.split()
                yield name, blob.decode(), int(size)

    def _written(self, files: list[tuple[str, str, int]]) -> Iterator[tuple[str, Path]]:
        with TemporaryFile() as wanted:
            wanted.write("".join(f"{blob}\n" for _, blob, size in files if size <= MANIFESTS).encode())
            wanted.seek(0)
            with subprocess.Popen(["git", "cat-file", "--batch"], stdin=wanted, stdout=subprocess.PIPE) as git:
                assert git.stdout is not None
                for name, _, size in files:
                    path = self._target / name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    with open(path, "xb") as file:
                        if size > MANIFESTS:
                            file.truncate(size)  # its reader reports that it is too large
                            continue
                        if not git.stdout.readline().endswith(b" blob %d\n" % size):
                            fail(f"{self._of.name}: {name} is missing from the Git repository")
                        _copy(git.stdout, file, size)
                        git.stdout.read(1)
                    yield name, path


def _copy(source: IO[bytes], target: IO[bytes], size: int) -> None:
    while size:
        part = source.read(min(size, MIB))
        if not part:
            fail("git cat-file: unexpected end of output")
        target.write(part)
        size -= len(part)


def _is_wanted(name: str, wanted: Wanted) -> bool:
    if name in wanted:
        return True
    folder = os.path.dirname(name)
    if wanted.get(folder) == _DIRECTLY:
        return True
    while True:
        what = wanted.get(folder)
        if what == _ALL or (what == _YAML_ONLY and is_manifest(name)):
            return True
        if not folder:
            return False
        folder = os.path.dirname(folder)


def _git(*arguments: str) -> bytes:
    # Paths are literal: no character in them is a pattern.
    environment = {**os.environ, "GIT_LITERAL_PATHSPECS": "1"}
    done = subprocess.run(["git", *arguments], capture_output=True, check=False, env=environment)
    if done.returncode and arguments[0] != "rev-parse":
        fail(f"git {arguments[0]}", done.stderr.decode("utf-8", "replace").strip())
    done.check_returncode()
    return done.stdout
