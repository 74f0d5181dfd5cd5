"""Convert several DaemonSets of one agent to one profile: what they have in common, and a variant for the rest of each."""

from __future__ import annotations

from typing import Any, Final

from dsgen.importer.daemonset import DaemonSet, Imported
from dsgen.importer.fold.checksums import ineffective
from dsgen.importer.fold.companion import ImportedCompanion, LeftOut
from dsgen.importer.fold.companions import best
from dsgen.importer.fold.settle import Attempt, settled
from dsgen.importer.prove import Prover, made_objects
from dsgen.importer.shorten.extension import appends
from dsgen.importer.shorten.layer import short_layer
from dsgen.importer.shorten.profile import COMPANIONS, profile
from dsgen.importer.shorten.short import as_written
from dsgen.importer.write.layout import lines_of, write
from dsgen.plain import plain
from dsgen.problem import Problem, code, has_errors
from dsgen.profile.compile import long_form
from dsgen.resolve.layers import WHOLE, merge
from dsgen.tree import List, Map, Text, Value, maps_in, origin_of

# Generated once and shared by all variants, which therefore do not set them.
_SHARED: Final = ("namespace", *COMPANIONS)
# Objects that a variant may set in part. Half of a volume or of a probe would be hard to read.
_PARTED: Final = frozenset(
    {"profile", "nodes", "Container", "ResourceRequirements", "SecurityContext", "PodSecurityContext"}
)

SHARED_DIFFERS = code(
    "conflicting-variant-companions",
    """Variants share their companion objects: one namespace, one service account, one priority class. DaemonSets with different ones must
    be imported separately.""",
)


def as_variants(
    name: str, daemonsets: list[DaemonSet], related: list[list[ImportedCompanion]], prover: Prover
) -> Imported:
    """Return DaemonSets as one profile of this name, with a variant for each. `related` are the companions of each DaemonSet.

    Raises Rejected if a profile cannot express one of them.
    """
    shared: list[Problem] = []

    def attempt(companions: list[ImportedCompanion]) -> Attempt:
        shared.clear()
        some = set(map(id, companions))
        of_each = [[each for each in ones if id(each) in some] for ones in related]
        return _attempt(name, daemonsets, of_each, prover, shared)

    every = list({id(each): each for ones in related for each in ones}.values())
    attempted = settled(attempt, every, prover, refused=any(each.refused for each in daemonsets))
    problems = [problem for each in daemonsets for problem in each.problems]
    problems += shared
    problems += [problem for problem in attempted.result.problems if problem.severity == "error"]
    rendered = made_objects(attempted.result)
    differences = [prover.unlike(each.given, rendered.get(("DaemonSet", each.name))) for each in daemonsets]
    folded, left = tuple(each.given for each in attempted.folded), tuple(attempted.left)
    problems += dict.fromkeys(problem for each in daemonsets for problem in ineffective(each.given, attempted.folded))
    if has_errors(problems) or None in differences:
        return Imported(name, attempted.text, tuple(problems), None, folded, left)
    unlike = [problem for each in differences if each for problem in each]
    return Imported(name, attempted.text, tuple(problems + unlike), not unlike, folded, left)


def _attempt(
    name: str,
    daemonsets: list[DaemonSet],
    related: list[list[ImportedCompanion]],
    prover: Prover,
    problems: list[Problem],
) -> Attempt:
    """Return the profile with those of the companions that can be part of it; companions that they cannot share are added to `problems`."""
    wholes, folded, left = _wholes(name, daemonsets, related)
    shared = _shared_companions(name, wholes, problems)
    patches = [Map([(key, whole.pop(key)) for key in ("name", "selector") if key in whole]) for whole in wholes]
    common, rests = split(wholes)
    variants = Map((), None, "{profile}")
    for each, patch, rest in zip(daemonsets, patches, rests, strict=True):
        patch.update(rest)
        variants[_key(name, each.name, variants)] = short_layer(patch)
    base = short_layer(Map({"name": name, **common, **shared}, None, "profile"))
    layer = Map({**base, "variants": variants}, None, "profile")
    noted = [*(each.comments for each in daemonsets[1:]), *(each.given.comments for each in folded)]
    comments = daemonsets[0].comments.with_those_of(noted).at(set(lines_of(layer)))
    text = write(layer, comments)
    given = [*(each.given for each in daemonsets if not each.refused), *(each.given for each in folded)]
    return Attempt(text, prover.make(name, text, given), folded, left)


def _wholes(
    name: str, daemonsets: list[DaemonSet], related: list[list[ImportedCompanion]]
) -> tuple[list[Map], list[ImportedCompanion], list[LeftOut]]:
    """Return each whole profile in its long form, the companions in them, each only once, and those that are left out."""
    folded: list[ImportedCompanion] = []
    left: list[LeftOut] = []
    foldings = []
    for each, companions in zip(daemonsets, related, strict=True):
        taken = set(map(id, folded))
        free = [companion for companion in companions if id(companion) not in taken]
        foldings.append(best(each.agent._replace(name=name), free))
        folded += foldings[-1].folded
        left += foldings[-1].left
    shared = [fold for folding in foldings for fold in folding.folds if fold.key == "configMaps"]
    wholes = []
    for each, (agent, folds, _) in zip(daemonsets, foldings, strict=True):
        whole = profile(agent, folds, each.arranged, shared)
        whole.setdefault("selector", agent.selector.map("matchLabels"))
        wholes.append(long_form(as_written(whole)))
    return wholes, folded, left


def _shared_companions(name: str, wholes: list[Map], problems: list[Problem]) -> Map:
    """Remove the companions from the profiles, and return those that all share."""
    result = Map()
    for key in _SHARED:
        values: list[Any] = [whole.pop(key) for whole in wholes if key in whole]
        if key == "configMaps":
            entries = [entry for each in values for entry in each.items()]
            if entries:
                result[key] = Map(entries, None, "<name:configMap>")
        elif values:
            created = [each for each in values if each.get("create")]
            result[key] = first = (created or values)[0]
            own = first.get("name", name)
            other = next((each["name"] for each in values if each.get("name", name) != own), None)
            if other is not None:
                hint = "import the DaemonSets without `--variants`"
                problems.append(SHARED_DIFFERS.at(origin_of(other), f"`{key}` is both {own} and {other}", hint=hint))
    return result


def _key(name: str, own: str, taken: Map) -> str:
    """Return the key of the variant for a DaemonSet; if the key is already used, it gets a number."""
    rest = own.removeprefix(name)
    key = "default" if name.startswith(f"{own}-") else rest.strip("-.") or "default"
    number = sum(each == key or each.startswith(f"{key}-") for each in taken)
    return f"{key}-{number + 1}" if key in taken else key


def split(wholes: list[Map]) -> tuple[Map, list[Map]]:
    """Return what all layers have in common, and for each what to merge over that. All are long forms; maps keep their order."""
    first = wholes[0]
    common = first.with_items()
    rests = [whole.with_items() for whole in wholes]
    for key in dict.fromkeys(key for whole in wholes for key in whole):
        values = [whole.get(key) for whole in wholes]
        present = [value for value in values if value is not None]
        if len(present) == len(wholes):
            shared, left = _shared(first.type, key, present)
        else:
            shared, left = None, []
        if shared is not None:
            common[key] = shared
        for rest, value, over in zip(rests, values, left or values, strict=True):
            appended = over is not value and isinstance(over, List)
            if over is not None:
                rest[Text.at(f"{key}+", origin_of(key)) if appended else key] = over
    if first.type[:1] == "<" and not _in_order(common, rests, wholes):
        return first.with_items(), wholes
    return common, rests


def _shared(type: str, key: str, values: list[Value]) -> tuple[Value | None, list[Value | None]]:
    """Return what the values of one key have in common, and what each sets in addition."""
    first = values[0]
    if all(_ordered(value) == _ordered(first) for value in values):
        return first, [None] * len(values)
    if (type, key) in WHOLE:
        return None, []
    maps = maps_in(values)
    if len(maps) == len(values) and (maps[0].type in _PARTED or maps[0].type[:1] in ("<", "{")):
        shared, rests = split(maps)
        return (shared, [rest or None for rest in rests]) if shared else (None, [])
    lists = [value for value in values if isinstance(value, List)]
    if len(lists) == len(values) and appends(type, key):
        length = 0
        while all(length < len(each) and plain(each[length]) == plain(lists[0][length]) for each in lists):
            length += 1
        if length:
            return List(lists[0][:length], lists[0].origin), [
                List(each[length:], each.origin) or None for each in lists
            ]
    return None, []


def _ordered(value: Value) -> object:
    """Return plain data, with maps as pairs in their order."""
    if isinstance(value, Map):
        return [(key, _ordered(child)) for key, child in value.items()]
    return list(map(_ordered, value)) if isinstance(value, List) else plain(value)


def _in_order(common: Map, rests: list[Map], wholes: list[Map]) -> bool:
    """Return whether each map by name keeps its order, which is that of the manifest."""
    merged = (merge(common, rest, lambda _: None) for rest in rests)
    return all(list(each) == list(whole) for each, whole in zip(merged, wholes, strict=True))
