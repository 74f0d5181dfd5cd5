"""A run that is killed while it changes files."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence

from dsgen.cli import main

# What Python tells its audit hooks before it changes a file or a folder.
CHANGES = frozenset({"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.utime", "shutil.rmtree"})


def ended(arguments: Sequence[str], kill_at: int = 0) -> int:
    """Run dsgen in a process of its own, and return how it ended; killed before the change `kill_at`, where one is given."""
    process = os.fork()
    if process == 0:
        status = 99
        try:
            count = 0

            def hook(event: str, arguments: tuple[object, ...]) -> None:
                nonlocal count
                if event in CHANGES and (event != "open" or set(str(arguments[1])) & set("wxa")):
                    count += 1
                    if count == kill_at:
                        os.kill(os.getpid(), signal.SIGKILL)

            if kill_at:
                sys.addaudithook(hook)
            main(list(arguments), standalone_mode=False)
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
