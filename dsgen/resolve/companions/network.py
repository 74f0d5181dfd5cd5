"""The service, the pod monitor and the network policy, which refer to container ports by name."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from dsgen.kubernetes.schema import fields
from dsgen.problem import code
from dsgen.profile.tables import ENDPOINT, NAMES
from dsgen.resolve.companions.companion import Companion, DescribedAgent, text
from dsgen.resolve.named_ports import UNKNOWN_PORT, container_ports, port_hint
from dsgen.tree import List, Map, Value, is_integer, origin_of

NO_SELECTOR = code(
    "missing-service-selector",
    """A service selects pods by labels only. If the profile's `selector` consists of expressions, the service uses the pods' labels with
    the same keys. If the pods have no such label, set `selector` in the service.""",
)
TWO_FORMS = code(
    "conflicting-pod-monitor-endpoints",
    "`podMonitor` may set one endpoint by its keys, or all of them in `podMetricsEndpoints`, not both.",
)

IDLE_POLICY = code(
    "ineffective-network-policy",
    """Pods with `hostNetwork: true` have the addresses of their nodes, and a NetworkPolicy has no effect on them: Kubernetes leaves this
    undefined, and most network plugins ignore such pods. Use the nodes' own firewall instead.""",
    severity="warning",
)


def service(agent: DescribedAgent) -> Iterator[Companion]:
    """Yield the Service, if there is one."""
    stated = agent.merged.child("service")
    if stated is None:
        return
    spec = _spec(stated, "ServiceSpec")
    if "selector" not in spec and spec.get("type") != "ExternalName":
        spec = _with("selector", _labels(agent, stated), spec)
    if not spec.keys() & {"type", "clusterIP", "clusterIPs"}:
        spec = _with("clusterIP", "None", spec)
    if "clusterIP" in spec and not spec.get("clusterIPs"):
        # The API server adds it on storage, and validation accepts the two only together.
        spec["clusterIPs"] = List([spec["clusterIP"]], origin_of(spec["clusterIP"]))
    if "ports" in spec:
        known = container_ports(agent.pod)
        ports = (_service_port(agent, known, port, "selector" in stated) for port in spec.maps("ports"))
        spec["ports"] = List(ports, origin_of(spec["ports"]))
    yield agent.companion("Service", stated, text(stated.get("name"), agent.name), {"spec": spec})


def pod_monitor(agent: DescribedAgent) -> Iterator[Companion]:
    """Yield the PodMonitor, if there is one."""
    stated = agent.merged.child("podMonitor")
    if stated is None:
        return
    common = fields.known("PodMonitorSpec").keys()
    spec = _spec(stated, "PodMonitorSpec", common)
    alone = ((key, value) for key, value in stated.items() if key not in NAMES and key not in common)
    endpoint = Map(alone, stated.origin, ENDPOINT)
    if endpoint and "podMetricsEndpoints" in spec:
        key = next(iter(endpoint))
        found = f"`{key}` and `podMetricsEndpoints` cannot be combined"
        agent.report(
            TWO_FORMS.at(origin_of(key), found, hint=f"set `{key}` in each endpoint", path=f"podMonitor.{key}")
        )
    elif endpoint:
        spec["podMetricsEndpoints"] = List([endpoint], stated.origin)
    known = container_ports(agent.pod)
    for each in spec.maps("podMetricsEndpoints") if "selector" not in stated else ():
        _check_port(agent, known, each.get("port"), "podMonitor")
    spec = _with("selector", agent.selector, spec)
    yield agent.companion("PodMonitor", stated, text(stated.get("name"), agent.name), {"spec": spec})


def network_policy(agent: DescribedAgent) -> Iterator[Companion]:
    """Yield the NetworkPolicy, if there is one."""
    stated = agent.merged.child("networkPolicy")
    if stated is None:
        return
    if "podSelector" not in stated and agent.pod.get("hostNetwork"):
        found = "the pods use the host network, and most network plugins do not apply policies to such pods"
        hint = "remove `networkPolicy`, or `hostNetwork`"
        agent.report(IDLE_POLICY.at(origin_of(stated), found, hint=hint, path="networkPolicy"))
    spec = _spec(stated, "NetworkPolicySpec")
    types = [type for key, type in (("ingress", "Ingress"), ("egress", "Egress")) if key in spec]
    if types:
        spec = _with("policyTypes", List(types, stated.origin), spec)
    spec = _with("podSelector", agent.selector, spec)
    known = container_ports(agent.pod)
    # Ports under `egress` belong to other pods.
    for rule in spec.maps("ingress") if "podSelector" not in stated else ():
        for port in rule.maps("ports"):
            _check_port(agent, known, port.get("port"), "networkPolicy.ingress")
    yield agent.companion("NetworkPolicy", stated, text(stated.get("name"), agent.name), {"spec": spec})


def _spec(stated: Map, type: str, keys: Collection[str] | None = None) -> Map:
    items = ((key, value) for key, value in stated.items() if key not in NAMES and (keys is None or key in keys))
    return Map(items, stated.origin, type)


def _with(key: str, value: Value, spec: Map) -> Map:
    """Return the spec with a default for the key, in front."""
    return spec.with_items({key: value, **spec})


def _service_port(agent: DescribedAgent, known: Mapping[str, Map], port: Map, others: bool) -> Map:
    """Return a port of the service, completed from the container port that it refers to.

    A service for `others` has its own selector, and if it sets `port`, it may refer to a port of those pods.
    """
    name = port.get("targetPort", port.get("name") if "port" not in port else None)
    if name is None or is_integer(name) or (others and "port" in port):
        return port
    _check_port(agent, known, name, "service.ports")
    target = known.get(str(name))
    of_target = {"port": target.get("containerPort"), "protocol": target.get("protocol")} if target is not None else {}
    every = {**of_target, "targetPort": name, **port}
    ordered = sorted(every.items(), key=lambda item: item[0] != "name")
    return port.with_items((key, value) for key, value in ordered if value is not None)


def _check_port(agent: DescribedAgent, known: Mapping[str, Map], name: Value | None, path: str) -> None:
    """Report a reference to a port that no container has."""
    if isinstance(name, str) and name not in known:
        hint = port_hint(name, known, agent.suggestions)
        agent.report(UNKNOWN_PORT.at(origin_of(name), f"no container has a port `{name}`", hint=hint, path=path))


def _labels(agent: DescribedAgent, stated: Map) -> Map:
    """Return the labels by which a service selects the pods."""
    result = Map((), stated.origin, "{str}")
    result.update(agent.selector.map("matchLabels"))
    for expression in agent.selector.maps("matchExpressions"):
        label = expression.get("key")
        if isinstance(label, str) and label in agent.pod_labels:
            result[label] = agent.pod_labels[label]
    if not result:
        found = "the pods have no label that the service could select"
        hint = "add the labels of the profile's `selector` to `podLabels`, or set `selector` in the service"
        agent.report(NO_SELECTOR.at(stated.origin, found, hint=hint, path="service"))
    return result
