"""A DaemonSet as a profile: the reverse of `resolve.description`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from dsgen.importer.fold.companion import Fold, ImportedAgent, at
from dsgen.importer.shorten.nodes import nodes
from dsgen.importer.shorten.short import existing, named, short
from dsgen.kubernetes.checksums import annotation
from dsgen.kubernetes.schema.paths import PREFERRED, REQUIRED
from dsgen.kubernetes.schema.words import MANAGED_BY, NAME
from dsgen.profile.schema import PROFILE
from dsgen.tree import List, Map, Text, Value, origin_of

# The keys of companion objects behind those of the pods.
COMPANIONS: Final = ("serviceAccount", "configMaps", "priorityClass", "service", "podMonitor", "networkPolicy")
_SET_ELSEWHERE: Final = frozenset(
    ["nodeSelector", "tolerations", "affinity", "containers", "initContainers", "volumes", "serviceAccountName", "serviceAccount"]
)  # fmt: skip


def profile(
    agent: ImportedAgent, folds: list[Fold], arranged: Callable[[Map], Map], shared: Sequence[Fold] = ()
) -> Map:
    """Return the profile of a tidy DaemonSet without defaults, and of its companions.

    `arranged` moves the volumes of a pod to their places; `shared` are config maps in the profile of another variant.
    """
    daemonset = agent.tree
    spec = daemonset.map("spec")
    template = spec.map("template")
    folded = {fold.key: fold.value for fold in folds if fold.key != "configMaps"}
    places = {fold.key: at(fold.key, fold.objects[0].tree) for fold in reversed(folds)}
    config_maps = [entry for fold in folds if fold.key == "configMaps" for entry in fold.value.items()]
    result = Map((), daemonset.origin, "profile")
    metadata = daemonset.map("metadata")
    for key in ("name", "namespace"):
        if key in metadata:
            value = folded.pop(key, metadata[key])
            result[metadata.key(key)] = existing(value) if key == "namespace" else value
    _labels(result, agent, [*folds, *shared])
    pod = template.map("spec")
    node_selection = nodes(pod)
    if node_selection:
        result["nodes"] = node_selection
    if "updateStrategy" in spec:
        result[_as("update", spec, "updateStrategy")] = short(spec["updateStrategy"], "DaemonSetUpdateStrategy")
    for key in ("minReadySeconds", "revisionHistoryLimit"):
        if key in spec:
            result[spec.key(key)] = spec[key]
    _pod(result, arranged(pod))
    if "priorityClass" in folded:
        del result["priorityClassName"]
    result.pop("serviceAccount" if "serviceAccount" in folded else "", None)
    if config_maps:
        folded["configMaps"] = Map(config_maps, None, "<name:configMap>")
    for key in COMPANIONS:
        if key in folded:
            # What is above a config map is about that, not about all of them.
            result[key if key == "configMaps" else places[key]] = folded[key]
    manifest = _rest(metadata, template.map("metadata"), pod.map("affinity"))
    if manifest:
        result["manifest"] = manifest
    return result


def _as(name: str, holder: Map, key: str) -> Text:
    """Return a key of the profile with the position of a key of the manifest."""
    return Text.at(name, origin_of(holder.key(key)))


def _labels(result: Map, agent: ImportedAgent, folds: list[Fold]) -> None:
    metadata, spec, pods = agent.tree.map("metadata"), agent.tree.map("spec"), agent.template.map("metadata")
    labels, selector, pod_labels = metadata.map("labels"), agent.selector, pods.map("labels")
    if agent.labels:
        result[metadata.key("labels")] = agent.labels
    own = labels.without(*agent.shared("DaemonSet"))
    if own:
        result[_as("daemonSetLabels", metadata, "labels")] = own
    if agent.annotations:
        result[metadata.key("annotations")] = agent.annotations
    noted = metadata.map("annotations").without(*agent.annotations)
    if noted:
        result[_as("daemonSetAnnotations", metadata, "annotations")] = noted
    matched = selector.map("matchLabels")
    selects = selector and (selector.keys() != {"matchLabels"} or dict(matched) != {NAME: agent.name})
    # If the profile sets a selector, only objects get the standard labels, and labels of the profile override them.
    if not agent.standard and not (selects and {NAME, MANAGED_BY} <= agent.labels.keys()):
        result["standardLabels"] = Text.at("false", None, plain=True)
    if selects:
        result[spec.key("selector")] = _selector(selector, matched, labels)
    rest = pod_labels.without(*(key for key, value in pod_labels.items() if matched.get(key) == value))
    if rest:
        result[_as("podLabels", pods, "labels")] = rest
    config_maps = (fold.value for fold in folds if fold.key == "configMaps")
    hashes = {annotation(name) for each in config_maps for name in each if "onChange" not in each.map(name)}
    annotations = pods.map("annotations").without(*hashes)
    if annotations:
        result[_as("podAnnotations", pods, "annotations")] = annotations


def _selector(selector: Map, matched: Map, labels: Map) -> Value:
    if "matchExpressions" in selector:
        return selector
    if all(labels.get(key) == value for key, value in matched.items()):
        return List((Text.at(key, origin_of(key), plain=True) for key in matched), matched.origin)
    return matched


def _pod(result: Map, pod: Map) -> None:
    for group in ("initContainers", "containers"):
        if group in pod:
            result[pod.key(group)] = with_mounts(named(pod[group], "Container", "name"))
    if "volumes" in pod:
        result[pod.key("volumes")] = named(pod["volumes"], "Volume", "name")
    affinity = pod.map("affinity")
    pods = affinity.without("nodeAffinity")
    account = _as("serviceAccount", pod, "serviceAccountName") if "serviceAccountName" in pod else None
    for name, value in pod.items():
        key = account or name if name == "serviceAccountName" else name
        if key == account:
            result[key] = existing(value)
        elif key == "affinity" and (pods or not affinity):
            result[key] = pods
        elif key not in _SET_ELSEWHERE:
            result[key] = short(value, PROFILE["schema"][key]["kubernetes"])


def with_mounts(containers: Any) -> Any:
    """Return the containers with their mounts under `mounts`, the name in the profile language."""
    if isinstance(containers, List):
        return List(map(_renamed, containers), containers.origin)
    items = ((name, _renamed(each) if isinstance(each, Map) else each) for name, each in containers.items())
    return containers.with_items(items)


def _renamed(container: Any) -> Map:
    items = (
        (_as("mounts", container, key) if key == "volumeMounts" else key, value) for key, value in container.items()
    )
    renamed: Map = container.with_items(items)
    return renamed


def _rest(metadata: Map, pods: Map, affinity: Map) -> Map:
    """Return what only `manifest` can set."""
    own = metadata.without("name", "namespace", "labels", "annotations")
    named = pods.without("labels", "annotations")
    nodes = affinity.map("nodeAffinity")
    required = nodes.map(REQUIRED)
    is_empty = "nodeAffinity" in affinity and PREFERRED not in nodes and "nodeSelectorTerms" not in required
    template = Map([("metadata", named)] if named else ())
    if is_empty:
        template["spec"] = Map({"affinity": Map({"nodeAffinity": nodes})})
    result = Map([("metadata", own)] if own else (), None, "DaemonSet")
    if template:
        result["spec"] = Map({"template": template})
    return result
