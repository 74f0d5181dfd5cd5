"""The YAML parser: libyaml's if it is available, which is ten times as fast, or PyYAML's in Python, changed to reject the same texts.

`Parser(text).get_event()` returns the next event. Use only the class and the marks of the errors that it raises: their messages change
between versions. `dsgen.syntax` has our own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import yaml
from yaml.scanner import ScannerError


class PythonParser(yaml.SafeLoader):
    """PyYAML's parser in Python, as strict as libyaml's, and as lenient with tabs."""

    def scan_to_next_token(self) -> None:
        """Skip blanks, also tabs where no key can begin."""
        super().scan_to_next_token()
        while self.peek() == "\t" and (self.flow_level or not self.allow_simple_key):
            self.forward()
            super().scan_to_next_token()

    def scan_plain(self) -> Any:
        """Return a plain scalar; in brackets, no `:` before a comma or bracket ends it."""
        token = super().scan_plain()
        if self.flow_level and self.peek() == ":" and self.peek(1) in ",?[]{}":
            raise ScannerError("", token.start_mark, "", self.get_mark())
        return token

    def scan_plain_spaces(self, indent: int, start_mark: Any) -> Any:
        """Return the blanks inside a plain scalar, including tabs."""
        length = 0
        while self.peek(length) in " \t":
            length += 1
        blanks = self.prefix(length)
        if "\t" in blanks:
            self.forward(length)
            if self.peek() not in "\r\n\x85\u2028\u2029":
                return [blanks]
        return super().scan_plain_spaces(indent, start_mark)

    def scan_tag(self) -> Any:
        """Return a tag, which contains no comma and no bracket unless it is written as `!<...>`."""
        start_mark = self.get_mark()
        token = super().scan_tag()
        handle, suffix = token.value
        if handle is not None and any(each in suffix for each in ",[]"):
            line, column = start_mark.line, start_mark.column
            raise ScannerError("", start_mark, "", yaml.Mark(self.name, start_mark.index + 1, line, column + 1, "", 0))
        return token

    def scan_flow_scalar_non_spaces(self, double: bool, start_mark: Any) -> list[str]:
        """Return parts of a quoted scalar, whose escapes are characters."""
        try:
            parts = cast(list[str], super().scan_flow_scalar_non_spaces(double, start_mark))
        except (ValueError, OverflowError):  # beyond Unicode
            parts = ["\ud800"]
        if any("\ud800" <= character <= "\udfff" for part in parts for character in part):
            raise ScannerError("", start_mark, "", self.get_mark())
        return parts

    def scan_directive_name(self, start_mark: Any) -> str:
        """Return the name of a known directive."""
        name = cast(str, super().scan_directive_name(start_mark))  # type: ignore[no-untyped-call]
        if name not in ("YAML", "TAG"):
            raise ScannerError("", start_mark, "", self.get_mark())
        return name


try:
    from yaml._yaml import CParser as _CParser
except ImportError:
    Parser: Any = PythonParser
else:
    Parser = _CParser


def events(text: str) -> Iterator[Any]:
    """Yield the events of a YAML stream. Raises yaml.YAMLError for invalid YAML, UnicodeEncodeError for a lone surrogate."""
    parser = Parser(text)
    while parser.check_event():
        yield parser.get_event()
