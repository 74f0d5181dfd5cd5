"""Manifests with their comments, from one pass over the text: the parser's events show what is around each comment."""

from __future__ import annotations

from typing import Any

from dsgen.importer.read import comments
from dsgen.importer.read.comments import Comments
from dsgen.kubernetes import manifest
from dsgen.kubernetes.manifest import Document, ManifestReader


def read(text: str | bytes, file: str) -> tuple[list[Document], Comments]:
    """Return the documents of a stream of YAML or JSON, and its comments."""
    words = text if isinstance(text, str) else text.decode("utf-8", "replace").removeprefix("\ufeff")
    reader = _NotingReader(file)
    documents = manifest.read(text, file, reader)
    return documents, comments.read(words, file, reader.noted_of(words))


class _NotingReader(ManifestReader):
    """A reader that keeps the events of a text with comments."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self._noted: list[Any] | None = None

    def _build(self, parser: Any) -> Any:
        if "#" in self._text:
            self._noted = []
            parser = _Noting(parser, self._noted.append)
        return super()._build(parser)

    def noted_of(self, text: str) -> list[Any] | None:
        """Return the events of a text, or None if it was not parsed as it is: the reader rewrites what only Kubernetes' reader accepts."""
        return self._noted if len(self._text) == len(text) else None


class _Noting:
    """A parser that passes its events on."""

    def __init__(self, parser: Any, note: Any) -> None:
        self._next = parser.get_event
        self._note = note

    def get_event(self) -> Any:
        event = self._next()
        self._note(event)
        return event
