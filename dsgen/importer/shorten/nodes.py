"""`nodes`, from a node selector, node affinity and tolerations."""

from __future__ import annotations

from typing import Any, Final

from dsgen.importer.shorten.short import short
from dsgen.kubernetes.scheduling import platforms
from dsgen.kubernetes.schema.paths import PREFERRED, REQUIRED
from dsgen.profile.shorthand.nodes import shorten_terms
from dsgen.resolve.placement import ARCH, OS
from dsgen.tree import List, Map, Text, Value, origin_of

_ORDER: Final = ("os", "arch", "select", "require", "prefer", "tolerate")
_WORDS: Final = {OS: "os", ARCH: "arch"}


def nodes(pod: Map) -> Map:
    """Return what `nodes` states for a pod: an empty map where any node will do."""
    stated_words = _stated(pod)
    return Map(((word, stated_words[word]) for word in sorted(stated_words, key=_ORDER.index)), pod.origin, "nodes")


def _stated(pod: Map) -> Map:
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
    stated: Any = node.map(REQUIRED).get("nodeSelectorTerms")
    if stated:
        _require(result, stated, _key(node, REQUIRED, "require"))
    if PREFERRED in node:
        result[_key(node, PREFERRED, "prefer")] = short(node[PREFERRED], "[PreferredSchedulingTerm]")
    if "tolerations" in pod:
        result[_key(pod, "tolerations", "tolerate")] = short(pod["tolerations"], "[Toleration]")
    return result


def _key(holder: Map, name: str, word: str) -> Text:
    return Text.at(word, origin_of(holder.key(name)))


def _require(result: Map, stated: List, key: Text) -> None:
    """Add `require`, and before it `os` and `arch` where the first expressions of a single term say them."""
    if len(stated) == 1 and isinstance(stated[0], Map):
        term = stated[0]
        expressions: Any = term.get("matchExpressions", List())
        taken = 0
        for label, word in _WORDS.items():
            if word in result or taken >= len(expressions) or not _is_choice(expressions[taken], label):
                continue
            result[Text.at(word, origin_of(expressions[taken]))] = expressions[taken]["values"]
            taken += 1
        rest = Map(
            ((name, value) for name, value in term.items() if name != "matchExpressions"), term.origin, term.type
        )
        if expressions[taken:]:
            rest["matchExpressions"] = List(expressions[taken:], expressions.origin)
        stated = List([rest] if rest or not taken else (), stated.origin)
    if stated:
        result[key] = require_terms(stated)


def _is_choice(expression: Any, label: str) -> bool:
    """Tell whether an expression asks for one of several values of `label`."""
    values = expression.get("values")
    asks = expression.get("key") == label and expression.get("operator") == "In"
    return (
        asks and isinstance(values, List) and len(values) > 1 and all(platforms.is_word(label, each) for each in values)
    )


def require_terms(stated: List) -> Value:
    """Return terms as `require` has them: requirements as text, one term without a list around it."""
    return shorten_terms(short(stated, "[NodeSelectorTerm]"))
