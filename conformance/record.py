"""The record under tests/verdicts: cases with the API server's verdicts.

A file, of one minor and one kind, is JSON lines, compressed by xz: first the bases by their names, then a line a case.
"""

from __future__ import annotations

import json
import lzma
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from conformance.case import Case, Json
from conformance.outcome import Outcome
from conformance.seeds import bases

FOLDER: Final = Path(__file__).parent.parent / "tests" / "verdicts"


@dataclass(frozen=True)
class Recorded:
    """A case, and what the API server said of it."""

    case: Case
    outcome: Outcome
    bases: dict[str, Json]

    @cached_property
    def _texts(self) -> tuple[str, str | None]:
        return self.case.texts(self.bases)

    @property
    def text(self) -> str:
        """The manifest."""
        return self._texts[0]

    @property
    def old(self) -> str | None:
        """The manifest that it replaces, in an update."""
        return self._texts[1]


def save(recorded: list[Recorded], minor: str, kind: str = "DaemonSet", trees: dict[str, Json] | None = None) -> Path:
    """Write the record of `minor` and `kind`; `trees` are its bases, if it has others than `conformance.seeds`."""
    trees = bases(kind) if trees is None else trees
    used = sorted({one.case.base for one in recorded})
    by_base: dict[str, list[Recorded]] = defaultdict(list)
    for one in recorded:
        by_base[one.case.base].append(one)
    lines = [{name: trees[name] for name in used}]
    lines += [_line(one) for name in used for one in sorted(by_base[name], key=lambda one: one.case.tags)]
    text = "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines)
    FOLDER.mkdir(exist_ok=True)
    file = _file(minor, kind)
    file.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    return file


def _line(one: Recorded) -> Json:
    """Return a case as JSON: base, mutations, edits, stage, findings, warnings, and the old object's edits in an update."""
    outcome, case = one.outcome, one.case
    line = [
        case.base,
        " ".join(case.tags),
        case.edits,
        outcome.stage,
        sorted(outcome.findings),
        sorted(outcome.warnings),
    ]
    return line if case.old is None else [*line, case.old]


def _file(minor: str, kind: str) -> Path:
    return FOLDER / (f"{minor}.jsonl.xz" if kind == "DaemonSet" else f"{minor}-{kind}.jsonl.xz")


def load(minor: str, kind: str = "DaemonSet", numbers: Sequence[int] | None = None) -> list[Recorded]:
    """Return the record of `minor` and `kind`, or the cases of it that have these numbers, from 0."""
    if numbers is not None and not numbers:
        return []
    text = lzma.decompress(_file(minor, kind).read_bytes()).decode()
    first, *lines = text.rstrip("\n").split("\n")
    trees = json.loads(first)
    return [
        _recorded(trees, *json.loads(line)) for line in (lines if numbers is None else map(lines.__getitem__, numbers))
    ]


def _recorded(
    trees: dict[str, Json],
    base: str,
    tags: str,
    edits: Json,
    stage: str,
    findings: Json,
    warnings: Json = (),
    old: Json = None,
) -> Recorded:
    case = Case(base, tuple(tags.split(" ")), _edits(edits), None if old is None else _edits(old))
    return Recorded(
        case, Outcome(stage, frozenset((kind, field) for kind, field in findings), frozenset(warnings)), trees
    )


def _edits(edits: Json) -> Json:
    return tuple(
        tuple(tuple(part) if place == 1 and isinstance(part, list) else part for place, part in enumerate(edit))
        for edit in edits
    )
