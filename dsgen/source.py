"""Strict YAML with positions and the original text of every scalar.

The reader uses the parser's events, never composed nodes: composing recurses, and crashes the
interpreter on deep nesting. Nothing is resolved here: `yes`, `0644` and `1.10` stay as they are written, and
are interpreted when their type is known.
"""

from __future__ import annotations

import re
from typing import Any, Final, cast

from yaml.error import MarkedYAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from dsgen import parser
from dsgen.origin import Origin, origin_at
from dsgen.problem import Code, Problem, code, dotted
from dsgen.traversal import values_in
from dsgen.tree import NULLS, List, Map, Null, Text, Value, origin_of

MAX_DEPTH: Final = 100
MAX_EXPANDED: Final = 100_000

SYNTAX = code("invalid-yaml", "The text is not valid YAML. Until it is, nothing else in the file can be checked.")
TAB = code("tab-indentation", "YAML is indented with spaces; tabs are not allowed at the beginning of a line.")
DUPLICATE_KEY = code(
    "duplicate-key",
    """A map contains a key twice. Most parsers silently keep the last one; the API server rejects the object. Write the key once. A key
    next to `<<` may repeat a merged one, and overrides it.""",
)
EXPLICIT_TAG = code(
    "explicit-tag",
    "An explicit tag (`!!str`, `!foo`) is not part of the profile language: text is kept as written, so no tag is needed.",
)
TOO_MANY_DOCUMENTS = code(
    "too-many-documents", "A profile must be one YAML document; a second one in the file is not allowed."
)
EMPTY_FILE = code("empty-file", "The file is empty. A profile must set at least `name` and `containers`.")
INVALID_YAML_KEY = code("invalid-yaml-key", "A key must be text, not null, a list or a map.")
INVALID_MERGE_KEY = code("invalid-merge-key", "`<<` must be a map, or a list of maps, usually by alias.")
ENCODING = code("invalid-utf8", "A file must be UTF-8 text.")
UNPRINTABLE = code(
    "unprintable-character",
    "YAML does not allow control characters, even in quotes; write them as escapes in double quotes.",
)
NESTING = code(
    "too-deep-nesting", f"Maps and lists are nested deeper than {MAX_DEPTH} levels; no Kubernetes object is."
)
ALIASES = code(
    "alias-bomb",
    f"Aliases expand to more than {MAX_EXPANDED} values. A few shared blocks are fine, but not if they double level by level.",
)

# https://yaml.org/type/merge.html
MERGE_TAG: Final = "tag:yaml.org,2002:merge"
_UNPRINTABLE: Final = "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
EMPTY_HINT: Final = "a profile must set at least `name` and `containers`, a manifest `apiVersion` and `kind`"


class Reader:
    """Parses one file to trees, one per document, and collects all problems.

    A subclass implements another dialect: the meaning of plain scalars, keys, tags, merges and ends of documents. `scalar` is called
    for tagged scalars, for plain ones that are one of `words` or begin with a character of `telling`, and for quoted ones if the
    reader is `careful`; the others, nearly all, are text. If `telling` is None, it is called for all.
    """

    words: frozenset[str] = NULLS
    # The attribute for the path of a key in a problem: `path` in a profile, or `field` in a manifest.
    path = "path"
    telling: frozenset[str] | None = frozenset()

    def __init__(self, file: str) -> None:
        self.file = file
        self.careful = False
        self._begin()

    def _begin(self) -> None:
        """Reset the state."""
        self.problems: list[Problem] = []
        # The root of each document that could be parsed.
        self.documents: list[Value] = []
        # By map, the merged keys; by map or list, the number of its values and levels.
        self._merged: dict[int, dict[str, None]] = {}
        self._sizes: dict[int, tuple[int, int]] = {}
        self._expanded = 0
        # Each `<<` with its tag that no map has merged yet.
        self._merge_tags: dict[int, Text] = {}
        self.aliased = False
        self._enclosing: list[tuple[Any, bool, Any, Any, Any]] = []

    def report(self, kind: Code, origin: Origin, message: str, hint: str = "") -> None:
        """Add a problem of this file."""
        self.problems.append(kind.at(origin, message, hint=hint))

    def origin(self, event: Any) -> Origin:
        """Return the position of an event."""
        return origin_at(self.file, event.start_mark, event.end_mark)

    # Hooks for dialects.

    def scalar(self, event: Any) -> Value:
        """Return the leaf for a scalar event."""
        plain = not event.style
        if event.tag == MERGE_TAG and plain and event.value == "<<":
            # The default tag of this key, which go-yaml writes out; anywhere else, it is an explicit tag like others.
            merge = Text.at(event.value, self.origin(event), plain)
            self._merge_tags[id(merge)] = merge
            return merge
        if event.tag is not None:
            self.report(EXPLICIT_TAG, self.origin(event), f"explicit tag {event.tag!r}", _tag_hint(event.tag))
        if plain and event.value in NULLS:
            return Null(origin_at(self.file, event.start_mark, event.end_mark))
        return Text.at(event.value, self.origin(event), plain)

    def collection(self, event: Any, origin: Origin) -> None:
        """Handle the start of a map or list with a tag."""
        self.report(EXPLICIT_TAG, origin, f"explicit tag {event.tag!r}", _tag_hint(event.tag))

    def key(self, value: Value) -> Text | None:
        """Return `value` as a key, or report a problem and return None."""
        if isinstance(value, Text):
            return value
        hint = "write text before the colon"
        if isinstance(value, Map) and value and all(isinstance(each, Null) for each in value.values()):
            hint = "if this is an expression of Helm's, write its value; what differs between clusters goes to environments"
        self.report(
            INVALID_YAML_KEY, cast(Origin, origin_of(value)), f"a key must be text, got {describe(value)}", hint
        )
        return None

    def is_merge(self, key: Text) -> bool:
        """Return whether `key` merges other maps into this one."""
        return key.plain and key == "<<"

    def repeated(self, key: Text, first: str) -> None:
        """Report a duplicate key."""
        line = getattr(getattr(first, "origin", None), "line", 0)
        found = f"duplicate key `{key}`, first in line {line}"
        above = [held if is_map else len(holder) for holder, is_map, held, _, _ in self._enclosing[1:]]
        place = {self.path: dotted([step for step in (*above, key) if step is not None])}  # in a map that is a key
        self.problems.append(DUPLICATE_KEY.at(key.origin, found, hint="remove one of the two", **place))

    merged_keys_may_repeat = True

    # Parsing.

    def read(self, text: str | bytes) -> list[Value]:
        """Return the root of each document, as far as the text could be parsed."""
        try:
            decoded = self._decode(text)
            return self._documents(decoded)
        except _Refused:
            return []

    def _decode(self, text: str | bytes) -> str:
        if isinstance(text, str):
            return text.removeprefix("\ufeff")
        try:
            return text.decode().removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            before = text[: error.start].decode("utf-8", "replace")
            found = f"byte 0x{text[error.start]:02x} is not UTF-8"
            raise self._refused(ENCODING, self._after(before), found, "save the file as UTF-8") from None

    def _after(self, before: str) -> Origin:
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        return Origin(self.file, line, column, line, column + 1)

    def _refused(self, kind: Code, origin: Origin, message: str, hint: str = "") -> _Refused:
        self.report(kind, origin, message, hint)
        return _Refused()

    def _documents(self, text: str) -> list[Value]:
        try:
            return self._build(parser.Parser(text))
        except (parser.ReaderError, UnicodeEncodeError):
            found = re.search(_UNPRINTABLE, text)
            at = self._after(text[: found.start()]) if found else self._after("")
            shown = f"U+{ord(found.group()):04X}" if found else "a character"
            raise self._refused(
                UNPRINTABLE,
                at,
                f"character {shown} is not allowed in YAML",
                "write it as an escape in double quotes, or remove it",
            ) from None
        except MarkedYAMLError as error:
            return self._broken(error, text)

    def _broken(self, error: MarkedYAMLError, text: str) -> list[Value]:
        from dsgen.syntax import break_of, nests_deeper

        # A parser looks ahead before it returns a bracket, and may fail there; libyaml from 0.2.6 on stops at 1,000 levels.
        whole = text[: error.problem_mark.index] if error.problem_mark else ""
        if len(whole) < len(text) and nests_deeper(whole, MAX_DEPTH):
            self._begin()
            return self._build(parser.Parser(whole))
        found = break_of(error, text)
        line, column = found.line, found.column
        kind = TAB if found.tab else SYNTAX
        raise self._refused(kind, Origin(self.file, line, column, line, column + 1), found.message, found.hint)

    def _build(self, parser: Any) -> list[Value]:
        get_event = parser.get_event
        documents, file = self.documents, self.file
        anchors: dict[str, Value] = {}
        # The stack of open maps and lists: the holder of each, whether that is a map, the key there, anchor and style.
        enclosing: list[tuple[Any, bool, Text | None, str | None, bool]] = []
        self._enclosing = enclosing
        holder: Any = None
        is_map = False
        key: Text | None = None
        anchor: str | None = None
        flow = False
        # This loop takes most of the time of parsing, so its lookups are local.
        new_map, new_list = dict.__new__, list.__new__
        words, telling, careful = self.words, self.telling, self.careful
        Scalar, MapStart, ListStart = ScalarEvent, MappingStartEvent, SequenceStartEvent
        MapEnd, ListEnd = MappingEndEvent, SequenceEndEvent
        while True:
            event = get_event()
            kind = type(event)
            if kind is Scalar:
                text, style = event.value, event.style
                if (
                    event.tag is None
                    and telling is not None
                    and (not careful if style else text not in words and text[0] not in telling)
                ):
                    value: Any = Text(text)
                    value.place = (file, event.start_mark, event.end_mark)
                    value.plain = not style
                else:
                    value = self.scalar(event)
                if event.anchor is not None:
                    anchors[event.anchor] = value
            elif kind is MapStart or kind is ListStart:
                enclosing.append((holder, is_map, key, anchor, flow))
                # Bypasses their own constructors, which would do nothing here.
                is_map = kind is MapStart
                if is_map:
                    holder = new_map(Map)
                    holder.type = ""
                else:
                    holder = new_list(List)
                holder.place = (file, event.start_mark, event.end_mark)
                key, anchor, flow = None, event.anchor, event.flow_style
                if event.tag is not None:
                    self.collection(event, origin_at(*holder.place))
                if len(enclosing) > MAX_DEPTH:
                    origin = origin_at(*holder.place)
                    raise self._refused(
                        NESTING, origin, f"nested deeper than {MAX_DEPTH} levels", "flatten the structure"
                    )
                continue
            elif kind is MapEnd or kind is ListEnd:
                value = holder
                if flow:
                    value.place = (file, value.place[1], event.end_mark)
                if anchor is not None:
                    anchors[anchor] = value
                holder, is_map, key, anchor, flow = enclosing.pop()
            elif kind is AliasEvent:
                value = self._alias(event.anchor, anchors, self.origin(event), len(enclosing))
            elif kind is DocumentStartEvent:
                anchors.clear()
                self._expanded, self._sizes = 0, {}
                self.document(event, len(documents))
                continue
            elif kind is StreamEndEvent:
                for merge in self._merge_tags.values():
                    assert merge.origin is not None
                    self.report(EXPLICIT_TAG, merge.origin, f"explicit tag {MERGE_TAG!r}", _tag_hint(MERGE_TAG))
                return documents
            else:
                continue
            if key is not None:
                if key in holder or key == "<<":
                    self._enter(holder, key, value)
                else:
                    holder[key] = value
                key = None
            elif is_map:
                if flow and not holder and _is_nothing(value):
                    raise self._no_key(origin_at(*holder.place))
                key = value if type(value) is Text else self.key(value) or Text.at("", origin_of(value))
            elif holder is None:
                documents.append(value)
            else:
                holder.append(value)

    def _no_key(self, opened: Origin) -> _Refused:
        """Report an empty first key in brackets. libyaml before 0.2.6 loses what follows the `?` of `[?]`."""
        origin = Origin(self.file, opened.line, opened.column, opened.line, opened.column + 1)
        return self._refused(
            INVALID_YAML_KEY,
            origin,
            "a key is missing here",
            "if the `?` is text, quote it; otherwise write a key before the colon",
        )

    def _alias(self, name: str, anchors: dict[str, Value], origin: Origin, depth: int) -> Value:
        """Return the value of an alias, `depth` levels deep; the aliases of a document may expand to a limited number of values."""
        if name not in anchors:
            raise self._refused(
                SYNTAX,
                origin,
                f"alias `*{name}` refers to an unknown anchor",
                f"define it above with `&{name}`, or quote the text",
            )
        self.aliased = True
        value = anchors[name]
        size, height = self._measures(value)
        if depth + height > MAX_DEPTH:
            found = f"`*{name}` would be nested deeper than {MAX_DEPTH} levels here"
            raise self._refused(NESTING, origin, found, "flatten the structure")
        self._expanded += size
        if self._expanded > MAX_EXPANDED:
            raise self._refused(
                ALIASES,
                origin,
                f"aliases expand to more than {MAX_EXPANDED} values",
                "write shared blocks once, and do not use aliases within them",
            )
        return value

    def _measures(self, value: Value) -> tuple[int, int]:
        """Return the number of values and levels in a value, with its aliases expanded. Each map or list is counted once."""
        if not isinstance(value, (Map, List)):
            return 1, 0
        known = self._sizes.get(id(value))
        if known is None:
            inside = [self._measures(each) for each in values_in(value)]
            known = 1 + sum(size for size, _ in inside), 1 + max((height for _, height in inside), default=0)
            self._sizes[id(value)] = known
        return known

    def document(self, event: Any, index: int) -> None:
        """Handle the start of document number `index`, from 0."""
        if index:
            mark = event.start_mark
            origin = Origin(self.file, mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 4)
            raise self._refused(
                TOO_MANY_DOCUMENTS, origin, "a second document in the file", "write each profile to its own file"
            )

    def _enter(self, holder: Map, key: Text, value: Value) -> None:
        """Handle a merge, or a duplicate key."""
        merged = self._merged.get(id(holder))
        if self.is_merge(key):
            self._merge_tags.pop(id(key), None)
            if merged is not None:
                self.repeated(key, key)
            self._merged[id(holder)] = self._merge(holder, key, value, merged or {})
        elif key not in holder:  # a quoted `<<`
            holder[key] = value
        elif merged is not None and key in merged:
            if not self.merged_keys_may_repeat:
                self.repeated(key, holder.key(key))
            del merged[key]
            holder[key] = value
        else:
            self.repeated(key, holder.key(key))

    def _merge(self, holder: Map, key: Text, value: Value, merged: dict[str, None]) -> dict[str, None]:
        sources = value if isinstance(value, List) else [value]
        for source in sources:
            if not isinstance(source, Map):
                assert key.origin is not None
                self.report(
                    INVALID_MERGE_KEY,
                    key.origin,
                    f"`<<` must be a map or a list of maps, got {describe(source)}",
                    "alias a map: `<<: *name`",
                )
                continue
            for name, child in source.items():
                if name not in holder:
                    holder[name] = child
                    merged[name] = None
                elif not self.merged_keys_may_repeat:
                    self.repeated(cast(Text, name), holder.key(name))
        return merged


class _Refused(Exception):
    """Parsing cannot continue; the problem has been reported."""


def _is_nothing(value: Value) -> bool:
    """Return whether a value is an empty null."""
    origin = value.origin if type(value) is Null else None
    return origin is not None and (origin.line, origin.column) == (origin.end_line, origin.end_column)


def _tag_hint(tag: str) -> str:
    if tag.startswith("!"):
        return f'if it is text, quote it: "{tag} …"; tags are not supported'
    return "remove the tag; text is kept as it is written"


def describe(value: object) -> str:
    """Describe a value for a message: `a list`, `null`, `'x'`."""
    if isinstance(value, dict):
        return "a map"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str):
        return repr(str(value)[:60])
    if isinstance(value, int):
        return getattr(value, "text", str(value))
    return "null"


def read(text: str | bytes, file: str) -> tuple[Value | None, list[Problem]]:
    """Parse one file in the dialect of profiles; return its root and all problems. The root is None if it cannot be parsed.

    `file` is the name to show in problems. Input is strict: see the codes of this module.
    """
    reader = Reader(file)
    documents = reader.read(text)
    if not documents:
        if not reader.problems:
            reader.report(EMPTY_FILE, Origin(file, 1, 1, 1, 1), "the file is empty", EMPTY_HINT)
        return None, reader.problems
    root = documents[0]
    if isinstance(root, Null):
        reader.report(EMPTY_FILE, Origin(file, 1, 1, 1, 1), "the file contains only null", EMPTY_HINT)
        return None, reader.problems
    return root, reader.problems
