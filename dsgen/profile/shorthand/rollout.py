"""The update strategy, without the nesting."""

from __future__ import annotations

import re

from dsgen.profile.shape_problems import NOT_PARSED, ReportPart
from dsgen.profile.shorthand.form import expand_to, short_form, text_at, unquoted_at
from dsgen.tree import Map, Text, Value, as_map, is_integer


def _shorten(value: Map) -> Value | None:
    kind, rolling = value.get("type", "RollingUpdate"), value.child("rollingUpdate")
    if value.keys() == {"type"} and isinstance(kind, str):
        return kind
    if rolling is None or kind != "RollingUpdate" or not value.keys() <= {"type", "rollingUpdate"}:
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
    "{type: RollingUpdate, rollingUpdate: {maxUnavailable: 10%}}; a word is the `type`, and `10%` alone the `maxUnavailable`",
    {"anyOf": [{"enum": ["RollingUpdate", "OnDelete"]}, {"type": ["string", "integer"], "pattern": "^[0-9]+%?$"}]},
    more=dict.fromkeys(("maxUnavailable", "maxSurge"), "IntOrString"),
    shorten=_shorten,
)
def update_strategy(value: Value, report: ReportPart) -> Value:
    """Expand a type, or the settings of a rolling update without their nesting."""
    if isinstance(value, Text) and value.plain and re.fullmatch("[0-9]+%?", value):
        return expand_to(
            value, type=text_at("RollingUpdate", value), rollingUpdate=expand_to(value, maxUnavailable=value)
        )
    if isinstance(value, Text):
        return expand_to(value, type=value)
    stated = as_map(value)
    settings = [key for key in stated if key in ("maxUnavailable", "maxSurge")]
    if not settings:
        rolling = stated.child("rollingUpdate")
        return value if rolling is None else stated.replaced("rollingUpdate", _surge(rolling))
    if "rollingUpdate" in stated:
        found = f"`{settings[0]}` and `rollingUpdate` cannot be combined"
        report(NOT_PARSED, settings[0], found, "move it into `rollingUpdate`, or remove `rollingUpdate`")
    rolling = Map([(key, stated[key]) for key in settings], stated.origin)
    kind = stated.get("type", text_at("RollingUpdate", stated))
    return expand_to(stated, type=kind, rollingUpdate=_surge(rolling)).updated(stated.without("type", *settings))


def _surge(rolling: Map) -> Map:
    surge = rolling.get("maxSurge")
    if surge is None or "maxUnavailable" in rolling or _is_zero(surge):
        return rolling
    return Map([*rolling.items(), ("maxUnavailable", unquoted_at("0", surge))], rolling.origin)


def _is_zero(surge: Value) -> bool:
    return surge in ("0", "0%", 0)
