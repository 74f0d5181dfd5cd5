"""Safe reading of files: only plain files, of limited size, and if a folder is given, only below it.

A project may come from anybody, and Git stores symlinks: one to a device would never end, one to a pipe would wait forever, and one to
a file of the machine would show its content in the excerpt of a problem.
"""

from __future__ import annotations

import errno
import os
import stat
from functools import lru_cache
from itertools import accumulate
from typing import Final

MIB: Final = 1024 * 1024
# In bytes: a profile, a template and the like; a stream of manifests; the nodes or the pods of a large cluster.
PROJECT_FILE: Final = 16 * MIB
MANIFESTS: Final = 64 * MIB
LISTS: Final = 1024 * MIB
# What YAML is called; in lower case.
YAML_SUFFIXES: Final = (".yaml", ".yml", ".json")
# What Kustomize calls the file that lists what it builds (sigs.k8s.io/kustomize/api/konfig: RecognizedKustomizationFileNames).
KUSTOMIZATIONS: Final = ("kustomization.yaml", "kustomization.yml", "Kustomization")
# The contents of files that are open in an editor and not saved, by their absolute paths: they are read instead of the files.
UNSAVED: Final[dict[str, bytes]] = {}
# The shell's names for the pipes of `<(command)`.
_OF_THE_SHELL: Final = ("/dev/fd/", "/proc/self/fd/", "/dev/stdin")


def is_manifest(name: str) -> bool:
    """Return whether a file's name ends as YAML or JSON, in any case: the names of manifests follow other people's rules."""
    return name.lower().endswith(YAML_SUFFIXES)


def read_file(path: str | os.PathLike[str], within: str | os.PathLike[str] = "", limit: int = PROJECT_FILE) -> bytes:
    """Return the content of a plain file of at most `limit` bytes; no symlink may lead to it out of the folder `within`.

    Raises OSError.
    """
    name = os.fspath(path)
    if within and leads_out(name, os.fspath(within)):
        raise outside(name)
    if UNSAVED and (text := UNSAVED.get(os.path.abspath(name))) is not None:
        return text
    # Opening a device may have side effects.
    _check(os.stat(name), name, limit)
    handle = os.open(name, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        found = os.fstat(handle)
        _check(found, name, limit)
        return _all(handle, name, found.st_size, limit)
    finally:
        os.close(handle)


def read_own(path: str, limit: int = PROJECT_FILE) -> bytes:
    """Return the content of a file that dsgen wrote: like `read_file`, but symlinks are refused. Raises OSError."""
    if os.path.islink(path):
        raise OSError(errno.ELOOP, "it is a symlink", path)
    return read_file(path, limit=limit)


def read_named(path: str | os.PathLike[str], within: str | os.PathLike[str], limit: int = PROJECT_FILE) -> bytes:
    """Return the content of a file from the command line: like `read_file`, but the shell's pipes for `<(command)` are allowed. Raises OSError."""
    name = os.fspath(path)
    return _piped(name, limit) if name.startswith(_OF_THE_SHELL) else read_file(name, within, limit)


@lru_cache(maxsize=16)
def _piped(name: str, limit: int) -> bytes:
    # It can be read only once, but every environment needs it.
    handle = os.open(name, os.O_RDONLY)
    try:
        return _all(handle, name, 0, limit)
    finally:
        os.close(handle)


def digest(data: bytes) -> str:
    """Return the SHA-256 of a file, in hexadecimal; it is the same if Git converts the line ends."""
    import hashlib  # not needed to read

    return hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()


def leads_out(path: str, folder: str) -> bool:
    """Return whether symlinks lead from a path below a folder to somewhere else; false for a path that is not below it."""
    whole, folder = os.path.abspath(path), os.path.abspath(folder)
    if not is_below(whole, folder):
        return False
    # Most paths contain no symlink; resolving one takes ten times as long.
    if os.pardir not in path.split(os.sep) and not is_linked(whole, folder):
        return False
    return not is_below(os.path.realpath(path), os.path.realpath(folder))


def is_linked(path: str | os.PathLike[str], folder: str | os.PathLike[str]) -> bool:
    """Return whether there is a symlink, broken or not, on the way from a folder to a path below it."""
    below = os.path.join(folder, "")
    steps = accumulate(os.fspath(path)[len(below) :].split(os.sep), lambda above, part: f"{above}{os.sep}{part}")
    return any(os.path.islink(below + step) for step in steps)


def is_below(path: str, folder: str) -> bool:
    """Return whether an absolute path is a folder, or below it."""
    return path == folder or path.startswith(os.path.join(folder, ""))


def outside(path: str) -> OSError:
    """Return the error for a symlink that leads out of a project."""
    return OSError(errno.EACCES, "a symlink leads out of the project", path)


def check_owner(path: str | os.PathLike[str]) -> None:
    """Raise PermissionError for another user's file that would apply to all folders below it: anybody can create one in `/tmp`.

    Git has the same check: https://git-scm.com/docs/git-config#Documentation/git-config.txt-safedirectory
    """
    if not hasattr(os, "geteuid"):
        return
    trusted = {0, os.geteuid()}
    if os.geteuid() == 0 and os.environ.get("SUDO_UID", "").isdecimal():
        trusted.add(int(os.environ["SUDO_UID"]))
    owner = os.lstat(path).st_uid
    if owner not in trusted:
        why = f"it belongs to another user (ID {owner}), but applies to all folders below it: change to its folder, or take ownership of it"
        raise PermissionError(errno.EACCES, why, os.fspath(path))


def _check(found: os.stat_result, name: str, limit: int) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), name)
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "it is not a plain file, but a device or a pipe", name)
    if found.st_size > limit:
        raise _too_large(name, limit)


def _all(handle: int, name: str, expected: int, limit: int) -> bytes:
    # The size of some files, such as those in /proc, is not known in advance.
    parts = [os.read(handle, expected + 1)]
    size = len(parts[0])
    if size == expected > 0:
        return parts[0]
    while parts[-1]:
        if size > limit:
            raise _too_large(name, limit)
        parts.append(os.read(handle, MIB))
        size += len(parts[-1])
    return b"".join(parts)


def _too_large(name: str, limit: int) -> OSError:
    return OSError(errno.EFBIG, f"it has more than {limit // MIB} MiB", name)
