"""Import the objects of a stream: convert them to profiles, and verify that these generate the same objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Final

from dsgen.generate.generator import Generator
from dsgen.importer.daemonset import DaemonSet, Imported, read_base
from dsgen.importer.fold.checksums import ADOPT, KEPT, Adoption
from dsgen.importer.fold.companion import ImportedCompanion, Reason
from dsgen.importer.fold.related import Others
from dsgen.importer.normalize.legacy import modern
from dsgen.importer.normalize.tidy import tidy_object, without_defaults
from dsgen.importer.others import is_part, no_daemonset, not_imported, only_hooks, part_of_one
from dsgen.importer.prove import Prover
from dsgen.importer.read.hooks import hook
from dsgen.importer.read.objects import SourceObject
from dsgen.importer.shorten.extension import NOT_TRIED, Base
from dsgen.importer.variants import as_variants
from dsgen.kubernetes.schema.decode import decode
from dsgen.kubernetes.validate import validate
from dsgen.problem import Problem, has_errors
from dsgen.profile.compile import Rejected
from dsgen.resolve.description import COMPANION_KINDS

# At most so many profiles of an import extend another one. The others set everything, which is faster.
EXTENSIONS: Final = 1_000


def import_objects(
    given: list[SourceObject],
    generator: Generator,
    minor: str,
    extends: str = "",
    variants: str = "",
    adopt: bool = False,
    rest: list[tuple[SourceObject, Reason]] | None = None,
) -> tuple[list[Imported], list[Problem]]:
    """Return the DaemonSets among the objects as profiles, with their companions, and the problems of the other objects.

    With `extends`, a value of the key with this name, the profiles set only what differs from that one. With `variants`, a name, all
    DaemonSets become one profile with this name. With `adopt`, dsgen's hashes replace those that other tools write. With `rest`, the
    objects next to the DaemonSets that are in no profile are added to that, with the reasons, and not reported as problems.
    """
    hooks = {id(each): problem for each in given if (problem := hook(each))}
    problems = list(hooks.values())
    given = [each for each in given if id(each) not in hooks]
    base = read_base(extends, generator, problems, minor) if extends else None
    if has_errors(problems):
        return [], problems
    prover = Prover(generator, minor)
    daemonsets, twins = one_of_each_name(daemonsets_in(given, prover, problems))
    if base:
        base.trials.reserve(len(daemonsets) * base.size)
    beside = [each for each in given if not each.is_daemonset]
    reasons: dict[int, Reason] = {id(twin): reason for twin, reason in twins}
    others = Others(companions_in(beside, minor, reasons))
    imported: list[Imported] = []
    every = [*beside, *(each.given for each in daemonsets)] if adopt else []
    if variants and len(daemonsets) > 1:
        with suppress(Rejected):  # reported below for the one that a profile cannot express
            imported.append(_as_variants(variants, daemonsets, others, prover, every))
    if not imported:
        for number, each in enumerate(daemonsets):
            imported.append(_alone(each, others, base if number < EXTENSIONS else None, every))
            others.take(imported[-1].folded)
    for left in (left for each in imported for left in each.left):
        reasons.setdefault(id(left.companion.given), left.reason)
    if base:
        problems += base.trials.problems()
        if len(daemonsets) > EXTENSIONS:
            which = f"only the first {EXTENSIONS:,} of {len(daemonsets):,} profiles extend `{base.reference}`"
            problems.append(NOT_TRIED.at(None, which, hint="import fewer DaemonSets at once"))
    folded = {id(other) for each in imported for other in each.folded}
    left_out = [*(each for each in beside if id(each) not in folded), *(twin for twin, _ in twins)]
    if len(beside) == len(given):
        return imported, [*problems, *(map(no_daemonset, left_out) if left_out else only_hooks(hooks))]
    aside = [(each, reasons.get(id(each)) or others.unrelated(each)) for each in left_out]
    if rest is not None:
        rest += aside
        return imported, problems
    return imported, [*problems, *(not_imported(each, reason) for each, reason in aside)]


def _alone(daemonset: DaemonSet, others: Others, base: Base | None, every: list[SourceObject]) -> Imported:
    """Return the profile of one DaemonSet; with `every` object of the import, with dsgen's own hashes if possible."""
    related = others.related(daemonset.agent)

    def make(daemonsets: list[DaemonSet], companions: list[list[ImportedCompanion]]) -> Imported:
        return daemonsets[0].imported(companions[0], base)

    made = make([daemonset], [related])
    return _adopted(made, [daemonset], [related], make, every) if every else made


def _as_variants(
    name: str, daemonsets: list[DaemonSet], others: Others, prover: Prover, every: list[SourceObject]
) -> Imported:
    """Return one profile of all DaemonSets; with `every` object of the import, with dsgen's own hashes if possible."""
    related = [others.related(each.agent._replace(name=name)) for each in daemonsets]

    def make(daemonsets: list[DaemonSet], companions: list[list[ImportedCompanion]]) -> Imported:
        return as_variants(name, daemonsets, companions, prover)

    made = make(daemonsets, related)
    return _adopted(made, daemonsets, related, make, every) if every else made


def _adopted(
    made: Imported,
    daemonsets: list[DaemonSet],
    related: list[list[ImportedCompanion]],
    make: Callable[[list[DaemonSet], list[list[ImportedCompanion]]], Imported],
    every: list[SourceObject],
) -> Imported:
    """Return a profile with dsgen's hashes instead of those of other tools; unchanged if none is replaced, or if the objects would differ."""
    folded = {id(each) for each in made.folded}
    own = {id(each): each for ones in related for each in ones if id(each.given) in folded}
    config_maps = [each for each in own.values() if each.given.kind == "ConfigMap"]
    apart = folded | {id(each.given) for each in daemonsets}
    adoption = Adoption(
        [each.given for each in daemonsets], config_maps, [each for each in every if id(each) not in apart]
    )
    if not made.same:
        return _unadopted(
            made, "the hash is kept, because the profile is not identical to the manifest: see the other problems"
        )
    if adoption.is_empty:
        return _unadopted(made, KEPT)
    adopted = [(each, *adoption.of(each.given)) for each in daemonsets]
    again = make(
        [DaemonSet(given, [*each.before, *said], each.prover) for each, given, said in adopted],
        [[adoption.companions.get(id(each), each) for each in ones] for ones in related],
    )
    if not again.same or len(again.folded) != len(made.folded):
        return _unadopted(made, KEPT)
    return _unadopted(again._replace(folded=made.folded, left=made.left, restarts=True), KEPT)


def _unadopted(made: Imported, why: str) -> Imported:
    """Return a profile with the reason at each hash that `--adopt-checksums` does not replace."""
    return made._replace(
        problems=tuple(each._replace(hint=why) if each.hint == ADOPT else each for each in made.problems)
    )


def daemonsets_in(given: list[SourceObject], prover: Prover, problems: list[Problem]) -> list[DaemonSet]:
    """Return the DaemonSets that can be imported; the problems of the others are added to `problems`."""
    result = []
    for each in given:
        if not each.is_daemonset:
            continue
        root, said = modern(each.root)
        if not decode(root, prover.minor).kind:
            problems += validate(root, prover.minor)
        elif is_part(root):
            problems.append(part_of_one(root))
        else:
            result.append(DaemonSet(each._replace(root=root), said, prover))
    return result


def one_of_each_name(daemonsets: list[DaemonSet]) -> tuple[list[DaemonSet], list[tuple[SourceObject, Reason]]]:
    """Return the first DaemonSet of each name, and the others with the reason why they have no profile."""
    first: dict[str, DaemonSet] = {}
    twins = []
    for each in daemonsets:
        other = first.setdefault(each.name, each)
        if other is not each:
            where = f"in {other.given.namespace}" if other.given.namespace else "without a namespace"
            why = f"a project has one profile of a name, and {each.name} {where} is imported"
            twins.append((each.given, Reason(why, "import it into another project, or pass its manifest on")))
    return list(first.values()), twins


def companions_in(beside: list[SourceObject], minor: str, reasons: dict[int, Reason]) -> Iterator[ImportedCompanion]:
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
