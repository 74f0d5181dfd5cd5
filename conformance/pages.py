"""The console blocks of documentation pages: files that the reader writes, commands, and the output that the page promises.

In a `console` block a line that begins with `$ ` is a command, and the lines below it are its output; `...` stands for
anything. A block with a title, such as ```yaml title="agent.yaml", is a file that the reader writes at that point.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parents[1]
# Pages whose commands need a cluster: `conformance.cluster.taking_over` runs them, and not `make test`.
ON_A_CLUSTER: Final = (
    "docs/how-to/apply-with-kubectl.md",
    "docs/how-to/prune-with-kubectl.md",
    "docs/how-to/take-over-a-helm-release.md",
    "docs/how-to/take-over-kustomize-overlays.md",
    "docs/how-to/take-over-with-argo-cd.md",
    "docs/how-to/take-over-with-flux.md",
)
BLOCK: Final = re.compile(r"^```(\w+)(?: title=\"([^\"]+)\")?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Command(NamedTuple):
    """A command of a page, and the output it promises."""

    line: str
    expected: list[str]


def blocks(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield the language, the title and the text of each fenced block."""
    for match in BLOCK.finditer(text):
        yield match[1], match[2] or "", match[3]


def commands(block: str) -> Iterator[Command]:
    """Yield the commands of one console block."""
    found: list[Command] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append(Command(line.removeprefix("$ "), []))
        else:
            found[-1].expected.append(line)
    yield from found


def fits(command: Command, output: str) -> bool:
    """Tell whether the output is what the page promises."""
    pattern = "".join(
        r"(?:.*\n)*" if line == "..." else re.escape(line).replace(re.escape("..."), ".*") + r"\n"
        for line in command.expected
    )
    return re.fullmatch(pattern, output) is not None


def with_outputs(text: str, ran: Iterator[tuple[Command, str]], is_run: Callable[[Command], bool]) -> str:
    """Return the page with the output of each command that is run as it is now; what fits already stays."""

    def again(block: re.Match[str]) -> str:
        if block[1] != "console":
            return block[0]
        lines = []
        for command in commands(block[3]):
            output = next(ran)[1] if is_run(command) else None
            kept = "".join(f"{line}\n" for line in command.expected)
            lines.append(f"$ {command.line}\n{kept if output is None or fits(command, output) else output}")
        return f"```console\n{''.join(lines)}```"

    return BLOCK.sub(again, text)
