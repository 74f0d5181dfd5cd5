"""Making DaemonSets in tests, from texts alone: profiles, what they extend, and a project's templates."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from textwrap import dedent
from typing import Any

import jinja2

from dsgen.generate.generator import Generator
from dsgen.generate.result import GenerateResult
from dsgen.gitops import GitOps
from dsgen.plain import plain
from dsgen.problem import Problem, has_errors, in_order
from dsgen.project import shipped
from dsgen.rendering.template import Loader, Renderer
from dsgen.resolve.description import Description, describe
from dsgen.resolve.environment import read_environment
from dsgen.resolve.file import File, NotFoundError
from dsgen.resolve.images import unused_pins
from dsgen.resolve.parents import Parents

Texts = Mapping[str, str]


class Given(Loader):
    """Templates of a project, given as texts by name; then the shipped ones."""

    def __init__(self, templates: Texts) -> None:
        super().__init__(shipped.templates())
        self._given = templates

    def get_source(self, environment: jinja2.Environment, template: str) -> Any:
        if template in self._given:
            return dedent(self._given[template]), f"templates/{template}", None
        return super().get_source(environment, template)

    def list_templates(self) -> list[str]:
        return sorted({*self._given, *super().list_templates()})


def no_files(pattern: str, stated_in: str) -> list[tuple[str, bytes]]:
    """Find no files for config maps."""
    raise NotFoundError(f"`{pattern}` finds no file")


@cache
def shipped_renderer() -> Renderer:
    """Return the renderer of the shipped templates, which are compiled once."""
    return Renderer(Given({}))


def generator(files: Texts | None = None, templates: Texts | None = None, minor: str = "1.37") -> Generator:
    """Return a generator for which `files` are all the profiles there are to extend."""
    known = dict(files or {})

    def find(reference: str, stated_in: File) -> File:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(stated_in.name), reference))
        if path not in known:
            raise NotFoundError(f"`{reference}` cannot be read: No such file or directory")
        return File(path, dedent(known[path]).encode(), path)

    def find_config(pattern: str, stated_in: str) -> list[tuple[str, bytes]]:
        wanted = posixpath.normpath(posixpath.join(posixpath.dirname(stated_in), pattern))
        found = [(name, dedent(known[name]).encode()) for name in sorted(known) if fnmatch(name, wanted)]
        if not found:
            raise NotFoundError(f"no such file `{wanted}`")
        return found

    renderer = Renderer(Given(templates)) if templates else shipped_renderer()
    return Generator(Path(), Parents(find), find_config, renderer, minor, GitOps())


def made(profile: str | bytes, files: Texts | None = None, templates: Texts | None = None) -> GenerateResult:
    """Return what the profile makes; it is called profile.yaml, and indented as the test is."""
    text = dedent(profile).encode("utf-8", "surrogatepass") if isinstance(profile, str) else profile
    every = {"profile.yaml": profile, **(files or {})} if isinstance(profile, str) else files
    return generator(every, templates).make(File("profile.yaml", text, "profile.yaml"))


def made_in(
    environment: str, profile: str, files: Texts | None = None, templates: Texts | None = None
) -> GenerateResult:
    """Return what the profile makes for an environment, called environments/prod.yaml; with the problems of that file."""
    name = "environments/prod.yaml"
    found, problems = read_environment(File(name, dedent(environment).encode(), name), "prod", "1.37")
    file = File("profile.yaml", dedent(profile).encode(), "profile.yaml")
    make = generator(files, templates)
    if found is None:
        return GenerateResult(file.name, "", (), tuple(in_order(problems)), "prod")
    problems += found.problems([make.name(file)])
    if has_errors(problems):
        return GenerateResult(file.name, "", (), tuple(in_order(problems)), "prod")
    result = make.make(file, found)
    problems += unused_pins(found.stated, result.images)
    return result._replace(problems=tuple(in_order([*problems, *result.problems])))


def described(profile: str) -> Description:
    """Return what a profile without errors describes."""
    problems: list[Problem] = []
    merged = generator().merged(File("profile.yaml", dedent(profile).encode(), "profile.yaml"), problems)
    description = describe(merged.whole, no_files, problems.append) if merged else None
    assert description is not None
    assert not problems
    return description


def daemonset(profile: str, files: Texts | None = None, templates: Texts | None = None) -> Any:
    """Return the DaemonSet of a profile without errors, as plain data."""
    return plain_daemonset(made(profile, files, templates))


def plain_daemonset(result: GenerateResult) -> Any:
    """Return the DaemonSet of what was made without errors, as plain data."""
    assert not has_errors(result.problems), result.problems
    return next(plain(each.tree) for each in result.objects if each.kind == "DaemonSet")


def pod(profile: str, files: Texts | None = None) -> Any:
    """Return the pod's spec in the DaemonSet of a profile without errors."""
    return daemonset(profile, files)["spec"]["template"]["spec"]


def codes(problems: tuple[Problem, ...] | list[Problem]) -> list[tuple[int, int, str]]:
    """Return line, column and code of each problem."""
    return [(problem.line, problem.column, problem.code) for problem in problems]
