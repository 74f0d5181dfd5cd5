"""Parents, templates, and escape hatches."""

from __future__ import annotations

from typing import Final

from dsgen.profile.coercion import free
from dsgen.profile.json_schema import notation
from dsgen.profile.key import Schema, key, with_appending
from dsgen.profile.nodes import ONE_OR_MORE, one_or_more
from dsgen.profile.shape_problems import INVALID_TYPE, ReportPart
from dsgen.profile.typed import converter, map_of
from dsgen.source import describe
from dsgen.tree import Text, Value, as_map


def manifest(value: Value, report: ReportPart) -> Value:
    """Accept any part of a DaemonSet in Kubernetes' own form. Another kind is refused: it would not be validated."""
    for field, right in (("apiVersion", "apps/v1"), ("kind", "DaemonSet")):
        stated = as_map(value).get(field)
        if isinstance(stated, Text) and stated != right:
            report(INVALID_TYPE, stated, f"`{field}` must be `{right}`, got {describe(stated)}", f"remove `{field}`")
    return converter("DaemonSet", own=True)(value, report)


KEYS: Final[Schema] = {
    "extends": key(
        """Parents of this profile, lowest first: the name of a preset, or a path relative to this file (with a `/`, or ending in
        `.yaml`).""",
        "extends: node-exporter",
        form=one_or_more,
        json=ONE_OR_MORE,
    ),
    **with_appending(
        {
            "templates": key(
                "Additional templates of the project to render for this profile.",
                "templates: [dashboard.yaml.j2]",
                kubernetes="[str]",
            )
        }
    ),
    "values": key(
        "Values for the project's own templates.",
        "values: {registry: registry.example.com}",
        form=map_of("{any}", free),
        type="{any}",
        json={"type": ["object", "null"]},
    ),
    "manifest": key(
        """Escape hatch: part of a DaemonSet, merged over the rendered one. Named lists are merged by name, other lists are replaced. Its use
        is reported as a warning.""",
        "manifest: {spec: {template: {spec: {hostUsers: false}}}}",
        "",
        form=manifest,
        json=notation("DaemonSet"),
        type="DaemonSet",
    ),
}
