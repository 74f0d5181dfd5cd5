"""The documentation is run: each command of its console blocks must print what the page promises, and each link must lead somewhere.

A page is one session in an empty folder. `conformance.pages` describes its blocks.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click
import pytest

from conformance.pages import BLOCK, ON_A_CLUSTER, ROOT, Command, blocks, commands, fits, with_outputs
from dsgen.cli import main
from dsgen.kubernetes.cel.library import cel
from dsgen.profile import companions, general, metadata, nodes, rbac, rollout, volumes
from dsgen.rendering.filters import filter_names
from dsgen.resolve.environment import read_environment
from dsgen.resolve.file import File
from dsgen.resolve.parents import read_layer

PAGES: Final = {
    str(page.relative_to(ROOT)): page.read_text("utf-8")
    for page in (
        *sorted(ROOT.glob("*.md")),
        *sorted((ROOT / "site").glob("*.md")),
        *sorted((ROOT / "docs").rglob("*.md")),
    )
}
# Pages whose commands evaluate expressions, which needs the extra `cel`.
EXPRESSIONS: Final = frozenset({"docs/how-to/enforce-your-own-rules.md"})
SESSIONS: Final = [
    name
    for name, text in PAGES.items()
    if "```console" in text and (cel() is not None or name not in EXPRESSIONS) and name not in ON_A_CLUSTER
]

# What a page may say and a test must not do: set up the checkout, install, ask a network.
NOT_RUN: Final = frozenset({"make", "pip", "git", "python3", "source", "pre-commit", "kustomize", "kpt"})

_LINK: Final = re.compile(r"\]\(([^)\s]*)\)")
_END: Final = "\x1e"


def is_run(command: Command) -> bool:
    """Tell whether the test runs the command."""
    return shlex.split(command.line)[0] not in NOT_RUN


def session(text: str, folder: Path, home: Path) -> Iterator[tuple[Command, str]]:
    """Write the files and run the commands of a page, in one shell; yield each command with its output.

    The home folder, which has the templates as they were compiled, may be that of other pages."""
    script = "status=0\n"
    wanted = []
    for language, title, block in blocks(text):
        if title:
            path = shlex.quote(title)
            script += f"mkdir -p $(dirname {path})\ncat > {path} <<'END_OF_FILE'\n{block}END_OF_FILE\n"
        for command in commands(block) if language == "console" else ():
            if is_run(command):
                script += f"{{ (exit $status); {command.line}\n}} 2>&1\nstatus=$?\nprintf '{_END}'\n"
                wanted.append(command)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, "HOME": str(home), "LC_ALL": "C.UTF-8"}
    run = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert run.stderr == ""
    yield from zip(wanted, run.stdout.split(_END)[:-1], strict=True)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.mark.parametrize("page", SESSIONS)
def test_page_runs(page: str, tmp_path: Path, home: Path, request: pytest.FixtureRequest) -> None:
    """With `--update`, write the outputs anew."""
    ran = list(session(PAGES[page], tmp_path, home))
    assert not [command.line for command, output in ran if "Traceback" in output]
    if request.config.getoption("update"):
        (ROOT / page).write_text(with_outputs(PAGES[page], iter(ran), is_run), "utf-8")
        return
    for command, output in ran:
        assert fits(command, output), f"$ {command.line}\n{output}"


def test_pages_that_change_a_cluster_are_run_on_one() -> None:
    """By `make end-to-end`, which this test cannot."""
    tools = re.compile(r"^\$ (?:.* \| )?(?:[A-Z_]+=\S+ )?(?:kubectl|helm) ", re.MULTILINE)
    consoles = {
        name: "".join(block for language, _, block in blocks(text) if language == "console")
        for name, text in PAGES.items()
    }
    assert [name for name, text in consoles.items() if tools.search(text)] == sorted(ON_A_CLUSTER)


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    prose = BLOCK.sub("", PAGES[page])
    for target in _LINK.findall(prose):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        found = ((ROOT / page).parent / path).resolve() if path else ROOT / page
        assert found.exists(), target
        if anchor:
            assert anchor in anchors(found.read_text("utf-8")), target


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ +(.*)$", BLOCK.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    lines = [
        command.line
        for text in PAGES.values()
        for language, _, block in blocks(text)
        if language == "console"
        for command in commands(block)
    ]
    named = {word for line in lines if line.startswith("make ") for word in line.split()[1:]}
    assert {"generate", "test"} <= named <= targets


def test_examples_of_environments_are_right() -> None:
    texts = [text for _, title, text in blocks(PAGES["docs/language.md"]) if title.startswith("environments/")]
    assert texts
    for text in texts:
        _, problems = read_environment(File("language.md", text.encode(), "language.md"), "prod-eu", "1.37")
        assert problems == []


@pytest.mark.parametrize(
    "layer", [text for language, title, text in blocks(PAGES["docs/language.md"]) if language == "yaml" and not title]
)
def test_examples_of_the_language_are_right(layer: str) -> None:
    read, problems = read_layer(File("language.md", layer.encode(), "language.md"))
    assert problems == []
    assert read is not None


GROUPS: Final = [
    metadata.KEYS, nodes.KEYS, nodes.NODES, rollout.KEYS, volumes.KEYS, general.KEYS, rbac.KEYS, rbac.NAMESPACE, rbac.ACCOUNT,
    companions.KEYS, companions.CONFIG_MAP["schema"],
]  # fmt: skip


@pytest.mark.parametrize("group", GROUPS)
def test_language_page_names_every_key(group: dict[str, object]) -> None:
    page = PAGES["docs/language.md"]
    assert [key for key in group if not key.endswith("+") and not re.search(rf"`{key}[`:]", page)] == []


def test_template_page_names_every_filter() -> None:
    page = PAGES["docs/how-to/write-a-template.md"]
    assert [name for name in filter_names() if f"`{name}`" not in page] == []


STATED: Final = sorted(
    {line for text in PAGES.values() for line in re.findall(r"(?:run|script|entry): (dsgen [^>#\n]*)", text)}
)


@pytest.mark.parametrize("line", STATED)
def test_the_commands_of_workflows_and_hooks_are_commands(line: str) -> None:
    _, name, *words = shlex.split(line)
    command = main.get_command(click.Context(main), name)
    assert command is not None
    command.make_context(name, words)


def test_each_finding_has_a_row() -> None:
    """And each row has its finding, by the test of the links."""
    rows = re.findall(r"\]\(\.\./findings/([\w-]+\.sh)\)", PAGES["docs/surprises.md"])
    assert sorted(rows) == sorted(path.name for path in (ROOT / "findings").glob("*.sh"))


def test_the_glossary_explains_words_of_other_pages_in_order() -> None:
    words = re.findall(r"^\| ([a-z ]+) \| [A-Z]", PAGES["docs/glossary.md"], re.MULTILINE)
    assert len(words) > 20
    assert words == sorted(words)
    others = " ".join(text.lower() for name, text in PAGES.items() if name != "docs/glossary.md")
    assert [word for word in words if not re.search(rf"\b{word}\b", others)] == []
