"""A file that was read, and the functions that find the files that it refers to."""

from __future__ import annotations

from collections.abc import Callable

from dsgen.problem import Code
from dsgen.record import Record


class File(Record):
    """A text and the name to show for it. `key` identifies the file, whatever the name."""

    name: str
    text: bytes
    key: str


class NotFoundError(Exception):
    """There is no such profile; `hint` says what to write. `code` is the code of the problem, if it is another one."""

    def __init__(self, message: str, hint: str = "", code: Code | None = None) -> None:
        super().__init__(message)
        self.hint = hint
        self.code = code


# Finds the file that `extends` refers to: (the reference as written, the file that contains it) -> the file.
# Raises NotFoundError.
Find = Callable[[str, File], File]

# Finds the files that a pattern under a config map's `files` matches: (the pattern, the name of the file that contains it)
# -> the path to show and the bytes of each, sorted by path. Raises NotFoundError.
FindConfig = Callable[[str, str], "list[tuple[str, bytes]]"]
