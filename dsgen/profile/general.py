"""What a profile extends, its templates, and the ways out of the language."""

from __future__ import annotations

from typing import Final

from dsgen.profile.coercion import free
from dsgen.profile.json_schema import notation
from dsgen.profile.key import Schema, key, with_appending
from dsgen.profile.nodes import ONE_OR_MORE, one_or_more
from dsgen.profile.problems import INVALID_TYPE, Report
from dsgen.profile.typed import converter, map_of
from dsgen.source import describe
from dsgen.tree import Text, Value, as_map


def manifest(value: Value, report: Report) -> Value:
    """Take any part of a DaemonSet in Kubernetes' own form. Another kind would be no DaemonSet, and leave unchecked."""
    for field, right in (("apiVersion", "apps/v1"), ("kind", "DaemonSet")):
        stated = as_map(value).get(field)
        if isinstance(stated, Text) and stated != right:
            report(INVALID_TYPE, stated, f"{describe(stated)} where only `{right}` can stand", f"remove `{field}`")
    return converter("DaemonSet", own=True)(value, report)


KEYS: Final[Schema] = {
    "extends": key(
        """The profiles beneath this one, the first lowest: the name of a shipped one, or (with a `/`, or ending in `.yaml`) a path
        relative to this file.""",
        "extends: node-exporter",
        form=one_or_more,
        json=ONE_OR_MORE,
    ),
    **with_appending(
        {
            "templates": key(
                "Further templates of the project to render for this profile.",
                "templates: [dashboard.yaml.j2]",
                kubernetes="[str]",
            )
        }
    ),
    "values": key(
        "Free values for the project's own templates.",
        "values: {registry: registry.example.com}",
        form=map_of("{any}", free),
        type="{any}",
        json={"type": ["object", "null"]},
    ),
    "manifest": key(
        """The last resort: merged over the finished DaemonSet, in its own form; named lists by name, other lists replaced. A warning says
        that it is used.""",
        "manifest: {spec: {template: {spec: {hostUsers: false}}}}",
        "",
        form=manifest,
        json=notation("DaemonSet"),
        type="DaemonSet",
    ),
}
