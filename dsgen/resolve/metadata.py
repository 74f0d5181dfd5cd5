"""Names, labels and the selector: what identifies a DaemonSet and its pods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dsgen.kubernetes.schema.words import MANAGED_BY, NAME
from dsgen.problem import Reporter, code, did_you_mean
from dsgen.tree import Map, Value, origin_of, place_of

if TYPE_CHECKING:
    from dsgen.resolve.variants.layers import Variant

UNKNOWN_LABEL = code("unknown-label", "`selector` refers to a label that the profile does not have.")

VARIANT: Final = "dsgen.dev/variant"


def identity(merged: Map, name: str, report: Reporter, variant: Variant | None = None) -> tuple[Map, Map, Map]:
    """Return the object's metadata, the selector and the pods' metadata, of the variant if there is one."""
    standard = bool(merged.get("standardLabels", True))
    labels = Map((), place_of(merged.get("labels")), "{str}")
    if standard:
        labels[NAME] = name
        labels[MANAGED_BY] = "dsgen"
    marked: dict[str, Value] = {VARIANT: variant.key} if variant and variant.labelled else {}
    labels.update(marked)
    labels.update(merged.map("labels"))
    known = {**labels, **merged.map("daemonSetLabels")}
    stated = merged.child("selector")
    selector = Map((), place_of(stated), "LabelSelector")
    if stated is not None and "names" in stated:
        matched = Map((), place_of(stated["names"]), "{str}")
        for label in stated.texts("names"):
            if label in known:
                matched[label] = known[label]
            else:
                hint = did_you_mean(label, known) or f"add `labels: {{{label}: …}}`"
                report(UNKNOWN_LABEL.at(origin_of(label), f"unknown label `{label}`", hint=hint, path="selector"))
        selector["matchLabels"] = matched
    elif stated is not None:
        selector.update(stated)
    else:
        selector["matchLabels"] = Map([(NAME, name)], None, "{str}")
    if marked:
        selector["matchLabels"] = Map({**selector.map("matchLabels"), **marked}, selector.place, "{str}")
    pod_labels = Map((), place_of(merged.get("podLabels")), "{str}")
    if standard and stated is None:
        pod_labels[NAME] = name
    pod_labels.update(selector.map("matchLabels"))
    pod_labels.update(merged.map("podLabels"))
    metadata = Map([("name", variant.name if variant else name)], merged.place, "ObjectMeta")
    namespace = name_of(merged, "namespace", name)
    if namespace is not None:
        metadata["namespace"] = namespace
    _add(metadata, labels, merged.get("annotations"))
    pod_metadata = Map((), merged.place, "ObjectMeta")
    _add(pod_metadata, pod_labels, merged.get("podAnnotations"))
    return metadata, selector, pod_metadata


def own_metadata(metadata: Map, merged: Map) -> Map:
    """Return the metadata with the labels and annotations that only the DaemonSet has."""
    result = metadata
    for key, own in (("labels", "daemonSetLabels"), ("annotations", "daemonSetAnnotations")):
        stated = merged.get(own)
        if stated:
            both = Map({**metadata.map(key), **merged.map(own)}, place_of(stated), "{str}")
            result = result.replaced(key, both)
    if list(result)[-2:] == ["annotations", "labels"]:
        # As without labels of its own.
        result = result.with_items([*result.without("annotations").items(), ("annotations", result["annotations"])])
    return result


def _add(metadata: Map, labels: Map, annotations: Value | None) -> None:
    """Add labels and annotations, if there are any."""
    if labels:
        metadata["labels"] = labels
    if annotations:
        metadata["annotations"] = annotations


def name_of(merged: Map, key: str, name: str) -> str | None:
    """Return the name of the companion under `key`: its own, or the profile's if it is generated; None if there is no companion."""
    stated = merged.child(key)
    if stated is None:
        return None
    own = stated.get("name")
    makes = key == "priorityClass" or stated.get("create")
    return own if isinstance(own, str) else name if makes else None
