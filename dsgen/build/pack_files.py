"""The files of a pack of presets, as they are in a folder, in a commit of a Git repository, or in an installed Python package.

Nothing in a pack is run: a package is not imported, and Git runs no hooks.
"""

from __future__ import annotations

import base64
import hashlib
import os
import posixpath
import re
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import Final, Protocol

from dsgen.build.error import BuildError
from dsgen.project.packs import FOLDER, GIT, SCHEMES, Pack
from dsgen.project.paths import display_path, unreadable
from dsgen.project.shown_paths import around
from dsgen.reading import MIB, is_below, read_file

# The most files of a pack that are looked at, and the most bytes that are read.
MOST: Final = 10_000
_LARGEST: Final = 64 * MIB
_SECONDS: Final = 300
_DIGESTS: Final = ("sha256", "sha384", "sha512")
# Git reads no configuration of the pack, runs no hooks, and uses no transport that runs commands.
_SAFE: Final = (
    "-c", f"core.hooksPath={os.devnull}", "-c", "core.fsmonitor=false", "-c", "fetch.recurseSubmodules=false",
    "-c", "gc.auto=0", "-c", "maintenance.auto=false", "-c", "transfer.fsckObjects=true", "-c", "credential.interactive=false",
)  # fmt: skip


class PackFiles(Protocol):
    """The files of a pack by path, and a version for presets that name none."""

    version: str

    def names(self) -> list[str]:
        """Return the paths of the files, relative to the folder of the presets. Raises BuildError."""

    def read(self, name: str) -> bytes:
        """Return the content of a file. Raises BuildError."""


def open_pack(pack: Pack, root: Path, stack: ExitStack) -> PackFiles:
    """Return the files of a pack of the project in the folder `root`, as long as `stack` is open. Raises BuildError."""
    if pack.kind == FOLDER:
        return _Folder(pack, root)
    return _Git(pack, stack) if pack.kind == GIT else _Package(pack)


def _wrong(pack: Pack, why: str) -> BuildError:
    return BuildError(f"the pack `{pack.name}` (`presets.{pack.name}` in dsgen.yaml): {why}")


class _Folder:
    """A folder, which must be in the same project or repository."""

    version = "local"

    def __init__(self, pack: Pack, root: Path) -> None:
        self._pack = pack
        self._folder = os.path.realpath(root / pack.where / pack.path)
        bound = os.path.realpath(around(str(root)))
        if not is_below(self._folder, bound):
            raise _wrong(pack, f"`{pack.where}` is in another project or repository: use `git`, with a commit")
        if not os.path.isdir(self._folder):
            raise _wrong(pack, f"there is no folder {display_path(Path(self._folder))}")

    def names(self) -> list[str]:
        found: list[str] = []
        for place, folders, files in os.walk(self._folder):
            folders[:] = [name for name in folders if not name.startswith(".")]
            below = os.path.relpath(place, self._folder).replace(os.sep, "/")
            found += [posixpath.normpath(posixpath.join(below, name)) for name in files if not name.startswith(".")]
            if len(found) > MOST:
                raise _wrong(self._pack, f"it has more than {MOST:,} files")
        return found

    def read(self, name: str) -> bytes:
        try:
            return read_file(os.path.join(self._folder, name), self._folder)
        except OSError as error:
            raise _wrong(self._pack, f"cannot read {unreadable(error)}") from error


class _Git:
    """A commit, fetched into a folder of its own that is removed afterwards. Symlinks and submodules are not files of it."""

    def __init__(self, pack: Pack, stack: ExitStack) -> None:
        self._pack = pack
        self.version = pack.commit[:12]
        self._folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="dsgen-pack-"))
        self._blobs: dict[str, str] = {}
        hashes = ("--object-format=sha256",) if len(pack.commit) == 64 else ()
        self._git("init", "--quiet", "--bare", "--template=", *hashes)
        heads = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
        # A server may refuse to send a commit by its hash.
        if self._run("fetch", "--quiet", "--no-tags", "--depth=1", "--", pack.where, pack.commit).returncode:
            self._git("fetch", "--quiet", "--no-tags", "--", pack.where, *heads)
        if self._run("cat-file", "-e", f"{pack.commit}^{{commit}}").returncode:
            raise _wrong(pack, f"{pack.where} has no commit {pack.commit}")
        top = f"{pack.path}/" if pack.path else ""
        for entry in self._git("ls-tree", "-r", "-z", "--full-tree", pack.commit).split(b"\0"):
            stated, _, path = entry.partition(b"\t")
            name = path.decode("utf-8", "replace")
            if stated.startswith(b"100") and name.startswith(top):
                self._blobs[name[len(top) :]] = stated.split()[2].decode()
        if not self._blobs:
            raise _wrong(pack, f"there is no folder `{pack.path}` in commit {pack.commit}")

    def names(self) -> list[str]:
        return list(self._blobs)

    def read(self, name: str) -> bytes:
        size = int(self._git("cat-file", "-s", self._blobs[name]))
        if size > _LARGEST:
            raise _wrong(self._pack, f"{name} has more than {_LARGEST // MIB} MiB")
        return self._git("cat-file", "blob", self._blobs[name])

    def _git(self, *arguments: str) -> bytes:
        done = self._run(*arguments)
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise _wrong(
                self._pack, f"git {arguments[0]} failed: {said[-1] if said else f'exit code {done.returncode}'}"
            )
        return done.stdout

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(
                ["git", *_SAFE, *arguments],
                cwd=self._folder,
                env=_environment(os.environ),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                timeout=_SECONDS,
            )
        except subprocess.TimeoutExpired as error:
            raise _wrong(self._pack, f"git {arguments[0]} took more than {_SECONDS} seconds") from error
        except OSError as error:
            raise _wrong(self._pack, f"cannot run git: {error.strerror}") from error


def _environment(of: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of Git: nothing in it names another repository, and Git asks nothing."""
    own = {
        key: value for key, value in of.items() if not key.startswith("GIT_") or key in ("GIT_SSH_COMMAND", "GIT_SSH")
    }
    return {**own, "GIT_ALLOW_PROTOCOL": ":".join(SCHEMES), "GIT_TERMINAL_PROMPT": "0", "GIT_LITERAL_PATHSPECS": "1"}


class _Package:
    """An installed package: the files that its record lists. Nothing of it is imported."""

    def __init__(self, pack: Pack) -> None:
        from importlib import metadata

        self._pack = pack
        try:
            found = metadata.distribution(pack.where)
        except (metadata.PackageNotFoundError, ValueError):
            raise _wrong(pack, f"the Python package `{pack.where}` is not installed") from None
        self.version = re.sub(r"[^0-9A-Za-z.+_-]", "-", found.version) or "unknown"
        top = f"{pack.path or re.sub(r'[-.]+', '_', pack.where)}/"
        self._files = {
            str(PurePosixPath(each))[len(top) :]: each
            for each in found.files or ()
            if str(PurePosixPath(each)).startswith(top) and ".." not in each.parts
        }
        if not self._files:
            raise _wrong(
                pack,
                f"`{pack.where}` {found.version} lists no files in `{top}`: set `path` to the folder of the presets",
            )
        self._folder = os.path.realpath(str(found.locate_file(top)))

    def names(self) -> list[str]:
        return list(self._files)

    def read(self, name: str) -> bytes:
        listed = self._files[name]
        try:
            data = read_file(os.path.join(self._folder, name), self._folder)
        except OSError as error:
            raise _wrong(self._pack, f"cannot read {unreadable(error)}") from error
        if listed.hash and listed.hash.mode in _DIGESTS:
            own = base64.urlsafe_b64encode(hashlib.new(listed.hash.mode, data).digest()).rstrip(b"=").decode()
            if own != listed.hash.value:
                raise _wrong(
                    self._pack, f"{name} does not match its digest in the record of the package: install it again"
                )
        return data
