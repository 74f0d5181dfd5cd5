"""The compiled schema: one function that converts a layer to its long form, and reports every problem of its shape."""

from __future__ import annotations

from typing import Final, NoReturn

from dsgen.problem import Code, ProblemError
from dsgen.profile.key import Rules
from dsgen.profile.schema import PROFILE
from dsgen.profile.shape_problems import INVALID_TYPE, Convert, Finding, Place, ReportPart
from dsgen.profile.tables import readable
from dsgen.profile.typed import converter, key_at, map_of, named
from dsgen.source import describe
from dsgen.tree import Map, Null, Text, Value, as_map, new_map, origin_of


class Rejected(ProblemError):
    """The layer does not match the schema."""


def reject(kind: Code, part: object, message: str, hint: str) -> NoReturn:
    """Raise Rejected for the first problem."""
    raise Rejected([kind.at(origin_of(part), message, hint=hint)])


def long_form(layer: Value, rules: Rules = PROFILE) -> Map:
    """Return the layer with every short form expanded, and named lists as maps by name.

    `rules` are those of a profile, or of an environment. Raises Rejected, with every problem, if the layer does not match them;
    null is allowed, and nothing is required yet.
    """
    found: list[Finding] = []
    result = _compiled(rules["meta"]["type"], rules)(layer, lambda *finding: found.append(finding))
    if found:
        from dsgen.profile import shape_errors

        raise Rejected(shape_errors.problems(layer, rules, found))
    assert isinstance(result, Map)
    return result


_COMPILED: Final[dict[str, Convert]] = {}


def _compiled(type: str, rules: Rules) -> Convert:
    if type not in _COMPILED:
        _COMPILED[type] = compile_rules(rules, Place(readable(type)))
    return _COMPILED[type]


def compile_rules(rules: Rules, place: Place) -> Convert:
    """Return the conversion for the rules of the key at `place`."""
    if "form" in rules:
        form: Convert = rules["form"]
        return form
    if "kubernetes" in rules:
        return converter(rules["kubernetes"])
    if "named" in rules:
        entry, type, hint = rules["named"], rules["meta"]["type"], _as_map(rules)
        inside = "a variant" if place.inside == "`variants`" else readable(entry["meta"]["type"])
        place = place._replace(inside=inside)
        if type.startswith("{"):
            return map_of(type, compile_rules(entry, place), hint)
        with_name = {**entry, "schema": {"name": {"meta": {}, "kubernetes": "str"}, **entry["schema"]}}
        renamed = "name" in entry["schema"]
        return named(compile_rules(with_name, place), type, "name", _has_name, hint, renamed)
    return _schema(rules, place)


def _schema(rules: Rules, place: Place) -> Convert:
    type = rules["meta"]["type"]
    schema = rules["schema"]
    expand = rules.get("text")
    # A run uses few of the many keys: each is compiled on first use.
    keys: dict[str, tuple[str, str, Convert]] = {}

    def compiled(key: str) -> tuple[str, str, Convert] | None:
        stated = schema.get(key)
        if stated is None:
            return None
        inside = "a profile" if stated["meta"].get("type") == "profile" else f"`{key}`"
        inner = compile_rules(stated, Place(inside, place.top or key))
        keys[key] = entry = (stated["meta"].get("means", ""), stated.get("excludes", ""), inner)
        return entry

    def convert(value: Value, report: ReportPart) -> Value:
        if expand is not None and isinstance(value, Text):
            value = expand(value, report)
        if not isinstance(value, Map):
            wanted = "a name or a map" if expand is not None else "a map"
            report(INVALID_TYPE, value, f"expected {wanted}, got {describe(value)}", _as_map(rules))
            return value
        result = new_map(type, value.place)
        wrong = False
        for key, child in value.items():
            entry = keys.get(key) or compiled(key)
            if entry is None:
                wrong = True
                continue
            means, excludes, inner = entry
            if excludes and excludes in value:
                wrong = True
            result[key_at(means, key) if means else key] = child if isinstance(child, Null) else inner(child, report)
        if wrong:
            # Cerberus takes longer to import than everything else together, and most maps are right.
            from dsgen.profile.shape_errors import report_keys

            report_keys(value, schema, place, report)
        return result

    return convert


def _as_map(rules: Rules) -> str:
    return f"write a map, such as `{rules['meta'].get('example')}`"


def _has_name(entry: Value) -> bool:
    return isinstance(entry, Null) or isinstance(as_map(entry).get("name"), Text)
