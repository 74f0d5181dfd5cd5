"""Scalars of a profile: without quotes wherever the profile language reads the same text back."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, TypeAlias

from dsgen import source
from dsgen.profile.coercion import resolved
from dsgen.tree import List, Map, Text, Value, is_integer
from dsgen.yaml_writer import scalar as quoted

Place: TypeAlias = Literal["block", "list", "map"]


def scalar(value: Value, place: Place) -> str:
    """Return a leaf on one line; `place` tells whether it stands in brackets, in braces or in neither."""
    if is_integer(value):
        return str(int(value))
    if not isinstance(value, str):
        return str(getattr(value, "text", value))
    typed = isinstance(value, Text) and not value.plain and resolved(Text.at(value, None, True)) != str(value)
    return _quoted(str(value)) if typed else text(str(value), place)


@lru_cache(maxsize=4096)
def text(words: str, place: Place = "block") -> str:
    """Return text on one line, in quotes where it would be read as something else without.

    In brackets and braces, text with blanks is quoted too: one sees where it ends.
    """
    odd = "^[:?]" if place == "block" else "[ ?]"
    if words and words.isprintable() and not re.search(odd, words):
        root, problems = source.read(f"- {words}\n" if place == "block" else f"[{words}, x]", "")
        if not problems and isinstance(root, List) and list(root) == [words, "x"][: 1 if place == "block" else 2]:
            return words
    return _quoted(words)


@lru_cache(maxsize=4096)
def key(words: str) -> str:
    """Return text as the key of a map."""
    if words and words.isprintable() and words != "<<" and "?" not in words:
        root, problems = source.read(f"{{{words}: x, y: z}}", "")
        if not problems and isinstance(root, Map) and list(root) == [words, "y"]:
            return words
    return _quoted(words)


def _quoted(words: str) -> str:
    written = quoted(words)
    if written[0] in "\"'":
        return written
    # It needs none in a manifest.
    return "'" + words.replace("'", "''") + "'" if "\\" in words or '"' in words else f'"{words}"'


def block(words: str) -> tuple[str, list[str]] | None:
    """Return the header and the lines of a literal block, or None for text that is better quoted."""
    lines = words.split("\n")
    if len(lines) < 2 or not all(line.replace("\t", "").isprintable() for line in lines):
        return None
    body = words.rstrip("\n")
    ending = len(words) - len(body)
    mark = {0: "-", 1: ""}.get(ending, "+")
    first = next((line for line in lines if line.strip()), "")
    header = "|" + ("2" if lines[0][:1] in (" ", "") or first[:1] == " " else "") + mark
    shown = body.split("\n") + [""] * (ending - 1)
    sample = "\n".join([f"x: {header}", *(f"  {line}" if line else "" for line in shown), ""])
    root, problems = source.read(sample, "")
    return (header, shown) if not problems and isinstance(root, Map) and root.get("x") == words else None
