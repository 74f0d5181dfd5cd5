"""From positions, places and problems of dsgen to those of the protocol, in the units of the client."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from lsprotocol import types
from pygls import uris
from pygls.workspace import ServerTextPosition, ServerTextRange, TextDocument

from dsgen.lsp.analysis import PlacedProblem
from dsgen.problem import Problem

_SUGGESTION: Final = re.compile(r"did you mean `([^`.]+)`\?")
_SEVERITIES: Final = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "note": types.DiagnosticSeverity.Information,
}


def path_of(uri: str) -> Path:
    """Return the path of a document; one without a file is as if it were in the current folder."""
    name = uris.to_fs_path(uri) if uri.startswith("file:") else None
    return Path(name) if name else Path.cwd() / (Path(unquote(urlsplit(uri).path)).name or "untitled.yaml")


def range_in(document: TextDocument, line: int, start: int, end: int) -> types.Range:
    """Return the range of a line from one column to another, both counted from 0."""
    return document.range_to_client_units(
        ServerTextRange(ServerTextPosition(line, start), ServerTextPosition(line, end))
    )


def diagnostic(found: PlacedProblem, document: TextDocument) -> types.Diagnostic:
    """Return a problem as the editor shows it, with what replaces the text if the hint names that."""
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
