"""Let pre-commit install dsgen from this checkout, as it does for its users, and run all hooks in a repository of their own.

python -m scripts.try_hooks
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent


def main() -> int:
    """Return 0 when all hooks pass on a project that `dsgen init` begins."""
    with tempfile.TemporaryDirectory() as name:
        for command in (["git", "init", "--quiet"], [sys.executable, "-m", "dsgen", "init"], [sys.executable, "-m", "dsgen", "generate"]):  # fmt: skip
            subprocess.run(command, cwd=name, check=True)
        subprocess.run(["git", "add", "--all"], cwd=name, check=True)
        for hook in ("dsgen-fmt", "dsgen-validate", "dsgen-check"):
            words = ["pre_commit", "try-repo", str(ROOT), hook, "--all-files"]
            if subprocess.run([sys.executable, "-m", *words], cwd=name, check=False).returncode:
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
