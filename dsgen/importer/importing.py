"""Import the objects of a stream: convert them to profiles, and verify that these generate the same objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Final

from dsgen.generate.generator import Generator
from dsgen.importer.adopt import adopted
from dsgen.importer.daemonset import DaemonSet, Imported, read_base
from dsgen.importer.each import import_each
from dsgen.importer.fold.companion import ImportedCompanion, Reason
from dsgen.importer.others import no_daemonset, not_imported, only_hooks
from dsgen.importer.parts import Parts, parts_of
from dsgen.importer.prove import Prover
from dsgen.importer.read.objects import SourceObject
from dsgen.importer.shorten.extension import NOT_TRIED
from dsgen.importer.variants import as_variants
from dsgen.problem import Problem, has_errors
from dsgen.profile.compile import Rejected

# At most so many profiles of an import extend another one. The others set everything, which is faster.
EXTENSIONS: Final = 1_000


def import_objects(
    given: Sequence[SourceObject],
    generator: Generator,
    minor: str,
    extends: str = "",
    variants: str = "",
    adopt: bool = False,
    rest: list[tuple[SourceObject, Reason]] | None = None,
    jobs: int | None = 1,
    watch: Callable[[Iterator[Imported], int], Iterator[Imported]] = lambda found, _: found,
) -> tuple[list[Imported], list[Problem]]:
    """Return the DaemonSets among the objects as profiles, with their companions, and the problems of the other objects.

    With `extends`, a value of the key with this name, the profiles set only what differs from that one. With `variants`, a name, all
    DaemonSets become one profile with this name. With `adopt`, dsgen's hashes replace those that other tools write. With `rest`, the
    objects next to the DaemonSets that are in no profile are added to that, with the reasons, and not reported as problems. At most `jobs`
    processes share the work; None means one per core. `watch` yields the profiles that it gets, of which there are so many.
    """
    problems: list[Problem] = []
    base = read_base(extends, generator, problems, minor) if extends else None
    if has_errors(problems):
        return [], problems
    parts = parts_of(given, minor, several=not variants)
    problems += [*parts.hooks, *parts.problems]
    prover = Prover(generator, minor)
    daemonsets = parts.daemonsets
    if base:
        base.trials.reserve(len(daemonsets) * base.size)
    imported: list[Imported] = []
    every = [*parts.beside, *(each.given for each in daemonsets)] if adopt else []
    if variants and len(daemonsets) > 1:
        with suppress(Rejected):  # reported below for the one that a profile cannot express
            imported.append(_as_variants(variants, parts, prover, every))
    if not imported:
        extending = daemonsets[:EXTENSIONS] if base else []
        imported += watch(import_each(extending, parts.others, prover, every, base, jobs=1), len(extending))
        others = daemonsets[len(extending) :]
        imported += watch(import_each(others, parts.others, prover, every, None, jobs), len(others))
    if base:
        problems += base.trials.problems()
        if len(daemonsets) > EXTENSIONS:
            which = f"only the first {EXTENSIONS:,} of {len(daemonsets):,} profiles extend `{base.reference}`"
            problems.append(NOT_TRIED.at(None, which, hint="import fewer DaemonSets at once"))
    if not any(each.is_daemonset for each in given):
        return imported, [*problems, *(map(no_daemonset, parts.beside) if parts.beside else only_hooks(parts.hooks))]
    aside = parts.left_out(imported)
    if rest is not None:
        rest += aside
        return imported, problems
    return imported, [*problems, *(not_imported(each, reason) for each, reason in aside)]


def _as_variants(name: str, parts: Parts, prover: Prover, every: list[SourceObject]) -> Imported:
    """Return one profile of all DaemonSets; with `every` object of the import, with dsgen's own hashes if possible."""
    daemonsets = [each.daemonset(prover) for each in parts.daemonsets]
    related = [parts.others.related(each.agent._replace(name=name)) for each in daemonsets]

    def make(daemonsets: list[DaemonSet], companions: list[list[ImportedCompanion]]) -> Imported:
        return as_variants(name, daemonsets, companions, prover)

    made = make(daemonsets, related)
    return adopted(made, daemonsets, related, make, every) if every else made
