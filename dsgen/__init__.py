"""dsgen: short, validated profiles in, complete Kubernetes DaemonSets out.

    import dsgen

    profile = dsgen.load("node-exporter.yaml")
    for problem in dsgen.validate(profile):
        print(problem)
    for object in dsgen.render(profile):
        print(object.text)

The command line is built on the same functions. Names are loaded when they are first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsgen.version import __version__

if TYPE_CHECKING:
    from dsgen.api import (
        Object,
        Profile,
        ProjectResult,
        generate_project,
        load,
        loads,
        render,
        schema,
        validate,
        validate_manifest,
    )
    from dsgen.build.error import BuildError
    from dsgen.problem import Problem, ProblemError

__all__ = [
    "BuildError",
    "Object",
    "Problem",
    "ProblemError",
    "Profile",
    "ProjectResult",
    "__version__",
    "generate_project",
    "load",
    "loads",
    "render",
    "schema",
    "validate",
    "validate_manifest",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'dsgen' has no attribute {name!r}")
    import importlib

    home = {"BuildError": "build.error", "Problem": "problem", "ProblemError": "problem"}.get(name, "api")
    return getattr(importlib.import_module(f"dsgen.{home}"), name)
