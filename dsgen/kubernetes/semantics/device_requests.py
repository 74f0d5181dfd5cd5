"""Requests for devices (DRA): the form of older versions of the API, and what the server drops
(pkg/apis/resource/v1beta1: Convert_v1beta1_DeviceRequest_To_resource_DeviceRequest, pkg/api/resourceclaimspec: DropDisabledFields).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from dsgen.kubernetes.semantics.drop_disabled_fields import Dropped
from dsgen.kubernetes.semantics.feature_gates import IN_CONSTRAINT, IN_DEVICE_REQUEST, Gate
from dsgen.tree import List, Map, Path, origin_of

# Where an object has its requests.
DEVICES: Final[dict[str, tuple[str, ...]]] = {
    "ResourceClaim": ("spec", "devices"),
    "ResourceClaimTemplate": ("spec", "spec", "devices"),
}
# The versions in which the fields of `exactly` are those of the request itself.
FLAT: Final = ("resource.k8s.io/v1alpha3", "resource.k8s.io/v1beta1")
IN_EXACTLY: Final = (
    *("deviceClassName", "selectors", "allocationMode", "count", "adminAccess"),
    *("tolerations", "capacity", "derivedAttributes"),
)
# Without a value, these are not set.
_NO_POINTERS: Final = ("deviceClassName", "allocationMode", "count")
# Before this minor, the server has no code that drops these fields.
_DROPPED_SINCE: Final = {"tolerations": 35, "distinctAttribute": 35}


def is_flat(root: Map) -> bool:
    """Return whether an object is of a version in which the fields of `exactly` are those of the request itself."""
    return root.get("apiVersion") in FLAT


def with_exactly(root: Map, kind: str) -> Map:
    """Return a claim of any version, or a template for claims, as the server keeps it: with `exactly` in its requests."""
    if kind not in DEVICES or not is_flat(root):
        return root
    devices = root.map(*DEVICES[kind])
    pruned = _each(devices, "requests", _exactly)
    return root if pruned is devices else _with_devices(root, DEVICES[kind], pruned)


def _exactly(request: Map, index: int) -> Map:
    stated = {name: request[name] for name in IN_EXACTLY if request.is_set(name)}
    kept = request.without(*IN_EXACTLY)
    if not any(value or name not in _NO_POINTERS for name, value in stated.items()):
        return kept
    return kept.updated({"exactly": request.with_items(stated)})


def without_disabled(root: Map, kind: str, minor: int, old: Map | None) -> tuple[Map, list[Dropped]]:
    """Return a claim or a template, with `exactly` in its requests, without the fields that the server of `minor` drops; and these fields."""
    path = DEVICES[kind]
    before = Map() if old is None else old.map(*path)
    off = _Disabled(minor, before, path, is_flat(root))
    devices = root.map(*path)
    pruned = _each(devices, "requests", off.request)
    pruned = _each(pruned, "constraints", off.constraint)
    return (root, []) if pruned is devices else (_with_devices(root, path, pruned), off.dropped)


class _Disabled:
    def __init__(self, minor: int, before: Map, path: Path, flat: bool) -> None:
        self.minor = minor
        self.before = before
        self.path = path
        self.flat = flat
        self.dropped: list[Dropped] = []

    def request(self, request: Map, index: int) -> Map:
        place = (*self.path, "requests", index)
        request = self._without(request, {"firstAvailable": IN_DEVICE_REQUEST["firstAvailable"]}, place)
        exactly = request.child("exactly")
        if exactly is not None:
            pruned = self._without(exactly, IN_DEVICE_REQUEST, place if self.flat else (*place, "exactly"))
            request = request if pruned is exactly else request.replaced("exactly", pruned)
        return _each(
            request,
            "firstAvailable",
            lambda each, number: self._without(each, IN_DEVICE_REQUEST, (*place, "firstAvailable", number)),
        )

    def constraint(self, constraint: Map, index: int) -> Map:
        return self._without(constraint, IN_CONSTRAINT, (*self.path, "constraints", index))

    def _without(self, holder: Map, gates: dict[str, Gate], place: Path) -> Map:
        for name, gate in gates.items():
            drops = holder.is_set(name) and gate.is_off(self.minor) and self.minor >= _DROPPED_SINCE.get(name, 0)
            if drops and not _uses(self.before, gate):
                if holder[name] != []:
                    self.dropped.append(Dropped((*place, name), gate))
                holder = holder.without(name)
        return holder


def _uses(devices: Map, gate: Gate) -> bool:
    """Return whether the old object has a field of a gate: then the server keeps all of them."""
    names = {name for gates in (IN_DEVICE_REQUEST, IN_CONSTRAINT) for name, each in gates.items() if each == gate}
    holders = [*devices.maps("constraints"), *devices.maps("requests")]
    holders += [request.map("exactly") for request in devices.maps("requests")]
    holders += [each for request in devices.maps("requests") for each in request.maps("firstAvailable")]
    return any(each.is_set(name) and each[name] != [] for each in holders for name in names)


def _each(holder: Map, name: str, change: Callable[[Map, int], Map]) -> Map:
    """Return a map with each item of a list changed, which is given with its index."""
    items = holder.get(name)
    if not isinstance(items, list) or not items:
        return holder
    changed = [change(item, index) if isinstance(item, Map) else item for index, item in enumerate(items)]
    if all(new is old for new, old in zip(changed, items, strict=True)):
        return holder
    return holder.replaced(name, List(changed, origin_of(items)))


def _with_devices(root: Map, path: Path, devices: Map) -> Map:
    first, *rest = path
    inner = _with_devices(root.map(str(first)), tuple(rest), devices) if rest else devices
    return root.replaced(str(first), inner)
