"""Services, pod monitors and network policies as keys of a profile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dsgen.importer.fold.companion import Fold, ImportedAgent, ImportedCompanion, LeftOut, Reason, fold_of
from dsgen.kubernetes.schema import fields
from dsgen.profile.tables import ENDPOINT
from dsgen.resolve.named_ports import container_ports
from dsgen.tree import List, Map, Text, Value, origin_of


def service(agent: ImportedAgent, companion: ImportedCompanion) -> Fold | LeftOut:
    """Return a Service that selects the pods as the key `service`."""
    spec = companion.spec
    selected = spec.map("selector")
    if not selected:  # related by the labels that dsgen adds
        return LeftOut(companion, Reason("it selects no pods"))
    items: list[tuple[str, Value]] = []
    if "matchExpressions" in agent.selector or selected != agent.selector.get("matchLabels"):
        items.append((spec.key("selector"), selected))
    headless = spec.get("clusterIP") == "None" and "type" not in spec
    if not headless and not spec.keys() & {"type", "clusterIP", "clusterIPs"}:
        items.append(("type", Text.at("ClusterIP", spec.origin, plain=True)))
    for key, value in spec.items():
        if key == "selector" or (headless and key in ("clusterIP", "clusterIPs")):
            continue
        if key == "ports":
            assert isinstance(value, List)
            known = container_ports(agent.pod)
            value = List((_service_port(known, port) for port in value), value.origin)
        items.append((key, value))
    return fold_of(agent, "service", companion, items)


def _service_port(known: Mapping[str, Map], port: Any) -> Value:
    """Return a port of a Service as the name of a container's port if both are the same, or else in Kubernetes' form."""
    target = port.get("targetPort")
    of_container: Any = known.get(str(target))
    if of_container is None or not isinstance(target, str):
        return port  # type: ignore[no-any-return]
    same_number = port.get("port") == of_container.get("containerPort")
    same_protocol = port.get("protocol", "TCP") == of_container.get("protocol", "TCP")
    if (
        same_number
        and same_protocol
        and port.get("name") == target
        and port.keys() <= {"name", "port", "protocol", "targetPort"}
    ):
        return Text.at(target, origin_of(target), plain=True)
    return port  # type: ignore[no-any-return]


def pod_monitor(agent: ImportedAgent, companion: ImportedCompanion) -> Fold | LeftOut:
    """Return a PodMonitor as the key `podMonitor`, if its selector is that of the DaemonSet."""
    spec = companion.spec
    if spec.get("selector") != agent.selector:
        return LeftOut(companion, Reason("its `selector` is not the selector of the DaemonSet"))
    items: list[tuple[str, Value]] = []
    for key, value in spec.items():
        only: Any = value[0] if isinstance(value, List) and len(value) == 1 else None
        if key == "podMetricsEndpoints" and only and only.keys() <= fields.known(ENDPOINT).keys() - spec.keys():
            items += only.items()
        elif key != "selector":
            items.append((key, value))
    return fold_of(agent, "podMonitor", companion, items)


def network_policy(agent: ImportedAgent, companion: ImportedCompanion) -> Fold | LeftOut:
    """Return a NetworkPolicy as the key `networkPolicy`, if its selector is that of the DaemonSet."""
    spec = companion.spec
    if spec.get("podSelector") != agent.selector:
        return LeftOut(companion, Reason("its `podSelector` is not the selector of the DaemonSet"))
    spec = spec.without("podSelector", "policyTypes")
    derived = [type for key, type in (("ingress", "Ingress"), ("egress", "Egress")) if key in spec]
    types = companion.spec.get("policyTypes", List(["Ingress", "Egress"] if "egress" in spec else ["Ingress"]))
    items = list(spec.items())
    if types != derived:
        items.append(("policyTypes", types))
    return fold_of(agent, "networkPolicy", companion, items)
