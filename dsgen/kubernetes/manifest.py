"""Manifests: YAML and JSON as Kubernetes' own reader (go-yaml v2) reads them.

That is YAML 1.1 with exceptions: `yes` is true and `012` is ten, but `1:30` is a string. A scalar gets its type here,
where the text is read, and keeps its original spelling.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import pairwise
from typing import Any, Final

from yaml.error import MarkedYAMLError
from yaml.events import (
    DocumentEndEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from dsgen.kubernetes.scalars import FALSE, NOT_FINITE, TRUE, float_key, resolve
from dsgen.origin import Origin
from dsgen.parser import ReaderError, events
from dsgen.problem import Problem, code
from dsgen.record import Record
from dsgen.source import INVALID_YAML_KEY, Reader, describe
from dsgen.tree import NULLS, Boolean, Float, Integer, Null, Text, Value, origin_of

INVALID_YAML_TAG = code("invalid-yaml-tag", "A value must match its explicit tag, such as `!!int`.")
NON_FINITE_NUMBER = code(
    "non-finite-number",
    """`.inf` and `.nan` are numbers in YAML but not in JSON, so no field can have them. Quote them if a string is
    intended.""",
)
UNSUPPORTED_YAML_VERSION = code(
    "unsupported-yaml-version", "Kubernetes reads YAML 1.1 and rejects `%YAML 1.2`. Remove the line."
)
SLASH_ESCAPE = code(
    "escaped-slash",
    r"""The YAML that Kubernetes reads does not allow the escape `\/`, which JSON allows for a slash.""",
)

QUESTION = code(
    "question-mark-in-brackets",
    "In the YAML that Kubernetes reads, a `?` inside brackets or braces begins a key. Quote a string with a `?`.",
)

_TIMESTAMP: Final = r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?"
_SLASH_ESCAPE: Final = r"(?<!\\)(?:\\\\)*\\/"
_ESCAPE = r"(?s:\\.)"
# Each needs a pass over the whole text.
MAX_REWRITES: Final = 100
_ONLY_GO = ("\\'", ":,", ":]", ":}")
# What libyaml does not accept inside brackets after plain text.
_ENDING_COLONS: Final = (":,", ":?", ":[", ":]", ":{", ":}")

TAG: Final = "tag:yaml.org,2002:"


class Document(Record):
    """One document of a stream: its tree (None if it cannot be read) and the errors of its text.

    `length` is the number of its characters, or 0 if the stream has aliases, which repeat some.
    """

    root: Any
    problems: list[Problem]
    length: int = 0


def read(text: str | bytes, file: str = "", reader: ManifestReader | None = None) -> list[Document]:
    """Return the documents of a stream of YAML or JSON, in order. What follows a broken document is not read."""
    documents = list((reader or ManifestReader(file)).stream(text))
    if any(document.problems for document in documents):
        from dsgen.kubernetes import secrets

        words = text if isinstance(text, str) else text.decode("utf-8-sig", "replace")
        documents = [each._replace(problems=list(secrets.without_values(each.problems, words))) for each in documents]
    return documents


def read_first(text: str | bytes, file: str = "") -> Document:
    """Return the first document of a stream, which is all that the API server reads. An empty stream is null."""
    return next(ManifestReader(file, only_first=True).stream(text), Document(Null(), []))


class ManifestReader(Reader):
    """Reads manifests."""

    merged_keys_may_repeat = False
    path = "field"
    words = NULLS | TRUE | FALSE
    telling = frozenset("+-.0123456789")

    def __init__(self, file: str, only_first: bool = False) -> None:
        super().__init__(file)
        self._only_first = only_first
        self._text = ""

    def _begin(self) -> None:
        super()._begin()
        # For each document, the number of problems before it, and the index of its first character.
        self._starts: list[tuple[int, int]] = []
        self._unused: dict[int, Float] = {}

    def stream(self, text: str | bytes) -> Iterator[Document]:
        """Yield each document with its problems."""
        with suppress(_Enough):
            self.read(text)
        for number in self._unused.values():
            assert number.origin is not None
            found = f"`{number.text}` is not a valid JSON number"
            self.report(NON_FINITE_NUMBER, number.origin, found, "quote it if text is meant")
        roots: list[Value | None] = list(self.documents)
        starts = [*(self._starts or [(0, 0)]), (len(self.problems), len(self._text))]
        for index, ((before, start), (after, end)) in enumerate(pairwise(starts)):
            root = roots[index] if index < len(roots) else None
            if root is not None or after > before:
                yield Document(root, self.problems[before:after], 0 if self.aliased else end - start)

    def _documents(self, text: str) -> list[Value]:
        self._text = text = _for_libyaml(text)
        self.careful = "\\/" in text
        return super()._documents(text)

    def _build(self, parser: Any) -> list[Value]:
        if "?" in self._text:
            parser = _FlowParser(parser, self._question)
        return super()._build(_FirstDocument(parser) if self._only_first else parser)

    def _question(self, event: Any) -> None:
        mark = event.start_mark
        origin = Origin(self.file, mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 2)
        raise self._refused(QUESTION, origin, f"`?` in the text {event.value!r}", "quote the text")

    def document(self, event: Any, index: int) -> None:
        """Check the start of document number `index`, from 0."""
        self._starts.append((len(self.problems), event.start_mark.index))
        if event.version not in (None, (1, 1)):
            mark = event.start_mark
            origin = Origin(self.file, mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 2)
            raise self._refused(UNSUPPORTED_YAML_VERSION, origin, "not YAML 1.1", "leave the `%YAML` line out")

    def scalar(self, event: Any) -> Any:
        """Return the leaf for a scalar event."""
        text, style, origin = event.value, event.style, self.origin(event)
        if event.tag is not None:
            return self._tagged(event.tag, text, origin)
        if not style:
            return self._plain(text, origin)
        if style == '"' and re.search(_SLASH_ESCAPE, self._text[event.start_mark.index : event.end_mark.index]):
            self.report(SLASH_ESCAPE, origin, r"`\/` is not a YAML escape", "write `/`")
        return Text.at(text, origin)

    def _plain(self, text: str, origin: Origin) -> Any:
        value = resolve(text, origin)
        if type(value) is Float and text in NOT_FINITE:
            self._unused[id(value)] = value
        return value

    def _tagged(self, tag: str, text: str, origin: Origin) -> Any:
        kind = tag.removeprefix(TAG) if tag.startswith(TAG) else ""
        if kind == "binary":
            return self._binary(text, origin)
        if kind == "timestamp":
            if not re.fullmatch(_TIMESTAMP, text, re.DOTALL):
                self.report(INVALID_YAML_TAG, origin, f"{text!r} is not a valid time, as its tag says")
            return Text.at(text, origin)
        wanted: Any = {"int": Integer, "float": (Float, Integer), "bool": Boolean, "null": Null}.get(kind)
        if wanted is None:
            return Text.at(text, origin, kind == "merge")
        value = self._plain(text, origin)
        if not isinstance(value, wanted):
            self.report(INVALID_YAML_TAG, origin, f"{text!r} is not what its tag `!!{kind}` says", "leave the tag out")
        if kind == "float" and type(value) is Integer:
            return Float.at(float(value), origin, text)
        return value

    def _binary(self, text: str, origin: Origin) -> Value:
        import base64

        try:
            data = base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True)
        except ValueError:
            self.report(
                INVALID_YAML_TAG, origin, "the string is not valid base64, as its tag says", "leave the tag out"
            )
            data = b""
        return Text.at(data.decode("utf-8", "replace"), origin)

    def collection(self, event: Any, origin: Origin) -> None:
        """Ignore the tags of maps and lists."""

    def key(self, value: Any) -> Text | None:
        """Return `value` as a key: numbers and booleans become strings."""
        if type(value) is Text:
            return value
        origin: Any = origin_of(value)
        if type(value) is Float:
            self._unused.pop(id(value), None)
            return Text.at(float_key(value), origin, True)
        if type(value) is Boolean:
            return Text.at(value.text, origin, True)
        if type(value) is Integer and value < 2**63:
            return Text.at(int.__repr__(value), origin, True)
        raise self._refused(
            INVALID_YAML_KEY, origin, f"{describe(value)} cannot be a key", "write text before the colon"
        )

    def repeated(self, key: Text, first: str) -> None:
        """Report a key that the map already has; the number 1 and the string "1" are two keys to the server, and one of them wins at random."""
        if key is first and key == "<<":  # twice, which may merge different keys
            return
        if key.plain != getattr(first, "plain", False) and not isinstance(resolve(key, None), str):
            return
        super().repeated(key, first)


class _FlowParser:
    """A parser that reports plain text with a question mark inside brackets or braces."""

    def __init__(self, parser: Any, found: Callable[[Any], None]) -> None:
        self._parser = parser
        self._found = found
        self._flow: list[bool] = [False]

    def get_event(self) -> Any:
        event = self._parser.get_event()
        kind = type(event)
        if kind is ScalarEvent:
            if self._flow[-1] and not event.style and "?" in event.value:
                self._found(event)
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            self._flow.append(bool(event.flow_style))
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            self._flow.pop()
        return event


class _FirstDocument:
    """A parser that reads nothing after the first document."""

    def __init__(self, parser: Any) -> None:
        self._parser = parser
        self._ended = False

    def get_event(self) -> Any:
        if self._ended:
            raise _Enough
        event = self._parser.get_event()
        self._ended = type(event) is DocumentEndEvent
        return event


class _Enough(Exception):
    """Raised after the first document."""


def _for_libyaml(text: str) -> str:
    r"""Return `text` with what only Kubernetes' reader accepts rewritten: `\'` in double quotes, and a `:` before `,`, `]` or `}`."""
    if "\n\ufeff" in text:
        # libyaml skips a byte order mark before any line; here it is a character like others.
        text = text.replace("\n\ufeff", "\n\ue000")
    for _ in range(MAX_REWRITES) if any(each in text for each in _ONLY_GO) else ():
        try:
            for _ in events(text):
                pass
        except MarkedYAMLError as error:
            plainer = _rewritten(text, error)
            if plainer is not None:
                text = plainer
                continue
        except (ReaderError, UnicodeEncodeError):
            pass
        break
    return text


def _rewritten(text: str, error: MarkedYAMLError) -> str | None:
    from dsgen.syntax import QUOTED, first_bad_escape

    if error.context_mark is None or error.problem_mark is None:
        return None
    start, end = error.context_mark.index, error.problem_mark.index
    if text[end : end + 2] in _ENDING_COLONS and start < end:
        return f'{text[:start]}"{text[start : end + 1]}"{text[end + 1 :]}' if '"' not in text[start:end] else None
    quoted = QUOTED.match(text, start) if text[start : start + 1] == '"' else None
    if quoted is None or first_bad_escape(text, start, quoted.end()) != "\\'":
        return None
    plainer = re.sub(_ESCAPE, lambda found: "'" if found[0] == "\\'" else found[0], quoted[0])
    return text[:start] + plainer + text[quoted.end() :]
