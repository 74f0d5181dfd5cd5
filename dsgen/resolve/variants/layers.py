"""Variants: each a layer over everything else of its profile, and one of them may take the rest of the nodes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from dsgen.kubernetes.scheduling.node_complement import CannotExpressError, complement, intersect, to_affinity_terms
from dsgen.kubernetes.scheduling.node_selection import Selection, selection
from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.schema.formats import LABEL_VALUE_MAX_LENGTH
from dsgen.problem import Problem, Reporter, code
from dsgen.profile.problems import INVALID_PROFILE_NAME
from dsgen.record import Record
from dsgen.resolve import placement
from dsgen.resolve.layers import merge, merge_all, nulls, without_deletions
from dsgen.traversal import count
from dsgen.tree import List, Map, Null, Text, origin_of

REST = code(
    "invalid-variant-rest",
    """The nodes that the other variants leave cannot be written as node affinity: two variants take the rest, nothing is left, there are
    too many cases, or the others ask for numbers, of which affinity cannot ask for the opposite.""",
)
TOO_MANY = code(
    "too-many-variants",
    """Each variant is a DaemonSet with everything that the profile states, and is held against all others: there is a limit to that.""",
)
MAX_VARIANTS: Final = 250
# The values that all variants state together.
MAX_VALUES: Final = 500_000
# What keeps variants apart. Taints do not.
_CONDITIONS: Final = frozenset({"os", "arch", "select", "require"})


class Variant(Record):
    """A variant: its key, as the profile states it, the name of its DaemonSet, and the merged layers with its own on top.

    `labelled` ones are told apart by `dsgen.dev/variant`; the others state their own selector.
    """

    key: str
    name: str
    labelled: bool
    whole: Map


def split(
    layers: Sequence[Map], over: Sequence[Map], report: Reporter
) -> tuple[list[Map], list[Map], dict[str, list[Map]]]:
    """Return the layers of a profile and those over it, the lowest first, without what they state of variants; and that: layers, by variant."""
    patches: dict[str, list[Map]] = {}
    for place, layer in enumerate([*layers, *over]):
        if isinstance(layer.get("variants"), Null):
            patches.clear()
        for key, patch in layer.map("variants").items():
            if isinstance(patch, Map):
                patches.setdefault(key, []).append(patch)
                continue
            patches.pop(key, None)
            for problem in nulls(patch, ("variants", key)) if place == 0 else ():
                report(problem)
    return [each.without("variants") for each in layers], [each.without("variants") for each in over], patches


def variant_patches(patches: Mapping[str, Sequence[Map]]) -> Map:
    """Return what the layers state of each variant as one layer, with its nulls and `KEY+`."""
    result = Map((), None, "{profile}")
    for key, layers in patches.items():
        one = Map((), None, result.type)
        for patch in layers:
            one = merge(one, Map({key: patch}, None, one.type), _ignored)
        result |= one
    return result


def variants(
    layers: list[Map], over: Sequence[Map], patches: Mapping[str, Sequence[Map]], report: Reporter
) -> list[Variant]:
    """Return the variants of a profile: the `patches` of each, over the `layers` of the profile and those `over` it."""
    base = next((layer["name"] for layer in reversed([*layers, *over]) if "name" in layer), None)
    if not isinstance(base, str):
        return []
    found = []
    values = 0
    merged = variant_patches(patches)
    for number, key in enumerate(merged):
        if number == MAX_VARIANTS or values > MAX_VALUES:
            more = f"{len(patches)} variants, and a profile has at most {MAX_VARIANTS}"
            if values > MAX_VALUES:
                more = f"{len(patches)} variants of {values // number:,} values each: more than {MAX_VALUES:,} in all"
            hint = "divide the profile, or make environments of them"
            report(TOO_MANY.at(origin_of(key), more, hint=hint, path="variants"))
            break
        whole = merge_all(layers, report, [*over, *patches[key]])
        whole = _with_rest(whole, key, merged, report)
        values += count(whole)
        patch = merged.map(key)
        name = patch.get("name")
        if not isinstance(name, str):
            name = Text.at(f"{base}-{key}", origin_of(key))
        labelled = "selector" not in patch
        for problem in _name_problems(key, name, labelled):
            report(problem)
        found.append(Variant(key, name, labelled, whole.replaced("name", base)))
    return found


def _name_problems(key: str, name: str, labelled: bool) -> list[Problem]:
    origin, path = origin_of(key), f"variants.{key}"
    if len(name) > LABEL_VALUE_MAX_LENGTH:
        found = f"the DaemonSet would be called `{name}`, {len(name)} characters; at most {LABEL_VALUE_MAX_LENGTH} are allowed"
        return [
            INVALID_PROFILE_NAME.at(
                origin, found, hint="shorten one of the two, or state `name` in the variant", path=path
            )
        ]
    if any(formats.dns_subdomain(name)) or (labelled and any(formats.label_value(key))):
        found = f"`{key}` cannot be part of a name: lower-case letters, digits and `-`, ending with a letter or digit"
        better = re.sub("[^a-z0-9-]+", "-", key.lower()).strip("-")
        return [INVALID_PROFILE_NAME.at(origin, found, hint=f"for example `{better or 'large'}`", path=path)]
    return []


def _with_rest(whole: Map, key: str, patched: Map, report: Reporter) -> Map:
    """Return the layers of a variant; where it takes the rest of the nodes, with what that requires."""
    nodes = whole.map("nodes")
    rest = nodes.get("rest")
    if not rest:
        return whole
    others = {name: without_deletions(patched.map(name, "nodes")) for name in patched if name != key}
    try:
        twice = next((name for name, each in others.items() if each.get("rest")), None)
        if twice is not None:
            raise CannotExpressError(f"`{twice}` takes the rest too")
        every = next((name for name, each in others.items() if not _CONDITIONS & each.keys()), None)
        if every is not None:
            raise CannotExpressError(f"`{every}` states no conditions under `nodes`, and takes every one")
        terms = complement([_selection(each) for each in others.values()])
        required = _selection(Map({"require": nodes["require"]})).terms if "require" in nodes else None
        if required is not None:
            terms = intersect(required, terms)
    except CannotExpressError as error:
        hint = "state under `nodes` which nodes it takes, in the place of `rest`"
        found = f"the rest of the nodes cannot be written: {error}"
        report(REST.at(origin_of(rest), found, hint=hint, path=f"variants.{key}.nodes.rest"))
        return whole
    if not all(terms):
        return whole
    origin = origin_of(rest)
    require = List((Map(term, origin, "NodeSelectorTerm") for term in to_affinity_terms(terms)), origin)
    return whole.replaced("nodes", nodes.replaced("require", require))


def _selection(nodes: Map) -> Selection:
    pod = Map({"nodeSelector": placement.node_selector(nodes, _ignored)})
    pod["affinity"] = placement.affinity(Map(), nodes, _ignored)
    return selection(pod)


def _ignored(problem: Problem) -> None:
    """Take a problem that is told of where the whole is looked at."""
