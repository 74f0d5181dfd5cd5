"""Files of the output that Git does not track: a commit would lack them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from dsgen.problem import Problem, code
from dsgen.project.paths import display_path

UNTRACKED_OUTPUT = code(
    "untracked-output",
    """A generated file is up to date, but is not part of the commit, since it was never added to Git. This is only reported by `dsgen generate
    --check` in a hook of pre-commit, which sets the variable `PRE_COMMIT`.""",
)


def untracked(folder: Path) -> list[Problem]:
    """Return a problem for each file below `folder` that Git neither tracks nor ignores; none outside of a repository."""
    if not folder.is_dir():
        return []
    command = ["git", "ls-files", "--others", "--exclude-standard", "-z"]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    except OSError:
        return []
    names = [os.fsdecode(name) for name in done.stdout.split(b"\0") if name] if done.returncode == 0 else []
    hint = "add it to the commit: `git add`"
    return [
        UNTRACKED_OUTPUT.at(
            None, "not part of the commit: Git does not track it", hint=hint, file=display_path(folder / name)
        )
        for name in names
    ]
