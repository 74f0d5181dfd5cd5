"""Several DaemonSets of one agent as one profile: what all state, and a variant with the rest for each."""

from __future__ import annotations

from typing import Any, Final

from dsgen.importer.daemonset import DaemonSet, Imported
from dsgen.importer.fold.companion import ImportedCompanion, Left
from dsgen.importer.fold.companions import best
from dsgen.importer.fold.settle import Attempt, settled
from dsgen.importer.prove import Prover, made_objects
from dsgen.importer.shorten.extension import appends
from dsgen.importer.shorten.layer import short_layer
from dsgen.importer.shorten.profile import profile
from dsgen.importer.shorten.short import as_written
from dsgen.importer.write.layout import lines_of, write
from dsgen.problem import Problem, code, has_errors
from dsgen.profile.compile import long_form
from dsgen.resolve.layers import WHOLE, merge
from dsgen.tree import List, Map, Text, Value, maps_in, origin_of, plain

# Made once and shared by all variants, so none states them.
COMPANIONS: Final = (
    "namespace",
    "serviceAccount",
    "configMaps",
    "priorityClass",
    "service",
    "podMonitor",
    "networkPolicy",
)


# Objects of which variants state a part; half of a volume or of a probe would be hard to read.
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
    """Return DaemonSets as one profile of this name, with a variant for each; what is `related` to any of them belongs to it.

    Raises Rejected where one of them is nothing that a profile can state.
    """
    shared: list[Problem] = []

    def attempt(companions: list[ImportedCompanion]) -> Attempt:
        shared.clear()
        some = set(map(id, companions))
        of_each = [[each for each in ones if id(each) in some] for ones in related]
        return _attempt(name, daemonsets, of_each, prover, shared)

    every = list({id(each): each for ones in related for each in ones}.values())
    done = settled(attempt, every, prover, refused=any(each.refused for each in daemonsets))
    problems = [problem for each in daemonsets for problem in each.problems]
    problems += shared
    problems += [problem for problem in done.made.problems if problem.severity == "error"]
    made = made_objects(done.made)
    found = [prover.unlike(each.given, made.get(("DaemonSet", each.name))) for each in daemonsets]
    folded, left = tuple(each.given for each in done.folded), tuple(done.left)
    problems += dict.fromkeys(problem for each in daemonsets for problem in each.unwritten(done.folded))
    if has_errors(problems) or None in found:
        return Imported(name, done.text, tuple(problems), None, folded, left)
    unlike = [problem for each in found if each for problem in each]
    return Imported(name, done.text, tuple(problems + unlike), not unlike, folded, left)


def _attempt(
    name: str,
    daemonsets: list[DaemonSet],
    related: list[list[ImportedCompanion]],
    prover: Prover,
    problems: list[Problem],
) -> Attempt:
    """Return the profile with what is folded in of the companions of each; what they cannot share is added to `problems`."""
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
    return Attempt(text, prover.make(name, text), folded, left)


def _wholes(
    name: str, daemonsets: list[DaemonSet], related: list[list[ImportedCompanion]]
) -> tuple[list[Map], list[ImportedCompanion], list[Left]]:
    """Return the whole of each profile in its long form, the companions that they state, each only once, and those that none does."""
    folded: list[ImportedCompanion] = []
    left: list[Left] = []
    found = []
    for each, companions in zip(daemonsets, related, strict=True):
        taken = set(map(id, folded))
        free = [companion for companion in companions if id(companion) not in taken]
        found.append(best(each.agent._replace(name=name), free))
        folded += [companion for fold in found[-1].folds for companion in fold.objects]
        left += found[-1].left
    shared = [fold for folding in found for fold in folding.folds if fold.key == "configMaps"]
    wholes = []
    for each, (agent, folds, _) in zip(daemonsets, found, strict=True):
        whole = profile(agent, folds, each.arranged, shared)
        whole.setdefault("selector", agent.selector.map("matchLabels"))
        wholes.append(long_form(as_written(whole)))
    return wholes, folded, left


def _shared_companions(name: str, wholes: list[Map], problems: list[Problem]) -> Map:
    """Take the companions out of the profiles, and return them for all."""
    result = Map()
    for key in COMPANIONS:
        stated: list[Any] = [whole.pop(key) for whole in wholes if key in whole]
        if key == "configMaps":
            entries = [entry for each in stated for entry in each.items()]
            if entries:
                result[key] = Map(entries, None, "<name:configMap>")
        elif stated:
            made = [each for each in stated if each.get("create")]
            result[key] = first = (made or stated)[0]
            own = first.get("name", name)
            other = next((each["name"] for each in stated if each.get("name", name) != own), None)
            if other is not None:
                hint = "import the DaemonSets without `--variants`"
                problems.append(SHARED_DIFFERS.at(origin_of(other), f"`{key}` is both {own} and {other}", hint=hint))
    return result


def _key(name: str, own: str, taken: Map) -> str:
    """Return the key of the variant for a DaemonSet; one more of a name gets a number."""
    key = own.removeprefix(name).strip("-.") or "default"
    number = sum(each == key or each.startswith(f"{key}-") for each in taken)
    return f"{key}-{number + 1}" if key in taken else key


def split(wholes: list[Map]) -> tuple[Map, list[Map]]:
    """Return what all layers state, and for each what to merge over that; long forms all of them. What is in order stays so."""
    first = wholes[0]
    common = Map((), first.origin, first.type)
    rests = [Map((), whole.origin, whole.type) for whole in wholes]
    for key in dict.fromkeys(key for whole in wholes for key in whole):
        values = [whole.get(key) for whole in wholes]
        stated = [value for value in values if value is not None]
        if len(stated) == len(wholes):
            shared, left = _shared(first.type, key, stated)
        else:
            shared, left = None, []
        if shared is not None:
            common[key] = shared
        for rest, value, over in zip(rests, values, left or values, strict=True):
            appended = over is not value and isinstance(over, List)
            if over is not None:
                rest[Text.at(f"{key}+", origin_of(key)) if appended else key] = over
    if first.type[:1] == "<" and not _in_order(common, rests, wholes):
        return Map((), first.origin, first.type), wholes
    return common, rests


def _shared(type: str, key: str, values: list[Value]) -> tuple[Value | None, list[Value | None]]:
    """Return what values under one key have in common, and what each states over that."""
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
    """Return plain data, maps as pairs in their order."""
    if isinstance(value, Map):
        return [(key, _ordered(child)) for key, child in value.items()]
    return list(map(_ordered, value)) if isinstance(value, List) else plain(value)


def _in_order(common: Map, rests: list[Map], wholes: list[Map]) -> bool:
    """Tell whether each map by name keeps its order, which is that of the manifest."""
    merged = (merge(common, rest, lambda _: None) for rest in rests)
    return all(list(each) == list(whole) for each, whole in zip(merged, wholes, strict=True))
