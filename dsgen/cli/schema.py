"""`dsgen schema`: the JSON Schema."""

from __future__ import annotations

import json

import click


@click.command()
def command() -> None:
    """Example: dsgen schema > profile.schema.json

    Prints the JSON Schema (draft-07) of profiles. yaml-language-server completes and validates with it:
    begin a profile with `# yaml-language-server: $schema=PATH`.
    """
    click.echo(schema_text(), nl=False)


def schema_text() -> str:
    """Return the JSON Schema of profiles as a file holds it."""
    from dsgen.profile.json_schema import json_schema
    from dsgen.profile.schema import PROFILE

    return json.dumps(json_schema(PROFILE), indent=2, ensure_ascii=False) + "\n"
