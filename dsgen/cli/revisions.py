"""Folders as they were at a Git revision."""

from __future__ import annotations

import subprocess
from pathlib import Path

from dsgen.cli.shell import fail
from dsgen.record import Record


class Revision(Record):
    """A commit, as it was named, and the top folder of its working tree."""

    name: str
    commit: str
    top: Path


def revision(name: str) -> Revision | None:
    """Return the Git revision `name` of the repository of the current folder, or None when there is none."""
    try:
        commit = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        top = _git("rev-parse", "--show-toplevel")
    except (OSError, subprocess.CalledProcessError):
        return None
    return Revision(name, commit.decode().strip(), Path(top.decode().rstrip("\n")))


def export(of: Revision, folder: Path, target: Path) -> None:
    """Write the files that `folder`, below the top folder, had at a revision into `target`, at the same place below it.

    Links are left out: they could lead anywhere.
    """
    below = str(folder.relative_to(of.top))
    listed = _git("ls-tree", "-r", "-z", "--full-tree", of.commit, "--", below).split(b"\0")
    files = [(each.split(b"\t", 1)[1], each.split()[2]) for each in listed if each.startswith(b"100")]
    wanted = b"".join(blob + b"\n" for _, blob in files)
    contents = memoryview(_git("cat-file", "--batch", input=wanted))
    start = 0
    for name, _ in files:
        end = start + bytes(contents[start : start + 200]).index(b"\n")
        size = int(bytes(contents[start:end]).split()[2])
        path = target / name.decode("utf-8", "surrogateescape")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(contents[end + 1 : end + 1 + size])
        start = end + 1 + size + 1


def _git(*arguments: str, input: bytes | None = None) -> bytes:
    done = subprocess.run(["git", *arguments], input=input, capture_output=True, check=False)
    if done.returncode and arguments[0] != "rev-parse":
        fail(f"git {arguments[0]}: {done.stderr.decode('utf-8', 'replace').strip()}")
    done.check_returncode()
    return done.stdout
