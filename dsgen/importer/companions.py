"""The objects that belong to a DaemonSet, as keys of its profile: `resolve.companions`, the other way round."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from dsgen.importer.companion import TRUE, Agent, Companion, Fold, fold_of, part
from dsgen.importer.network import network_policy, pod_monitor, service
from dsgen.importer.rights import service_account
from dsgen.profile.rights import LEVELS, MODES
from dsgen.resolve.companions.companion import maps
from dsgen.resolve.companions.config_maps import annotation, checksum
from dsgen.resolve.identity import MANAGED_BY, NAME
from dsgen.tree import List, Map, Text, Value

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
    for kind, fold in (("Service", service), ("PodMonitor", pod_monitor), ("NetworkPolicy", network_policy)):
        found = (fold(agent, each) for each in fitting if each.given.kind == kind)
        first = next((each for each in found if each is not None), None)
        if first is not None:
            yield first


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
    return fold_of(
        agent,
        "priorityClass",
        companion,
        [(companion.tree.key(key), companion.tree[key]) for key in keys if key in companion.tree],
    )
