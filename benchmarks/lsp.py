"""How fast the language server answers about a file of 200 lines, and what memory it has after many edits.

python -m benchmarks.lsp [--edits 10000]
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from lsprotocol import types
from pygls.lsp.client import LanguageClient

LINES: Final = 200
RUNS: Final = 20
HEAD: Final = "name: agent\nextends: node-exporter\ncontainers:\n  main:\n    image: example.com/agent:1\n    env:\n"


class Client(LanguageClient):
    """A client that knows which version of the file had its problems published last."""

    def __init__(self) -> None:
        super().__init__("benchmark", "1")
        self.latest = 0
        self.news = asyncio.Event()
        self.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(lambda params: self._published(params))

    def _published(self, params: types.PublishDiagnosticsParams) -> None:
        self.latest = params.version or 0
        self.news.set()

    def change(self, uri: str, version: int, text: str) -> None:
        """Replace the text of the file."""
        document = types.VersionedTextDocumentIdentifier(version, uri)
        whole = types.TextDocumentContentChangeWholeDocument(text)
        self.text_document_did_change(types.DidChangeTextDocumentParams(document, [whole]))

    async def published(self, version: int) -> None:
        """Wait for the problems of a version."""
        while self.latest < version:
            self.news.clear()
            await self.news.wait()


def text(number: int) -> str:
    """Return a profile of 200 lines."""
    more = LINES - HEAD.count("\n")
    return HEAD + "".join(f"      VARIABLE_{line}: value-{line}-{number}\n" for line in range(more))


async def best(ask: Callable[[int], Awaitable[Any]]) -> float:
    """Return the shortest time of some runs, in milliseconds."""
    found = []
    for run in range(RUNS):
        start = time.perf_counter()
        await ask(run)
        found.append(time.perf_counter() - start)
    return min(found) * 1000


async def measure(folder: Path, edits: int) -> None:
    """Print the time of each request, and the memory after the edits."""
    client = Client()
    await client.start_io(sys.executable, "-m", "dsgen", "lsp", cwd=folder)
    await client.initialize_async(types.InitializeParams(types.ClientCapabilities(), root_uri=folder.as_uri()))
    client.initialized(types.InitializedParams())
    path = folder / "profiles" / "agent.yaml"
    uri, document = path.as_uri(), types.TextDocumentIdentifier(path.as_uri())
    opened = types.TextDocumentItem(uri, types.LanguageKind.Yaml, 0, text(0))
    start = time.perf_counter()
    client.text_document_did_open(types.DidOpenTextDocumentParams(opened))
    while not client.news.is_set():
        await asyncio.sleep(0.001)
    print(f"the first problems after opening: {(time.perf_counter() - start) * 1000:.0f} ms")

    async def problems(run: int) -> None:
        client.change(uri, run + 1, text(run))
        await client.published(run + 1)

    print(f"problems after a change, 50 ms of waiting included: {await best(problems):.0f} ms")
    key, word = types.Position(4, 6), types.Position(4, 4)
    requests: dict[str, Callable[[int], Awaitable[Any]]] = {
        "hover": lambda _: client.text_document_hover_async(types.HoverParams(document, key)),
        "completion": lambda _: client.text_document_completion_async(types.CompletionParams(document, word)),
        "definition": lambda _: client.text_document_definition_async(
            types.DefinitionParams(document, types.Position(1, 12))
        ),
        "rename": lambda _: client.text_document_rename_async(
            types.RenameParams(document, types.Position(3, 3), "other")
        ),
        "code lens": lambda _: client.text_document_code_lens_async(types.CodeLensParams(document)),
        "what it generates": lambda _: client.workspace_text_document_content_async(
            types.TextDocumentContentParams(f"dsgen:{path}")
        ),
    }
    for name, ask in requests.items():
        print(f"{name}: {await best(ask):.0f} ms")
    for number in range(RUNS + 1, RUNS + 1 + edits):
        client.change(uri, number, text(number))
        if number % 20 == 0:
            await client.published(number)
    await client.published(RUNS + edits)
    process = client._server
    assert process is not None
    status = Path(f"/proc/{process.pid}/status").read_text("utf-8")
    peak = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    print(f"memory after {edits} edits, at most: {int(peak) // 1024} MiB")
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()  # type: ignore[no-untyped-call]


def main() -> None:
    """Measure in a project of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--edits", type=int, default=10_000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        (folder / "profiles").mkdir()
        (folder / "dsgen.yaml").write_text('kubernetes: "1.37"\n', "utf-8")
        asyncio.run(measure(folder, chosen.edits))


if __name__ == "__main__":
    main()
