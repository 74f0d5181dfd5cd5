"""How apply merges maps and lists: what is replaced as a whole, by which keys lists are merged, and in which order their items are.

Client-side apply merges lists by their patch merge keys (k8s.io/apimachinery, pkg/util/strategicpatch); server-side apply merges by the
keys of list maps (sigs.k8s.io/structured-merge-diff).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from dsgen.kubernetes.apply.managed_fields import ITSELF, Fields, by_keys, of_value
from dsgen.kubernetes.schema import fields
from dsgen.plain import plain
from dsgen.tree import List, Map, Null, Text, as_map

# +structType=atomic and +mapType=atomic in k8s.io/api and k8s.io/apimachinery: server-side apply replaces these as a whole.
_ATOMIC_TYPES: Final = frozenset(
    [
        "ConfigMapKeySelector",
        "CrossVersionObjectReference",
        "EndpointAddress",
        "EndpointPort",
        "EvictionResponder",
        "FileKeySelector",
        "LabelSelector",
        "LocalObjectReference",
        "MatchResources",
        "NamedRuleWithOperations",
        "NodeSelector",
        "NodeSelectorTerm",
        "ObjectFieldSelector",
        "ObjectReference",
        "ParamKind",
        "ParamRef",
        "ResourceFieldSelector",
        "RoleRef",
        "ScopeSelector",
        "SecretKeySelector",
        "SecretReference",
        "ServiceBackendPort",
        "Subject",
        "TopologySelectorTerm",
        "TypedLocalObjectReference",
        "Variable",
    ]
)
_ATOMIC_FIELDS: Final = frozenset({("PodSpec", "nodeSelector"), ("Scheduling", "nodeSelector"), ("ServiceSpec", "selector"),
                                   ("ReplicationControllerSpec", "selector")})  # fmt: skip
# The patch strategies of client-side apply: `retainKeys` drops what the manifest does not set, `replace` replaces the whole.
_RETAIN_KEYS: Final = frozenset({"Volume", "PodResourceClaim", "DeploymentStrategy"})
_REPLACE: Final = frozenset({("PodDisruptionBudgetSpec", "selector")})
# A list map that client-side apply does not merge.
_NOT_MERGED: Final = frozenset({("ResourceRequirements", "claims")})
_DEFAULTS: Final[dict[str, object]] = {"protocol": "TCP"}


class Merge:
    """Merges a manifest into an object of a cluster, client-side or server-side, and notes the steps to what it `changed`."""

    def __init__(self, kind: str, minor: str, is_client_side: bool) -> None:
        table = fields.of(kind, minor) if kind else None
        self._types = table.types if table else {}
        self._keys = table.keys if table else {}
        self._is_client_side = is_client_side
        # The steps to the values that differ from those of the object in the cluster.
        self.changed: list[tuple[Any, ...]] = []

    def _type(self, type: str, key: str) -> str:
        return type[1:-1] if type.startswith("{") else self._types.get(type, {}).get(key, "any")

    def _merge_keys(self, type: str, key: str) -> list[str] | None:
        """Return the keys by which a list is merged: none if it is a set, and None if it is replaced as a whole."""
        keys = self._keys.get(type, {}).get(key)
        if keys is None or not self._is_client_side:
            return keys
        if keys:
            return None if (type, key) in _NOT_MERGED else keys[:1]
        return keys if key == "finalizers" else None

    def _is_atomic(self, within: str, key: str, type: str) -> bool:
        if self._is_client_side:
            return (within, key) in _REPLACE
        return type in _ATOMIC_TYPES or (within, key) in _ATOMIC_FIELDS

    def map(self, live: Map, new: Map, type: str, last: Fields, others: Fields, steps: tuple[Any, ...]) -> Map:
        """Return a map in the cluster with what is applied to it. `last` was applied before, `others` is what others have set."""
        retains = self._is_client_side and type in _RETAIN_KEYS and bool(new)
        items: list[tuple[str, Any]] = []
        for key, value in live.items():
            step, below = f"f:{key}", self._type(type, key)
            stated = new.get(key)
            if below == "str" and type.startswith("{") and isinstance(stated, Null) and not self._is_client_side:
                stated = Text("")  # the server decodes null in a map of strings
            if isinstance(stated, Null) and isinstance(value, (Map, List)) and not self._is_client_side:
                stated = Map() if isinstance(value, Map) else List()  # what others have set in it stays
            if stated is not None and not isinstance(stated, Null):
                at = (*steps, step)
                items.append((key, self._value(value, stated, type, key, last.get(step, {}), others.get(step, {}), at)))
            elif (step in last and step not in others) or retains or key in new:
                continue
            elif step in last and not self._is_atomic(type, key, below):
                items.append((key, self._pruned(value, type, key, last[step], others[step], (*steps, step))))
            else:
                items.append((key, value))
        items += [(key, value) for key, value in new.items() if key not in live and not isinstance(value, Null)]
        return live.with_items(items)

    def _pruned(self, value: Any, type: str, key: str, last: Fields, others: Fields, steps: tuple[Any, ...]) -> Any:
        """Return a value that others have set parts of, without the parts that only the manifest had set."""
        empty: Any = Map() if isinstance(value, Map) else List() if isinstance(value, List) else None
        return value if empty is None else self._value(value, empty, type, key, last, others, steps)

    def _value(
        self, live: Any, new: Any, within: str, key: str, last: Fields, others: Fields, steps: tuple[Any, ...]
    ) -> Any:
        below = self._type(within, key)
        if isinstance(live, Map) and isinstance(new, Map) and not self._is_atomic(within, key, below):
            return self.map(live, new, below, last, others, steps)
        if isinstance(live, List) and isinstance(new, List):
            keys = self._merge_keys(within, key)
            named = _named(live, keys), _named(new, keys)
            if named[0] is not None and named[1] is not None:
                return List(self._items(named[0], named[1], below[1:-1], last, others, steps), new.origin)
        if plain(live) != plain(new):
            self.changed.append(steps)
        return new

    def _items(
        self,
        live: dict[Any, Any],
        new: dict[Any, Any],
        type: str,
        last: Fields,
        others: Fields,
        steps: tuple[Any, ...],
    ) -> Iterator[Any]:
        kept = {name for name in live if name in new or name not in last or ITSELF in others.get(name, {})}
        if self._is_client_side:
            order = _as_patched([name for name in live if name in kept], list(new), list(live))
        else:
            # What is removed is removed after the lists are merged.
            order = [name for name in _as_merged(list(live), list(new)) if name in kept or name not in live]
        for name in order:
            if name not in live:
                yield new[name]
            elif not isinstance(live[name], Map):
                yield live[name]
            else:
                stated = as_map(new.get(name))
                yield self.map(live[name], stated, type, last.get(name, {}), others.get(name, {}), (*steps, name))

    def fields_of(self, value: Any, type: str) -> Fields:
        """Return the set of the fields of an object, as the annotation has it."""
        result: Fields = {}
        for key, child in value.items():
            below = self._type(type, key)
            inner: Fields = {}
            if isinstance(child, dict):
                inner = self.fields_of(child, below)
            elif isinstance(child, list):
                for name, each in (_named(child, self._merge_keys(type, key)) or {}).items():
                    inner[name] = self.fields_of(each, below[1:-1]) if isinstance(each, dict) else {}
            result[f"f:{key}"] = inner
        return result


def _named(items: Sequence[Any], keys: list[str] | None) -> dict[Any, Any] | None:
    """Return the items of a list by what they are merged by; None if they are not merged."""
    if keys is None:
        return None
    if not keys:
        return {of_value(each): each for each in items}
    if not all(isinstance(each, dict) for each in items):
        return None
    defaults = {key: _DEFAULTS[key] for key in keys if key in _DEFAULTS}
    named = {by_keys({**defaults, **each}, keys): each for each in items}
    return None if None in named or len(named) < len(items) else named


def _as_patched(kept: list[Any], new: list[Any], live: list[Any]) -> list[Any]:
    """Return the order of client-side apply: others' items are before the first item that they were before."""
    place = {name: number for number, name in enumerate(live)}
    left = [name for name in kept if name not in new]
    result = []
    for name in new:
        while left and name in place and place[left[0]] < place[name]:
            result.append(left.pop(0))
        result.append(name)
    return result + left


def _as_merged(live: list[Any], new: list[Any]) -> list[Any]:
    """Return the order of server-side apply: others' items as early as the order of the manifest allows."""
    shared = [name for name in new if name in live]
    left, right, result = list(live), list(new), []
    while left or right:
        if left and right and left[0] != right[0] and left[0] in new and shared[:1] not in ([], left[:1]):
            del left[0]  # its turn comes later
        elif left and left[0] not in new:
            result.append(left.pop(0))
        else:
            if left and (left[0] in result or left[:1] == right[:1]):
                del left[0]
            if right:
                result.append(right.pop(0))
                shared = shared[1:] if shared[:1] == result[-1:] else shared
    return result
