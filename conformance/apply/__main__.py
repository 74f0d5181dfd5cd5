"""Compares which lists dsgen says server-side apply cannot merge with what Kubernetes' own code says, on random objects.

    python -m conformance.apply [--count 5000] [--seed 0]

The objects have every field of their kinds that leads to a list, and few words, so that entries are often alike.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections import Counter
from typing import Any, Final

from conformance.apply import refused
from conformance.kubernetes_module import NEWEST
from dsgen.kubernetes.lint.apply import DUPLICATE, duplicates
from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.schema import fields

WORDS: Final[dict[str, tuple[Any, ...]]] = {
    "str": ("a", "b", ""), "int32": (1, 2), "int64": (1, 2), "bool": (True, False), "Quantity": (1, "2"), "IntOrString": (1, "a"), "bytes": ("YQ==",),
    "Time": ("2026-01-01T00:00:00Z",), "MicroTime": ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00.123456Z", "2026-01-01T00:00:00.123Z"), "double": (1, 2.5, 0),
    "any": ({}, {"a": 1}),
}  # fmt: skip
DEPTH: Final = 12
# What `status` and `managedFields` hold, no manifest states.
LEFT_OUT: Final = frozenset({"status", "managedFields"})


class Maker:
    """Makes random objects of one version."""

    def __init__(self, table: fields.Table, chance: random.Random) -> None:
        self.table = table
        self.chance = chance
        self.leading = self._leading()

    def _leading(self) -> set[str]:
        """Return the types that are, or hold, something with a list in it."""
        found: set[str] = set()
        grown = True
        while grown:
            more = {
                type
                for type, known in self.table.types.items()
                if any(self._leads(each, found) for each in known.values())
            }
            grown, found = more != found, more
        return found

    @staticmethod
    def _leads(notation: str, found: set[str]) -> bool:
        return "[" in notation or notation.strip("{}") in found

    def make(self, kind: str) -> dict[str, Any]:
        """Return an object of a kind, written `apiVersion kind`."""
        version, _, name = kind.partition(" ")
        made: dict[str, Any] = self._object(self.table.kinds[kind], 0)
        return {**made, "apiVersion": version, "kind": name}

    def _object(self, type: str, depth: int) -> dict[str, Any]:
        known = {field: notation for field, notation in self.table.types[type].items() if field not in LEFT_OUT}
        deep = [field for field, notation in known.items() if self._leads(notation, self.leading)]
        chosen = (
            [field for field in deep if self.chance.random() < (0.5 if len(deep) > 2 else 0.9)] if depth < DEPTH else []
        )
        keys = {key for keyed in self.table.keys.values() for each in keyed.values() for key in each}
        chosen += [field for field in known if field in keys and self.chance.random() < 0.9]
        return {field: self._value(known[field], depth + 1) for field in dict.fromkeys(chosen)}

    def _value(self, notation: str, depth: int) -> Any:
        if self.chance.random() < 0.03:
            return None
        if notation.startswith("["):
            return [self._value(notation[1:-1], depth) for _ in range(self.chance.choice((0, 1, 2, 2, 3)))]
        if notation.startswith("{"):
            return {word: self._value(notation[1:-1], depth) for word in ("a", "b")}
        return self.chance.choice(WORDS[notation]) if notation in WORDS else self._object(notation, depth)


def ours(text: str, kind: str, minor: str) -> Counter[str]:
    """Return the lists that dsgen says cannot be merged, each as often as it says so."""
    root: Any = read_first(text).root
    found = duplicates(root, fields.load(minor).kinds[kind], minor, DUPLICATE)
    return Counter(re.sub(r"\[\d+\]", "", each.field) for each in found)


def theirs(errors: list[str]) -> Counter[str]:
    """Return the lists that Kubernetes cannot merge, each as often as it says so."""
    return Counter(
        re.sub(r"\[(?:[^\]\"]|\"[^\"]*\")*\]", "", error.partition(": ")[0]).removeprefix(".") for error in errors
    )


def main() -> int:
    """Return 1 when there is any difference."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    maker = Maker(fields.load(NEWEST), random.Random(options.seed))
    kinds = [kind for kind in maker.table.kinds if kind not in fields.CUSTOM_RESOURCES]
    asked = [(kind, json.dumps(maker.make(kind))) for _ in range(options.count // len(kinds)) for kind in kinds]
    differing, told = 0, Counter[str]()
    for (kind, text), errors in zip(asked, refused([text for _, text in asked]), strict=True):
        said, found = theirs(errors), ours(text, kind, NEWEST)
        told.update(said)
        # At an entry without a key, Kubernetes leaves the rest of the list alone, and what is in it.
        for left in theirs([error for error in errors if ": element " in error]):
            said[left], found[left] = min(said[left], 1), min(found[left], 1)
            for below in [field for field in found if field.startswith(f"{left}.")]:
                said[below] = found[below]
        if said != found:
            differing += 1
            if differing <= 10:
                print(f"{text}\n  Kubernetes: {errors}\n  dsgen:      {dict(found)}")
    print(
        f"{len(asked)} objects, {sum(told.values())} lists in {len(told)} places cannot be merged, {differing} differences from Kubernetes"
    )
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
