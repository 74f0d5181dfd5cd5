"""That variants stay apart: no node that there could ever be runs two of them, and none of them takes another's pods."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, islice
from typing import Final

from dsgen.kubernetes.scheduling.node_sets import NotProvenError, overlapping, uncovered
from dsgen.kubernetes.scheduling.placement import Placement
from dsgen.kubernetes.schema.decode import decode
from dsgen.kubernetes.validation.labels import matches
from dsgen.problem import Problem, code
from dsgen.tree import Map, Value, origin_of

MAX_OVERLAPS: Final = 100

OVERLAP = code(
    "overlapping-variants",
    """A node could match two variants of a profile, and would run both. Labels keep variants apart, taints do not: a node without
    taints may always exist.""",
)
SAME_PODS = code(
    "overlapping-variant-selectors",
    "The selector of a variant matches the pods of another one: the two would fight over them. It cannot be changed later.",
)
UNCOVERED = code(
    "uncovered-nodes",
    """There are nodes that the profile without its variants would reach, and none of the variants does. Where that is meant, state under
    the profile's own `nodes` which nodes it is for.""",
    severity="warning",
)
NOT_PROVEN = code(
    "unproven-variants",
    """There are too many cases to look at: whether two variants could meet on a node, or all of them reach every node of the profile,
    is not known.""",
    severity="warning",
)


def check_disjoint(variants: Sequence[tuple[str, Map]], base: Value, minor: str) -> Iterator[Problem]:
    """Yield what is wrong with variants: each one's key, and its DaemonSet, which has no errors. `base` is the pod's spec without them."""
    variants = [(key, decode(root, minor).root) for key, root in variants]
    placed = [(key, Placement(root)) for key, root in variants]
    last = variants[-1][0]
    clear = True
    try:
        # Where some overlap, all the others are seen when these are put right.
        for first, second, example in islice(overlapping([each.selection for _, each in placed]), MAX_OVERLAPS):
            clear = False
            one, other = placed[first][0], placed[second][0]
            found = f"a node {example} would run `{one}` and `{other}`"
            hint = "state conditions that exclude each other, or `nodes: {rest: true}` in one of the two"
            yield OVERLAP.at(origin_of(other), found, hint=hint, path=f"variants.{other}")
    except NotProvenError:
        yield _not_proven(last, "whether a node could run two of the variants is not proven")
    for (one, first_root), (other, second_root) in combinations(variants, 2):
        yield from _pods(one, first_root, other, second_root)
        yield from _pods(other, second_root, one, first_root)
    if not clear:
        return
    try:
        left = uncovered(Placement(_daemonset(base)), [placement for _, placement in placed])
    except NotProvenError:
        yield _not_proven(last, "whether the variants reach every node of the profile is not proven")
        return
    if left is not None:
        found = f"no variant takes a node {left}"
        hint = "add one that takes the others: `default: {nodes: {rest: true}}`; what all of them require is better stated under the profile's `nodes`"
        if left.taints:
            hint = "let one of them tolerate the taint: `nodes: {tolerate+: …}`"
        yield UNCOVERED.at(origin_of(last), found, hint=hint, path="variants")


def _not_proven(last: str, found: str) -> Problem:
    return NOT_PROVEN.at(origin_of(last), found, hint="ask `dsgen plan` for the nodes that you have", path="variants")


def _daemonset(pod: Value) -> Map:
    return Map({"spec": Map({"template": Map({"spec": pod})})})


def _pods(one: str, root: Map, other: str, other_root: Map) -> Iterator[Problem]:
    """Yield a problem, if the first of two variants takes the pods of the second."""
    labels = other_root.map("spec", "template", "metadata", "labels")
    selector = root.map("spec", "selector")
    if matches(selector, labels):
        found = f"the selector of `{one}` matches the pods of `{other}`"
        hint = "state a label in it that the other's pods do not have"
        yield SAME_PODS.at(origin_of(one), found, hint=hint, path=f"variants.{one}")
