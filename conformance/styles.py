"""The same manifest in other styles: flow and block, quotes, block scalars, folded lines, anchors, comments, keys in other orders."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from random import Random

from conformance.case import PLAIN, WORDS, Edit, Json

SPACES = ("", "", " ", "  # comment", " # é: [", "\t# x")


def styled(tree: Json, rng: Random) -> list[Edit]:
    """Return the edit that writes the whole text anew, now and then with a mistake that a hand makes.

    A mistake beside a tag is left out: Kubernetes' reader takes `,` and brackets for a part of it, libyaml does not.
    """
    text = "\n".join(_block(tree, 0, rng)) + "\n"
    text = (
        rng.choice(("", "", "---\n", "# head\n\n", "%YAML 1.1\n---\n", "\ufeff", "--- ")) + text
        if not text.startswith("{")
        else text
    )
    text += rng.choice(("", "", "...\n", "---\n", "\n\n", "# end", "--- {}\n", "...\n# x\n---\n"))
    slipped = _slip(text, rng) if rng.random() < 0.3 else text
    return [("text", text if re.search(r"![^\s]*[,\[\]{}]", slipped) else slipped)]


def _slip(text: str, rng: Random) -> str:
    """Make one small mistake."""
    place = rng.randrange(len(text))
    return rng.choice(
        (
            text[:place] + text[place + 1 :],
            text[:place] + rng.choice(" \t\n:-#,[]{}\"'&*!|>%@`?") + text[place:],
            text.replace("  ", " ", 1),
            text.replace("\n", "\r\n"),
            text.replace("\n", "\n\n", 3),
            text.replace(": ", ":", 1),
            text.replace("\n    ", "\n\t", 1),
        )
    )


def _block(value: Json, depth: int, rng: Random) -> Iterator[str]:
    """Yield the lines of a value in block style, or in flow style in one line or several."""
    indent = " " * depth
    if isinstance(value, dict) and value and (depth == 0 or rng.random() < 0.85):
        items = list(value.items())
        if rng.random() < 0.2:
            rng.shuffle(items)
        step = rng.choice((1, 2, 2, 2, 4))
        for key, child in items:
            yield from _pair(_key(key, rng), child, depth, step, rng)
    elif isinstance(value, list) and value and rng.random() < 0.85:
        for child in value:
            first, *rest = _block(child, depth + 2, rng)
            yield f"{indent}- {first[depth + 2 :]}"
            yield from rest
    else:
        yield indent + _flow(value, rng)


def _pair(key: str, child: Json, depth: int, step: int, rng: Random) -> Iterator[str]:
    indent = " " * depth
    if rng.random() < 0.05:
        yield indent + rng.choice(("# comment", "", "#", "   # - a: b"))
    head = f"{indent}? {key}\n{indent}:" if rng.random() < 0.02 else f"{indent}{key}:"
    if isinstance(child, dict) and child:
        yield f"{head}{rng.choice((*SPACES, ' &anchor' + str(rng.randrange(10**6)), ' !!map'))}"
        yield from _block(child, depth + step, rng)
    elif isinstance(child, list) and child:
        yield f"{head}{rng.choice((*SPACES, ' !!seq'))}"
        yield from _block(child, depth + (0 if rng.random() < 0.3 else step), rng)
    elif isinstance(child, str) and rng.random() < 0.15 and child and child.strip() == child and child.isprintable():
        yield from _literal(head, child, " " * (depth + step), rng)
    else:
        yield f"{head} {_flow(child, rng)}{rng.choice(SPACES)}"


def _literal(head: str, text: str, indent: str, rng: Random) -> Iterator[str]:
    """Write a text as a block scalar, or as a quoted one over two lines."""
    if " " in text and rng.random() < 0.5:
        first, second = text.split(" ", 1)
        quote = "'" if "'" not in text else None
        if quote and not second.startswith(" "):
            yield f"{head} {quote}{first}"
            yield f"{indent}{second}{quote}"
            return
    yield head + rng.choice((" |-", " >-", " |-", f" |{len(indent) - len(head) + len(head.lstrip())}-", " |", " |+"))
    yield indent + text


def _key(key: str, rng: Random) -> str:
    return (
        rng.choice((_flow(key, rng), key))
        if PLAIN.fullmatch(key) and key.lower() not in WORDS
        else json.dumps(key, ensure_ascii=False)
    )


def _flow(value: Json, rng: Random) -> str:
    """Write a value in flow style."""
    if isinstance(value, dict):
        inner = rng.choice((", ", ",", " , ")).join(
            f"{_key(key, rng)}: {_flow(child, rng)}" for key, child in value.items()
        )
        return "{" + inner + rng.choice(("", "", ",")) * bool(value) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(child, rng) for child in value) + rng.choice(("", "", ",")) * bool(value) + "]"
    if isinstance(value, str):
        return _quoted(value, rng)
    if value is None:
        return rng.choice(("null", "~", "Null", "NULL"))
    if isinstance(value, bool):
        return rng.choice(("true", "True", "yes", "on", "Y", "TRUE") if value else ("false", "no", "Off", "n", "FALSE"))
    if isinstance(value, int) and value > 0:
        return rng.choice(
            (
                str(value),
                str(value),
                hex(value),
                f"0{value:o}",
                f"0o{value:o}",
                f"{value}.0",
                f"+{value}",
                f"{value:_}",
                bin(value),
                f"!!int {value}",
                f"{value}e0",
            )
        )
    return json.dumps(value)


def _quoted(text: str, rng: Random) -> str:
    ways = [json.dumps(text, ensure_ascii=False), json.dumps(text, ensure_ascii=False)]
    if text.isprintable():
        ways.append("'" + text.replace("'", "''") + "'")
    if PLAIN.fullmatch(text) and text.lower() not in WORDS:
        ways += [text, text, text, f"!!str {text}", f"! {text}", f"&a{rng.randrange(10**6)} {text}", f"!foo {text}"]
    if text.isascii() and text.isprintable() and rng.random() < 0.1:
        ways.append(
            '"'
            + "".join(
                f"\\x{ord(sign):02x}"
                if sign.isalnum() and rng.random() < 0.3
                else sign.replace("\\", "\\\\").replace('"', '\\"')
                for sign in text
            )
            + '"'
        )
    return rng.choice(ways)
