"""The objects that belong to a DaemonSet, as keys of its profile: the reverse of `resolve.companions`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.importer.fold.companion import TRUE, Fold, ImportedAgent, ImportedCompanion, LeftOut, Reason, fold_of
from dsgen.importer.fold.network import network_policy, pod_monitor, service
from dsgen.importer.fold.rbac import RBAC_KINDS, service_account
from dsgen.kubernetes.checksums import annotation, checksum
from dsgen.kubernetes.schema.words import LEVELS, MANAGED_BY, MODES, NAME, NAMESPACE_NAME, POD_SECURITY
from dsgen.record import Record
from dsgen.tree import Map, Text, Value

_NONE: Final = Text.at("none", None, plain=True)
# Kinds of which a profile has one object at most, its key, and the function that returns its value.
_ONLY: Final = (
    ("Service", "service", service),
    ("PodMonitor", "podMonitor", pod_monitor),
    ("NetworkPolicy", "networkPolicy", network_policy),
)


class Folding(Record):
    """A DaemonSet with the labels that all objects share, the companions in its profile, and those that it leaves out."""

    agent: ImportedAgent
    folds: list[Fold]
    left: list[LeftOut]

    @property
    def folded(self) -> list[ImportedCompanion]:
        """The companions in the profile."""
        return [companion for fold in self.folds for companion in fold.objects]


def best(agent: ImportedAgent, others: list[ImportedCompanion]) -> Folding:
    """Return the companions that become part of a profile, with the choice of shared labels and annotations that includes most of them.

    `others` are the objects that are related to the DaemonSet.
    """
    every = agent.tree.map("metadata")
    labels, annotations = every.map("labels"), every.map("annotations")
    of_all = labels, annotations
    choices = {(tuple(labels), tuple(annotations)): of_all}
    for each in others:
        common = _common(labels, each.metadata.map("labels")), _common(annotations, each.metadata.map("annotations"))
        choices.setdefault((tuple(common[0]), tuple(common[1])), common)
        of_all = _common(of_all[0], common[0]), _common(of_all[1], common[1])
    choices.setdefault((tuple(of_all[0]), tuple(of_all[1])), of_all)
    foldings = (_folding(_with(agent, *each), others) for each in choices.values())
    return max(foldings, key=lambda each: sum(len(fold.objects) for fold in each.folds))


def _common(one: Map, other: Map) -> Map:
    return one.without(*(key for key, value in one.items() if other.get(key) != value))


def _folding(agent: ImportedAgent, others: list[ImportedCompanion]) -> Folding:
    parts = list(folds(agent, others))
    return Folding(
        agent,
        [each for each in parts if isinstance(each, Fold)],
        [each for each in parts if isinstance(each, LeftOut)],
    )


def _with(agent: ImportedAgent, labels: Map, annotations: Map) -> ImportedAgent:
    """Return the DaemonSet with these shared labels, without the standard labels that dsgen adds, and annotations."""
    own = labels.without(*((NAME, MANAGED_BY) if agent.standard else ()))
    return agent._replace(labels=own, annotations=annotations)


def folds(agent: ImportedAgent, others: list[ImportedCompanion]) -> Iterator[Fold | LeftOut]:
    """Yield the parts of the profile for the objects that are related to the DaemonSet, in its order, and the objects that it leaves out."""
    by_kind: dict[str, list[ImportedCompanion]] = {}
    for each in others:
        if each.given.kind in RBAC_KINDS:
            continue
        misfit = agent.misfit(each)
        if misfit:
            yield misfit
        else:
            by_kind.setdefault(each.given.kind, []).append(each)
    for each in by_kind.get("Namespace", ()):
        yield _namespace(agent, each)
    yield from service_account(agent, [each for each in others if each.given.kind in RBAC_KINDS])
    for each in by_kind.get("ConfigMap", ()):
        yield _config_map(agent, each)
    for each in by_kind.get("PriorityClass", ()):
        yield _priority_class(agent, each)
    for kind, key, fold in _ONLY:
        first = None
        for each in by_kind.get(kind, ()):
            part = fold(agent, each)
            if isinstance(part, Fold) and first:
                why = f"a profile has only one `{key}`, and uses {kind} {first.metadata['name']}"
                part = LeftOut(each, Reason(why))
            elif isinstance(part, Fold):
                first = each
            yield part


def _namespace(agent: ImportedAgent, companion: ImportedCompanion) -> Fold:
    entry = Map([*agent.named(companion), ("create", TRUE)], companion.tree.origin)
    for key, value in agent.own(companion):
        rest = value
        if key == "labels":
            labels = [label for label, level in value.items() if _is_level(label, level)]
            levels = Map(((label.removeprefix(POD_SECURITY), value[label]) for label in labels), value.origin)
            if levels:
                entry["podSecurity"] = levels["enforce"] if levels.keys() == {"enforce"} else levels
            rest = value.without(NAMESPACE_NAME, *labels)
        if rest:
            entry[key] = rest
    return Fold("namespace", entry, (companion,))


def _is_level(label: str, value: Value) -> bool:
    mode = label.removeprefix(POD_SECURITY)
    return label.startswith(POD_SECURITY) and mode in MODES and value in LEVELS


def _config_map(agent: ImportedAgent, companion: ImportedCompanion) -> Fold:
    name = companion.metadata["name"]
    assert isinstance(name, str)
    current = agent.template.map("metadata", "annotations").get(annotation(name))
    items = [
        (companion.tree.key(key), companion.tree[key])
        for key in ("data", "binaryData", "immutable")
        if key in companion.tree
    ]
    if current != checksum(companion.tree):
        items.append(("onChange", _NONE))
    entry = Map([*items, *agent.own(companion)], companion.tree.origin)
    return Fold("configMaps", Map([(name, entry)], companion.tree.origin, "<name:configMap>"), (companion,))


def _priority_class(agent: ImportedAgent, companion: ImportedCompanion) -> Fold:
    keys = ("value", "globalDefault", "preemptionPolicy", "description")
    return fold_of(
        agent,
        "priorityClass",
        companion,
        [(companion.tree.key(key), companion.tree[key]) for key in keys if key in companion.tree],
    )
