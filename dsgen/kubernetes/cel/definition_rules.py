"""The expressions of a CustomResourceDefinition: whether they compile, and what they cost at most."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dsgen.kubernetes.cel.of_schema import compiled_for
from dsgen.kubernetes.cel.outcomes import CompileError, Unevaluated
from dsgen.kubernetes.cel.schema_sizes import SchemaSizes, cardinality, most_of
from dsgen.kubernetes.schema.custom.schema import Schema
from dsgen.plain import plain_map
from dsgen.record import Record
from dsgen.tree import Map, Path

# Of one rule, and of all of a version (k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation).
_MOST: Final = 10_000_000
_MOST_OF_VERSION: Final = 100_000_000
_RESULTS: Final = {
    "rule": ("bool", "cel expression must evaluate to a bool"),
    "messageExpression": ("string", "messageExpression must evaluate to a string"),
}
_COSTLY: Final = (
    "it may cost more than the server allows; set `maxItems`, `maxProperties` and `maxLength` of what it reads"
)


class ExpressionFinding(Record):
    """What is wrong with the expression at a path, or why that is not known."""

    path: Path
    error: str = ""
    unknown: str = ""


class _Place(Record):
    """A part of a schema. `most` is how many values there can be, None if there is no limit.

    In a list that is not a map, rules cannot know the old value (`has_old`).
    """

    schema: Schema
    path: Path
    most: int | None = 1
    has_old: bool = True
    is_root: bool = False


def check(root: Map, minor: int) -> Iterator[ExpressionFinding]:
    """Yield what is found for the expressions of a definition, which is valid otherwise."""
    for index, version in enumerate(root.map("spec").maps("versions")):
        raw = plain_map(version.map("schema").map("openAPIV3Schema"))
        path: Path = ("spec", "versions", index, "schema", "openAPIV3Schema")
        spent = 0
        for place in _places(_Place(Schema(raw), path, is_root=True)):
            for number, rule in enumerate(place.schema.raw.get("x-kubernetes-validations") or ()):
                cost = 0
                for found in _rule(place, (*place.path, "x-kubernetes-validations", number), rule, minor):
                    if isinstance(found, ExpressionFinding):
                        yield found
                    else:
                        cost += found
                spent += cost
        if spent > _MOST_OF_VERSION:
            yield ExpressionFinding(path, unknown=f"all rules together: {_COSTLY}")


def _places(place: _Place) -> Iterator[_Place]:
    schema = place.schema
    if not schema.has_rules:
        return
    if schema.raw.get("x-kubernetes-validations"):
        yield place
    is_granular = place.has_old and schema.raw.get("x-kubernetes-map-type") != "atomic"
    for name, below in schema.properties.items():
        inner = place._replace(path=(*place.path, "properties", name), has_old=is_granular, is_root=below.is_embedded)
        yield from _places(inner._replace(schema=below))
    for key, part in (("items", schema.items), ("additionalProperties", schema.additional)):
        if part is not None:
            has_old = place.has_old and schema.list_type == "map" if key == "items" else is_granular
            count = cardinality(place.most, schema)
            yield from _places(_Place(part, (*place.path, key), count, has_old, part.is_embedded))


def _rule(place: _Place, path: Path, rule: dict[str, Any], minor: int) -> Iterator[ExpressionFinding | int]:
    """Yield what is wrong with a rule and its message, or else what they cost at most."""
    is_optional = bool(rule.get("optionalOldSelf"))
    for key, (result, message) in _RESULTS.items():
        source = rule.get(key)
        if not isinstance(source, str) or not source.strip():
            continue
        at = (*path, key)
        expression = compiled_for(place.schema, source, minor, is_root=place.is_root, is_optional=is_optional)
        if isinstance(expression, CompileError):
            yield ExpressionFinding(at, f"compilation failed: {expression.message}")
            return
        if isinstance(expression, Unevaluated):
            yield ExpressionFinding(at, unknown=expression.reason)
            return
        if expression.result != result:
            yield ExpressionFinding(at, message)
            return
        if key == "rule":
            yield from _uses_of_old(place, path, rule, "oldSelf" in expression.variables)
        count = most_of(place.schema) if place.most is None else place.most
        cost = expression.estimate(SchemaSizes(place.schema)) * (count if key == "rule" else 1)
        if expression.unevaluated:
            yield ExpressionFinding(at, unknown=expression.unevaluated.reason)
        if cost > _MOST:
            yield ExpressionFinding(at, unknown=_COSTLY)
        yield cost


def _uses_of_old(place: _Place, path: Path, rule: dict[str, Any], uses_old: bool) -> Iterator[ExpressionFinding]:
    if uses_old and not place.has_old:
        yield ExpressionFinding(
            (*path, "rule"),
            "oldSelf cannot be used in a list or map whose items have no keys by which the old one is found",
        )
    if not uses_old and rule.get("optionalOldSelf") is not None:
        yield ExpressionFinding((*path, "optionalOldSelf"), "may not be set if oldSelf is not used in rule")
