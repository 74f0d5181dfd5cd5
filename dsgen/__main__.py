"""The command `dsgen`, also as `python -m dsgen`."""

from __future__ import annotations

import gc
import io
import os
import sys
from typing import NoReturn


def damage() -> str | None:
    """Return how another distribution changed this package, and the remedy, or None if the package is intact.

    On the package index, `dsgen` is another project whose package has the same name: both are installed to one folder.
    """
    site = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    try:
        names = os.listdir(site)
    except OSError:  # an archive, for example
        return None
    for name in names:
        if name.startswith("dsgen-") and name.endswith(".dist-info"):
            return (
                f"{os.path.join(site, name)} belongs to another distribution, whose package is called `dsgen` too; "
                "uninstall both `dsgen` and `dsgen-k8s`, then install `dsgen-k8s` again"
            )
    if getattr(sys.modules["dsgen"], "__file__", None) is None:
        return f"files of dsgen are missing in {site}; uninstall `dsgen-k8s`, then install it again"
    return None


def run() -> NoReturn:
    """Run the command line and end the process at once: shutting down the interpreter takes longer than rendering a DaemonSet."""
    _open_what_is_closed()
    # A run is short, and its objects are many, small and without cycles: garbage collection costs time and frees nothing.
    gc.disable()
    # Manifests are UTF-8 in every locale; bytes of a file name that are not UTF-8 are escaped.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    found = damage()
    if found:
        print(f"dsgen: cannot start: {found}", file=sys.stderr)
        sys.exit(2)
    from dsgen import lazy_yaml

    lazy_yaml.install()
    from dsgen.cli import main

    code: object = 1
    try:
        main(prog_name="dsgen")
    except SystemExit as end:
        code = end.code
    except OSError as error:
        # Standard output or the folder for temporary files, such as on a full disk.
        print(f"dsgen: error: {error.strerror or error}", file=sys.stderr)
        code = 2
    except MemoryError:
        os.write(2, b"dsgen: error: out of memory\n")
        code = 2
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        code = code or 1
    os._exit(code if isinstance(code, int) else int(code is not None))


def _open_what_is_closed() -> None:
    """Open the null device for each closed standard stream: otherwise the next opened file would take its place.

    Reading from a closed input, or writing to a closed output, is an error; messages to a closed standard error are dropped.
    """
    for number, mode in enumerate((os.O_WRONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, mode), True)
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, "w" if number else "r", encoding="utf-8", closefd=False))  # noqa: SIM115


if __name__ == "__main__":
    run()
