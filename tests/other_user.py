"""Running the command as another user, in a process of its own: whoever runs the tests may be allowed to read everything."""

from __future__ import annotations

import os
import pickle
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from dsgen.cli import main

NOBODY = 12345
PROFILE = "name: a\ncontainers: {a: {image: x}}\n"
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another user")


def open_folder() -> Iterator[Path]:
    """Yield a new folder that everybody may use, with none above that they may not."""
    folder = Path(tempfile.mkdtemp(prefix="dsgen-test-")).resolve()
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


def run_as(user: int, folder: Path, *arguments: str, home: str | None = "/nowhere") -> tuple[int, str]:
    """Run the command in a folder as the user of this number; return the exit code and all that it says.

    What it needs is loaded before, since others may not be allowed to.
    """
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            os.chdir(folder)
            os.environ.pop("XDG_CACHE_HOME", None)
            with tempfile.TemporaryDirectory() as other:
                os.environ["HOME"] = other
                CliRunner().invoke(main, ["validate", "-"], input="kind: 1\n")
                CliRunner().invoke(main, ["generate", "-", "-o", f"{other}/out"], input=PROFILE)
            del os.environ["HOME"]
            os.environ.update({"HOME": home} if home else {})
            os.setgroups([])
            os.setgid(user)
            os.setuid(user)
            result = CliRunner().invoke(main, arguments)
            said = result.output + (f"{result.exception!r}" if result.exception and result.exit_code == 1 else "")
            os.write(writing, pickle.dumps((result.exit_code, said))[:60000])
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading, "rb") as file:
        code, said = pickle.loads(file.read())
    os.waitpid(process, 0)
    return code, said
