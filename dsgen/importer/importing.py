"""The way of an import: the objects of a stream as profiles, and the proof that they say the same."""

from __future__ import annotations

from contextlib import suppress

from dsgen.generate import Generator
from dsgen.importer.companion import Companion, part
from dsgen.importer.daemonset import DaemonSet, Imported, read_base
from dsgen.importer.given import tidy_object, without_defaults
from dsgen.importer.legacy import modern
from dsgen.importer.objects import Given
from dsgen.importer.others import is_part, not_imported, part_of_one
from dsgen.importer.proof import Prover
from dsgen.importer.variants import as_variants
from dsgen.kubernetes.decode import decode
from dsgen.kubernetes.verdict import judge
from dsgen.problem import Problem, has_errors
from dsgen.profile.accept import Refused


def import_objects(
    given: list[Given], generator: Generator, minor: str, extends: str = "", variants: str = ""
) -> tuple[list[Imported], list[Problem]]:
    """Return the DaemonSets among the objects as profiles, with what belongs to them, and what is to say of the rest.

    With `extends`, which is what the key of this name takes, the profiles state only what differs from that one. With `variants`, a
    name, all DaemonSets become one profile of this name.
    """
    problems: list[Problem] = []
    base = read_base(extends, generator, problems, minor) if extends else None
    if has_errors(problems):
        return [], problems
    prover = Prover(generator, minor)
    others = [each for each in given if not each.is_daemonset]
    companions = [companion for companion in (_companion(each, minor) for each in others) if companion is not None]
    daemonsets = _daemonsets(given, prover, problems)
    imported: list[Imported] = []
    if variants and len(daemonsets) > 1:
        with suppress(Refused):  # of one that no profile can state, it is said below
            imported.append(as_variants(variants, daemonsets, companions, prover))
    if not imported:
        for each in daemonsets:
            imported.append(each.imported(companions, base))
            folded = {id(other) for other in imported[-1].folded}
            companions = [companion for companion in companions if id(companion.given) not in folded]
    folded = {id(each) for made in imported for each in made.folded}
    left = [each for each in others if id(each) not in folded]
    return imported, problems + not_imported(left, alone=len(others) == len(given))


def _daemonsets(given: list[Given], prover: Prover, problems: list[Problem]) -> list[DaemonSet]:
    """Return the DaemonSets that can be imported; what is to say of the others is added to `problems`."""
    result = []
    for each in given:
        if not each.is_daemonset:
            continue
        root, said = modern(each.root)
        if is_part(root):
            problems.append(part_of_one(root))
        elif decode(root, prover.minor).kind:
            result.append(DaemonSet(each._replace(root=root), said, prover))
        else:
            problems += judge(root, prover.minor)
    return result


def _companion(given: Given, minor: str) -> Companion | None:
    """Return an object that could belong to a DaemonSet, if Kubernetes takes it."""
    decoded = decode(given.root, minor)
    if not decoded.kind or decoded.faults:
        return None
    tree = without_defaults(tidy_object(decoded.root, decoded.kind, minor), decoded.kind, minor)
    return Companion(given, tree) if "name" in part(tree, "metadata") else None
