"""Texts of YAML and JSON that are damaged, odd or large, each made from a number alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, Final

import yaml

# What people write by mistake, and what nobody writes: as a value or a key, in the text.
TOKENS: Final = (
    "", "~", "null", "[]", "{}", "[~]", "{a: ~}", "yes", "-1", "0", "99999999999999999999", "1e3", "1e4400", "0644", '""', "''", "a", "a b", "A/b", "[a, a]",
    "{a: {b: [c]}}", "[[a]]", "*x", "&x", "&x {a: *x}", "!x", "!!int 5", "!!binary a", "|", ">-", "- a", "a: b", "#", ":", "{{ x }}", "\t", "\x00", "é", "😀", "\u2028",
    '"\\0"', '"\\ufffe"', '"\\ud800"', "\ud800", "<<", "<<: *x", "*", '"*"', "name", "image", "all", "control-plane", "a=b", "a in (b)", "a > 5", "!a", "x/y", "x:ro",
    "80/UDP", "1Gi", "1e", "-0.5", ".inf", "0x1F", "012", "1:30", "2001-01-01", "...", "---", "%YAML 1.2", "? a", "{rest: true}", "extends", "../../x",
    "/etc/hostname", "a" * 300, "[" * 120, "{a: " * 60, "::notice::x", "\x1b[1m", "`x`", "KEY+", "name+", "${x}", "$$", "3.5Mi", "true", "v1", "apps/v1", "Secret",
)  # fmt: skip
# The same, as values of a tree.
VALUES: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 1, 2**31, 2**63, 10**30, 0.5, 1e300, "", "a", "A b", "a/b", "é", "😀", "\x00", "\x1b[1m", "\n", "a\nb\n", "1", "true", "1Gi", "1e4400", "*", "::x",
    [], [None], ["a", "a"], [[]], {}, {"a": None}, {"": ""}, {"a": {"b": {"c": []}}}, {"name": "a"}, [{"name": "a"}, {"name": "a"}], {"a": 1, "b": [2]}, "x" * 5000,
)  # fmt: skip
# As patterns of files.
PATTERNS: Final = (
    "",
    ".",
    "./",
    "..",
    "**",
    "*",
    "***",
    "[",
    "[a",
    "conf/[!a]",
    "a//b",
    "/",
    "//",
    "conf/a/",
    "conf/a/b",
    "\x00",
    "a\x00b",
    "é",
    "\n",
    "~",
    "$HOME",
    "-",
    "a" * 300,
    "a/" * 3000,
)
KEYS: Final = (
    "",
    "a",
    "name",
    "containers",
    "*",
    "KEY+",
    "args+",
    "spec",
    "kind",
    "metadata",
    "values",
    "a b",
    "é",
    "\x00",
    "1",
    "true",
    "k" * 300,
    "variants",
    "nodes",
    "data",
)


def damaged(texts: Sequence[str], chance: Random) -> str:
    """Return one of the texts with some lines damaged."""
    lines = chance.choice(texts).split("\n")
    for _ in range(chance.choice((1, 1, 1, 2, 3, 5, 9))):
        lines = lines or [""]
        at = chance.randrange(len(lines))
        lines[at : at + 1] = chance.choice(_DAMAGES)(lines[at], lines, chance)
    return "\n".join(lines) + "\n"


def _value(line: str, lines: list[str], chance: Random) -> list[str]:
    key, colon, _ = line.partition(":")
    return [f"{key}{colon} {chance.choice(TOKENS)}"]


def _key(line: str, lines: list[str], chance: Random) -> list[str]:
    indent = line[: len(line) - len(line.lstrip())]
    _, colon, value = line.partition(":")
    return [f"{indent}{chance.choice(TOKENS)}{colon}{value}"]


def _insert(line: str, lines: list[str], chance: Random) -> list[str]:
    column = chance.randint(0, len(line))
    return [f"{line[:column]}{chance.choice(TOKENS)}{line[column:]}"]


_DAMAGES: Final[tuple[Callable[[str, list[str], Random], list[str]], ...]] = (
    _value,
    _value,
    _value,
    _key,
    _insert,
    _insert,
    lambda line, lines, chance: [],
    lambda line, lines, chance: [line, line],
    lambda line, lines, chance: [f"  {line}"],
    lambda line, lines, chance: [line.removeprefix("  ")],
    lambda line, lines, chance: [line[: chance.randint(0, len(line))]],
    lambda line, lines, chance: [line, chance.choice(lines)],
    lambda line, lines, chance: [line.replace("  ", "\t", 1)],
    lambda line, lines, chance: [f"{line}\r"],
    lambda line, lines, chance: [line.replace(": ", ": &x ", 1), "  x: *x"],
)


def changed(trees: Sequence[Any], chance: Random) -> str:
    """Return one of the trees, as YAML or JSON, with some of its values and keys replaced, moved or repeated."""
    tree = _clone(chance.choice(trees))
    for _ in range(chance.choice((1, 1, 2, 3, 6))):
        places = list(_places(tree))
        if not places:
            break
        holder, step = chance.choice(places)
        how = chance.random()
        if how < 0.5:
            holder[step] = _clone(chance.choice(VALUES))
        elif how < 0.6 and isinstance(holder, dict):
            holder[chance.choice(KEYS)] = holder.pop(step)
        elif how < 0.7:
            other, at = chance.choice(places)
            holder[step] = _clone(other[at]) if at in other or (isinstance(other, list) and at < len(other)) else None
        elif how < 0.8 and isinstance(holder, list):
            holder += [_clone(holder[step]) for _ in range(chance.choice((1, 3, 40)))]
        elif isinstance(holder, dict):
            holder[chance.choice(KEYS)] = _clone(chance.choice(VALUES))
    if chance.random() < 0.3:
        return json.dumps(tree, ensure_ascii=chance.random() < 0.5)
    return yaml.dump(
        tree,
        Dumper=yaml.CSafeDumper,
        allow_unicode=True,
        default_flow_style=chance.choice((None, False, True)),
        width=chance.choice((40, 10_000)),
    )


def _clone(tree: Any) -> Any:
    return json.loads(json.dumps(tree))


def _places(tree: Any) -> Any:
    for step, child in (
        list(tree.items()) if isinstance(tree, dict) else list(enumerate(tree)) if isinstance(tree, list) else ()
    ):
        yield tree, step
        yield from _places(child)


def grown(trees: Sequence[Any], chance: Random) -> str:
    """Return one of the trees with one of its lists, maps or texts grown, at most to a megabyte of text."""
    tree = _clone(chance.choice(trees))
    places = [(holder, step) for holder, step in _places(tree) if isinstance(holder[step], (list, dict, str))]
    if not places:
        return json.dumps(tree)
    holder, step = chance.choice(places)
    value = holder[step]
    count = chance.choice((100, 1_000, 5_000))
    count = min(count, 1_000_000 // (len(json.dumps(value)) + 20))
    if isinstance(value, str):
        holder[step] = value * count if chance.random() < 0.5 else "\n".join([value] * count)
    elif isinstance(value, list):
        holder[step] = [_clone(each) for each in (value * count)[:count]]
        if chance.random() < 0.5:
            for number, each in enumerate(holder[step]):
                if isinstance(each, dict) and isinstance(each.get("name"), str):
                    each["name"] += str(number)
    else:
        example = next(iter(value.items()), ("a", "b"))
        value.update({f"{example[0]}{number}": example[1] for number in range(count)})
    return json.dumps(tree) if chance.random() < 0.5 else yaml.dump(tree, Dumper=yaml.CSafeDumper, allow_unicode=True)


def bytes_of(text: str, chance: Random) -> bytes:
    """Return a text as bytes, rarely with some of them wrong."""
    data = bytearray(text.encode("utf-8", "surrogatepass"))
    if chance.random() < 0.03 and data:
        for _ in range(chance.choice((1, 2, 20))):
            data[chance.randrange(len(data))] = chance.randrange(256)
    if chance.random() < 0.01:
        return chance.choice(
            (b"\xef\xbb\xbf" + bytes(data), text.encode("utf-16", "surrogatepass"), bytes(data).replace(b"\n", b"\r\n"))
        )
    return bytes(data)


def hostile(texts: Sequence[str], trees: Sequence[Any], chance: Random, short: bool = False) -> bytes:
    """Return a text for a reader of what is like the texts and trees, which is not grown if it is to be `short`."""
    how = chance.random() * (0.98 if short else 1)
    text = damaged(texts, chance) if how < 0.5 else changed(trees, chance) if how < 0.98 else grown(trees, chance)
    return bytes_of(text, chance)
