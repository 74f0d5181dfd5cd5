"""The objects beside the DaemonSets of an import, found by what relates them to one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

from dsgen.importer.fold.companion import ImportedAgent, ImportedCompanion, Reason, contains
from dsgen.importer.read.objects import SourceObject
from dsgen.resolve.metadata import MANAGED_BY, NAME
from dsgen.traversal import children
from dsgen.tree import List, Map, Value, as_map

BINDINGS: Final = {"ClusterRoleBinding": "ClusterRole", "RoleBinding": "Role"}
# Why an object of a kind that profiles have a key for belongs to no DaemonSet.
_UNRELATED: Final = {
    "Namespace": "no imported DaemonSet is in it",
    "ServiceAccount": "no imported DaemonSet uses it",
    "ClusterRole": "no binding in the input binds it to the service account of a DaemonSet",
    "Role": "no binding in the input binds it to the service account of a DaemonSet",
    "ClusterRoleBinding": "it does not bind the service account of an imported DaemonSet",
    "RoleBinding": "it does not bind the service account of an imported DaemonSet",
    "ConfigMap": "no imported DaemonSet mounts it, sets variables from it, or names it in an argument",
    "PriorityClass": "no imported DaemonSet uses it",
    "Service": "it does not select the pods of an imported DaemonSet",
    "PodMonitor": "it does not select the pods of an imported DaemonSet",
    "NetworkPolicy": "it does not select the pods of an imported DaemonSet by their labels",
}


# How many objects that select the pods of a DaemonSet are looked at: a profile states one of each kind.
MANY: Final = 20


class Others:
    """The objects beside the DaemonSets. Those that a profile has taken are found no more."""

    def __init__(self, companions: Iterable[ImportedCompanion]) -> None:
        self._all = list(companions)
        self._places = {id(each.given): place for place, each in enumerate(self._all)}
        self._taken: set[int] = set()
        # The places of objects in the list: by kind and name; of bindings by the name of a service account; of what selects pods by one
        # of the labels that it asks for; of what dsgen has made by the name of the agent.
        self._named: dict[tuple[str, str], list[int]] = {}
        self._binding: dict[str, list[int]] = {}
        self._selecting: dict[tuple[str, Value], dict[int, None]] = {}
        self._made: dict[Value, list[int]] = {}
        # The labels of the pods of DaemonSets that have been asked for, by each of them.
        self._pods: dict[tuple[str, Value], list[Map]] = {}
        for place, each in enumerate(self._all):
            self._named.setdefault((each.given.kind, str(each.metadata["name"])), []).append(place)
            for name in {str(subject.get("name")) for subject in _accounts(each)}:
                self._binding.setdefault(name, []).append(place)
            for label in _first_label(each):
                self._selecting.setdefault(label, {})[place] = None
            labels = each.metadata.map("labels")
            if labels.get(MANAGED_BY) == "dsgen" and NAME in labels:
                self._made.setdefault(labels[NAME], []).append(place)

    def take(self, folded: Iterable[SourceObject]) -> None:
        """Let no other DaemonSet have these."""
        for given in folded:
            place = self._places[id(given)]
            self._taken.add(place)
            for label in _first_label(self._all[place]):
                del self._selecting[label][place]

    def related(self, agent: ImportedAgent) -> list[ImportedCompanion]:
        """Return the objects that refer to a DaemonSet or to which it refers, in their order; what dsgen has made says so by labels."""
        found = {*self._referred(agent), *islice(self._selecting_pods(agent), MANY)}
        if agent.standard:
            found.update(self._made.get(agent.name, ()))
        return [self._all[place] for place in sorted(found - self._taken)]

    def unrelated(self, given: SourceObject) -> Reason:
        """Return why an object that no DaemonSet leaves out is not imported either."""
        place = self._places.get(id(given))
        if place is not None:
            labels = selected(self._all[place])
            for label in _first_label(self._all[place]):
                if any(contains(pods, labels) for pods in self._pods.get(label, ())):
                    why = (
                        f"more than {MANY} objects select the pods of its DaemonSet, but a profile has one of each kind"
                    )
                    return Reason(why)
            return Reason(_UNRELATED[given.kind])
        return Reason(f"profiles have no key for {given.kind} of {given.root['apiVersion']}")

    def _referred(self, agent: ImportedAgent) -> Iterator[int]:
        account = str(agent.pod.get("serviceAccountName", ""))
        priority = str(agent.pod.get("priorityClassName", ""))
        config_maps = {("ConfigMap", name) for name in (*_config_maps(agent.pod), *_words(agent.pod))}
        for key in (
            ("Namespace", agent.namespace),
            ("ServiceAccount", account),
            ("PriorityClass", priority),
            *config_maps,
        ):
            yield from self._named.get(key, ())
        for place in self._binding.get(account, ()):
            yield place
            reference = self._all[place].tree.map("roleRef")
            yield from self._named.get((str(reference.get("kind")), str(reference.get("name"))), ())

    def _selecting_pods(self, agent: ImportedAgent) -> Iterator[int]:
        pods = agent.pod_labels
        for label in pods.items():
            self._pods.setdefault(label, []).append(pods)
            for place in self._selecting.get(label, ()):
                if contains(pods, selected(self._all[place])):
                    yield place


def _first_label(companion: ImportedCompanion) -> list[tuple[str, Value]]:
    """Return one of the labels that an object asks of pods, if it asks for any."""
    return list(selected(companion).items())[:1]


def selected(companion: ImportedCompanion) -> Map:
    """Return the labels that a Service, a PodMonitor or a NetworkPolicy asks of pods; none for other objects."""
    if companion.given.kind == "Service":
        return companion.spec.map("selector")
    key = {"PodMonitor": "selector", "NetworkPolicy": "podSelector"}.get(companion.given.kind, "")
    return companion.spec.map(key, "matchLabels")


def _accounts(companion: ImportedCompanion) -> Iterator[Map]:
    """Yield the service accounts that a binding is for."""
    if companion.given.kind in BINDINGS:
        for subject in companion.tree.maps("subjects"):
            if subject.get("kind") == "ServiceAccount":
                yield subject


def _config_maps(value: Any) -> Iterator[str]:
    """Yield the names of the config maps that a pod refers to."""
    for key in ("configMap", "configMapRef", "configMapKeyRef"):
        yield from (str(name) for name in [as_map(value).map(key).get("name")] if name)
    for _, child in children(value):
        yield from _config_maps(child)


def _words(pod: Map) -> Iterator[str]:
    """Yield the words of the containers' commands and arguments, such as the name in `--configmap=$(NAMESPACE)/agent`."""
    for group in ("initContainers", "containers"):
        for container in pod.maps(group):
            for key in ("command", "args"):
                stated = container.get(key)
                for text in stated if isinstance(stated, List) else ():
                    yield from re.split(r"[=/\s]", str(text))
