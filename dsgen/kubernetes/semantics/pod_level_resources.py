"""The defaults of the resources of a whole Pod: what its containers have together.

Since 1.37, the server sets them when a Pod is created (pkg/api/pod: DefaultPodLevelResources), before that with all other defaults
(pkg/apis/core/v1: SetDefaults_Pod).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dsgen.kubernetes.schema import quantity
from dsgen.kubernetes.schema.paths import CONTAINER_LISTS
from dsgen.kubernetes.schema.quantity import Quantity
from dsgen.kubernetes.semantics.feature_gates import IN_POD
from dsgen.tree import Map, Text

LEVEL_GATE: Final = IN_POD["resources"]
# The first minor in which the server sets these defaults after admission, and limits too.
AFTER_ADMISSION: Final = 37
HUGE_PAGES: Final = "hugepages-"
OVERCOMMITTED: Final = ("cpu", "memory")


def with_pod_level_resources(spec: Map, minor: int) -> Map:
    """Return the spec of a Pod, whose containers have their defaults, with those of the resources of the whole pod."""
    resources = spec.child("resources")
    if resources is None or not (resources.map("limits") or resources.map("requests")):
        return spec
    limits, requests = dict(resources.map("limits")), dict(resources.map("requests"))
    for name in _names(spec, "limits"):
        if name.startswith(HUGE_PAGES) and name not in requests and name not in limits:
            limits[name] = _text(sum_of_containers(spec, "limits", name))
    if limits or minor >= AFTER_ADMISSION:
        for name in _names(spec, "requests"):
            if name in OVERCOMMITTED and name not in requests:
                requests[name] = _text(sum_of_containers(spec, "requests", name))
        for name, limit in limits.items():
            if name not in requests and (name in OVERCOMMITTED or name.startswith(HUGE_PAGES)):
                requests[name] = limit
    if minor >= AFTER_ADMISSION:
        limits |= dict(_default_limits(spec, limits, requests))
    changed = {name: Map(amounts) for name, amounts in (("limits", limits), ("requests", requests)) if amounts}
    return spec.replaced("resources", resources.updated(changed))


def _default_limits(spec: Map, limits: dict[str, Any], requests: dict[str, Any]) -> Iterator[tuple[str, Text]]:
    """Yield limits for what is requested, if every container has a limit for it: at least as much as is requested."""
    holders = [each for kind in CONTAINER_LISTS for each in spec.maps(kind)]
    for name, request in requests.items():
        supported = name in OVERCOMMITTED or name.startswith(HUGE_PAGES)
        if supported and name not in limits and all(name in each.map("resources", "limits") for each in holders):
            total = sum_of_containers(spec, "limits", name)
            if total is not None:
                yield name, _text(max(total, quantity.parse(request)))


def _names(spec: Map, side: str) -> list[str]:
    holders = [each for kind in ("containers", "initContainers") for each in spec.maps(kind)]
    return list(dict.fromkeys(str(name) for each in holders for name in each.map("resources", side)))


def sum_of_containers(spec: Map, side: str, name: str) -> Quantity | None:
    """Return the most that containers have at the same time: all with all sidecars, or an init container with those before it."""
    total: Quantity | None = None
    for container in spec.maps("containers"):
        total = _sum(total, _amount(container, side, name))
    sidecars: Quantity | None = None
    peak: Quantity | None = None
    for container in spec.maps("initContainers"):
        amount = _amount(container, side, name)
        at_once = _sum(sidecars, amount)
        if container.get("restartPolicy") == "Always":
            sidecars, total = at_once, _sum(total, amount)
        peak = _larger(peak, at_once)
    return _larger(total, peak)


def _amount(container: Map, side: str, name: str) -> Quantity | None:
    value = container.map("resources", side).get(name)
    return None if value is None else quantity.parse(value)


def _text(amount: Quantity | None) -> Text:
    return Text.at(str(amount.rounded() if amount else "0"), None)


def _sum(one: Quantity | None, other: Quantity | None) -> Quantity | None:
    return one + other if one is not None and other is not None else other if one is None else one


def _larger(one: Quantity | None, other: Quantity | None) -> Quantity | None:
    return max(one, other) if one is not None and other is not None else other if one is None else one
