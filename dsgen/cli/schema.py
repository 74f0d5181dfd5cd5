"""`dsgen schema`: the JSON Schema."""

from __future__ import annotations

import click

from dsgen import harmless


@click.command()
@click.option("--environment", is_flag=True, help="Print the schema for environment files instead of profiles.")
def command(environment: bool) -> None:
    """Example: dsgen schema > profile.schema.json

    Prints the JSON Schema (draft-07) for profiles. yaml-language-server uses it for completion and validation:
    begin a profile with `# yaml-language-server: $schema=PATH`.
    """
    click.echo(schema_text(environment), nl=False)


def schema_text(environment: bool = False) -> str:
    """Return the text of the JSON Schema for profiles, or for environments."""
    from dsgen.profile.environment import ENVIRONMENT
    from dsgen.profile.json_schema import json_schema
    from dsgen.profile.schema import PROFILE

    return harmless.as_json(json_schema(ENVIRONMENT if environment else PROFILE))
