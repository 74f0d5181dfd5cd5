"""The YAML parser: libyaml's if it is available, which is ten times as fast, or PyYAML's in Python, changed to reject the same texts.

`Parser(text).get_event()` returns the next event. Use only the class and the marks of the errors that it raises: their messages change
between versions. `dsgen.syntax` has our own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from yaml.reader import ReaderError
from yaml.scanner import ScannerError

try:
    from yaml._yaml import CParser as _CParser
except ImportError:
    from dsgen.python_parser import PythonParser

    Parser: Any = PythonParser
else:
    Parser = _CParser

__all__: Final = ("Parser", "ReaderError", "ScannerError", "events")


def events(text: str) -> Iterator[Any]:
    """Yield the events of a YAML stream. Raises YAMLError for invalid YAML, UnicodeEncodeError for a lone surrogate."""
    parser = Parser(text)
    while parser.check_event():
        yield parser.get_event()
