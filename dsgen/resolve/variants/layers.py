"""Variants: each is a layer over the rest of its profile, and one of them may select the remaining nodes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from dsgen.kubernetes.scheduling.node_complement import CannotExpressError, complement, intersect, to_affinity_terms
from dsgen.kubernetes.scheduling.node_selection import Selection, selection
from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.schema.formats import LABEL_VALUE_MAX_LENGTH
from dsgen.problem import Problem, Reporter, code
from dsgen.profile.shape_problems import INVALID_PROFILE_NAME
from dsgen.record import Record
from dsgen.resolve import placement
from dsgen.resolve.layers import merge, merge_all, nulls, without_deletions
from dsgen.traversal import count
from dsgen.tree import List, Map, Text, origin_of

REST = code(
    "invalid-variant-rest",
    """The nodes that the other variants leave cannot be expressed as node affinity: two variants select the rest, nothing is left, there
    are too many cases, or the others compare numbers, which affinity cannot negate.""",
)
TOO_MANY = code(
    "too-many-variants",
    """Each variant is a complete DaemonSet, and is compared with all others, so their number is limited.""",
)
MAX_VARIANTS: Final = 250
# The number of values in all variants together.
MAX_VALUES: Final = 500_000
# The keys that make variants disjoint. Taints do not.
_CONDITIONS: Final = frozenset({"os", "arch", "select", "require"})


class Variant(Record):
    """A variant: its key in the profile, the name of its DaemonSet, and the merged `layers`, lowest first, its own on top.

    `labelled` ones have the label `dsgen.dev/variant`; the others set their own selector.
    """

    key: str
    name: str
    labelled: bool
    whole: Map
    layers: Sequence[Map]


def split(
    layers: Sequence[Map], over: Sequence[Map], report: Reporter
) -> tuple[list[Map], list[Map], dict[str, list[Map]]]:
    """Return the layers of a profile and those over it, lowest first, without `variants`; and the layers of each variant."""
    patches: dict[str, list[Map]] = {}
    for place, layer in enumerate([*layers, *over]):
        if layer.is_null("variants"):
            patches.clear()
        variants = layer.map("variants")
        for key, stated in variants.items():
            if (patch := variants.child(key)) is not None:
                patches.setdefault(key, []).append(patch)
                continue
            patches.pop(key, None)
            for problem in nulls(stated, ("variants", key)) if place == 0 else ():
                report(problem)
    return [each.without("variants") for each in layers], [each.without("variants") for each in over], patches


def variant_patches(patches: Mapping[str, Sequence[Map]]) -> Map:
    """Return the layers of each variant merged into one, with nulls and `KEY+`."""
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
            more = f"a profile may have at most {MAX_VARIANTS} variants, got {len(patches)}"
            if values > MAX_VALUES:
                more = f"{len(patches)} variants of {values // number:,} values each: more than {MAX_VALUES:,} in all"
            hint = "split the profile, or use environments"
            report(TOO_MANY.at(origin_of(key), more, hint=hint, path="variants"))
            break
        upper = [*over, *patches[key]]
        whole = merge_all(layers, report, upper)
        whole = _with_rest(whole, key, merged, report)
        values += count(whole)
        patch = merged.map(key)
        name = patch.get("name")
        if not isinstance(name, str):
            name = Text.at(f"{base}-{key}", origin_of(key))
        labelled = "selector" not in patch
        for problem in _name_problems(key, name, labelled):
            report(problem)
        found.append(Variant(key, name, labelled, whole.replaced("name", base), (*layers, *upper)))
    return found


def _name_problems(key: str, name: str, labelled: bool) -> list[Problem]:
    origin, path = origin_of(key), f"variants.{key}"
    if len(name) > LABEL_VALUE_MAX_LENGTH:
        found = f"the DaemonSet's name `{name}` must have at most {LABEL_VALUE_MAX_LENGTH} characters, got {len(name)}"
        return [
            INVALID_PROFILE_NAME.at(
                origin, found, hint="shorten one of the two, or set `name` in the variant", path=path
            )
        ]
    if any(formats.dns_subdomain(name)) or (labelled and any(formats.label_value(key))):
        found = f"`{key}` is not a valid part of a name: must consist of lower-case letters, digits and `-`, and end with a letter or digit"
        better = re.sub("[^a-z0-9-]+", "-", key.lower()).strip("-")
        return [INVALID_PROFILE_NAME.at(origin, found, hint=f"for example `{better or 'large'}`", path=path)]
    return []


def _with_rest(whole: Map, key: str, patched: Map, report: Reporter) -> Map:
    """Return the layers of a variant; if it selects the remaining nodes, with the requirements for that."""
    nodes = whole.map("nodes")
    rest = nodes.get("rest")
    if not rest:
        return whole
    others = {name: without_deletions(patched.map(name, "nodes")) for name in patched if name != key}
    try:
        twice = next((name for name, each in others.items() if each.get("rest")), None)
        if twice is not None:
            raise CannotExpressError(f"`{twice}` selects the rest too")
        every = next((name for name, each in others.items() if not _CONDITIONS & each.keys()), None)
        if every is not None:
            raise CannotExpressError(f"`{every}` has no conditions under `nodes`, and selects every node")
        terms = complement([_selection(each) for each in others.values()])
        required = _selection(Map({"require": nodes["require"]})).terms if "require" in nodes else None
        if required is not None:
            terms = intersect(required, terms)
    except CannotExpressError as error:
        hint = "write its conditions under `nodes` instead of `rest`"
        found = f"the remaining nodes cannot be expressed: {error}"
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
    """Drop a problem that is reported for the profile as a whole."""
