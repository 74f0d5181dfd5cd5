"""The paths of fields that rules name (`fieldPath`): `.spec.size`, `.labels['a.b']`."""

from __future__ import annotations

import re
from typing import Final

from dsgen.kubernetes.schema.custom.schema import Schema
from dsgen.kubernetes.validation.companions.definition_paths import ESCAPES

_STEP: Final = re.compile(r"\.([^.\[\]]+)|\['((?:[^'\\]|\\.)+)'\]", re.DOTALL)


def steps_of(path: str, schema: Schema) -> list[tuple[str, bool]]:
    """Return the steps of a path, each with whether it is the key of a map; none if the path is not one of the schema."""
    steps: list[tuple[str, bool]] = []
    at = 0
    here: Schema | None = schema
    while at < len(path):
        found = _STEP.match(path, at)
        if not found or here is None:
            return []
        name = found[1] or re.sub(r"\\(.)", lambda escape: ESCAPES.get(escape[1], escape[0]), found[2])
        is_key = not here.properties
        here = here.additional if is_key else here.properties.get(name)
        if here is None:
            return []
        steps.append((name, is_key))
        at = found.end()
    return steps
