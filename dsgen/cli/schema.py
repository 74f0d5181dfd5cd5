"""`dsgen schema`: the JSON Schemas."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

import click

from dsgen import harmless

# The name of each schema in a project.
PROFILE: Final = "profile.schema.json"
FILES: Final = {PROFILE: "profile", "environment.schema.json": "environment", "dsgen.schema.json": "project"}
# What a file that dsgen wrote and nobody changed says of itself, before the hash of the rest.
_WRITTEN: Final = "Written by dsgen schema: "
# The hash of the schema that 0.1.0 wrote, which did not say its hash.
_EARLY: Final = ("326ee7d96aceaf41",)


@click.command()
@click.option("--environment", "what", flag_value="environment", help="Print the schema for environment files.")
@click.option("--project", "what", flag_value="project", help="Print the schema for dsgen.yaml.")
def command(what: str | None) -> None:
    """\b
    Example: dsgen schema > profile.schema.json

    Prints the JSON Schema (draft-07) for profiles. yaml-language-server uses it for completion and validation.
    To select it, begin a profile with this line:

    \b
      # yaml-language-server: $schema=profile.schema.json
    """
    click.echo(schema_text(what or "profile"), nl=False)


def schema_text(what: str = "profile") -> str:
    """Return the text of the JSON Schema for a profile, an environment or a project."""
    schema = _schema(what)
    about = f"{_WRITTEN}{_hash(schema)}"
    return harmless.as_json({"$schema": schema["$schema"], "$comment": about, **schema})


def _schema(what: str) -> Mapping[str, Any]:
    if what == "project":
        from dsgen.project.json_schema import project_schema

        return project_schema()
    from dsgen.profile.environment import ENVIRONMENT
    from dsgen.profile.json_schema import json_schema
    from dsgen.profile.schema import PROFILE as RULES

    return json_schema(ENVIRONMENT if what == "environment" else RULES)


def _hash(schema: Mapping[str, Any]) -> str:
    return sha256(json.dumps(schema, sort_keys=True).encode()).hexdigest()[:16]


def is_own(text: bytes) -> bool:
    """Return whether a file has a schema that dsgen wrote, in this or an earlier version, and that nobody changed."""
    try:
        schema = json.loads(text)
    except ValueError:
        return False
    if not isinstance(schema, dict):
        return False
    about = schema.pop("$comment", None)
    return _hash(schema) in _EARLY if about is None else about == f"{_WRITTEN}{_hash(schema)}"
