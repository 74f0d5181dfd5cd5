"""The ports of a service."""

from __future__ import annotations

from dsgen.profile.shape_problems import ReportPart
from dsgen.profile.shorthand.form import expand_to, short_form, text_at, unquoted_at
from dsgen.tree import Map, Text, Value


def _shorten(value: Map) -> Value | None:
    name = value.get("name")
    same = value.keys() == {"name", "targetPort"} and value["targetPort"] == name
    return unquoted_at(name, value["targetPort"]) if same and isinstance(name, str) else None


@short_form(
    "ServicePort",
    "metrics",
    "{name: metrics, port: <the container's>, targetPort: metrics}",
    {"type": "string"},
    shorten=_shorten,
)
def service_port(value: Value, report: ReportPart) -> Value:
    """Expand the name of a container's port; the number and the protocol are that port's."""
    return expand_to(value, name=value, targetPort=text_at(value, value)) if isinstance(value, Text) else value
