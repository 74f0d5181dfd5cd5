"""What a live cluster says, through `kubectl`."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Final

from dsgen.build.targets import read
from dsgen.cli.shell import fail
from dsgen.project.project import unreadable
from dsgen.reading import LISTS
from dsgen.resolve.file import File

# A file of this name is written `./kubectl`.
WORD: Final = "kubectl"
_KIND: Final = r"[A-Za-z][A-Za-z0-9.-]*"


def is_live(name: str) -> bool:
    """Tell whether a cluster is meant, and not a file: `kubectl`, or `kubectl:CONTEXT`."""
    return name == WORD or name.startswith(f"{WORD}:")


def listed(name: str, root: Path, *kinds: str, everywhere: bool = False) -> File:
    """Return a file, or for `kubectl` and `kubectl:CONTEXT` what `kubectl get KINDS -o json` prints. Ends with 2 when that fails.

    `root` is the folder of the project. A kind may stand in somebody's manifest: as what it is not, an option of `kubectl` above all, it is
    not asked for.
    """
    if not is_live(name):
        try:
            return read(Path(name), root, LISTS)
        except OSError as error:
            fail(f"cannot read {unreadable(error, name)}")
    context = name.removeprefix(WORD).removeprefix(":")
    for kind in kinds:
        if not re.fullmatch(_KIND, kind):
            fail(
                f"no cluster has a kind {kind!r}: it consists of letters, digits, `-` and `.`, and begins with a letter"
            )
    options = [*(["--all-namespaces"] if everywhere else []), *([f"--context={context}"] if context else [])]
    command = [WORD, "get", *options, "-o", "json", "--", ",".join(kinds)]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except OSError as error:
        fail(f"cannot run kubectl: {error.strerror or error}")
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()
        fail(" ".join(command), said or f"exit code {done.returncode}")
    return File(name, done.stdout, name)
