"""The server: requests of the Language Server Protocol, answered by the other modules of this package.

Every request is answered from the text that the editor has, whether saved or not. Validation runs in a thread, a moment after the last change;
its result is dropped if the text has changed since.
"""

from __future__ import annotations

import asyncio
import os
from typing import Final
from urllib.parse import urlsplit

from lsprotocol import types
from pygls import uris
from pygls.lsp.server import LanguageServer

from dsgen.lsp.analysis import FileKind, PlacedProblem, problems_of
from dsgen.lsp.at_position import about, context, has_colon, kind_in, words_at
from dsgen.lsp.navigation import NamePlace, RenameError, declared, renamed
from dsgen.lsp.protocol import diagnostic, path_of, range_in
from dsgen.lsp.view import shown
from dsgen.lsp.words import Word
from dsgen.reading import UNSAVED
from dsgen.version import __version__

# Validation waits so long for the next change, in seconds: that of the document, and of others that may extend it.
PAUSE: Final = 0.05
PAUSE_OF_OTHERS: Final = 0.5
SHOW: Final = "dsgen.show"
SCHEME: Final = "dsgen"


class Server(LanguageServer):
    """A language server with the versions of the documents whose problems were asked for last."""

    def __init__(self) -> None:
        super().__init__("dsgen", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Incremental)
        # By URI, how often its problems were asked for.
        self.asked: dict[str, int] = {}

    async def publish(self, uri: str, pause: float) -> None:
        """Publish the problems of a document after a pause, in seconds, unless it is asked for again before that."""
        turn = self.asked[uri] = self.asked.get(uri, 0) + 1
        await asyncio.sleep(pause)
        if self.asked.get(uri) != turn or uri not in self.workspace.text_documents:
            return
        document = self.workspace.get_text_document(uri)
        text, version = document.source, document.version
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self.thread_pool, self._problems, uri, turn, text)
        if found is None or self.asked.get(uri) != turn:
            return
        diagnostics = [diagnostic(each, document) for each in found]
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, diagnostics, version))

    def _problems(self, uri: str, turn: int, text: str) -> list[PlacedProblem] | None:
        return problems_of(path_of(uri), text) if self.asked.get(uri) == turn else None


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
        later = (server.publish(each, PAUSE_OF_OTHERS) for each in others)
        await asyncio.gather(server.publish(uri, PAUSE), *later)

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
        place = context(document, params.position)
        text = about(place) if place else ""
        if not place or not text:
            return None
        range_ = range_in(document, place.line, place.at.start, place.at.end)
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text), range_)

    @server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=[" ", "{", "[", ","]))
    def complete(params: types.CompletionParams) -> types.CompletionList:
        document = server.workspace.get_text_document(params.text_document.uri)
        place = context(document, params.position)
        items: list[types.CompletionItem] = []
        if place:
            replaced = range_in(document, place.line, place.at.start, place.at.end)
            behind = "" if has_colon(place) else ": "
            items += (_item(word, replaced, behind) for word in words_at(place))
        return types.CompletionList(is_incomplete=False, items=items)

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions([types.CodeActionKind.QuickFix]))
    def fix(params: types.CodeActionParams) -> list[types.CodeAction]:
        uri = params.text_document.uri
        found = []
        for each in params.context.diagnostics:
            if isinstance(each.data, dict) and "replace" in each.data:
                word = str(each.data["replace"])
                edit = types.WorkspaceEdit(changes={uri: [types.TextEdit(each.range, word)]})
                kind = types.CodeActionKind.QuickFix
                found.append(types.CodeAction(f"Replace with `{word}`", kind, [each], True, edit=edit))
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
        if kind_in(document)[0] is not FileKind.PROFILE:
            return []
        command = types.Command("Show what it generates", SHOW, arguments=[document.uri])
        return [types.CodeLens(range_in(document, 0, 0, 0), command)]

    @server.command(SHOW)
    def show(uri: str) -> str:
        target = f"{SCHEME}:{urlsplit(uri).path}"
        server.window_show_document(types.ShowDocumentParams(target, take_focus=True), lambda _: None)
        return shown(path_of(uri))

    options = types.TextDocumentContentOptions([SCHEME])

    @server.feature(types.WORKSPACE_TEXT_DOCUMENT_CONTENT, options)
    def content(params: types.TextDocumentContentParams) -> types.TextDocumentContentResult:
        return types.TextDocumentContentResult(shown(path_of(f"file:{params.uri.removeprefix(f'{SCHEME}:')}")))


def _item(word: Word, place: types.Range, behind_key: str) -> types.CompletionItem:
    kind = types.CompletionItemKind.Property if word.key else types.CompletionItemKind.Value
    edit = types.TextEdit(place, f"{word.text}{behind_key}" if word.key else word.text)
    return types.CompletionItem(word.text, kind=kind, documentation=word.about or None, text_edit=edit)


def _place(server: Server, place: NamePlace) -> types.Range:
    document = server.workspace.get_text_document(uris.from_fs_path(place.file) or "")
    return range_in(document, place.line - 1, place.column - 1, place.end_column - 1)
