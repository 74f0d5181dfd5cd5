"""Convert one DaemonSet to a profile: correct it if necessary, and verify the result."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from dsgen.generate.generator import Generator
from dsgen.importer.fold.checksums import ineffective
from dsgen.importer.fold.companion import Fold, ImportedAgent, ImportedCompanion, LeftOut
from dsgen.importer.fold.companions import Folding, best
from dsgen.importer.fold.mounts import folded as folded_mounts
from dsgen.importer.fold.settle import Attempt, settled
from dsgen.importer.normalize.correct import corrected
from dsgen.importer.normalize.tidy import tidy_object, without_defaults
from dsgen.importer.prove import Prover, made_objects
from dsgen.importer.read.comments import Comments
from dsgen.importer.read.objects import SourceObject
from dsgen.importer.shorten.extension import (
    Base,
    Trials,
    difference,
    keyed_as_below,
    mounted_as_below,
    without_redundant,
)
from dsgen.importer.shorten.layer import short_layer
from dsgen.importer.shorten.profile import profile
from dsgen.importer.shorten.short import as_written
from dsgen.importer.write.commented import converted, has_entries
from dsgen.importer.write.layout import lines_of, write
from dsgen.kubernetes.schema.decode import decode
from dsgen.kubernetes.schema.words import MANAGED_BY, NAME
from dsgen.kubernetes.validate import validate
from dsgen.problem import Problem, has_errors
from dsgen.profile.compile import Rejected, long_form
from dsgen.record import Record
from dsgen.resolve.file import File
from dsgen.tree import Map, origin_of


class Imported(Record):
    """A profile: its text, the problems of the import, and whether it generates the `same` objects as the manifests.

    `same` is None if that is unknown, because Kubernetes rejects the manifest. `folded` are the companions that the profile generates
    too, `left` those that it leaves out.
    """

    name: str
    text: str
    problems: tuple[Problem, ...]
    same: bool | None
    folded: tuple[SourceObject, ...]
    left: tuple[LeftOut, ...]
    # Whether hashes of other tools were replaced, which restarts the pods.
    restarts: bool = False


class DaemonSet:
    """A DaemonSet of `apps/v1`. `problems` were found before; `refused` are the reasons for which Kubernetes rejects it."""

    def __init__(self, given: SourceObject, problems: Sequence[Problem], prover: Prover) -> None:
        self.given = given
        self.prover = prover
        self.before = problems
        minor = prover.minor
        root, decoded, corrections = corrected(given.root, minor)
        self.refused = [problem for problem in validate(root, minor) if problem.severity == "error"]
        tidied = tidy_object(decoded, "DaemonSet", minor)
        tree = without_defaults(tidied, "DaemonSet", minor, given.comments.on_values())
        self.tidied: Map = tidied
        self.problems = [*problems, *corrections, *self.refused]
        labels = tree.map("metadata", "labels")
        self.name = str(tree.map("metadata").get("name", ""))
        standard = labels.get(NAME) == self.name and labels.get(MANAGED_BY) == "dsgen"
        annotations = tree.map("metadata", "annotations")
        self.agent = ImportedAgent(self.name, tree, labels, annotations, standard, minor)
        # By the identity of a pod, which is kept with it: several profiles of it may be tried.
        self._arranged: dict[int, tuple[Map, Map]] = {}
        arranged = self.arranged(self.agent.pod)
        whole = root.map("spec", "template", "spec")
        comments = _at_selector(_at_keys_that_stay(given.comments, whole, arranged), self.agent)
        self.comments = converted(arranged, comments, minor)

    def arranged(self, pod: Map) -> Map:
        """Return a pod with its volumes at their mounts, if possible, and if no entry of the list is commented out."""
        known = self._arranged.get(id(pod))
        if known is None:
            stays = has_entries(pod.get("volumes"), self.given.comments)
            known = self._arranged[id(pod)] = pod, pod if stays else folded_mounts(pod)
        return known[1]

    def imported(self, companions: list[ImportedCompanion], base: Base | None) -> Imported:
        """Return the profile, with the companions that it reproduces exactly; with a `base`, only what differs from it."""
        base = base and base.under(self.name)

        def attempt(some: list[ImportedCompanion]) -> Attempt:
            return self._attempt(some, base)

        attempted = settled(attempt, companions, self.prover, bool(self.refused))
        problems = list(self.problems)
        if has_errors(attempted.result.problems) and not self.refused:
            problems += [problem for problem in attempted.result.problems if problem.severity == "error"]
        rendered = made_objects(attempted.result).get(("DaemonSet", self.name))
        differences = None if self.refused else self.prover.unlike(self.given, rendered)
        same = None if differences is None else not differences
        folded = tuple(each.given for each in attempted.folded)
        problems += [*(differences or ()), *ineffective(self.given, attempted.folded)]
        return Imported(self.name, attempted.text, tuple(problems), same, folded, tuple(attempted.left))

    def _attempt(self, companions: list[ImportedCompanion], base: Base | None) -> Attempt:
        """Return the profile with those of some companions that can be part of it."""
        folding = best(self.agent, companions)
        text = self.text(folding, base)
        return Attempt(text, self.prover.make(self.name, text, self.accepted(folding)), folding.folded, folding.left)

    def accepted(self, folding: Folding) -> list[SourceObject]:
        """Return what its profile should generate, as far as Kubernetes accepts it."""
        return [*(() if self.refused else (self.given,)), *(each.given for each in folding.folded)]

    def text(self, folding: Folding, base: Base | None = None) -> str:
        """Return the text of the profile with some companions; with a `base`, only what differs from it."""
        folded = [each.given for each in folding.folded]
        # Files often begin with the same licence.
        heads = dict.fromkeys(tuple(each.head) for each in (self.given, *folded))
        head = [f"{words}\n" for words_of_file in heads for words in words_of_file]
        comments = self.comments.with_those_of(each.comments for each in folded)
        return "".join(head) + self._written(folding.agent, folding.folds, comments, base)

    def _written(self, agent: ImportedAgent, folds: list[Fold], comments: Comments, base: Base | None) -> str:
        if base is None:
            return write(profile(agent, folds, self.arranged), comments)
        whole = profile(agent, folds, lambda pod: mounted_as_below(pod, base))
        try:
            layer = difference(base.profile, keyed_as_below(long_form(as_written(whole)), base.profile))
        except Rejected:  # such as a name that no profile can have
            return write(profile(agent, folds, self.arranged), comments)
        layer["name"] = self.name

        def text(layer: Map) -> str:
            short = short_layer(layer).items()
            extends = Map([("extends", base.reference), *short], None, "profile")
            return write(extends, comments.at(set(lines_of(extends))))

        def generates(layer: Map) -> object:
            return self.prover.all_normalized(self.prover.make(self.name, text(layer)))

        return text(without_redundant(layer, generates, base))


def _at_keys_that_stay(comments: Comments, pod: Map, arranged: Map) -> Comments:
    """Return comments with those above a key of the pods that the profile does not have above the next one that it has."""
    above = dict(comments.above)
    moved: list[str] = []
    for key in pod:
        place = origin_of(pod.key(key))
        line = (place.file, place.line) if place else ("", 0)
        if key not in arranged:
            moved += above.pop(line, [])
        elif moved:
            above[line] = [*moved, *above.get(line, [])]
            moved = []
    return comments._replace(above=above) if not moved else comments


def _at_selector(comments: Comments, agent: ImportedAgent) -> Comments:
    """Return comments with those behind labels of the pods at the same labels of the selector, which gives them to the pods."""
    behind = dict(comments.behind)
    selected = agent.selector.map("matchLabels")
    for label in agent.pod_labels:
        places = [origin_of(each.key(label)) for each in (agent.pod_labels, selected) if label in each]
        lines = [(place.file, place.line) for place in places if place]
        if len(lines) == 2 and lines[0] in behind and lines[1] not in behind:
            behind[lines[1]] = behind.pop(lines[0])
    return comments._replace(behind=behind)


def read_base(extends: str, generator: Generator, problems: list[Problem], minor: str) -> Base | None:
    """Return the layer that profiles extend, or None if it has errors, which are added to `problems`."""
    return _base(extends, "", generator, problems, minor, Trials())


def _base(
    extends: str, name: str, generator: Generator, problems: list[Problem], minor: str, trials: Trials
) -> Base | None:
    stated = f"name: {json.dumps(name)}\n" if name else ""
    text = f"extends: {json.dumps(extends)}\n{stated}"
    file = File("--extends", text.encode(), str(Path("extends.yaml").absolute()))
    description = generator.describe(file, problems)
    result = generator.make(file)
    tree = made_objects(result).get(("DaemonSet", description.name)) if description else None
    if description is None or tree is None:
        problems += [problem for problem in result.problems if problem not in problems]
        return None
    tree = without_defaults(tidy_object(decode(tree, minor).root, "DaemonSet", minor), "DaemonSet", minor)
    found = Base(extends, description.profile, tree.map("spec", "template", "spec"), trials, lambda name: found)
    if not name and any("name" in each for _, each in description.profile.named("configMaps")):
        found = found._replace(under=lambda name: _base(extends, name, generator, [], minor, trials) or found)
    return found
