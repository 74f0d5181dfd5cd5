"""A profile as the difference to a lower layer, such as a preset."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from dsgen.problem import Problem, code
from dsgen.profile.key import Schema
from dsgen.profile.nodes import NODES
from dsgen.profile.schema import PROFILE
from dsgen.profile.tables import types
from dsgen.record import Record
from dsgen.resolve.layers import ONE_OF, WHOLE
from dsgen.traversal import count
from dsgen.tree import List, Map, Null, Path, Text, Value, origin_of, plain

# How many values an import makes again at most to find out which of them its profiles need: each trial makes all of a profile.
MADE_AGAIN: Final = 100_000

NOT_TRIED = code(
    "ineffective-value",
    """`dsgen import --extends` omits each value that changes nothing over the preset; to find out, it generates the profile without that
    value. With very many values, some are not tried, so a profile may set more than it must; with very many profiles, only the first
    extend the preset. The generated objects are the same.""",
    severity="warning",
)


class Trials:
    """How many values the profiles of an import may still make again; `ended` tells whether one of them needed more."""

    def __init__(self) -> None:
        self.left = MADE_AGAIN
        self.ended = False

    def take(self, size: int) -> bool:
        """Tell whether so many values may be made again, and count them."""
        if self.left < size:
            self.ended = True
            return False
        self.left -= size
        return True

    def reserve(self, size: int) -> None:
        """Leave fewer for trials by what is made in any case."""
        self.left = max(0, self.left - size)

    def problems(self) -> Iterator[Problem]:
        """Yield what is to say of profiles that may state what they need not."""
        if self.ended:
            hint = "import fewer objects at once, or remove what the preset already sets"
            yield NOT_TRIED.at(
                None, "too many values to try each one: the profiles may set values that change nothing", hint=hint
            )


class Base(Record):
    """The layer beneath: what `extends` says, its merged long form, the spec of the pods that it makes, and how often it may be tried."""

    reference: str
    profile: Map
    pod: Map
    trials: Trials

    @property
    def size(self) -> int:
        """How many values its profile states."""
        return count(self.profile)


def difference(lower: Map, upper: Map) -> Map:
    """Return the layer that makes `upper` of `lower`: long forms all three."""
    result = Map((), upper.origin, upper.type)
    for key, value in upper.items():
        below = lower.get(key)
        if below is None:
            result[key] = value
        elif plain(below) == plain(value) and type(below) is type(value):
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


def appends(type: str, key: str) -> bool:
    """Tell whether a list under this key can be appended to."""
    if type in ("profile", "nodes"):
        schema: Schema = PROFILE["schema"] if type == "profile" else NODES
        return f"{key}+" in schema
    return type[:1] not in ("{", "<") and types().get(type, {}).get(key, "").startswith("[")


def without_needless(layer: Map, makes: Callable[[Map], object], base: Base) -> Map:
    """Return a layer without what changes nothing that it `makes`: null for a default, or data that a file of the lower layer has.

    The trials of the base say how much of that may be tried.
    """
    # Nulls first: one may take away what makes another statement needless.
    leaves = sorted(_leaves(layer), key=lambda leaf: not isinstance(leaf[1], Null))
    size = count(layer) + base.size
    if not base.trials.take(2 * size):
        return layer
    wanted = makes(layer)
    for path, _ in leaves:
        if path == ("name",) or _in_a_name_alone(layer, path):
            continue
        if not base.trials.take(size):
            break
        shorter = _without(layer, path)
        if makes(shorter) == wanted:
            layer = shorter
    return layer


def _in_a_name_alone(layer: Map, path: Path) -> bool:
    """Tell whether `create: false` stands with nothing but a name, as in `namespace: NAME`: without it, it takes more words."""
    holder = layer.get(str(path[0]))
    return path[1:] == ("create",) and isinstance(holder, Map) and is_name_alone(holder)


def is_name_alone(holder: Map) -> bool:
    """Tell whether a namespace or service account in its long form is one that exists, of which nothing but its name is said."""
    return holder.keys() == {"name", "create"} and not holder["create"]


def _leaves(layer: Map, above: Path = ()) -> Iterator[tuple[Path, Value]]:
    for key, value in layer.items():
        if isinstance(value, Map) and value:
            yield from _leaves(value, (*above, key))
        else:
            yield (*above, key), value


def _without(layer: Map, path: Path) -> Map:
    """Return the layer without what stands at a path, and without maps that are empty then."""
    items = []
    for key, value in layer.items():
        if key == path[0]:
            inner = _without(value, path[1:]) if len(path) > 1 and isinstance(value, Map) else None
            if not inner:
                continue
            value = inner
        items.append((key, value))
    return Map(items, layer.origin, layer.type)


def mounted_as_below(pod: Map, base: Base) -> Map:
    """Return a pod with its volumes where the lower layer has them; what that does not have stands at its first mount."""
    volumes = {str(volume.get("name")): volume for volume in pod.maps("volumes")}
    below = {str(volume.get("name")): volume for volume in base.pod.maps("volumes")}
    same = {name for name, volume in volumes.items() if name in below and plain(volume) == plain(below[name])}
    declared = base.profile.map("volumes")
    # Those that a mount of the lower layer declares, and the same mount here.
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
    """Return what a mount of the lower layer says of the volume that it declares: its name and its source."""
    group, name, path = key
    stated = base.profile.map(group, name, "volumeMounts", path)
    sources = [(name, value) for name, value in stated.items() if name in ONE_OF["Mount"]]
    return [(name, value) for name, value in stated.items() if name == "name"] + sources if sources else []


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
    result = Map(container, container.origin, container.type)
    result["volumeMounts"] = mounts
    return result
