"""The generator of a project: with its templates, the presets and the settings of its `dsgen.yaml`."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

from dsgen.generate.generator import Generator
from dsgen.project.paths import display_path
from dsgen.project.project import Finder, Project
from dsgen.project.shipped import templates
from dsgen.rendering.bytecode import bytecode_cache
from dsgen.rendering.template import Loader, Renderer
from dsgen.resolve.parents import Parents

if TYPE_CHECKING:
    from dsgen.kubernetes.custom.definitions import Definitions


def generator(project: Project, kubernetes: str | None = None, defaults: bool = False) -> Generator:
    """Return the generator for a project's profiles; it reads parents and templates once."""
    folder = project.root / project.templates
    loader = Loader(templates(), folder if os.path.lexists(folder) else None, display_path(folder), project.root)
    renderer = Renderer(loader, bytecode_cache(project.root))
    minor = kubernetes or project.kubernetes

    def find(pattern: str, stated_in: str) -> list[tuple[str, bytes]]:
        from dsgen.project.config_files import find_config

        return find_config(project, pattern, stated_in)

    @cache
    def definitions(crds: tuple[str, ...]) -> Definitions | None:
        if not crds and not project.crds:
            return None
        from dsgen.project import crds as of_project

        return of_project.definitions(project.root, project.crds, crds)

    parents, checks = Parents(Finder(project)), project.checks
    return Generator(project.root, parents, find, renderer, minor, project.gitops, defaults, checks, definitions)
