"""From rendered lines to a tree: handles are replaced by their values, and keys without a value are removed."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

from dsgen.origin import Origin, ShippedLine, TemplateLine
from dsgen.problem import Code, code, is_shipped
from dsgen.profile.coercion import resolved
from dsgen.reading import MIB
from dsgen.rendering.placeholders import CLOSE, GONE, HANDLE, LINE, OPEN
from dsgen.rendering.values import NotAValueError, value_of, with_origin
from dsgen.source import DUPLICATE_KEY, Reader, describe
from dsgen.tree import List, Map, Null, Text, Value, new_map, origin_of

INVALID_TEMPLATE_OUTPUT = code("invalid-template-output", "The output of a template is not one YAML object.")
INVALID_TEMPLATE_VALUE = code(
    "invalid-template-value",
    """A template inserts a value that is not set, or a list or a map, into text. Only text and numbers can be inserted. Test the value
    first, or write it alone after its key: a key whose value is none is removed.""",
)
AMBIGUOUS = code(
    "ambiguous-scalar",
    """A template writes something that YAML 1.1 and 1.2 parsers interpret differently (`yes`, `0644`, `1e3`, `12:30`). Quote it, or
    write `true`, `false` or decimal digits.""",
)

# A larger object cannot be stored: etcd accepts 1.5 MiB per request.
MAX_TEXT: Final = MIB

# The first characters of such a scalar.
_TELLING: Final = frozenset("+-.0123456789=yYnNoOtTfF")
_UNSURE: Final = r"""(?xi)
        [-+]?(?:0x[0-9a-f_]+|0o[0-7_]+|0b[01_]+)                                # numbers of other bases
      | [-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:e[-+]?[0-9]+)?      # 010, 1_000, +1, 1.5, 1e3
      | [-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?                         # 12:30
      | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt\ ].*)?                              # dates
      | [-+]?\.inf|\.nan|y|n|yes|no|on|off|true|false|=
    """
# What was parsed, by the name of the template and its output: the roots, and the mark of each line. Values are not in the output, so the
# profiles that set the same fields have the same: this saves a tenth of the time of each.
_PARSED: Final[dict[tuple[str, str], tuple[list[Value], list[str]]]] = {}
_KEPT: Final = 256
_KEPT_LENGTH: Final = 64 * 1024
# A line that consists of a handle, perhaps after dashes: the entries of a map go there.
_ALONE: Final = re.compile(f" *(?:- +)*{OPEN}[0-9]*{CLOSE} *")


@lru_cache(maxsize=4096)
def line_of(template: str, line: int) -> TemplateLine:
    """Return the place of a line of a template."""
    place = ShippedLine if is_shipped(template) else TemplateLine
    return place(template, line, 1, line + 1, 1)


@lru_cache(maxsize=4096)
def _line_at(mark: str) -> TemplateLine:
    file, _, line = mark.rpartition(",")
    return line_of(file, int(line))


@lru_cache(
    maxsize=4096
)  # values are not in it, so the same lines occur in all profiles: this saves a twentieth of the time of each
def _parted(line: str) -> tuple[str, str] | None:
    """Return the last mark of a rendered line, if it has one, and its text; None for a field without a value, which is removed."""
    # Texts and marks alternate.
    *before, mark, after = ["", *line.split(LINE)]
    if mark and GONE.fullmatch(after):
        return None
    # `  {{ super() }}`: the output of a block or macro keeps its own indentation, if it has any.
    text = "".join(before[1::2])
    text = after if after[:1] == " " and not text.strip(" ") else text + after
    return mark, f"{text}:" if _ALONE.fullmatch(text) else text


class TreeBuilder(Reader):
    """Parses one rendering. `held` are the values in the order of their handles."""

    telling = None

    def __init__(self, template: str, held: list[object]) -> None:
        super().__init__(template)
        self._held = held
        # The mark of each line: a template and a line of it.
        self._marks: list[str] = []

    def tree(self, rendered: str) -> Map | None:
        """Return the object that the rendered lines describe, or None, with the problems in `problems`."""
        roots = self._roots(rendered)
        if self.problems:
            return None
        if len(roots) != 1:
            empty, hint = "the output of the template is empty", "a template must generate exactly one object"
            self._report(INVALID_TEMPLATE_OUTPUT, self._origin(0), empty, hint)
            return None
        root = self._resolve(roots[0])
        if self.problems:
            return None
        if not isinstance(root, Map):
            what = describe(root) if root is not None else "nothing"
            found, hint = f"the output of the template is {what}", "a template must generate one object, a map"
            self._report(INVALID_TEMPLATE_OUTPUT, self._origin(0), found, hint)
            return None
        return root

    def _roots(self, rendered: str) -> list[Value]:
        """Return the root of each document of the text; what was parsed for another profile is not parsed again."""
        known = _PARSED.get((self.file, rendered))
        if known:
            roots, self._marks = known
            return roots
        text = self._numbered(rendered)
        if len(text) > MAX_TEXT:
            found = f"the output of the template is too large: {len(text)} characters, besides the values"
            hint = f"an object may have at most {MAX_TEXT} bytes"
            self._report(INVALID_TEMPLATE_OUTPUT, self._origin(0), found, hint)
            return []
        roots = self.read(text)
        if not self.problems and len(rendered) <= _KEPT_LENGTH:
            if len(_PARSED) == _KEPT:
                _PARSED.clear()
            _PARSED[self.file, rendered] = roots, self._marks
        return roots

    def _numbered(self, rendered: str) -> str:
        """Return the text without its marks and without fields that have no value, and record the template and line of each line."""
        lines = []
        mark = f"{self.file},1"
        for line in rendered.split("\n"):
            found = _parted(line)
            if found is None:
                continue
            mark = found[0] or mark
            lines.append(found[1])
            self._marks.append(mark)
        return "\n".join(lines) + "\n"

    def _origin(self, line: int) -> TemplateLine:
        return _line_at(self._marks[min(line, len(self._marks) - 1)] if self._marks else f"{self.file},1")

    def _report(self, kind: Code, origin: Origin | None, message: str, hint: str) -> None:
        self.problems.append(kind.at(origin, message, hint=hint))

    # The dialect of templates.

    def report(self, kind: Code, origin: Origin, message: str, hint: str = "") -> None:
        """Report a problem at the template's line instead of the rendered one."""
        self._report(kind, origin if isinstance(origin, TemplateLine) else self._origin(origin.line - 1), message, hint)

    def repeated(self, key: Text, first: str) -> None:
        """Report a key that the template writes twice."""
        place = origin_of(first)
        where = f", first in {place.file}:{place.line}" if place else ""
        found = f"duplicate key `{key}` in the output of the template{where}"
        self._report(DUPLICATE_KEY, key.origin, found, "remove one of the two")

    def document(self, event: Any, index: int) -> None:
        """Reject a second document."""
        if index:
            mark = event.start_mark
            origin = Origin(self.file, mark.line + 1, 1, mark.line + 1, 4)
            hint = "move the other object to its own template, and list it under `templates`"
            raise self._refused(INVALID_TEMPLATE_OUTPUT, origin, "a second document", hint)

    def origin(self, event: Any) -> Origin:
        """Return the line of the template."""
        return self._origin(event.start_mark.line)

    def scalar(self, event: Any) -> Value:
        """Store a scalar; handles are looked up when the tree is complete."""
        if event.style and OPEN in event.value:
            self.report(
                INVALID_TEMPLATE_OUTPUT,
                self.origin(event),
                "an expression in quotes or in a block",
                "remove the quotes, or write the whole text as a value",
            )
        return super().scalar(event)

    # From the parsed tree to the object.

    def _resolve(self, node: Value) -> Value | None:
        """Return the value of a node, or None if it is removed."""
        if isinstance(node, Text):
            return self._text(node) if OPEN in node else self._static(node)
        if isinstance(node, Map):
            return self._map(node)
        if isinstance(node, List):
            items = List((), self._container_origin(node))
            for child in node:
                settled = self._resolve(child)
                if settled is not None:
                    items.append(settled)
            return items if items or not node else None
        return None

    def _container_origin(self, node: Map | List) -> TemplateLine:
        # Nearly always what the parser said; `_enter` may have asked for the position.
        place = node.place
        return self._origin(place[1].line if type(place) is tuple else place.line - 1)

    def _map(self, node: Map) -> Value | None:
        result = new_map("", self._container_origin(node))
        for key, child in node.items():
            assert isinstance(key, Text)
            if OPEN not in key:
                settled = self._resolve(child)
                if settled is not None:
                    self._put(result, key, settled)
                continue
            alone = HANDLE.fullmatch(key)
            if alone and isinstance(child, Null):
                value = self._value(key)
                if len(node) == 1:
                    return value
                if isinstance(value, dict):
                    for name, entry in value.items():
                        self._put(result, name, entry, key.origin)
                elif value is not None:
                    self._report(
                        INVALID_TEMPLATE_OUTPUT,
                        key.origin,
                        f"{describe(value)} alone on a line among keys",
                        "only the entries of a map can be written there",
                    )
                continue
            written = self._text(key)
            settled = self._resolve(child)
            if isinstance(written, str) and settled is not None:
                self._put(result, written, settled, origin_of(written) or key.origin)
            elif not isinstance(written, str):
                self._report(
                    INVALID_TEMPLATE_OUTPUT, key.origin, "the key is none, or not text", "test it before the line"
                )
        return result if result or not node else None

    def _put(self, result: Map, key: str, value: Value, origin: Origin | None = None) -> None:
        if key in result:
            self._report(
                DUPLICATE_KEY,
                origin or origin_of(key),
                f"duplicate key `{key}` in the output of the template",
                "remove one of the two",
            )
        result[key] = value

    def _value(self, handle: str, in_text: bool = False) -> Value | None:
        """Return the value of a handle, or None; a value that an object cannot contain is reported. Within text it needs no position."""
        match = HANDLE.fullmatch(handle)
        assert match is not None
        if not match[1]:
            return None
        origin = origin_of(handle)
        try:
            value = value_of(self._held[int(match[1])], origin)
            return value if in_text else with_origin(value, origin)
        except NotAValueError as wrong:
            self._report(INVALID_TEMPLATE_OUTPUT, origin, str(wrong), wrong.hint)
            return None

    def _text(self, node: Text) -> Value | None:
        if HANDLE.fullmatch(node):
            return self._value(node)
        first: Origin | None = None
        pieces = []
        at = 0
        for match in HANDLE.finditer(node):
            pieces.append(node[at : match.start()])
            at = match.end()
            value = self._value(Text.at(match.group(), node.origin), in_text=True)
            if value is None or isinstance(value, (dict, list)):
                what = "a value that is not set" if value is None else describe(value)
                self._report(
                    INVALID_TEMPLATE_VALUE,
                    node.origin,
                    f"{what} within text",
                    "test it first, or write it alone after its key",
                )
                continue
            first = first or origin_of(value)
            pieces.append(value if isinstance(value, str) else str(getattr(value, "text", value)).lower())
        pieces.append(node[at:])
        return Text.at("".join(pieces), first or node.origin)

    def _static(self, node: Text) -> Value:
        value = resolved(node)
        if value is node and node.plain and node[:1] in _TELLING and re.fullmatch(_UNSURE, node):
            self._report(
                AMBIGUOUS,
                node.origin,
                f"`{node}` means different things to different YAML parsers",
                f'write "{node}", or `true`, `false` or decimal digits',
            )
        return value
