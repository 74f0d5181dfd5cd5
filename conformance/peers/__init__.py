"""How often other validators give the API server's verdict, on the same cases as dsgen."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Final

BATCH: Final = 2000
# Runs a program over files, and returns for each path whether it accepts what is in it. A path is missing if it says nothing of it.
# Returns None when the program fails as a whole.
Check = Callable[[list[str]], Mapping[str, bool] | None]


def accepted(check: Check, texts: Iterable[str]) -> Iterator[bool | None]:
    """Yield for each text whether a program accepts it; None when it crashes on it."""
    pending = iter(texts)
    with tempfile.TemporaryDirectory() as name:
        while batch := list(islice(pending, BATCH)):
            files = [Path(name, f"{number}.yaml") for number in range(len(batch))]
            for file, text in zip(files, batch, strict=True):
                file.write_bytes(text.encode("utf-8", "surrogatepass"))
            yield from _run(check, list(map(str, files)))


def _run(check: Check, paths: list[str]) -> Iterator[bool | None]:
    """Run the program; when it crashes, run it again over each half of the files."""
    said = check(paths)
    if said is not None:
        yield from (said.get(path, False) for path in paths)
    elif len(paths) == 1:
        yield None
    else:
        middle = len(paths) // 2
        yield from _run(check, paths[:middle])
        yield from _run(check, paths[middle:])
