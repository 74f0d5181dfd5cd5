"""What yaml-language-server says at 30 places of profiles, environments and `dsgen.yaml`, by the schemas that `dsgen schema` prints.

    python -m conformance.yaml_language_server

Needs npm, which installs the server in a temporary folder. Exits with 1 if a place has another answer.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

from lsprotocol import types
from pygls.lsp.client import LanguageClient

PACKAGE: Final = "yaml-language-server@2.0.0"
SECONDS: Final = 60
# The schemas, and the files that they are for.
SCHEMAS: Final[dict[str, tuple[list[str], str]]] = {
    "profile": ([], "profiles/*.yaml"),
    "environment": (["--environment"], "environments/*.yaml"),
    "project": (["--project"], "dsgen.yaml"),
}


class Place(NamedTuple):
    """A text of a file, where `|` is the cursor, and what the server must say there: part of the hover, or labels to complete."""

    file: str
    text: str
    hover: str = ""
    labels: tuple[str, ...] = ()


PROFILE: Final = "profiles/agent.yaml"
ENVIRONMENT: Final = "environments/prod.yaml"
PROJECT: Final = "dsgen.yaml"
BEGIN: Final = "name: agent\n"
AGENT: Final = f"{BEGIN}containers:\n  agent:\n    image: x\n"
PLACES: Final = (
    Place(PROFILE, "na|me: agent\n", hover="name of the DaemonSet"),
    Place(PROFILE, f"{BEGIN}extends|: ./base.yaml\n", hover="Parents"),
    Place(PROFILE, f"{BEGIN}nodes:\n  toler|ate: [all]\n", hover="taint"),
    Place(PROFILE, f"{BEGIN}nodes:\n  o|s: linux\n", hover="operating system"),
    Place(PROFILE, f"{AGENT}    env|: {{A: b}}\n", hover="variables"),
    Place(PROFILE, f"{AGENT}    resour|ces: {{}}\n", hover="requests"),
    Place(PROFILE, f"{AGENT}    mou|nts: {{/a: b}}\n", hover="mount"),
    Place(PROFILE, f"{AGENT}    securityContext:\n      privi|leged: true\n", hover="permissions"),
    Place(PROFILE, f"{BEGIN}upd|ate: 10%\n", hover="replaced"),
    Place(PROFILE, f"{BEGIN}vari|ants: {{a: {{}}}}\n", hover="variants"),
    Place(PROFILE, f"{BEGIN}hostNet|work: true\n", hover="network"),
    Place(PROFILE, f"{BEGIN}config|Maps: {{}}\n", hover="config"),
    Place(ENVIRONMENT, "kuber|netes: '1.37'\n", hover="Kubernetes"),
    Place(ENVIRONMENT, "pro|files: [a]\n", hover="profiles"),
    Place(PROJECT, "out|put: out\n", hover="output folder"),
    Place(PROJECT, "kuber|netes: '1.37'\n", hover="version of Kubernetes"),
    Place(PROFILE, f"{BEGIN}|\n", labels=("containers", "nodes", "extends", "serviceAccount", "update")),
    Place(PROFILE, f"{BEGIN}nodes:\n  |\n", labels=("tolerate", "os", "arch")),
    Place(PROFILE, f"{AGENT}    |\n", labels=("env", "args", "resources", "ports", "mounts", "livenessProbe")),
    Place(PROFILE, f"{AGENT}    securityContext:\n      |\n", labels=("privileged", "runAsUser", "capabilities")),
    Place(PROFILE, f"{AGENT}    imagePullPolicy: |\n", labels=("Always", "IfNotPresent", "Never")),
    Place(PROFILE, f"{BEGIN}dnsPolicy: |\n", labels=("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None")),
    Place(PROFILE, f"{BEGIN}nodes:\n  os: |\n", labels=("linux", "windows")),
    Place(PROFILE, f"{AGENT}    livenessProbe:\n      |\n", labels=("httpGet", "tcpSocket", "exec", "periodSeconds")),
    Place(PROFILE, f"{AGENT}    resources:\n      |\n", labels=("limits", "requests")),
    Place(PROFILE, f"{BEGIN}serviceAccount:\n  |\n", labels=("name", "create")),
    Place(ENVIRONMENT, "|\n", labels=("kubernetes", "all", "overrides", "profiles")),
    Place(ENVIRONMENT, "kubernetes: |\n", labels=("1.37", "1.33")),
    Place(PROJECT, "|\n", labels=("kubernetes", "output", "profiles", "flux", "problems")),
    Place(PROJECT, "apply: |\n", labels=("server-side", "client-side")),
)


async def ask(client: LanguageClient, folder: Path, number: int, place: Place) -> tuple[str, list[str]]:
    """Return the hover and the labels of the completion at a place."""
    uri = (folder / place.file).as_uri()
    before = place.text.partition("|")[0]
    at = types.Position(before.count("\n"), len(before.rpartition("\n")[2]))
    text = place.text.replace("|", "", 1)
    client.text_document_did_open(
        types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, types.LanguageKind.Yaml, number, text))
    )
    document = types.TextDocumentIdentifier(uri)
    hover, labels = "", list[str]()
    if place.hover:
        found = await client.text_document_hover_async(types.HoverParams(document, at))
        contents: Any = found.contents if found else ""
        hover = str(getattr(contents, "value", contents))
    else:
        answer: Any = await client.text_document_completion_async(types.CompletionParams(document, at))
        labels = [each.label for each in getattr(answer, "items", answer or ())]
    client.text_document_did_close(types.DidCloseTextDocumentParams(document))
    return hover, labels


async def compare(server: Path, folder: Path) -> int:
    """Print what the server says at each place, and return the number of places with another answer."""
    schemas = {(folder / f"{name}.json").as_uri(): pattern for name, (_, pattern) in SCHEMAS.items()}
    settings = {"schemas": schemas, "hover": True, "completion": True, "validate": False}
    client = LanguageClient("conformance", "1")
    client.feature(types.WORKSPACE_CONFIGURATION)(
        lambda params: [settings if each.section == "yaml" else {} for each in params.items]
    )
    client.feature(types.CLIENT_REGISTER_CAPABILITY)(lambda params: None)
    client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(lambda params: None)
    await client.start_io(str(server), "--stdio", cwd=folder)
    able = types.ClientCapabilities(workspace=types.WorkspaceClientCapabilities(configuration=True))
    await client.initialize_async(types.InitializeParams(able, root_uri=folder.as_uri()))
    client.initialized(types.InitializedParams())
    client.workspace_did_change_configuration(types.DidChangeConfigurationParams({"yaml": settings}))
    # The first answer is an empty one, while the server reads the schemas.
    await asyncio.wait_for(ask(client, folder, 0, PLACES[0]), SECONDS)
    wrong = 0
    for number, place in enumerate(PLACES, 1):
        hover, labels = await asyncio.wait_for(ask(client, folder, number, place), SECONDS)
        good = place.hover.lower() in hover.lower() if place.hover else set(place.labels) <= set(labels)
        wrong += not good
        said = " ".join(hover.split())[:100] if place.hover else f"{len(labels)}: {', '.join(labels[:12])}"
        print(f"{'ok   ' if good else 'WRONG'} {place.file} {place.text!r}: {said}")
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()  # type: ignore[no-untyped-call]
    return wrong


def main() -> int:
    """Install the server, ask it, and return 1 if a place has another answer."""
    with TemporaryDirectory() as name:
        folder = Path(name).resolve()
        (folder / "package.json").write_text(json.dumps({"private": True}))
        subprocess.run(["npm", "install", "--silent", PACKAGE], cwd=folder, check=True)
        for schema, (options, _) in SCHEMAS.items():
            done = subprocess.run([sys.executable, "-m", "dsgen", "schema", *options], capture_output=True, check=True)
            (folder / f"{schema}.json").write_bytes(done.stdout)
        wrong = asyncio.run(compare(folder / "node_modules/.bin/yaml-language-server", folder))
    print(f"{len(PLACES) - wrong} of {len(PLACES)} places")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
