"""What a server rejects before it validates a Service: conflicts in the addresses and ports that it allocates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

ALLOCATION: Final = "pkg/registry/core/service/storage: Allocators"


@rule("Service.spec", source=ALLOCATION)
def conflicting_ip_family_policy(spec: FieldRef) -> Iterator[FieldError]:
    """Two `clusterIPs` or two `ipFamilies` require `ipFamilyPolicy: PreferDualStack` or `RequireDualStack`. The default
    is `SingleStack`, unless the Service is headless and has no `selector`.
    """
    headless = spec.get("clusterIP") == "None" and not spec.get("selector")
    policy = spec.get("ipFamilyPolicy", "" if headless else "SingleStack")
    for field in ("clusterIPs", "ipFamilies"):
        if policy == "SingleStack" and spec.get("type") != "ExternalName" and len(spec.get(field, ())) == 2:
            yield spec.invalid("ipFamilyPolicy", f"must be PreferDualStack or RequireDualStack for two `{field}`")


@rule("Service.spec", source=ALLOCATION, when="ports")
def conflicting_node_ports(spec: FieldRef) -> Iterator[FieldError]:
    """A `nodePort` must be between 1 and 65535, and not be in use: ports of a Service can share one only if their
    `port` is the same, and none can share `healthCheckNodePort`.
    """
    kind, taken = spec.get("type"), set()
    ports = list(spec.children("ports")) if kind in ("NodePort", "LoadBalancer") else []
    # The first one set applies to all ports with the same `port`.
    asked: dict[int, int] = {}
    for port in ports:
        if port.get("nodePort", 0):
            asked.setdefault(port.get("port", 0), port.get("nodePort"))
    given: dict[int, int] = {}
    for port in ports:
        number, own = port.get("port", 0), port.get("nodePort", 0)
        if not own and kind == "LoadBalancer" and not spec.get("allocateLoadBalancerNodePorts", True):
            continue
        wanted = own if number in given else asked.get(number, 0)
        if not wanted or given.setdefault(number, 0) == wanted:
            continue
        if not 1 <= wanted <= 65535 or wanted in taken:
            detail = "is already in use by another port" if wanted in taken else "is not between 1 and 65535"
            yield port.invalid("nodePort", f"{int(wanted)} {detail}")
            break
        given[number] = given[number] or wanted
        taken.add(wanted)
    check = spec.get("healthCheckNodePort", 0)
    if kind == "LoadBalancer" and spec.get("externalTrafficPolicy") == "Local" and check in taken:
        yield spec.invalid("healthCheckNodePort", f"{int(check)} is already in use as the `nodePort` of a port")
