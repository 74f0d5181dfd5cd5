"""Fields of a DaemonSet that profiles do not have, because only another version of Kubernetes has them."""

from __future__ import annotations

from typing import Any

from dsgen.kubernetes.schema import fields
from dsgen.kubernetes.schema.paths import field_path
from dsgen.problem import Problem, code
from dsgen.tree import List, Map, Path, origin_of

UNSUPPORTED_FIELD = code(
    "unsupported-field",
    f"""Profiles have the fields of Kubernetes {fields.DEFAULT}. A field that only another version has is left out of the profile.""",
)


def in_profiles(tree: Map, minor: str) -> tuple[Map, list[Problem]]:
    """Return a DaemonSet without the fields that profiles do not have, and an error for each of these."""
    problems: list[Problem] = []
    if minor != fields.DEFAULT:
        tree = _known(tree, "DaemonSet", minor, (), problems)
    return tree, problems


def _known(value: Any, notation: str, minor: str, path: Path, problems: list[Problem]) -> Any:
    if notation.startswith("["):
        items = (_known(item, notation[1:-1], minor, (*path, at), problems) for at, item in enumerate(value))
        return List(items, value.origin)
    known = fields.load(minor).types.get(notation)
    if known is None:
        return value
    in_language = fields.load().types.get(notation, {})
    result: Map = value.with_items()
    for key, child in value.items():
        if key in in_language:
            result[key] = _known(child, known[key], minor, (*path, key), problems)
        else:
            field = field_path((*path, key))
            message = f"a field of Kubernetes {minor}, but not of {fields.DEFAULT}, whose fields profiles have"
            hint = "the profile omits it; if you need the field, apply the manifest instead"
            problems.append(UNSUPPORTED_FIELD.at(origin_of(key), message, hint=hint, field=field))
    return result
