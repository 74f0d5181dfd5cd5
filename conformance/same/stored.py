"""Compares what `dsgen generate --defaults` writes of objects of all kinds with what the API server's own code stores of them.

python -m conformance.same.stored [--minor 1.36] [KIND ...]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from typing import Any, Final

from conformance.kubernetes_module import NEWEST
from conformance.record import load
from conformance.same import stored
from dsgen.generate.objects import with_defaults
from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.schema.fields import MINORS
from dsgen.kubernetes.validation.kinds import KINDS
from dsgen.plain import plain
from dsgen.tree import Map

_OF_SERVER: Final = ("status", "metadata")
# What the server sets as it stores a new object, or in another version, which is no default.
_PREPARED: Final = {
    "HorizontalPodAutoscaler": (".spec.targetCPUUtilizationPercentage",),
    "Job": (".spec.selector", ".spec.template.metadata"),
    "Namespace": (".spec",),
    "PersistentVolumeClaim": (".spec.dataSource", ".spec.dataSourceRef"),
    "Pod": (".spec.resources", ".matchExpressions", ".securityContext"),
    "Secret": (".data",),
}


def differences(kind: str, minor: str) -> tuple[int, list[str]]:
    """Return the number of objects that were compared, and a line for each field that is not as it is stored."""
    texts = [one.text for one in load(minor, kind) if one.old is None and one.outcome.accepted]
    found = []
    for text, theirs in zip(texts, stored(texts, minor), strict=True):
        root = read_first(text).root
        if theirs is None or not isinstance(root, Map):
            continue
        ours = json.loads(json.dumps(plain(with_defaults(root, minor))))
        expected = tuple(_PREPARED.get(kind, ()))
        found += [
            f"{kind}: {path}: {said}"
            for path, said in _unlike(ours, theirs, "")
            if not any(part in path for part in expected)
        ]
    return len(texts), found


def _unlike(ours: Any, theirs: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield the path of each value that is written and stored in two ways, and both."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        others = () if path else _OF_SERVER
        for key in ours.keys() & theirs.keys() - {*others}:
            yield from _unlike(ours[key], theirs[key], f"{path}.{key}")
        for key in theirs.keys() - ours.keys() - {*others}:
            if not _is_empty(theirs[key]):
                yield f"{path}.{key}", f"missing, stored {theirs[key]!r}"
    elif isinstance(ours, list) and isinstance(theirs, list):
        for number, pair in enumerate(zip(ours, theirs, strict=False)):
            yield from _unlike(*pair, f"{path}[{number}]")
    elif ours != theirs and not (_is_empty(ours) and _is_empty(theirs)) and _unpadded(ours) != theirs:
        yield path, f"{ours!r}, stored {theirs!r}"


def _is_empty(value: Any) -> bool:
    return all(map(_is_empty, value.values())) if isinstance(value, dict) else not value


def _unpadded(value: Any) -> Any:
    """Return the text of bytes in base64 as the server writes it: without breaks."""
    return value.replace("\n", "") if isinstance(value, str) else value


def main() -> int:
    """Compare and print; return 1 when something differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kinds", nargs="*", default=list(KINDS), metavar="KIND")
    parser.add_argument("--minor", default=NEWEST, choices=MINORS)
    given = parser.parse_args()
    compared, wrong = 0, list[str]()
    for kind in given.kinds:
        count, found = differences(kind, given.minor)
        compared, wrong = compared + count, wrong + found
    print("".join(f"{line}\n" for line in wrong), end="")
    print(f"{compared} objects compared, {len(wrong)} fields differ")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
