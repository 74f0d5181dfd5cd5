"""Compares what `dsgen diff` says of pairs of objects of all kinds with rules with Kubernetes' own code.

python -m conformance.same.pairs --seed 7 --count 5000 [--minor 1.36] [KIND ...]

Of each pair it is asked whether the API server stores the same of both, and whether it lets the one replace the other. The pairs are of
recorded cases that it accepts: of one base, so that little differs, or one case in two spellings.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from random import Random
from typing import Any, NamedTuple

from conformance import oracle
from conformance.kubernetes_module import NEWEST
from conformance.record import Recorded, load
from conformance.same import same
from dsgen.generate.objects import with_defaults
from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.schema import quantity
from dsgen.kubernetes.schema.fields import MINORS
from dsgen.kubernetes.semantics.field_diff import Change
from dsgen.kubernetes.update_effect import replacement
from dsgen.kubernetes.validation.kinds import KINDS
from dsgen.plain import plain
from dsgen.tree import Map


class Pair(NamedTuple):
    """The kind, and the old and the new manifest."""

    kind: str
    old: str
    new: str


def _root(text: str) -> Map | None:
    root = read_first(text).root
    return root if isinstance(root, Map) else None


def candidates(kind: str, minor: str, chance: Random, count: int) -> Iterator[Pair]:
    """Yield pairs of a kind: recorded updates, two cases of one base, and a case with what `--defaults` writes of it."""
    recorded = load(minor, kind)
    updates = [one for one in recorded if one.old is not None]
    created: dict[str, list[Recorded]] = defaultdict(list)
    for one in recorded:
        if one.old is None and one.outcome.accepted:
            created[one.case.base].append(one)
    bases = [name for name, cases in created.items() if len(cases) > 1]
    for _ in range(count):
        share = chance.random()
        if updates and share < 0.35:
            one = chance.choice(updates)
            yield Pair(kind, one.old or "", one.text)
        elif bases:
            old, new = chance.sample(created[chance.choice(bases)], 2)
            yield Pair(kind, old.text, _named(new.text, old.text) if share < 0.8 else _respelled(old.text, minor))


def _named(text: str, other: str) -> str:
    """Return a manifest with the version, the name and the namespace of another one, as JSON."""
    root, like = _root(text), _root(other)
    if root is None or like is None:
        return text
    tree: Any = plain(root)
    given: Any = plain(like)
    tree["apiVersion"] = given.get("apiVersion")
    metadata, stated = tree.get("metadata") or {}, given.get("metadata") or {}
    for key in ("name", "namespace", "generateName"):
        metadata.pop(key, None)
        if key in stated:
            metadata[key] = stated[key]
    tree["metadata"] = metadata
    return json.dumps(tree)


def _respelled(text: str, minor: str) -> str:
    root = _root(text)
    return text if root is None else json.dumps(plain(with_defaults(root, minor)))


def differences(pairs: list[Pair], minor: str) -> tuple[int, int, int, list[str]]:
    """Return how many pairs are compared, are the same, and can replace each other; and a line for each that dsgen sees otherwise."""
    before = oracle.ask((oracle.Question(each.old) for each in pairs), minor)
    kept = [each for each, answer in zip(pairs, before, strict=True) if answer.accepted]
    replaced = list(oracle.ask((oracle.Question(each.new, each.old) for each in kept), minor))
    equal = same(((each.old, each.new) for each in kept), minor)
    # An old object with fields of gates that are off is not stored like that.
    stays = oracle.ask((oracle.Question(each.old, each.old) for each in kept), minor)
    wrong, compared, alike, accepted = [], 0, 0, 0
    for pair, answer, why, before_and_after in zip(kept, replaced, equal, stays, strict=True):
        old, new = _root(pair.old), _root(pair.new)
        # The version is a change that only the manifest shows.
        if old is None or new is None or old.get("apiVersion") != new.get("apiVersion"):
            continue
        # dsgen compiles expressions only if the object is validated by itself.
        uncompiled = any("compilation failed" in detail for _, _, detail in answer.errors)
        if (
            uncompiled
            or not before_and_after.accepted
            or why not in ("", "they differ")
            or answer.stage not in ("", "validate")
        ):
            continue
        said = replacement(old, new, minor)
        compared, alike, accepted = compared + 1, alike + (not why), accepted + answer.accepted
        ours = (all(map(_is_respelled, said.changes)), said.outcome not in ("refused", "recreated"))
        # What is not stored is neither the same nor another object.
        if ours[1] != answer.accepted or (answer.accepted and ours[0] != (not why)):
            told = [*said.changes[:3], *(each.message for each in said.problems[:2])]
            wrong.append(
                f"{pair.kind}: Kubernetes: same {not why}, accepted {answer.accepted} {answer.errors[:2]}; dsgen: same {ours[0]}, accepted {ours[1]} {told}\n"
                f"  old: {pair.old!r}\n  new: {pair.new!r}"
            )
    return compared, alike, accepted, wrong


def _is_respelled(change: Change) -> bool:
    """Return whether a change is one of the format of a quantity, such as `1Gi` and `1073741824`: the server stores another text, and pods restart."""
    try:
        are_texts = isinstance(change.old, str) and isinstance(change.new, str)
        return are_texts and quantity.parse(change.old) == quantity.parse(change.new)
    except ValueError:
        return False


def main() -> int:
    """Compare and print; return 1 when something differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kinds", nargs="*", default=list(KINDS), metavar="KIND")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--minor", default=NEWEST, choices=MINORS)
    given = parser.parse_args()
    chance = Random(given.seed)
    each = -(-given.count // len(given.kinds))
    pairs = [pair for kind in given.kinds for pair in candidates(kind, given.minor, chance, each)]
    compared, alike, accepted, wrong = differences(pairs, given.minor)
    print("".join(f"{line}\n" for line in wrong), end="")
    print(f"{compared} pairs compared, {alike} mean the same, {accepted} are accepted; {len(wrong)} differ")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
