"""How a change reaches the nodes, without the nesting."""

from __future__ import annotations

from dsgen.profile.problems import NOT_PARSED, Report
from dsgen.profile.shorthand.form import expand_to, short_form, text_at, unquoted_at
from dsgen.tree import Map, Text, Value


@short_form(
    "DaemonSetUpdateStrategy",
    "{maxUnavailable: 10%}",
    "{type: RollingUpdate, rollingUpdate: {maxUnavailable: 10%}}; a word is the `type`",
    {"enum": ["RollingUpdate", "OnDelete"]},
    more=dict.fromkeys(("maxUnavailable", "maxSurge"), "IntOrString"),
)
def update_strategy(value: Value, report: Report) -> Value:
    """Take a type, or the settings of a rolling update without their nesting."""
    if isinstance(value, Text):
        return expand_to(value, type=value)
    if not isinstance(value, Map):
        return value
    settings = [key for key in value if key in ("maxUnavailable", "maxSurge")]
    if not settings:
        rolling = value.get("rollingUpdate")
        if isinstance(rolling, Map):
            value = Map(value, value.origin)
            value["rollingUpdate"] = _surge(rolling)
        return value
    if "rollingUpdate" in value:
        report(
            NOT_PARSED,
            settings[0],
            f"`{settings[0]}` beside `rollingUpdate`",
            "state it in `rollingUpdate`, or leave `rollingUpdate` out",
        )
    result = Map((), value.origin)
    result["type"] = value.get("type", text_at("RollingUpdate", value))
    rolling = Map([(key, value[key]) for key in settings], value.origin)
    result["rollingUpdate"] = _surge(rolling)
    result.update((key, child) for key, child in value.items() if key not in (*settings, "type"))
    return result


def _surge(rolling: Map) -> Map:
    surge = rolling.get("maxSurge")
    if surge is None or "maxUnavailable" in rolling or surge in ("0", "0%"):
        return rolling
    return Map([*rolling.items(), ("maxUnavailable", unquoted_at("0", surge))], rolling.origin)
