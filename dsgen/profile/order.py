"""The order in which keys are written: names first, then where pods run, what they run, and the objects that come with them.

Only maps of the language's own keys have an order. That of names, such as variables and containers, is the author's; so is that of
Kubernetes' own types, such as a probe, which generated files follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

from dsgen.profile import metadata, rollout
from dsgen.profile.containers import CONTAINER
from dsgen.profile.environment import ENVIRONMENT
from dsgen.profile.key import Rules
from dsgen.profile.schema import PROFILE
from dsgen.tree import List, Map, Value

_PROFILE_FIRST: Final = (
    "extends",
    "name",
    "namespace",
    "labels",
    "daemonSetLabels",
    "annotations",
    "standardLabels",
    "selector",
    *metadata.KEYS,
    "nodes",
    *rollout.KEYS,
    "initContainers",
    "containers",
)


def in_order(keys: Iterable[str], type: str) -> list[str]:
    """Return the keys of a map of a type in the order in which they are written; unknown keys come last, in their own order."""
    ranks = _ranks(type)
    return sorted(keys, key=lambda key: ranks.get(key, len(ranks))) if ranks else list(keys)


def ordered(value: Map | List) -> Map | List:
    """Return a value with the keys of all maps in order, as far as their types are known."""
    if isinstance(value, List):
        return List(map(_ordered, value), value.place)
    return value.with_items((key, _ordered(value[key])) for key in in_order(value, value.type))


def _ordered(value: Value) -> Value:
    return ordered(value) if isinstance(value, (Map, List)) else value


@cache
def _ranks(type: str) -> dict[str, int]:
    return {key: rank for rank, key in enumerate(dict.fromkeys(_known().get(type, ())))}


@cache
def _known() -> dict[str, Sequence[str]]:
    """Return the keys of each type of the language in their order. A merge comes first: what follows overrides it."""
    found: dict[str, Sequence[str]] = {}
    for rules in (PROFILE, ENVIRONMENT):
        _add(rules, found)
    found["profile"] = [*_PROFILE_FIRST, *found["profile"]]
    found["Container"] = ["name", *CONTAINER["schema"]]
    return {type: ["<<", *keys] for type, keys in found.items()}


def _add(rules: Rules, found: dict[str, Sequence[str]]) -> None:
    type = rules["meta"].get("type", "")
    if "schema" in rules and type not in found:
        found[type] = list(rules["schema"])
        for entry in rules["schema"].values():
            _add(entry, found)
    if "named" in rules:
        _add(rules["named"], found)
