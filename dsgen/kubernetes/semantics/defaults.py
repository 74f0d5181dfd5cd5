"""An object with the defaults that the API server sets."""

from __future__ import annotations

from functools import cache, partial
from operator import is_not
from typing import Any

from dsgen.kubernetes.schema import fields
from dsgen.kubernetes.schema.fields import minor_number
from dsgen.kubernetes.semantics import storage_defaults
from dsgen.kubernetes.semantics.default_values import ABSENT, EMPTY
from dsgen.kubernetes.semantics.dependent_defaults import SPECIAL, Special
from dsgen.kubernetes.semantics.feature_gates import IMAGE_VOLUME, MAX_UNAVAILABLE
from dsgen.kubernetes.semantics.workload_defaults import pod
from dsgen.record import Record
from dsgen.tree import List, Map, Null


def defaulted(root: Map, minor: str = fields.DEFAULT, kind: str = "DaemonSet") -> Map:
    """Return the decoded object `root` with the API's defaults written out. `root` is not changed; what needs none is shared."""
    return filled(plan_of(kind, minor), root)


class DefaultsPlan(Record):
    """The defaults of one type, and the fields that lead to others; everything is empty where there are none."""

    absent: tuple[tuple[str, Any], ...]
    empty: tuple[tuple[str, Any], ...]
    special: Special | None
    below: dict[str, DefaultsPlan]


def plan_of(type: str, minor: str) -> DefaultsPlan:
    """Return the defaults of an object of the type `type`, and of what is in it."""
    return _plan(type, minor, type)


@cache
def _plan(type: str, minor: str, kind: str) -> DefaultsPlan:
    table = fields.of(kind, minor)
    known = table.types[type]
    below = {}
    for name, inner in fields.objects_in(type, minor):
        plan = _plan(inner, minor, kind)
        if any(plan):
            below[name] = plan
    defaults = {**ABSENT.get(type, {}), **table.defaults.get(type, {})}
    number, since = minor_number(minor), storage_defaults.SINCE
    absent = tuple(
        (name, value) for name, value in defaults.items() if name in known and since.get((type, name), 0) <= number
    )
    special = SPECIAL.get(type)
    if type == "Pod":
        special = partial(pod, minor=minor_number(minor))
    if type == "RollingUpdateStatefulSetStrategy" and minor_number(minor) >= MAX_UNAVAILABLE.on:
        absent = (*absent, ("maxUnavailable", 1))
    if type == "ImageVolumeSource" and minor_number(minor) < IMAGE_VOLUME.on:
        special = None  # what an update keeps where the gate is off gets no defaults
    empty = EMPTY.get(type, {})
    if type == "PodFailurePolicyOnPodConditionsPattern" and kind == "CronJob" and minor_number(minor) < 34:
        empty = {}  # before, the defaults in a pod failure policy are those of a Job alone
    return DefaultsPlan(absent, tuple(empty.items()), special, below)


def additions(plan: DefaultsPlan, value: Map) -> dict[str, Any]:
    """Return the fields of a map itself that its defaults set, with what is in these not yet filled."""
    changes: dict[str, Any] = {}
    for name, default in plan.absent:
        stated = value.get(name)
        if stated is None or type(stated) is Null:
            changes[name] = default
    for name, default in plan.empty:
        if not value.get(name):
            changes[name] = default
    if plan.special:
        changes.update(plan.special(value))
    return changes


def filled(plan: DefaultsPlan, value: Map) -> Map:
    """Return a map with its defaults, and those of what is in it."""
    changes = additions(plan, value)
    below = plan.below
    for name, child in (*value.items(), *changes.items()) if changes else value.items():
        kind = type(child)
        if (kind is Map or kind is List) and name in below:
            stated, inner = changes.get(name, child), below[name]
            if kind is Map:
                whole = filled(inner, stated)
                if whole is not stated:
                    changes[name] = whole
            else:
                items = [filled(inner, item) for item in stated]
                if any(map(is_not, items, stated)):
                    changes[name] = List(items, stated.place)
    return value.updated(changes) if changes else value
