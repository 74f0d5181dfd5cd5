"""The compiled schema: one function that converts a layer to its long form, or refuses it.

For a refused layer, Cerberus reports the problems, from the same schema (`dsgen.profile.shape_errors`). It is imported only
then, since most layers are valid and it takes longer than everything else together.
"""

from __future__ import annotations

from functools import cache
from typing import NoReturn

from dsgen.problem import Code
from dsgen.profile.coercion import is_switch
from dsgen.profile.key import Rules
from dsgen.profile.schema import PROFILE
from dsgen.profile.shape_problems import INVALID_TYPE, TWO_NAMES, UNKNOWN_KEY, Convert, ReportPart
from dsgen.profile.typed import converter, key_at, map_of, named
from dsgen.source import describe
from dsgen.tree import Map, Null, Text, Value, as_map


class Rejected(Exception):
    """The layer does not match the schema."""


def reject(kind: Code, part: object, message: str, hint: str) -> NoReturn:
    """Refuse the layer on its first problem."""
    raise Rejected(message)


def long_form(layer: Value) -> Map:
    """Return the layer with every short form expanded, and named lists as maps by name.

    Raises Rejected if the layer does not match the schema; null is allowed, and nothing is required yet.
    """
    result = _compiled()(layer, reject)
    assert isinstance(result, Map)
    return result


@cache
def _compiled() -> Convert:
    return compile_rules(PROFILE)


def compile_rules(rules: Rules) -> Convert:
    """Return the conversion for the rules of one key."""
    if "form" in rules:
        form: Convert = rules["form"]
        return form
    if "kubernetes" in rules:
        return converter(rules["kubernetes"])
    if "named" in rules:
        entry, type = rules["named"], rules["meta"]["type"]
        if type.startswith("{"):
            return map_of(type, compile_rules(entry))
        with_name = {**entry, "schema": {"name": {"meta": {}, "kubernetes": "str"}, **entry["schema"]}}
        return named(compile_rules(with_name), type, "name", _has_name)
    return _schema(rules)


def _schema(rules: Rules) -> Convert:
    type = rules["meta"]["type"]
    schema = rules["schema"]
    expand = rules.get("text")
    # A run uses few of the many keys: each is compiled on first use.
    keys: dict[str, tuple[str, str, Convert]] = {}

    def convert(value: Value, report: ReportPart) -> Value:
        if expand is not None and isinstance(value, Text) and not is_switch(value):
            value = expand(value)
        if not isinstance(value, Map):
            report(INVALID_TYPE, value, f"expected a map, got {describe(value)}", "")
            return value
        result = Map((), value.origin, type)
        for key, child in value.items():
            entry = keys.get(key)
            if entry is None:
                stated = schema.get(key)
                if stated is None:
                    report(UNKNOWN_KEY, key, f"unknown key `{key}`", "")
                    continue
                entry = (stated["meta"].get("means", ""), stated.get("excludes", ""), compile_rules(stated))
                keys[key] = entry
            means, excludes, inner = entry
            if excludes and excludes in value:
                report(TWO_NAMES, key, f"`{key}` and `{excludes}` in one layer", "")
            result[key_at(means, key) if means else key] = child if isinstance(child, Null) else inner(child, report)
        return result

    return convert


def _has_name(entry: Value) -> bool:
    return isinstance(as_map(entry).get("name"), Text)
