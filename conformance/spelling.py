"""Spellings: what YAML 1.1, as Kubernetes' own reader reads it, makes of scalars, keys, tags, anchors and whole texts."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from conformance.case import Edit, Json, Path, find, template_of
from conformance.structure import places
from conformance.styles import styled

NUMBERS: Final = (
    "12", "+7", "012", "0o17", "0O17", "08", "0888", "01.5", "0o8", "0x1F", "0X1f", "0b101", "0B1", "1_000", "1__0", "6_", "_6", "0_644", "0x_1", "1:30", "190:20:30", "1.0", "5.", "1e3", "1E3",
    "1.5", ".5", "50e-1", "-0.0", ".1_0", "._1", ".1_", "1e400", "18446744073709551615", "18446744073709551616", ".inf", "-.INF", "+.Inf", ".nan", ".NaN", "0x", "1e", "1_e", "-0x10", "-0b1", "-012",
    "2001-01-01", "2001-01-01T00:00:00Z", "2001-1-1 10:00:00", "1e20", "1e21", "1e-1", "0.1e1", "+0", "-0", "00", "0", "1", "80", "0b2", "0xg", "0o644", "0644", "+.5", "-1", "1,000", "1 2", "1e+3", "12e03", "2147483647.0", "2147483648.0",
    "1e9", "1e10", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "9007199254740993.0", "1.0e0", "0x7fffffff", "0b_1", "1_0.5", "1e1_0", "+012", "0.0", "4e2", "100e-2", "1e-0",
)  # fmt: skip
WORDS: Final = (
    "y", "Y", "yes", "Yes", "YES", "yEs", "true", "True", "TRUE", "tRUE", "on", "On", "ON", "oN", "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF", "~", "null", "Null", "NULL", "nULL", "", "=", "<<", "-n", "!y",
    "a #b", "a:b", "'it''s'", '"\\u0041\\x42"', "'a'", "'1'", '"true"', "'null'", "|\n    a", ">-\n    a\n    b", "? a", "a: b", "- a", "@a", "`a`", "%a", "*a", "&a b", "!a b", "{{ x }}", "[a, b]", "[a,]", "[a,,b]", "{a: b}", "{a: b, c}", "{a}", "{", "]", "'a", '"a',
    '"\\/"', '"\\ud800"', '"\\z"', '"a\tb"', "a\tb", "\ta", "a\t", "a ,b", "#a", "'#a'", "-", "?", ":", "a-", ".", "..", "...", "a]", "a}", "a,b", "a: ", "a:", "$(A)", "é", "\U0001f600", "\u00a0", "\ufeff", "\u2028", "\x07", "\x85",
    "[a?b]", "[a:]", "{a: b:}", "http://a/?b=c", "{a: http://a/?b=c}", '"it\\\'s"',
)  # fmt: skip
TAGS: Final = (
    "!!str 12", "! 12", "!!str yes", "!!str", "!!str ~", "!!int 12", "!!int '12'", "!!int a", "!!int 1.0", "!!float 3", "!!float 3.5", "!!float a", "!!bool yes", "!!bool 'true'", "!!bool a", "!!bool 1", "!!null ~", "!!null a", "!!null ''", "!!binary YWI=", "!!binary a",
    "!!binary '?'", "!!timestamp 2001-01-01", "!!timestamp a", "!foo a", "!foo 12", "!foo {a: b}", "!!map {a: b}", "!!seq [a]", "!!str {a: b}", "!!set {a}", "!<tag:yaml.org,2002:str> 5", "!<tag:yaml.org,2002:int> '5'", "!!int 0x10", "!!merge <<", "!!foo 1", "!foo", "!foo yes",
)  # fmt: skip
KEYS: Final = (
    "1",
    "0x10",
    "1.50",
    "yes",
    "y",
    "true",
    "~",
    "null",
    "'a b'",
    "? a",
    "[a]",
    "{a: b}",
    "'<<'",
    "=",
    "2001-01-01",
    "1e3",
    "08",
    "012",
    "-1",
    ".5",
    ".inf",
    "!!str 1",
    "*x",
    "&k a",
    '"a"',
    "! 5",
    "1_0",
    "0b1",
    "n",
    "off",
    "1e400",
    "12345678901234567890",
    "1.23456789",
)
MERGES: Final = (
    "{zz: a}",
    "[{zz: a}, {zy: b}]",
    "a",
    "{zz: a, zz: b}",
    "[a]",
    "~",
    "[{zz: a}, {zz: b}]",
    "&m {zz: a}",
    "[]",
    "{}",
    "*m",
    "{name: merged}",
    "{a: b}",
)


def _choose(tree: Json, rng: Random, wanted: Callable[[Path, Json], bool]) -> Path | None:
    found = [path for path in places(tree) if wanted(path, find(tree, path))]
    return rng.choice(found) if found else None


def _raw_leaf(tree: Json, rng: Random, texts: tuple[str, ...], kinds: tuple[type, ...]) -> list[Edit]:
    path = _choose(tree, rng, lambda path, value: isinstance(value, kinds))
    return [("raw", path, rng.choice(texts))] if path else []


def _number(tree: Json, rng: Random) -> list[Edit]:
    if rng.random() < 0.4:
        return [
            (
                "raw",
                rng.choice(
                    (
                        ("spec", "minReadySeconds"),
                        (*template_of(tree), "spec", "terminationGracePeriodSeconds"),
                        (*template_of(tree), "spec", "priority"),
                    )
                ),
                rng.choice(NUMBERS),
            )
        ]
    return _raw_leaf(tree, rng, NUMBERS, (int, float) if rng.random() < 0.5 else (str,))


def _word(tree: Json, rng: Random) -> list[Edit]:
    if rng.random() < 0.3:
        return [
            (
                "raw",
                (
                    *template_of(tree),
                    "spec",
                    rng.choice(("hostPID", "enableServiceLinks", "automountServiceAccountToken")),
                ),
                rng.choice(WORDS[:32]),
            )
        ]
    return _raw_leaf(tree, rng, WORDS, (bool, str))


def _tag(tree: Json, rng: Random) -> list[Edit]:
    return _raw_leaf(tree, rng, TAGS, (str, int, float, bool))


def _quantity(tree: Json, rng: Random) -> list[Edit]:
    name, text = rng.choice(("cpu", "memory", "ephemeral-storage", "x.io/a")), rng.choice(NUMBERS)
    return [("raw", (*template_of(tree), "spec", "containers", 0, "resources", "limits", name), text)]


def _free(tree: Json) -> list[Path]:
    """Return the paths of maps with free keys."""
    return [("metadata", "annotations"), ("metadata", "labels"), (*template_of(tree), "metadata", "annotations")]


def _annotation(tree: Json, rng: Random) -> list[Edit]:
    return [("raw", (*rng.choice(_free(tree)), "zz"), rng.choice((*WORDS, *NUMBERS, *TAGS)))]


def _key(tree: Json, rng: Random) -> list[Edit]:
    if rng.random() < 0.6:
        home = rng.choice(_free(tree))
        return [("set", (*home, "zz"), "b"), ("raw-key", (*home, "zz"), rng.choice(KEYS))]
    path = _choose(tree, rng, lambda path, value: isinstance(path[-1], str))
    return (
        [
            (
                "raw-key",
                path,
                rng.choice(
                    (*KEYS, f"'{path[-1]}'", f'"{path[-1]}"', f"? {path[-1]}", f"!!str {path[-1]}", f"{path[-1]} ")
                ),
            )
        ]
        if path
        else []
    )


def _merge(tree: Json, rng: Random) -> list[Edit]:
    path = (
        _choose(tree, rng, lambda path, value: isinstance(value, dict) and bool(value))
        if rng.random() < 0.5
        else rng.choice(_free(tree))
    )
    if not path:
        return []
    return [("raw", (*path, "zz"), rng.choice(MERGES)), ("raw-key", (*path, "zz"), "<<")]


def _alias(tree: Json, rng: Random) -> list[Edit]:
    """Anchor one annotation's value and use it in another place, behind it or before."""
    value = rng.choice(("text", "{a: b}", "[a]", "1", "yes"))
    where = rng.choice(
        (
            ("metadata", "annotations", "zy"),
            (*template_of(tree), "metadata", "annotations", "zy"),
            (*template_of(tree), "spec", "nodeSelector"),
        )
    )
    return [
        ("raw", ("metadata", "annotations", "zx"), f"&x {value}"),
        ("raw", where, rng.choice(("*x", "*y", "&x a", "*x "))),
    ]


def _text(tree: Json, rng: Random) -> list[Edit]:
    return [
        rng.choice(
            (
                ("prepend", "\ufeff"), ("prepend", "%YAML 1.1\n---\n"), ("prepend", "%YAML 1.2\n---\n"), ("prepend", "%FOO x\n---\n"), ("prepend", "---\n"), ("prepend", "--- # x\n"), ("prepend", "# comment\n"), ("prepend", "\n\n"), ("prepend", "\t\n"), ("prepend", "---\n---\n"),
                ("append", "---\nfoo: [\n"), ("append", "...\n"), ("append", "---\na: 1\na: 1\n"), ("append", "...\n---\nkind: x\n"), ("append", "x-anchor: &a {b: c}\n"), ("append", "kind: DaemonSet\n"), ("append", "}\n"), ("append", "# end"), ("append", "\t"), ("append", "  \n \n"),
                ("append", "foo\n"), ("append", "\x00"), ("append", "? a\n"), ("append", "status: {}\n"), ("append", "status: {currentNumberScheduled: x}\n"), ("append", "status: {numberReady: 5, conditions: [{type: a, status: 'x', lastTransitionTime: '2020-01-01T00:00:00Z'}]}\n"),
                ("replace", "\n", "\r\n"), ("replace", "\n", "\r"), ("replace", "  ", "\t"), ("replace", ": ", ":\t"), ("replace", ": ", ":"), ("replace", "- ", "-"), ("replace", "- ", "-\t"), ("replace", "\n  ", "\n   "), ("replace", "spec:\n  ", "spec:\n "), ("replace", "spec:", "spec: !!map"),
                ("replace", "spec:", "spec: &s"), ("replace", "spec:", "? spec\n:"), ("replace", "kind: DaemonSet", "kind: 'DaemonSet' # x"), ("replace", "kind: DaemonSet", "kind: DaemonSet#x"), ("replace", "kind: DaemonSet", "kind: !!str DaemonSet"), ("replace", "kind: DaemonSet", "kind : DaemonSet"),
                ("replace", "kind: DaemonSet", '"kind":"DaemonSet"'), ("replace", "kind: DaemonSet", "kind: |-\n  DaemonSet"), ("replace", "kind: DaemonSet", "kind: |\n  DaemonSet"), ("replace", "kind: DaemonSet", "kind: >-\n  DaemonSet"), ("replace", "name:", "name: a\n  name:"),
                ("replace", "containers:\n", "containers: # x\n"), ("replace", "spec:", "spec: null\nspec:"), ("replace", "apiVersion: apps/v1", "apiVersion: apps/v1\nApiVersion: apps/v1"), ("replace", "apiVersion: apps/v1", "ApiVersion: apps/v1"), ("replace", "kind: DaemonSet", "Kind: DaemonSet"),
            )
        )
    ]  # fmt: skip


MAKERS: Final[dict[str, tuple[Callable[[Json, Random], list[Edit]], float]]] = {
    "number": (_number, 3),
    "word": (_word, 3),
    "tag": (_tag, 1.5),
    "quantity": (_quantity, 1),
    "annotation": (_annotation, 2),
    "key": (_key, 2),
    "merge": (_merge, 1.5),
    "alias": (_alias, 0.6),
    "text": (_text, 2.5),
    "style": (styled, 3),
}


def spelt(tree: Json, rng: Random) -> tuple[str, list[Edit]]:
    """Return the name and the edits of one mutation of spelling."""
    name = rng.choices(list(MAKERS), [weight for _, weight in MAKERS.values()])[0]
    return name, MAKERS[name][0](tree, rng)
