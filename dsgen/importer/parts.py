"""The objects of an import by their part in it: DaemonSets, objects that may belong to them, and hooks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dsgen.importer.daemonset import DaemonSet
from dsgen.importer.fold.companion import ImportedCompanion, Reason
from dsgen.importer.fold.related import Others
from dsgen.importer.normalize.legacy import modern
from dsgen.importer.normalize.tidy import tidy_object, without_defaults
from dsgen.importer.others import is_part, part_of_one
from dsgen.importer.prove import Prover
from dsgen.importer.read.hooks import hook
from dsgen.importer.read.objects import SourceObject
from dsgen.kubernetes.schema.decode import decode
from dsgen.kubernetes.validate import validate
from dsgen.problem import Problem
from dsgen.record import Record
from dsgen.resolve.description import COMPANION_KINDS
from dsgen.tree import Null


class Candidate(Record):
    """A DaemonSet of `apps/v1` that can be imported, and what was found before."""

    given: SourceObject
    problems: list[Problem]

    def daemonset(self, prover: Prover) -> DaemonSet:
        """Return the DaemonSet, validated and tidy."""
        return DaemonSet(self.given, self.problems, prover)


class Parts(Record):
    """The DaemonSets of an import, and all other objects but hooks: those `beside` them, and further DaemonSets of a name.

    `reasons` are those why an object cannot be in a profile, by its id. `problems` are about hooks and about DaemonSets that cannot be
    imported at all.
    """

    daemonsets: list[Candidate]
    beside: list[SourceObject]
    others: Others
    reasons: dict[int, Reason]
    twins: list[SourceObject]
    hooks: list[Problem]
    problems: list[Problem]

    def again(self) -> Parts:
        """Return the parts of which no profile has taken any object yet."""
        return self._replace(others=self.others.again(), reasons=dict(self.reasons), twins=list(self.twins))

    def left_out(self, folded: set[int]) -> list[tuple[SourceObject, Reason]]:
        """Return the objects that are in no profile, with the reasons; `folded` are the ids of those that are."""
        left = [*(each for each in self.beside if id(each) not in folded), *self.twins]
        return [(each, self.reasons.get(id(each)) or self.others.unrelated(each)) for each in left]


def parts_of(given: Sequence[SourceObject], minor: str) -> Parts:
    """Return the objects by their part in the import."""
    hooks = {id(each): problem for each in given if (problem := hook(each))}
    problems: list[Problem] = []
    reasons: dict[int, Reason] = {}
    objects = [each for each in given if id(each) not in hooks]
    daemonsets, twins = _one_of_each_name(_daemonsets(objects, minor, problems), reasons)
    beside = [each for each in objects if not each.is_daemonset]
    others = Others(_companions(beside, minor, reasons))
    return Parts(daemonsets, beside, others, reasons, twins, list(hooks.values()), problems)


def _daemonsets(given: Sequence[SourceObject], minor: str, problems: list[Problem]) -> Iterator[Candidate]:
    """Yield the DaemonSets that can be imported; the problems of the others are added to `problems`."""
    for each in given:
        if not each.is_daemonset:
            continue
        root, said = modern(each.root)
        if not decode(root, minor).kind:
            problems += validate(root, minor)
        elif is_part(root):
            problems.append(part_of_one(root))
        else:
            yield Candidate(each._replace(root=root), said)


def _one_of_each_name(
    daemonsets: Iterator[Candidate], reasons: dict[int, Reason]
) -> tuple[list[Candidate], list[SourceObject]]:
    """Return the first DaemonSet of each name, and the others; the reasons why these have no profile are added to `reasons`."""
    first: dict[str, Candidate] = {}
    twins = []
    for each in daemonsets:
        name = each.given.root.map("metadata").get("name")
        other = first.setdefault("" if isinstance(name, Null) else str(name or ""), each)
        if other is not each:
            where = f"in {other.given.namespace}" if other.given.namespace else "without a namespace"
            why = f"a project has one profile of a name, and {each.given.name} {where} is imported"
            reasons[id(each.given)] = Reason(why, "import it into another project, or pass its manifest on")
            twins.append(each.given)
    return list(first.values()), twins


def _companions(beside: list[SourceObject], minor: str, reasons: dict[int, Reason]) -> Iterator[ImportedCompanion]:
    """Yield the objects that could belong to a DaemonSet; the reasons for the others are added to `reasons`, by their ids."""
    seen: set[tuple[str, str, str]] = set()
    for given in beside:
        decoded = decode(given.root, minor)
        refused = next((each for each in validate(given.root, minor) if each.severity == "error"), None)
        is_companion = decoded.kind in COMPANION_KINDS
        if refused and (is_companion or (refused.hint and not decoded.kind)):
            field = f"`{refused.field}`: " if refused.field else ""
            why = f"Kubernetes rejects it: {field}{refused.message} ({refused.code})"
            reasons[id(given)] = Reason(why, refused.hint or "fix it and import again")
        elif is_companion:
            tree = without_defaults(tidy_object(decoded.root, decoded.kind, minor), decoded.kind, minor)
            own = (given.kind, given.namespace, given.name)
            if "name" not in tree.map("metadata"):
                reasons[id(given)] = Reason("it has `generateName` instead of a name")
            elif own in seen:
                reasons[id(given)] = Reason(
                    "the input has another object with its kind, namespace and name before it", "pass it only once"
                )
            else:
                seen.add(own)
                yield ImportedCompanion(given, tree)
