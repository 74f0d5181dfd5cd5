"""Compares random expressions over any data with Kubernetes' own environment for CEL, and prints where they differ.

python -m conformance.cel.composed --seed 7 --count 20000

Most read fields that are missing, or of values that have none: what becomes of an error in a larger expression is compared.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from random import Random
from typing import Any, Final

from conformance.cel import Question, ask
from conformance.cel.outcomes import ours, theirs
from conformance.compare import share
from conformance.kubernetes_module import NEWEST

# The order of several keys of a map is not defined.
DATA: Final[dict[str, Any]] = {
    "text": "text",
    "a-b": 1,
    "list": [1, 2, 3],
    "map": {"x": {"y": True}},
    "whole": 1,
    "float": 1.5,
    "null": None,
    "flag": True,
    "empty": {},
    "labels": {"app": "x"},
    "items": [{"n": "a", "v": 1}, {"n": "b"}, {"n": None, "v": "x"}],
    "nest": {"a": {"b": {"c": [1, "a", None]}}},
}
_FIELDS: Final = (
    *("text", "list", "map", "whole", "float", "null", "items", "labels", "empty", "flag", "none", "['a-b']"),
    *("nest.a.b.c", "nest.a.x", "labels['app']", "labels['none']", "list[0]", "list[7]", "items[2].n", "items[0].v"),
)
_OPTIONALS: Final = ("?none", "?text", "?null", "labels[?'app']", "text.?x", "nest.?a.?x", "items[?0].?n", "list.?x")
_TESTED: Final = ("text", "none", "null.x", "text.x", "list.x", "map.x", "map.x.z", "nest.a.b", "nest.x.b", "whole.x")
_LITERALS: Final = ("1", "0", "'a'", "'x'", "null", "true", "1.5", "[1, 2]", "{'a': 1}", "-1", "''", "'app'", "2u")
_LOOPS: Final = (
    *("map(i, i)", "filter(i, i != 1)", "map(i, i.n)", "filter(i, has(i.v))", "map(i, string(i))", "size()"),
    "map(i, i == null, 1)",
)
_TESTS: Final = (
    *("i == 1", "i.n == 'a'", "has(i.v)", "has(i.n) && i.n != null", "i.startsWith('a')", "i in self.list", "i.v > 0"),
    *("type(i) == string", "i"),
)


class _Composer:
    def __init__(self, seed: int) -> None:
        self._rng = Random(seed)

    def expression(self) -> str:
        """Return an expression, most often one that is true or false."""
        return self._truth(3) if self._rng.random() < 0.8 else self._value(3)

    def _one(self, *choices: Callable[[], str]) -> str:
        return self._rng.choice(choices)()

    def _of(self, words: tuple[str, ...]) -> str:
        return self._rng.choice(words)

    def _field(self, words: tuple[str, ...]) -> str:
        word = self._of(words)
        return f"self{word}" if word[0] == "[" else f"self.{word}"

    def _value(self, depth: int) -> str:
        below = depth - 1
        flat = (
            lambda: self._field(_FIELDS),
            lambda: self._field(_FIELDS),
            lambda: self._of(_LITERALS),
        )
        if not depth:
            return self._one(*flat)
        return self._one(
            *flat,
            lambda: f"{self._field(_OPTIONALS)}.orValue({self._value(below)})",
            lambda: f"({self._value(below)} {self._of(('+', '-', '*', '/', '%'))} {self._value(below)})",
            lambda: f"size({self._value(below)})",
            lambda: f"({self._truth(below)} ? {self._value(below)} : {self._value(below)})",
            lambda: f"{self._value(below)}.{self._of(_LOOPS)}",
            lambda: f"{self._of(('string', 'int', 'double', 'type', 'dyn'))}({self._value(below)})",
            lambda: f"{self._value(below)}[{self._of(('0', '1', '-1', '9', chr(39) + 'app' + chr(39)))}]",
        )

    def _truth(self, depth: int) -> str:
        below = max(depth - 1, 0)
        flat = (
            lambda: f"has({self._field(_TESTED)})",
            lambda: f"{self._value(below)} {self._of(('==', '!=', '<', '<=', '>', '>='))} {self._value(below)}",
            lambda: self._of(("true", "false", "self.flag")),
            lambda: f"{self._value(0)} in {self._value(0)}",
        )
        if not depth:
            return self._one(*flat)
        return self._one(
            *flat,
            lambda: f"({self._truth(below)} && {self._truth(below)})",
            lambda: f"({self._truth(below)} || {self._truth(below)})",
            lambda: f"!({self._truth(below)})",
            lambda: f"{self._value(below)}.{self._of(('all', 'exists', 'exists_one'))}(i, {self._of(_TESTS)})",
            lambda: f"{self._value(below)}.{self._of(('startsWith', 'contains', 'matches'))}('t')",
            lambda: f"{self._field(_OPTIONALS)}.hasValue()",
            lambda: f"type({self._value(below)}) == {self._of(('string', 'int', 'list', 'map', 'null_type'))}",
        )


def main() -> int:
    """Compare and print; return 1 if anything differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--minor", default=NEWEST)
    chosen = parser.parse_args()
    composer = _Composer(chosen.seed)
    sources = list(dict.fromkeys(composer.expression() for _ in range(chosen.count)))
    evaluated, differing = 0, []
    for source, answer in zip(sources, ask((Question(each, DATA) for each in sources), chosen.minor), strict=True):
        server, own = theirs(answer), ours(source, DATA, chosen.minor)
        if own[0] != "unevaluated":
            evaluated += 1
            if own != server:
                differing.append((source, server, own))
    for source, server, own in differing[:20]:
        print(f"{source}\n  server: {server}\n  dsgen:  {own}")
    same = share(evaluated - len(differing), evaluated)
    print(f"{len(sources)} expressions: evaluated {share(evaluated, len(sources))}, the same {same}")
    return int(bool(differing))


if __name__ == "__main__":
    sys.exit(main())
