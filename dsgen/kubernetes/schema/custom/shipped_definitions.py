"""The CustomResourceDefinitions that come with dsgen: those of the kinds that it generates."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path as File

from dsgen.kubernetes.schema.custom.definition import Definition, from_spec


@cache
def shipped(kind: str) -> Definition:
    """Return the definition of one of the kinds in `dsgen.kubernetes.schema.fields.CUSTOM_RESOURCES`."""
    return from_spec(json.loads(File(__file__).with_name("shipped").joinpath(f"{kind}.json").read_bytes()))
