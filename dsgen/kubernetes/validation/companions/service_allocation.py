"""What a server rejects before it validates a Service: conflicts in the addresses and ports that it allocates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dsgen.kubernetes.semantics.service_update import (
    WITH_NODE_PORTS,
    needs_health_check,
    node_ports,
    wrong_family_policy,
)
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.tree import Map

ALLOCATION: Final = "pkg/registry/core/service/storage: Allocators"


@rule("Service.spec", source=ALLOCATION)
def conflicting_ip_family_policy(spec: FieldRef) -> Iterator[FieldError]:
    """Two `clusterIPs` or two `ipFamilies` require `ipFamilyPolicy: PreferDualStack` or `RequireDualStack`. The default
    is `SingleStack`, unless the Service is headless and has no `selector`.
    """
    if spec.pod.old:
        wrong = wrong_family_policy(spec.value, spec.pod.old.root.value.map("spec"))
        if wrong and spec.get("type") != "ExternalName":
            yield spec.invalid("ipFamilyPolicy", wrong)
        return
    headless = spec.get("clusterIP") == "None" and not spec.get("selector")
    policy = spec.get("ipFamilyPolicy", "" if headless else "SingleStack")
    for field in ("clusterIPs", "ipFamilies"):
        if policy == "SingleStack" and spec.get("type") != "ExternalName" and len(spec.get(field, ())) == 2:
            yield spec.invalid("ipFamilyPolicy", f"must be PreferDualStack or RequireDualStack for two `{field}`")


@rule("Service.spec", source=ALLOCATION, when="ports")
def conflicting_node_ports(spec: FieldRef) -> Iterator[FieldError]:
    """A `nodePort` must be between 1 and 65535, and not be in use: ports of a new Service can share one only if their
    `port` is the same, and none can share `healthCheckNodePort`.
    """
    if spec.pod.old:
        yield from _changed_node_ports(spec, spec.pod.old.root.value.map("spec"))
        return
    kind, taken = spec.get("type"), set[int]()
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


def _changed_node_ports(spec: FieldRef, old: Map) -> Iterator[FieldError]:
    """Yield the error of the first new port that cannot be allocated. Those of the old Service are still its own."""
    asked = node_ports(old)
    check: Any = old.get("healthCheckNodePort") or 0
    taken = {*asked, check} if needs_health_check(old) else set(asked)
    for port in spec.children("ports") if spec.get("type") in WITH_NODE_PORTS else ():
        number = port.get("nodePort", 0)
        if not number or number in asked:
            continue
        if not 1 <= number <= 65535 or number in taken:
            detail = "is already in use by another port" if number in taken else "is not between 1 and 65535"
            yield port.invalid("nodePort", f"{int(number)} {detail}")
            return
        asked.add(number)
        taken.add(number)
    check = spec.get("healthCheckNodePort", 0)
    if check and needs_health_check(spec.value) and not needs_health_check(old) and check in taken:
        yield spec.invalid("healthCheckNodePort", f"{int(check)} is already in use as the `nodePort` of a port")
