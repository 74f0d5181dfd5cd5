"""The keys of a profile that cause problems."""

from __future__ import annotations

from dsgen.origin import Origin
from dsgen.problem import Problem, dotted
from dsgen.traversal import paths
from dsgen.tree import Map


def with_paths(problems: list[Problem], profile: Map) -> list[Problem]:
    """Return the problems, each with the path of the profile's key that caused it."""
    origins = [Origin(each.file, each.line, each.column, each.end_line, each.end_column) for each in problems]
    known: dict[Origin, str] = {}
    sought = set(origins)
    for origin, path in paths(profile) if sought else ():
        if origin in sought:
            sought.remove(origin)
            known[origin] = dotted(path)
    return [each._replace(path=known.get(origin, each.path)) for each, origin in zip(problems, origins, strict=True)]
