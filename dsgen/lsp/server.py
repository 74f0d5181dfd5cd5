"""The server: requests of the Language Server Protocol, answered by the other modules of this package.

Every request is answered from the text that the editor has, whether saved or not. Validation runs in a thread, a moment after the last change;
its result is dropped if the text has changed since.
"""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from lsprotocol import types
from pygls import uris
from pygls.lsp.server import LanguageServer
from pygls.workspace import ServerTextPosition, ServerTextRange, TextDocument

from dsgen import source
from dsgen.kubernetes.schema import fields
from dsgen.lsp import words
from dsgen.lsp.analysis import Found, Kind, kind_of, problems_of
from dsgen.lsp.cursor import Cursor, cursor
from dsgen.lsp.navigation import Place, RenameError, declared, renamed
from dsgen.lsp.symbols import symbols
from dsgen.lsp.view import shown
from dsgen.problem import Problem
from dsgen.project.project import find_project
from dsgen.reading import UNSAVED
from dsgen.tree import Map
from dsgen.version import __version__

# Validation waits so long for the next change, in seconds.
PAUSE: Final = 0.05
SHOW: Final = "dsgen.show"
SCHEME: Final = "dsgen"
_SUGGESTION: Final = re.compile(r"did you mean `([^`.]+)`\?")
_SEVERITIES: Final = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "note": types.DiagnosticSeverity.Information,
}


class Server(LanguageServer):
    """A language server with the versions of the documents whose problems were asked for last."""

    def __init__(self) -> None:
        super().__init__("dsgen", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Incremental)
        # By URI, how often its problems were asked for.
        self.asked: dict[str, int] = {}

    async def publish(self, uri: str) -> None:
        """Publish the problems of a document a moment later, unless it is asked for again before that."""
        turn = self.asked[uri] = self.asked.get(uri, 0) + 1
        await asyncio.sleep(PAUSE)
        if self.asked.get(uri) != turn or uri not in self.workspace.text_documents:
            return
        document = self.workspace.get_text_document(uri)
        text, version = document.source, document.version
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self.thread_pool, self._problems, uri, turn, text)
        if found is None or self.asked.get(uri) != turn:
            return
        diagnostics = [_diagnostic(each, document) for each in found]
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, diagnostics, version))

    def _problems(self, uri: str, turn: int, text: str) -> list[Found] | None:
        return problems_of(path_of(uri), text) if self.asked.get(uri) == turn else None


def path_of(uri: str) -> Path:
    """Return the path of a document; one without a file is as if it were in the current folder."""
    name = uris.to_fs_path(uri) if uri.startswith("file:") else None
    return Path(name) if name else Path.cwd() / (Path(unquote(urlsplit(uri).path)).name or "untitled.yaml")


def build() -> Server:
    """Return the server with all that it answers."""
    server = Server()
    _synchronize(server)
    _answer(server)
    _navigate(server)
    return server


def _synchronize(server: Server) -> None:
    async def changed(uri: str) -> None:
        document = server.workspace.get_text_document(uri)
        UNSAVED[os.path.abspath(path_of(uri))] = document.source.encode("utf-8", "surrogatepass")
        others = [each for each in server.workspace.text_documents if each != uri]
        # Others may extend this one.
        await asyncio.gather(server.publish(uri), *map(server.publish, others))

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def opened(params: types.DidOpenTextDocumentParams) -> None:
        await changed(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def edited(params: types.DidChangeTextDocumentParams) -> None:
        await changed(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        UNSAVED.pop(os.path.abspath(path_of(uri)), None)
        server.asked.pop(uri, None)
        server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))


def _answer(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hover(params: types.HoverParams) -> types.Hover | None:
        document = server.workspace.get_text_document(params.text_document.uri)
        at = _cursor(document, params.position)
        text = _about(document, at, params.position.line) if at else ""
        if not at or not text:
            return None
        range_ = _range(document, params.position.line, at.start, at.end)
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text), range_)

    @server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=[" ", "{", "[", ","]))
    def complete(params: types.CompletionParams) -> types.CompletionList:
        document = server.workspace.get_text_document(params.text_document.uri)
        line, at = params.position.line, _cursor(document, params.position)
        items: list[types.CompletionItem] = []
        if at:
            place, behind = _range(document, line, at.start, at.end), "" if _has_colon(document, line, at) else ": "
            items += (_item(word, place, behind) for word in _words(document, at, line))
        return types.CompletionList(is_incomplete=False, items=items)

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions([types.CodeActionKind.QuickFix]))
    def fix(params: types.CodeActionParams) -> list[types.CodeAction]:
        uri = params.text_document.uri
        found = []
        for diagnostic in params.context.diagnostics:
            if isinstance(diagnostic.data, dict) and "replace" in diagnostic.data:
                word = str(diagnostic.data["replace"])
                edit = types.WorkspaceEdit(changes={uri: [types.TextEdit(diagnostic.range, word)]})
                kind = types.CodeActionKind.QuickFix
                found.append(types.CodeAction(f"Replace with `{word}`", kind, [diagnostic], True, edit=edit))
        return found


def _navigate(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    def define(params: types.DefinitionParams) -> list[types.Location]:
        document = server.workspace.get_text_document(params.text_document.uri)
        at = document.position_from_client_units(params.position)
        try:
            found = declared(path_of(document.uri), at.line + 1, at.character + 1)
        except OSError:
            return []
        return [types.Location(uris.from_fs_path(each.file) or "", _place(server, each)) for each in found]

    @server.feature(types.TEXT_DOCUMENT_RENAME)
    def rename(params: types.RenameParams) -> types.WorkspaceEdit | None:
        document = server.workspace.get_text_document(params.text_document.uri)
        at = document.position_from_client_units(params.position)
        try:
            found = renamed(path_of(document.uri), at.line + 1, at.character + 1, params.new_name)
        except (RenameError, OSError) as error:
            server.window_show_message(types.ShowMessageParams(types.MessageType.Error, f"dsgen: {error}"))
            return None
        changes: dict[str, list[types.TextEdit]] = {}
        for each in found:
            edit = types.TextEdit(_place(server, each), params.new_name)
            changes.setdefault(uris.from_fs_path(each.file) or "", []).append(edit)
        return types.WorkspaceEdit(changes=changes)

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS)
    def lenses(params: types.CodeLensParams) -> list[types.CodeLens]:
        document = server.workspace.get_text_document(params.text_document.uri)
        if _kind(document) is not Kind.PROFILE:
            return []
        command = types.Command("Show what it generates", SHOW, arguments=[document.uri])
        return [types.CodeLens(_range(document, 0, 0, 0), command)]

    @server.command(SHOW)
    def show(uri: str) -> str:
        target = f"{SCHEME}:{urlsplit(uri).path}"
        server.window_show_document(types.ShowDocumentParams(target, take_focus=True), lambda _: None)
        return shown(path_of(uri))

    options = types.TextDocumentContentOptions([SCHEME])

    @server.feature(types.WORKSPACE_TEXT_DOCUMENT_CONTENT, options)
    def content(params: types.TextDocumentContentParams) -> types.TextDocumentContentResult:
        return types.TextDocumentContentResult(shown(path_of(f"file:{params.uri.removeprefix(f'{SCHEME}:')}")))


def _cursor(document: TextDocument, position: types.Position) -> Cursor | None:
    lines = [line.rstrip("\r\n") for line in document.lines]
    if position.line >= len(lines):
        return cursor(lines, position.line, 0)
    at = document.position_from_client_units(position)
    return cursor(lines, at.line, at.character)


def _kind(document: TextDocument) -> Kind:
    path = path_of(document.uri)
    try:
        project, _ = find_project(path.parent)
    except OSError:
        return Kind.MANIFEST
    return kind_of(path, document.source, project)


def _manifest(document: TextDocument, line: int) -> tuple[Map, str]:
    """Return a map with the header of the object at a line, and the version of Kubernetes of the document's project."""
    try:
        minor = find_project(path_of(document.uri).parent)[0].kubernetes
    except OSError:
        minor = fields.DEFAULT
    stated: dict[str, str] = {}
    for number, text in enumerate(document.lines):
        if text.startswith("---"):
            if number > line:
                break
            stated = {}
        found = re.match(r"""(apiVersion|kind)\s*:\s*["']?([^\s"'#]+)""", text)
        if found:
            stated[found[1]] = found[2]
    return Map(stated), minor


def _about(document: TextDocument, at: Cursor, line: int) -> str:
    kind = _kind(document)
    if kind is not Kind.MANIFEST:
        preset = words.preset_about(at.word) if at.path[:1] == ("extends",) and not at.is_key else ""
        return preset or words.about(kind, at.path)
    root, minor = _manifest(document, line)
    return words.field_about(root, at.path, minor)


def _words(document: TextDocument, at: Cursor, line: int) -> list[words.Word]:
    kind = _kind(document)
    # The keys beside the one under the cursor, or those of the map that a new one would be in.
    path = at.path[:-1] if at.word and at.path[-1:] == (at.word,) and not at.is_value else at.path
    if kind is Kind.MANIFEST:
        root, minor = _manifest(document, line)
        return words.fields_at(root, path, minor) if at.is_key else []
    found = words.keys_at(kind, path) if at.is_key else []
    if at.is_value:
        found = [*found, *words.values_at(kind, at.path), *_names(document, at, line)]
    return found


def _names(document: TextDocument, at: Cursor, line: int) -> list[words.Word]:
    """Return the names that the profile declares and that the value at the cursor can be one of."""
    spaces = {"mounts": "volume", "volumeMounts": "volume", "configMap": "configMap", "configMapKeyRef": "configMap"}
    spaces |= {"httpGet": "port", "tcpSocket": "port", "grpc": "port"}
    space = next((spaces[step] for step in reversed(at.path) if step in spaces), None)
    if space is None:
        return []
    # The line at the cursor is not finished.
    root, _ = source.read("".join((*document.lines[:line], *document.lines[line + 1 :])), "")
    names = {each.name for each in symbols(root) if each.space == space and each.is_key}
    return [words.Word(name) for name in sorted(names)]


def _item(word: words.Word, place: types.Range, behind_key: str) -> types.CompletionItem:
    kind = types.CompletionItemKind.Property if word.key else types.CompletionItemKind.Value
    edit = types.TextEdit(place, f"{word.text}{behind_key}" if word.key else word.text)
    return types.CompletionItem(word.text, kind=kind, documentation=word.about or None, text_edit=edit)


def _has_colon(document: TextDocument, line: int, at: Cursor) -> bool:
    return line < len(document.lines) and document.lines[line][at.end :].lstrip().startswith(":")


def _range(document: TextDocument, line: int, start: int, end: int) -> types.Range:
    return document.range_to_client_units(
        ServerTextRange(ServerTextPosition(line, start), ServerTextPosition(line, end))
    )


def _place(server: Server, place: Place) -> types.Range:
    document = server.workspace.get_text_document(uris.from_fs_path(place.file) or "")
    return _range(document, place.line - 1, place.column - 1, place.end_column - 1)


def _diagnostic(found: Found, document: TextDocument) -> types.Diagnostic:
    problem = found.problem
    message = problem.message + (f"\n{problem.hint}" if problem.hint else "")
    if found.elsewhere:
        message = f"{found.elsewhere}: {message}"
    suggestion = _SUGGESTION.search(problem.hint)
    return types.Diagnostic(
        _problem_range(problem, document),
        message,
        severity=_SEVERITIES[problem.severity],
        code=problem.code or None,
        source="dsgen",
        data={"replace": suggestion[1]} if suggestion and not found.elsewhere else None,
    )


def _problem_range(problem: Problem, document: TextDocument) -> types.Range:
    last = max(len(document.lines) - 1, 0)
    line, end_line = (min(max(number - 1, 0), last) for number in (problem.line, problem.end_line or problem.line))
    column, end = max(problem.column - 1, 0), max(problem.end_column - 1, 0)
    if end_line == line and end <= column:
        end = column + 1
    text = document.lines[line].rstrip("\r\n") if document.lines else ""
    if not problem.line:
        column, end = 0, len(text)
    return document.range_to_client_units(
        ServerTextRange(ServerTextPosition(line, column), ServerTextPosition(end_line, end))
    )
