"""What a live cluster says, through `kubectl`."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Final

from dsgen.cli.shell import fail, unreadable
from dsgen.cli.targets import read
from dsgen.reading import LISTS
from dsgen.resolve.file import File

# A file of this name is written `./kubectl`.
WORD: Final = "kubectl"


def is_live(name: str) -> bool:
    """Tell whether a cluster is meant, and not a file: `kubectl`, or `kubectl:CONTEXT`."""
    return name == WORD or name.startswith(f"{WORD}:")


def listed(name: str, root: Path, *what: str) -> File:
    """Return a file, or for `kubectl` and `kubectl:CONTEXT` what `kubectl get WHAT -o json` prints. Ends with 2 when that fails.

    `root` is the folder of the project.
    """
    if not is_live(name):
        try:
            return read(Path(name), root, LISTS)
        except OSError as error:
            fail(f"cannot read {unreadable(error, name)}")
    context = name.removeprefix(WORD).removeprefix(":")
    command = [WORD, "get", *what, "-o", "json", *(["--context", context] if context else [])]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except OSError as error:
        fail(f"cannot run kubectl: {error.strerror or error}")
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()
        fail(" ".join(command), said or f"exit code {done.returncode}")
    return File(name, done.stdout, name)
