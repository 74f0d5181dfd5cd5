"""The manifests that a project passes on: the files that the patterns of `manifests` find."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from dsgen.problem import Problem
from dsgen.project.paths import MISSING_PATH, is_path, matching
from dsgen.project.project import Project
from dsgen.reading import YAML_SUFFIXES, is_manifest
from dsgen.tree import Text, origin_of


def manifests(project: Project, patterns: Sequence[Text]) -> tuple[list[Path], list[Problem]]:
    """Return the files that some patterns match, by path, and a problem for each pattern that matches none.

    A folder means all YAML and JSON files below it. Raises OSError for a folder that cannot be listed, or that is not in the project.
    """
    found: dict[str, None] = {}
    problems: list[Problem] = []
    for pattern in patterns:
        if not is_path(pattern, "manifests", problems):
            continue
        of_folder = os.path.isdir(project.root / pattern)
        files = matching(project.root, project.root, [f"{pattern}/**/*" if of_folder else pattern], is_manifest)
        if not files:
            hint = "correct it, or remove it"
            missing = f"`{pattern}` matches no file that ends in {', '.join(YAML_SUFFIXES)}"
            problems.append(MISSING_PATH.at(origin_of(pattern), missing, hint=hint, path="manifests"))
        found.update(dict.fromkeys(files))
    return [Path(path) for path in sorted(found)], problems
