"""A profile as the difference from a lower layer, such as a preset."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from dsgen.plain import is_alike, plain
from dsgen.problem import Problem, code
from dsgen.profile.key import Schema
from dsgen.profile.nodes import NODES
from dsgen.profile.schema import PROFILE
from dsgen.profile.tables import types
from dsgen.record import Record
from dsgen.resolve.layers import ONE_OF, WHOLE
from dsgen.traversal import count
from dsgen.tree import List, Map, Null, Path, Text, Value, origin_of

# An import renders at most so many values again to find out which of them its profiles need: each trial renders a whole profile.
MAX_RENDERED_AGAIN: Final = 100_000

NOT_TRIED = code(
    "ineffective-value",
    """`dsgen import --extends` omits each value that changes nothing over the preset; to find out, it generates the profile without that
    value. With very many values, some are not tried, so a profile may set more than it must; with very many profiles, only the first
    extend the preset. The generated objects are the same.""",
    severity="warning",
)


class Trials:
    """How many values the import may still render again. `ended` is True if some value was not tried."""

    def __init__(self) -> None:
        self.left = MAX_RENDERED_AGAIN
        self.ended = False

    def take(self, size: int) -> bool:
        """Count `size` values, and return whether they may be rendered again."""
        if self.left < size:
            self.ended = True
            return False
        self.left -= size
        return True

    def reserve(self, size: int) -> None:
        """Reserve values that are rendered in any case."""
        self.left = max(0, self.left - size)

    def problems(self) -> Iterator[Problem]:
        """Yield a warning if profiles may set more than they need."""
        if self.ended:
            hint = "import fewer objects at once, or remove what the preset already sets"
            yield NOT_TRIED.at(
                None, "too many values to try each one: the profiles may set values that change nothing", hint=hint
            )


class Base(Record):
    """The lower layer: the value of `extends`, its merged long form, the pod spec that it generates, and the trials left.

    `under` returns the same layer for a profile of another name, on which names in it may depend.
    """

    reference: str
    profile: Map
    pod: Map
    trials: Trials
    under: Callable[[str], Base]

    @property
    def size(self) -> int:
        """The number of values in its profile."""
        return count(self.profile)


def difference(lower: Map, upper: Map) -> Map:
    """Return the layer that changes `lower` to `upper`. All three are long forms."""
    result = upper.with_items()
    for key, value in upper.items():
        below = lower.get(key)
        if below is None:
            result[key] = value
        elif type(below) is type(value) and is_alike(below, value):
            continue
        elif isinstance(value, Map) and isinstance(below, Map) and (lower.type, key) not in WHOLE:
            inner = difference(below, value)
            if inner or not value:
                result[key] = inner
        elif (
            isinstance(value, List)
            and isinstance(below, List)
            and appends(lower.type, key)
            and value[: len(below)] == below
        ):
            result[Text.at(f"{key}+", origin_of(key))] = List(value[len(below) :], value.origin)
        else:
            result[key] = value
    group = ONE_OF.get(lower.type, frozenset())
    for key in lower:
        if key not in upper and not (key in group and group & result.keys()):
            result[str(key)] = Null()
    return result


def keyed_as_below(upper: Map, lower: Map) -> Map:
    """Return a long form with its config maps under the keys that the lower layer has for those names."""
    keys = {str(each["name"]): key for key, each in lower.named("configMaps") if "name" in each}
    config_maps = upper.map("configMaps")
    if keys.keys().isdisjoint(config_maps) or not config_maps.keys().isdisjoint(keys.values()):
        return upper
    items = (
        (Text.at(keys[name], origin_of(config_maps.key(name))), each.updated({"name": Text.at(name, None)}))
        if name in keys and isinstance(each, Map)
        else (name, each)
        for name, each in config_maps.items()
    )
    return upper.replaced("configMaps", config_maps.with_items(items))


def appends(type: str, key: str) -> bool:
    """Return whether a list under this key can be appended to."""
    if type in ("profile", "nodes"):
        schema: Schema = PROFILE["schema"] if type == "profile" else NODES
        return f"{key}+" in schema
    return type[:1] not in ("{", "<") and types().get(type, {}).get(key, "").startswith("[")


def without_redundant(layer: Map, generates: Callable[[Map], object], base: Base) -> Map:
    """Return a layer without the values that do not change what it `generates`: a null for a default, or data that the base has in a file.

    The trials of the base limit how many values are tried.
    """
    # Nulls first: removing one may make another value redundant.
    leaves = sorted(_leaves(layer), key=lambda leaf: not isinstance(leaf[1], Null))
    size = count(layer) + base.size
    if not base.trials.take(2 * size):
        return layer
    expected = generates(layer)
    for path, _ in leaves:
        if path == ("name",) or _belongs_to_name(layer, path):
            continue
        if not base.trials.take(size):
            break
        shorter = _without(layer, path)
        if generates(shorter) == expected:
            layer = shorter
    return layer


def _belongs_to_name(layer: Map, path: Path) -> bool:
    """Return whether this is the `create: false` of a mere name: with it, the short form is `namespace: NAME`."""
    return path[1:] == ("create",) and is_name_alone(layer.map(str(path[0])))


def is_name_alone(holder: Map) -> bool:
    """Return whether the long form of a namespace or service account is an existing one with nothing but a name."""
    return holder.keys() == {"name", "create"} and not holder["create"]


def _leaves(layer: Map, above: Path = ()) -> Iterator[tuple[Path, Value]]:
    for key, value in layer.items():
        if isinstance(value, Map) and value:
            yield from _leaves(value, (*above, key))
        else:
            yield (*above, key), value


def _without(layer: Map, path: Path) -> Map:
    """Return the layer without the value at a path, and without maps that become empty."""
    items = []
    for key, value in layer.items():
        if key == path[0]:
            inner = _without(value, path[1:]) if len(path) > 1 and isinstance(value, Map) else None
            if not inner:
                continue
            value = inner
        items.append((key, value))
    return layer.with_items(items)


def mounted_as_below(pod: Map, base: Base) -> Map:
    """Return a pod with its volumes in the same places as in the lower layer; others are declared at their first mounts."""
    volumes = {str(volume.get("name")): volume for volume in pod.maps("volumes")}
    below = {str(volume.get("name")): volume for volume in base.pod.maps("volumes")}
    same = {name for name, volume in volumes.items() if name in below and plain(volume) == plain(below[name])}
    declared = base.profile.map("volumes")
    # The mounts of the lower layer that declare a volume.
    sources = {key: _source(base, key) for key, _ in _mounts(base.pod)}
    at_mounts = {str(mount.get("name")) for key, mount in _mounts(pod) if sources.get(key)} & same
    mounted = {str(mount["name"]) for _, mount in _mounts(pod) if "name" in mount}
    declares = {name: name in declared or name not in mounted for name in volumes}
    listed = [volume for name, volume in volumes.items() if declares[name]]
    inline = {name: volume for name, volume in volumes.items() if name not in at_mounts and not declares[name]}
    result = pod.without("volumes")
    if listed:
        result["volumes"] = List(listed, origin_of(pod["volumes"]))
    for group in ("initContainers", "containers"):
        if group in pod:
            containers = [_container(each, group, sources, at_mounts, inline) for each in pod.maps(group)]
            result[pod.key(group)] = List(containers, origin_of(pod[group]))
    return result


# The group, the container's name and the path of a mount.
_Key = tuple[str, str, str]


def _mounts(pod: Map) -> Iterator[tuple[_Key, Map]]:
    for group in ("initContainers", "containers"):
        for container in pod.maps(group):
            for mount in container.maps("volumeMounts"):
                yield (group, str(container.get("name")), str(mount.get("mountPath"))), mount


def _source(base: Base, key: _Key) -> list[tuple[str, Value]]:
    """Return the name and the source of the volume that a mount of the lower layer declares; empty if it declares none."""
    group, name, path = key
    mount = base.profile.map(group, name, "volumeMounts", path)
    sources = [(name, value) for name, value in mount.items() if name in ONE_OF["Mount"]]
    return [(name, value) for name, value in mount.items() if name == "name"] + sources if sources else []


def _container(
    container: Map,
    group: str,
    sources: dict[_Key, list[tuple[str, Value]]],
    at_mounts: set[str],
    inline: dict[str, Map],
) -> Map:
    if "volumeMounts" not in container:
        return container
    mounts = List((), origin_of(container["volumeMounts"]))
    for mount in container.maps("volumeMounts"):
        key, name = (group, str(container.get("name")), str(mount.get("mountPath"))), str(mount.get("name"))
        rest = [(field, value) for field, value in mount.items() if field not in ("name", "mountPath")]
        path = ("mountPath", mount.get("mountPath", Text.at("", None)))
        if name in at_mounts and sources.get(key):
            mounts.append(Map([path, *sources[key], *rest], mount.origin, "Mount"))
        elif "name" in mount and name in inline:
            source = [(field, value) for field, value in inline.pop(name).items() if field != "name"]
            mounts.append(Map([path, ("name", mount["name"]), *source, *rest], mount.origin, "Mount"))
        else:
            mounts.append(mount)
    return container.replaced("volumeMounts", mounts)
