"""Pages in Markdown that are tests: profiles, and under each faulty line what dsgen says of it.

A heading begins a case. Its first block of YAML is the profile; further blocks are named behind the word `yaml`, for files that
the profile extends, or `environments/prod.yaml`, behind `jinja`, for the project's templates, or behind `text`, for the files of
config maps. `pytest --update` writes the messages anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dsgen.problem import Problem
from tests.factories import made, made_in

_CASE = re.compile(r"^## (?P<title>.+)\n(?P<body>(?:(?!## ).*\n?)*)", re.MULTILINE)
_BLOCK = re.compile(r"^```(?P<kind>yaml|jinja|text)(?: (?P<name>\S+))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_SAID = re.compile(r"^(?: *\^+ .* \[[a-z0-9-]+\]| *= .*)\n", re.MULTILINE)


@dataclass(frozen=True)
class Case:
    """One case of a page, as it is written."""

    title: str
    body: str

    def again(self) -> str:
        """Return the body with the problems that dsgen finds now."""
        texts, problems = self.texts(), self.problems()
        strange = [problem for problem in problems if problem.file not in texts]
        assert not strange, strange
        body = self.body
        blocks = list(_BLOCK.finditer(self.body))
        for name, block in zip(reversed(texts), reversed(blocks), strict=True):
            marked = annotated(texts[name], [problem for problem in problems if problem.file == name])
            body = body[: block.start("text")] + marked + body[block.end("text") :]
        return body

    def problems(self, edited: dict[str, str] | None = None) -> tuple[Problem, ...]:
        """Return the problems that dsgen finds now, in the files of the case or in those `edited`."""
        texts = edited or self.texts()
        templates = {name.partition("/")[2]: text for name, text in texts.items() if name.startswith("templates/")}
        profile = texts[next(iter(texts))].rstrip("\n") + "\n"
        environment = texts.get("environments/prod.yaml")
        if environment is None:
            return made(profile, texts, templates).problems
        return made_in(environment, profile, texts, templates).problems

    def texts(self) -> dict[str, str]:
        """Return the files of the case by name, without what dsgen says of them; the profile is the first."""
        blocks = list(_BLOCK.finditer(self.body))
        return {self._name(block): _SAID.sub("", block["text"]) for block in blocks}

    def _name(self, block: re.Match[str]) -> str:
        name = block["name"] or ("profile.yaml" if block["kind"] == "yaml" else "daemonset.yaml.j2")
        return f"templates/{name}" if block["kind"] == "jinja" else name


def cases(page: Path) -> Iterator[Case]:
    """Yield the cases of a page."""
    for match in _CASE.finditer(page.read_text("utf-8")):
        yield Case(match["title"], match["body"])


def rewrite(page: Path) -> None:
    """Write what dsgen says now into a page."""
    text = page.read_text("utf-8")
    for case in cases(page):
        text = text.replace(f"## {case.title}\n{case.body}", f"## {case.title}\n{case.again()}")
    page.write_text(text, "utf-8")


def annotated(text: str, problems: list[Problem]) -> str:
    """Return the text with each problem under its line: carets where it stands, what was found, and what to do."""
    lines = text.rstrip("\n").split("\n")
    result = []
    for number, line in enumerate(lines, 1):
        result.append(line)
        for problem in problems:
            if problem.line == number or (problem.line > len(lines) and number == len(lines)):
                result += _said(problem, line)
    return "\n".join(result) + "\n"


def _said(problem: Problem, line: str) -> Iterator[str]:
    start = problem.column - 1
    if problem.end_line > problem.line and start == 0:
        start = len(line) - len(line.lstrip())
    end = problem.end_column - 1 if problem.end_line == problem.line else len(line)
    indent = " " * start
    severity = "warning: " if problem.severity == "warning" else ""
    # What Kubernetes' own rules say is told by their own tests.
    said = problem.field or problem.message
    yield f"{indent}{'^' * max(1, end - start)} {severity}{said} [{problem.code}]"
    if problem.hint and not problem.field:
        yield f"{indent}= {problem.hint}"
