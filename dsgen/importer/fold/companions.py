"""The objects that belong to a DaemonSet, as keys of its profile: `resolve.companions`, the other way round."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.importer.fold.companion import TRUE, Fold, ImportedAgent, ImportedCompanion, Left, Reason, fold_of
from dsgen.importer.fold.network import network_policy, pod_monitor, service
from dsgen.importer.fold.rbac import RIGHTS, service_account
from dsgen.profile.rbac import LEVELS, MODES
from dsgen.record import Record
from dsgen.resolve.companions.config_maps import annotation, checksum
from dsgen.resolve.metadata import MANAGED_BY, NAME
from dsgen.tree import Map, Text, Value

_NONE: Final = Text.at("none", None, plain=True)
_LEVEL: Final = "pod-security.kubernetes.io/"
_WRITTEN_BY_SERVER: Final = "kubernetes.io/metadata.name"
# Kinds of which a profile states one object, the key for it, and what it states.
_ONLY: Final = (
    ("Service", "service", service),
    ("PodMonitor", "podMonitor", pod_monitor),
    ("NetworkPolicy", "networkPolicy", network_policy),
)


class Folding(Record):
    """A DaemonSet with the labels to share, what its profile states of its companions, and those that it leaves out."""

    agent: ImportedAgent
    folds: list[Fold]
    left: list[Left]


def best(agent: ImportedAgent, others: list[ImportedCompanion]) -> Folding:
    """Return what is folded into the profile of a DaemonSet: of all choices of labels to share, that which folds most.

    `others` are the objects that are related to the DaemonSet.
    """
    every = agent.tree.map("metadata", "labels")
    choices = {tuple(every): _own(agent, every)}
    for each in others:
        labels = each.metadata.map("labels")
        common = Map(((key, value) for key, value in every.items() if labels.get(key) == value), every.origin)
        choices.setdefault(tuple(common), _own(agent, common))
    foldings = (_folding(choice, others) for choice in choices.values())
    return max(foldings, key=lambda each: sum(len(fold.objects) for fold in each.folds))


def _folding(agent: ImportedAgent, others: list[ImportedCompanion]) -> Folding:
    found = list(folds(agent, others))
    return Folding(
        agent,
        [each for each in found if isinstance(each, Fold)],
        [each for each in found if isinstance(each, Left)],
    )


def _own(agent: ImportedAgent, labels: Map) -> ImportedAgent:
    """Return the DaemonSet with these labels for all, but for those that all get anyway."""
    standard = {NAME, MANAGED_BY} if agent.standard else set()
    return agent._replace(
        labels=Map(((key, value) for key, value in labels.items() if key not in standard), labels.origin)
    )


def folds(agent: ImportedAgent, others: list[ImportedCompanion]) -> Iterator[Fold | Left]:
    """Yield what a profile states of the objects that are related to the DaemonSet, in its order, and those that it leaves out."""
    by_kind: dict[str, list[ImportedCompanion]] = {}
    for each in others:
        if each.given.kind in RIGHTS:
            continue
        misfit = agent.misfit(each)
        if misfit:
            yield misfit
        else:
            by_kind.setdefault(each.given.kind, []).append(each)
    for each in by_kind.get("Namespace", ()):
        yield _namespace(agent, each)
    yield from service_account(agent, [each for each in others if each.given.kind in RIGHTS])
    for each in by_kind.get("ConfigMap", ()):
        yield _config_map(agent, each)
    for each in by_kind.get("PriorityClass", ()):
        yield _priority_class(agent, each)
    for kind, key, fold in _ONLY:
        first = None
        for each in by_kind.get(kind, ()):
            found = fold(agent, each)
            if isinstance(found, Fold) and first:
                taken = f"a profile has only one `{key}`, and uses {kind} {first.metadata['name']}"
                found = Left(each, Reason(taken))
            elif isinstance(found, Fold):
                first = each
            yield found


def _namespace(agent: ImportedAgent, companion: ImportedCompanion) -> Fold:
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


def _config_map(agent: ImportedAgent, companion: ImportedCompanion) -> Fold:
    name = companion.metadata["name"]
    assert isinstance(name, str)
    known = agent.template.map("metadata", "annotations").get(annotation(name))
    items = [
        (companion.tree.key(key), companion.tree[key])
        for key in ("data", "binaryData", "immutable")
        if key in companion.tree
    ]
    if known != checksum(companion.tree):
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
