"""The description of a profile with variants: one DaemonSet each, and shared companion objects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dsgen.kubernetes.validation.labels import matches
from dsgen.problem import Problem, Reporter, code
from dsgen.resolve.description import MISSING_KEY, Description, describe
from dsgen.resolve.file import FindConfig
from dsgen.resolve.variants.layers import Variant
from dsgen.tree import Map, as_map, origin_of

NO_SHARED_LABEL = code(
    "missing-common-variant-label",
    """A service, a monitor or a network policy selects the pods of all variants, but they have no label in common, since each variant
    sets its own selector. Add a label under `podLabels`, or set the selector in the companion.""",
)


def describe_all(
    whole: Map, patched: Map, variants: Sequence[Variant], find: FindConfig, report: Reporter
) -> Description | None:
    """Return the description of a profile with `variants`, or None if a required key is missing.

    `whole` is the profile without them, and `patched` are the variants.
    """
    containers = _containers(whole, variants)
    if not containers:
        return describe(whole, find, report)
    lacking = [each.key for each in variants if not each.whole.get("containers")]
    for key in lacking:
        found, hint = f"the variant `{key}` has no containers", "add `containers: {NAME: {image: …}}`"
        report(MISSING_KEY.at(origin_of(patched.key(key)), found, hint=hint, path=f"variants.{key}.containers"))
    if lacking:
        return None
    described = [describe(each.whole, find, report, each) for each in variants]
    own = tuple(each for each in described if each)
    pods = [as_map(each.context["template"]).map("metadata", "labels") for each in own]
    unselected: list[Problem] = []

    def selector_of_all(selector: Map) -> Map:
        if all(matches(selector, labels) for labels in pods):
            return selector
        common = _common(pods)
        if not common:
            unselected.extend(_unselected(whole))
        return Map({"matchLabels": common}, None, "LabelSelector")

    # A problem of the profile is a problem of each variant, unless the variant fixes it.
    problems: list[Problem] = []
    # Companions may refer to the ports of all variants, which need not have a container in common.
    base = whole if whole.get("containers") else whole.updated({"containers": containers})
    shared = describe(base, find, problems.append, selector_of_all=selector_of_all)
    if shared is None or None in described:
        for problem in problems if shared is None else ():
            report(problem)
        return None
    for problem in unselected:
        report(problem)
    return shared._replace(variants=own, profile=whole.replaced("variants", patched))


def _containers(whole: Map, variants: Sequence[Variant]) -> Map:
    """Return the containers of the profile, or if it has none itself, those of its variants."""
    own = whole.child("containers")
    if own:
        return own
    result = Map((), None, "<name:Container>")
    for each in variants:
        for name, container in each.whole.map("containers").items():
            result.setdefault(name, container)
    return result


def _common(labels: Sequence[Map]) -> Map:
    """Return the labels that all have with the same value."""
    first, *others = labels
    return Map(
        ((key, value) for key, value in first.items() if all(each.get(key) == value for each in others)), None, "{str}"
    )


def _unselected(whole: Map) -> Iterable[Problem]:
    for key, field in (("service", "selector"), ("podMonitor", "selector"), ("networkPolicy", "podSelector")):
        stated = whole.child(key)
        if stated is not None and field not in stated:
            found = f"`{key}` selects the pods of all variants, but they have no label in common"
            hint = f"add one under `podLabels`, or set `{field}` here"
            yield NO_SHARED_LABEL.at(stated.origin, found, hint=hint, path=key)
