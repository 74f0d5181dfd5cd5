"""`nodes`, from a node selector, node affinity and tolerations."""

from __future__ import annotations

from typing import Any, Final

from dsgen.importer.shorten.short import short
from dsgen.kubernetes.scheduling import platforms
from dsgen.kubernetes.schema.paths import PREFERRED, REQUIRED
from dsgen.kubernetes.schema.words import ARCH, OS
from dsgen.profile.shorthand.nodes import shorten_terms
from dsgen.tree import List, Map, Text, Value, origin_of

_ORDER: Final = ("os", "arch", "select", "require", "prefer", "tolerate")
_WORDS: Final = {OS: "os", ARCH: "arch"}


def nodes(pod: Map) -> Map:
    """Return the key `nodes` for a pod; an empty map if it can run on any node."""
    selection = _selection(pod)
    return Map(((key, selection[key]) for key in sorted(selection, key=_ORDER.index)), pod.origin, "nodes")


def _selection(pod: Map) -> Map:
    result = Map()
    selector: Any = pod.get("nodeSelector", Map())
    for label, word in _WORDS.items():
        if label in selector and platforms.is_word(label, selector[label]):
            result[Text.at(word, origin_of(selector.key(label)))] = selector[label]
    rest = ((label, value) for label, value in selector.items() if _WORDS.get(label) not in result)
    select = Map(rest, origin_of(selector))
    if select:
        result[_key(pod, "nodeSelector", "select")] = select
    affinity: Any = pod.get("affinity", Map())
    node: Any = affinity.get("nodeAffinity", Map())
    terms: Any = node.map(REQUIRED).get("nodeSelectorTerms")
    if terms:
        _require(result, terms, _key(node, REQUIRED, "require"))
    if PREFERRED in node:
        result[_key(node, PREFERRED, "prefer")] = short(node[PREFERRED], "[PreferredSchedulingTerm]")
    if "tolerations" in pod:
        result[_key(pod, "tolerations", "tolerate")] = short(pod["tolerations"], "[Toleration]")
    return result


def _key(holder: Map, name: str, word: str) -> Text:
    return Text.at(word, origin_of(holder.key(name)))


def _require(result: Map, terms: List, key: Text) -> None:
    """Add `require`, and before it `os` and `arch` if the first expressions of a single term are for them."""
    if len(terms) == 1 and isinstance(terms[0], Map):
        term = terms[0]
        expressions: Any = term.get("matchExpressions", List())
        taken = 0
        for label, word in _WORDS.items():
            if word in result or taken >= len(expressions) or not _is_choice(expressions[taken], label):
                continue
            result[Text.at(word, origin_of(expressions[taken]))] = expressions[taken]["values"]
            taken += 1
        rest = term.without("matchExpressions")
        if expressions[taken:]:
            rest["matchExpressions"] = List(expressions[taken:], expressions.origin)
        terms = List([rest] if rest or not taken else (), terms.origin)
    if terms:
        result[key] = require_terms(terms)


def _is_choice(expression: Any, label: str) -> bool:
    """Return whether an expression requires one of several values of `label`."""
    values = expression.get("values")
    is_in = expression.get("key") == label and expression.get("operator") == "In"
    return (
        is_in
        and isinstance(values, List)
        and len(values) > 1
        and all(platforms.is_word(label, each) for each in values)
    )


def require_terms(terms: List) -> Value:
    """Return terms in the form of `require`: each requirement as text, and a single term without a list around it."""
    return shorten_terms(short(terms, "[NodeSelectorTerm]"))
