"""A part of the work, for independent runs side by side."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from dsgen.build.targets import Target
from dsgen.generate.header import path_in
from dsgen.project.project import Project
from dsgen.reading import read_file
from dsgen.record import Record


class Shard(Record):
    """The part `number`, from 1, of `total`. A target's part depends on its name alone, so adding a profile moves no other."""

    number: int
    total: int

    def has(self, name: str) -> bool:
        """Return whether an environment belongs to this part; in a project without environments, whether the path of a profile does."""
        value = int.from_bytes(hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()[:8], "big")
        return value % self.total == self.number - 1

    def targets(self, work: Iterable[Target], project: Project) -> list[Target]:
        """Return the targets of this part.

        An environment is never divided, since its profiles are listed in one file. A broken profile, whose environments are unknown, is
        reported in every part, so that no part removes its files.
        """
        environments = bool(project.environment_files())
        return [
            each
            for each in work
            if (self.has(each.environment.name) if each.environment else environments or self.has(_path(each, project)))
        ]

    def owner(self, project: Project) -> Callable[[str, str], bool]:
        """Return a predicate: does a folder that is no longer generated belong to this part, by the path of its profile?

        The profile that generates it now may be in another part. Profiles are read once for all folders.
        """

        @cache
        def others() -> list[Path]:
            return [] if project.environment_files() else project.profile_files()

        @cache
        def text(path: Path) -> bytes:
            return read_file(path, project.root)

        def owns(folder: str, profile: str) -> bool:
            return self.has(profile) and not any(folder.encode() in text(path) for path in others())

        return owns


def _path(target: Target, project: Project) -> str:
    return path_in(project.root, os.path.abspath(target.path))
