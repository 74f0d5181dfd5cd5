"""Read a text of YAML with everything that a person sees in it: comments, blank lines, anchors, and the style of long scalars."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from dsgen.comments import comments, of_yaml, span
from dsgen.fmt.node import Remark, YamlDocument, YamlEntry, YamlNode
from dsgen.fmt.refused import CANNOT_FORMAT, Refused
from dsgen.origin import origin_at
from dsgen.parser import events
from dsgen.tree import NULLS

# What comes before a scalar in its event, and the header of a block.
_PROPERTIES: Final = re.compile(r"(?:[&!]\S*\s+)*")
_HEADER: Final = re.compile(r"([|>])([-+]?)([1-9]?)([-+]?)")
# What a comment above an entry may have before it on its line.
_DASHES: Final = re.compile(r"[-?: ]*\Z")


class _Open:
    """A map or list that is being read: the column in which its entries begin, and the entry whose value comes next."""

    def __init__(self, node: YamlNode, is_flow: bool, column: int) -> None:
        self.node = node
        self.is_flow = is_flow
        self.column = column
        self.entry: YamlEntry | None = None


class _Reader:
    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.lines = text.split("\n")
        self.open: list[_Open] = []
        self.document = YamlDocument(YamlNode("null"), [])
        # Comments that belong to what follows, and the entry that a comment on its line is about.
        self.waiting: list[Remark] = []
        self.last: YamlEntry | None = None
        self.kept: set[int] = set()  # blank lines that are part of a scalar, from 0

    def read(self) -> YamlDocument:
        all_events = list(events(self.text))
        spans = [span(self.text, event) for event in all_events if isinstance(event, ScalarEvent)]
        self.found = comments(self.text, spans)
        self.at = 0
        for event in all_events:
            self._remarks(event.start_mark.index)
            self._event(event)
        self.document.root.tail += self.waiting
        return self.document

    def _remarks(self, until: int) -> None:
        """Take the comments before a place in the text."""
        while self.at < len(self.found) and self.found[self.at].at < until:
            comment = self.found[self.at]
            self.at += 1
            line = self.lines[comment.line]
            before = line[: comment.column]
            if _DASHES.match(before) or self.last is None:
                column = len(before) - len(before.lstrip()) if before.strip() else comment.column
                self.waiting.append(Remark(comment.words, column, self._is_after_blank(comment.line)))
            else:
                self.last.behind.append(comment.words)

    def _is_after_blank(self, line: int) -> bool:
        return line > 0 and not self.lines[line - 1].strip() and line - 1 not in self.kept

    def _event(self, event: Any) -> None:
        kind = type(event)
        if kind in (MappingStartEvent, SequenceStartEvent):
            node = YamlNode("map" if kind is MappingStartEvent else "list", anchor=event.anchor or "")
            self._begin(node, event, bool(event.flow_style))
            # Where the entries begin is known from the first of them if there is an anchor.
            self.open.append(_Open(node, bool(event.flow_style), -1 if event.anchor else event.start_mark.column))
        elif kind in (MappingEndEvent, SequenceEndEvent):
            self._end()
        elif kind is ScalarEvent:
            above = self.open[-1] if self.open else None
            if above and above.node.kind == "map" and above.entry is None:
                self._key(above, event)
            else:
                self._begin(self._scalar(event), event, True)
                self._done()
        elif kind is AliasEvent:
            above = self.open[-1] if self.open else None
            if above and above.node.kind == "map" and above.entry is None:
                raise self._refused(event, "an alias as a key", "write the key out")
            self._begin(YamlNode("alias", event.anchor), event, True)
            self._done()
        elif kind is DocumentStartEvent:
            if event.version or event.tags:
                raise self._refused(event, "a directive of YAML", "remove the lines that begin with `%`")
            if event.explicit:
                self.document.marked = len(self.waiting)

    def _refused(self, event: Any, found: str, hint: str) -> Refused:
        origin = origin_at(self.file, event.start_mark, event.end_mark)
        return Refused([CANNOT_FORMAT.at(origin, f"{found} cannot be formatted", hint=hint)])

    def _key(self, above: _Open, event: Any) -> None:
        if event.anchor:
            raise self._refused(event, "an anchor at a key", "write the key out where it is needed")
        if above.column < 0:
            above.column = event.start_mark.column
        entry = YamlEntry(event.value, YamlNode("null"), event.value == "<<" and not event.style)
        self._enter(above, entry, event)
        above.entry = entry

    def _enter(self, above: _Open, entry: YamlEntry, event: Any) -> None:
        if not above.is_flow:
            entry.after_blank = self._is_after_blank(event.start_mark.line)
        entry.above, self.waiting = self.waiting, []
        if above.node is self.document.root and not above.node.entries:
            self._head(entry)
        above.node.entries.append(entry)
        self.last = entry

    def _head(self, first: YamlEntry) -> None:
        """Separate the comments about the file from those about its first entry: they end at the last blank line, if there is one."""
        found, document = first.above, self.document
        blanks = [number for number, remark in enumerate(found) if remark.after_blank and number]
        end = len(found) if first.after_blank or not blanks else blanks[-1]
        end = max(end, document.marked)
        document.head, first.above = found[:end], found[end:]
        document.blank_after_head = first.after_blank or bool(first.above)

    def _begin(self, node: YamlNode, event: Any, whole: bool) -> None:
        """Put a value in its place. Comments above a value that is `whole` are about its entry, others about its first entry."""
        if not self.open:
            self.document.root = node
            return
        above = self.open[-1]
        if above.node.kind == "list":
            if above.column < 0:
                line = self.lines[event.start_mark.line]
                above.column = len(line) - len(line.lstrip())
            above.entry = YamlEntry("", node)
            self._enter(above, above.entry, event)
        else:
            assert above.entry is not None
            above.entry.value = node
            if whole:
                above.entry.above += self.waiting
                self.waiting = []

    def _done(self) -> None:
        """Finish the value of an entry."""
        if self.open:
            self.last = self.open[-1].entry
            self.open[-1].entry = None

    def _end(self) -> None:
        ended = self.open.pop()
        end = len(self.waiting)
        if not ended.is_flow:
            # A list may begin in the column of its key; then a comment there is about the next key.
            above = self.open[-1] if self.open else None
            least = ended.column + bool(above and ended.node.kind == "list" and ended.column <= above.column)
            is_outside = (at for at, each in enumerate(self.waiting) if (each.column or 0) < least)
            end = next(is_outside, end)
        ended.node.tail, self.waiting = self.waiting[:end], self.waiting[end:]
        if not ended.node.entries and self.open and self.open[-1].entry:
            self.open[-1].entry.above += ended.node.tail
            ended.node.tail = []
        self._done()

    def _scalar(self, event: Any) -> YamlNode:
        if not event.style and event.value in NULLS:
            return YamlNode("null", anchor=event.anchor or "")
        node = YamlNode("scalar", event.value, not event.style, anchor=event.anchor or "")
        start = _PROPERTIES.match(self.text, event.start_mark.index)
        assert start is not None
        written = self.text[start.end() : event.end_mark.index]
        if event.style in ("|", ">"):
            node.plain = True
            node.lines = self._block(written, event)
        elif "\n" in written:
            first, *others = written.split("\n")
            node.lines = [first, *(line.lstrip(" \t") for line in others)]
        return node

    def _block(self, written: str, event: Any) -> list[str]:
        """Return the header of a block, and its lines without their indentation."""
        header = _HEADER.match(written)
        assert header is not None
        _, *body = written.split("\n")
        chomping = header[2] or header[4]
        if chomping == "+":
            body = body[:-1] if body and not body[-1].strip(" ") else body
            first = event.start_mark.line + 1
            self.kept.update(range(first, first + len(body)))
        else:
            while body and not body[-1].strip():
                body.pop()
        if not event.value.endswith("\n"):  # at the end of the file, without a line feed
            chomping = "-"
        raw = next((line for line in body if line.strip(" ")), "")
        content = next((line for line in event.value.split("\n") if line.strip(" ")), "")
        indentation = (len(raw) - len(raw.lstrip(" "))) - (len(content) - len(content.lstrip(" ")))
        return [f"{header[1]}{'2' if header[3] else ''}{chomping}", *(line[indentation:] for line in body)]


def read(text: str, file: str) -> YamlDocument:
    """Return a text that is valid YAML. Raises Refused for what has no place in the result."""
    return _Reader(text, file).read()


def words(text: str) -> Iterator[str]:
    """Yield all comments of a text."""
    yield from (comment.words for comment in of_yaml(text))
