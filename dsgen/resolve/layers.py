"""Merging of layers: later ones win. The same rule applies to parents, environments and variants.

Layers are in their long form: short forms are expanded, lists of named entries are maps by name, and each map has a `type`.
During the merge, a removed value is a null.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from dsgen.kubernetes.schema import fields
from dsgen.kubernetes.schema.words import HANDLERS
from dsgen.plain import plain
from dsgen.problem import Problem, Reporter, code
from dsgen.resolve.star import GROUPS, STAR, spread
from dsgen.traversal import children
from dsgen.tree import List, Map, Null, Text, Value, as_map, origin_of

REPLACED_LIST = code(
    "replaced-list",
    """A plain list replaces the list of the layer below, and drops some of its entries. To keep them, append with `KEY+`. If they
    should go, nothing needs to change: this warning is for reviewers. An option with another value, such as `--v=4` instead of `--v=2`, is not
    dropped.""",
    severity="warning",
)
UNMERGEABLE_LIST = code(
    "unmergeable-list",
    """Lists of named entries are merged by name. One of the two lists has entries without a name, or two with the same name, so
    it cannot be merged. Give each entry a unique name, or set the whole list in one layer only.""",
)
FORBIDDEN_NULL_IN_LOWEST_LAYER = code(
    "forbidden-null-in-lowest-layer",
    """Null removes what a lower layer sets, and there is no layer below the lowest. Write `""` for empty text, `{}` for an empty map
    or list, or remove the key.""",
)
TYPES_DIFFER = code(
    "conflicting-layers", "Two layers set one key to types that cannot be merged, such as a list and a map."
)

# Only one of these keys may be set; setting one removes the others.
_SOURCES: Final = frozenset(fields.any_version()["Volume"]) - {"name"}
ONE_OF: Final[dict[str, frozenset[str]]] = {
    "Volume": _SOURCES,
    "Mount": _SOURCES,
    "EnvVar": frozenset({"value", "valueFrom"}),
    "EnvVarSource": frozenset({*fields.any_version()["EnvVarSource"], "portRef"}),
    "Probe": frozenset(HANDLERS),
    "LifecycleHandler": frozenset(HANDLERS),
}
# The type of a map, and its key that is replaced as a whole.
WHOLE: Final = frozenset((type, key) for type in ("profile", "DaemonSetSpec") for key in ("updateStrategy", "selector"))
_NAMED: Final = frozenset({"Container", "EnvVar", "ContainerPort", "Mount", "Volume"})
SETS: Final = frozenset({"os", "arch", "tolerate", "imagePullSecrets", "add", "drop", "envFrom", "clusterRoles"})


def merge_all(layers: list[Map], report: Reporter, over: Sequence[Map] = ()) -> Map:
    """Merge layers, lowest first; the result has no nulls, no `KEY+` and no container `"*"`.

    The last of `layers` is the profile itself; the environment's are in `over`.
    """
    if len(layers) == 1 and not over and "manifest" not in layers[0] and is_final(layers[0]):
        return layers[0]
    result = Map((), layers[-1].origin, layers[0].type)
    layers = [*layers, *over]
    for problem in nulls_at_bottom(layers[0]):
        report(problem)
    # Each `manifest` is merged over the rendered object later, so its `KEY+` and nulls are kept.
    manifests = List()
    for layer in spread(layers):
        manifest = layer.child("manifest")
        if manifest is not None:
            manifests.append(manifest)
        elif "manifest" in layer:
            manifests.clear()
        result = merge(result, layer.without("manifest"), report)
    if manifests:
        result["manifest"] = manifests
    return result if is_final(result) else without_deletions(result)


def is_final(layer: Map) -> bool:
    """Return whether a merge with nothing would leave a layer unchanged: it has no null, no `KEY+`, no `"*"`."""
    free = layer.type[:1] in ("{", "<")
    # Hardly any key has one of these, so all are searched in one call.
    every = "".join(layer)
    if ("+" in every or "*" in every) and any(key[-1:] in "+*" and (not free or key == "*") for key in layer):
        return False
    for value in layer.values():
        if type(value) is Map:
            if not is_final(value):
                return False
        elif type(value) is Null:
            return False
    return True


def merge(lower: Map, upper: Map, report: Reporter) -> Map:
    """Merge `upper` over `lower`. Keys keep their order in the lower layer; new keys follow."""
    result = lower.with_items(lower)
    free = lower.type[:1] in ("{", "<")
    group = ONE_OF.get(lower.type)
    for key, value in upper.items():
        if key[-1:] == "+" and not free:
            name: str = Text.at(key[:-1], origin_of(key))
            if name not in result:
                # There is nothing to append to: `without_deletions` turns it into the plain key.
                name = key
            below = result.get(name)
            appends = isinstance(below, (List, Map))
            value = _append(below, value, name.removesuffix("+"), report) if appends else _fresh(value, report)
        else:
            name = key
            if f"{key}+" in result and not free:
                items = ((key if each == f"{key}+" else each, below) for each, below in result.items())
                result = result.with_items(items)
            below = result.get(name)
            if below is None or isinstance(below, Null):
                value = value if isinstance(value, Null) else _fresh(value, report)
                result.pop(name, None)
            elif isinstance(value, Map) and isinstance(below, Map) and (lower.type, name) not in WHOLE:
                value = merge(below, value, report)
            elif isinstance(value, Null):
                pass
            elif isinstance(value, (List, Map)):
                value = _replace(below, value, name, report)
        if group and name in group and not isinstance(value, Null):
            for other in group - {name}:
                result.pop(other, None)
        result[name] = value
    return result


def _fresh(value: Value, report: Reporter) -> Value:
    """Return a value that has nothing below it."""
    return merge(value.with_items(), value, report) if isinstance(value, Map) else value


def _replace(below: Value, value: Value, name: str, report: Reporter) -> Value:
    value = _fresh(value, report)
    if isinstance(value, List) and isinstance(below, List):
        if any(as_map(entry).type in _NAMED for entry in (*value, *below)):
            report(_unnamed(value, name))
        kept, known = _entries(value, name), _entries(below, name)
        lost = dropped(known, kept)
        if lost:
            found = f"`{name}` replaces the list of the layer below and drops {len(lost)} of its {len(known)} entries"
            report(REPLACED_LIST.at(origin_of(value), found, hint=f"to keep them, append with `{name}+`", path=name))
    elif isinstance(value, List) != isinstance(below, List) and isinstance(below, (List, Map)):
        if as_map(value if isinstance(below, List) else below).type.startswith("<"):
            report(_unnamed(value, name))
        else:
            found, hint = f"`{name}` is a map in one layer and a list in another", "use the form of the lower layer"
            report(TYPES_DIFFER.at(origin_of(value), found, hint=hint, path=name))
    return value


def dropped(known: Sequence[object], kept: Sequence[object]) -> list[object]:
    """Return the entries of a list that another one drops: not options that it has with another value, such as `--v=4` for `--v=2`."""
    options, own = ([_option(entry) for entry in each] for each in (known, kept))
    return [
        entry
        for entry, option in zip(known, options, strict=True)
        if entry not in kept and not (option and own.count(option) >= options.count(option))
    ]


def _option(entry: object) -> str:
    """Return the name of an option with a value, or an empty string."""
    return entry.partition("=")[0] if isinstance(entry, str) and entry.startswith("-") and "=" in entry else ""


def _entries(listed: List, name: str) -> list[object]:
    """Return the entries of a list as the profile writes them: those of `require` are the requirements of its one term."""
    if name == "require" and len(listed) == 1:
        return [plain(entry) for conditions in as_map(listed[0]).values() for entry in conditions]  # type: ignore[union-attr]
    return [plain(entry) for entry in listed]


def _unnamed(value: Value, name: str) -> Problem:
    found = f"`{name}` cannot be merged: one layer has a list without unique names"
    hint = "give each entry a unique name, or set the whole list in one layer only"
    return UNMERGEABLE_LIST.at(origin_of(value), found, hint=hint, path=name)


def _append(below: Value | None, value: Value, name: str, report: Reporter) -> Value:
    assert below is not None
    if not isinstance(below, List) or not isinstance(value, List):
        found = f"`{name}+` cannot append: `{name}` is a map in the layer below"
        report(TYPES_DIFFER.at(origin_of(value), found, hint=f"write `{name}`; maps are merged key by key", path=name))
        return below
    if name == "require":
        return _all_of(below, value)
    added = List(below, below.origin)
    for entry in value:
        if name not in SETS or entry not in added:
            added.append(entry)
    return added


def _all_of(below: List, above: List) -> List:
    """Return terms that require both: the upper requirements are added to every alternative of the lower layer, if there are any."""
    if not (below and above):
        return below or above
    terms = List((), below.origin)
    for first in map(as_map, below):
        for second in map(as_map, above):
            term = first.with_items(first)
            for kind, conditions in second.items():
                known = term.entries(kind)
                assert isinstance(conditions, List)
                added = [entry for entry in conditions if entry not in known]
                term[kind] = List([*known, *added], known.origin or conditions.origin)
            terms.append(term)
    return terms


def nulls_at_bottom(lowest: Map) -> Iterator[Problem]:
    """Yield a problem for each null of the lowest layer that has nothing to remove.

    In a container it may remove what `"*"` sets; `manifest` is merged over the rendered object.
    """
    for key, value in lowest.items():
        if key == "manifest":
            continue
        if key in GROUPS and STAR in lowest.map(key):
            for name, container in lowest.map(key).items():
                if name == STAR or isinstance(container, Null):
                    yield from nulls(container, (key, name))
        else:
            yield from nulls(value, (key,))


def nulls(value: Value, path: tuple[str, ...]) -> Iterator[Problem]:
    """Yield a problem for each null in the value at `path`."""
    if isinstance(value, Null):
        hint = 'write `""` for empty text, `{}` for an empty map, or remove the key'
        yield FORBIDDEN_NULL_IN_LOWEST_LAYER.at(
            value.origin, f"`{path[-1]}` is null, but there is no layer below", hint=hint, path=".".join(path)
        )
    for step, child in children(value):
        yield from nulls(child, (*path, step) if isinstance(step, str) else path)


def without_deletions(value: Map) -> Map:
    """Return a map without nulls, and with `KEY+` as the plain key.

    A map by name, or with arbitrary keys such as labels, is removed with its last entry. Empty maps in `values` stay for templates, and
    an empty `containers` stays so that the problem can point to where they were removed.
    """
    result = value.with_items()
    for key, child in value.items():
        name = plain_key(key, value)
        if isinstance(child, Map):
            rest = without_deletions(child)
            if rest or not child or rest.type[:1] not in ("{", "<") or rest.type == "{any}" or name == "containers":
                result[name] = rest
        elif not isinstance(child, Null):
            result[name] = child
    return result


def plain_key(key: str, layer: Map) -> str:
    """Return a key of `layer`; `KEY+` becomes the plain key if there is nothing to append to."""
    appends = key[-1:] == "+" and layer.type[:1] not in ("{", "<")
    return Text.at(key[:-1], origin_of(key)) if appends else key
