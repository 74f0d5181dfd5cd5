"""Everything of dsgen that reads what others wrote, each as a function of a source of chance, and of texts by their kind."""

from __future__ import annotations

import base64
import contextlib
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

import yaml

import dsgen
from conformance.hostile import require
from conformance.hostile.runs import commands, outputs
from conformance.hostile.seeds import VARIANTS, shipped_templates, short_text_of, text_of
from conformance.hostile.templates import template
from conformance.hostile.texts import PATTERNS
from dsgen import report, source
from dsgen.build.output import index
from dsgen.generate.for_project import generator
from dsgen.generate.generator import Generator
from dsgen.generate.result import GenerateResult
from dsgen.importer.importing import import_objects
from dsgen.importer.read.objects import given_objects
from dsgen.krm.function import results, run
from dsgen.krm.resource_list import read
from dsgen.krm.text import written
from dsgen.kubernetes.scheduling.nodes import read_nodes
from dsgen.kubernetes.scheduling.pods import running_pods
from dsgen.kubernetes.scheduling.pools import is_pools, read_pools
from dsgen.plan.agent import agents
from dsgen.plan.data import as_json
from dsgen.plan.page import as_page
from dsgen.plan.plan import plan
from dsgen.plan.text import as_text
from dsgen.problem import Problem, ProblemError, has_errors
from dsgen.project import shipped
from dsgen.project.project import Project, read_project
from dsgen.rendering.budget import Budget
from dsgen.rendering.template import Loader, Renderer
from dsgen.resolve.environment import Environment, read_environment
from dsgen.resolve.file import File

MINORS: Final = (None, "1.33", "1.36")

# Returns a hostile text of a kind.
Texts = Callable[[str, Random], bytes]


@cache
def make(minor: str | None = None) -> Generator:
    """Return the generator of a project without files."""
    return generator(Project(_empty()), minor)


def made(
    text: bytes, environment: Environment | None = None, minor: str | None = None, folder: str = ""
) -> GenerateResult:
    """Return what a profile makes; nothing of it is kept."""
    name = str(_empty() / folder / "a.yaml")
    file = File(name, text, name)
    try:
        return make(minor).make(file, environment)
    finally:
        make(minor)._parents._known.clear()


@cache
def _empty() -> Path:
    return Path(tempfile.mkdtemp(prefix="dsgen-hostile-"))


def shown(problems: Sequence[Problem]) -> None:
    """Show problems in every form, and require that each is one that somebody can act on."""
    for problem in problems:
        require(bool(problem.message and problem.code), f"a problem without a message or code: {problem}")
    some = [report.shortened(each) for each in problems[:50]]
    text = report.text(some, lambda file: ("a",) * 5) if some else ""
    require(all(letter.isprintable() or letter == "\n" for letter in text), "a letter that no terminal should get")
    for form in (report.as_json, report.github, report.sarif, report.junit):
        form(some).encode("utf-8", "backslashreplace")


def profile(chance: Random, text_of: Texts) -> None:
    """Read a profile, and make its objects."""
    done = made(text_of("profile", chance), minor=chance.choice(MINORS))
    require(bool(done.objects) != has_errors(done.problems), "objects in spite of errors, or neither")
    shown(done.problems)
    for each in done.objects:
        require(not has_errors(dsgen.validate_manifest(each.text)), "what was made is refused")


def layered(chance: Random, text_of: Texts) -> None:
    """Read a profile that extends another one."""
    base = _empty() / "base.yaml"
    base.write_bytes(text_of("profile", chance))
    text = b"extends: ./base.yaml\n" + text_of("profile", chance)
    shown(made(text).problems)


def environment(chance: Random, text_of: Texts) -> None:
    """Read an environment, and make a profile for it."""
    found, problems = read_environment(File("e.yaml", text_of("environment", chance), "e.yaml"), "prod", "1.36")
    if found is not None:
        problems = [*problems, *found.problems(["agent"])]
        text = VARIANTS.encode() if chance.random() < 0.5 else text_of("profile", chance)
        problems += made(text, found).problems
    shown(problems)


def api(chance: Random, text_of: Texts) -> None:
    """Call the Python API."""
    given = dsgen.loads(text_of("profile", chance), "a.yaml", Project(_empty()))
    problems = dsgen.validate(given)
    with contextlib.suppress(ProblemError):
        dsgen.render(given)
    shown(problems)


def manifest(chance: Random, text_of: Texts) -> None:
    """Judge manifests."""
    text = b"\n---\n".join(text_of("manifest", chance) for _ in range(chance.choice((1, 1, 2))))
    shown(dsgen.validate_manifest(text, "m.yaml", chance.choice(MINORS)))


def imported(chance: Random, text_of: Texts) -> None:
    """Turn manifests into profiles."""
    text = b"\n---\n".join(text_of("manifest", chance) for _ in range(chance.choice((1, 1, 2, 3))))
    found, problems = given_objects(text, "m.yaml")
    extends, variants = chance.choice((("", ""), ("", ""), ("node-exporter", ""), ("", "agent")))
    done, left = import_objects(found, make(), "1.36", extends, variants, chance.random() < 0.2)
    for each in done:
        require(has_errors(each.problems) or not source.read(each.text, each.name)[1], "a profile that cannot be read")
        problems += each.problems
    make()._parents._known.clear()
    shown([*problems, *left])


def config_files(chance: Random, text_of: Texts) -> None:
    """Put files into a config map: each is in it as it is, or refused."""
    (_empty() / "files/conf").mkdir(parents=True, exist_ok=True)
    data = text_of("manifest", chance)
    (_empty() / "files/conf/a").write_bytes(data)
    pattern = chance.choice(("conf/a", "conf/*", "./conf/a", "conf/**", "conf", *PATTERNS))
    files = json.dumps([pattern] if chance.random() < 0.8 else {"x": pattern})
    done = made(
        f"name: a\ncontainers: {{a: {{image: x}}}}\nconfigMaps: {{c: {{files: {files}}}}}\n".encode(), folder="files"
    )
    shown(done.problems)
    for each in done.objects:
        tree = yaml.safe_load(each.text)
        for text in tree.get("data", {}).values():
            require(text.encode() == data, "a file is not what is in the config map")
        for text in tree.get("binaryData", {}).values():
            require(base64.b64decode(text) == data, "a file is not what is in the config map")


def _nodes(chance: Random, text_of: Texts) -> Any:
    known = text_of(chance.choice(("nodes", "pools")), chance)
    return (read_pools if is_pools(known) else read_nodes)(known, "n.yaml")


def nodes(chance: Random, text_of: Texts) -> None:
    """Read nodes or pools."""
    shown(_nodes(chance, text_of)[1])


def pods(chance: Random, text_of: Texts) -> None:
    """Read the pods of a cluster."""
    shown(running_pods(text_of("pods", chance), "p.yaml", {("default", "agent")})[1])


def planned(chance: Random, text_of: Texts) -> None:
    """Plan agents for nodes, with pods beside them."""
    found, problems = _nodes(chance, text_of)
    others: Any = {}
    if chance.random() < 0.5:
        running, wrong = running_pods(text_of("pods", chance), "p.yaml", {("default", "agent")})
        others, problems = running.others, [*problems, *wrong]
    agent = made(VARIANTS.encode() if chance.random() < 0.7 else text_of("profile", chance))
    done = plan(agents(each.tree for each in agent.objects), found, others, 30)
    problems = [*problems, *done.problems]
    as_text(done)
    json.loads(as_json(done, problems))
    as_page(done, problems).encode("utf-8", "backslashreplace")
    shown(problems)


def resources(chance: Random, text_of: Texts) -> None:
    """Answer a ResourceList."""
    given, problems = read(text_of("resources", chance), "-")
    if given is not None:
        outcome = run(given, lambda file: made(file.text), "1.36")
        problems = [*problems, *(each.problem for each in outcome.told)]
        answer = written(given, outcome.items, results(outcome))
        answer.encode("utf-8", "backslashreplace")
    shown(problems)


def project(chance: Random, text_of: Texts) -> None:
    """Read a dsgen.yaml."""
    (_empty() / "project").mkdir(exist_ok=True)
    (_empty() / "project/dsgen.yaml").write_bytes(text_of("project", chance))
    found, problems = read_project(_empty() / "project")
    with contextlib.suppress(OSError):
        found.profile_files()
        found.environment_files()
    shown(problems)


def indexes(chance: Random, text_of: Texts) -> None:
    """Read the index of a folder: one that can be read says what it said when it is written."""
    with contextlib.suppress(index.BrokenIndexError):
        found = index.parse(text_of("index", chance))
        require(index.parse(index.to_text(found)) == found, "another index than was read")


class _Templates(Loader):
    def __init__(self, texts: dict[str, str]) -> None:
        super().__init__(shipped.templates())
        self._texts = texts

    def get_source(self, environment: Any, template: str) -> Any:
        if template in self._texts:
            return self._texts[template], f"templates/{template}", None
        return super().get_source(environment, template)


@cache
def _context() -> Any:
    found = make().describe(File("a.yaml", VARIANTS.encode(), str(_empty() / "a.yaml")), [])
    assert found is not None
    return found.context


def templates(chance: Random) -> None:
    """Render templates."""
    texts = {"t.yaml.j2": template(shipped_templates(), chance), "o.j2": template(shipped_templates(), chance)}
    done = Renderer(_Templates(texts)).render(
        "t.yaml.j2", _context(), Budget(chance.choice((1_000, 100_000, 4_000_000)))
    )
    require((done.tree is None) == bool(done.problems), "neither a tree nor a problem, or both")
    for problem in done.problems:
        require(problem.line > 0 or problem.code == "unknown-template", f"no line: {problem}")
    shown(done.problems)


def large(chance: Random) -> None:
    """Give a reader texts of any size, up to a megabyte."""
    chance.choice(_OF_TEXTS)(chance, text_of)


def _short(reader: Callable[[Random, Texts], None]) -> Callable[[Random], None]:
    return lambda chance: reader(chance, short_text_of)


def _any(reader: Callable[[Random, Texts], None]) -> Callable[[Random], None]:
    return lambda chance: reader(chance, text_of)


_OF_TEXTS: Final = (profile, layered, environment, manifest, resources, project, config_files, nodes, pods)
# Each reader, and how often of a thousand times it is chosen. Most get short texts, which show most faults in the least time.
READERS: Final[dict[str, tuple[Callable[[Random], None], int]]] = {
    "profile": (_short(profile), 200), "layered": (_short(layered), 70), "environment": (_short(environment), 100), "manifest": (_short(manifest), 210), "nodes": (_short(nodes), 50),
    "pods": (_short(pods), 40), "resources": (_short(resources), 40), "project": (_short(project), 50), "indexes": (_short(indexes), 40), "templates": (templates, 150),
    "large": (large, 16), "api": (_any(api), 6), "imported": (_any(imported), 8), "planned": (_any(planned), 6), "config_files": (_any(config_files), 6), "commands": (commands, 5), "outputs": (outputs, 3),
}  # fmt: skip


def choices() -> Iterator[str]:
    """Yield the names of the readers, each as often as it is to be chosen."""
    for name, (_, weight) in READERS.items():
        yield from [name] * weight
