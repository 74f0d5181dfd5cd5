"""The names of fields in expressions."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

RESERVED: Final = frozenset(
    (
        *("true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import"),
        *("let", "loop", "package", "namespace", "return", "var", "void", "while"),
    )
)
_PARTS: Final = {"__": "__underscores__", ".": "__dot__", "-": "__dash__", "/": "__slash__"}
_ESCAPED: Final = re.compile(r"__|[-./]")
_FIELDS: Final = {part: field for field, part in _PARTS.items()}
_UNESCAPED: Final = re.compile("|".join(_FIELDS))
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def is_name(text: str) -> bool:
    """Return whether a text has the form of a name in expressions. It may be one of the words that cannot be names."""
    return bool(_NAME.fullmatch(text))


@lru_cache(maxsize=4096)
def escaped(field: str) -> str:
    """Return the name that a field has in expressions, or an empty string if they cannot name it."""
    if field in RESERVED:
        return f"__{field}__"
    name = _ESCAPED.sub(lambda found: _PARTS[found[0]], field)
    return name if _NAME.fullmatch(name) and not field[0].isdigit() else ""


def unescaped(name: str) -> str:
    """Return the field that has a name in expressions."""
    if name[:2] == name[-2:] == "__" and name[2:-2] in RESERVED:
        return name[2:-2]
    return _UNESCAPED.sub(lambda found: _FIELDS[found[0]], name)
