"""The objects beside the DaemonSets of an import, found by what relates them to one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from dsgen.importer.companion import Agent, Companion, Reason, contains, part
from dsgen.importer.objects import Given
from dsgen.resolve.companions.companion import maps
from dsgen.resolve.identity import MANAGED_BY, NAME
from dsgen.tree import List, Map, Value

BINDINGS: Final = {"ClusterRoleBinding": "ClusterRole", "RoleBinding": "Role"}
# Why an object of a kind that profiles have a key for belongs to no DaemonSet.
_UNRELATED: Final = {
    "Namespace": "no DaemonSet here is in it",
    "ServiceAccount": "no DaemonSet here runs as it",
    "ClusterRole": "nothing here binds it to the service account of a DaemonSet",
    "Role": "nothing here binds it to the service account of a DaemonSet",
    "ClusterRoleBinding": "it binds no service account of a DaemonSet here",
    "RoleBinding": "it binds no service account of a DaemonSet here",
    "ConfigMap": "no DaemonSet here mounts it, takes variables from it, or names it in an argument",
    "PriorityClass": "no DaemonSet here uses it",
    "Service": "it does not select the pods of a DaemonSet here",
    "PodMonitor": "it does not select the pods of a DaemonSet here",
    "NetworkPolicy": "it does not select the pods of a DaemonSet here by their labels",
}


# How many objects that select the pods of a DaemonSet are looked at: a profile states one of each kind.
MANY: Final = 100


class Others:
    """The objects beside the DaemonSets. Those that a profile has taken are found no more."""

    def __init__(self, companions: Iterable[Companion]) -> None:
        self._all = list(companions)
        self._taken: set[int] = set()
        self._more: set[int] = set()
        # The places of objects in the list: by kind and name; of bindings by the name of a service account; of what selects pods by one
        # of the labels that it asks for; of what dsgen has made by the name of the agent.
        self._named: dict[tuple[str, str], list[int]] = {}
        self._binding: dict[str, list[int]] = {}
        self._selecting: dict[tuple[str, Value], list[int]] = {}
        self._made: dict[Value, list[int]] = {}
        for index, each in enumerate(self._all):
            self._named.setdefault((each.given.kind, str(each.metadata["name"])), []).append(index)
            for name in {str(subject.get("name")) for subject in _accounts(each)}:
                self._binding.setdefault(name, []).append(index)
            for label in list(selected(each).items())[:1]:
                self._selecting.setdefault(label, []).append(index)
            labels = part(each.metadata, "labels")
            if labels.get(MANAGED_BY) == "dsgen" and NAME in labels:
                self._made.setdefault(labels[NAME], []).append(index)

    def take(self, folded: Iterable[Given]) -> None:
        """Let no other DaemonSet have these."""
        self._taken.update(map(id, folded))

    def related(self, agent: Agent) -> list[Companion]:
        """Return the objects that refer to a DaemonSet or to which it refers, in their order; what dsgen has made says so by labels."""
        found = set(self._places(agent))
        if agent.standard:
            found.update(self._made.get(agent.name, ()))
        return [self._all[index] for index in sorted(found) if self._is_free(index)]

    def unrelated(self, given: Given) -> Reason:
        """Return why an object that no DaemonSet leaves out is not imported either."""
        if id(given) in self._more:
            return Reason(
                f"more than {MANY} objects select the pods of its DaemonSet, and a profile states one of each kind"
            )
        return Reason(_UNRELATED.get(given.kind, f"a profile has no key for {given.kind}"))

    def _places(self, agent: Agent) -> Iterator[int]:
        account = str(agent.pod.get("serviceAccountName", ""))
        priority = str(agent.pod.get("priorityClassName", ""))
        referred = {("ConfigMap", name) for name in (*_config_maps(agent.pod), *_words(agent.pod))}
        for key in (
            ("Namespace", agent.namespace),
            ("ServiceAccount", account),
            ("PriorityClass", priority),
            *referred,
        ):
            yield from self._named.get(key, ())
        for index in self._binding.get(account, ()):
            yield index
            reference = part(self._all[index].tree, "roleRef")
            yield from self._named.get((str(reference.get("kind")), str(reference.get("name"))), ())
        selecting = [
            index
            for label in agent.pod_labels.items()
            for index in self._selecting.get(label, ())
            if self._is_free(index) and contains(agent.pod_labels, selected(self._all[index]))
        ]
        yield from selecting[:MANY]
        self._more.update(id(self._all[index].given) for index in selecting[MANY:])

    def _is_free(self, index: int) -> bool:
        return id(self._all[index].given) not in self._taken


def selected(companion: Companion) -> Map:
    """Return the labels that a Service, a PodMonitor or a NetworkPolicy asks of pods; none for other objects."""
    if companion.given.kind == "Service":
        return part(companion.spec, "selector")
    key = {"PodMonitor": "selector", "NetworkPolicy": "podSelector"}.get(companion.given.kind, "")
    return part(part(companion.spec, key), "matchLabels")


def _accounts(companion: Companion) -> Iterator[Map]:
    """Yield the service accounts that a binding is for."""
    if companion.given.kind in BINDINGS:
        for subject in maps(companion.tree.get("subjects")):
            if subject.get("kind") == "ServiceAccount":
                yield subject


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
