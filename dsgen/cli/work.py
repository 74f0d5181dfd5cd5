"""Many profiles on all cores: each process makes its share, and results come back in the order of the profiles."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from dsgen.cli.shell import unreadable
from dsgen.generate import Generator
from dsgen.problem import Problem
from dsgen.project import Finder, Project, open_file, shown
from dsgen.render.bytecode import bytecode_cache
from dsgen.render.template import Loader, Renderer
from dsgen.resolve.parents import Parents
from dsgen.shipped import templates

# Below this many profiles another process costs more than it saves.
WORTH_A_PROCESS = 64


class Result(NamedTuple):
    """What came of one profile: the files it makes by name, in order, or why it could not be read."""

    file: str
    name: str
    objects: list[tuple[str, str]]
    problems: tuple[Problem, ...]
    unread: str = ""


def generator(project: Project, minor: str = "") -> Generator:
    """Return the generator for a project's profiles."""
    folder = project.root / project.templates
    loader = Loader(templates(), folder if folder.is_dir() else None, shown(folder))
    return Generator(Parents(Finder(project)), Renderer(loader, bytecode_cache()), minor or project.kubernetes)


def results(paths: Sequence[Path], project: Project, minor: str = "") -> Iterator[Result]:
    """Yield the result of each profile, in the order of `paths`."""
    # Trees are many small objects without cycles: the collector only costs time.
    gc.disable()
    jobs = min(os.cpu_count() or 1, len(paths) // WORTH_A_PROCESS + 1)
    make = generator(project, minor)
    if jobs == 1 or not hasattr(os, "fork"):
        for path in paths:
            yield _one(make, path)
        return
    import multiprocessing

    global _generator
    _generator = make
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        for share in pool.imap(_share, [paths[start : start + 32] for start in range(0, len(paths), 32)]):
            yield from share


_generator: Any = None


def _share(paths: Sequence[Path]) -> list[Result]:
    return [_one(_generator, path) for path in paths]


def _one(make: Generator, path: Path) -> Result:
    try:
        file = open_file(path)
    except OSError as error:
        return Result(shown(path), "", [], (), unreadable(error, path))
    made = make.make(file)
    return Result(made.file, made.name, [(object.filename, object.text) for object in made.objects], made.problems)
