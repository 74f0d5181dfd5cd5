"""The way of an import: a manifest, corrected where it must be, as a profile, and the proof that it says the same."""

from __future__ import annotations

import json
import operator
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

from dsgen.generate import Generator, Made
from dsgen.importer.comments import Comments
from dsgen.importer.companion import Agent, Companion, Fold, part
from dsgen.importer.companions import best
from dsgen.importer.correct import corrected
from dsgen.importer.extension import Base, difference, mounted_as_below, without_needless
from dsgen.importer.given import tidy_object, without_defaults
from dsgen.importer.layer import short_layer
from dsgen.importer.legacy import modern
from dsgen.importer.objects import Given
from dsgen.importer.others import is_part, not_imported, part_of_one
from dsgen.importer.profile import profile
from dsgen.importer.proof import differences
from dsgen.importer.short import as_written
from dsgen.importer.write import lines_of, write
from dsgen.kubernetes.admission.kinds import KINDS
from dsgen.kubernetes.decode import decode
from dsgen.kubernetes.defaults import defaulted
from dsgen.kubernetes.verdict import judge
from dsgen.problem import Problem, code, has_errors
from dsgen.profile.accept import long_form
from dsgen.resolve.file import File
from dsgen.resolve.identity import MANAGED_BY, NAME
from dsgen.tree import Map, locate, plain

IMPORT_DIFFERS = code(
    "import-differs",
    """What the profile makes is not quite what the manifest says, once the server has stored both. With `--strict` it is an error.""",
    severity="warning",
)


@dataclass(frozen=True)
class Imported:
    """A profile: its text, what is to say of the import, and whether what it makes is the same as what was given.

    `same` is None where that cannot be said, since Kubernetes refuses the manifest. `folded` are the objects that the profile makes
    too, every one the same.
    """

    name: str
    text: str
    problems: tuple[Problem, ...]
    same: bool | None
    folded: tuple[Given, ...]


def import_objects(
    given: list[Given], generator: Generator, minor: str, extends: str = ""
) -> tuple[list[Imported], list[Problem]]:
    """Return the DaemonSets among the objects as profiles, with what belongs to them, and what is to say of the rest.

    With `extends`, which is what the key of this name takes, the profiles state only what differs from that one.
    """
    problems: list[Problem] = []
    base = _base(extends, generator, problems, minor) if extends else None
    if has_errors(problems):
        return [], problems
    imported = []
    others = [each for each in given if each.kind != "DaemonSet"]
    companions = [companion for companion in (_companion(each, minor) for each in others) if companion is not None]
    for each in given:
        if each.kind != "DaemonSet":
            continue
        root, said = modern(each.root)
        if is_part(root):
            problems.append(part_of_one(root))
        elif decode(root, minor).kind:
            made = _Import(each._replace(root=root), said, generator, minor, base).run(companions)
            imported.append(made)
            companions = [companion for companion in companions if companion.given not in made.folded]
        else:
            problems += judge(root, minor)
    folded = {id(each) for made in imported for each in made.folded}
    left = [each for each in others if id(each) not in folded]
    return imported, problems + not_imported(left, alone=len(others) == len(given))


def _base(extends: str, generator: Generator, problems: list[Problem], minor: str) -> Base | None:
    """Return the layer that profiles are to extend, or None; what is wrong with it is added to `problems`."""
    file = File("--extends", f"extends: {json.dumps(extends)}\n".encode(), str(Path("extends.yaml").absolute()))
    description = generator.describe(file, problems)
    made = generator.make(file)
    if description is None or not made.objects:
        problems += [problem for problem in made.problems if problem not in problems]
        return None
    tree = tidy_object(decode(_object(made, "DaemonSet", description.name), minor).root, "DaemonSet", minor)
    pod = part(part(part(without_defaults(tree, "DaemonSet", minor), "spec"), "template"), "spec")
    return Base(extends, description.profile, pod)


def _companion(given: Given, minor: str) -> Companion | None:
    """Return an object that could belong to a DaemonSet, if Kubernetes takes it."""
    decoded = decode(given.root, minor)
    if not decoded.kind or decoded.faults:
        return None
    tree = without_defaults(tidy_object(decoded.root, decoded.kind, minor), decoded.kind, minor)
    return Companion(given, tree) if "name" in part(tree, "metadata") else None


class _Import:
    """One DaemonSet on its way to a profile."""

    def __init__(
        self, given: Given, problems: list[Problem], generator: Generator, minor: str, base: Base | None
    ) -> None:
        self.given = given
        self.base = base
        self.generator = generator
        self.minor = minor
        meant, said = corrected(given.root, minor)
        self.refused = [problem for problem in judge(meant, minor) if problem.severity == "error"]
        self.problems = [*problems, *said, *self.refused]
        tree = without_defaults(tidy_object(decode(meant, minor).root, "DaemonSet", minor), "DaemonSet", minor)
        labels = part(part(tree, "metadata"), "labels")
        standard = labels.get(NAME) == given.name and labels.get(MANAGED_BY) == "dsgen"
        self.agent = Agent(given.name, tree, labels, standard, minor)

    def run(self, companions: list[Companion]) -> Imported:
        """Return the profile: with as many companions as come back the same."""
        while True:
            agent, folds = best(self.agent, companions)
            folded = [companion for fold in folds for companion in fold.objects]
            givens = [self.given, *(each.given for each in folded)]
            head = [f"{words}\n" for each in givens for words in each.head]
            comments = reduce(operator.or_, (each.comments for each in givens))
            text = "".join(head) + self._written(agent, folds, comments)
            made = self._make(text)
            wrong = [each for each in folded if not self._comes_back(each, made)]
            if not wrong or self.refused:
                break
            companions = [each for each in companions if each not in wrong]
        problems = list(self.problems)
        if has_errors(made.problems) and not self.refused:
            problems += [problem for problem in made.problems if problem.severity == "error"]
        others = tuple(each.given for each in folded)
        found = self._unlike(made)
        if self.refused or found is None:
            return Imported(self.given.name, text, tuple(problems), None, others)
        return Imported(self.given.name, text, tuple(problems + found), not found, others)

    def _written(self, agent: Agent, folds: list[Fold], comments: Comments) -> str:
        """Return the text of the profile; of one that extends another, only what differs."""
        base = self.base
        if base is None:
            return write(profile(agent, folds), comments)
        whole = profile(agent, folds, lambda pod: mounted_as_below(pod, base))
        layer = difference(base.profile, long_form(as_written(whole)))
        layer["name"] = whole["name"]

        def text(layer: Map) -> str:
            extends = Map([("extends", base.reference), *short_layer(layer, self.minor).items()], None, "profile")
            return write(extends, comments.at(set(lines_of(extends))))

        return text(without_needless(layer, lambda shorter: self._all_stored(self._make(text(shorter)))))

    def _unlike(self, made: Made) -> list[Problem] | None:
        """Return how the DaemonSet that is made differs from the given one; None where none is made."""
        daemonset = _object(made, "DaemonSet", self.given.name)
        return None if daemonset is None else list(self._differences(self.given.root, daemonset, "DaemonSet"))

    def _all_stored(self, made: Made) -> list[object]:
        """Return all that is made, as the server would store it."""
        return [plain(self._stored(each.tree, each.kind) if each.kind in KINDS else each.tree) for each in made.objects]

    def _make(self, text: str) -> Made:
        name = f"{self.given.name or 'daemonset'}.yaml"
        return self.generator.make(File(name, text.encode(), str(Path(name).absolute())))

    def _comes_back(self, companion: Companion, made: Made) -> bool:
        tree = _object(made, companion.given.kind, companion.given.name)
        return tree is not None and not list(self._differences(companion.given.root, tree, companion.given.kind))

    def _differences(self, root: Map, made: Map, kind: str) -> Iterator[Problem]:
        """Yield a problem for each field in which what was given and what was made differ, at the place of the field."""
        for each in differences(self._stored(root, kind), self._stored(made, kind)):
            yield IMPORT_DIFFERS.at(locate(root, each.path), str(each), field=each.field)

    def _stored(self, root: Map, kind: str) -> Map:
        """Return an object as the server would store it, as far as it can be read."""
        return defaulted(tidy_object(decode(root, self.minor).root, kind, self.minor), self.minor, kind)


def _object(made: Made, kind: str, name: str) -> Map | None:
    return next((each.tree for each in made.objects if (each.kind, each.name) == (kind, name)), None)
