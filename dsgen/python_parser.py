"""PyYAML's parser in Python, for a PyYAML without libyaml: changed to reject the same texts."""

from __future__ import annotations

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
