"""What the API server carries over from the old Service when it is changed, and what it then drops.

The functions take the `spec` of a decoded and defaulted Service. What the old one does not set, the cluster chose: nobody knows its
value, so as far as it can be, it is what the new one sets.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from dsgen.kubernetes.schema.formats import tolerant_address
from dsgen.tree import List, Map, origin_of

HEADLESS: Final = "None"
# For a Service that was given an address, one of each family.
_GIVEN: Final = {"IPv4": "192.0.2.1", "IPv6": "2001:db8::1"}
WITH_NODE_PORTS: Final = ("NodePort", "LoadBalancer")
SINGLE: Final = "SingleStack"


def is_addressed(spec: Map) -> bool:
    """Return whether a Service has addresses, or `None` instead of one."""
    return spec.get("type") != "ExternalName"


def needs_health_check(spec: Map) -> bool:
    """Return whether a Service has a port for health checks."""
    return spec.get("type") == "LoadBalancer" and spec.get("externalTrafficPolicy") == "Local"


def both_prepared(new: Map, old: Map) -> tuple[Map, Map]:
    """Return a changed Service as the server validates it, and the one that it has stored."""
    before = old_spec(old.map("spec"), new.map("spec"))
    after = without_unused(carried(new.map("spec"), before), before)
    return new.replaced("spec", after), old.replaced("spec", before)


def old_spec(old: Map, new: Map) -> Map:
    """Return the spec of the old Service with what the server gave it when it was created (pkg/registry/core/service/storage: allocateCreate)."""
    if needs_health_check(old) and not old.get("healthCheckNodePort"):
        old = old.updated({"healthCheckNodePort": new.get("healthCheckNodePort") or 0})
    if not is_addressed(old):
        return old
    old = _with_policy(old)
    if old.get("clusterIP") == HEADLESS:
        return old
    addresses, families = _texts(old, "clusterIPs"), _texts(old, "ipFamilies")
    stated: list[str] = []
    if is_addressed(new) and HEADLESS not in _texts(new, "clusterIPs"):
        stated = _texts(new, "clusterIPs")
    if not families and addresses:
        families = _families(addresses)
    elif not families and is_addressed(new):
        families = _texts(new, "ipFamilies") or _families(stated) or ["IPv4"]
        families = families[:1] if old.get("ipFamilyPolicy") == SINGLE else families
    first = {}
    if not addresses:
        addresses = [*stated, *(_GIVEN.get(family, "") for family in families[len(stated) :])][: len(families)]
        first = {"clusterIP": addresses[0]} if addresses else {}
    return old.updated({**_lists(old, clusterIPs=addresses, ipFamilies=families), **first})


def carried(new: Map, old: Map) -> Map:
    """Return the spec of the new Service with what it takes over from the stored one (pkg/registry/core/service/storage: beginUpdate)."""
    new = _with_addresses(new, old)
    new = _with_node_ports(new, old)
    if needs_health_check(new) and needs_health_check(old) and not new.get("healthCheckNodePort"):
        new = new.updated({"healthCheckNodePort": old.get("healthCheckNodePort") or 0})
    return _with_families(new, old) if is_addressed(new) else new


def without_unused(new: Map, old: Map) -> Map:
    """Return the spec of the new Service without what its type does not need, where it is as in the old one (pkg/registry/core/service:
    dropTypeDependentFields).
    """
    drop: list[str] = []
    if is_addressed(old) and not is_addressed(new):
        if _same(new, old, "clusterIP") and _same(new, old, "clusterIPs"):
            drop += ["clusterIP", "clusterIPs"]
        drop += [name for name in ("ipFamilies", "ipFamilyPolicy") if _same(new, old, name)]
    balanced = old.get("type") == "LoadBalancer" and new.get("type") != "LoadBalancer"
    fields = ("allocateLoadBalancerNodePorts", "loadBalancerClass") if balanced else ()
    drop += [name for name in fields if new.get(name) == old.get(name)]
    for name, needs in (("healthCheckNodePort", needs_health_check), ("externalTrafficPolicy", is_external)):
        if needs(old) and not needs(new) and _same(new, old, name):
            drop.append(name)
    freed = old.get("type") in WITH_NODE_PORTS and new.get("type") not in WITH_NODE_PORTS
    if freed and node_ports(new) <= node_ports(old):
        ports = [port.without("nodePort") for port in new.maps("ports")]
        new = new.updated({"ports": List(ports, origin_of(new.get("ports")))})
    return new.without(*drop) if drop else new


def is_external(spec: Map) -> bool:
    """Return whether external traffic can reach a Service (pkg/api/service: ExternallyAccessible)."""
    kind = spec.get("type") or "ClusterIP"
    return kind in WITH_NODE_PORTS or (kind == "ClusterIP" and bool(spec.get("externalIPs")))


def node_ports(spec: Map) -> set[int]:
    """Return the node ports of a Service."""
    return {number for port in spec.maps("ports") if (number := _number(port))}


def _with_policy(spec: Map) -> Map:
    if spec.is_set("ipFamilyPolicy"):
        return spec
    headless = spec.get("clusterIP") == HEADLESS and not spec.get("selector")
    return spec.updated({"ipFamilyPolicy": "RequireDualStack" if headless else SINGLE})


def _with_addresses(new: Map, old: Map) -> Map:
    stated, before = _texts(new, "clusterIPs"), _texts(old, "clusterIPs")
    # Defaults have filled these from `clusterIP`; the storage fills them later.
    addresses = [] if is_derived(new) else stated
    first, first_before = new.get("clusterIP") or "", old.get("clusterIP") or ""
    if is_addressed(new) and is_addressed(old):
        first, addresses = first or first_before, addresses or before
    if first == first_before:
        addresses = addresses or before
    elif addresses == before:
        addresses = [str(first)] if first else []
    return new.updated({**({"clusterIP": first} if first else {}), **_lists(new, clusterIPs=addresses)})


def is_derived(spec: Map) -> bool:
    """Return whether the manifest does not set `clusterIPs`: defaults have copied `clusterIP`."""
    held = spec.get("clusterIPs")
    return isinstance(held, List) and len(held) == 1 and held[0] is spec.get("clusterIP")


def _with_node_ports(new: Map, old: Map) -> Map:
    if not (new.get("type") in WITH_NODE_PORTS and old.get("type") in WITH_NODE_PORTS):
        return new
    taken = node_ports(new) & node_ports(old)
    by_name = {str(port.get("name") or ""): _number(port) for port in old.maps("ports")}
    ports = []
    for port in new.maps("ports"):
        known = by_name.get(str(port.get("name") or ""), 0)
        free = known and not _number(port) and known not in taken
        ports.append(port.updated({"nodePort": known}) if free else port)
    return new.updated({"ports": List(ports, origin_of(new.get("ports")))}) if ports else new


def _with_families(new: Map, old: Map) -> Map:
    if not new.is_set("ipFamilyPolicy") and old.is_set("ipFamilyPolicy"):
        new = new.updated({"ipFamilyPolicy": old["ipFamilyPolicy"]})
    new = _with_policy(new)
    addresses, families = _texts(new, "clusterIPs"), _texts(new, "ipFamilies")
    if new.get("ipFamilyPolicy") == SINGLE:
        addresses = addresses[:1] if addresses == _texts(old, "clusterIPs") else addresses
        families = families[:1] if families == _texts(old, "ipFamilies") else families
    if not wrong_family_policy(new.updated(_lists(new, clusterIPs=addresses, ipFamilies=families)), old):
        families = [*families, *_families(addresses)[len(families) :]]
    return new.updated(_lists(new, clusterIPs=addresses, ipFamilies=families))


def wrong_family_policy(new: Map, old: Map) -> str:
    """Return what is wrong with the `ipFamilyPolicy` of a changed Service; empty if nothing is."""
    counts = {name: (len(_texts(new, name)), len(_texts(old, name))) for name in ("clusterIPs", "ipFamilies")}
    if new.get("ipFamilyPolicy") != SINGLE:
        fewer = [name for name, (now, before) in counts.items() if 0 < now < before]
        return f"must be SingleStack to give up the second of `{fewer[0]}`" if fewer else ""
    two = [name for name, (now, _) in counts.items() if now == 2]
    return f"must be PreferDualStack or RequireDualStack for two `{two[0]}`" if two else ""


def _families(addresses: Sequence[str]) -> list[str]:
    known = [None if "%" in text else tolerant_address(text) for text in addresses]
    return [f"IPv{address.version}" for address in known if address] if all(known) else []


def _same(new: Map, old: Map, name: str) -> bool:
    return bool((new.get(name) or None) == (old.get(name) or None))


def _number(port: Map) -> int:
    number: Any = port.get("nodePort") or 0
    return int(number)


def _texts(spec: Map, name: str) -> list[str]:
    return [str(each) for each in spec.entries(name)]


def _lists(spec: Map, **lists: Sequence[str]) -> dict[str, Any]:
    """Return the changes that give fields other items; none for one that has them."""
    return {
        name: List(items, origin_of(spec.get(name)))
        for name, items in lists.items()
        if list(items) != _texts(spec, name)
    }
