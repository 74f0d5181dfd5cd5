"""The generator of a project: with its templates, the presets and the settings of its `dsgen.yaml`."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

from dsgen.generate.generator import Generator
from dsgen.project.paths import display_path
from dsgen.project.preset_lock import TEMPLATES
from dsgen.project.project import Finder, Project
from dsgen.project.shipped import templates
from dsgen.rendering.bytecode import bytecode_cache
from dsgen.rendering.template import Loader, Renderer, Templates
from dsgen.resolve.parents import Parents

if TYPE_CHECKING:
    from dsgen.kubernetes.lint import Checks
    from dsgen.resolve.environment import Environment


def _of_presets(project: Project) -> dict[str, Templates]:
    """Return the templates of the locked presets of a project, by the names of these."""
    found: dict[str, Templates] = {}
    for preset in project.presets:
        prefix = f"{TEMPLATES}/"
        digests = {path[len(prefix) :]: of for path, of in preset.files if path.startswith(f"{prefix}{preset.name}/")}
        if digests:
            below = project.root / preset.folder
            shown = f"{preset.folder}/{TEMPLATES}"
            found[preset.name] = Templates(below / TEMPLATES, below, shown, digests)
    return found


def generator(project: Project, kubernetes: str | None = None, defaults: bool = False) -> Generator:
    """Return the generator for a project's profiles; it reads parents and templates once."""
    folder = project.root / project.templates
    own = folder if os.path.lexists(folder) else None
    loader = Loader(templates(), own, display_path(folder), project.root, _of_presets(project))
    renderer = Renderer(loader, bytecode_cache(project.root))
    minor = kubernetes or project.kubernetes

    def find(pattern: str, stated_in: str) -> list[tuple[str, bytes]]:
        from dsgen.project.config_files import find_config

        return find_config(project, pattern, stated_in)

    @cache
    def known(crds: tuple[str, ...], policies: tuple[str, ...]) -> Checks:
        from dsgen.project.cluster import of_cluster

        return of_cluster(project, crds, policies)

    def checks(environment: Environment | None) -> Checks:
        crds, policies = (environment.crds, environment.policies) if environment else ((), ())
        return known(crds, policies) if crds or policies or project.crds or project.policies else project.checks

    parents = Parents(Finder(project))
    return Generator(project.root, parents, find, renderer, minor, project.gitops, defaults or project.defaults, checks)
