"""The layers of an environment: what each of its agents has that the profile does not set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from dsgen.importer.fleet.agents import FleetAgent
from dsgen.importer.fleet.common import common, same, size
from dsgen.importer.fleet.defaults import with_stated
from dsgen.importer.fleet.images import Pair, rewriting
from dsgen.importer.shorten.extension import difference, is_name_alone
from dsgen.importer.shorten.layer import short_layer
from dsgen.record import Record
from dsgen.resolve.layers import WHOLE
from dsgen.traversal import children
from dsgen.tree import List, Map, Text, Value, as_map, maps_in

_GROUPS: Final = ("initContainers", "containers")
# Keys of a profile that stay in the layer of the profile that they are about.
_OWN: Final = frozenset({"name", *_GROUPS})


# Keys about a team or a cluster rather than about one agent: what all profiles set for them alike is in a layer of its own.
_COMMON: Final = (
    "labels", "daemonSetLabels", "podLabels", "annotations", "daemonSetAnnotations", "podAnnotations", "standardLabels",
    "imagePullSecrets", "securityContext",
)  # fmt: skip


class Group(Record):
    """A profile, by its name, and the environments that use it, each with its agent. `base` is the layer of a profile that exists."""

    name: str
    agents: Mapping[str, FleetAgent]
    base: Map | None = None


class Layered(Record):
    """A group with the long form of its profile, and that of what each environment has."""

    group: Group
    base: Map
    wholes: dict[str, Map]


def layered(group: Group) -> Layered:
    """Return the profile of a group: what its environments have in common, if there is none yet."""
    volumes = any(each.has_volumes for each in group.agents.values())
    wholes = {name: each.whole(volumes) for name, each in group.agents.items()}
    if group.base is not None:
        return Layered(group, group.base, wholes)
    base = common(list(wholes.values()))
    base["name"] = Text.at(group.name, None)
    return Layered(group, base, wholes)


def common_layer(bases: Sequence[Map]) -> Map:
    """Return what all these profiles set alike for a team or a cluster; an empty layer if extending it would not make them shorter."""
    shared = (
        _shared([base.with_items((base.key(key), base[key]) for key in _COMMON if key in base) for base in bases])
        if bases
        else Map()
    )
    lines = size(shared)
    # Each of them extends it, and it has the lines once, with a comment.
    return shared if lines * len(bases) > lines + len(bases) + 1 else Map()


def environment(
    name: str,
    every: Sequence[Layered],
    left_out: Sequence[str],
    fixed: Sequence[str],
    manifests: Sequence[str],
    lift: bool,
) -> Map:
    """Return the content of an environment.

    `left_out` are the profiles that it does not use, `fixed` the images in its `manifests`. With `lift`, what all its profiles need is a
    layer over all.
    """
    here = [each for each in every if name in each.group.agents]
    pairs = [pair for each in here for _, _, pair in _images(each.base, each.wholes[name])]
    volumes = [image for each in here for image in _volume_images(each.wholes[name])]
    rewritten = rewriting(pairs, [*fixed, *volumes])
    layers = {each.group.name: _layer(each, name, rewritten.stated) for each in here}
    shared = _shared([layer.without(*_OWN) for layer in layers.values()]) if lift and len(layers) > 1 else Map()
    overrides = ((profile, short_layer(without_shared(layer, shared))) for profile, layer in layers.items())
    result = Map((), None, "profile")
    parts: list[tuple[str, Value]] = [
        ("profiles", List(left_out)),
        ("manifests", List(manifests)),
        ("images", rewritten.images),
        ("all", _compact(short_layer(shared))),
        ("overrides", Map([(profile, _compact(layer)) for profile, layer in overrides if layer], None, "<overrides>")),
    ]
    result.update((key, value) for key, value in parts if value)
    return result


def _layer(each: Layered, name: str, stated: Mapping[Pair, str]) -> Map:
    """Return the layer of an environment over a profile. Another name of an existing object is `NAME`, as its short form is that.

    That of a namespace replaces one that the profile creates, with all that this has.
    """
    whole = _restated(each.base, each.wholes[name], stated)
    result = with_stated(difference(each.base, whole), each.base, each.group.agents[name].stated)
    for key in ("namespace", "serviceAccount"):
        value = result.child(key)
        if value is not None and (key == "namespace" or value.keys() == {"name"}) and is_name_alone(whole.map(key)):
            result[key] = whole[key]
    return result


def _images(base: Map, whole: Map) -> Iterator[tuple[str, str, Pair]]:
    """Yield each container of a profile, by group and name, with the image in the base, and its own."""
    for group in _GROUPS:
        for name, container in whole.named(group):
            image = container.get("image")
            if isinstance(image, str):
                below = base.map(group, name).get("image")
                yield group, name, (below if isinstance(below, str) else image, image)


def _volume_images(value: Value) -> Iterator[str]:
    for key, child in children(value):
        reference = as_map(child).get("reference") if key == "image" else None
        if isinstance(reference, str):
            yield reference
        yield from _volume_images(child)


def _restated(base: Map, whole: Map, stated: Mapping[Pair, str]) -> Map:
    """Return a whole profile with the images that the environment's mirrors and digests turn into its own."""
    result = whole
    for group, name, pair in _images(base, whole):
        if stated[pair] != pair[1]:
            container = result.map(group, name).replaced("image", Text.at(stated[pair], None))
            result = result.replaced(group, result.map(group).replaced(name, container))
    return result


def _compact(layer: Any) -> Any:
    """Return a layer in which maps with a single entry can be written on one line."""
    if not isinstance(layer, Map):
        return layer
    items = ((key, _compact(value)) for key, value in layer.items())
    return Map(
        items, layer.place, "" if len(layer) == 1 and (layer.type == "profile" or layer.type[:1] == "<") else layer.type
    )


def _shared(layers: Sequence[Map]) -> Map:
    """Return what all layers set."""
    first = layers[0]
    result = first.with_items()
    for key, value in first.items():
        values = [layer[key] for layer in layers if key in layer]
        if len(values) < len(layers):
            continue
        if all(same(each, value) for each in values):
            result[key] = value
        elif len(maps := maps_in(values)) == len(values) and (first.type, key) not in WHOLE:
            inner = _shared(maps)
            if inner:
                result[key] = inner
    return result


def without_shared(layer: Map, shared: Map) -> Map:
    """Return a layer without what is set for all."""
    items = []
    for key, value in layer.items():
        below = shared.get(key)
        if isinstance(value, Map) and isinstance(below, Map) and value:
            value = without_shared(value, below)
            if not value:
                continue
        elif below is not None:
            continue
        items.append((key, value))
    return layer.with_items(items)
