"""The metadata of objects inside custom resources, and inside the defaults of their schemas."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.kinds import ANY_OTHER, Kind
from dsgen.kubernetes.validation.rule import FieldError, Rule
from dsgen.tree import Map, Path, Text


@lru_cache(maxsize=2)
def _kind(is_namespaced: bool) -> Kind:
    return Kind(ANY_OTHER, formats.path_segment, is_namespaced, custom=True)


def embedded_metadata(object: Map, path: Path, field: str, minor: str) -> Iterator[tuple[Rule, FieldError]]:
    """Yield what is wrong with the metadata of an object inside another. It needs no name."""
    from dsgen.kubernetes.validation.walk import run

    metadata = object.get("metadata")
    if type(metadata) is not Map:
        return
    name = metadata.get("name")
    if not isinstance(name, str) or not name:
        metadata = metadata.updated({"name": Text.at("a", None)})
    for rule, error in run(Map({"metadata": metadata}), minor, kind=_kind(bool(metadata.get("namespace")))):
        if rule.severity == "error":
            yield rule, error._replace(path=(*path, *error.path), field=f"{field}.{error.field}")
