"""The node selector, node affinity and tolerations that `nodes` means."""

from __future__ import annotations

from dsgen.kubernetes.schema.paths import PREFERRED, REQUIRED
from dsgen.kubernetes.schema.words import ARCH, OS
from dsgen.problem import Reporter, code
from dsgen.tree import List, Map, Text, Value, origin_of

COULD_BE_SELECT = code(
    "require-could-be-select",
    """A requirement of one value in a single term means the same as `select`. Node selectors are easier to read than affinity, for
    autoscalers and for people.""",
    severity="warning",
)
CONFLICTING_NODE_LABELS = code(
    "conflicting-node-labels",
    "`os` or `arch` and `select` set one label to different values; no node can have both.",
)


def node_selector(nodes: Map, report: Reporter) -> Map:
    """Return `nodeSelector`: `os` and `arch` if they have one value, then `select`."""
    selector = Map((), nodes.place, "{str}")
    for key, label in (("os", OS), ("arch", ARCH)):
        values = nodes.entries(key)
        if len(values) == 1:
            selector[Text.at(label, origin_of(values[0]))] = values[0]
    for label, value in nodes.map("select").items():
        if label in selector and selector[label] != value:
            found = f"`{label}` is {value} here, but {selector[label]} under `{'os' if label == OS else 'arch'}`"
            report(CONFLICTING_NODE_LABELS.at(origin_of(label), found, hint="remove one of them", path="nodes.select"))
        selector[label] = value
    return selector


def affinity(merged: Map, nodes: Map, report: Reporter) -> Map:
    """Return `affinity`: the node affinity of `nodes`, then the profile's own pod affinities."""
    node_affinity = Map((), nodes.place, "NodeAffinity")
    several = List((), nodes.place)
    for key, label in (("os", OS), ("arch", ARCH)):
        values = nodes.entries(key)
        if len(values) > 1:
            expression: list[tuple[str, Value]] = [
                ("key", Text.at(label, values.place)), ("operator", Text.at("In", values.place)), ("values", values)
            ]  # fmt: skip
            several.append(Map(expression, values.place, "NodeSelectorRequirement"))
    stated = nodes.get("require")
    require = stated if isinstance(stated, List) else List((), nodes.place)
    if require or several:
        terms = List((), require.place)
        for term in nodes.maps("require") or [Map((), nodes.place, "NodeSelectorTerm")]:
            own = term.entries("matchExpressions")
            expressions = List([*several, *own], own.place)
            full = term.with_items([("matchExpressions", expressions)] if expressions else ())
            full.update(term.without("matchExpressions"))
            terms.append(full)
        if not nodes.get("rest"):
            _advise(nodes.maps("require"), report)
        required = Map([("nodeSelectorTerms", terms)], require.place, "NodeSelector")
        node_affinity[REQUIRED] = required
    prefer = nodes.entries("prefer")
    if prefer:
        node_affinity[PREFERRED] = prefer
    result = Map([("nodeAffinity", node_affinity)] if node_affinity else (), nodes.place, "Affinity")
    result.update(merged.map("affinity"))
    return result


def _advise(terms: list[Map], report: Reporter) -> None:
    if len(terms) != 1:
        return
    for expression in terms[0].maps("matchExpressions"):
        values = expression.entries("values")
        if expression.get("operator") == "In" and len(values) == 1:
            label = expression.get("key")
            found = f"`{label}={values[0]}` is written as a requirement"
            hint = f"replace it with `select: {{{label}: {values[0]}}}` beside `require`, which means the same and is easier for autoscalers to read"
            report(COULD_BE_SELECT.at(expression.origin, found, hint=hint, path="nodes.require"))
