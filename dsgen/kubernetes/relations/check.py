"""All checks of relations: each module has the rules of one concept, as a function of a `View`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from dsgen.kubernetes.relations import blocking, disruption, duplicates, names, selection, stale
from dsgen.kubernetes.relations.excerpt import Excerpt, excerpt
from dsgen.kubernetes.relations.view import OwnedProblem, Trees, View
from dsgen.kubernetes.schema import fields
from dsgen.problem import Problem
from dsgen.tree import Map

_CLAIMS: Final = frozenset({"ResourceClaim", "ResourceClaimTemplate"})


def relations(
    excerpts: Iterable[Excerpt], trees: Trees, minor: str = fields.DEFAULT, default: str = "", partial: bool = False
) -> Iterator[OwnedProblem]:
    """Yield what is wrong between objects of one cluster, each with the object that has the problem.

    `trees` returns the object of an excerpt. `default` is the Pod Security level of a namespace without a label. With `partial`, the cluster
    has more objects that are not among these: only what they cannot change is reported, which are errors.
    """
    view = View(excerpts)
    if default or "Namespace" in view.kinds:
        # Imports all checks of the Pod Security Standards.
        from dsgen.kubernetes.relations import levels

        found = levels.findings(view, trees, minor, default)
        yield from (each for each in found if not partial or each.problem.severity == "error")
    if not _CLAIMS.isdisjoint(view.kinds):
        from dsgen.kubernetes.relations import admin_access

        found = admin_access.findings(view, trees, minor)
        yield from (each for each in found if not partial or each.problem.severity == "error")
    if partial:
        return
    conflict = duplicates.conflict(view)
    if conflict:
        yield conflict
    # Files that conflict are hardly all for one cluster.
    for each in view.by_file() if conflict else [view]:
        for module in (names, selection, disruption, duplicates, blocking, stale):
            yield from module.findings(each)


def between(
    roots: Iterable[Map],
    minor: str = fields.DEFAULT,
    default: str = "",
    partial: bool = False,
    generated: bool = False,
) -> list[tuple[Map, Problem]]:
    """Return what is wrong between the objects `roots`, like `relations`: each object that has a problem, and the problem.

    Objects that are `generated` from profiles are known to be different ones.
    """
    objects = [(found, root) for root in roots if (found := excerpt(root, with_content=not generated)) is not None]
    trees = {id(found): root for found, root in objects}
    known = (each for each, _ in objects)
    findings = relations(known, lambda each: trees[id(each)], minor, default, partial)
    return [(trees[id(owner)], problem) for owner, problem in findings]


def rejected_pods(roots: Iterable[Map], minor: str, default: str) -> list[tuple[Map, Problem]]:
    """Return the objects among `roots` that are rejected, or whose pods are, because of a Namespace among them; and why."""
    return between(roots, minor, default, partial=True, generated=True)
