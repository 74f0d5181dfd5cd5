"""Short forms in `nodes`: tolerations and requirements as text."""

from __future__ import annotations

import re
from typing import Final

from dsgen.kubernetes.schema.words import TAINT_EFFECTS
from dsgen.profile.shape_problems import NOT_PARSED, ReportPart
from dsgen.profile.shorthand.form import (
    LONGEST,
    expand_to,
    not_parsed,
    pattern,
    short_form,
    text_at,
    text_of,
    unquoted_at,
)
from dsgen.tree import List, Map, Text, Value, as_map, maps_in, origin_of

CONTROL_PLANE: Final = "node-role.kubernetes.io/control-plane"
_WORDS: Final = ("all", "control-plane")
_FORM: Final = f"write KEY[=VALUE][:EFFECT], all[:EFFECT] or control-plane; EFFECT is {', '.join(TAINT_EFFECTS)}"


def _shorten_toleration(value: Map) -> Value | None:
    key, wanted, effect = (text_of(value, name) for name in ("key", "value", "effect"))
    operator = value.get("operator")
    if not value.keys() <= {"key", "operator", "value", "effect"} or key is None or wanted is None:
        return None
    if (effect and effect not in TAINT_EFFECTS) or effect is None or re.search("[:=]", f"{key}{wanted}"):
        return None
    place, behind = value.get("key") or value, f":{effect}" if effect else ""
    if operator == "Exists" and not wanted:
        if key == CONTROL_PLANE and effect == "NoSchedule":
            return unquoted_at("control-plane", place)
        unclear = key in _WORDS or (key and not effect and _like_a_word(key))
        return None if unclear else unquoted_at(f"{key or 'all'}{behind}", place)
    if operator == "Equal" and key and key not in _WORDS:
        return unquoted_at(f"{key}={wanted}{behind}", place)
    return None


@short_form(
    "Toleration",
    "dedicated=gpu:NoExecute",
    "{key: dedicated, operator: Equal, value: gpu, effect: NoExecute}",
    pattern(f"[^:=]+(=[^:=]*)?(:({'|'.join(TAINT_EFFECTS)}))?"),
    shorten=_shorten_toleration,
)
def toleration(value: Value, report: ReportPart) -> Value:
    """Expand `KEY[=VALUE][:EFFECT]`, `all[:EFFECT]`, or `control-plane`."""
    if not isinstance(value, Text):
        return value
    rest, colon, effect = value.partition(":")
    key, equals, wanted = rest.partition("=")
    if colon and effect not in TAINT_EFFECTS:
        return not_parsed(value, f"toleration: unknown effect {effect!r}", _FORM, report)
    if not key or ("=" in wanted):
        return not_parsed(value, "toleration", _FORM, report)
    if key == "*" and not equals:
        return not_parsed(value, "toleration", f"write `all{colon}{effect}`", report)
    if key in _WORDS and equals:
        hint = "if the taint has this key, write Kubernetes' form: {key: …, value: …}"
        report(NOT_PARSED, value, f"`{key}` is a keyword and takes no value", hint)
        return expand_to(value)
    if key == "control-plane":
        return expand_to(
            value, key=text_at(CONTROL_PLANE, value), operator=text_at("Exists", value), effect=text_at(effect or "NoSchedule", value)
        )  # fmt: skip
    if key == "all":
        result = expand_to(value, operator=text_at("Exists", value))
    elif equals:
        result = expand_to(
            value, key=text_at(key, value), operator=text_at("Equal", value), value=text_at(wanted, value)
        )
    else:
        if not colon and _like_a_word(key):
            report(
                NOT_PARSED, value, f"{str(value)!r} could be a keyword or the key of a taint",
                f"write `control-plane` for {CONTROL_PLANE}:NoSchedule, `all` for every taint, "
                f"`node-role.kubernetes.io/master:NoSchedule` for the old taint, or {{key: {key}, operator: Exists}}",
            )  # fmt: skip
        result = expand_to(value, key=text_at(key, value), operator=text_at("Exists", value))
    if colon:
        result["effect"] = text_at(effect, value)
    return result


def _like_a_word(key: str) -> bool:
    """Return whether a key that is not a keyword was probably meant as one."""
    # Slow to import, and needed only for keys without an effect.
    from difflib import SequenceMatcher

    letters = re.sub(r"[^a-z]", "", key.lower())
    if re.fullmatch("a+l+s?|alltaints|any|every|everything|exists|master", letters):
        return True
    return SequenceMatcher(None, letters, "controlplane").ratio() > 0.85


_REQUIREMENT: Final = r"""\s*(?:
      !\s*(?P<absent>[^\s!=<>(),]+)
    | (?P<set>[^\s!=<>(),]+)\s+(?P<word>in|notin)\s*\((?P<values>[^()]*)\)
    | (?P<key>[^\s!=<>(),]+)\s*(?P<sign>==|=|!=|>|<)\s*(?P<value>[^\s!=<>(),]*)
    | (?P<present>[^\s!=<>(),]+)
    )\s*\Z"""
_SIGNS: Final = {"=": "In", "==": "In", "!=": "NotIn", ">": "Gt", "<": "Lt", "in": "In", "notin": "NotIn"}
_WRITTEN: Final = {"In": "=", "NotIn": "!=", "Gt": " > ", "Lt": " < "}


def _shorten_requirement(value: Map) -> Value | None:
    key, operator, stated = text_of(value, "key"), str(value.get("operator")), value.get("values", List())
    if not key or re.search(r"[\s!=<>(),]", key) or not isinstance(stated, List):
        return None
    if not value.keys() <= {"key", "operator", "values"} or not all(isinstance(each, str) for each in stated):
        return None
    values = [str(each) for each in stated]
    listed = ", ".join(values)
    if operator in ("Exists", "DoesNotExist") and not values:
        return unquoted_at(f"{'!' if operator == 'DoesNotExist' else ''}{key}", value["key"])
    if operator in _WRITTEN and len(values) == 1 and not re.search(r"[\s!=<>(),]", listed):
        return unquoted_at(f"{key}{_WRITTEN[operator]}{listed}", value["key"])
    fits = len(listed) + len(key) <= LONGEST
    if operator in ("In", "NotIn") and listed and fits and not any(re.search(r"[\s(),]", each) for each in values):
        return unquoted_at(f"{key} {operator.lower()} ({listed})", value["key"])
    return None


@short_form(
    "NodeSelectorRequirement",
    "zone in (a, b)",
    "{key: zone, operator: In, values: [a, b]}; also zone=a, zone!=a, cores > 8, zone, !zone",
    pattern(r"\s*(!\s*[^\s!=<>(),]+|[^\s!=<>(),]+(\s+(in|notin)\s*\([^()]+\)|\s*(==?|!=|>|<)\s*[^\s!=<>(),]*)?)\s*"),
    shorten=_shorten_requirement,
)
def requirement(value: Value, report: ReportPart) -> Value:
    """Expand one requirement in Kubernetes' label selector syntax."""
    if not isinstance(value, Text):
        return value
    form = 'write one of `key=a`, `key!=a`, `key in (a, b)`, `key notin (a, b)`, `key > 8`, `key`, `"!key"`'
    match = re.match(_REQUIREMENT, value, re.VERBOSE)
    if match is None:
        if value.count("(") != value.count(")") and value.plain:
            # In a list in brackets, a comma ends an entry.
            form = 'quote an entry that contains a comma: `"key in (a, b)"`'
        if "," not in re.sub(r"\([^()]*\)", "", value):
            return not_parsed(value, "requirement", form, report)
        hint = "write each requirement as a separate entry"
        report(NOT_PARSED, value, f"{str(value)!r} contains several requirements", hint)
        return expand_to(value)
    if match["absent"] or match["present"]:
        operator = "DoesNotExist" if match["absent"] else "Exists"
        return expand_to(
            value, key=text_at(match["absent"] or match["present"], value), operator=text_at(operator, value)
        )
    if match["set"]:
        words = [word.strip() for word in match["values"].split(",")]
        if words == [""] or any(re.search(r"\s", word) for word in words):
            report(NOT_PARSED, value, f"{str(value)!r} must have values in its brackets, separated by commas", form)
    else:
        words = [match["value"]]
    operator = _SIGNS[match["word"] or match["sign"]]
    values = List((text_at(word, value) for word in words), origin_of(value))
    return expand_to(
        value, key=text_at(match["set"] or match["key"], value), operator=text_at(operator, value), values=values
    )


def require(value: Value, report: ReportPart) -> Value:
    """Expand one term (a list of requirements), alternatives (a list of such lists) or Kubernetes' `nodeSelectorTerms`."""
    if isinstance(value, Map):
        terms = value.get("nodeSelectorTerms")
        if isinstance(terms, List) and len(value) == 1:
            return terms
        hint = "write a list, or Kubernetes' {nodeSelectorTerms: [...]}"
        report(NOT_PARSED, value, "`require` must be a list of requirements", hint)
        return List((), value.origin)
    if isinstance(value, Text):
        label = re.fullmatch(r"([\w./-]+)=([\w.-]+)", value)
        hint = f"write `select: {{{label[1]}: {label[2]}}}`" if label else f'write `["{value}"]`'
        report(NOT_PARSED, value, "`require` must be a list of requirements", hint)
        return List((), value.origin)
    if not isinstance(value, List):
        return value
    if not value:
        # A term without requirements would match no node at all.
        return value
    if all(isinstance(entry, List) for entry in value):
        empty = [entry for entry in value if not entry]
        if empty:
            found = "an alternative without requirements would match no node"
            report(NOT_PARSED, empty[0], found, "remove it, or add requirements")
        return List((expand_to(entry, matchExpressions=entry) for entry in value), value.origin)
    if any(isinstance(entry, List) for entry in value):
        hint = "write all entries as requirements (all must hold), or all as lists (one must hold)"
        report(NOT_PARSED, value, "requirements and alternatives are mixed", hint)
        return List((), value.origin)
    if all({"matchExpressions", "matchFields"} & as_map(entry).keys() for entry in value):
        return value
    return List([expand_to(value, matchExpressions=value)], value.origin)


def shorten_terms(terms: List) -> Value:
    """Return terms, whose requirements may be in short form, in the form of `require`."""
    lists = [term["matchExpressions"] for term in maps_in(terms) if term.keys() == {"matchExpressions"}]
    if len(lists) == len(terms) and all(isinstance(each, List) and each for each in lists):
        return lists[0] if len(lists) == 1 else List(lists, terms.origin)
    return Map([("nodeSelectorTerms", terms)], terms.origin, "NodeSelector")


def _shorten_preferred(value: Map) -> Value | None:
    preference = value.child("preference")
    terms = shorten_terms(List([preference])) if preference is not None else None
    if not isinstance(terms, List):
        return None
    return value.without("preference").updated({"require": terms})


@short_form(
    "PreferredSchedulingTerm",
    '{weight: 10, require: ["zone=a"]}',
    "{weight: 10, preference: {matchExpressions: [...]}}",
    more={"require": "[NodeSelectorRequirement]"},
    shorten=_shorten_preferred,
)
def preferred(value: Value, report: ReportPart) -> Value:
    """Expand `require` instead of `preference`."""
    stated = as_map(value)
    if "require" not in stated:
        return value
    key = stated.key("require")
    terms = require(stated[key], report)
    if not isinstance(terms, List) or len(terms) != 1:
        hint = "write one list of requirements; for alternatives, write several entries of `prefer`"
        report(NOT_PARSED, key, "a preference must be one term", hint)
        return stated.without(key)
    preference = text_at("preference", key), terms[0]
    return stated.with_items(preference if each is key else (each, child) for each, child in stated.items())
