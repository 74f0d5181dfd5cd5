"""What a run would change, for `--check` and `--diff`: as problems, and as a unified diff."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator

from dsgen.build.output import index
from dsgen.build.output.changes import FolderChanges
from dsgen.problem import Problem, code
from dsgen.reading import read_own
from dsgen.tree import Map, as_map
from dsgen.version import __version__

OUTPUT_DRIFT = code(
    "output-drift",
    """A file of the output is out of date: it is missing, it differs, or no profile generates it any longer. Reported only by
    `dsgen generate --check`.""",
)
_HINT = "run `dsgen generate`, and commit the result"
_MISSING = "out of date: the file is missing"


def drift(plan: FolderChanges) -> Iterator[Problem]:
    """Yield a problem for each file that is out of date, or for the index alone; none for files in conflict."""
    if plan.conflicts:
        return
    for name in plan.writes:
        differs = f"out of date: it differs from what {plan.profile} generates{_written_by(plan)}"
        yield _problem(f"{plan.path}/{name}", _MISSING if name in plan.missing else differs)
    for name in plan.removals:
        yield _problem(f"{plan.path}/{name}", "no profile generates this file any longer")
    if plan.index_differs and not plan.writes and not plan.removals:
        former = f"the index of this folder is called `{index.FORMER_NAME}`, as in dsgen 0.1"
        found = former if plan.has_former else "it does not list all files in this folder"
        yield _problem(f"{plan.path}/{index.NAME}", f"out of date: {found}")


def _written_by(plan: FolderChanges) -> str:
    """Return which dsgen wrote the folder, if it was another one."""
    return f"; dsgen {plan.writer} wrote it, and you run {__version__}" if plan.writer not in ("", __version__) else ""


def drift_of_file(path: str, is_there: bool) -> Problem:
    """Return the problem of the file that lists an environment's profiles."""
    return _problem(path, "out of date: it does not list what the profiles generate" if is_there else _MISSING)


def _problem(file: str, found: str) -> Problem:
    return OUTPUT_DRIFT.at(None, found, hint=_HINT, file=file)


def unified_diff(plan: FolderChanges) -> str:
    """Return a unified diff from the files on disk to those that `plan` writes: the index only if nothing else differs. Raises OSError."""
    changes: dict[str, bytes | None] = {**plan.writes, **dict.fromkeys(plan.removals)}
    if not changes and plan.index_differs:
        changes[index.NAME] = plan.index_text
        if plan.has_former:
            changes[index.FORMER_NAME] = None
    return "".join(diff_of_file(f"{plan.path}/{name}", data) for name, data in changes.items())


def diff_of_file(path: str, data: bytes | None) -> str:
    """Return the diff of one file; `data` is its new content, or None if it is removed. Only plain files have one. Raises OSError."""
    # Slow to import, and needed only for a difference.
    from dsgen.text_diff import unified

    try:
        old = read_own(path) if os.path.lexists(path) else None
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EISDIR, errno.EINVAL, errno.EFBIG):
            return ""
        raise
    if old == data:
        return ""
    shown = path.replace(os.sep, "/").lstrip("/")
    before, after = (f"{side}/{shown}" if data is not None else "/dev/null" for side, data in (("a", old), ("b", data)))
    if any(b"Secret" in (each or b"") for each in (old, data)):
        old, data = _without_values(old, data)
    lines = unified(_lines(old), _lines(data), before, after)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _without_values(old: bytes | None, new: bytes | None) -> tuple[bytes | None, bytes | None]:
    """Return the texts; if they are a Secret's, with its values masked."""
    from dsgen import yaml_writer
    from dsgen.kubernetes import secrets
    from dsgen.kubernetes.manifest import read_first

    texts = [(each or b"").decode("utf-8", "replace") for each in (old, new)]
    if not any(map(secrets.is_secret, texts)):
        return old, new
    roots = [read_first(text).root for text in texts]
    trees = list(map(as_map, roots))
    masked = secrets.masked(trees[0], trees[1], secrets.BEFORE), secrets.masked(trees[1], trees[0], secrets.AFTER)
    if masked[0] == masked[1] or any(not tree and text for tree, text in zip(trees, texts, strict=True)):
        # One that cannot be parsed, or that differs only in layout or comments.
        masked = Map({secrets.KIND: secrets.BEFORE}), Map({secrets.KIND: secrets.AFTER})
    first, second = (yaml_writer.write(tree).encode() for tree in masked)
    return old and first, new and second


def _lines(data: bytes | None) -> list[str]:
    # Only at line feeds, as Git does; `str.splitlines` knows more line ends.
    text = (data or b"").decode("utf-8", "backslashreplace")
    return [f"{line}\n" for line in text.split("\n")[:-1]] + (
        [text.rpartition("\n")[2]] if text[-1:] not in ("", "\n") else []
    )
