"""The objects of an import by their part in it: DaemonSets, objects that may belong to them, and hooks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, count, filterfalse
from typing import Protocol

from dsgen.importer.daemonset import DaemonSet
from dsgen.importer.fold.companion import KEEP, ImportedCompanion, LeftOut, Reason
from dsgen.importer.fold.related import Others, no_key
from dsgen.importer.normalize.legacy import modern
from dsgen.importer.normalize.tidy import tidy_object, without_defaults
from dsgen.importer.others import is_part, part_of_one
from dsgen.importer.prove import Prover
from dsgen.importer.read.created import created, left_to_creators
from dsgen.importer.read.hooks import hook
from dsgen.importer.read.objects import SourceObject
from dsgen.importer.read.repeated import repeated
from dsgen.kubernetes.schema.decode import decode, identify
from dsgen.kubernetes.validate import validate
from dsgen.problem import Problem
from dsgen.record import Record
from dsgen.resolve.description import COMPANION_KINDS
from dsgen.tree import Null


class Candidate(Record):
    """A DaemonSet of `apps/v1` that can be imported, and what was found before.

    `profile` is the name of its profile: its own, or if another DaemonSet has that, one with its namespace.
    """

    given: SourceObject
    problems: list[Problem]
    profile: str = ""

    def daemonset(self, prover: Prover) -> DaemonSet:
        """Return the DaemonSet, validated and tidy."""
        return DaemonSet(self.given, self.problems, prover)


class ProfileParts(Protocol):
    """A profile: the objects `folded` into it, and companions that it has `left` out."""

    @property
    def folded(self) -> Sequence[SourceObject]:
        """The objects that the profile generates besides its DaemonSet."""

    @property
    def left(self) -> Sequence[LeftOut]:
        """The companions that it leaves out."""


class Parts(Record):
    """The DaemonSets of an import, and all other objects but hooks: those `beside` them, and further DaemonSets of a name.

    `reasons` are those why an object cannot be in a profile, by its id. `problems` are about objects that
    the cluster creates itself, or that are twice in the input, and about DaemonSets that cannot be imported at all.
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

    def left_out(self, imported: Iterable[ProfileParts]) -> list[tuple[SourceObject, Reason]]:
        """Return the objects that are in no profile, with the reasons.

        Of a cluster, these are DaemonSets and what belongs to them: it has many other objects.
        """
        folded: set[int] = set()
        related: set[int] = set()
        for profile in imported:
            folded.update(map(id, profile.folded))
            for left in profile.left:
                related.add(id(left.companion.given))
                self.reasons.setdefault(id(left.companion.given), left.reason)
        left_out = [*(each for each in self.beside if id(each) not in folded), *self.twins]
        return [
            (each, self.reasons.get(id(each)) or self.others.unrelated(each))
            for each in left_out
            if each.is_selected or each.is_daemonset or id(each) in related
        ]


def parts_of(given: Sequence[SourceObject], minor: str, several: bool = False) -> Parts:
    """Return the objects by their part in the import. With `several`, DaemonSets of one name in several namespaces have a profile each."""
    hooks = {id(each): problem for each in given if (problem := hook(each))}
    problems: list[Problem] = []
    reasons: dict[int, Reason] = {}
    of_cluster = list(created(each for each in given if id(each) not in hooks))
    problems += left_to_creators((each, who) for each, who in of_cluster if each.is_selected or each.is_daemonset)
    apart = {*hooks, *(id(each) for each, _ in of_cluster)}
    twice = list(repeated(each for each in given if id(each) not in apart))
    problems += (problem for _, problem in twice)
    apart.update(id(each) for each, _ in twice)
    objects = [each for each in given if id(each) not in apart]
    daemonsets, twins = _one_of_each_name(_daemonsets(objects, minor, problems), several, reasons)
    beside = [each for each in objects if not each.is_daemonset]
    others = Others(_companions(beside, minor, reasons))
    return Parts(daemonsets, beside, others, reasons, twins, list(hooks.values()), problems)


def _daemonsets(given: Sequence[SourceObject], minor: str, problems: list[Problem]) -> Iterator[Candidate]:
    """Yield the DaemonSets that can be imported; the problems of the others are added to `problems`."""
    for each in given:
        if not each.is_daemonset:
            continue
        root, said = modern(each.root)
        if not identify(root, minor).type:
            problems += validate(root, minor)
        elif is_part(root):
            problems.append(part_of_one(root))
        else:
            yield Candidate(each._replace(root=root), said)


def _one_of_each_name(
    daemonsets: Iterator[Candidate], several: bool, reasons: dict[int, Reason]
) -> tuple[list[Candidate], list[SourceObject]]:
    """Return the DaemonSets that have a profile, and the others; the reasons for these are added to `reasons`."""
    every = [(_name(each.given), each) for each in daemonsets]
    taken = {name for name, _ in every}
    first: dict[str, Candidate] = {}
    result, twins = [], []
    for name, each in every:
        other = first.setdefault(name, each)
        if other is each:
            result.append(each._replace(profile=name))
        elif several:
            own = f"{name}-{each.given.namespace or 'default'}"
            own = next(filterfalse(taken.__contains__, chain([own], (f"{own}-{number}" for number in count(2)))))
            taken.add(own)
            result.append(each._replace(profile=own))
        else:
            twins.append(each.given)
            reasons[id(each.given)] = _twin(each.given, other.given)
    return result, twins


def _name(given: SourceObject) -> str:
    name = given.root.map("metadata").get("name")
    return "" if isinstance(name, Null) else str(name or "")


def _twin(given: SourceObject, other: SourceObject) -> Reason:
    where = f"in {other.namespace}" if other.namespace else "without a namespace"
    why = f"names of profiles are unique in a project, and {given.name} {where} is already imported"
    return Reason(why, "import it into another project, or pass on its manifest")


def _companions(beside: list[SourceObject], minor: str, reasons: dict[int, Reason]) -> Iterator[ImportedCompanion]:
    """Yield the objects that could belong to a DaemonSet; the reasons for the others are added to `reasons`, by their ids."""
    for given in beside:
        decoded = decode(given.root, minor)
        refused = next((each for each in validate(given.root, minor) if each.severity == "error"), None)
        is_companion = decoded.kind in COMPANION_KINDS
        if refused and (decoded.kind or refused.hint):
            field = f"`{refused.field}`: " if refused.field else ""
            why = f"Kubernetes rejects it: {field}{refused.message} ({refused.code})"
            hint = refused.hint or "fix it and import again"
            if decoded.kind and not is_companion:
                why = f"{no_key(given)}, and {why}"
                hint = "; ".join(filter(None, [refused.hint, f"fix it, and {KEEP}"]))
            reasons[id(given)] = Reason(why, hint)
        elif is_companion:
            tree = without_defaults(tidy_object(decoded.root, decoded.kind, minor), decoded.kind, minor)
            if "name" not in tree.map("metadata"):
                reasons[id(given)] = Reason("it has `generateName` instead of a name")
            else:
                yield ImportedCompanion(given, tree)
