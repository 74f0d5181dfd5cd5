"""A file that was read, and how another one that it names is found."""

from __future__ import annotations

from collections.abc import Callable

from dsgen.record import Record


class File(Record):
    """A text and the name to show for it. `key` is the same for one file, however it is named."""

    name: str
    text: bytes
    key: str


class NotFoundError(Exception):
    """There is no such profile; `hint` says what there is."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


# Finds the file that `extends` names: (the reference as written, the file that states it) -> the file.
# Raises NotFoundError.
Find = Callable[[str, File], File]

# Finds the files that a pattern under a config map's `files` means: (the pattern, the name of the file that states it)
# -> each one's path to show and its bytes, sorted by path. Raises NotFoundError.
FindConfig = Callable[[str, str], "list[tuple[str, bytes]]"]
