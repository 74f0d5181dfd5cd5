"""Names, labels, annotations and the selector."""

from __future__ import annotations

import re
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.schema.formats import LABEL_VALUE_MAX_LENGTH
from dsgen.profile.json_schema import notation
from dsgen.profile.key import Schema, key
from dsgen.profile.shape_problems import INVALID_PROFILE_NAME, INVALID_TYPE, ReportPart
from dsgen.profile.typed import converter
from dsgen.source import describe
from dsgen.tree import List, Map, Text, Value, as_map, place_of

_OF_SELECTOR: Final = frozenset({"matchLabels", "matchExpressions"})
_SUBDOMAIN: Final = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"


def name(value: Value, report: ReportPart) -> Value:
    """Accept a DNS subdomain that is short enough for a label value."""
    if not isinstance(value, Text):
        hint = "write one name, such as `node-exporter`"
        report(INVALID_TYPE, value, f"expected a name, got {describe(value)}", hint)
        return value
    if len(value) > LABEL_VALUE_MAX_LENGTH:
        found = f"must have at most 63 characters, since it is also a label value, got {len(value)}"
        report(INVALID_PROFILE_NAME, value, found, f"shorten it by {len(value) - LABEL_VALUE_MAX_LENGTH}")
    elif formats.dns_subdomain(value):
        better = re.sub(r"[^a-z0-9.-]+", "-", value.lower()).strip("-.")
        hint = f"for example `{better}`" if not formats.dns_subdomain(better) else "for example `node-exporter`"
        report(
            INVALID_PROFILE_NAME, value, f"{str(value)!r} is not a valid name: must consist of lower-case letters, digits, `-` and `.`, and begin and end with a letter or digit", hint
        )  # fmt: skip
    return value


def selector(value: Value, report: ReportPart) -> Value:
    """Accept labels, a list of names of `labels`, or Kubernetes' selector."""
    if isinstance(value, List):
        return Map([("names", converter("[str]")(value, report))], value.origin, "selector")
    keys = as_map(value).keys()
    if keys & _OF_SELECTOR:
        mixed = [key for key in keys if key not in _OF_SELECTOR]
        for label in mixed:
            hint = f"write `matchLabels: {{{label}: …}}`"
            report(INVALID_TYPE, label, f"label `{label}` mixed with Kubernetes' selector", hint)
        return value if mixed else converter("LabelSelector", own=True)(value, report)
    labels = converter("{str}")(value, report)
    return Map([("matchLabels", labels)], place_of(value), "selector")


KEYS: Final[Schema] = {
    "name": key(
        "The name of the DaemonSet and its companion objects; at most 63 characters, since it is also a label value. Required.",
        "name: node-exporter",
        "metadata.name",
        form=name,
        json={"type": ["string", "number"], "pattern": f"^{_SUBDOMAIN}$", "maxLength": LABEL_VALUE_MAX_LENGTH},
    ),
    "labels": key("Labels of every generated object.", "labels: {team: infra}", "metadata.labels", kubernetes="{str}"),
    "daemonSetLabels": key(
        "Labels of the DaemonSet only, not of its companion objects.",
        "daemonSetLabels: {k8s-app: node-exporter}",
        "metadata.labels",
        kubernetes="{str}",
    ),
    "annotations": key(
        "Annotations of every generated object.",
        "annotations: {example.com/owner: infra}",
        "metadata.annotations",
        kubernetes="{str}",
    ),
    "daemonSetAnnotations": key(
        "Annotations of the DaemonSet only, not of its companion objects.",
        "daemonSetAnnotations: {example.com/owner: infra}",
        "metadata.annotations",
        kubernetes="{str}",
    ),
    "podLabels": key(
        "Labels of the pods only.", "podLabels: {tier: node}", "spec.template.metadata.labels", kubernetes="{str}"
    ),
    "podAnnotations": key(
        "Annotations of the pods only.",
        "podAnnotations: {prometheus.io/scrape: true}",
        "spec.template.metadata.annotations",
        kubernetes="{str}",
    ),
    "selector": key(
        """Which pods belong to the DaemonSet: labels, a list of names of `labels`, or Kubernetes' selector. The labels that it matches
        are added to the pods. It is immutable in the cluster. Default: `app.kubernetes.io/name: <name>`.""",
        "selector: {app: node-exporter}",
        "spec.selector",
        form=selector,
        json={"anyOf": [notation("{str}"), notation("[str]"), notation("LabelSelector")]},
    ),
    "standardLabels": key(
        """Whether to add `app.kubernetes.io/name` to objects and pods and `app.kubernetes.io/managed-by: dsgen` to objects.
        If `selector` is set, the pods get only the labels that the profile sets. Default: true.""",
        "standardLabels: false",
        kubernetes="bool",
    ),
}
