"""The objects that a profile generates, as a text to show."""

from __future__ import annotations

from pathlib import Path

from dsgen.build.error import BuildError
from dsgen.build.targets import targets
from dsgen.build.tasks import generate, maker
from dsgen.problem import has_errors
from dsgen.project.project import find_project


def shown(path: Path) -> str:
    """Return the objects of a profile as YAML, those of each environment one after the other; errors are comments in their place."""
    try:
        project, problems = find_project(path.parent)
        if has_errors(problems):
            return "".join(f"# {problem}\n" for problem in problems)
        make = maker(project, None)
        work, stated = targets([path], project, (), None, False, make)
        parts = [f"# {problem}\n" for problem in stated if problem.severity == "error"]
        task = generate(make, False)
        for target in work:
            result = task(target)
            parts += [f"# environment: {result.environment}\n"] if result.environment else []
            parts += [f"# {result.unread}\n"] if result.unread else []
            parts += [f"# {problem}\n" for problem in result.problems if problem.severity == "error"]
            parts += [f"---\n{text}" for text in result.texts]
    except (BuildError, OSError) as error:
        return f"# {error}\n"
    return "".join(parts)
