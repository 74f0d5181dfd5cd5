"""The objects that belong to a DaemonSet, as keys of its profile: `resolve.companions`, the other way round."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from dsgen.importer.companion import TRUE, Agent, Companion, Fold, contains, part
from dsgen.importer.rights import service_account
from dsgen.kubernetes import fields
from dsgen.profile.rights import LEVELS, MODES
from dsgen.profile.tables import ENDPOINT
from dsgen.resolve.companions.companion import maps
from dsgen.resolve.companions.config_maps import annotation, checksum
from dsgen.resolve.identity import MANAGED_BY, NAME
from dsgen.resolve.ports import container_ports
from dsgen.tree import List, Map, Text, Value, origin_of

_NONE: Final = Text.at("none", None, plain=True)
_LEVEL: Final = "pod-security.kubernetes.io/"
_WRITTEN_BY_SERVER: Final = "kubernetes.io/metadata.name"


def best(agent: Agent, others: list[Companion]) -> tuple[Agent, list[Fold]]:
    """Return the DaemonSet with the labels to share, and what is folded: of all choices of labels, that which folds most."""
    every = part(part(agent.tree, "metadata"), "labels")
    choices = {tuple(every): _own(agent, every)}
    for each in others:
        labels = part(each.metadata, "labels")
        common = Map(((key, value) for key, value in every.items() if labels.get(key) == value), every.origin)
        choices.setdefault(tuple(common), _own(agent, common))
    found = [(choice, list(folds(choice, others))) for choice in choices.values()]
    return max(found, key=lambda each: sum(len(fold.objects) for fold in each[1]))


def _own(agent: Agent, labels: Map) -> Agent:
    """Return the DaemonSet with these labels for all, but for those that all get anyway."""
    standard = {NAME, MANAGED_BY} if agent.standard else set()
    return agent._replace(
        labels=Map(((key, value) for key, value in labels.items() if key not in standard), labels.origin)
    )


def folds(agent: Agent, others: list[Companion]) -> Iterator[Fold]:
    """Yield what a profile states of the objects that belong to the DaemonSet, in the order of the profile.

    An object belongs to it if it refers to the other, by name or by labels; what dsgen has made says so by its standard labels.
    """
    fitting = [each for each in others if agent.fits(each)]
    for each in fitting:
        if each.given.kind == "Namespace" and each.metadata["name"] == agent.namespace:
            yield _namespace(agent, each)
    account = service_account(agent, others)
    if account is not None:
        yield account
    used = {*_config_maps(agent.pod), *_words(agent.pod)}
    config_maps = [
        each for each in fitting if each.given.kind == "ConfigMap" and (each.metadata["name"] in used or agent.standard)
    ]
    for each in config_maps:
        yield _config_map(agent, each)
    for each in fitting:
        if each.given.kind == "PriorityClass" and each.metadata["name"] == agent.pod.get("priorityClassName"):
            yield _priority_class(agent, each)
    for kind, fold in (("Service", _service), ("PodMonitor", _pod_monitor), ("NetworkPolicy", _network_policy)):
        found = (fold(agent, each) for each in fitting if each.given.kind == kind)
        first = next((each for each in found if each is not None), None)
        if first is not None:
            yield first


def _fold(agent: Agent, key: str, companion: Companion, items: Any) -> Fold:
    """Return what a companion states of its own, under a key."""
    entry = Map([*agent.named(companion), *items, *agent.own(companion)], companion.tree.origin, key)
    return Fold(key, entry, (companion,))


def _namespace(agent: Agent, companion: Companion) -> Fold:
    entry = Map([*agent.named(companion), ("create", TRUE)], companion.tree.origin)
    for key, value in agent.own(companion):
        assert isinstance(value, Map)
        if key == "labels":
            value.pop(_WRITTEN_BY_SERVER, None)
            levels = Map(
                ((label[len(_LEVEL) :], level) for label, level in value.items() if _is_level(label, level)),
                value.origin,
            )
            if levels:
                entry["podSecurity"] = levels["enforce"] if levels.keys() == {"enforce"} else levels
            value = Map(((label, text) for label, text in value.items() if not _is_level(label, text)), value.origin)
        if value:
            entry[key] = value
    return Fold("namespace", entry, (companion,))


def _is_level(label: str, value: Value) -> bool:
    mode = label.removeprefix(_LEVEL)
    return label.startswith(_LEVEL) and mode in MODES and value in LEVELS


def _config_map(agent: Agent, companion: Companion) -> Fold:
    name = companion.metadata["name"]
    assert isinstance(name, str)
    known = part(part(agent.template, "metadata"), "annotations").get(annotation(name))
    items = [
        (companion.tree.key(key), companion.tree[key])
        for key in ("data", "binaryData", "immutable")
        if key in companion.tree
    ]
    if known != checksum(companion.tree):
        items.append(("onChange", _NONE))
    entry = Map([*items, *agent.own(companion)], companion.tree.origin)
    return Fold("configMaps", Map([(name, entry)], companion.tree.origin, "<name:configMap>"), (companion,))


def _config_maps(value: Any) -> Iterator[str]:
    """Yield the names of the config maps that a pod refers to."""
    if isinstance(value, Map):
        for key in ("configMap", "configMapRef", "configMapKeyRef"):
            yield from (str(name) for name in [part(value, key).get("name")] if name)
    for child in value.values() if isinstance(value, Map) else value if isinstance(value, List) else ():
        yield from _config_maps(child)


def _words(pod: Map) -> Iterator[str]:
    """Yield the words of the containers' commands and arguments, such as the name in `--configmap=$(NAMESPACE)/agent`."""
    for group in ("initContainers", "containers"):
        for container in maps(pod.get(group)):
            for key in ("command", "args"):
                stated = container.get(key)
                for text in stated if isinstance(stated, List) else ():
                    yield from re.split(r"[=/\s]", str(text))


def _priority_class(agent: Agent, companion: Companion) -> Fold:
    keys = ("value", "globalDefault", "preemptionPolicy", "description")
    return _fold(
        agent,
        "priorityClass",
        companion,
        [(companion.tree.key(key), companion.tree[key]) for key in keys if key in companion.tree],
    )


def _service(agent: Agent, companion: Companion) -> Fold | None:
    spec = companion.spec
    selected = spec.get("selector")
    if not isinstance(selected, Map) or not (contains(agent.pod_labels, selected) or agent.standard):
        return None
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
            value = List((_service_port(agent, port) for port in value), value.origin)
        items.append((key, value))
    return _fold(agent, "service", companion, items)


def _service_port(agent: Agent, port: Any) -> Value:
    """Return a port of a service as the name of the container's port that it is, or as Kubernetes has it."""
    target = port.get("targetPort")
    of_container: Any = container_ports(agent.pod).get(str(target))
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


def _pod_monitor(agent: Agent, companion: Companion) -> Fold | None:
    spec = companion.spec
    if spec.get("selector") != agent.selector:
        return None
    items: list[tuple[str, Value]] = []
    for key, value in spec.items():
        alone: Any = value[0] if isinstance(value, List) and len(value) == 1 else None
        if key == "podMetricsEndpoints" and alone and alone.keys() <= fields.known(ENDPOINT).keys() - spec.keys():
            items += alone.items()
        elif key != "selector":
            items.append((key, value))
    return _fold(agent, "podMonitor", companion, items)


def _network_policy(agent: Agent, companion: Companion) -> Fold | None:
    spec = companion.spec
    if spec.get("podSelector") != agent.selector:
        return None
    spec = Map(((key, value) for key, value in spec.items() if key not in ("podSelector", "policyTypes")), spec.origin)
    derived = [type for key, type in (("ingress", "Ingress"), ("egress", "Egress")) if key in spec]
    meant = companion.spec.get("policyTypes", List(["Ingress", "Egress"] if "egress" in spec else ["Ingress"]))
    items = list(spec.items())
    if meant != derived:
        items.append(("policyTypes", meant))
    return _fold(agent, "networkPolicy", companion, items)
