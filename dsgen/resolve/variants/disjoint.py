"""Proof that variants are disjoint: no possible node runs two of them, and no selector matches another's pods."""

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
    """A node could match two variants of a profile, and would run both. Labels can prevent this, taints cannot: a node without
    taints may always exist.""",
)
SAME_PODS = code(
    "overlapping-variant-selectors",
    "The selector of a variant matches the pods of another one, so the two would fight over them. A selector is immutable in the cluster.",
)
UNCOVERED = code(
    "uncovered-nodes",
    """Some nodes that the profile selects without its variants are selected by no variant. If that is intended, select the nodes under the
    profile's own `nodes`.""",
    severity="warning",
)
NOT_PROVEN = code(
    "unproven-variants",
    """There are too many cases to check, so dsgen does not know whether a node could run two variants, or whether the variants reach every
    node of the profile.""",
    severity="warning",
)


def check_disjoint(variants: Sequence[tuple[str, Map]], base: Value, minor: str) -> Iterator[Problem]:
    """Yield the problems of variants, given the key and the valid DaemonSet of each. `base` is the pod's spec without variants."""
    variants = [(key, decode(root, minor).root) for key, root in variants]
    placed = [(key, Placement(root)) for key, root in variants]
    last = variants[-1][0]
    clear = True
    try:
        # If some overlap, the others are checked once these are fixed.
        for first, second, example in islice(overlapping([each.selection for _, each in placed]), MAX_OVERLAPS):
            clear = False
            one, other = placed[first][0], placed[second][0]
            found = f"a node {example} would run `{one}` and `{other}`"
            hint = "add conditions that exclude each other, or set `nodes: {rest: true}` in one of the two"
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
        found = f"no variant selects a node {left}"
        hint = "add one for the rest: `default: {nodes: {rest: true}}`; move requirements that all variants share to the profile's `nodes`"
        if left.taints:
            hint = "let one of them tolerate the taint: `nodes: {tolerate+: …}`"
        yield UNCOVERED.at(origin_of(last), found, hint=hint, path="variants")


def _not_proven(last: str, found: str) -> Problem:
    return NOT_PROVEN.at(origin_of(last), found, hint="run `dsgen plan` with your nodes", path="variants")


def _daemonset(pod: Value) -> Map:
    return Map({"spec": Map({"template": Map({"spec": pod})})})


def _pods(one: str, root: Map, other: str, other_root: Map) -> Iterator[Problem]:
    """Yield a problem if the selector of the first variant matches the pods of the second."""
    labels = other_root.map("spec", "template", "metadata", "labels")
    selector = root.map("spec", "selector")
    if matches(selector, labels):
        found = f"the selector of `{one}` matches the pods of `{other}`"
        hint = "add a label to it that the other's pods do not have"
        yield SAME_PODS.at(origin_of(one), found, hint=hint, path=f"variants.{one}")
