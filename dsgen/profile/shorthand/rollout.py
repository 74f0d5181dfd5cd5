"""The update strategy, without the nesting."""

from __future__ import annotations

from dsgen.profile.shape_problems import NOT_PARSED, ReportPart
from dsgen.profile.shorthand.form import expand_to, short_form, text_at, unquoted_at
from dsgen.tree import Map, Text, Value, is_integer


def _shorten(value: Map) -> Value | None:
    kind, rolling = value.get("type", "RollingUpdate"), value.get("rollingUpdate")
    if value.keys() == {"type"} and isinstance(kind, str):
        return kind
    if not isinstance(rolling, Map) or kind != "RollingUpdate" or not value.keys() <= {"type", "rollingUpdate"}:
        return None
    if not rolling or not rolling.keys() <= {"maxUnavailable", "maxSurge"}:
        return None
    settings = Map(rolling, rolling.origin)
    if _is_zero(rolling.get("maxSurge", 0)):
        return settings
    # If pods may surge, none need be unavailable: the short form sets that itself.
    unavailable = settings.pop("maxUnavailable", None)
    if unavailable is None:
        return None
    return settings if is_integer(unavailable) and not unavailable else Map(rolling, rolling.origin)


@short_form(
    "DaemonSetUpdateStrategy",
    "{maxUnavailable: 10%}",
    "{type: RollingUpdate, rollingUpdate: {maxUnavailable: 10%}}; a word is the `type`",
    {"enum": ["RollingUpdate", "OnDelete"]},
    more=dict.fromkeys(("maxUnavailable", "maxSurge"), "IntOrString"),
    shorten=_shorten,
)
def update_strategy(value: Value, report: ReportPart) -> Value:
    """Expand a type, or the settings of a rolling update without their nesting."""
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
            f"`{settings[0]}` and `rollingUpdate` cannot be combined",
            "move it into `rollingUpdate`, or remove `rollingUpdate`",
        )
    result = Map((), value.origin)
    result["type"] = value.get("type", text_at("RollingUpdate", value))
    rolling = Map([(key, value[key]) for key in settings], value.origin)
    result["rollingUpdate"] = _surge(rolling)
    result.update((key, child) for key, child in value.items() if key not in (*settings, "type"))
    return result


def _surge(rolling: Map) -> Map:
    surge = rolling.get("maxSurge")
    if surge is None or "maxUnavailable" in rolling or _is_zero(surge):
        return rolling
    return Map([*rolling.items(), ("maxUnavailable", unquoted_at("0", surge))], rolling.origin)


def _is_zero(surge: Value) -> bool:
    return surge in ("0", "0%", 0)
