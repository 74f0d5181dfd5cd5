"""The server, spoken to by a real client over standard input and output."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls import uris

from dsgen.kubernetes.schema import fields
from dsgen.lsp.analysis import FileKind, kind_of
from dsgen.lsp.words import fields_at
from dsgen.project import preset_lock, shipped
from dsgen.project.project import find_project
from dsgen.tree import Map
from tests.lsp.client import Client, talk

PROFILE = """\
name: agent
nodes: {os: linux}
containers:
  main:
    image: example.com/agent:1
    ports: {metrics: 9100}
    livenessProbe: {httpGet: metrics/healthz}
    mounts:
      /var/log: logs:ro
      "/etc/agent": {configMap: settings}
volumes:
  logs: {hostPath: /var/log}
configMaps:
  settings: {data: {a: b}}
"""
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec:\n  ports:\n  - port: 80\n  sesionAffinity: None\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path.resolve()
    (folder / "profiles").mkdir()
    (folder / "dsgen.yaml").write_text(f'kubernetes: "{fields.DEFAULT}"\n')
    (folder / "profiles" / "agent.yaml").write_text(PROFILE)
    return folder


def at(text: str, word: str, offset: int = 0) -> types.Position:
    before = text[: text.index(word) + offset]
    return types.Position(before.count("\n"), len(before) - before.rfind("\n") - 1)


def where(uri: str, text: str, word: str, offset: int = 0) -> dict[str, Any]:
    return {"text_document": types.TextDocumentIdentifier(uri), "position": at(text, word, offset)}


def edited(text: str, edits: list[types.TextEdit]) -> str:
    lines = text.splitlines(keepends=True)
    for edit in sorted(edits, key=lambda each: (each.range.start.line, each.range.start.character), reverse=True):
        line = lines[edit.range.start.line]
        lines[edit.range.start.line] = (
            line[: edit.range.start.character] + edit.new_text + line[edit.range.end.character :]
        )
    return "".join(lines)


def test_problems_come_and_go_while_one_types(project: Path) -> None:
    async def scenario(client: Client) -> None:
        uri = client.open(project / "profiles/agent.yaml", PROFILE)
        assert await client.problems(uri) == []
        wrong = PROFILE.replace("image:", "imagge:")
        client.change(uri, 2, wrong)
        (problem, *_) = await client.problems(uri, 2)
        assert (problem.source, problem.code, problem.severity) == ("dsgen", "unknown-key", 1)
        assert (problem.range.start, problem.range.end) == (at(wrong, "imagge"), at(wrong, "imagge", 6))
        fixes = await client.text_document_code_action_async(
            types.CodeActionParams(types.TextDocumentIdentifier(uri), problem.range, types.CodeActionContext([problem]))
        )
        assert fixes
        fix = fixes[0]
        assert isinstance(fix, types.CodeAction)
        assert fix.edit
        assert fix.edit.changes
        assert edited(wrong, list(fix.edit.changes[uri])) == PROFILE
        for version, text in enumerate(("name: [", "", "\t", PROFILE[:-20], "a: &a [*a"), 3):
            client.change(uri, version, text)
            await client.problems(uri, version)
        client.change(uri, 9, PROFILE)
        assert await client.problems(uri, 9) == []

    talk(project, scenario)


def test_a_change_of_a_parent_is_seen_in_its_child(project: Path) -> None:
    async def scenario(client: Client) -> None:
        house = project / "profiles/_house.yaml"
        house.write_text("nodes: {os: linux}\n")
        child = PROFILE.replace("nodes: {os: linux}", "extends: ./_house.yaml")
        uri = client.open(project / "profiles/agent.yaml", child)
        assert await client.problems(uri) == []
        client.published.clear()
        parent = client.open(house, "nodes: {os: lynux}\n")
        assert [each.code for each in await client.problems(parent)]
        (problem, *_) = await client.problems(uri)
        assert problem.range.start == at(child, "extends")
        assert "_house.yaml:1" in problem.message

    talk(project, scenario)


def test_manifests_get_the_verdict_of_the_api_server(project: Path) -> None:
    async def scenario(client: Client) -> None:
        uri = client.open(project / "service.yaml", SERVICE)
        (problem,) = await client.problems(uri)
        assert problem.code == "unknown-field"
        assert problem.range.start == at(SERVICE, "sesion")
        hover = await client.text_document_hover_async(types.HoverParams(**where(uri, SERVICE, "ports:", 2)))
        assert hover
        assert "[]ServicePort" in str(hover.contents)
        found = await client.text_document_completion_async(
            types.CompletionParams(**where(uri, SERVICE, "sesionAffinity", 3))
        )
        assert isinstance(found, types.CompletionList)
        assert {"sessionAffinity", "clusterIP"} <= {each.label for each in found.items}

    talk(project, scenario)


@pytest.mark.parametrize(
    ("text", "word", "offset", "expected"),
    [
        ("name: a\n", "a\n", 2, {"containers", "nodes", "extends"}),
        ("nodes:\n  \n", "  \n", 2, {"os", "tolerate", "require"}),
        ("nodes:\n  to\n", "to", 2, {"tolerate"}),
        ("nodes: {os: }\n", "os: ", 4, {"linux", "windows"}),
        ("containers:\n  a:\n    \n", "    \n", 4, {"image", "env", "livenessProbe"}),
        ("volumes:\n  a: {hostPath: {path: /a, type: }}\n", "type: ", 6, {"Directory", "Socket"}),
        ("hostNetwork: \n", "hostNetwork: ", 13, {"true", "false"}),
        ("extends: n\n", "extends: n", 10, {"node-exporter"}),
        ("containers: {a: {mounts: {/b: }}}\nvolumes: {logs: {}}\n".replace(": {a", ":\n  a").replace("}}}\n", "}}\n"), "/b: ", 4, {"logs"}),
    ],
)  # fmt: skip
def test_completion(project: Path, text: str, word: str, offset: int, expected: set[str]) -> None:
    async def scenario(client: Client) -> None:
        uri = client.open(project / "profiles/agent.yaml", text)
        found = await client.text_document_completion_async(types.CompletionParams(**where(uri, text, word, offset)))
        assert isinstance(found, types.CompletionList)
        labels = {each.label for each in found.items}
        assert expected <= labels
        assert "" not in labels

    talk(project, scenario)


def test_keys_and_presets_are_explained(project: Path) -> None:
    async def scenario(client: Client) -> None:
        uri = client.open(project / "profiles/agent.yaml", f"extends: node-exporter\n{PROFILE}")
        text = f"extends: node-exporter\n{PROFILE}"
        for word, expected in (
            ("mounts", "Mounts by path"),
            ("httpGet", "HTTPGetAction"),
            ("node-exporter", "metrics of every Linux node"),
        ):
            hover = await client.text_document_hover_async(types.HoverParams(**where(uri, text, word, 1)))
            assert hover, word
            assert expected.lower() in str(hover.contents).lower()
        nothing = await client.text_document_hover_async(types.HoverParams(**where(uri, text, "9100", 1)))
        assert nothing is None or "ContainerPort" in str(nothing.contents)

    talk(project, scenario)


def test_definitions(project: Path) -> None:
    async def scenario(client: Client) -> None:
        text = f"extends: node-exporter\n{PROFILE}"
        uri = client.open(project / "profiles/agent.yaml", text)
        for word, key in (("logs:ro", "logs: {host"), ("settings}", "settings: {data"), ("metrics/", "metrics: 9")):
            (place, *_) = await client.text_document_definition_async(
                types.DefinitionParams(**where(uri, text, word, 2))
            )  # type: ignore[misc]
            assert isinstance(place, types.Location)
            assert (place.uri, place.range.start) == (uri, at(text, key))
        (preset,) = await client.text_document_definition_async(
            types.DefinitionParams(**where(uri, text, "node-exporter", 2))
        )  # type: ignore[misc]
        assert isinstance(preset, types.Location)
        assert preset.uri.endswith("node-exporter.yaml")

    talk(project, scenario)


def test_renaming_a_volume_in_all_layers(project: Path) -> None:
    async def scenario(client: Client) -> None:
        house = project / "profiles/_house.yaml"
        house.write_text("volumes: {logs: {hostPath: /var/log}}\n")
        other = project / "profiles/other.yaml"
        other.write_text("extends: ./_house.yaml\nname: other\ncontainers: {x: {image: a:1, mounts: {/l: 'logs'}}}\n")
        (project / "environments").mkdir()
        prod = project / "environments/prod.yaml"
        prod.write_text("overrides: {agent: {volumes: {logs: {hostPath: /var/log/pods}}}}\n")
        text = f"extends: ./_house.yaml\n{PROFILE}".replace("  logs: {hostPath: /var/log}\n", "  x: {}\n")
        uri = client.open(project / "profiles/agent.yaml", text)
        done = await client.text_document_rename_async(
            types.RenameParams(new_name="files", **where(uri, text, "logs:ro", 1))
        )
        assert done
        assert done.changes
        assert done.changes.keys() == {uri, house.as_uri(), other.as_uri(), prod.as_uri()}
        assert "/var/log: files:ro" in edited(text, list(done.changes[uri]))
        assert "mounts: {/l: 'files'}" in edited(other.read_text(), list(done.changes[other.as_uri()]))
        assert "volumes: {files: {" in edited(prod.read_text(), list(done.changes[prod.as_uri()]))

    talk(project, scenario)


@pytest.fixture
def locked(project: Path) -> Path:
    """Return the copy of a preset that a project has locked; its comment is not that of the preset of this dsgen."""
    text = shipped.profiles()["node-exporter"].read_text("utf-8").replace("every Linux node", "every old node")
    copy = project / "presets/node-exporter@1/node-exporter.yaml"
    copy.parent.mkdir(parents=True)
    copy.write_text(text)
    entry = preset_lock.locked("node-exporter", "1", [(copy.name, text.encode())])
    (project / preset_lock.NAME).write_text(preset_lock.to_text([entry]))
    return copy


def test_a_locked_preset(project: Path, locked: Path) -> None:
    """It is what is shown and found, and nothing renames a name in it."""

    async def scenario(client: Client) -> None:
        text = "extends: node-exporter\nname: agent\ncontainers: {node-exporter: {image: a:1}}\n"
        uri = client.open(project / "profiles/agent.yaml", text)
        hover = await client.text_document_hover_async(types.HoverParams(**where(uri, text, "node-exporter", 1)))
        assert "metrics of every old node" in str(hover)
        (place,) = await client.text_document_definition_async(
            types.DefinitionParams(**where(uri, text, "node-exporter", 2))
        )  # type: ignore[misc]
        assert isinstance(place, types.Location)
        assert place.uri == uris.from_fs_path(str(locked))
        asked = types.RenameParams(new_name="main", **where(uri, text, "node-exporter: {", 0))
        assert await client.text_document_rename_async(asked) is None
        await asyncio.sleep(0)
        assert "not part of the project" in client.messages[-1]

    talk(project, scenario)


def test_what_cannot_be_renamed(project: Path) -> None:
    async def scenario(client: Client) -> None:
        text = (
            "extends: node-exporter\nname: agent\ncontainers: {node-exporter: {image: a:1}}\nvolumes: {a: {}, b: {}}\n"
        )
        uri = client.open(project / "profiles/agent.yaml", text)
        for word, name, why in (
            ("node-exporter: {", "main", "not part of the project"),
            ("a: {}", "b", "already has a volume `b`"),
            ("image", "b", "only names of"),
        ):
            asked = types.RenameParams(new_name=name, **where(uri, text, word, 0))
            assert await client.text_document_rename_async(asked) is None
            await asyncio.sleep(0)
            assert why in client.messages[-1]

    talk(project, scenario)


def test_what_a_profile_generates_is_shown(project: Path) -> None:
    async def scenario(client: Client) -> None:
        uri = client.open(project / "profiles/agent.yaml", PROFILE.replace("agent:1", "agent:2"))
        lenses = await client.text_document_code_lens_async(types.CodeLensParams(types.TextDocumentIdentifier(uri)))
        assert lenses
        command = lenses[0].command
        assert command
        shown = await client.workspace_execute_command_async(
            types.ExecuteCommandParams(command.command, command.arguments)
        )
        assert isinstance(shown, str)
        assert "kind: DaemonSet" in shown
        assert "image: example.com/agent:2" in shown
        (target,) = client.shown
        same = await client.workspace_text_document_content_async(types.TextDocumentContentParams(target))
        assert same.text == shown

    talk(project, scenario)


def test_without_pygls_the_command_says_what_to_install(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from dsgen.cli import main

    monkeypatch.setitem(sys.modules, "dsgen.lsp.server", None)
    done = CliRunner().invoke(main, ["lsp"])
    assert done.exit_code == 2
    assert "pip install 'pygls>=2'" in done.output


def test_a_nested_api_version_makes_no_manifest(project: Path) -> None:
    text = f"{PROFILE}annotations:\n  a: b\ndaemonSet:\n  x:\n    apiVersion: v1\n"
    assert kind_of(project / "profiles/agent.yaml", text, find_project(project)[0]) is FileKind.PROFILE
    assert kind_of(project / "a.yaml", SERVICE, find_project(project)[0]) is FileKind.MANIFEST


def test_the_fields_of_a_pod_monitor() -> None:
    monitor = Map([("apiVersion", "monitoring.coreos.com/v1"), ("kind", "PodMonitor")])
    assert "podMetricsEndpoints" in {each.text for each in fields_at(monitor, ("spec",), fields.DEFAULT)}


def test_it_ends_without_an_error(project: Path) -> None:
    sent: list[dict[str, Any]] = [
        {"id": 1, "method": "initialize", "params": {"processId": None, "rootUri": None, "capabilities": {}}},
        {"id": 2, "method": "shutdown"},
        {"method": "exit"},
    ]
    bodies = [json.dumps({"jsonrpc": "2.0", **each}) for each in sent]
    text = "".join(f"Content-Length: {len(body)}\r\n\r\n{body}" for body in bodies)
    command = [sys.executable, "-m", "dsgen", "lsp"]
    done = subprocess.run(command, cwd=project, input=text.encode(), capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
