"""The command `dsgen`, also as `python -m dsgen`."""

from __future__ import annotations

import gc
import io
import os
import sys
from typing import NoReturn


def run() -> NoReturn:
    """Run the command line and end the process at once: taking the interpreter apart takes longer than making a DaemonSet."""
    # A run is short and its objects are many, small and without cycles: collecting them costs time and frees nothing.
    gc.disable()
    # Manifests are UTF-8 whatever the locale is; what no encoding has, such as half of a name of a file, is escaped.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    from dsgen.cli import main

    code: object = 1
    try:
        main(prog_name="dsgen")
    except SystemExit as end:
        code = end.code
    except OSError as error:
        # Standard output, or the folder for temporary files: a full disk.
        print(f"dsgen: cannot go on: {error.strerror or error}", file=sys.stderr)
        code = 2
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        code = code or 1
    os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    run()
