"""The manifests that a project passes on: the files that the patterns of `manifests` find."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from dsgen.problem import Problem
from dsgen.project.paths import MISSING_PATH, OUTSIDE, matching
from dsgen.project.project import Project
from dsgen.reading import YAML_SUFFIXES
from dsgen.tree import origin_of


def manifests(project: Project, patterns: Sequence[str]) -> tuple[list[Path], list[Problem]]:
    """Return the files that some patterns match, by path, and a problem for each pattern that matches none.

    A folder means all YAML and JSON files below it. Raises OSError for a folder that cannot be listed, or that is not in the project.
    """
    found: dict[str, None] = {}
    problems = []
    for pattern in patterns:
        if Path(pattern).is_absolute() or ".." in Path(pattern).parts:
            away = f"`{pattern}` leads out of the project"
            hint = "write a path below the project folder"
            problems.append(OUTSIDE.at(origin_of(pattern), away, hint=hint, path="manifests"))
            continue
        of_folder = os.path.isdir(project.root / pattern)
        files = matching(project.root, project.root, [f"{pattern}/**/*" if of_folder else pattern], _is_manifest)
        if not files:
            hint = "correct it, or remove it"
            missing = f"`{pattern}` matches no file that ends in {', '.join(YAML_SUFFIXES)}"
            problems.append(MISSING_PATH.at(origin_of(pattern), missing, hint=hint, path="manifests"))
        found.update(dict.fromkeys(files))
    return [Path(path) for path in sorted(found)], problems


def _is_manifest(name: str) -> bool:
    return name.lower().endswith(YAML_SUFFIXES)
