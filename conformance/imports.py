"""Imports manifests, generates from the profiles, and compares by Kubernetes' own code. Needs Go.

python -m conformance.imports                 those under tests/corpus
python -m conformance.imports FOLDER...       others
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple

from conformance.same import same
from conformance.seeds import CORPUS
from dsgen.generate.for_project import generator
from dsgen.generate.generator import Generator
from dsgen.importer.daemonset import Imported
from dsgen.importer.importing import import_objects
from dsgen.importer.read.objects import SourceObject, given_objects
from dsgen.kubernetes.schema import fields
from dsgen.kubernetes.validate import validate
from dsgen.plain import plain
from dsgen.problem import has_errors
from dsgen.project.project import Project
from dsgen.resolve.file import File
from dsgen.traversal import paths

WORST = 10


class Compared(NamedTuple):
    """A profile: of which file, how many lines, of how many, and what Kubernetes says of each object that it makes."""

    file: str
    name: str
    stated: int
    given: int
    pairs: list[tuple[str, str]]
    uses_manifest: bool

    @property
    def ratio(self) -> float:
        """Lines of the profile for each line of the manifests."""
        return self.stated / self.given


def main(folders: list[str]) -> int:
    """Print how many come back the same, and how long the profiles are."""
    files = sorted(path for folder in folders or [str(CORPUS)] for path in Path(folder).glob("*.yaml"))
    make = generator(Project(Path.cwd()))
    compared: list[Compared] = []
    refused = 0
    folded, left = 0, Counter[str]()
    for file in files:
        text = file.read_bytes()
        given, _ = given_objects(text, file.name)
        imported, _ = import_objects(given, make, fields.DEFAULT)
        own = {id(one) for each in imported for one in each.folded}
        folded += len(own)
        aside = {id(one.companion.given): one.reason.why for each in imported for one in each.left}
        left.update(why for one, why in aside.items() if one not in own)
        for each in imported:
            if each.same is None:
                refused += 1
            else:
                compared.append(_compared(file, text.decode("utf-8-sig"), each, given, make))
    answers = iter(same(pair for one in compared for pair in one.pairs))
    wrong = 0
    for one in compared:
        for reason in [answer for answer in (next(answers) for _ in one.pairs) if answer]:
            wrong += 1
            print(f"{one.file}: {one.name}: {reason}")
    objects = sum(len(one.pairs) for one in compared)
    print(
        f"{len(compared)} DaemonSets with {objects} objects, {wrong} of them not the same; {refused} refused by Kubernetes"
    )
    belonging = folded + left.total()
    if belonging:
        print(f"{belonging} objects belong to a DaemonSet, {folded} of them are folded in; not folded in:")
    for why, number in left.most_common():
        print(f"  {number}  {why}")
    print(f"{sum(one.uses_manifest for one in compared)} use `manifest`")
    ratios = sorted(one.ratio for one in compared)
    tenths = quantiles(ratios, n=10)
    print(
        f"lines: median {median(ratios):.2f}, tenths {' '.join(f'{each:.2f}' for each in tenths)}, longest {ratios[-1]:.2f}"
    )
    for one in sorted(compared, key=lambda one: -one.ratio)[:WORST]:
        print(f"  {one.ratio:.2f}  {one.stated} of {one.given}  {one.file}")
    return 1 if wrong else 0


def _compared(file: Path, text: str, imported: Imported, given: list[SourceObject], make: Generator) -> Compared:
    made = make.make(File("imported.yaml", imported.text.encode(), imported.text))
    assert not has_errors(made.problems), made.problems
    objects = {(each.kind, each.name): each.text for each in made.objects}
    own = [each for each in given if (each.kind, each.name) == ("DaemonSet", imported.name)][:1]
    whole = [*own, *imported.folded]
    # What dsgen had to correct first is not stored as it was given.
    stored = [each for each in whole if not has_errors(validate(each.root)) and each.kind != "PodMonitor"]
    pairs = [(json.dumps(plain(each.root)), objects[each.kind, each.name]) for each in stored]
    lines = text.split("\n")
    stated = sum(_stated(lines[first - 1 : last]) for first, last in map(_range, whole))
    return Compared(
        file.name, imported.name, _stated(imported.text.split("\n")), stated, pairs, "\nmanifest:" in imported.text
    )


def _range(given: SourceObject) -> tuple[int, int]:
    """Return the first and the last line of an object."""
    places = [origin for origin, _ in paths(given.root)]
    return min(place.line for place in places), max(place.end_line - (place.end_column == 1) for place in places)


def _stated(lines: list[str]) -> int:
    return sum(1 for line in lines if line.strip() and not line.strip().startswith(("#", "---")))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
